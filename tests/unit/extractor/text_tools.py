"""How the tests of text and HTML readers look at a document."""

from __future__ import annotations

from services.extractor.extract import extract
from shared.contracts.document import Document, SourceFile, Table


def read(text: str, encoding: str = "utf-8", name: str = "report.txt") -> Document:
    return extract(SourceFile(name=name, content=text.encode(encoding)))


def rows(table: Table) -> list[list[str]]:
    """The grid as texts; a spanned cell stands at its first position, the others are "^"."""
    lines = [["?"] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            for column in range(cell.column, cell.column + cell.colspan):
                assert lines[row][column] == "?", "cells overlap"
                lines[row][column] = cell.text if (row, column) == (cell.row, cell.column) else "^"
    assert all("?" not in line for line in lines), "a position is not covered"
    return lines


def only_table(text: str, encoding: str = "utf-8") -> tuple[list[list[str]], Document]:
    document = read(text, encoding)
    assert len(document.tables) == 1
    return rows(document.tables[0]), document


def stacked(*lines: str) -> str:
    """Rows of cells (kept apart by `|`) printed one cell a line, a tab before each, rows kept apart by blank lines."""
    return "".join("".join(f"\t{cell}\n" for cell in line.split("|")) + "\n" for line in lines)
