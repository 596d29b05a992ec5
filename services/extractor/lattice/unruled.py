"""Tables with a ruled header over a body that has an outline, columns or nothing: a row per line of amounts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from operator import itemgetter
from typing import TypeAlias

from services.extractor.lattice.bands import Network
from services.extractor.lattice.bare import SUMS, Before, body_spans
from services.extractor.lattice.chars import Glyph
from services.extractor.lattice.grid import Grid, grid_of
from services.extractor.lattice.lines import bands_of, separators
from services.extractor.lattice.pieces import Row, amounts, is_amount, is_number, pieces_of
from services.extractor.lattice.regions import downwards
from services.extractor.lattice.rules import SNAP, Rule

#: Lines with amounts that make one ruled row several rows.
_LEAST_LINES = 3
#: A row lower than this (points) holds no two lines.
_LOW = 20.0
_MOST_HEAD = 6
#: The first line below a header stands within this (em), text stands out at the sides by no more than this (points).
_NEAR, _OUT = 3.2, 3.0
_HALF = 0.5
_LEVEL = 0.15  # em
#: A merged cell draws its own side here and there; a column draws more of it than this.
_PART = 0.4

_baseline = itemgetter(0)  # of a glyph


_Reader: TypeAlias = Callable[..., list[Row]]


@dataclass(frozen=True)
class Mended:
    """A grid with the rows that no rule parts, what the next page must know of it, the lines that it took in."""

    grid: Grid
    carried: Before
    sure: bool
    taken: tuple[Row, ...] = ()


def with_rows(network: Network, grid: Grid, cells: list[list[Glyph]], before: Before | None = None) -> Mended | None:
    """`grid` with each ruled row that holds several lines of amounts cut into rows; None when there is no such row.

    `before`: a table of the page before; one with its header again has such rows too, however few lines are left.
    """
    across: list[Rule] = []
    down: list[Rule] = []
    words: frozenset[str] | None = None
    sure = True
    read = _reader(cells)
    rows: list[list[int]] = [[] for _ in range(grid.rows)]
    for index, (first, _, height, _, _) in enumerate(grid.spans):
        if height == 1:
            rows[first].append(index)
    for row, (top, bottom) in enumerate(pairwise(grid.ys)):
        own = rows[row]
        if not _is_bare(grid, own, (cells, read), before, row, high=bottom - top > _LOW):
            continue
        words = _words(grid, read, row) if words is None else words
        bands = bands_of(read(*own), grid.xs[1:-1])
        ys = separators(bands, top, bottom)
        across.extend(Rule(y, grid.xs[0], grid.xs[-1]) for y in ys[1:-1])
        spans, clear = body_spans(bands, grid.xs, 0, {})
        sure = sure and clear
        wide = {
            column
            for index in own
            for column in _inner(grid, index)
            if not _drawn(network, grid.xs[column], top, bottom)
        }
        down.extend(Rule(grid.xs[span.column], ys[span.row], ys[span.row + 1]) for span in spans if span.column in wide)
    more = grid_of([*network[0], *across], [*network[1], *down]) if words is not None else None
    return Mended(more, Before(more.xs, words), sure) if more and words is not None else None


def _reader(cells: list[list[Glyph]]) -> _Reader:
    """A function that gives the lines of some cells, by their indices; each question is answered once."""

    @cache
    def read(*own: int) -> list[Row]:
        return pieces_of(cells[own[0]] if len(own) == 1 else [glyph for index in own for glyph in cells[index]])

    return read


def _drawn(network: Network, x: float, top: float, bottom: float) -> bool:
    """Whether vertical rules at `x` stand in a good part of a row: where they do not, its cells are one."""
    near = [rule for rule in network[1] if abs(rule.at - x) <= SNAP]
    return sum(max(min(rule.end, bottom) - max(rule.start, top), 0.0) for rule in near) >= _PART * (bottom - top)


def _inner(grid: Grid, index: int) -> range:
    """The boundaries inside of a cell that spans columns."""
    span = grid.spans[index]
    return range(span.column + 1, span.column + span.colspan)


def _is_bare(
    grid: Grid,
    own: Sequence[int],
    content: tuple[list[list[Glyph]], _Reader],
    before: Before | None,
    row: int,
    *,
    high: bool,
) -> bool:
    """Whether a ruled row holds several rows, or one whose columns nothing parts; `high`: it has room for two lines."""
    cells, read = content
    wide = [index for index in own if len(cells[index]) > 1 and grid.spans[index].colspan > 1]
    if any(len(own) == 1 and "".join(glyph[4] for glyph in cells[index]) in SUMS for index in wide):
        return True
    if any(_is_entry(line) for index in wide if _marks(cells[index]) for line in read(index)):
        return True
    if not high and not (wide and before):
        return False
    if before and len(before.words) > 1 and before.words == _words(grid, read, row):
        lines = read(*own)
        return len(lines) > 1 or (bool(wide) and any(len(line) > 1 for line in lines))
    tall = [index for index in own if _is_tall(cells[index])]
    return bool(tall) and (
        (len(tall) == len(own) and _is_level([read(index) for index in tall]))
        or any(_counts_up(read(index)) for index in tall if _is_decimal(cells[index]))
        or (_has_several_amounts([cells[index] for index in tall]) and _is_stack(read(*own)))
    )


def _is_entry(line: Row) -> bool:
    """Whether a line has several numbers, an amount among them or all over the page."""
    numbers = sum(1 for piece in line if is_number(piece.text))
    return amounts(line) > 1 or (amounts(line) > 0 and numbers > 1 and len(line) > _LEAST_LINES)


def _has_several_amounts(columns: list[list[Glyph]]) -> bool:
    """Whether one of some cells may have several lines with amounts."""
    return max((_marks(own) for own in columns if len(own) > 2 * _LEAST_LINES), default=0) >= _LEAST_LINES


def _is_stack(lines: list[Row]) -> bool:
    """Whether several lines have amounts beside something else."""
    return sum(1 for line in lines if len(line) > 1 and amounts(line)) >= _LEAST_LINES


def _is_decimal(glyphs: list[Glyph]) -> bool:
    return all(glyph[4].isdecimal() for glyph in glyphs)


def _counts_up(lines: list[Row]) -> bool:
    """Whether a cell of nothing but digits numbers the lines beside it: 1, 2, 3 below each other."""
    numbers = [int(piece.text) for line in lines for piece in line]
    return len(numbers) >= _LEAST_LINES and all(there == here + 1 for here, there in pairwise(numbers))


def _is_tall(glyphs: list[Glyph]) -> bool:
    """Whether a cell has several baselines: no fewer than lines, and cheaper to count."""
    if len(glyphs) < _LEAST_LINES or glyphs[0][0] == glyphs[-1][0] == glyphs[len(glyphs) // 2][0]:
        return False
    return len(set(map(_baseline, glyphs))) >= _LEAST_LINES


def _marks(glyphs: list[Glyph]) -> int:
    """How many points and commas stand in a cell: no fewer than amounts, and cheaper to count."""
    text = "".join([glyph[4] for glyph in glyphs])
    return text.count(".") + text.count(",") + text.count("，")


def _is_level(columns: list[list[Row]]) -> bool:
    """Whether all cells of a row have lines at the same heights, at least three of them."""
    first = columns[0] if columns else []
    if len(columns) < _LEAST_LINES or len(first) < _LEAST_LINES or any(len(own) != len(first) for own in columns):
        return False
    return all(
        abs(own[index][0].y - line[0].y) <= _LEVEL * line[0].size for own in columns for index, line in enumerate(first)
    )


def _words(grid: Grid, read: _Reader, end: int) -> frozenset[str]:
    """The words above row `end`."""
    above = [index for index, span in enumerate(grid.spans) if span.row < end]
    return frozenset(piece.text for index in above for line in read(index) for piece in line)


def with_body(
    grid: Grid,
    cells: list[list[Glyph]],
    lines: Sequence[Row],
    walls: Sequence[float],
    before: Before | None = None,
) -> Mended | None:
    """`grid`, a header, with the rows that stand bare below it among `lines`; None when there are none.

    `walls`: heights at which other tables begin. `before`: a table of the page before, whose header this may be again.
    """
    left, _, right, neck = grid.box
    first = next((index for index, line in enumerate(lines) if line[0].y > neck), len(lines))
    if grid.rows > _MOST_HEAD or first == len(lines) or lines[first][0].top - neck > _NEAR * lines[first][0].size:
        return None
    taken: list[Row] = []
    for line in lines[first : downwards(lines, first, walls)]:
        if line[0].x0 < left - _OUT or line[-1].x1 > right + _OUT:
            break
        taken.append(line)
    entries = any(len(line) > 1 and amounts(line) for line in taken) or bool(taken and taken[0][0].text in SUMS)
    read = _reader(cells)
    words = _words(grid, read, grid.rows)
    again = bool(taken) and before is not None and len(words) > 1 and words == before.words
    if not (entries or again) or _has_amounts(read, len(cells)):
        return None
    bands = bands_of(taken, grid.xs[1:-1])
    end = max(piece.bottom for piece in taken[-1]) + _HALF * taken[-1][0].size
    spans, sure = body_spans(bands, grid.xs, grid.rows, {})
    ys = (*grid.ys, *(round(y, 2) for y in separators(bands, neck, end)[1:]))
    return Mended(Grid(grid.xs, ys, (*grid.spans, *spans)), Before(grid.xs, words), sure, tuple(taken))


def _has_amounts(read: _Reader, cells: int) -> bool:
    return any(is_amount(piece.text) for index in range(cells) for line in read(index) for piece in line)
