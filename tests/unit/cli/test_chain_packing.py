"""Which files of a folder go up as one object, by their names alone."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from cli.intake import collect
from cli.remote import packing
from cli.remote.packing import Packet, packed
from cli.remote.sending import keys_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def keys(folder: Path, *names: str) -> list[str]:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
    return [key for _, key in keys_of(packed(collect([folder]), folder), folder, "t/b/")]


def test_whole_reports_go_up_as_they_are(folder: Path) -> None:
    names = ["民政局2024年决算.pdf", "财政局2024年决算.docx", "财政局2024年决算.pdf", "乙/水利局.xlsx"]
    assert sorted(keys(folder, *names)) == sorted(f"t/b/{name}" for name in names)


def test_a_narrative_and_its_sheets(folder: Path) -> None:
    found = keys(folder, "民政局2024年度决算公开.docx", "民政局2024年度决算公开表.xlsx", "财政局2024年度决算.pdf")
    assert found == ["t/b/民政局2024年度决算公开.docx+1.zip", "t/b/财政局2024年度决算.pdf"]


def test_a_file_per_table_with_its_folder_of_annexes(folder: Path) -> None:
    names = ["甲局/决算说明.docx", "甲局/附件/公开01表 收入支出决算总表.xls", "甲局/附件/公开02表 收入决算表.xls"]
    (packet,) = packed([folder / name for name in names if keys(folder, *names)], folder)
    assert isinstance(packet, Packet)
    with zipfile.ZipFile(io.BytesIO(packet.read_bytes())) as archive:
        assert {name: archive.read(name).decode() for name in archive.namelist()} == {
            name.removeprefix("甲局/"): name for name in names
        }
    assert keys(folder) == ["t/b/甲局/决算说明.docx+2.zip"]


def test_the_same_files_are_the_same_bytes(folder: Path) -> None:
    keys(folder, "公开01表.xls", "公开02表.xls")
    (before,) = packed(collect([folder]), folder)
    os.utime(folder / "公开01表.xls", (1, 1))
    (after,) = packed(collect([folder]), folder)
    assert before.read_bytes() == after.read_bytes()


def test_large_folders_are_not_packed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["公开01表.xls", "公开02表.xls"]
    monkeypatch.setattr(packing, "_MOST_BYTES", 10)
    assert keys(folder, *names) == [f"t/b/{name}" for name in names]


def test_a_folder_that_is_a_report_by_its_name_goes_up_as_one(folder: Path) -> None:
    found = keys(
        folder, "甲/林业局.report/a.pdf", "甲/林业局.report/附/b.pdf", "甲/林业局.report/_complete", "甲/c.pdf"
    )
    assert sorted(found) == ["t/b/甲/c.pdf", "t/b/甲/林业局.report.zip"]
    (packet,) = (one for one in packed(collect([folder]), folder) if isinstance(one, Packet))
    with zipfile.ZipFile(io.BytesIO(packet.read_bytes())) as archive:
        assert sorted(archive.namelist()) == ["林业局.report/a.pdf", "林业局.report/附/b.pdf"]
