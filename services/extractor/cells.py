"""Cells made of numbers that our own arithmetic gave: what a model checks on the way in is known to hold.

A long report has 10^5 cells. Checking each of them, and again for each copy with another row, takes as long as reading
the page. `Contract.model_construct` leaves the checks out too, but is slower than they are.
"""

from __future__ import annotations

from typing import Any, TypeVar

from shared.contracts.base import Contract
from shared.contracts.document import Box, Cell, DoubtCode

_Made = TypeVar("_Made", bound=Contract)
Rect = tuple[float, float, float, float]

_new, _set = object.__new__, object.__setattr__
_SIDES = tuple(Box.model_fields)
_BOX = set(_SIDES)
_CELL = set(Cell.model_fields)


def make_cell(
    place: tuple[int, int],
    spans: tuple[int, int],
    text: str,
    page: int,
    box: Rect,
    doubts: tuple[DoubtCode, ...] = (),
    confidence: float | None = None,
) -> Cell:
    """A cell at `place` (row, column) over `spans` (rows, columns) of a table with pages and coordinates."""
    (row, column), (rowspan, colspan) = place, spans
    values = {
        "row": row,
        "column": column,
        "text": text,
        "rowspan": rowspan,
        "colspan": colspan,
        "page": page,
        "box": _made(Box, dict(zip(_SIDES, box, strict=True)), _BOX),
        "doubts": doubts,
        "confidence": confidence,
    }
    return _made(Cell, values, _CELL)


def moved(cell: Cell, row: int, column: int, colspan: int) -> Cell:
    """The same cell at another place."""
    values = cell.__dict__ | {"row": row, "column": column, "colspan": colspan}
    return _made(Cell, values, cell.__pydantic_fields_set__)


def _made(model: type[_Made], values: dict[str, Any], given: set[str]) -> _Made:
    """What `model(**values)` is when all values fit; `given` are the fields that were not left to their defaults."""
    made = _new(model)
    _set(made, "__dict__", values)
    _set(made, "__pydantic_fields_set__", given)
    _set(made, "__pydantic_extra__", None)
    _set(made, "__pydantic_private__", None)
    return made
