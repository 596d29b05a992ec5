"""Documents for tests from drawings: cells parted by |, "<" is merged with its left, "^" with its upper neighbour."""

from __future__ import annotations

import hashlib

from services.normalizer.normalize import normalize
from shared.contracts.document import Cell, Document, Heading, MediaType, Paragraph, Reader, Table
from shared.contracts.report import Fact, Report

ENTITY = "云溪市望山区林业局"


def table(drawing: str, index: int = 0, name: str | None = None, page: int | None = None) -> Table:
    """A table from lines of cells parted by |; short rows are filled with blanks."""
    lines = [line.strip() for line in drawing.strip("\n").splitlines() if line.strip()]
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    width = max(len(row) for row in rows)
    rows = [row + [""] * (width - len(row)) for row in rows]
    cells = [
        _cell(rows, row, column, page)
        for row in range(len(rows))
        for column in range(width)
        if rows[row][column] not in {"<", "^"}
    ]
    return Table(index=index, rows=len(rows), columns=width, cells=tuple(cells), name=name, page=page)


def _cell(rows: list[list[str]], row: int, column: int, page: int | None) -> Cell:
    colspan = rowspan = 1
    while column + colspan < len(rows[row]) and rows[row][column + colspan] == "<":
        colspan += 1
    while row + rowspan < len(rows) and rows[row + rowspan][column] == "^":
        rowspan += 1
    text = rows[row][column].replace("\\n", "\n")
    return Cell(row=row, column=column, text=text, colspan=colspan, rowspan=rowspan, page=page)


def document(*blocks: str | Table, name: str = "账.txt") -> Document:
    """A document of headings (# text), paragraphs and tables (renumbered)."""
    made: list[Heading | Paragraph | Table] = []
    count = 0
    for block in blocks:
        if isinstance(block, Table):
            made.append(block.model_copy(update={"index": count}))
            count += 1
        elif block.startswith("# "):
            made.append(Heading(text=block[2:], level=1))
        else:
            made.append(Paragraph(text=block))
    return Document(
        document_id=hashlib.sha256(repr(made).encode()).hexdigest(),
        name=name,
        media_type=MediaType.TEXT,
        size=1,
        reader=Reader(name="drawing", version="1"),
        blocks=tuple(made),
    )


def account(*blocks: str | Table, entity: str = ENTITY, year: int = 2024) -> Report:
    """The report of a department account with a cover in front of `blocks`."""
    return normalize(document(f"# {entity}{year}年度部门决算", *blocks))


def facts(report: Report, table_id: str) -> list[tuple[str, str, str, str]]:
    """(code, name, column, amount) of the facts of a table in reading order."""
    return [
        (fact.row_code, fact.row_name, fact.column, format(fact.amount, "f"))
        for fact in report.facts
        if fact.table == table_id
    ]


def measured(report: Report, table_id: str) -> dict[tuple[str | None, str, str], str]:
    """Amounts of a table by (key, measure, phase)."""
    found: dict[tuple[str | None, str, str], str] = {}
    for fact in report.facts:
        if fact.table == table_id:
            found[fact.key, fact.measure.value, fact.phase.value] = format(fact.amount, "f")
    return found


def only(report: Report, table_id: str) -> list[Fact]:
    """The facts of one table."""
    return [fact for fact in report.facts if fact.table == table_id]
