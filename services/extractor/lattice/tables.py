"""The tables of a page: by their rules first; where lines of names and amounts are left, by how they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.extractor.lattice.bands import join_bands
from services.extractor.lattice.bare import SUMS, Bare, Before, Place, bare_table
from services.extractor.lattice.chars import Characters, Glyph
from services.extractor.lattice.fill import Line, into_cells, lines_of
from services.extractor.lattice.grid import Grid, grid_of
from services.extractor.lattice.pieces import Row, pieces_of
from services.extractor.lattice.regions import Region, regions_of
from services.extractor.lattice.rules import Rule, networks
from services.extractor.lattice.runs import runs_of
from services.extractor.lattice.unruled import Mended, with_body, with_rows

_AMOUNT = re.compile(r"(?:^|\s)-?[0-9][0-9,]*\.[0-9]")
_UNIT = re.compile(r"单位[:：].{0,6}元|公开\s*[0-9]+\s*表")
_NEXT = 5.0  # em from a caption to what stands below it
_MARGIN = 3.0
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
    horizontal: list[Rule], vertical: list[Rule], characters: Characters, before: Before | None = None
) -> Tables:
    """The tables of a page. `before`: `last` of the page before."""
    drawn = [(grid, group) for group in join_bands(networks(horizontal, vertical)) if (grid := grid_of(*group))]
    drawn.sort(key=lambda pair: (pair[0].box[1], pair[0].box[0]))
    grids = [grid for grid, _ in drawn]
    cells, outside = into_cells(grids, characters.glyphs, characters.clipped)
    mended = [
        with_rows(group, grid, own, before if index == 0 else None)
        for index, ((grid, group), own) in enumerate(zip(drawn, cells, strict=True))
    ]
    lines = lines_of(outside)
    bare: list[Bare] = []
    if len(lines) <= _MOST_LINES and _tabular(lines, goes_on=before is not None):
        text = pieces_of(outside)
        walls = [grid.box[1] for grid in grids]
        mended = [
            found or with_body(grid, own, text, walls, before)
            for found, grid, own in zip(mended, grids, cells, strict=True)
        ]
        taken = {id(line) for found in mended if found for line in found.taken}
        free = [rule for rule in horizontal if not any(_within(rule, grid) for grid in grids)]
        bare = _bare_tables([line for line in text if id(line) not in taken], grids, free, before)
    if not bare and not any(mended):
        return Tables(grids, cells, lines)
    return _together(grids, mended, bare, characters)


def _together(
    grids: Sequence[Grid], mended: Sequence[Mended | None], bare: Sequence[Bare], characters: Characters
) -> Tables:
    every: list[tuple[Grid, Before | None, bool]] = [
        (found.grid, found.carried, found.sure) if found else (grid, None, True)
        for grid, found in zip(grids, mended, strict=True)
    ]
    every += [(found.grid, found.carried, found.sure) for found in bare]
    every.sort(key=lambda each: (each[0].box[1], each[0].box[0]))
    whole = [grid for grid, _, _ in every]
    cells, outside = into_cells(whole, characters.glyphs, characters.clipped)
    unsure = frozenset(index for index, (_, _, sure) in enumerate(every) if not sure)
    return Tables(whole, cells, lines_of(outside), every[-1][1], unsure)


def _tabular(lines: Sequence[Line], *, goes_on: bool) -> bool:
    """Whether lines outside of all ruled tables may be those of another one, or of one that `goes_on` on this page."""
    if goes_on and any(line.gaps for line in lines):
        return True
    if any((line.gaps and (line.gaps > 1 or _AMOUNT.search(line.text))) or line.text in SUMS for line in lines):
        return True
    return any(
        there.gaps and there.y - here.y < _NEXT * there.size and _UNIT.search(here.text)
        for here, there in pairwise(lines)
    )


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
