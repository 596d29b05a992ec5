"""Workbooks as XML: the XML spreadsheet of 2003, and OpenDocument. A sheet for every table."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape, quoteattr

from tests.corpus.grid import GridCell, Line, Printed, TableBlock, parse
from tests.corpus.writers.xlsx import number_format
from tests.corpus.writers.zipped import repack

_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_FORMATS = ("0", "0.00", "#,##0", "#,##0.00")


def write_2003(printed: Printed) -> bytes:
    """What finance systems call .xls: GB2312, numbers with the format that prints them, the cover on a first sheet."""
    styles = "".join(
        f'<Style ss:ID="n{number}" ss:Parent="Default"><NumberFormat ss:Format="{code}"/></Style>'
        for number, code in enumerate(_FORMATS)
    )
    sheets = "".join(
        f"<Worksheet ss:Name={quoteattr(name)}><Table>{''.join(rows)}</Table></Worksheet>"
        for name, rows in _sheets(printed, _row_2003)
    )
    return (
        '<?xml version="1.0" encoding="GB2312"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Styles><Style ss:ID="Default"/>{styles}</Styles>{sheets}</Workbook>'
    ).encode("gb18030")


def write_ods(printed: Printed) -> bytes:
    """OpenDocument: values with their printed text, covered cells under merged ones."""
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>{''.join(rows)}"
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row></table:table>'
        for name, rows in _sheets(printed, _row_ods)
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<office:document-content xmlns:office="{_ODF}:office:1.0" xmlns:table="{_ODF}:table:1.0"'
        f' xmlns:text="{_ODF}:text:1.0"><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return repack(buffer.getvalue())


def _sheets(
    printed: Printed, as_row: Callable[[list[GridCell | None], int], str]
) -> Iterator[tuple[str, Iterator[str]]]:
    """Name and rows of each sheet. A row has a place for each column, the cell that begins there or None."""
    cover = [block.text for block in printed.blocks if isinstance(block, Line)][:2]
    yield "封面", (as_row([None, GridCell(row, 1, text, "text")], row) for row, text in enumerate(cover))
    for number, block in enumerate(printed.tables(), start=1):
        rows = _rows(block)
        yield f"{number:02d}{block.title}"[:25], (as_row(row, place) for place, row in enumerate(rows))


def _rows(block: TableBlock) -> list[list[GridCell | None]]:
    width = block.grid.width
    above = [GridCell(0, 0, text, "caption", colspan=width) for text in (block.title, *block.captions)]
    below = [GridCell(0, 0, text, "caption", colspan=width) for text in block.notes]
    body: list[list[GridCell | None]] = [[None] * width for _ in range(block.grid.height)]
    for cell in block.grid.cells():
        body[cell.row][cell.column] = cell
    blank: list[GridCell | None] = [None] * (width - 1)
    return [*([cell, *blank] for cell in above), *body, *([cell, *blank] for cell in below)]


def _row_2003(row: list[GridCell | None], _: int) -> str:
    cells = []
    for column, cell in enumerate(row, start=1):
        if cell is None or not (cell.text or cell.rowspan > 1 or cell.colspan > 1):
            continue
        merged = f' ss:MergeAcross="{cell.colspan - 1}"' if cell.colspan > 1 else ""
        merged += f' ss:MergeDown="{cell.rowspan - 1}"' if cell.rowspan > 1 else ""
        number = parse(cell.text) if cell.kind == "amount" else None
        style = "" if number is None else f' ss:StyleID="n{_FORMATS.index(number_format(cell.text))}"'
        kind, value = ("String", escape(cell.text)) if number is None else ("Number", str(float(number)))
        data = f'<Data ss:Type="{kind}">{value}</Data>' if cell.text else ""
        cells.append(f'<Cell ss:Index="{column}"{merged}{style}>{data}</Cell>')
    return f"<Row>{''.join(cells)}</Row>"


def _row_ods(row: list[GridCell | None], _: int) -> str:
    cells = []
    for cell in row:
        if cell is None:
            cells.append("<table:covered-table-cell/>")
            continue
        spans = f' table:number-columns-spanned="{cell.colspan}" table:number-rows-spanned="{cell.rowspan}"'
        number = parse(cell.text) if cell.kind == "amount" else None
        value = "" if number is None else f' office:value-type="float" office:value="{number}"'
        lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in cell.text.split("\n")) if cell.text else ""
        spans = spans if cell.colspan > 1 or cell.rowspan > 1 else ""
        cells.append(f"<table:table-cell{spans}{value}>{lines}</table:table-cell>")
    return f"<table:table-row>{''.join(cells)}</table:table-row>"
