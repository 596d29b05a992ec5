"""A workbook with a sheet for every table, numbers as numbers with the number format that prints them."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import Cell  # type: ignore[import-untyped]
from openpyxl.styles import Alignment, Border, Side  # type: ignore[import-untyped]
from openpyxl.worksheet.worksheet import Worksheet  # type: ignore[import-untyped]

from tests.corpus.grid import GridCell, Line, Printed, TableBlock, parse
from tests.corpus.writers.zipped import repack

_THIN = Border(*(Side(style="thin") for _ in range(4)))
_MOMENT = datetime(2025, 8, 20, tzinfo=UTC).replace(tzinfo=None)


def number_format(text: str) -> str:
    """The Excel number format that prints `text` from its value."""
    whole = "#,##0" if "," in text else "0"
    return f"{whole}.00" if "." in text else whole


def write(printed: Printed) -> bytes:
    """The cover on a first sheet, then the tables; merged cells as in the form. Running text is left out."""
    book = Workbook()
    book.properties.created = book.properties.modified = _MOMENT
    cover = book.active
    assert isinstance(cover, Worksheet)
    cover.title = "封面"
    lines = [block.text for block in printed.blocks if isinstance(block, Line)][:2]
    for row, text in enumerate(lines, start=3):
        cover.cell(row, 2, text)
    for number, block in enumerate(printed.tables(), start=1):
        _sheet(book.create_sheet(f"{number:02d}{block.title}"[:25]), block)
    buffer = io.BytesIO()
    book.save(buffer)
    return repack(buffer.getvalue())


def write_stacked(printed: Printed) -> bytes:
    """All tables below each other on one sheet, two empty rows between them."""
    book = Workbook()
    book.properties.created = book.properties.modified = _MOMENT
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "决算公开"
    row = 1
    for text in [block.text for block in printed.blocks if isinstance(block, Line)][:2]:
        sheet.cell(row, 1, text)
        row += 1
    for block in printed.tables():
        row = _sheet(sheet, block, row + 2)
    buffer = io.BytesIO()
    book.save(buffer)
    return repack(buffer.getvalue())


def _sheet(sheet: Worksheet, block: TableBlock, row: int = 1) -> int:
    """Write a table from `row` on; the row after it."""
    for text in (block.title, *block.captions):
        sheet.cell(row, 1, text)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=block.grid.width)
        row += 1
    for cell in block.grid.cells():
        _put(sheet, row + cell.row, cell)
    row += block.grid.height
    for note in block.notes:
        sheet.cell(row, 1, note)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=block.grid.width)
        row += 1
    return row


def _put(sheet: Worksheet, row: int, cell: GridCell) -> None:
    target = sheet.cell(row, cell.column + 1)
    assert isinstance(target, Cell)
    target.border = _THIN
    number = parse(cell.text) if cell.kind == "amount" else None
    if number is not None:
        target.value = float(number)
        target.number_format = number_format(cell.text)
        target.alignment = Alignment(horizontal="right")
    elif cell.text:
        target.value = cell.text
        target.alignment = Alignment(wrap_text=True)
    if cell.rowspan > 1 or cell.colspan > 1:
        sheet.merge_cells(
            start_row=row,
            start_column=cell.column + 1,
            end_row=row + cell.rowspan - 1,
            end_column=cell.column + cell.colspan,
        )
