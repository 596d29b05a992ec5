"""The old binary workbook, a sheet for every table."""

from __future__ import annotations

import io

import xlwt  # type: ignore[import-untyped]

from tests.corpus.grid import Grid, Line, Printed, TableBlock, parse
from tests.corpus.writers.xlsx import number_format


def write(printed: Printed) -> bytes:
    """Merged cells, number formats; the cover on a first sheet."""
    book = xlwt.Workbook(encoding="utf-8")
    styles: dict[str, object] = {}
    cover = book.add_sheet("封面")
    lines = [block.text for block in printed.blocks if isinstance(block, Line)][:2]
    for row, text in enumerate(lines, start=2):
        cover.write(row, 1, text)
    for number, block in enumerate(printed.tables(), start=1):
        _sheet(book.add_sheet(f"{number:02d}{block.title}"[:25]), block, styles)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _sheet(sheet: object, block: TableBlock, styles: dict[str, object]) -> None:
    row = 0
    last = block.grid.width - 1
    for text in (block.title, *block.captions):
        sheet.write_merge(row, row, 0, last, text)  # type: ignore[attr-defined]
        row += 1
    _body(sheet, row, block.grid, styles)
    row += block.grid.height
    for note in block.notes:
        sheet.write_merge(row, row, 0, last, note)  # type: ignore[attr-defined]
        row += 1


def _body(sheet: object, top: int, grid: Grid, styles: dict[str, object]) -> None:
    for cell in grid.cells():
        number = parse(cell.text) if cell.kind == "amount" else None
        form = number_format(cell.text) if number is not None else "General"
        style = styles.setdefault(form, xlwt.easyxf("borders: left thin, right thin, top thin, bottom thin", form))
        value = float(number) if number is not None else cell.text
        if cell.rowspan > 1 or cell.colspan > 1:
            down, right = top + cell.row + cell.rowspan - 1, cell.column + cell.colspan - 1
            sheet.write_merge(top + cell.row, down, cell.column, right, value, style)  # type: ignore[attr-defined]
        else:
            sheet.write(top + cell.row, cell.column, value, style)  # type: ignore[attr-defined]
