from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from cli.outputs import to_csv, write_atomically, write_outputs
from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase
from shared.contracts.outcome import DocumentOutcome
from shared.runtime.local import Processed

ERROR = InvalidDocument(Category.DAMAGED, Phase.EXTRACT, Text(zh="文件已损坏", en="damaged"), "bad zip")


def test_a_failure_replaces_what_an_earlier_run_left(tmp_path: Path) -> None:
    folder = tmp_path / "a.pdf"
    folder.mkdir()
    (folder / "facts.csv").write_text("old", encoding="utf-8")
    (folder / "notes of the clerk.txt").write_text("mine", encoding="utf-8")
    write_outputs(folder, Processed(DocumentOutcome.FAILED, ERROR), "zh")
    assert sorted(path.name for path in folder.iterdir()) == ["error.json", "notes of the clerk.txt"]
    error = json.loads((folder / "error.json").read_text(encoding="utf-8"))
    assert error == {
        "category": "damaged",
        "phase": "extract",
        "message": {"zh": "文件已损坏", "en": "damaged"},
        "detail": "bad zip",
    }


def test_csv_survives_commas_quotes_and_line_breaks() -> None:
    row = {"a": 'say "三公", 1\n2', "b": ""}
    assert list(csv.DictReader(to_csv(("a", "b"), [row]).splitlines(keepends=True))) == [row]


def test_nothing_half_written_remains(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("whole", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "\ud800")
    assert path.read_text(encoding="utf-8") == "whole"
    assert list(tmp_path.iterdir()) == [path]
