"""A table that grows part by part as it runs over page breaks; its cost does not grow with its length."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from services.extractor.cells import moved
from services.extractor.cutrow import Cut, cut_of, joined_row
from shared.contracts.base import Text
from shared.contracts.document import Box, Cell, Doubt, DoubtCode, Table

#: The most rows that a header has.
MOST_HEADER_ROWS = 8
#: Column edges of the two parts may differ by this much (points), the parts as a whole by more (mirrored margins).
_DRIFT = 4.0
_SHIFT = 40.0
#: The same as a share of the narrower column beside the edge.
_SHARE = 0.25
_ONE_COLUMN = 2  # boundaries

_row = attrgetter("row")


class Part(NamedTuple):
    """How a part goes on with the table above it.

    `header`: rows at its top that it repeats. `own`, `columns`: for every column boundary of the table above and of the
    part its boundary in the common grid.
    """

    header: int
    own: tuple[int, ...]
    columns: tuple[int, ...]


@dataclass
class Growing:
    """A table that may still go on.

    It grows in place, so that a table of a thousand pages costs a thousand times a table of one. `top` are its first
    rows, `tail` the places in `cells` of those that end in its last row, `full` the columns of that row whose text runs
    to the right edge, `edges` the x of every column boundary as the last part has it, once `measured`.
    """

    first: Table
    last_page: int
    full: set[int]
    top: Table
    cells: list[Cell]
    rows: int
    columns: int
    tail: list[int]
    edges: list[float | None] | None = None
    measured: bool = False
    grown: bool = False

    def table(self) -> Table:
        """The table as far as it goes."""
        if not self.grown:
            return self.first
        update = {"cells": tuple(self.cells), "rows": self.rows, "columns": self.columns}
        return self.first.model_copy(update=update)


def open_table(table: Table, full: set[tuple[int, int]]) -> Growing:
    """`table` ready to grow; `full` are (row, column) of its cells whose text runs to the right edge."""
    last = table.rows - 1
    return Growing(
        first=table,
        last_page=_last_page(table),
        full={column for row, column in full if row == last},
        top=_top(table, table.cells, table.rows, table.columns),
        cells=list(table.cells),
        rows=table.rows,
        columns=table.columns,
        tail=[index for index, cell in enumerate(table.cells) if cell.row + cell.rowspan > last],
    )


def _top(table: Table, cells: Sequence[Cell], rows: int, columns: int) -> Table:
    """The rows of a table that may be its header, and one more."""
    most = MOST_HEADER_ROWS + 1
    return table.model_copy(update={"cells": tuple(until(cells, most)), "rows": min(rows, most), "columns": columns})


def _edges(cells: Sequence[Cell], edges: list[float | None]) -> list[float | None] | None:
    """`edges` (the place of every column boundary along its rows) as `cells` have them; None: they have no boxes."""
    turns = _turns(cells)
    for cell in cells:
        box = cell.box
        if box is None:
            return None
        start, end = (box.x0, box.x1) if turns == 0 else _along(box, turns)
        edges[cell.column] = start
        edges[cell.column + cell.colspan] = end
    return edges


def _along(box: Box, turns: int) -> tuple[float, float]:
    return ((box.x0, box.x1), (-box.y1, -box.y0), (-box.x1, -box.x0), (box.y0, box.y1))[turns]


def _turns(cells: Sequence[Cell]) -> int:
    """How rows run over the page: 0 to the right, 1 upwards (the table lies on its side), 2 to the left, 3 down."""
    for here, there in pairwise(cells):
        if here.row != there.row or here.box is None or there.box is None:
            continue
        across, down = there.box.x0 - here.box.x0, there.box.y0 - here.box.y0
        if abs(across) >= abs(down):
            return 0 if across >= 0 else 2
        return 3 if down > 0 else 1
    return 0


def _whole(edges: list[float | None] | None) -> list[float] | None:
    return None if edges is None or None in edges else [edge for edge in edges if edge is not None]


def _rooms(edges: list[float]) -> list[float]:
    """How far each edge may stand elsewhere in the next part: where no rule is, edges follow the words of the page."""
    widths = [there - here for here, there in pairwise(edges)]
    return [
        max(2 * _DRIFT, _SHARE * min(pair))
        for pair in zip([*widths[:1], *widths], [*widths, *widths[-1:]], strict=True)
    ]


def common_columns(first: Growing, second: Table) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """For each boundary of either part its boundary in the common grid; None when the columns do not agree."""
    same = tuple(range(first.columns + 1))
    if not first.measured:  # most tables end with their page, and nobody asks
        first.edges, first.measured = _edges(first.cells, [None] * (first.columns + 1)), True
    left, right = _whole(first.edges), _whole(_edges(second.cells, [None] * (second.columns + 1)))
    if left is None or right is None:
        return (same, same) if first.columns == second.columns else None
    shift = right[0] - left[0]
    if abs(shift) > _SHIFT:
        return None
    right = [edge - shift for edge in right]
    if abs(right[-1] - left[-1]) > _DRIFT:
        return None
    if len(left) == len(right) and all(
        abs(a - b) <= room for a, b, room in zip(left, right, _rooms(left), strict=True)
    ):
        return same, same
    fine, coarse = (left, right) if len(left) >= len(right) else (right, left)
    places = [min(range(len(fine)), key=lambda i: abs(fine[i] - edge)) for edge in coarse]
    fits = all(abs(fine[place] - edge) <= _DRIFT for place, edge in zip(places, coarse, strict=True))
    if not fits or len(set(places)) != len(places) or len(coarse) <= _ONE_COLUMN:
        return None
    everything = tuple(range(len(fine)))
    return (everything, tuple(places)) if fine is left else (tuple(places), everything)


def _on(cells: Sequence[Cell], columns: tuple[int, ...], down: int = 0) -> list[Cell]:
    """Cells moved to the common grid and `down` rows."""
    if down == 0 and columns == tuple(range(len(columns))):
        return list(cells)
    if columns == tuple(range(len(columns))):
        return [moved(cell, cell.row + down, cell.column, cell.colspan) for cell in cells]
    return [
        moved(
            cell,
            cell.row + down,
            columns[cell.column],
            columns[cell.column + cell.colspan] - columns[cell.column],
        )
        for cell in cells
    ]


def append(before: Growing, part: Table, how: Part, full: set[tuple[int, int]]) -> list[Doubt]:
    """Put the rows of `part` below `before`, its repeated header left out, a row cut in two made one."""
    before.last_page = part.page or before.last_page
    before.grown = True
    _widen(before, how.own)
    body = [cell for cell in part.cells if cell.row >= how.header]
    if not body:
        return []
    first = before.rows
    last = [before.cells[index] for index in before.tail]
    upper = _on([cell for cell in body if cell.row == how.header], how.columns, first - how.header)
    cut = cut_of(last, upper, before.full)
    ends = {how.columns[column] for row, column in full if row == part.rows - 1}
    before.rows += part.rows - how.header
    if cut is Cut.ONE_ROW:
        for index, cell in zip(before.tail, joined_row(last, upper), strict=True):
            before.cells[index] = cell
        before.rows -= 1
        added = _on([cell for cell in body if cell.row > how.header], how.columns, first - how.header - 1)
        before.full = ends if added else before.full | ends
    else:
        added = _on(body, how.columns, first - how.header)
        before.full = ends
    if added:
        start = len(before.cells)
        before.tail = [start + i for i, cell in enumerate(added) if cell.row + cell.rowspan == before.rows]
        before.cells.extend(added)
    before.columns = max(before.columns, how.columns[-1])
    if before.edges is not None:
        before.edges += [None] * (before.columns + 1 - len(before.edges))
        before.edges = _edges(added, before.edges)
    if before.top.rows <= MOST_HEADER_ROWS:
        before.top = _top(before.first, before.cells, before.rows, before.columns)
    return [_doubt(before.first.index, first, part.page)] if cut is Cut.PERHAPS else []


def _widen(before: Growing, own: tuple[int, ...]) -> None:
    """Move the table so far to a grid with more columns, if the part that follows has more."""
    if own == tuple(range(before.columns + 1)):
        return
    before.cells = _on(before.cells, own)
    before.full = {own[column] for column in before.full}
    if before.edges is not None:
        edges: list[float | None] = [None] * (own[-1] + 1)
        for place, edge in zip(own, before.edges, strict=True):
            edges[place] = edge
        before.edges = edges
    before.columns = own[-1]
    before.top = _top(before.first, before.cells, before.rows, before.columns)


def _doubt(table: int, row: int, page: int | None) -> Doubt:
    return Doubt(
        code=DoubtCode.AMBIGUOUS_CELL,
        text=Text(
            zh="表格跨页处的这一行可能是上一行的后半部分，按单独一行保留",
            en="At the page break, this row may be the rest of the row above; it is kept as a row of its own",
        ),
        page=page,
        table=table,
        row=row,
    )


def _last_page(table: Table) -> int:
    return max((cell.page for cell in table.cells if cell.page is not None), default=table.page or 0)


def until(cells: Sequence[Cell], end: int) -> Sequence[Cell]:
    """The cells (ordered by row) that begin above row `end`."""
    return cells[: bisect_left(cells, end, key=_row)]
