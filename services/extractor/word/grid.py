"""A Word table as a grid: gridSpan, vMerge, gridBefore, gridAfter, and borders that do not quite line up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from services.extractor.limits import MAX_COLUMNS, check_cells
from services.extractor.word.xml import Element, attribute, child, local, number
from shared.contracts.document import Cell

#: Borders closer than this (twips, 1/20 pt) are one border drawn twice: no column is narrower than a digit.
_SLIVER = 100
_UNKNOWN_WIDTH = 1_000
_WRAPPERS = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"})


class WordGrid(NamedTuple):
    """A laid out table: `cells` ordered by row, then column, tile `rows` x `columns`."""

    rows: int
    columns: int
    cells: list[Cell]


@dataclass
class _Slot:
    """A cell between two borders of the grid; `merge` is "restart", "continue" or None (not merged downwards)."""

    element: Element
    left: int
    right: int
    merge: str | None
    rowspan: int = 1


def word_grid(table: Element, text: Callable[[Element], str]) -> WordGrid:
    """The grid of a `w:tbl`; `text` is called once for each printed `w:tc`, in order. 0 x 0 if there is no cell."""
    rows = [_slots(row) for row in table_rows(table)]
    columns = _columns(table, rows)
    width = max((columns[slot.right] for row in rows for slot in row), default=0)
    check_cells(len(rows) * width)
    free = [[True] * width for _ in rows]
    placed: list[tuple[int, _Slot, str]] = []
    above: dict[int, _Slot] = {}
    for index, row in enumerate(rows):
        below: dict[int, _Slot] = {}
        for slot in row:
            left, right = columns[slot.left], columns[slot.right]
            free[index][left:right] = [False] * (right - left)
            top = above.get(left)
            if slot.merge == "continue" and top is not None and columns[top.right] == right:
                top.rowspan += 1
                below[left] = top
                continue
            placed.append((index, slot, text(slot.element)))
            if slot.merge is not None:
                below[left] = slot
        above = below
    cells = [
        Cell(
            row=row,
            column=columns[slot.left],
            text=content,
            rowspan=slot.rowspan,
            colspan=columns[slot.right] - columns[slot.left],
        )
        for row, slot, content in placed
    ]
    cells += [Cell(row=r, column=c, text="") for r, line in enumerate(free) for c, blank in enumerate(line) if blank]
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return WordGrid(len(rows) if width else 0, width, cells)


def table_rows(table: Element) -> Iterator[Element]:
    """The `w:tr` of a table, also inside content controls and tracked insertions, without deleted rows."""
    for element in table.iterchildren():
        name = local(element)
        if name == "tr":
            if child(element, "trPr", "del") is None:
                yield element
        elif name in _WRAPPERS:
            yield from table_rows(element)


def row_cells(row: Element) -> Iterator[Element]:
    """The `w:tc` of a row, also inside content controls."""
    for element in row.iterchildren():
        name = local(element)
        if name == "tc":
            yield element
        elif name in _WRAPPERS:
            yield from row_cells(element)


def _slots(row: Element) -> list[_Slot]:
    slots: list[_Slot] = []
    at = min(max(number(row, "trPr", "gridBefore") or 0, 0), MAX_COLUMNS)
    for element in row_cells(row):
        properties = child(element, "tcPr")
        end = min(at + max(number(properties, "gridSpan") or 1, 1), MAX_COLUMNS)
        if end == at:
            break
        sideways = _merge(child(properties, "hMerge"))
        if sideways == "continue" and slots:
            slots[-1].right = end
        else:
            slots.append(_Slot(element, at, end, _merge(child(properties, "vMerge"))))
        at = end
    return slots


def _merge(element: Element | None) -> str | None:
    """A merge mark without a value continues the cell before."""
    if element is None:
        return None
    return "restart" if attribute(element) == "restart" else "continue"


def _columns(table: Element, rows: list[list[_Slot]]) -> dict[int, int]:
    """Column number of each border of the grid that some cell uses, borders a sliver apart being one."""
    widths = [number(column, name="w") or 0 for column in table.iterfind("{*}tblGrid/{*}gridCol")]
    used = sorted({edge for row in rows for slot in row for edge in (slot.left, slot.right)} | {0})
    ends: dict[int, list[int]] = {}
    for row in rows:
        for slot in row:
            ends.setdefault(slot.right, []).append(slot.left)
    columns: dict[int, int] = {}
    start = position = previous = first = 0
    for edge in used:
        position += sum(max(widths[i], 0) or _UNKNOWN_WIDTH if i < len(widths) else _UNKNOWN_WIDTH
                        for i in range(previous, edge))  # fmt: skip
        apart = position - start >= _SLIVER or any(left >= first for left in ends.get(edge, ()))
        if columns and apart:
            start, first = position, edge
            columns[edge] = columns[previous] + 1
        else:
            columns[edge] = columns.get(previous, 0)
        previous = edge
    return columns
