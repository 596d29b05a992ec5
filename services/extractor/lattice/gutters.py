"""Text in two columns: the lines of the left one, then those of the right one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import mean

from services.extractor.lattice.fill import Line

#: Lines with text at both sides of a gutter that make columns, the least width of the gutter and of a column (em).
_LEAST_LINES, _GUTTER, _WIDTH = 5, 1.2, 8.0
#: Text in columns fills them: so many lines of the left one end within this (em) of its edge.
_FULL, _SHORT = 0.6, 2.2
#: Where more lines than this have a number alone on one side, they are rows of a table.
_NUMBERS = 0.2
_NUMBER = re.compile(r"[-−]?[0-9][0-9,，.]*%?")

Part = tuple[float, float, str]


@dataclass
class _Run:
    """Lines on end that keep a gutter free, from `first` up to but not including `end`."""

    first: int
    end: int
    lower: float
    upper: float
    left: list[Line] = field(default_factory=list)
    right: list[Line] = field(default_factory=list)
    both: int = 0

    def takes(self, line: Line) -> bool:
        """Take a line that keeps the gutter free."""
        least = _GUTTER * line.size
        parts = line.parts or ((line.x0, line.x1, line.text),)
        sides = [[part for part in parts if part[1] <= self.upper - least], []]
        sides[1] = [part for part in parts if part[0] >= self.lower + least and part not in sides[0]]
        lower = max((part[1] for part in sides[0]), default=self.lower)
        upper = min((part[0] for part in sides[1]), default=self.upper)
        lower, upper = max(lower, self.lower), min(upper, self.upper)
        if len(sides[0]) + len(sides[1]) < len(parts) or max(map(len, sides)) > 1 or upper - lower < least:
            return False
        self.lower, self.upper, self.end = lower, upper, self.end + 1
        for own, side in zip(sides, (self.left, self.right), strict=True):
            side.extend(Line(x0, x1, line.y, line.size, text) for x0, x1, text in own)
        self.both += len(parts) > 1
        return True

    def is_text(self) -> bool:
        """Whether its lines are running text."""
        if self.both < _LEAST_LINES:
            return False
        edge = max(line.x1 for line in self.left)
        full = sum(1 for line in self.left if edge - line.x1 < _SHORT * line.size)
        numbers = sum(1 for line in (*self.left, *self.right) if _NUMBER.fullmatch(line.text))
        wide = all(mean((line.x1 - line.x0) / line.size for line in side) >= _WIDTH for side in (self.left, self.right))
        return wide and full >= _FULL * len(self.left) and numbers <= _NUMBERS * self.both

    def lines(self) -> list[Line]:
        """Its lines in reading order, each with the column that it stands in."""
        found: list[Line] = []
        for side in (self.left, self.right):
            column = (min(line.x0 for line in side), max(line.x1 for line in side))
            found.extend(line._replace(column=column) for line in side)
        return found


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """Lines from top to bottom in the order in which they are read."""
    ordered: list[Line] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        run = _run(lines, index) if len(line.parts) > 1 else None
        if run and run.is_text():
            ordered.extend(run.lines())
            index = run.end
        else:
            ordered.append(line)
            index += 1
    return ordered


def _run(lines: Sequence[Line], first: int) -> _Run:
    (_, lower, _), (upper, _, _) = lines[first].parts[:2]
    run = _Run(first, first, lower, upper)
    for line in lines[first:]:
        if not run.takes(line):
            break
    return run
