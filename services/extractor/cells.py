"""Cells made of numbers that our own arithmetic gave: what a model checks on the way in is known to hold.

A long report has 10^5 cells. Checking each of them, and again for each copy with another row, takes as long as reading
the page. `Contract.model_construct` leaves the checks out too, but is slower than they are.
"""

from __future__ import annotations

from typing import Any

from shared.contracts.document import Box, Cell, DoubtCode

Rect = tuple[float, float, float, float]

_new, _set = object.__new__, object.__setattr__
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
    _set(shape, "__dict__", {"x0": x0, "y0": y0, "x1": x1, "y1": y1})
    _set(shape, "__pydantic_fields_set__", _BOX)
    _set(shape, "__pydantic_extra__", None)
    _set(shape, "__pydantic_private__", None)
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
    _set(made, "__dict__", values)
    _set(made, "__pydantic_fields_set__", _CELL)
    _set(made, "__pydantic_extra__", None)
    _set(made, "__pydantic_private__", None)
    return made
