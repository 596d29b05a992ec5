"""The header of a table that no rule parts: which heading stands over which columns.

Headings stand in the middle of their cell. The lowest one over a column names it; one that stands higher, with others
below it, names several; one that stands beside such a pair, half-way, names its column alone over the whole height.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import median

from services.extractor.lattice.columns import Column
from services.extractor.lattice.leaves import LEVEL, NAMES, Heading
from services.extractor.lattice.rules import Rule

#: What it costs (em off the middle) to leave a low heading without one above it, and to put one over a half-way one.
_MISSED, _HALFWAY = 6.0, 3.0
#: What stands over the columns of codes and names, and over no other: their headings.
_ITEM = "项目"
_ENTRY = NAMES | {"类", "款", "项"}


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


def head_of(headings: list[Heading], leaves: list[Heading | None], columns: list[Column], sheet: Sheet) -> Head:
    """The cells of the header over `columns`."""
    size = median(h.pieces[0].size for h in headings)
    units = _units(leaves)
    parents = [h for h in headings if not any(h is leaf for leaf in leaves)]
    sure = True
    while parents:
        level = _next_level(parents, units, sheet.edges, size)
        parents = [h for h in parents if not any(h is other for other in level)]
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


def _next_level(parents: list[Heading], units: list[_Unit], edges: Sequence[float], size: float) -> list[Heading]:
    """The headings right above the lowest of those that have one above them."""
    direct = [h for h in parents if not any(h.over(other) for other in parents)]
    below = [
        min((u.height for u in units if u.height > h.height + size / 2 and _reaches(h, u, edges)), default=h.height)
        for h in direct
    ]
    deepest = max(below) - LEVEL * size
    return [h for h, height in zip(direct, below, strict=True) if height >= deepest]


def _grouped(units: list[_Unit], level: list[Heading], sheet: Sheet, size: float) -> tuple[list[_Unit], bool]:
    """Units with those below some headings put together; and whether each heading found its own."""
    edges, height = sheet.edges, max(h.height for h in level)
    lower = [unit for unit in units if unit.height > height + size / 2]
    if not lower:
        return units, False
    below = [unit for unit in lower if any(_reaches(h, unit, edges) for h in level)] or lower
    first = min(unit.height for unit in below) - LEVEL * size
    sure, found, waiting = True, [], list(level)
    for run in _runs(units, height + size / 2):
        own = [h for h in waiting if run[0].height > height + size / 2 and _between(h, run, edges)]
        waiting = [h for h in waiting if not any(h is other for other in own)]
        groups = _split(run, own, sheet, first, size)
        sure = sure and sum(1 for group in groups if group.heading in own) == len(own)
        sure = sure and all(_holds(group, edges) for group in groups if group.parts)
        found.extend(groups)
    return found, sure and not waiting


def _runs(units: list[_Unit], height: float) -> list[list[_Unit]]:
    """Neighbours that stand lower than `height`, each of the others by itself."""
    runs: list[list[_Unit]] = []
    for unit in units:
        if unit.height > height and runs and runs[-1][-1].height > height and runs[-1][-1].last + 1 == unit.first:
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


def _split(run: list[_Unit], own: list[Heading], sheet: Sheet, first: float, size: float) -> list[_Unit]:
    """The units of a run in groups, one for each heading that stands over it.

    A heading stands over as many columns as the rule below it; without such a rule, as near to their middle as can be,
    or where the lower ones begin that begin below it. Columns whose own heading stands at `first` or lower have one of
    these above them; those whose heading stands half-way have none, if that is not far off the middle, nor do those
    left of the first where all begin together.
    """
    if not own or len(own) > len(run):
        return run
    edges = sheet.edges
    flush = all(any(abs(unit.heading.x0 - heading.x0) <= 1 for unit in run) for heading in own)
    below = [_rule_below(heading, own, run, sheet.short) for heading in own]
    begin = own[0].x0 - 1 if flush else edges[0]
    free = [0.0 if unit.height < first or all(below) or unit.heading.x0 < begin else _MISSED * size for unit in run]
    taken = [_HALFWAY * size if unit.height < first and not unit.parts else 0.0 for unit in run]
    items = [_text(heading) == _ITEM for heading in own]
    amounts = [0.0 if _text(unit.heading) in _ENTRY else 2 * _MISSED * size for unit in run]

    def cost(start: int, end: int, heading: int) -> float:
        left, right = edges[run[start].first], edges[run[end - 1].last + 1]
        extra = sum(taken[start:end]) + (sum(amounts[start:end]) if items[heading] else 0.0)
        rule = below[heading]
        if rule:
            return abs(rule.start - left) + abs(rule.end - right) + extra
        if flush:
            return 10 * abs(run[start].heading.x0 - own[heading].x0) + extra
        outside = max(left - own[heading].x0, own[heading].x1 - right, 0.0)
        return abs((left + right) / 2 - own[heading].centre) + 10 * outside + extra

    @cache
    def best(start: int, heading: int) -> tuple[float, tuple[tuple[int, int], ...]]:
        if heading == len(own):
            return sum(free[start:]), ()
        if start == len(run):
            return float("inf"), ()
        alone, rest = best(start + 1, heading)
        options = [(free[start] + alone, rest)]
        for end in range(start + 1, len(run) + 1):
            more, rest = best(end, heading + 1)
            options.append((cost(start, end, heading) + more, ((start, end), *rest)))
        return min(options, key=lambda option: option[0])

    parts = best(0, 0)[1]
    groups: list[_Unit] = []
    at = 0
    for heading, (start, end) in zip(own, parts, strict=False):
        groups.extend(run[at:start])
        children = run[start:end]
        place = (children[0].first, children[-1].last)
        groups.append(_Unit(*place, heading.height, heading.top, children, heading))
        at = end
    return [*groups, *run[at:]]


def _text(heading: Heading) -> str:
    return "".join(piece.text for piece in heading.pieces)


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
        end = max((i for i in range(row + 1, len(ys) - 1) if low <= ys[i] <= high), default=row + 1)
        for part in unit.parts:
            _place(part, end, ys, cells)
    cells.append(HeadCell(unit.first, unit.last, row, end, unit.heading.centre))
