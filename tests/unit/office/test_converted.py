"""DOC, RTF and ODT: what LibreOffice and our reader make of them is what was in the file, cell by cell."""

from __future__ import annotations

import io
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import docx
import psutil
import pytest

from services.extractor.extract import extract
from services.extractor.office import convert as conversion
from services.extractor.office import profile
from services.extractor.office.convert import Conversion, convert
from services.extractor.office.profile import sweep, workplace
from services.extractor.office.program import find_soffice
from shared.contracts.document import MediaType, SourceFile
from shared.contracts.errors import Category, InvalidDocument, PoisonDocument
from tests.corpus.generate import Job
from tests.corpus.writers import BY_ID
from tests.unit.office.cells import content_of, read_file, rows

_TO = {
    MediaType.DOC: Conversion("docx", "MS Word 2007 XML", "doc", "MS Word 97"),
    MediaType.RTF: Conversion("docx", "MS Word 2007 XML", "rtf", "Rich Text Format"),
    MediaType.ODT: Conversion("docx", "MS Word 2007 XML", "odt", "writer8"),
}


def as_old(content: bytes, kind: MediaType) -> bytes:
    """A DOCX in an older or foreign format."""
    return convert(content, _TO[kind])


@pytest.mark.usefixtures("soffice")
@pytest.mark.parametrize(
    ("kind", "layout", "form"),
    [
        (MediaType.DOC, "central", "docx"),
        (MediaType.DOC, "hunan", "docx-inside"),
        (MediaType.RTF, "shanghai-yuan", "docx"),
        (MediaType.ODT, "central", "docx-inside"),
    ],
)
def test_every_cell_with_its_spans_comes_back(kind: MediaType, layout: str, form: str) -> None:
    job = Job(layout, 3, BY_ID[form])
    written = job.form.write(job.compose())
    expected = read_file(written)
    found = read_file(as_old(written, kind), "决算.doc")
    assert found.media_type is kind
    assert content_of(found) == content_of(expected)
    assert found.doubts == expected.doubts == ()


@pytest.mark.usefixtures("soffice")
def test_lists_keep_their_numbers_and_changes_are_settled() -> None:
    document = docx.Document()
    document.add_paragraph("收支情况", style="List Number")
    document.add_paragraph("支出情况", style="List Number")
    changed = document.add_paragraph("决算总额")
    for tag, text, word in (("ins", "t", "增加"), ("del", "delText", "减少")):
        change = changed._p.makeelement(f"{{{docx.oxml.ns.nsmap['w']}}}{tag}", {})
        run = change.makeelement(f"{{{docx.oxml.ns.nsmap['w']}}}r", {})
        part = run.makeelement(f"{{{docx.oxml.ns.nsmap['w']}}}{text}", {})
        part.text = word
        run.append(part)
        change.append(run)
        changed._p.append(change)
    buffer = io.BytesIO()
    document.save(buffer)
    expected = ["1.收支情况", "2.支出情况", "决算总额增加"]
    assert content_of(read_file(buffer.getvalue())) == expected
    assert content_of(read_file(as_old(buffer.getvalue(), MediaType.DOC))) == expected


@pytest.mark.usefixtures("soffice")
def test_a_table_in_a_cell_and_a_wide_table_come_back() -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=20)
    for column, cell in enumerate(table.rows[2].cells):
        cell.text = str(column)
    table.cell(0, 0).merge(table.cell(1, 4)).text = "项目"
    table.cell(0, 5).merge(table.cell(0, 19)).text = "金额"
    inner = table.cell(1, 7).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "内", "1.50"
    document.add_paragraph("注：以万元为单位")
    buffer = io.BytesIO()
    document.save(buffer)
    expected = read_file(buffer.getvalue())
    assert rows(expected)[2] == [str(column) for column in range(20)]
    assert content_of(read_file(as_old(buffer.getvalue(), MediaType.DOC))) == content_of(expected)


@pytest.mark.usefixtures("soffice")
def test_a_password_is_seen_before_anything_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    document = docx.Document()
    document.add_paragraph("决算")
    buffer = io.BytesIO()
    document.save(buffer)
    content = bytearray(as_old(buffer.getvalue(), MediaType.DOC))
    start = content.index(struct.pack("<H", 0xA5EC), 512)
    content[start + 11] |= 0x01  # fEncrypted
    monkeypatch.setenv("JUESUAN_SOFFICE", "/bin/false")
    with pytest.raises(InvalidDocument) as caught:
        read_file(bytes(content))
    assert caught.value.category is Category.ENCRYPTED


