from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from cli.intake import collect, folder_names
from cli.work import Carry, Job, work
from shared.contracts.errors import Category
from shared.contracts.outcome import DocumentOutcome


def put(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")


def test_folders_are_read_deeply_and_in_a_fixed_order(tmp_path: Path) -> None:
    wanted = [tmp_path / "b.txt", tmp_path / "甲" / "a.pdf", tmp_path / "甲" / "z" / "c.docx"]
    put(*wanted, tmp_path / ".hidden", tmp_path / ".git" / "x", tmp_path / "甲" / "~$a.docx", tmp_path / "Thumbs.db")
    assert collect([tmp_path]) == wanted


def test_a_file_is_taken_once_and_even_hidden_when_named(tmp_path: Path) -> None:
    put(tmp_path / "a.txt", tmp_path / ".b.txt")
    named = tmp_path / ".b.txt"
    assert collect([tmp_path / "a.txt", named, tmp_path, named]) == [tmp_path / "a.txt", named]


def test_a_folder_that_cannot_be_opened_fails_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "a.txt", tmp_path / "closed" / "b.txt")
    scandir = os.scandir

    def guarded(path: str) -> object:
        if Path(path).name == "closed":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    assert collect([tmp_path]) == [tmp_path / "a.txt", tmp_path / "closed"]
    record = work(Job(tmp_path / "closed", None, "en", Carry.NOTHING))
    assert record.outcome is DocumentOutcome.FAILED
    assert record.error is not None
    assert record.error.category is Category.NOT_READABLE


def test_the_output_folder_is_no_input(tmp_path: Path) -> None:
    put(tmp_path / "a.txt", tmp_path / "out" / "a.txt" / "facts.csv")
    assert collect([tmp_path], tmp_path / "out") == [tmp_path / "a.txt"]


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        collect([tmp_path / "nowhere"])


def test_equal_names_get_folders_of_their_own() -> None:
    files = [Path(name) for name in ("a/x.txt", "b/x.txt", "c/X.TXT", "d/x.txt~2", "e/y.txt")]
    assert folder_names(files) == ["x.txt", "x.txt~2", "X.TXT~3", "x.txt~2~2", "y.txt"]
