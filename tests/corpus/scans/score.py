"""How well a scan was read: cells and numbers exactly, and whether every number that is wrong carries a doubt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Self

from shared.catalogue.amounts import read_amount
from shared.catalogue.text import squeeze
from shared.contracts.document import Document, DoubtCode, Table
from shared.contracts.report import AmountState, Report
from tests.corpus.grid import GridCell, Printed

#: what a number may be doubted for; that a page was read by OCR at all is no doubt of a number
_OF_NUMBERS = frozenset(DoubtCode) - {DoubtCode.SCANNED_PAGE, DoubtCode.UNKNOWN_UNIT}
Spot = tuple[int, int, int]


@dataclass(frozen=True)
class Wrong:
    """A number (or a blank amount cell) that was read as something else."""

    table: str
    row: int
    column: int
    printed: str
    read: str | None
    doubted: bool

    def __str__(self) -> str:
        mark = "doubted" if self.doubted else "SILENT"
        return f"{self.table} row {self.row} column {self.column}: {self.printed!r} read as {self.read!r}, {mark}"


@dataclass
class ScanScore:
    """Counts over the tables of one report or more. `needless` are right numbers that carry a doubt."""

    pages: int = 0
    seconds: float = 0.0
    cells: int = 0
    right: int = 0
    numbers: int = 0
    right_numbers: int = 0
    needless: int = 0
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Share of the cells whose text is exact, in the right row and column."""
        return self.right / max(self.cells, 1)

    @property
    def number_share(self) -> float:
        """The same of the printed amounts."""
        return self.right_numbers / max(self.numbers, 1)

    @property
    def silent(self) -> list[Wrong]:
        """The wrong numbers without a doubt."""
        return [one for one in self.wrong if not one.doubted]

    def __iadd__(self, other: ScanScore) -> Self:
        self.pages += other.pages
        self.seconds += other.seconds
        self.cells += other.cells
        self.right += other.right
        self.numbers += other.numbers
        self.right_numbers += other.right_numbers
        self.needless += other.needless
        self.wrong += other.wrong
        return self


def score_scan(printed: Printed, document: Document, report: Report | None = None) -> ScanScore:
    """Compare what was read with what was printed.

    With `report`, doubts are those that the arithmetic has left, and where every fact of a table is right, a cell in
    another row or column of the grid (a repeated header that was not seen as one) is inexact, but no wrong number.
    """
    score = ScanScore(pages=document.pages or 1)
    sure = _tables_with_right_facts(printed, report) if report else set()
    doubted = _doubted(document, report)
    waiting = list(document.tables)
    for block in printed.tables():
        cells = visible(block.grid.cells())
        table = max(waiting, key=lambda own: _agreeing(cells, own), default=None)
        if table is not None:
            waiting.remove(table)
        before = len(score.wrong)
        _score_table(score, block.id, cells, table, doubted)
        if block.id in sure:
            del score.wrong[before:]
    return score


def _tables_with_right_facts(printed: Printed, report: Report) -> set[str]:
    """The tables whose amounts all have the right code, measure and stage."""
    truth, found = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    for fact in printed.facts():
        truth[fact.table, fact.row_code, fact.measure, fact.phase, fact.raw] += 1
    for read in report.facts:
        found[read.table, read.row_code, read.measure.value, read.phase.value, read.raw] += 1
    wrong = {row[0] for row in ((truth - found) + (found - truth))}
    return {block.id for block in printed.tables()} - wrong


def visible(cells: list[GridCell]) -> list[GridCell]:
    """The cells in the rows that can be seen: where no cell begins, headers that span rows leave no rule."""
    rows = {row: number for number, row in enumerate(sorted({cell.row for cell in cells}))}
    return [replace(cell, row=rows[cell.row]) for cell in cells]


def _score_table(
    score: ScanScore, name: str, cells: Iterable[GridCell], table: Table | None, doubted: set[Spot]
) -> None:
    for cell in cells:
        text = squeeze(cell.text)
        read = None if table is None else _text_at(table, cell.row, cell.column)
        score.cells += 1
        score.right += read == text
        if cell.kind != "amount":
            continue
        spot = (-1 if table is None else table.index, cell.row, cell.column)
        if cell.fact is not None:
            score.numbers += 1
            score.right_numbers += read == text
        if (read or "") != text and not _both_dashes(text, read or ""):
            score.wrong.append(Wrong(name, cell.row, cell.column, text, read, spot in doubted))
        elif text and spot in doubted:
            score.needless += 1


def _both_dashes(one: str, other: str) -> bool:
    """Whether both are a dash, however long and of whatever strokes: no number, and none is lost."""
    return read_amount(one).state is read_amount(other).state is AmountState.DASH


def _agreeing(cells: Iterable[GridCell], table: Table) -> int:
    return sum(bool(cell.text) and _text_at(table, cell.row, cell.column) == squeeze(cell.text) for cell in cells)


def _text_at(table: Table, row: int, column: int) -> str | None:
    """The text of the cell that begins at this position; None if none does."""
    if row >= table.rows or column >= table.columns:
        return None
    cell = table.grid[row][column]
    return squeeze(cell.text) if cell is not None and (cell.row, cell.column) == (row, column) else None


def _doubted(document: Document, report: Report | None) -> set[Spot]:
    """The cells that carry a doubt at the end of the chain."""
    doubts = document.doubts if report is None else report.doubts
    placed = {(d.table, d.row, d.column) for d in doubts if d.code in _OF_NUMBERS}
    found = {(t, r, c) for t, r, c in placed if t is not None and r is not None and c is not None}
    found |= {
        (table.index, cell.row, cell.column)
        for table in document.tables
        for cell in table.cells
        if _OF_NUMBERS.intersection(cell.doubts)
    }
    for fact in report.facts if report else ():
        spot = (fact.place.source_table, fact.place.row, fact.place.column)
        found.discard(spot)
        if _OF_NUMBERS.intersection(fact.doubts):
            found.add(spot)
    return found
