"""Bulk calls give what the checked functions of pypdfium2 give one by one."""

from __future__ import annotations

import io
from collections.abc import Iterator
from ctypes import c_double, c_float
from typing import Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest
from pypdfium2 import raw
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from services.extractor.lattice import native

BOXES = 2_500  # more than are asked at once


@pytest.fixture(scope="module")
def page() -> Iterator[tuple[Any, Any]]:
    """A page with many rectangles and characters, as the handles of the page and of its text."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pageCompression=0)
    for number in range(BOXES):
        canvas.setFillGray(0.5 if number % 2 else 1.0)
        canvas.rect(10 + number % 50 * 10, 10 + number // 50 * 10, 1 + number % 7, 1 + number % 5, stroke=0, fill=1)
    for line in range(40):
        canvas.drawString(40, 780 - 12 * line, f"{line} Amounts in units of ten thousand yuan of the year {line}")
    canvas.showPage()
    canvas.save()
    document = pdfium.PdfDocument(buffer.getvalue())
    handle = raw.FPDF_LoadPage(document.raw, 0)
    text = raw.FPDFText_LoadPage(handle)
    yield handle, text
    raw.FPDFText_ClosePage(text)
    raw.FPDF_ClosePage(handle)
    document.close()


def test_objects(page: tuple[Any, Any]) -> None:
    handle, _ = page
    count = raw.FPDFPage_CountObjects(handle)
    every = [raw.FPDFPage_GetObject(handle, index) for index in range(count)]
    found = native.objects(native.address(handle), count, in_form=False)
    assert found == [native.address(one) for one in every]
    kinds = native.by_type(found)
    assert len(kinds[raw.FPDF_PAGEOBJ_PATH]) == BOXES
    checked = []
    for one in every:
        box = c_float(), c_float(), c_float(), c_float()
        raw.FPDFPageObj_GetBounds(one, *box)
        checked.append(tuple(side.value for side in box))
    assert native.bounds(found) == checked
    paths = kinds[raw.FPDF_PAGEOBJ_PATH]
    assert native.painted(paths, stroke=False) == [number % 2 == 1 for number in range(BOXES)]
    assert set(native.draw_modes(paths)) == {(True, False)}


def test_characters(page: tuple[Any, Any]) -> None:
    _, text = page
    count = raw.FPDFText_CountChars(text)
    assert count > BOXES // 2
    loose, ink = [], []
    for index in range(count):
        rect, sides = raw.FS_RECTF(), (c_double(), c_double(), c_double(), c_double())
        raw.FPDFText_GetLooseCharBox(text, index, rect)
        raw.FPDFText_GetCharBox(text, index, *sides)
        loose.append((rect.left, rect.top, rect.right, rect.bottom))
        ink.append(tuple(side.value for side in sides))
    handle = native.address(text)
    assert list(native.loose_boxes(handle, range(count))) == loose
    assert list(native.char_boxes(handle, range(count))) == ink
    some = list(range(0, count, 3))
    assert list(native.loose_boxes(handle, some)) == loose[::3]


def test_what_has_no_answer_is_zero(page: tuple[Any, Any]) -> None:
    _, text = page
    handle = native.address(text)
    beyond = raw.FPDFText_CountChars(text) + 7
    assert list(native.loose_boxes(handle, [0, beyond]))[1] == (0.0, 0.0, 0.0, 0.0)
    assert list(native.matrices(handle, [0, beyond]))[1] == (0.0,) * 6
    assert native.bounds([]) == []
