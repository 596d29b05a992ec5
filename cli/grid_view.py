"""A source grid in a terminal: headers as printed, amounts to the right, wide tables in parts that fit the window."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich import box
from rich.cells import cell_len
from rich.table import Table as RichTable
from rich.text import Text

from shared.contracts.document import Cell, Table
from shared.contracts.report import CellRole, ReportTable

#: (source table, row, column) -> (numbers of the notes, style)
Marks = dict[tuple[int, int, int], tuple[tuple[int, ...], str]]

_SPACE = re.compile(r"\s+")
#: a line break inside a Chinese word: the cell was too narrow for it, the window may not be
_BROKEN_WORD = re.compile(r"(?<=[^\x00-\xff])[ \t]*\n\s*(?=[^\x00-\xff])")
_ABOVE = frozenset({CellRole.TITLE, CellRole.CAPTION, CellRole.HEADER, CellRole.ORDINAL})
_WIDEST_LABEL = 36
_NARROWEST_HEADING = 10
_GAP = 3


def render(grid: Table, table: ReportTable, marks: Marks, width: int) -> Iterator[RichTable]:
    """The table as one or more parts not wider than `width`; amounts never part from the labels to their left."""
    view = _View(grid, table, marks)
    part: list[int] = []
    for labels, amounts in view.groups():
        if part and view.total(part + labels + amounts) <= width:
            part += labels + amounts
            continue
        if part:
            yield view.part(part)
        part = list(labels)
        for column in amounts:
            if part != labels and view.total([*part, column]) > width:
                yield view.part(part)
                part = list(labels)
            part.append(column)
    if part:
        yield view.part(part)


class _View:
    """A grid with the roles that the normalizer gave its cells."""

    def __init__(self, grid: Table, table: ReportTable, marks: Marks) -> None:
        self._grid = grid.grid
        self._index = grid.index
        self._marks = marks
        self._roles = {(cell.row, cell.column): cell.role for cell in table.cells}
        self._amounts = {column.column for column in table.columns}
        self._count = grid.columns
        first = min((line.row for line in table.lines), default=0)
        self._header = [row for row in range(first) if self._has(row, CellRole.HEADER)]
        self._body = [row for row in range(first, grid.rows) if self._shown(row)]

    def groups(self) -> list[tuple[list[int], list[int]]]:
        """The columns that carry anything, as (labels, amounts) from left to right; remarks go with the amounts."""
        groups: list[tuple[list[int], list[int]]] = []
        for column in range(self._count):
            if not any(self._marked(row, column) for row in self._body):
                continue
            amount = column in self._amounts
            if not groups or (groups[-1][1] and not amount):
                groups.append(([], []))
            groups[-1][amount].append(column)
        if len(groups) > 1 and not groups[-1][1]:
            remarks, _ = groups.pop()
            groups[-1][1].extend(remarks)
        return groups

    def total(self, columns: list[int]) -> int:
        """Cells of the terminal that these columns need side by side."""
        return sum(self.width(column) + _GAP for column in columns) - _GAP

    def width(self, column: int) -> int:
        """Cells of the terminal that the column needs: an amount whole, a name wrapped when it is long."""
        body = max((cell_len(self._marked(row, column).plain) for row in self._body), default=1)
        heading = max(map(cell_len, self._heading(column).split("\n")))
        needed = max(body, min(heading, _NARROWEST_HEADING))
        return needed if column in self._amounts else min(needed, _WIDEST_LABEL)

    def part(self, columns: list[int]) -> RichTable:
        """These columns as a table of rich."""
        part = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for column in columns:
            amount = column in self._amounts
            part.add_column(
                Text(self._heading(column)),
                justify="right" if amount else "left",
                overflow="fold",
                no_wrap=False,
                min_width=self.width(column) if amount else 2,
                max_width=self.width(column),
            )
        for row in self._body:
            values = [self._marked(row, column) for column in columns]
            if any(values):
                part.add_row(*values)
        return part

    def _heading(self, column: int) -> str:
        names: list[str] = []
        for row in self._header:
            cell = self._grid[row][column]
            if cell is not None and self._roles.get((cell.row, cell.column)) is CellRole.HEADER:
                name = _SPACE.sub("", cell.text)
                if name and (not names or names[-1] != name):
                    names.append(name)
        return "\n".join(names)

    def _has(self, row: int, role: CellRole) -> bool:
        return any(cell is not None and self._roles.get((cell.row, cell.column)) is role for cell in self._grid[row])

    def _shown(self, row: int) -> bool:
        roles = {self._roles.get((cell.row, cell.column)) for cell in self._grid[row] if cell is not None}
        if roles and CellRole.ORDINAL in roles and roles <= {*_ABOVE, CellRole.BLANK, None}:
            return False
        return any(self._text(row, column) for column in range(self._count))

    def _text(self, row: int, column: int) -> str:
        cell = self._grid[row][column]
        return _one_line(cell) if cell is not None and (cell.row, cell.column) == (row, column) else ""

    def _marked(self, row: int, column: int) -> Text:
        text = Text(self._text(row, column))
        found = self._marks.get((self._index, row, column))
        if found is not None:
            numbers, style = found
            text.stylize(style)
            text.append(f" [{','.join(map(str, numbers))}]", style=style)
        return text


def _one_line(cell: Cell) -> str:
    return _SPACE.sub(" ", _BROKEN_WORD.sub("", cell.text)).strip()
