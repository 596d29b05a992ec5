"""What a reader must find in the tables of a report, whatever the habit, and how much of it was found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.catalogue.text import squeeze
from shared.contracts.document import Table
from tests.corpus.grid import GridCell, Printed

#: row, column, rowspan, colspan, text without white space
TrueCell = tuple[int, int, int, int, str]


@dataclass(frozen=True)
class Exact:
    """How many cells and amounts a report prints, and how many of them were found in their row and column."""

    cells: int = 0
    right: int = 0
    numbers: int = 0
    right_numbers: int = 0

    def __add__(self, other: Exact) -> Exact:
        return Exact(
            self.cells + other.cells,
            self.right + other.right,
            self.numbers + other.numbers,
            self.right_numbers + other.right_numbers,
        )

    @property
    def share(self) -> float:
        """Share of the cells."""
        return self.right / self.cells if self.cells else 1.0

    @property
    def number_share(self) -> float:
        """Share of the amounts."""
        return self.right_numbers / self.numbers if self.numbers else 1.0


def true_cells(printed: Printed) -> list[list[TrueCell]]:
    """The cells of every table in reading order; a table that runs over pages is one.

    Rows in which no cell begins cannot be seen and do not count.
    """
    return [_seen(block.grid.cells()) for block in printed.tables()]


def _seen(cells: Iterable[GridCell]) -> list[TrueCell]:
    known = list(cells)
    rows = sorted({cell.row for cell in known})
    place = {row: index for index, row in enumerate(rows)}
    return [
        (
            place[c.row],
            c.column,
            sum(1 for row in rows if c.row <= row < c.row + c.rowspan),
            c.colspan,
            squeeze(c.text),
        )
        for c in known
    ]


def found_cells(table: Table) -> list[TrueCell]:
    """The same of an extracted table."""
    return [(c.row, c.column, c.rowspan, c.colspan, squeeze(c.text)) for c in table.cells]


def score(printed: Printed, found: Sequence[Iterable[TrueCell]], *, spans: bool = True) -> Exact:
    """Compare tables given as cells (text without white space) with the truth: row, column, text, and `spans`.

    Where no rule says so, nobody can tell a name that spans two columns from one beside a blank cell, nor a blank row.
    Each true table is held against the one of `found` that has most of its cells.
    """
    waiting = [{_kept(cell, spans=spans) for cell in cells} for cells in found]
    total = Exact()
    for block, cells in zip(printed.tables(), true_cells(printed), strict=True):
        printed_rows = {cell[0] for cell in cells if spans or cell[4]}
        truth = {_kept(cell, spans=spans) for cell in cells if cell[0] in printed_rows}
        best = max(waiting, key=lambda own: len(own & truth), default=set[TrueCell]())
        if best:
            waiting.remove(best)
        hit = truth & best
        printed_cells = zip(cells, block.grid.cells(), strict=True)
        spots = {cell[:2] for cell, c in printed_cells if c.kind == "amount" and cell[4]}
        numbers = {cell for cell in truth if cell[:2] in spots}
        total += Exact(len(truth), len(hit), len(numbers), len(numbers & hit))
    return total


def _kept(cell: TrueCell, *, spans: bool) -> TrueCell:
    return cell if spans else (*cell[:2], 1, 1, cell[4])


def score_tables(printed: Printed, tables: Iterable[Table], *, spans: bool = True) -> Exact:
    """`score` of extracted tables."""
    return score(printed, [found_cells(table) for table in tables], spans=spans)