@pytest.mark.usefixtures("soffice")
def test_what_libreoffice_makes_nothing_of_is_damaged() -> None:
    with pytest.raises(InvalidDocument) as caught:
        convert(b"PK\x03\x04 no archive", Conversion("odt", "writer8", "docx", "MS Word 2007 XML"))
    assert caught.value.category is Category.DAMAGED
    assert "docx" in caught.value.text.zh


def test_without_libreoffice_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUESUAN_SOFFICE", "/nowhere/soffice")
    with pytest.raises(InvalidDocument) as caught:
        extract(SourceFile(name="a.rtf", content=b"{\\rtf1 a}"))
    assert caught.value.category is Category.MISSING_PROGRAM
    assert "libreoffice-writer" in caught.value.text.zh
    assert "JUESUAN_SOFFICE" in caught.value.text.en


def test_a_libreoffice_without_writer_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("soffice", "soffice.bin"):
        (tmp_path / name).write_text("#!/bin/sh\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("JUESUAN_SOFFICE", str(tmp_path / "soffice"))
    with pytest.raises(InvalidDocument) as caught:
        find_soffice()
    assert caught.value.category is Category.MISSING_PROGRAM
    assert "Writer" in caught.value.text.zh
    (tmp_path / "libswlo.so").touch()
    assert find_soffice() == tmp_path / "soffice.bin"


@pytest.mark.parametrize("script", ["#!/bin/sh\nexit 127\n", "no program at all"])
def test_a_program_that_does_not_start_is_not_the_files_fault(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "soffice"
    program.write_text(script, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("JUESUAN_SOFFICE", str(program))
    with pytest.raises(InvalidDocument) as caught:
        read_file(b"{\\rtf1 a}")
    assert caught.value.category is Category.MISSING_PROGRAM


def test_a_conversion_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = tmp_path / "pid"
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\necho $$ > {told}\nexec sleep 600\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("JUESUAN_SOFFICE", str(program))
    monkeypatch.setattr(conversion, "SECONDS", 1.0)
    with pytest.raises(PoisonDocument) as caught:
        read_file(b"{\\rtf1 a}")
    assert caught.value.category is Category.TIMEOUT
    assert not psutil.pid_exists(int(told.read_text()))


def test_a_program_that_dies_is_told_from_one_that_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nkill -SEGV $$\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("JUESUAN_SOFFICE", str(program))
    with pytest.raises(PoisonDocument) as caught:
        read_file(b"{\\rtf1 a}")
    assert caught.value.category is Category.CRASH


def test_nothing_of_the_worker_is_told_to_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    seen = tmp_path / "seen"
    program.write_text(f"#!/bin/sh\nenv > {seen}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("JUESUAN_SOFFICE", str(program))
    monkeypatch.setenv("JUESUAN_S3_SECRET", "a secret")
    with pytest.raises(InvalidDocument):
        read_file(b"{\\rtf1 a}")
    assert "HOME=" in seen.read_text()
    assert "a secret" not in seen.read_text()


def test_the_program_dies_with_its_worker_however_that_ends(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\necho $$ > {told}\nexec sleep 600\n", encoding="utf-8")
    program.chmod(0o755)
    code = "from services.extractor.office.convert import *; convert(b'x', Conversion('doc', None, 'docx', 'x'))"
    environment = {**os.environ, "JUESUAN_SOFFICE": str(program), "TMPDIR": str(tmp_path)}
    worker = subprocess.Popen([sys.executable, "-c", code], env=environment)
    try:
        _wait(lambda: told.exists() and told.read_text().strip())
        child = int(told.read_text())
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    if sys.platform == "linux":  # other systems cannot tie a child to its parent
        _wait(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE)
    _wait(lambda: not list(tmp_path.glob("juesuan-office-*")))


def test_folders_that_nobody_holds_are_removed_and_no_others(tmp_path: Path) -> None:
    place = workplace()
    left = tmp_path / "juesuan-office-x"
    left.mkdir()
    (left / "held").touch()
    assert sweep(tmp_path) == 1
    assert not left.exists()
    sweep(place.root.parent)
    assert place.profile.is_dir()


def test_sockets_that_nobody_listens_on_are_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"OSL_PIPE_{os.getuid()}_SingleOfficeIPC_{name}" for name in ("dead", "alive")]
    # The address of a socket must be short, shorter than the folders of pytest may be.
    with tempfile.TemporaryDirectory(dir="/tmp") as short, ExitStack() as stack:
        folder = Path(short)
        monkeypatch.setattr(profile, "_PIPES", folder)
        for name in names:
            listener = stack.enter_context(socket.socket(socket.AF_UNIX))
            listener.bind(str(folder / name))
        listener.listen()
        sweep(folder)
        assert [path.name for path in folder.iterdir()] == names[1:]


def _wait(done: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.02)
