"""Rules of dots and dashes, each of which is a path of its own: some 10^4 on a page, too many to ask one by one.

Dots that follow each other on one line, no further apart than the dots of a rule, were drawn in one go: they are one
stroke, and the first and the last of them say how all of them are painted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import compress, pairwise
from math import inf
from operator import eq, or_, sub
from typing import NamedTuple, TypeAlias

from pypdfium2 import raw  # type: ignore[import-untyped]

from services.extractor.lattice import native
from services.extractor.lattice.frame import Rect
from services.extractor.lattice.rules import GAP, SHORTEST

#: Objects of a page from which on it is worth while to look for dots, and how many of them are tried first.
_MANY, _TRIED = 1_000, 32
#: What is no wider across than this (points) is a line whatever its pen.
_HAIR = 1.5
#: The longest dash (points).
_DASH = 12.0
#: Dots that make a long run; with no more than these two there is nothing to save.
_LEAST, _FEW = 8, 2
_ON_END = re.compile(rb"\x01{%d,}" % (_LEAST - 1))

Places: TypeAlias = Sequence[float]
Sides: TypeAlias = tuple[Places, Places, Places, Places]


class Run(NamedTuple):
    """Dots on one line: the handles of the first and of the last path, and the rectangle around all of them."""

    first: int
    last: int
    box: Rect


def runs_of(handles: Sequence[int]) -> tuple[list[Run], list[int]]:
    """The runs of dots among objects that come in the order drawn, and the other objects.

    Rectangles are in the units of the objects' parent, which have to be points.
    """
    if len(handles) < _MANY or not _are_dots(handles):
        return [], list(handles)
    runs: list[Run] = []
    sides: Sides = native.sides(handles)
    others = list(handles)
    for find in (_long, _short):
        lines = list(find(*sides))
        kinds = native.object_types([handle for start, end in lines for handle in (others[start], others[end - 1])])
        left = bytearray(b"\x01") * len(others)
        for (start, end), first, last in zip(lines, kinds[::2], kinds[1::2], strict=True):
            if first == last == raw.FPDF_PAGEOBJ_PATH:
                runs.append(Run(others[start], others[end - 1], _around(sides, start, end)))
                left[start:end] = bytes(end - start)
        others = list(compress(others, left))
        x0, y0, x1, y1 = (list(compress(side, left)) for side in sides)
        sides = x0, y0, x1, y1
    return runs, others


def _around(sides: Sides, start: int, end: int) -> Rect:
    x0, y0, x1, y1 = sides
    return min(x0[start:end]), min(y0[start:end]), max(x1[start:end]), max(y1[start:end])


def _are_dots(handles: Sequence[int]) -> bool:
    """Whether many of some objects are short and on one line with the next one; sides of cells are not short."""
    tried = range(0, len(handles) - 1, len(handles) // _TRIED)
    sides = native.sides([handle for place in tried for handle in handles[place : place + 2]])
    left, bottom, _, _ = sides
    short = sum(c - a < _DASH and d - b < _DASH for a, b, c, d in zip(*sides, strict=True))
    if 2 * short < len(left):
        return False
    level, upright = map(eq, bottom[::2], bottom[1::2]), map(eq, left[::2], left[1::2])
    return 2 * list(map(or_, level, upright)).count(True) > len(tried)


def _long(x0: Places, y0: Places, x1: Places, y1: Places) -> Iterator[tuple[int, int]]:
    """(first, end) of the long runs: found without looking at every dot."""
    yield from _level(x0, x1, y0, y1)
    yield from _level(y0, y1, x0, x1)


def _level(begins: Places, ends: Places, low: Places, high: Places) -> Iterator[tuple[int, int]]:
    """(first, end) of the dots on end that lie from `low` to `high`, all at the same place, and meet or nearly so.

    Each of them goes from its place in `begins` to that in `ends`.
    """
    for same in _ON_END.finditer(bytes(map(eq, low, low[1:]))):
        start, stop = same.start(), same.end() + 1
        if high[start] - low[start] > _HAIR or min(high[start:stop]) != max(high[start:stop]):
            continue
        own, reach = begins[start:stop], ends[start:stop]
        if max(map(sub, reach, own)) >= SHORTEST:
            continue
        apart = map(max, map(sub, own[1:], reach), map(sub, own, reach[1:]))  # the next one is behind or before it
        jumps = [place for place, gap in enumerate(apart, start=start + 1) if gap > GAP]
        for first, end in pairwise([start, *jumps, stop]):
            if end - first >= _LEAST:
                yield first, end


def _short(x0: Places, y0: Places, x1: Places, y1: Places) -> Iterator[tuple[int, int]]:
    """(first, end) of the other runs of at least three dots."""
    left = bottom = right = top = inf
    first, level = 0, None  # whether the dots since `first` stand beside each other; None: there is only one
    for place, (a, b, c, d) in enumerate(zip(x0, y0, x1, y1, strict=True)):
        here: bool | None = None
        if b == bottom and d == top and d - b <= _HAIR and c - a < SHORTEST and a - right <= GAP and left - c <= GAP:
            here = True
        elif a == left and c == right and c - a <= _HAIR and d - b < SHORTEST and b - top <= GAP and bottom - d <= GAP:
            here = False
        if here is None or (level is not None and here is not level):
            if place - first > _FEW:
                yield first, place
            first, here = place, None
        level = here
        left, bottom, right, top = a, b, c, d
    if len(x0) - first > _FEW:
        yield first, len(x0)
