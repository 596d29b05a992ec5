"""Characters into cells and into lines: order, spaces, characters printed twice."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from services.extractor.lattice.chars import WIDE as _WIDE
from services.extractor.lattice.chars import Glyph
from services.extractor.lattice.grid import Grid
from services.extractor.lattice.mixed import is_mixed
from shared.catalogue.amounts import whole_amount

#: A gap of this share of an em is a space between two Latin letters or digits, and between any two characters.
_LATIN_GAP, _ANY_GAP = 0.3, 0.9
#: A gap of more than this (em) parts what does not belong together.
_WIDE_GAP = 2
#: Neighbours may overlap by this share of a character's width.
_TOUCH = 0.1
#: Characters that begin within this share of another one's width stand at the same place.
_OVERLAP = 0.3
#: Characters whose baselines differ by more than this share of an em stand on different lines.
_LINE = 0.5
#: The last line of a cell that ends nearer to its right edge than this (em) is full.
_FULL = 1.6
#: The beginning of an amount in groups of three that is not whole.
_BEGINS = frozenset("-,.0123456789")
_HALF = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})*(?:,[0-9]{0,2}|,[0-9]{3}\.[0-9]?)")
#: Left and right margin of a cell together (points), as wide as Word sets them.
_MARGINS = 12.0
#: From the baseline up to the middle of a character, in em.
_MIDDLE = 0.35


Point = tuple[float, float]

_baseline, _by_x = itemgetter(0), itemgetter(1, 2)
_end, _size, _char = itemgetter(2), itemgetter(3), itemgetter(4)


class Line(NamedTuple):
    """A line of text: where it begins and ends, its baseline, its em, and how many wide gaps it has.

    `parts` are (x0, x1, text) between the wide gaps, empty where there are none. `column` is where the text begins and
    ends that the line belongs to, if that is not the page's.
    """

    x0: float
    x1: float
    y: float
    size: float
    text: str
    gaps: int = 0
    parts: tuple[tuple[float, float, str], ...] = ()
    column: tuple[float, float] | None = None


class Filling(NamedTuple):
    """What stands in a cell: its text, and whether its last line runs to the right edge (it may go on elsewhere).

    `full` is told of the last row of a table only: elsewhere it may be False all the same. `mixed`: two lines are
    printed over each other there.
    """

    text: str
    full: bool
    mixed: bool = False


_NOTHING = Filling("", full=False)
_new = tuple.__new__  # a named tuple without the detour by its names: there is one for each cell


def into_cells(
    grids: list[Grid], glyphs: list[Glyph], clipped: Sequence[tuple[Glyph, Point]] = ()
) -> tuple[list[list[list[Glyph]]], list[Glyph]]:
    """Per grid and span the characters whose middle lies in it, and the characters outside of every grid.

    `clipped` come with a place in the box that clips them: they belong to the cell where that lies. Outside of the
    grids they are text like any other.
    """
    if not grids:
        return [], [*glyphs, *(glyph for glyph, _ in clipped)]
    filled: list[list[list[Glyph]]] = [[[] for _ in grid.spans] for grid in grids]
    places = [(grid.box, grid.xs, grid.ys, grid.owners(), cells) for grid, cells in zip(grids, filled, strict=True)]
    outside: list[Glyph] = []
    left = upper = right = lower = 0.0
    cell = outside
    for glyph in glyphs:
        y, begin, end, size, _ = glyph
        x, y = (begin + end) / 2, y - _MIDDLE * size
        if left <= x < right and upper <= y < lower:  # most stand where the one before them stands
            cell.append(glyph)
            continue
        for (x0, y0, x1, y1), xs, ys, owners, cells in places:
            if x0 <= x < x1 and y0 <= y < y1:
                row, column = bisect_right(ys, y), bisect_right(xs, x)
                left, right, upper, lower = xs[column - 1], xs[column], ys[row - 1], ys[row]
                cell = cells[owners[row - 1][column - 1]]
                cell.append(glyph)
                break
        else:
            outside.append(glyph)
    for glyph, (x, y) in clipped:
        for (x0, y0, x1, y1), xs, ys, owners, cells in places:
            if x0 <= x < x1 and y0 <= y < y1:
                cells[owners[bisect_right(ys, y) - 1][bisect_right(xs, x) - 1]].append(glyph)
                break
        else:
            outside.append(glyph)
    return filled, outside


def filling_of(glyphs: list[Glyph], left: float, right: float, *, ends: bool = True) -> Filling:
    """The text of a cell from `left` to `right`; its lines are parted by line breaks. `ends`: it is in the last row.

    An amount that the narrow column broke in two is one: 37,931.6 over 1 is 37,931.61.
    """
    if not glyphs:
        return _NOTHING
    if glyphs[0][4] == " " or glyphs[-1][4] == " ":
        glyphs = _trimmed(glyphs) or glyphs
    level = glyphs[0][0] == glyphs[-1][0]
    plain = _plain(glyphs, right, ends=ends) if level else _stacked(glyphs, left, right, ends=ends)
    if plain:
        return plain
    lines = lines_of(glyphs)
    if not lines:
        return _NOTHING
    mixed = any(is_mixed(_visible(sorted(row, key=_by_x))) for row in rows_of(glyphs))
    return _filling(lines, right - left, right)._replace(mixed=mixed)


def _filling(lines: list[Line], width: float, right: float) -> Filling:
    last = lines[-1]
    mark = "" if len(lines) > 1 and _is_broken(lines, width) else "\n"
    return Filling(mark.join([line.text for line in lines]).strip(), full=right - last.x1 < _FULL * last.size)


def _trimmed(glyphs: list[Glyph]) -> list[Glyph]:
    """Characters in the order printed without the spaces before and behind them on their lines; none if only spaces."""
    begin, end = 0, len(glyphs)
    while begin < end and glyphs[begin][4] == " ":
        begin += 1
    while end > begin and glyphs[end - 1][4] == " ":
        end -= 1
    if begin == end:
        return []
    first, last = glyphs[begin], glyphs[end - 1]
    before = all(glyph[0] == first[0] and glyph[1] < first[1] for glyph in glyphs[:begin])
    behind = all(glyph[0] == last[0] and glyph[1] > last[1] for glyph in glyphs[end:])
    return glyphs[begin:end] if before and behind else []


def _plain(glyphs: list[Glyph], right: float, *, ends: bool) -> Filling | None:
    """The filling of a cell whose characters stand on one line, in the order printed and without spaces."""
    y, end, *_ = glyphs[0]
    for line, x0, x1, size, _ in glyphs:
        if line != y or not -_TOUCH * (x1 - x0) <= x0 - end <= _LATIN_GAP * size:
            return None
        end = x1
    text = "".join(map(_char, glyphs))
    if text.split() != [text]:
        return None
    return _new(Filling, (text, ends and _is_full(glyphs, right - end), False))


def _stacked(glyphs: list[Glyph], left: float, right: float, *, ends: bool) -> Filling | None:
    """The same for several lines from top to bottom."""
    text = "".join(map(_char, glyphs))
    if text.split() != [text] or len(text) != len(glyphs):
        return None
    y, end, _, em, _ = glyphs[0]
    begins = [0]
    for place, (line, x0, x1, size, _) in enumerate(glyphs):
        if line != y:
            if line - y <= _LINE * max(min(size, em), 2.0):
                return None
            begins.append(place)
            y, em = line, size
        elif not -_TOUCH * (x1 - x0) <= x0 - end <= _LATIN_GAP * size:
            return None
        end = x1
    texts = [text[here:there] for here, there in pairwise([*begins, len(text)])]
    if text[0] in _BEGINS and whole_amount(texts):
        rows = [glyphs[here:there] for here, there in pairwise([*begins, len(text)])]
        lines = [
            Line(row[0][1], max(map(_end, row)), row[0][0], _em(row), own) for row, own in zip(rows, texts, strict=True)
        ]
        return _filling(lines, right - left, right)
    last = glyphs[begins[-1] :]
    return _new(Filling, ("\n".join(texts), ends and _is_full(last, right - max(map(_end, last))), False))


def _is_full(row: list[Glyph], room: float) -> bool:
    """Whether a last line that leaves `room` beside it is full; its em lies between the sizes of its characters."""
    sizes = list(map(_size, row))
    return room < _FULL * max(sizes) and (room < _FULL * min(sizes) or room < _FULL * _em(row))


def _em(row: list[Glyph]) -> float:
    """The em of a line: that of its Chinese characters, if it has any."""
    return max([glyph[3] for glyph in row if glyph[4] >= _WIDE] or map(_size, row))


def _is_broken(lines: list[Line], width: float) -> bool:
    """Whether the lines are one amount: they fill the column, or the first one alone would be none (9,365.0 and 4)."""
    if lines[0].text[0] not in _BEGINS or not whole_amount([line.text for line in lines]):
        return False
    return bool(_HALF.fullmatch(lines[0].text)) or all(_fills(line, width) for line in lines[:-1])


def _fills(line: Line, width: float) -> bool:
    """Whether no further digit fits beside the line, the margins of the cell left out."""
    return width - (line.x1 - line.x0) < _MARGINS + line.size


def lines_of(glyphs: list[Glyph]) -> list[Line]:
    """Characters as lines from top to bottom; lines of nothing but spaces are left out."""
    if len({glyph[0] for glyph in glyphs}) == 1:
        line = line_of(glyphs[:])
        return [line] if line.text else []
    return [line for line in map(line_of, rows_of(glyphs)) if line.text]


def rows_of(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """The characters of each line, from top to bottom."""
    rows: list[list[Glyph]] = []
    before, em = 0.0, 0.0
    for y, own in groupby(sorted(glyphs), key=_baseline):
        level = list(own)
        if rows and y - before <= _LINE * max(min(level[0][3], em), 2.0):
            rows[-1] += level
        else:
            rows.append(level)
            em = level[0][3]
        before = y
    return rows


def line_of(row: list[Glyph]) -> Line:
    """The line that some characters make; it has no text if they are all spaces."""
    row.sort(key=_by_x)
    text = "".join(map(_char, row))
    if text.split() == [text] and _is_dense(row):
        return Line(row[0][1], max(map(_end, row)), row[0][0], _em(row), text)
    kept = _visible(row)
    if not kept:
        return Line(0, 0, 0, 0, "")
    y, left, end, em, last = kept[0]
    parts = [last]
    gaps: list[tuple[int, float, float]] = []  # where in `parts` each wide gap is, from where to where
    wide_em, right = em if last >= _WIDE else 0.0, end
    for _, x0, x1, size, char in kept[1:]:
        gap = x0 - end
        if gap > _LATIN_GAP * size and not char.isspace() and not last.isspace():
            if gap > _ANY_GAP * max(size, em) or (char < _WIDE and last < _WIDE):
                parts.append(" ")
            if gap > _WIDE_GAP * size:
                gaps.append((len(parts), end, x0))
        elif char.isspace() and x1 - x0 > _WIDE_GAP * size:
            gaps.append((len(parts), x0, x1))
        parts.append(char)
        if char >= _WIDE and size > wide_em:
            wide_em = size
        end, em, last = x1, size, char
        right = max(right, x1)
    size = wide_em or max(glyph[3] for glyph in kept)
    return Line(left, right, y, size, "".join(parts), len(gaps), _parted(parts, gaps, left, right))


def _parted(
    parts: list[str], gaps: list[tuple[int, float, float]], left: float, right: float
) -> tuple[tuple[float, float, str], ...]:
    """(x0, x1, text) between the wide gaps of a line."""
    if not gaps:
        return ()
    places = [0, *(place for place, _, _ in gaps), len(parts)]
    begins = [left, *(begin for _, _, begin in gaps)]
    ends = [*(end for _, end, _ in gaps), right]
    texts = ["".join(parts[here:there]).strip() for here, there in pairwise(places)]
    return tuple(zip(begins, ends, texts, strict=True))


def _is_dense(row: list[Glyph]) -> bool:
    """Whether each character begins where the one before it ends: no spaces, nothing printed twice."""
    end = row[0][1]
    for _, x0, x1, size, _ in row:
        if not -_TOUCH * (x1 - x0) <= x0 - end <= _LATIN_GAP * size:
            return False
        end = x1
    return True


def _visible(row: list[Glyph]) -> list[Glyph]:
    """A row from left to right without spaces at its ends, spaces printed over, and characters printed twice.

    Bold by printing twice puts the same character a little to the right: it comes next in the row.
    """
    kept: list[Glyph] = []
    for index, glyph in enumerate(row):
        _, x0, x1, _, char = glyph
        if char.isspace():
            if not kept or (index + 1 < len(row) and row[index + 1][1] < x0 + _OVERLAP * (x1 - x0)):
                continue
        elif kept and kept[-1][4] == char and x0 - kept[-1][1] < _OVERLAP * (x1 - x0):
            continue
        kept.append(glyph)
    while kept and kept[-1][4].isspace():
        kept.pop()
    return kept
