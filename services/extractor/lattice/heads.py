"""The header of a table that no rule parts: which heading stands over which columns.

Headings stand in the middle of their cell. The lowest one over a column names it; one that stands higher, with others
below it, names several; one that stands beside such a pair, half-way, names its column alone over the whole height.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from statistics import median

from services.extractor.lattice.columns import Column, merged
from services.extractor.lattice.pieces import Piece, Row
from services.extractor.lattice.rules import Rule

#: Lines of one heading stand no further apart than this (em); the next one is not much longer unless it is very near.
_PITCH, _TIGHT, _LONGER = 1.42, 1.3, 1.2
_OVERLAP = 0.3
#: Headings whose middles differ by less than this (em) stand at one height.
_LEVEL = 0.35


@dataclass
class Heading:
    """A heading: its lines from top to bottom."""

    pieces: list[Piece]

    @property
    def x0(self) -> float:
        """Where it begins."""
        return min(piece.x0 for piece in self.pieces)

    @property
    def x1(self) -> float:
        """Where it ends."""
        return max(piece.x1 for piece in self.pieces)

    @property
    def top(self) -> float:
        """Its upper edge."""
        return self.pieces[0].top

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.pieces[-1].bottom

    @property
    def centre(self) -> float:
        """The middle across."""
        return (self.x0 + self.x1) / 2

    @property
    def height(self) -> float:
        """The place of its middle from the top of the page."""
        return (self.top + self.bottom) / 2

    def over(self, other: Heading, slack: float = 0.0) -> bool:
        """Whether `other` stands lower, at least partly below this one."""
        return other.height > self.height + slack and self.x0 - slack < other.x1 and other.x0 < self.x1 + slack


@dataclass
class HeadCell:
    """A cell of the header: columns from `first` to `last`, rows from `row` up to `end`, the middle of its text."""

    first: int
    last: int
    row: int
    end: int
    centre: float = 0.0


@dataclass
class Head:
    """A header: the columns of the table, the boundaries between its rows, its cells; `sure`: nothing was guessed."""

    columns: list[Column]
    ys: list[float]
    cells: list[HeadCell]
    sure: bool


@dataclass(frozen=True)
class Sheet:
    """What a header stands on: the column boundaries, where it ends, rules that do not run from side to side."""

    edges: Sequence[float]
    neck: float
    short: Sequence[Rule] = ()


@dataclass
class _Unit:
    """Neighbouring columns under one heading: the place of that heading, and the rules below it."""

    first: int
    last: int
    height: float
    top: float
    parts: list[_Unit]
    heading: Heading


def headings_of(lines: Sequence[Row]) -> list[Heading]:
    """The headings that header lines make up: a line that goes on in the next one is one heading with it."""
    found: list[Heading] = []
    for line in lines:
        fits = {piece: [h for h in found if _goes_on(h.pieces[-1], piece)] for piece in line}
        for piece, above in fits.items():
            rivals = [other for other, own in fits.items() if above and other is not piece and above[-1] in own]
            if len(above) == 1 and not rivals:
                above[0].pieces.append(piece)
            else:
                found.append(Heading([piece]))
    return found


def _goes_on(above: Piece, below: Piece) -> bool:
    size = max(above.size, below.size)
    pitch = (below.y - above.y) / size
    overlap = min(above.x1, below.x1) - max(above.x0, below.x0)
    if not 0 < pitch <= _PITCH or overlap < _OVERLAP * size:
        return False
    return pitch <= _TIGHT or below.x1 - below.x0 <= above.x1 - above.x0 + _LONGER * size


def leaves_of(headings: list[Heading], columns: list[Column], size: float) -> tuple[list[Column], list[Heading | None]]:
    """All columns, those with a heading only among them, and the lowest heading over each."""
    parents = [heading for heading in headings if _is_parent(heading, headings, size)]
    names = [heading for heading in headings if not any(heading is parent for parent in parents)]
    columns = merged(
        [column for column in columns if not _is_shared(column, names, parents)], [(h.x0, h.x1) for h in names]
    )
    leaves: list[Heading | None] = [_lowest(names, column) for column in columns]
    free = [heading for heading in names if not any(heading is leaf for leaf in leaves)]
    pairs = list(zip(columns, leaves, strict=True))
    for heading, place in _partners(sorted(free, key=lambda h: h.x0), pairs):
        if place is None:
            pairs.append((Column(heading.x0, heading.x1), heading))
        else:
            pairs[place] = (pairs[place][0], heading)
    pairs.sort(key=lambda pair: pair[0].x0)
    wide = [(_with(column, leaf, leaves), leaf) for column, leaf in pairs]
    return [column for column, _ in wide], [leaf for _, leaf in wide]


def _is_shared(column: Column, names: list[Heading], parents: list[Heading]) -> bool:
    """Whether what looks like a column is a word in the middle of several: 合计 below 项目, beside both its columns."""
    alone = len(column.lines) == 1 and not any(column.overlaps(h.x0, h.x1) for h in names)
    return alone and any(column.overlaps(h.x0, h.x1) for h in parents)


def _lowest(headings: list[Heading], column: Column) -> Heading | None:
    own = [h for h in headings if column.overlaps(h.x0, h.x1)]
    lowest = max(own, key=lambda h: h.height, default=None)
    return None if lowest is None or any(lowest.over(other) for other in headings) else lowest


def _is_parent(heading: Heading, headings: list[Heading], size: float) -> bool:
    """Whether others stand below a heading, if only to its left and right.

    In the second case it stands as high as those over others, or at least above the middle of the header: half-way
    stand those that name one column over the whole height.
    """
    if any(heading.over(other, _OVERLAP * size) for other in headings):
        return True
    lowest = [h for h in headings if not any(h.over(other) for other in headings)]
    left = max((h for h in lowest if h.x1 <= heading.x0), key=lambda h: h.x1, default=None)
    right = min((h for h in lowest if h.x0 >= heading.x1), key=lambda h: h.x0, default=None)
    lower = [h for h in (left, right) if h is not None and h.height > heading.height + size]
    if not lower:
        return False
    parents = [h for h in headings if any(h.over(other) for other in headings)]
    if parents:
        return any(abs(h.height - heading.height) <= _LEVEL * size for h in parents)
    middle = (min(h.top for h in headings) + max(h.bottom for h in headings)) / 2
    return len(lower) > 1 and heading.height < middle - _LEVEL * size


def _partners(free: list[Heading], pairs: Sequence[tuple[Column, Heading | None]]) -> list[tuple[Heading, int | None]]:
    """The column without heading that belongs to each heading (None: a column that prints nothing else).

    A heading in the middle or at the left of its column and amounts at the right of it need not overlap. Both go from
    left to right, nothing else stands between a heading and its column, and as many as can be find each other.
    """
    bare = [index for index, (_, leaf) in enumerate(pairs) if leaf is None]

    @cache
    def best(heading: int, column: int) -> tuple[int, float, tuple[int | None, ...]]:
        if heading == len(free):
            return 0, 0.0, ()
        alone, cost, rest = best(heading + 1, column)
        options = [(alone + 1, cost, (None, *rest))]
        for place in range(column, len(bare)):
            distance = _distance(free[heading], bare[place], pairs)
            if distance is not None:
                alone, cost, rest = best(heading + 1, place + 1)
                options.append((alone, cost + distance, (bare[place], *rest)))
        return min(options, key=lambda option: option[:2])

    return list(zip(free, best(0, 0)[2], strict=True))


def _distance(heading: Heading, index: int, pairs: Sequence[tuple[Column, Heading | None]]) -> float | None:
    """How far a heading stands from a column; None if something of another column stands between them."""
    column = pairs[index][0]
    low, high = min(column.x1, heading.x1), max(column.x0, heading.x0)
    others = [_with(c, leaf, [leaf]) for number, (c, leaf) in enumerate(pairs) if number != index and leaf]
    return None if any(low <= (c.x0 + c.x1) / 2 <= high for c in others) else max(high - low, 0.0)


def _with(column: Column, leaf: Heading | None, leaves: list[Heading | None]) -> Column:
    """A column as wide as what it prints and its heading, if that is its own alone."""
    if leaf is None or sum(1 for other in leaves if other is leaf) > 1:
        return column
    return replace(column, x0=min(column.x0, leaf.x0), x1=max(column.x1, leaf.x1))


def head_of(headings: list[Heading], leaves: list[Heading | None], columns: list[Column], sheet: Sheet) -> Head:
    """The cells of the header over `columns`."""
    size = median(h.pieces[0].size for h in headings)
    units = _units(leaves)
    parents = [h for h in headings if not any(h is leaf for leaf in leaves)]
    sure = True
    while parents:
        lowest = max(h.height for h in parents)
        level = [h for h in parents if lowest - h.height <= _LEVEL * size]
        parents = [h for h in parents if lowest - h.height > _LEVEL * size]
        units, placed = _grouped(units, sorted(level, key=lambda h: h.x0), sheet, size)
        sure = sure and placed
    stabs = _stabs([gap for unit in units for gap in _gaps(unit)])
    ys = [min(h.top for h in headings) - size / 2, *stabs, sheet.neck]
    cells: list[HeadCell] = []
    for unit in units:
        _place(unit, 0, ys, cells)
    covered = {column for cell in cells for column in range(cell.first, cell.last + 1)}
    cells.extend(HeadCell(c, c, 0, len(ys) - 1) for c in range(len(columns)) if c not in covered)
    return Head(columns, ys, cells, sure)


def _units(leaves: list[Heading | None]) -> list[_Unit]:
    units: list[_Unit] = []
    for index, leaf in enumerate(leaves):
        if leaf is None:
            continue
        if units and units[-1].heading is leaf:
            units[-1].last = index
        else:
            units.append(_Unit(index, index, leaf.height, leaf.top, [], leaf))
    return units


def _grouped(units: list[_Unit], level: list[Heading], sheet: Sheet, size: float) -> tuple[list[_Unit], bool]:
    """Units with those below the headings of one level put together; and whether each heading found its own."""
    edges = sheet.edges
    height = level[0].height
    lower = [unit for unit in units if unit.height > height + size / 2]
    if not lower:
        return units, False
    below = [unit for unit in lower if any(_reaches(h, unit, edges) for h in level)] or lower
    first = min(unit.height for unit in below) - _LEVEL * size
    sure, found, waiting = True, [], list(level)
    for run in _runs(units, first):
        own = [h for h in waiting if run[0].height >= first and _between(h, run, edges)]
        waiting = [h for h in waiting if not any(h is other for other in own)]
        groups = _split(run, own, sheet)
        sure = sure and all(_holds(group, edges) for group in groups if group.parts)
        found.extend(groups)
    return found, sure and not waiting


def _runs(units: list[_Unit], first: float) -> list[list[_Unit]]:
    """Neighbours that stand at or below `first`, each of the others by itself."""
    runs: list[list[_Unit]] = []
    for unit in units:
        lower = unit.height >= first
        if lower and runs and runs[-1][-1].height >= first and runs[-1][-1].last + 1 == unit.first:
            runs[-1].append(unit)
        else:
            runs.append([unit])
    return runs


def _between(heading: Heading, run: list[_Unit], edges: Sequence[float]) -> bool:
    return edges[run[0].first] <= heading.centre <= edges[run[-1].last + 1]


def _reaches(heading: Heading, unit: _Unit, edges: Sequence[float]) -> bool:
    """Whether the middle half of a heading stands over a unit."""
    half = (heading.x1 - heading.x0) / 4
    return edges[unit.first] < heading.centre + half and heading.centre - half < edges[unit.last + 1]


def _holds(unit: _Unit, edges: Sequence[float]) -> bool:
    return edges[unit.first] - 1 <= unit.heading.x0 and unit.heading.x1 <= edges[unit.last + 1] + 1


def _split(run: list[_Unit], own: list[Heading], sheet: Sheet) -> list[_Unit]:
    """The units of a run in as many groups as headings stand over it.

    A heading stands over as many columns as the rule below it; without such a rule, as near to their middle as can be,
    or where the lower ones begin that begin below it.
    """
    if not own or len(own) > len(run):
        return run
    edges = sheet.edges
    flush = all(any(abs(unit.heading.x0 - heading.x0) <= 1 for unit in run) for heading in own)
    below = [_rule_below(heading, own, run, sheet.short) for heading in own]

    @cache
    def best(start: int, heading: int) -> tuple[float, tuple[int, ...]]:
        if heading == len(own) - 1:
            return cost(start, len(run), heading), (len(run),)
        options = (
            (cost(start, end, heading) + best(end, heading + 1)[0], (end, *best(end, heading + 1)[1]))
            for end in range(start + 1, len(run) - (len(own) - heading - 1) + 1)
        )
        return min(options)

    def cost(start: int, end: int, heading: int) -> float:
        left, right = edges[run[start].first], edges[run[end - 1].last + 1]
        rule = below[heading]
        if rule:
            return abs(rule.start - left) + abs(rule.end - right)
        if flush:
            return abs(run[start].heading.x0 - own[heading].x0)
        outside = max(left - own[heading].x0, own[heading].x1 - right, 0.0)
        return abs((left + right) / 2 - own[heading].centre) + 10 * outside

    groups: list[_Unit] = []
    start = 0
    for heading, end in zip(own, best(0, 0)[1], strict=True):
        parts = run[start:end]
        groups.append(_Unit(parts[0].first, parts[-1].last, heading.height, heading.top, parts, heading))
        start = end
    return groups


def _rule_below(heading: Heading, own: list[Heading], run: list[_Unit], short: Sequence[Rule]) -> Rule | None:
    """The rule between a heading and the next row, if it has it for itself."""
    end = min(unit.top for unit in run)
    for rule in short:
        if heading.bottom - 1 <= rule.at <= end + 1 and rule.start <= heading.centre <= rule.end:
            others = [h for h in own if rule.start <= h.centre <= rule.end]
            return rule if len(others) == 1 else None
    return None


def _gaps(unit: _Unit) -> list[tuple[float, float]]:
    """Between each heading over others and the highest of those: the boundary of two rows lies there."""
    if not unit.parts:
        return []
    own = (unit.heading.bottom, min(part.top for part in unit.parts))
    return [own, *(gap for part in unit.parts for gap in _gaps(part))]


def _stabs(gaps: list[tuple[float, float]]) -> list[float]:
    """The fewest places that lie in every gap."""
    places: list[tuple[float, float]] = []
    for start, end in sorted((min(gap), max(gap)) for gap in gaps):
        if places and start <= places[-1][1]:
            places[-1] = (max(start, places[-1][0]), min(end, places[-1][1]))
        else:
            places.append((start, end))
    return [(start + end) / 2 for start, end in places]


def _place(unit: _Unit, row: int, ys: Sequence[float], cells: list[HeadCell]) -> None:
    end = len(ys) - 1
    if unit.parts:
        low, high = sorted((unit.heading.bottom, min(part.top for part in unit.parts)))
        end = next((i for i in range(row + 1, len(ys) - 1) if low <= ys[i] <= high), row + 1)
        for part in unit.parts:
            _place(part, end, ys, cells)
    cells.append(HeadCell(unit.first, unit.last, row, end, unit.heading.centre))
