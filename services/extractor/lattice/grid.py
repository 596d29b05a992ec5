"""From a network of rules to a grid: boundaries, and cells that tile them with their spans."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise
from operator import ge
from statistics import median
from typing import NamedTuple

from services.extractor.lattice.frame import Rect
from services.extractor.lattice.rules import SNAP, Rule

#: A rule draws the border of a cell when it covers this share of it.
COVER = 0.6
#: Rules that run past the outermost crossing rule by more than this (points) say that the outer border is not drawn.
OVERHANG = 8.0
#: Columns narrower and rows lower than this are the drift of one border between two rows, unless a cell fills them.
SLIVER = 8.0
_FLAT = 4.0
_ONE_COLUMN = 2  # boundaries

Edges = list[list[bool]]


class Span(NamedTuple):
    """A cell: its top left grid position and how far it reaches. `odd` when the rules around it did not close."""

    row: int
    column: int
    rowspan: int
    colspan: int
    odd: bool = False


@dataclass(frozen=True)
class Grid:
    """Column boundaries `xs`, row boundaries `ys` (ascending) and the cells between them in reading order."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    spans: tuple[Span, ...]

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.ys) - 1

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.xs) - 1

    @property
    def box(self) -> Rect:
        """The outline."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def box_of(self, span: Span) -> Rect:
        """The rectangle of a cell."""
        return (
            self.xs[span.column],
            self.ys[span.row],
            self.xs[span.column + span.colspan],
            self.ys[span.row + span.rowspan],
        )

    def boxes(self) -> tuple[Rect, ...]:
        """The rectangles of all cells."""
        xs, ys = self.xs, self.ys
        return tuple([(xs[c], ys[r], xs[c + across], ys[r + down]) for r, c, down, across, _ in self.spans])

    def owners(self) -> list[list[int]]:
        """`rows` x `columns`: index into `spans` of the cell at each position."""
        owner = [[-1] * self.columns for _ in range(self.rows)]
        for index, (top, left, down, across, _) in enumerate(self.spans):
            if down == 1 == across:
                owner[top][left] = index
                continue
            for row in range(top, top + down):
                owner[row][left : left + across] = [index] * across
        return owner


_new = tuple.__new__  # a named tuple without the detour by its names: there is one for each cell


def grid_of(horizontal: list[Rule], vertical: list[Rule]) -> Grid | None:
    """The grid that a network of touching rules draws; None when it has fewer than two columns or no row."""
    xs = _boundaries(vertical, horizontal)
    ys = _boundaries(horizontal, vertical)
    ys = [*_open_start(ys, vertical), *ys, *_open_end(ys, vertical)]
    if len(xs) <= _ONE_COLUMN or len(ys) < _ONE_COLUMN:
        return None
    left_of = _edges(vertical, xs, ys)
    above = _edges(horizontal, ys, xs)
    _close(left_of)
    _close(above)
    _drop_slivers(xs, left_of, above, SLIVER)
    _drop_slivers(ys, above, left_of, _FLAT)
    spans = _spans(left_of, above)
    grid = _compact(xs, ys, spans)
    return grid if grid.columns > 1 else None


def _boundaries(rules: list[Rule], crossing: list[Rule]) -> list[float]:
    """Places of `rules` with near ones as one, and the outer borders that `crossing` rules show but nobody drew."""
    clusters: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if clusters and rule.at - clusters[-1][-1].at <= SNAP and rule.at - clusters[-1][0].at <= 1.5 * SNAP:
            clusters[-1].append(rule)
        else:
            clusters.append([rule])
    places = [
        cluster[0].at
        if len(cluster) == 1
        else sum(rule.at * (rule.end - rule.start) for rule in cluster) / sum(rule.end - rule.start for rule in cluster)
        for cluster in clusters
    ]
    before = [rule.start for rule in crossing if rule.start < places[0] - OVERHANG]
    after = [rule.end for rule in crossing if rule.end > places[-1] + OVERHANG]
    if 2 * len(before) >= len(crossing) and len(before) > 1:
        places.insert(0, median(before))
    if 2 * len(after) >= len(crossing) and len(after) > 1:
        places.append(median(after))
    return places


def _open_start(ys: list[float], vertical: list[Rule]) -> list[float]:
    """Where a header without a rule above it begins: both sides of the table begin above the first rule."""
    left, right = min(vertical, key=_place), max(vertical, key=_place)
    start = max(left.start, right.start)
    return [start] if abs(left.start - right.start) <= SNAP and start < ys[0] - OVERHANG else []


def _open_end(ys: list[float], vertical: list[Rule]) -> list[float]:
    """Where a body without a rule at its end ends: both sides of the table go on below the last rule."""
    left, right = min(vertical, key=_place), max(vertical, key=_place)
    end = min(left.end, right.end)
    return [end] if abs(left.end - right.end) <= SNAP and end > ys[-1] + OVERHANG else []


def _place(rule: Rule) -> float:
    return rule.at


def _edges(rules: list[Rule], places: list[float], across: list[float]) -> Edges:
    """`len(places)` x `len(across) - 1`: whether a rule at each place covers each stretch between two crossings."""
    widths = [there - here for here, there in pairwise(across)]
    covered = [[0.0] * len(widths) for _ in places]
    middles = [(here + there) / 2 for here, there in pairwise(places)]
    for rule in rules:
        start, end = rule.start, rule.end
        row = covered[bisect_left(middles, rule.at)]
        first, last = bisect_left(across, start), bisect_right(across, end) - 1  # covered from side to side
        if first < last:
            row[first:last] = widths[first:last]
        if 0 < first <= len(widths):
            row[first - 1] += min(end, across[first]) - start
        if first <= last < len(widths):
            row[last] += end - across[last]
    least = [COVER * width for width in widths]
    return [list(map(ge, row, least)) for row in covered]


def _close(edges: Edges) -> None:
    """The outline of a grid closes it, drawn or not."""
    edges[0] = [True] * len(edges[0])
    edges[-1] = [True] * len(edges[-1])


def _drop_slivers(places: list[float], edges: Edges, crossing: Edges, least: float) -> None:
    """Join neighbouring boundaries nearer than `least` that never stand side by side in one row (or column)."""
    index = 0
    while index + 1 < len(places):
        here, there = edges[index], edges[index + 1]
        if places[index + 1] - places[index] < least and not any(a and b for a, b in zip(here, there, strict=True)):
            edges[index] = [a or b for a, b in zip(here, there, strict=True)]
            places[index] = places[index] if sum(here) >= sum(there) else places[index + 1]
            del places[index + 1], edges[index + 1]
            for line in crossing:
                del line[index]
            continue
        index += 1


def _spans(left_of: Edges, above: Edges) -> list[Span]:
    """Cells: positions joined where no border is drawn between them. A shape that is no rectangle is cut into such."""
    rows, columns = len(above) - 1, len(left_of) - 1
    sides = list(zip(*left_of, strict=True))
    seen = [[False] * columns for _ in range(rows)]
    spans: list[Span] = []
    for row in range(rows):
        side, top, bottom, known = sides[row], above[row], above[row + 1], seen[row]
        for column in range(columns):
            if known[column]:
                continue
            if side[column + 1] and bottom[column] and side[column] and top[column]:
                spans.append(_new(Span, (row, column, 1, 1, False)))
                continue
            region = _region(row, column, left_of, above)
            for r, c in region:
                seen[r][c] = True
            spans.extend(_rectangles(region))
    return sorted(spans)


def _region(row: int, column: int, left_of: Edges, above: Edges) -> set[tuple[int, int]]:
    region, waiting = {(row, column)}, [(row, column)]
    while waiting:
        r, c = waiting.pop()
        for r2, c2, closed in (
            (r, c + 1, left_of[c + 1][r]),
            (r, c - 1, left_of[c][r]),
            (r + 1, c, above[r + 1][c]),
            (r - 1, c, above[r][c]),
        ):
            if not closed and (r2, c2) not in region:
                region.add((r2, c2))
                waiting.append((r2, c2))
    return region


def _rectangles(region: set[tuple[int, int]]) -> list[Span]:
    rows, columns = [r for r, _ in region], [c for _, c in region]
    top, left, bottom, right = min(rows), min(columns), max(rows), max(columns)
    if len(region) == (bottom - top + 1) * (right - left + 1):
        return [Span(top, left, bottom - top + 1, right - left + 1)]
    spans: list[Span] = []
    rest = set(region)
    while rest:
        row, column = min(rest)
        width = 1
        while (row, column + width) in rest:
            width += 1
        height = 1
        while all((row + height, c) in rest for c in range(column, column + width)):
            height += 1
        spans.append(Span(row, column, height, width, odd=True))
        rest -= {(r, c) for r in range(row, row + height) for c in range(column, column + width)}
    return spans


def _compact(xs: list[float], ys: list[float], spans: list[Span]) -> Grid:
    """The grid without boundaries at which no cell begins; places to the hundredth of a point."""
    rows = sorted({span.row for span in spans})
    columns = sorted({span.column for span in spans})
    if len(rows) == len(ys) - 1 and len(columns) == len(xs) - 1:
        return Grid(tuple([round(x, 2) for x in xs]), tuple([round(y, 2) for y in ys]), tuple(spans))
    row_at = {old: new for new, old in enumerate([*rows, len(ys) - 1])}
    column_at = {old: new for new, old in enumerate([*columns, len(xs) - 1])}
    compact = tuple(
        Span(
            row_at[span.row],
            column_at[span.column],
            row_at[span.row + span.rowspan] - row_at[span.row],
            column_at[span.column + span.colspan] - column_at[span.column],
            span.odd,
        )
        for span in spans
    )
    across = tuple(round(xs[c], 2) for c in [*columns, len(xs) - 1])
    down = tuple(round(ys[r], 2) for r in [*rows, len(ys) - 1])
    return Grid(across, down, compact)
