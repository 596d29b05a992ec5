"""Columns of a table that no rule parts: bands in which no row prints anything stand between them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.extractor.lattice.pieces import Piece, Row, is_number, union

#: A blank band of this (em) parts two columns.
_BAND = 0.12
#: Amounts whose right edges differ by less than this share of an em stand at the right of their column.
_RAGGED = 0.4
#: From the text at the side of a column to its boundary (em), where that is not the middle of the blank band.
_MARGIN = 0.5
_SEVERAL = 2
_NEAR = 3.0  # points from a drawn mark to the place where a boundary may be


@dataclass
class Column:
    """What a column prints, from `x0` to `x1`, in which lines; `right`, `left`: whether it all stands at that side."""

    x0: float
    x1: float
    right: bool = False
    left: bool = False
    lines: frozenset[int] = frozenset()

    def overlaps(self, x0: float, x1: float) -> bool:
        """Whether something from `x0` to `x1` stands above or below it."""
        return min(self.x1, x1) - max(self.x0, x0) > 1.0


def columns_of(lines: Sequence[Row], size: float) -> list[Column]:
    """The columns that the rows of a body show. Words that run over several columns of numbers show none."""
    numbers = union((piece.x0, piece.x1) for line in lines for piece in line if is_number(piece.text))
    starts, ends = [start for start, _ in numbers], [end for _, end in numbers]
    counted = [
        (piece, index)
        for index, line in enumerate(lines)
        for piece in line
        if bisect_left(starts, piece.x1) - bisect_right(ends, piece.x0) < _SEVERAL
    ]
    bands = union([(piece.x0, piece.x1) for piece, _ in counted], _BAND * size)
    begins = [x0 for x0, _ in bands]
    own: list[list[tuple[Piece, int]]] = [[] for _ in bands]
    for each in counted:  # what a band is made of has its middle in it
        own[bisect_right(begins, each[0].centre) - 1].append(each)
    return [_column(x0, x1, pieces, size) for (x0, x1), pieces in zip(bands, own, strict=True)]


def _column(x0: float, x1: float, own: list[tuple[Piece, int]], size: float) -> Column:
    enough = len(own) > 1
    return Column(
        x0,
        x1,
        right=enough and _aligned([piece.x1 for piece, _ in own], size),
        left=enough and _aligned([piece.x0 for piece, _ in own], size),
        lines=frozenset(line for _, line in own),
    )


def merged(columns: Sequence[Column], headings: Iterable[tuple[float, float]]) -> list[Column]:
    """Columns with those as one that stand below one heading and never print side by side (合计 beside its codes)."""
    found: list[Column] = []
    sides = list(headings)
    for column in columns:
        last = found[-1] if found else None
        if last and not last.lines & column.lines and any(last.overlaps(*s) and column.overlaps(*s) for s in sides):
            found[-1] = Column(last.x0, column.x1, lines=last.lines | column.lines)
        else:
            found.append(column)
    return found


def _aligned(places: list[float], size: float) -> bool:
    """Whether nine of ten places are near the middle one."""
    places.sort()
    half, odd = divmod(len(places), 2)
    middle = places[half] if odd else (places[half - 1] + places[half]) / 2
    slack = _RAGGED * size
    if middle - places[0] <= slack and places[-1] - middle <= slack:
        return True
    near = sum([abs(place - middle) <= slack for place in places])
    return 10 * near >= 9 * len(places)


def bounds_of(columns: Sequence[Column], size: float, marks: Iterable[float]) -> list[float]:
    """The inner boundaries of the columns. `marks` are places where rules or shades end."""
    drawn = sorted(marks)
    return [_bound(here, there, size, drawn) for here, there in pairwise(columns)]


def _bound(here: Column, there: Column, size: float, drawn: list[float]) -> float:
    fit = [mark for mark in drawn if here.x1 - _NEAR <= mark <= there.x0 + _NEAR]
    middle = (here.x1 + there.x0) / 2
    if fit:
        return min(fit, key=lambda mark: abs(mark - middle))
    room = (there.x0 - here.x1) / 2
    if here.right and not here.left:
        return here.x1 + min(room, _MARGIN * size)
    if there.left and not there.right:
        return there.x0 - min(room, _MARGIN * size)
    return middle
