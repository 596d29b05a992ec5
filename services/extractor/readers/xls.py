"""XLS workbooks (BIFF 2 to 8) through xlrd, as a reader sees them."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import xlrd  # type: ignore[import-untyped]
from xlrd import formatting
from xlrd.biffh import (  # type: ignore[import-untyped]
    XL_CELL_BOOLEAN,
    XL_CELL_DATE,
    XL_CELL_ERROR,
    XL_CELL_NUMBER,
    XL_CELL_TEXT,
)
from xlrd.compdoc import CompDoc, CompDocError  # type: ignore[import-untyped]

from services.extractor.ole import MAGIC
from services.extractor.readers.base import Reader, Reading
from services.extractor.sheets.biff import has_gaps
from services.extractor.sheets.number_format import BUILT_IN, GENERAL, show_number, show_text
from services.extractor.sheets.sheet import Sheet, SheetCell, Span, check_sheet, read_sheets
from services.extractor.unlock import unlocked_workbook
from services.extractor.zipsafe import damaged, encrypted
from shared.contracts.base import Text
from shared.contracts.document import Doubt, DoubtCode, MediaType, SourceFile
from shared.contracts.errors import Category, InvalidDocument

#: What xlrd raises, besides its own errors, on records that are cut off or contradict each other.
_BROKEN = (
    xlrd.XLRDError,
    CompDocError,
    struct.error,
    AssertionError,
    IndexError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    NotImplementedError,
    OverflowError,
)
_ENCRYPTED = "encrypted"
_GAPS = Doubt(
    code=DoubtCode.TRUNCATED,
    text=Text(
        zh="工作簿有一段内容已损坏（记录中断），读到的内容可能不全。",
        en="A part of the workbook is damaged (its records break off); some of its content may be missing.",
    ),
)


class XlsReader(Reader):
    """Every visible sheet: tables, and text where a sheet has no table."""

    name = "xls"
    version = "2"
    media_types = (MediaType.XLS,)

    def read(self, source: SourceFile) -> Reading:
        """Read `source`; raises `DAMAGED`, `ENCRYPTED`, `TOO_LARGE`."""
        content = source.content
        try:
            book = _open(content)
        except InvalidDocument as fault:
            if fault.category is not Category.ENCRYPTED:
                raise
            content = unlocked_workbook(_records(content))
            book = _open(content)
        reading = read_sheets(_sheet(book, sheet) for sheet in book.sheets())
        compound = source.content.startswith(MAGIC)
        gaps = compound and has_gaps(_records(content) if content.startswith(MAGIC) else content)
        return replace(reading, doubts=(*reading.doubts, _GAPS)) if gaps else reading


def _open(content: bytes) -> Any:
    try:
        return xlrd.open_workbook(
            file_contents=content, formatting_info=True, logfile=io.StringIO(), ragged_rows=True, on_demand=False
        )
    except _BROKEN as fault:
        if _ENCRYPTED in str(fault).lower():
            raise encrypted(str(fault)) from fault
        raise damaged(f"{type(fault).__name__}: {fault}") from fault


def _records(content: bytes) -> bytes:
    """The stream of the workbook's records; b"" if there is none."""
    try:
        streams = CompDoc(content, logfile=io.StringIO())
        places = (streams.locate_named_stream(name) for name in ("Workbook", "Book"))
        return next((bytes(memory[start : start + size]) for memory, start, size in places if memory), b"")
    except _BROKEN:
        return b""  # xlrd itself has just read it in a more lenient way


def _sheet(book: Any, source: Any) -> Sheet:
    sheet = Sheet(source.name, visible=source.visibility == 0)
    count = 0
    for row in range(source.nrows):
        cells = dict(_cells(book, source, row))
        count += len(cells)
        check_sheet(count)
        if cells:
            sheet.cells[row] = cells
    sheet.spans = [Span(top, left, bottom - 1, right - 1) for top, bottom, left, right in source.merged_cells]
    sheet.hidden_rows = {row for row, info in source.rowinfo_map.items() if info.hidden or info.height == 0}
    sheet.hidden_columns = {column for column, info in source.colinfo_map.items() if info.hidden or info.width == 0}
    return sheet


def _cells(book: Any, source: Any, row: int) -> Iterator[tuple[int, SheetCell]]:
    for column in range(source.row_len(row)):
        kind = source.cell_type(row, column)
        value = source.cell_value(row, column)
        if kind == XL_CELL_TEXT:
            text = show_text(value.replace("\r\n", "\n").replace("\r", "\n"), _code(book, source, row, column))
            cell = SheetCell(text.strip())
        elif kind in {XL_CELL_NUMBER, XL_CELL_DATE}:
            if value == 0 and not source.show_zero_values:
                continue
            code = _code(book, source, row, column)
            cell = SheetCell(show_number(value, code, date1904=bool(book.datemode)).strip())
        elif kind == XL_CELL_BOOLEAN:
            cell = SheetCell("TRUE" if value else "FALSE")
        elif kind == XL_CELL_ERROR:
            cell = SheetCell(xlrd.error_text_from_code.get(value, "#N/A"), DoubtCode.UNREAD_NUMBER)
        else:
            continue
        if cell.text or cell.doubt:
            yield column, cell


def _code(book: Any, source: Any, row: int, column: int) -> str:
    """The number format of a cell. Where the file names a format by number only, xlrd fills in that of the US."""
    index = source.cell_xf_index(row, column)
    if index is None or not 0 <= index < len(book.xf_list):
        return GENERAL
    key = book.xf_list[index].format_key
    found = book.format_map.get(key)
    code: str = found.format_str if found is not None else GENERAL
    if key in BUILT_IN and code == formatting.std_format_strings.get(key):
        return BUILT_IN[key]
    return code
