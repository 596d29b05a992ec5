"""From thin strokes to rules: dashes and dots joined, double rules as one, ticks and underlines left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Rule:
    """A straight rule: `at` its place across (y of a horizontal one, x of a vertical one), from `start` to `end`."""

    at: float
    start: float
    end: float


def rules_of(strokes: Iterable[Rect]) -> tuple[list[Rule], list[Rule]]:
    """(horizontal, vertical) rules of strokes given as rectangles in the upright frame."""
    across: list[Rule] = []
    down: list[Rule] = []
    for x0, y0, x1, y1 in strokes:
        width, height = x1 - x0, y1 - y0
        if width >= height or width > SHORTEST:
            across.append(Rule((y0 + y1) / 2, x0, x1))
        if height >= width or height > SHORTEST:
            down.append(Rule((x0 + x1) / 2, y0, y1))
        if width < SHORTEST and height < SHORTEST and width != height:  # a dot belongs to either direction
            if width > height:
                down.append(Rule((x0 + x1) / 2, y0, y1))
            else:
                across.append(Rule((y0 + y1) / 2, x0, x1))
    return _join(across), _join(down)


def _join(pieces: list[Rule]) -> list[Rule]:
    """Pieces on one line joined over small gaps; what stays shorter than `SHORTEST` is no rule."""
    joined: list[Rule] = []
    for line in _lines(pieces):
        line.sort(key=lambda piece: piece.start)
        at, start, end, weight = line[0].at, line[0].start, line[0].end, line[0].end - line[0].start
        for piece in line[1:]:
            if piece.start - end > GAP:
                joined.append(Rule(at, start, end))
                at, start, end, weight = piece.at, piece.start, piece.end, piece.end - piece.start
                continue
            length = max(piece.end - piece.start, 0.01)
            at = (at * weight + piece.at * length) / (weight + length) if weight else piece.at
            weight += length
            end = max(end, piece.end)
        joined.append(Rule(at, start, end))
    return [rule for rule in joined if rule.end - rule.start >= SHORTEST]


def _lines(pieces: list[Rule]) -> list[list[Rule]]:
    """Pieces that lie on (nearly) one line: a chain of small steps that does not spread far."""
    lines: list[list[Rule]] = []
    for piece in sorted(pieces, key=lambda piece: piece.at):
        if lines and piece.at - lines[-1][-1].at <= _STEP and piece.at - lines[-1][0].at <= _SPREAD:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return lines


def networks(horizontal: list[Rule], vertical: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Groups of rules that touch each other, each with both directions; lone rules (underlines) are left out."""
    parent = list(range(len(horizontal) + len(vertical)))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    order = sorted(range(len(vertical)), key=lambda j: vertical[j].at)
    for i, row in enumerate(horizontal):
        for j in order:
            column = vertical[j]
            if column.at < row.start - REACH:
                continue
            if column.at > row.end + REACH:
                break
            if column.start - REACH <= row.at <= column.end + REACH:
                parent[root(len(horizontal) + j)] = root(i)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, row in enumerate(horizontal):
        groups.setdefault(root(i), ([], []))[0].append(row)
    for j, column in enumerate(vertical):
        groups.setdefault(root(len(horizontal) + j), ([], []))[1].append(column)
    return [group for group in groups.values() if group[0] and group[1]]
