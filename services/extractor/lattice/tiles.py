"""Tables whose cells are coloured rectangles: where one ends and the next begins stands a rule, drawn or not."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from services.extractor.lattice.bands import Network
from services.extractor.lattice.frame import Rect
from services.extractor.lattice.grid import Grid, grid_of
from services.extractor.lattice.rules import networks, rules_of

#: Rectangles that make a table, and more than a page of tables has.
_LEAST, _MOST = 6, 5_000
#: Narrower or lower ones (points) are marks; much larger ones than most are grounds.
_SMALL, _GROUND = 5.0, 40.0
#: Share of a table that its cells cover; where only every other row is coloured, its text says more.
_SHARE = 0.8
_TWO = 2


def tiled(fills: Sequence[Rect], grids: Sequence[Grid]) -> list[tuple[Grid, Network]]:
    """The grids that `fills` make up outside of `grids`, with their rules, all in the upright frame."""
    if not _LEAST <= len(fills) <= _MOST:
        return []
    tiles = [box for box in fills if box[2] - box[0] >= _SMALL and box[3] - box[1] >= _SMALL]
    tiles = [box for box in tiles if not any(_within(box, grid.box) for grid in grids)]
    if len(tiles) < _LEAST:
        return []
    usual = median(map(_area, tiles))
    tiles = [box for box in tiles if _area(box) <= _GROUND * usual]
    edges = [edge for x0, y0, x1, y1 in tiles for edge in _edges(x0, y0, x1, y1)]
    found: list[tuple[Grid, Network]] = []
    for group in networks(*rules_of(edges)):
        grid = grid_of(*group) if len(group[0]) > _TWO and group[1] else None  # else it has one row
        if grid is None or grid.rows <= 1:
            continue
        own = [box for box in tiles if _within(box, grid.box)]
        if len(own) >= _LEAST and sum(map(_area, own)) >= _SHARE * _area(grid.box):
            found.append((grid, group))
    return found


def _edges(x0: float, y0: float, x1: float, y1: float) -> tuple[Rect, ...]:
    return (x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)


def _area(box: Rect) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _within(box: Rect, outer: Rect) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]
