"""The tables of a page: by their rules first; where lines of names and amounts are left, by how they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.extractor.lattice.bands import Network, join_bands
from services.extractor.lattice.bare import Bare, Before, Place, bare_table
from services.extractor.lattice.chars import Characters, Glyph
from services.extractor.lattice.fill import Line, into_cells, lines_of
from services.extractor.lattice.grid import Grid, grid_of
from services.extractor.lattice.pieces import pieces_of
from services.extractor.lattice.regions import Region, regions_of
from services.extractor.lattice.rules import Rule, networks
from services.extractor.lattice.runs import runs_of
from services.extractor.lattice.unruled import with_rows

_AMOUNT = re.compile(r"(?:^|\s)-?[0-9][0-9,]*\.[0-9]")
_UNIT = re.compile(r"单位[:：].{0,6}元|公开\s*[0-9]+\s*表")
_NEXT = 5.0  # em from a caption to what stands below it
_MARGIN = 3.0
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
    grids, cells, outside = _with_rows(drawn, cells, outside, characters)
    lines = lines_of(outside)
    if not _tabular(lines):
        return Tables(grids, cells, lines)
    free = [rule for rule in horizontal if not any(_within(rule, grid) for grid in grids)]
    bare = _bare_tables(outside, grids, free, before)
    if not bare:
        return Tables(grids, cells, lines)
    more = [found.grid for found in bare]
    filled, rest = into_cells(more, outside)
    every = [(grid, own, True) for grid, own in zip(grids, cells, strict=True)]
    every += [(found.grid, own, found.sure) for found, own in zip(bare, filled, strict=True)]
    every.sort(key=lambda each: (each[0].box[1], each[0].box[0]))
    return Tables(
        [grid for grid, _, _ in every],
        [own for _, own, _ in every],
        lines_of(rest),
        bare[-1].carried,
        frozenset(i for i, (_, _, sure) in enumerate(every) if not sure),
    )


def _with_rows(
    drawn: list[tuple[Grid, Network]], cells: list[list[list[Glyph]]], outside: list[Glyph], characters: Characters
) -> tuple[list[Grid], list[list[list[Glyph]]], list[Glyph]]:
    grids = [grid for grid, _ in drawn]
    more = [with_rows(group, grid, filled) for (grid, group), filled in zip(drawn, cells, strict=True)]
    if not any(more):
        return grids, cells, outside
    grids = [(rules and grid_of(*rules)) or grid for grid, rules in zip(grids, more, strict=True)]
    filled, outside = into_cells(grids, characters.glyphs, characters.clipped)
    return grids, filled, outside


def _tabular(lines: Sequence[Line]) -> bool:
    """Whether lines outside of all ruled tables may be those of another one."""
    if any(line.gaps and _AMOUNT.search(line.text) for line in lines):
        return True
    return any(
        there.gaps and there.y - here.y < _NEXT * there.size and _UNIT.search(here.text)
        for here, there in pairwise(lines)
    )


def _within(rule: Rule, grid: Grid) -> bool:
    x0, y0, x1, y1 = grid.box
    return y0 - 1 <= rule.at <= y1 + 1 and rule.start < x1 and x0 < rule.end


def _bare_tables(
    outside: list[Glyph], grids: Sequence[Grid], rules: Sequence[Rule], before: Before | None
) -> list[Bare]:
    """Tables by their horizontal rules, then those without any."""
    lines = pieces_of(outside)
    walls = [grid.box[1] for grid in grids]
    found: list[Bare] = []
    for run in runs_of(rules, lines):
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
    return Place(left - _MARGIN, right + _MARGIN, before)
