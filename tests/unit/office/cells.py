"""What the tests of readers compare: the cells of tables with their places and spans, the texts beside them."""

from __future__ import annotations

from services.extractor.extract import extract
from services.extractor.readers.base import Reading
from shared.contracts.document import Document, SourceFile, Table

Content = list[str | list[tuple[int, int, int, int, str]]]


def content_of(read: Document | Reading) -> Content:
    """The blocks in order: a text, or the cells of a table as (row, column, rowspan, colspan, text)."""
    return [
        [(cell.row, cell.column, cell.rowspan, cell.colspan, cell.text) for cell in block.cells]
        if isinstance(block, Table)
        else block.text
        for block in read.blocks
    ]


def read_file(content: bytes, name: str = "a") -> Document:
    """`extract` of these bytes."""
    return extract(SourceFile(name=name, content=content))


def rows(read: Document | Reading, table: int = 0) -> list[list[str]]:
    """The texts of a table by row, a spanned cell at each of its places."""
    tables = [block for block in read.blocks if isinstance(block, Table)]
    return [[cell.text if cell else "?" for cell in row] for row in tables[table].grid]
