"""How many cells of a report a reader got exactly right: row, column and text, and besides that the spans."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.catalogue.text import squeeze
from shared.contracts.document import Table
from tests.corpus.grid import GridCell, Printed, TableBlock

_NUMBER = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?%?")


@dataclass(frozen=True)
class Exact:
    """Cells of the truth, how many of them were found exactly, the same of numbers, and those with the right spans."""

    cells: int = 0
    right: int = 0
    numbers: int = 0
    numbers_right: int = 0
    spans_right: int = 0

    def __add__(self, other: Exact) -> Exact:
        return Exact(
            self.cells + other.cells,
            self.right + other.right,
            self.numbers + other.numbers,
            self.numbers_right + other.numbers_right,
            self.spans_right + other.spans_right,
        )


def exact(printed: Printed, found: Sequence[Table]) -> Exact:
    """Compare every table of a report with the one that was found for it.

    White space does not count (a narrow column wraps a name where it likes). A found table may have more rows above
    (title and captions inside the grid) or hold several tables one below the other.
    """
    total = Exact()
    looked_at = [_Found(table) for table in found]
    for block in printed.tables():
        truths = [block.grid.cells(), printed_cells(block)]
        scores = [one.score(truth) for one in looked_at for truth in truths]
        total += max(scores, key=lambda score: (score.right, score.spans_right), default=_none(truths[1]))
    return total


def printed_cells(block: TableBlock) -> list[GridCell]:
    """The cells of a table without rows in which none begins: on paper nobody can tell that there are any."""
    cells = block.grid.cells()
    begun = {row: number for number, row in enumerate(sorted({cell.row for cell in cells}))}
    begun[block.grid.height] = len(begun)
    ends = sorted(begun)
    moved = []
    for cell in cells:
        end = begun[ends[bisect_left(ends, cell.row + cell.rowspan)]]
        moved.append(replace(cell, row=begun[cell.row], rowspan=end - begun[cell.row]))
    return moved


def is_number(text: str) -> bool:
    """Whether a cell prints a number and nothing else (codes of subjects count as numbers)."""
    return bool(_NUMBER.fullmatch(text))


def _none(truth: Sequence[GridCell]) -> Exact:
    texts = [squeeze(cell.text) for cell in truth]
    return Exact(cells=len(texts), numbers=sum(map(is_number, texts)))


class _Found:
    """A table that a reader found, ready to be compared."""

    def __init__(self, table: Table) -> None:
        self.cells = {(cell.row, cell.column): (squeeze(cell.text), cell.rowspan, cell.colspan) for cell in table.cells}
        self.rows: dict[tuple[int, str], list[int]] = {}
        for (row, column), (text, _, _) in self.cells.items():
            if text:
                self.rows.setdefault((column, text), []).append(row)

    def score(self, cells: Sequence[GridCell]) -> Exact:
        """The truth against this table, at the height where most of it fits."""
        truth = [(cell, squeeze(cell.text)) for cell in cells]
        heights = Counter(
            row - cell.row for cell, text in truth if text for row in self.rows.get((cell.column, text), ())
        )
        if not heights:
            return _none(cells)
        down = heights.most_common(1)[0][0]
        right = numbers_right = spans_right = 0
        for cell, text in truth:
            found = self.cells.get((cell.row + down, cell.column))
            if found is None or found[0] != text:
                continue
            right += 1
            numbers_right += is_number(text)
            spans_right += found[1:] == (cell.rowspan, cell.colspan)
        return Exact(len(truth), right, sum(is_number(text) for _, text in truth), numbers_right, spans_right)
