"""From thin strokes to rules: dashes and dots joined, double rules as one, ticks and underlines left out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
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


class Rule(NamedTuple):
    """A straight rule: `at` its place across (y of a horizontal one, x of a vertical one), from `start` to `end`."""

    at: float
    start: float
    end: float


def rules_of(strokes: Iterable[Rect]) -> tuple[list[Rule], list[Rule]]:
    """(horizontal, vertical) rules of strokes given as rectangles in the upright frame."""
    across: dict[float, list[tuple[float, float]]] = {}
    down: dict[float, list[tuple[float, float]]] = {}
    for x0, y0, x1, y1 in strokes:
        width, height = x1 - x0, y1 - y0
        dot = width < SHORTEST and height < SHORTEST  # belongs to either direction
        if width >= height or dot:
            across.setdefault((y0 + y1) / 2, []).append((x0, x1))
        if height >= width or dot:
            down.setdefault((x0 + x1) / 2, []).append((y0, y1))
    return _join(_pieces(across)), _join(_pieces(down))


def _pieces(found: dict[float, list[tuple[float, float]]]) -> list[_Piece]:
    """Strokes at the same place as few pieces: those that meet or overlap are one."""
    pieces: list[_Piece] = []
    for at, own in found.items():
        own.sort()
        start, end = own[0]
        for first, last in own:
            if first > end:
                pieces.append((at, start, end))
                start, end = first, last
            elif last > end:
                end = last
        pieces.append((at, start, end))
    return pieces


def _join(pieces: list[_Piece]) -> list[Rule]:
    """Pieces on one line joined over small gaps; what stays shorter than `SHORTEST` is no rule."""
    joined: list[Rule] = []
    for line in _lines(pieces):
        line.sort(key=_start)
        at, start, end = line[0]
        weighed, weight = at * (end - start), end - start
        for place, first, last in line[1:]:
            if first - end > GAP:
                if end - start >= SHORTEST:
                    joined.append(Rule(weighed / weight, start, end))
                weighed, weight, start, end = 0.0, 0.0, first, last
            weighed += place * (last - first)
            weight += last - first
            end = max(end, last)
        if end - start >= SHORTEST:
            joined.append(Rule(weighed / weight, start, end))
    return joined


def _start(piece: _Piece) -> float:
    return piece[1]


def _lines(pieces: list[_Piece]) -> list[list[_Piece]]:
    """Pieces that lie on (nearly) one line: a chain of small steps that does not spread far."""
    lines: list[list[_Piece]] = []
    before, first = 0.0, 0.0
    for piece in sorted(pieces):
        at = piece[0]
        if lines and at - before <= _STEP and at - first <= _SPREAD:
            lines[-1].append(piece)
        else:
            lines.append([piece])
            first = at
        before = at
    return lines


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
            if start <= at <= end and parent[j] != own:
                parent[root(j)] = own
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, row in enumerate(horizontal):
        groups.setdefault(root(i), ([], []))[0].append(row)
    for j, column in enumerate(vertical):
        groups.setdefault(root(len(horizontal) + j), ([], []))[1].append(column)
    return list(groups.values())
