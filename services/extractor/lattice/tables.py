"""The tables of a page: by their rules first; where lines of names and amounts are left, by how they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from services.extractor.lattice.bands import Network, join_bands
from services.extractor.lattice.bare import SUMS, Bare, Before, Place, bare_table
from services.extractor.lattice.certain import is_certain
from services.extractor.lattice.chars import Characters, Glyph
from services.extractor.lattice.fill import Line, into_cells, line_of, lines_of, rows_of
from services.extractor.lattice.frame import Rect
from services.extractor.lattice.grid import Grid, grid_of
from services.extractor.lattice.pieces import Row, pieces_of
from services.extractor.lattice.regions import Region, regions_of
from services.extractor.lattice.rules import Rule, networks
from services.extractor.lattice.runs import runs_of, without_strays
from services.extractor.lattice.tiles import tiled
from services.extractor.lattice.unruled import Mended, with_body, with_rows

_AMOUNT = re.compile(r"(?:^|\s)-?[0-9][0-9,]*\.[0-9]")
_UNIT = re.compile(r"单位[:：].{0,6}元|公开\s*[0-9]+\s*表")
_NEXT = 5.0  # em from a caption to what stands below it
_MARGIN = 3.0
_MISSED = 10
_FEW = 3
_CLEAR = 3.0  # em from a line to a grid of which it has nothing
_MOST_LINES = 1_000  # of a page; with more it is no page of tables
_RUNNING = 4  # lines at the top of a page above a table that goes on


@dataclass(frozen=True)
class Tables:
    """Grids from top to bottom, what stands in their cells, and the lines outside of them.

    `last`: what the next page must know of the last table that no rule parts. `unsure`: places in `grids`.
    """

    grids: list[Grid]
    cells: list[list[list[Glyph]]]
    lines: list[Line]
    last: Before | None = None
    unsure: frozenset[int] = frozenset()


def tables_of(
    horizontal: list[Rule],
    vertical: list[Rule],
    characters: Characters,
    before: Before | None = None,
    fills: Sequence[Rect] = (),
) -> Tables:
    """The tables of a page. `before`: `last` of the page before. `fills`: shades, white ones too, that are no rules."""
    groups = join_bands(without_strays(networks(horizontal, vertical)))
    drawn = [(grid, group) for group in groups if (grid := grid_of(*group))]
    ruled = _ruled(drawn, characters, before)
    if not _tabular(ruled, goes_on=before is not None):
        return _together(ruled, ruled.mended, (), characters)
    ruled = _shaded(drawn, ruled, tiled(fills, ruled.grids), characters, before)
    text = pieces_of(ruled.outside)
    walls = [grid.box[1] for grid in ruled.grids]
    mended = [
        found or with_body(grid, own, text, walls, before)
        for found, grid, own in zip(ruled.mended, ruled.grids, ruled.cells, strict=True)
    ]
    taken = {id(line) for found in mended if found for line in found.taken}
    free = [rule for rule in horizontal if not any(_within(rule, grid) for grid in ruled.grids)]
    bare = _bare_tables([line for line in text if id(line) not in taken], ruled.grids, free, before)
    return _together(ruled, mended, bare, characters)


def _shaded(
    drawn: Sequence[tuple[Grid, Network]],
    ruled: _Ruled,
    more: Sequence[tuple[Grid, Network]],
    characters: Characters,
    before: Before | None,
) -> _Ruled:
    """The grids with `more` that shades draw, if these hold (nearly) all rows of amounts that were left outside."""
    if not more:
        return ruled
    outside = reached = 0
    for line in filter(_is_row, ruled.read()):
        if any(_reaches(line, grid) for grid, _ in more):
            reached += 1
            if reached > _FEW:
                break
        else:
            outside += 1
            if _MISSED * outside > len(ruled.rows):
                return ruled
    if not (outside or reached):
        return ruled
    whole = _ruled([*drawn, *more], characters, before)
    least = max(_MISSED * sum(map(_is_row, whole.lines)), 1)
    return whole if next(islice(filter(_is_row, ruled.read()), least - 1, None), None) else ruled


def _is_row(line: Line) -> bool:
    return line.gaps > 0 and _AMOUNT.search(line.text) is not None


def _reaches(line: Line, grid: Grid) -> bool:
    """Whether a part of a line may stand in a grid, its height and that of the grid considered only."""
    return grid.ys[0] - _CLEAR * line.size <= line.y <= grid.ys[-1] + _CLEAR * line.size


@dataclass(frozen=True)
class _Ruled:
    """Grids that rules draw, from top to bottom, what they hold, how they are mended; and what is `outside`, sorted."""

    grids: list[Grid]
    cells: list[list[list[Glyph]]]
    mended: list[Mended | None]
    outside: list[Glyph]

    @cached_property
    def rows(self) -> list[list[Glyph]]:
        """The characters of each line outside."""
        return rows_of(self.outside)

    @cached_property
    def lines(self) -> list[Line]:
        """The lines outside."""
        return [line for line in self.read() if line.text]

    @cached_property
    def _made(self) -> list[Line]:
        return []

    def read(self) -> Iterator[Line]:
        """The same one by one, those without text too: the first of them may tell what one needs to know."""
        made = self._made
        for index, row in enumerate(self.rows):
            if index == len(made):
                made.append(line_of(row))
            yield made[index]


def _ruled(drawn: Sequence[tuple[Grid, Network]], characters: Characters, before: Before | None) -> _Ruled:
    ordered = sorted(drawn, key=lambda pair: (pair[0].box[1], pair[0].box[0]))
    grids = [grid for grid, _ in ordered]
    cells, outside = into_cells(grids, characters.glyphs, characters.clipped)
    mended = [
        with_rows(group, grid, own, before if index == 0 else None)
        for index, ((grid, group), own) in enumerate(zip(ordered, cells, strict=True))
    ]
    return _Ruled(grids, cells, mended, sorted(outside))


def _together(ruled: _Ruled, mended: Sequence[Mended | None], bare: Sequence[Bare], characters: Characters) -> Tables:
    if not bare and not any(mended):
        return Tables(ruled.grids, ruled.cells, ruled.lines)
    every: list[tuple[Grid, Before | None, bool | None]] = [
        (found.grid, found.carried, found.sure) if found else (grid, None, None)
        for grid, found in zip(ruled.grids, mended, strict=True)
    ]
    every += [(found.grid, found.carried, found.sure) for found in bare]
    every.sort(key=lambda each: (each[0].box[1], each[0].box[0]))
    whole = [grid for grid, _, _ in every]
    cells, outside = into_cells(whole, characters.glyphs, characters.clipped)
    unsure = frozenset(
        index
        for index, (grid, _, sure) in enumerate(every)
        if sure is not None and not (sure and is_certain(grid, cells[index]))  # None: rules part all of it
    )
    return Tables(whole, cells, lines_of(outside), every[-1][1], unsure)


def _tabular(ruled: _Ruled, *, goes_on: bool) -> bool:
    """Whether lines outside of all ruled tables may be those of another one, or of one that `goes_on` on this page."""
    if len(ruled.rows) > _MOST_LINES and len(ruled.lines) > _MOST_LINES:
        return False
    above: Line | None = None
    for line in ruled.read():
        if not line.text:
            continue
        if line.gaps and (goes_on or line.gaps > 1 or _AMOUNT.search(line.text)):
            return True
        if line.text in SUMS:
            return True
        if above and line.gaps and line.y - above.y < _NEXT * line.size and _UNIT.search(above.text):
            return True
        above = line
    return False


def _within(rule: Rule, grid: Grid) -> bool:
    x0, y0, x1, y1 = grid.box
    return y0 - 1 <= rule.at <= y1 + 1 and rule.start < x1 and x0 < rule.end


def _bare_tables(lines: list[Row], grids: Sequence[Grid], rules: Sequence[Rule], before: Before | None) -> list[Bare]:
    """Tables by their horizontal rules, then those without any."""
    walls = [grid.box[1] for grid in grids]
    found: list[Bare] = []
    for run in runs_of(rules, lines, before):
        first = (
            before if not found and lines and run.lines[0][0].y <= lines[min(_RUNNING, len(lines)) - 1][0].y else None
        )
        table = bare_table(run.lines, Place(run.left, run.right, first, run.ys, run.short))
        if table:
            found.append(table)
            walls.extend((run.ys[0], run.ys[-1]))
            taken = {id(line) for line in run.lines}
            lines = [line for line in lines if id(line) not in taken]
    for region in regions_of(lines, walls, None if found else before):
        table = bare_table(region.lines, _place(region, None if found else before))
        if table:
            found.append(table)
    return sorted(found, key=lambda table: table.grid.box[1])


def _place(region: Region, before: Before | None) -> Place:
    left, right = region.sides
    return Place(left - _MARGIN, right + _MARGIN, before, plain=region.plain)
