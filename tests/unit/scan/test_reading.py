"""Whole pages read from images: offline, however they lie, as pictures on pages of text, under hidden text."""

from __future__ import annotations

import io
import subprocess
import sys
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader as Picture  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from services.extractor.readers.image import ImageReader
from services.extractor.readers.pdf import PdfReader
from shared.contracts.document import DoubtCode, SourceFile, Table
from tests.corpus.scans.paper import SANS, Paper, face
from tests.corpus.writers import pdf

_ROOT = Path(__file__).resolve().parents[3]
_ROWS = (
    ("科目编码", "科目名称", "本年支出合计", "基本支出"),
    ("201", "一般公共服务支出", "1,118.31", "42.31"),
    ("2010601", "行政运行", "95.53", "19.53"),
    ("208", "社会保障和就业支出", "7.64", "0.00"),
    ("20805", "行政事业单位养老支出", "28.06", "——"),
    ("221", "住房保障支出", "-5.17", ""),
)
_XS = (60.0, 140.0, 300.0, 420.0, 520.0)
_TOP, _ROW = 640.0, 18.0


@cache
def _page() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """A page with one table of `_ROWS` and two lines above it, at 200 dpi."""
    face.cache_clear()
    paper = Paper(SANS, 200)
    paper.setPageSize(pdf.A4)
    paper.setFont("", 16)
    paper.drawCentredString(297, 720, "支出决算表")
    paper.setFont("", 10)
    paper.drawString(60, 690, "部门：石景山区发展促进局")
    for number, row in enumerate(_ROWS):
        y = _TOP - number * _ROW
        for column, text in enumerate(row):
            if column > 1 and number:
                paper.drawRightString(_XS[column + 1] - 4, y - 13, text)
            else:
                paper.drawString(_XS[column] + 4, y - 13, text)
    bottom = _TOP - len(_ROWS) * _ROW
    for number in range(len(_ROWS) + 1):
        paper.line(_XS[0], _TOP - number * _ROW, _XS[-1], _TOP - number * _ROW)
    for x in _XS:
        paper.line(x, bottom, x, _TOP)
    paper.showPage()
    return paper.pages[0]


def _png(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", dpi=(200, 200))
    return file.getvalue()


def _rows(table: Table) -> list[tuple[str, ...]]:
    return [tuple(cell.text if cell else "" for cell in row) for row in table.grid]


def _tables(blocks: tuple[object, ...]) -> list[Table]:
    return [block for block in blocks if isinstance(block, Table)]


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_page_reads_the_same_however_it_lies(quarters: int) -> None:
    content = _png(np.ascontiguousarray(np.rot90(_page(), quarters)))
    reading = ImageReader().read(SourceFile(name="a.png", content=content))
    (table,) = _tables(reading.blocks)
    assert _rows(table) == list(_ROWS)
    assert [block.text for block in reading.blocks if block.kind != "table"] == [
        "支出决算表",
        "部门：石景山区发展促进局",
    ]
    assert [(doubt.code, doubt.page) for doubt in reading.doubts] == [(DoubtCode.SCANNED_PAGE, 1)]
    assert all((cell.confidence is None) == (not cell.text) for cell in table.cells)
    width, height = (842, 595) if quarters % 2 else (595, 842)
    assert all(cell.box and cell.box.x1 <= width and cell.box.y1 <= height for cell in table.cells)
    if quarters == 0:
        box = table.cells[0].box
        assert box is not None
        assert (box.x0, box.y0) == (pytest.approx(60, abs=1), pytest.approx(842 - _TOP, abs=1))


def test_a_number_that_cannot_be_read_carries_a_doubt() -> None:
    page = _page().copy()
    scale = 200 / 72
    x, y = round((_XS[3] - 30) * scale), round((842 - _TOP + 1.2 * _ROW) * scale)
    cv2.line(page, (x, y), (x + 70, y + 14), 90, 7)
    reading = ImageReader().read(SourceFile(name="a.png", content=_png(page)))
    (table,) = _tables(reading.blocks)
    cell = table.grid[1][2]
    assert cell is not None
    assert cell.text != "1,118.31"
    assert cell.doubts == (DoubtCode.SCANNED_TEXT,)
    places = [
        (doubt.table, doubt.row, doubt.column) for doubt in reading.doubts if doubt.code is DoubtCode.SCANNED_TEXT
    ]
    assert (0, 1, 2) in places


def test_a_table_that_is_a_picture_on_a_page_of_text_is_read() -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=pdf.A4)
    for number in range(8):
        canvas.drawString(60, 780 - 20 * number, f"Line {number} of the text before the picture")
    part = _page()[540:920, 120:1500]
    canvas.drawImage(Picture(io.BytesIO(_png(part))), 60, 300, 480, 480 * part.shape[0] / part.shape[1])
    canvas.drawString(60, 120, "The text goes on")
    canvas.save()
    reading = PdfReader().read(SourceFile(name="a.pdf", content=file.getvalue()))
    (table,) = _tables(reading.blocks)
    assert [row[2] for row in _rows(table)] == [row[2] for row in _ROWS]
    assert [block.kind for block in reading.blocks][-2:] == ["table", "paragraph"]
    assert (DoubtCode.SCANNED_PAGE, 1) in [(doubt.code, doubt.page) for doubt in reading.doubts]


def test_a_photograph_on_a_page_of_text_gives_nothing() -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=pdf.A4)
    canvas.drawString(60, 780, "The text above a photograph, long enough to be a text")
    photo = cv2.resize(np.random.default_rng(1).integers(0, 255, (12, 16, 3), np.uint8), (800, 600))
    canvas.drawImage(Picture(io.BytesIO(_png(np.asarray(photo, np.uint8)))), 60, 300, 400, 300)
    canvas.save()
    reading = PdfReader().read(SourceFile(name="a.pdf", content=file.getvalue()))
    assert ([block.kind for block in reading.blocks], reading.doubts) == (["paragraph"], ())


def test_text_hidden_over_a_scan_by_another_program_is_not_believed() -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=pdf.A4)
    canvas.drawImage(Picture(io.BytesIO(_png(_page()))), 0, 0, *pdf.A4)
    text = canvas.beginText(60, 700)
    text.setTextRenderMode(3)
    for number in range(20):
        text.textLine(f"l,1l8.3I wrong words {number}")
    canvas.drawText(text)
    canvas.save()
    reading = PdfReader().read(SourceFile(name="a.pdf", content=file.getvalue()))
    (table,) = _tables(reading.blocks)
    assert _rows(table) == list(_ROWS)
    assert not any("wrong" in getattr(block, "text", "") for block in reading.blocks)


_SCRIPT = """
import socket, sys

def refuse(*args, **kwargs):
    raise AssertionError(f"network: {args}")

socket.socket.connect = refuse
socket.socket.connect_ex = refuse
socket.getaddrinfo = refuse
socket.create_connection = refuse

import numpy as np
from services.extractor.scan.engine import recogniser

print(len(recogniser().read([np.full((40, 200), 255, np.uint8)])))
assert "rapidocr" not in sys.modules
"""


def test_no_network_and_not_a_word_on_stderr() -> None:
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", _SCRIPT],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (run.stdout, run.stderr, run.returncode) == ("1\n", "", 0)
