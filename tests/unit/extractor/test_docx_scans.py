"""Scans and screenshots in a Word document are read where they stand, and said to be what they are."""

from __future__ import annotations

import io
from functools import cache

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Cm
from PIL import Image, ImageDraw

from services.extractor.extract import extract
from services.extractor.word import scans
from shared.contracts.document import Document, Doubt, DoubtCode, Paragraph, SourceFile, Table
from tests.corpus.scans.paper import SERIF, face

_DOTS = 200 / 2.54
_XS, _YS = (1.0, 7.0, 11.0, 15.0), (2.0, 3.0, 4.0, 5.0)
_ROWS = (
    ("科目名称", "本年支出合计", "基本支出"),
    ("一般公共服务支出", "1,118.31", "42.31"),
    ("住房保障支出", "95.53", ""),
)


@cache
def _picture(*, high: float = 23.0, ruled: bool = True) -> bytes:
    """A title, and a table of `_ROWS` if `ruled`: 16 cm x `high` cm at 200 dpi."""
    image = Image.new("L", (round(16 * _DOTS), round(high * _DOTS)), 255)
    pen = ImageDraw.Draw(image)
    if ruled:
        pen.text((5 * _DOTS, 1.3 * _DOTS), "支出决算表", 0, face(SERIF, 44), anchor="ls")
        for y in _YS:
            pen.line([(_XS[0] * _DOTS, y * _DOTS), (_XS[-1] * _DOTS, y * _DOTS)], 0, 2)
        for x in _XS:
            pen.line([(x * _DOTS, _YS[0] * _DOTS), (x * _DOTS, _YS[-1] * _DOTS)], 0, 2)
        for row, words in enumerate(_ROWS):
            for column, word in enumerate(words):
                place = ((_XS[column] + 0.2) * _DOTS, (_YS[row] + 0.7) * _DOTS)
                pen.text(place, word, 0, face(SERIF, 30), anchor="ls")
    else:
        pen.ellipse([(3 * _DOTS, 1 * _DOTS), (9 * _DOTS, 7 * _DOTS)], outline=0, width=8)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


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
    document.add_picture(io.BytesIO(_picture()), width=Cm(16))
    document.add_paragraph("以上为公开内容")
    _typed_table(document)
    found = _read(document)
    assert [_rows(table)[-1][-1] for table in found.tables] == ["8.00", "", "8.00"]
    assert [table.page for table in found.tables] == [None, 1, None]
    assert _rows(found.tables[1]) == list(_ROWS)
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
    document.add_picture(io.BytesIO(_picture(high=6.0)), width=Cm(16))
    document.add_picture(io.BytesIO(_picture(high=8.0, ruled=False)), width=Cm(16))
    found = _read(document)
    assert [_rows(table) for table in found.tables] == [list(_ROWS)]
    assert [doubt.code for doubt in found.doubts] == [DoubtCode.SCANNED_PAGE]


def test_what_is_cut_off_is_not_there() -> None:
    document = _document()
    document.add_picture(io.BytesIO(_picture()), width=Cm(16), height=Cm(23 * 0.872))
    fill = document.element.body.find(f".//{qn('pic:blipFill')}")
    cut = fill.makeelement(qn("a:srcRect"), {"t": "12800"})
    fill.insert(1, cut)
    found = _read(document)
    assert [_rows(table) for table in found.tables] == [list(_ROWS[1:])]


def test_a_blank_page_says_nothing_and_an_unknown_picture_is_a_doubt() -> None:
    blank = io.BytesIO()
    Image.new("L", (1200, 1700), 255).save(blank, "PNG")
    document = _document()
    document.add_picture(blank, width=Cm(16))
    assert _read(document).doubts == ()
    document.add_picture(io.BytesIO(_picture()), width=Cm(16))
    for part in document.part.package.iter_parts():
        if part.partname.endswith("image2.png"):
            part._blob = b"\x01\x00\x00\x00" + bytes(100)
    assert [doubt.code for doubt in _read(document).doubts] == [DoubtCode.SKIPPED_CONTENT]


def test_more_pictures_than_any_report_has_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "MAX_PICTURES", 1)
    document = _document()
    for _ in range(3):
        document.add_picture(io.BytesIO(_picture()), width=Cm(16))
    found = _read(document)
    assert len(found.tables) == 1
    (left,) = _skipped(found)
    assert "2" in left.text.zh


def _skipped(document: Document) -> list[Doubt]:
    return [doubt for doubt in document.doubts if doubt.code is DoubtCode.SKIPPED_CONTENT]
