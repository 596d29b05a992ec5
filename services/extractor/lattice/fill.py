"""Characters into cells and into lines: order, spaces, characters printed twice."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from services.extractor.lattice.chars import Glyph, is_wide
from services.extractor.lattice.grid import Grid

#: A gap of this share of an em is a space between two Latin letters or digits, and between any two characters.
_LATIN_GAP, _ANY_GAP = 0.3, 0.9
#: A gap of more than this (em) parts what does not belong together.
_WIDE_GAP = 2
#: Characters whose baselines differ by more than this share of an em stand on different lines.
_LINE = 0.5
#: From the baseline up to the middle of a character, in em.
_MIDDLE = 0.35


@dataclass(frozen=True)
class Line:
    """A line of text: where it begins and ends, its baseline, its em, and how many wide gaps it has."""

    x0: float
    x1: float
    y: float
    size: float
    text: str
    gaps: int = 0


@dataclass(frozen=True)
class Filling:
    """What stands in a cell: its text, and whether its last line runs to the right edge (it may go on elsewhere)."""

    text: str
    full: bool


def into_cells(grids: list[Grid], glyphs: list[Glyph]) -> tuple[list[list[list[Glyph]]], list[Glyph]]:
    """Per grid and span the characters whose middle lies in it, and the characters outside of every grid."""
    filled: list[list[list[Glyph]]] = [[[] for _ in grid.spans] for grid in grids]
    places = [(grid.box, grid.xs, grid.ys, grid.owners(), cells) for grid, cells in zip(grids, filled, strict=True)]
    outside: list[Glyph] = []
    for glyph in glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, glyph.y - _MIDDLE * glyph.size
        for (x0, y0, x1, y1), xs, ys, owners, cells in places:
            if x0 <= x < x1 and y0 <= y < y1:
                cells[owners[bisect_right(ys, y) - 1][bisect_right(xs, x) - 1]].append(glyph)
                break
        else:
            outside.append(glyph)
    return filled, outside


def filling_of(glyphs: list[Glyph], right: float) -> Filling:
    """The text of a cell whose right edge is at `right`; its lines are parted by line breaks."""
    if not glyphs:
        return Filling("", full=False)
    lines = lines_of(glyphs)
    if not lines:
        return Filling("", full=False)
    last = lines[-1]
    return Filling("\n".join(line.text for line in lines).strip(), full=right - last.x1 < 1.6 * last.size)


def lines_of(glyphs: list[Glyph]) -> list[Line]:
    """Characters as lines from top to bottom; lines of nothing but spaces are left out."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs):
        if rows and glyph.y - rows[-1][-1].y <= _LINE * max(min(glyph.size, rows[-1][0].size), 2.0):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    lines = [_line(row) for row in rows]
    return [line for line in lines if line.text]


def _line(row: list[Glyph]) -> Line:
    kept = _visible(sorted(row, key=_by_x))
    if not kept:
        return Line(0, 0, 0, 0, "")
    parts = [kept[0].char]
    gaps = 0
    for before, glyph in pairwise(kept):
        gap = glyph.x0 - before.x1
        if gap > _LATIN_GAP * glyph.size and _needs_space(before, glyph, gap):
            parts.append(" ")
        if max(gap, glyph.x1 - glyph.x0 if glyph.char.isspace() else 0) > _WIDE_GAP * glyph.size:
            gaps += 1
        parts.append(glyph.char)
    wide = [glyph.size for glyph in kept if is_wide(glyph.char)]
    size = max(wide or (glyph.size for glyph in kept))
    return Line(kept[0].x0, max(glyph.x1 for glyph in kept), kept[0].y, size, "".join(parts), gaps)


def _visible(row: list[Glyph]) -> list[Glyph]:
    """A row from left to right without spaces at its ends, spaces printed over, and characters printed twice."""
    kept: list[Glyph] = []
    for index, glyph in enumerate(row):
        if glyph.char.isspace():
            if not kept or _covered(glyph, row, index):
                continue
        elif _printed_twice(glyph, kept):
            continue
        kept.append(glyph)
    while kept and kept[-1].char.isspace():
        kept.pop()
    return kept


def _needs_space(before: Glyph, glyph: Glyph, gap: float) -> bool:
    if glyph.char.isspace() or before.char.isspace():
        return False
    latin = not is_wide(glyph.char) and not is_wide(before.char)
    return latin or gap > _ANY_GAP * max(glyph.size, before.size)


def _by_x(glyph: Glyph) -> tuple[float, float]:
    return glyph.x0, glyph.x1


def _covered(space: Glyph, row: list[Glyph], index: int) -> bool:
    """Whether the next character is printed over the space: then nobody sees it."""
    following = row[index + 1] if index + 1 < len(row) else None
    return following is not None and following.x0 < space.x0 + 0.3 * (space.x1 - space.x0)


def _printed_twice(glyph: Glyph, kept: list[Glyph]) -> bool:
    """Whether the same character was just printed at the same place (bold by printing it twice)."""
    near = 0.3 * (glyph.x1 - glyph.x0)
    return any(other.char == glyph.char and glyph.x0 - other.x0 < near for other in kept[-3:])
