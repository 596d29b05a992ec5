"""Scans and screenshots in a Word document are read where they stand, and said to be what they are."""

from __future__ import annotations

import io

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Cm
from PIL import Image

from services.extractor import pasted
from services.extractor.extract import extract
from shared.contracts.document import Document, Doubt, DoubtCode, Paragraph, SourceFile, Table
from tests.unit.extractor.docx_pictures import ROWS, picture


def _document() -> docx.document.Document:
    document = docx.Document()
    document.add_paragraph("望山区林业局2023年度部门决算")
    return document


def _read(document: docx.document.Document) -> Document:
    buffer = io.BytesIO()
    document.save(buffer)
    return extract(SourceFile(name="决算.docx", content=buffer.getvalue()))


def _rows(table: Table) -> list[tuple[str, ...]]:
    return [tuple(cell.text if cell else "" for cell in row) for row in table.grid]


def _typed_table(document: docx.document.Document) -> None:
    table = document.add_table(2, 2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), ("项目", "金额", "合计", "8.00"), strict=True
    ):
        cell.text = text


def test_a_page_that_is_a_picture_is_read_in_its_place() -> None:
    document = _document()
    _typed_table(document)
    document.add_picture(io.BytesIO(picture()), width=Cm(16))
    document.add_paragraph("以上为公开内容")
    _typed_table(document)
    found = _read(document)
    assert [_rows(table)[-1][-1] for table in found.tables] == ["8.00", "", "8.00"]
    assert [table.page for table in found.tables] == [None, 1, None]
    assert _rows(found.tables[1]) == list(ROWS)
    assert all(cell.confidence for cell in found.tables[1].cells if cell.text)
    texts = [block.text for block in found.blocks if isinstance(block, Paragraph)]
    assert texts[0] == "望山区林业局2023年度部门决算"
    assert texts[-1] == "以上为公开内容"
    assert "支出决算表" in texts
    (doubt,) = (doubt for doubt in found.doubts if doubt.code is DoubtCode.SCANNED_PAGE)
    assert doubt.page == 1
    assert "图" in doubt.text.zh
    assert "picture 1" in doubt.text.en


def test_a_smaller_picture_is_read_if_it_shows_a_table() -> None:
    document = _document()
    document.add_picture(io.BytesIO(picture(high=6.0)), width=Cm(16))
    document.add_picture(io.BytesIO(picture(high=8.0, ruled=False)), width=Cm(16))
    found = _read(document)
    assert [_rows(table) for table in found.tables] == [list(ROWS)]
    assert [doubt.code for doubt in found.doubts] == [DoubtCode.SCANNED_PAGE]


def test_what_is_cut_off_is_not_there() -> None:
    document = _document()
    document.add_picture(io.BytesIO(picture()), width=Cm(16), height=Cm(23 * 0.872))
    fill = document.element.body.find(f".//{qn('pic:blipFill')}")
    cut = fill.makeelement(qn("a:srcRect"), {"t": "12800"})
    fill.insert(1, cut)
    found = _read(document)
    assert [_rows(table) for table in found.tables] == [list(ROWS[1:])]


def test_a_blank_page_says_nothing_and_an_unknown_picture_is_a_doubt() -> None:
    blank = io.BytesIO()
    Image.new("L", (1200, 1700), 255).save(blank, "PNG")
    document = _document()
    document.add_picture(blank, width=Cm(16))
    assert _read(document).doubts == ()
    document.add_picture(io.BytesIO(picture()), width=Cm(16))
    for part in document.part.package.iter_parts():
        if part.partname.endswith("image2.png"):
            part._blob = b"\x01\x00\x00\x00" + bytes(100)
    assert [doubt.code for doubt in _read(document).doubts] == [DoubtCode.SKIPPED_CONTENT]


def test_more_pictures_than_any_report_has_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pasted, "MAX_PICTURES", 1)
    document = _document()
    for _ in range(3):
        document.add_picture(io.BytesIO(picture()), width=Cm(16))
    found = _read(document)
    assert len(found.tables) == 1
    (left,) = _skipped(found)
    assert "2" in left.text.zh


def _skipped(document: Document) -> list[Doubt]:
    return [doubt for doubt in document.doubts if doubt.code is DoubtCode.SKIPPED_CONTENT]
