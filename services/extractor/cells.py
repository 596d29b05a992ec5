"""Cells made of numbers that our own arithmetic gave: what a model checks on the way in is known to hold.

A long report has 10^5 cells. Checking each of them, and again for each copy with another row, takes as long as reading
the page. `Contract.model_construct` leaves the checks out too, but is slower than they are.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from shared.contracts.document import Box, Cell, DoubtCode

Rect = tuple[float, float, float, float]

_new = object.__new__
_slots: Any = vars(BaseModel)
_fill, _know = _slots["__dict__"].__set__, _slots["__pydantic_fields_set__"].__set__
_more, _hide = _slots["__pydantic_extra__"].__set__, _slots["__pydantic_private__"].__set__
_BOX = set(Box.model_fields)
_CELL = set(Cell.model_fields)


def make_cell(
    place: tuple[int, int, int, int],
    text: str,
    page: int,
    box: Rect,
    doubts: tuple[DoubtCode, ...] = (),
    confidence: float | None = None,
) -> Cell:
    """A cell at `place` (row, column, rows, columns) of a table with pages and coordinates."""
    row, column, rowspan, colspan = place
    x0, y0, x1, y1 = box
    shape = _new(Box)
    _fill(shape, {"x0": x0, "y0": y0, "x1": x1, "y1": y1})
    _know(shape, _BOX)
    _more(shape, None)
    _hide(shape, None)
    values = {
        "row": row,
        "column": column,
        "text": text,
        "rowspan": rowspan,
        "colspan": colspan,
        "page": page,
        "box": shape,
        "doubts": doubts,
        "confidence": confidence,
    }
    return _made(values)


def moved(cell: Cell, row: int, column: int, colspan: int) -> Cell:
    """The same cell at another place."""
    values = cell.__dict__ | {"row": row, "column": column, "colspan": colspan}
    return _made(values)


def _made(values: dict[str, Any]) -> Cell:
    """What `Cell(**values)` is when all values fit."""
    made = _new(Cell)
    _fill(made, values)
    _know(made, _CELL)
    _more(made, None)
    _hide(made, None)
    return made
