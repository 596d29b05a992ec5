"""A Word document with merged cells."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import docx
from docx.document import Document as DocxDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from tests.corpus.grid import GridCell, Line, Printed, TableBlock
from tests.corpus.writers.zipped import repack

_MOMENT = datetime(2025, 8, 20, tzinfo=UTC).replace(tzinfo=None)


def write(printed: Printed) -> bytes:
    """Headings with Word's heading styles, paragraphs, tables with gridSpan and vMerge; titles above the tables."""
    return _save(printed, inside=False)


def write_inside(printed: Printed) -> bytes:
    """The same with title, captions and notes as merged rows inside the table, as WPS templates have them."""
    return _save(printed, inside=True)


def _save(printed: Printed, *, inside: bool) -> bytes:
    document = docx.Document()
    document.core_properties.created = document.core_properties.modified = _MOMENT
    for block in printed.blocks:
        if isinstance(block, Line):
            if block.level:
                document.add_heading(block.text, block.level)
            else:
                document.add_paragraph(block.text)
        else:
            _table(document, block, inside=inside)
    buffer = io.BytesIO()
    document.save(buffer)
    return repack(buffer.getvalue())


def _table(document: DocxDocument, block: TableBlock, *, inside: bool) -> None:
    grid = block.grid
    above = (block.title, *block.captions)
    if not inside:
        for text in above:
            document.add_paragraph(text)
    table = document.add_table(rows=0, cols=grid.width)
    table.style = "Table Grid"
    for text in above if inside else ():
        table._tbl.append(_full_row(text, grid.width))
    for row in range(grid.height):
        element = OxmlElement("w:tr")
        column = 0
        while column < grid.width:
            cell = grid.at(row, column)
            element.append(_cell(cell, row))
            column += cell.colspan if cell else 1
        table._tbl.append(element)
    for note in block.notes:
        if inside:
            table._tbl.append(_full_row(note, grid.width))
        else:
            document.add_paragraph(note)
    if inside:
        document.add_paragraph("")


def _full_row(text: str, width: int) -> BaseOxmlElement:
    element = OxmlElement("w:tr")
    element.append(_cell(GridCell(0, 0, text, "caption", colspan=width), 0))
    return element


def _cell(cell: GridCell | None, row: int) -> BaseOxmlElement:
    element = OxmlElement("w:tc")
    properties = OxmlElement("w:tcPr")
    if cell and cell.colspan > 1:
        span = OxmlElement("w:gridSpan")
        span.set(qn("w:val"), str(cell.colspan))
        properties.append(span)
    if cell and cell.rowspan > 1:
        merge = OxmlElement("w:vMerge")
        merge.set(qn("w:val"), "restart" if cell.row == row else "continue")
        properties.append(merge)
    element.append(properties)
    paragraph = OxmlElement("w:p")
    if cell and cell.row == row and cell.text:
        run, text = OxmlElement("w:r"), OxmlElement("w:t")
        text.set(qn("xml:space"), "preserve")
        text.text = cell.text
        run.append(text)
        paragraph.append(run)
    element.append(paragraph)
    return element
