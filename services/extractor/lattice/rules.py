"""From thin strokes to rules: dashes and dots joined, double rules as one, ticks and underlines left out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import NamedTuple

from services.extractor.lattice.frame import Rect

#: Strokes on one line with a gap up to this (points) are one rule: dashes, dots, corners that do not quite meet.
GAP = 4.5
#: A rule touches another one when it ends this near to it.
REACH = 4.5
#: Rules nearer to each other than this are one (double rules, rules drawn cell by cell with a small shift).
SNAP = 3.0
#: The shortest rule.
SHORTEST = 6.0
_STEP, _SPREAD = 1.0, 1.5

_Piece = tuple[float, float, float]  # a rule in the making: at, start, end
_Stretches = defaultdict[float, list[tuple[float, float]]]  # start and end of all strokes at each place
_start = itemgetter(1)  # of a piece


class Rule(NamedTuple):
    """A straight rule: `at` its place across (y of a horizontal one, x of a vertical one), from `start` to `end`."""

    at: float
    start: float
    end: float


def rules_of(strokes: Iterable[Rect]) -> tuple[list[Rule], list[Rule]]:
    """(horizontal, vertical) rules of strokes given as rectangles in the upright frame."""
    across: _Stretches = defaultdict(list)
    down: _Stretches = defaultdict(list)
    for x0, y0, x1, y1 in strokes:
        width, height = x1 - x0, y1 - y0
        if height < width >= SHORTEST:
            across[(y0 + y1) / 2].append((x0, x1))
        elif width < height >= SHORTEST:
            down[(x0 + x1) / 2].append((y0, y1))
        else:  # a dot or a square belongs to either direction
            across[(y0 + y1) / 2].append((x0, x1))
            down[(x0 + x1) / 2].append((y0, y1))
    return _join(across), _join(down)


def _join(found: _Stretches) -> list[Rule]:
    """Pieces on one line joined over small gaps; what stays shorter than `SHORTEST` is no rule."""
    joined: list[Rule] = []
    for line in _lines(found):
        line.sort(key=_start)
        at, start, end = line[0]
        weighed, weight = at * (end - start), end - start
        for place, first, last in line[1:]:
            if first - end > GAP:
                if end - start >= SHORTEST:
                    joined.append(Rule(weighed / weight, start, end))
                weighed, weight, start, end = 0.0, 0.0, first, last
            length = last - first
            weighed += place * length
            weight += length
            if last <= end:
                continue
            end = last
        if end - start >= SHORTEST:
            joined.append(Rule(weighed / weight, start, end))
    return joined


def _lines(found: _Stretches) -> Iterator[list[_Piece]]:
    """Pieces that lie on (nearly) one line: a chain of small steps that does not spread far."""
    line: list[_Piece] = []
    before, first = 0.0, 0.0
    for at in sorted(found):
        if line and not (at - before <= _STEP and at - first <= _SPREAD):
            yield line
            line = []
        if not line:
            first = at
        line.extend(_pieces(at, found[at]))
        before = at
    if line:
        yield line


def _pieces(at: float, stretches: list[tuple[float, float]]) -> Iterator[_Piece]:
    """Strokes at the same place as few pieces: those that meet or overlap are one."""
    stretches.sort()
    start, end = stretches[0]
    for first, last in stretches:
        if first > end:
            yield at, start, end
            start, end = first, last
        elif last > end:
            end = last
    yield at, start, end


def networks(horizontal: list[Rule], vertical: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Groups of (horizontal, vertical) rules that touch each other; a lone rule is a group of its own."""
    parent = list(range(len(horizontal) + len(vertical)))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    order = sorted(range(len(vertical)), key=lambda j: vertical[j].at)
    places = [vertical[j].at for j in order]
    reaches = [(vertical[j].start - REACH, vertical[j].end + REACH, len(horizontal) + j) for j in order]
    for i, row in enumerate(horizontal):
        at, own = row.at, root(i)
        for start, end, j in reaches[bisect_left(places, row.start - REACH) : bisect_right(places, row.end + REACH)]:
            if start <= at <= end and parent[j] != own:  # those of one table have one parent after its first row
                parent[own] = own = root(j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, row in enumerate(horizontal):
        groups.setdefault(root(i), ([], []))[0].append(row)
    for j, column in enumerate(vertical):
        groups.setdefault(root(len(horizontal) + j), ([], []))[1].append(column)
    return list(groups.values())
