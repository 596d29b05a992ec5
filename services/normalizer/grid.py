"""A view on the part of a printed table that holds one account table: texts by position, what starts where."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from shared.catalogue.text import squeeze
from shared.contracts.document import Cell, Table


@dataclass(frozen=True)
class Grid:
    """Rows `start` to `end` (exclusive) of `table`; all row and column numbers are those of the table."""

    table: Table
    start: int
    end: int

    @property
    def columns(self) -> int:
        """Number of columns."""
        return self.table.columns

    @property
    def rows(self) -> range:
        """The row numbers of this part."""
        return range(self.start, self.end)

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell that covers this position."""
        return self.table.grid[row][column]

    @cached_property
    def _words(self) -> tuple[tuple[str, ...], ...]:
        return tuple(
            tuple(squeeze(cell.text) if cell else "" for cell in self.table.grid[row]) for row in range(self.table.rows)
        )

    def word(self, row: int, column: int) -> str:
        """The text at this position without white space; a spanned cell reads the same at all of its positions."""
        return self._words[row][column]

    def text(self, row: int, column: int) -> str:
        """The text at this position as printed, outer white space trimmed."""
        cell = self.cell(row, column)
        return cell.text.strip() if cell else ""

    def starts(self, row: int, column: int) -> bool:
        """Whether the cell at this position has its top left corner here."""
        cell = self.cell(row, column)
        return cell is not None and cell.row == row and cell.column == column

    def own(self, row: int) -> tuple[Cell, ...]:
        """The cells that stand in this row, each once, from left to right; those that hang down from above too."""
        return self._own[row]

    @cached_property
    def _own(self) -> tuple[tuple[Cell, ...], ...]:
        """The distinct cells of every row of the table."""
        return tuple(
            tuple(
                cell for cell, before in zip(row, (None, *row), strict=False) if cell is not None and cell is not before
            )
            for row in self.table.grid
        )

    def words(self, row: int) -> list[str]:
        """The non-empty texts of this row without white space, each cell once."""
        return self._row_words[row]

    @cached_property
    def _row_words(self) -> tuple[list[str], ...]:
        return tuple([word for cell in row if (word := squeeze(cell.text))] for row in self._own)

    def has_spans(self, rows: range) -> bool:
        """Whether any cell that starts in `rows` covers more than one position."""
        return any(cell.rowspan > 1 or cell.colspan > 1 for cell in self.table.cells if cell.row in rows)

    def part(self, start: int, end: int) -> Grid:
        """Another part of the same table."""
        return replace(self, start=start, end=end)
