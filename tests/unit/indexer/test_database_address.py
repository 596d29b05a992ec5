"""What may stand for a database, and what the user reads when it is none."""

from __future__ import annotations

import pickle
import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest

from services.indexer.database import open_database
from services.indexer.index import Indexer
from shared.adapters.database import UnusableDatabase, database_url, scaled
from shared.contracts.errors import Category, TransientFault


@pytest.mark.parametrize(
    ("target", "url"),
    [
        ("out/x.db", "sqlite:///out/x.db"),
        ("sqlite:///x.db", "sqlite:///x.db"),
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql://u:p%40@h:5433/d?host=/tmp", "postgresql+psycopg://u:***@h:5433/d?host=%2Ftmp"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
    ],
)
def test_addresses(target: str, url: str) -> None:
    assert database_url(target).render_as_string() == url


@pytest.mark.parametrize("path", ["决算 2024.db", "a?b=c.db", "100%.db"])
def test_any_file_name_is_an_address(path: str, tmp_path: Path) -> None:
    assert database_url(path).database == path
    with Indexer(tmp_path / path):
        assert (tmp_path / path).read_bytes().startswith(b"SQLite format 3")


@pytest.mark.parametrize("target", ["mysql://u:secret@h/d", "x://", "://", "http://example.org/x.db"])
def test_other_addresses_are_refused_without_telling_the_password(target: str) -> None:
    with pytest.raises(UnusableDatabase) as refused:
        open_database(target)
    assert "sqlite:///" in refused.value.text.en
    assert "数据库地址" in refused.value.text.zh
    assert "secret" not in refused.value.text.en


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.write_text("部门决算" * 1000, encoding="utf-8")
    with pytest.raises(UnusableDatabase) as refused:
        open_database(path)
    assert refused.value.text.en == "This file is no database."
    assert path.read_text(encoding="utf-8") == "部门决算" * 1000


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnusableDatabase) as refused:
        open_database(tmp_path / "missing" / "x.db")
    assert "cannot be opened" in refused.value.text.en


def test_a_server_that_does_not_answer_is_a_matter_of_time(tmp_path: Path) -> None:
    with pytest.raises(TransientFault) as fault:
        open_database(f"postgresql://nobody@/nothing?host={tmp_path}&connect_timeout=2")
    assert fault.value.category is Category.SERVER
    assert "稍后重试" in fault.value.text.zh


def test_the_errors_survive_the_trip_from_another_process(tmp_path: Path) -> None:
    with pytest.raises(UnusableDatabase) as refused:
        open_database(tmp_path / "missing" / "x.db")
    again = pickle.loads(pickle.dumps(refused.value))
    assert (again.text, again.detail) == (refused.value.text, refused.value.detail)


def test_a_file_that_another_program_reads_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with Indexer(path):
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM facts").fetchone() == (0,)
        with Indexer(path) as other:
            other.begin("0" * 64, "x.txt")
        assert reader.execute("SELECT count(*) FROM documents").fetchone() == (0,)
        reader.execute("COMMIT")
        assert reader.execute("SELECT count(*) FROM documents").fetchone() == (1,)
        reader.close()


@pytest.mark.parametrize(
    ("yuan", "whole"),
    [
        ("0", 0),
        ("16495600.00", 164_956_000_000),
        ("-0.0001", -1),
        ("0.00005", 0),
        ("0.00015", 2),
        ("922337203685477.5807", 2**63 - 1),
        ("922337203685477.5808", None),
        ("-1E+40", None),
    ],
)
def test_yuan_as_whole_numbers(yuan: str, whole: int | None) -> None:
    assert scaled(Decimal(yuan)) == whole
