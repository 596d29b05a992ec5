"""A table that few rules or none part, from its lines of text: columns, header, rows and cells."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from services.extractor.lattice.columns import Column, bounds_of, columns_of
from services.extractor.lattice.grid import Grid, Span
from services.extractor.lattice.heads import Head, Sheet, head_of
from services.extractor.lattice.leaves import headings_of, leaves_of
from services.extractor.lattice.lines import Band, ruled_bands, separators
from services.extractor.lattice.names import with_whole_names
from services.extractor.lattice.pieces import Piece, Row, is_amount, is_number
from services.extractor.lattice.rules import Rule
from services.extractor.stitch import HEADER_WORDS

#: The x of every column boundary of a table.
Edges = tuple[float, ...]

_new = tuple.__new__  # a named tuple without the detour by its names: there is one for each cell

_LABELLED = re.compile(r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十]{1,3}[)）]|其中[:：]$)")
#: What the row of sums is called.
SUMS = frozenset({"合计", "总计"})
_COUNTS = frozenset({"栏次", "行次"})
_SUM_WORDS = ("合计", "总计")
#: A word stands in the middle of columns whose middle is this near (em).
_NEARLY = 0.6
_CENTRED = SUMS | _COUNTS
_DASH = re.compile(r"^[-—–－]{1,3}$")
#: A code or an amount without decimals has at least so many digits.
_DIGITS = 3
_NO_BOUNDS: tuple[int, ...] = ()
#: A line so near (em) above the first row of the body is a part of it.
_BESIDE = 0.95
_HALF = 0.5
#: Words in a header, and lines on a page, of which more are no table that anybody prints.
_MOST_WORDS, _MOST_LINES = 150, 1_000
#: Share of the words that may run over a boundary of the page before.
_ODD = 0.1
_TWO = 2
_SIDE = 20.0  # points by which text may stand out at the sides
_OVER = 1.0  # points by which text that runs over a boundary runs over it


@dataclass(frozen=True)
class Before:
    """What a page tells the next one about its last table that no rule parts: its column edges, the words above it."""

    edges: Edges
    words: frozenset[str]


@dataclass(frozen=True)
class Place:
    """Where a table stands: its sides, what the page before tells, and rules.

    `ys`: rules from side to side, top to bottom; `short`: the others. `plain`: the table has no header.
    """

    left: float
    right: float
    before: Before | None = None
    ys: tuple[float, ...] = ()
    short: tuple[Rule, ...] = ()
    plain: bool = False


@dataclass(frozen=True)
class Bare:
    """A table: its grid, what the next page must know; `sure`: no cell had two candidates."""

    grid: Grid
    carried: Before
    sure: bool


def bare_table(lines: Sequence[Row], place: Place) -> Bare | None:
    """The table that `lines` (at least one) make up; None when it has one column or one row, or far too many words."""
    split = 0 if place.plain else body_start(lines)
    head, body = lines[:split], lines[split:]
    if sum(map(len, head)) > _MOST_WORDS or len(lines) > _MOST_LINES:
        return None
    size = median(piece.size for line in lines for piece in line)
    top, edges = _layout(head, body, size, place)
    bands = with_whole_names(ruled_bands(body, edges[1:-1], place.ys))
    neck = top.ys[-1]
    end = body[-1][0].bottom + _HALF * size if body else neck
    downs = [*top.ys[:-1], *(separators(bands, neck, end, place.ys) if bands else [neck])]
    if len(edges) <= _TWO or len(downs) < _TWO:
        return None
    over = {(c.first, c.last): c.centre for c in top.cells if c.centre}
    spans, clear = body_spans(bands, edges, len(top.ys) - 1, over)
    spans += [Span(c.row, c.first, c.end - c.row, c.last - c.first + 1) for c in top.cells]
    grid = Grid(tuple(round(x, 2) for x in edges), tuple(round(y, 2) for y in downs), tuple(sorted(spans)))
    words = frozenset(piece.text for line in head for piece in line)
    if not words and place.before:
        words = place.before.words
    return Bare(grid, Before(edges, words), top.sure and clear)


def _layout(head: Sequence[Row], body: Sequence[Row], size: float, place: Place) -> tuple[Head, Edges]:
    """The header (without rows where there is none) and the edges of the columns."""
    neck = _neck(head, body, size, place.ys)
    again = place.before if head and place.before and _again(head, place.before) else None
    if again:
        columns = [Column(left + _OVER, right - _OVER) for left, right in pairwise(again.edges)]
    else:
        columns = columns_of([line for line in body if not is_count(line) and not _is_heading(line)], size)
    if not head:
        edges = _edges(columns, size, place)
        if place.before and fits(place.before.edges, body, most=_ODD):
            edges = _moved(_wide(place.before.edges, place), body)
        return Head(columns, [neck], [], sure=_in_order(columns)), edges
    rules = [*place.short, *(Rule(y, place.left, place.right) for y in place.ys)]
    headings = headings_of(head, rules)
    columns, leaves = leaves_of(headings, columns, size)
    edges = _edges(columns, size, place)
    if again and len(edges) == len(again.edges):
        edges = _moved(_wide(again.edges, place), [*head, *body])
    found = head_of(headings, leaves, columns, Sheet(edges, neck, place.short))
    return replace(found, sure=found.sure and _in_order(columns)), edges


def _again(head: Sequence[Row], before: Before) -> bool:
    """Whether a header says again what stands above the table of the page before."""
    words = {piece.text for line in head for piece in line}
    return len(words) > 1 and words <= before.words


def _wide(edges: Edges, place: Place) -> Edges:
    """The edges of the page before, with sides that hold what is printed here."""
    return (min(edges[0], place.left), *edges[1:-1], max(edges[-1], place.right))


def body_start(lines: Sequence[Row]) -> int:
    """The index of the first line below the header."""
    first = next((index for index, line in enumerate(lines) if _is_body(line)), len(lines))
    while 0 < first < len(lines) and lines[first][0].y - lines[first - 1][0].y < _BESIDE * lines[first][0].size:
        first -= 1
    return first


def is_count(line: Row) -> bool:
    """Whether a line numbers the columns."""
    if all(len(piece.text) >= _DIGITS for piece in line):
        return False
    words = [piece.text for piece in line if not (piece.text.isdigit() and len(piece.text) < _DIGITS)]
    return len(words) < len(line) and all(word in _COUNTS for word in words)


def _is_heading(line: Row) -> bool:
    """Whether a line within the body has the headings of a part of it."""
    return len(line) > 1 and all(piece.text in HEADER_WORDS for piece in line)


def _is_body(line: Row) -> bool:
    if is_count(line) or line[0].text in _COUNTS:
        return True
    first = line[0].text
    if any(_LABELLED.match(piece.text) or _is_entry(piece.text) for piece in line):
        return True
    return first in SUMS and all(is_number(piece.text) or _DASH.match(piece.text) for piece in line[1:])


def _is_entry(text: str) -> bool:
    return is_amount(text) or (text.isdigit() and len(text) >= _DIGITS)


def _neck(head: Sequence[Row], body: Sequence[Row], size: float, ys: Sequence[float]) -> float:
    """Where the header ends."""
    if head and body:
        above, below = max(piece.bottom for piece in head[-1]), min(piece.top for piece in body[0])
        return next((y for y in ys if above - _OVER <= y <= below + _OVER), (above + below) / 2)
    if body:
        return min(piece.top for piece in body[0]) - _HALF * size
    return max(piece.bottom for piece in head[-1]) + _HALF * size


def _edges(columns: list[Column], size: float, place: Place) -> Edges:
    marks = [end for rule in place.short for end in (rule.start, rule.end)]
    return (place.left, *bounds_of(columns, size, marks), place.right)


def _in_order(columns: Sequence[Column]) -> bool:
    return all(here.x1 <= there.x0 + 1 for here, there in pairwise(columns))


def fits(edges: Edges, lines: Sequence[Row], most: float = 0.0) -> bool:
    """Whether all text of some lines stands within columns; a share of up to `most` may run over a boundary."""
    pieces = [piece for line in lines for piece in line]
    left, right = edges[0] - _SIDE, edges[-1] + _SIDE
    if not all(left <= piece.x0 and piece.x1 <= right for piece in pieces):
        return False
    return sum([bool(_crossed(piece, edges)) for piece in pieces]) <= most * len(pieces)


def _moved(edges: Edges, lines: Sequence[Row]) -> Edges:
    """The edges of the page before, moved where a longer word of this page runs over one and there is room."""
    pieces = [piece for line in lines for piece in line]
    moved = list(edges)
    for index in sorted({index for piece in pieces for index in _crossed(piece, edges)}):
        bound = edges[index]
        end = max((p.x1 for p in pieces if edges[index - 1] <= p.centre < bound), default=bound)
        start = min((p.x0 for p in pieces if bound <= p.centre < edges[index + 1]), default=bound)
        if end < start:
            moved[index] = (
                min(max(bound, end + _OVER / 2), start - _OVER / 2) if end + _OVER < start else (end + start) / 2
            )
    return tuple(moved)


def _crosses(piece: Piece, bound: float) -> bool:
    return piece.x0 < bound - _OVER and bound + _OVER < piece.x1


def _crossed(piece: Piece, edges: Edges) -> Sequence[int]:
    """The inner boundaries that a word runs over."""
    first, last = max(bisect_left(edges, piece[0]), 1), len(edges) - 1
    if first >= last or edges[first] > piece[1]:
        return _NO_BOUNDS
    return [index for index in range(first, last) if _crosses(piece, edges[index])]


def _around(piece: Piece, pieces: Sequence[Piece], edges: Edges) -> range:
    """The boundaries that a word has around it: it stands in the middle of several columns that are blank otherwise."""
    column = bisect_right(edges, piece.centre) - 1
    blank = [not any(other is not piece and a <= other.centre < b for other in pieces) for a, b in pairwise(edges)]
    if not 0 <= column < len(blank) or abs((edges[column] + edges[column + 1]) / 2 - piece.centre) < piece.size:
        return range(0)
    found = [
        (abs((edges[start] + edges[end + 1]) / 2 - piece.centre), start, end)
        for start in range(column + 1)
        for end in range(column, len(blank))
        if end > start and all(blank[start : end + 1])
    ]
    off, start, end = min(found, default=(float("inf"), 0, 0))
    return range(start + 1, end + 1) if off <= _NEARLY * piece.size else range(0)


def _numbered(pieces: Sequence[Piece], edges: Edges, over: Mapping[tuple[int, int], float]) -> range:
    """The boundaries inside of 栏次, which stands in the middle of all columns before the first number."""
    if len(pieces) <= 1 or pieces[0].text not in _COUNTS or not over:
        return range(0)
    if any(abs(middle - pieces[0].centre) <= 2 * _HALF for (start, end), middle in over.items() if start == end):
        return range(0)
    end = bisect_right(edges, pieces[1].centre) - 1
    return range(1, end)


def body_spans(
    bands: Sequence[Band], edges: Edges, first: int, over: Mapping[tuple[int, int], float]
) -> tuple[list[Span], bool]:
    """The cells of the body from row `first` on: text that runs over a boundary has a cell on both sides of it.

    `over`: columns that have one heading, and its middle: what stands in the very same middle has the same columns.
    """
    spans: list[Span] = []
    clear = True
    last = len(edges) - 1
    for row, band in enumerate(bands, start=first):
        pieces = sorted([piece for block in band.blocks.values() for piece in block.pieces])
        opened = {index for piece in pieces for index in _crossed(piece, edges)}
        if any(piece.text in _CENTRED for piece in pieces):
            opened.update(_below(pieces, edges, over))
        for piece in pieces:
            if piece.text.endswith(_SUM_WORDS):
                opened.update(_around(piece, pieces, edges))
        opened.update(_numbered(pieces, edges, over))
        if not opened:
            spans += [_new(Span, (row, column, 1, 1, False)) for column in range(last)]
            continue
        bounds = [0, *(index for index in range(1, last) if index not in opened), last]
        for start, end in pairwise(bounds):
            if end - start > 1:
                own = [piece for piece in pieces if edges[start] <= piece.centre < edges[end]]
                clear = clear and len({piece.y for piece in own}) == len(own)
            spans.append(Span(row, start, 1, end - start))
    return spans, clear


def _below(pieces: Sequence[Piece], edges: Edges, over: Mapping[tuple[int, int], float]) -> Iterator[int]:
    """The boundaries inside of words that stand in the very middle of one heading and alone below it."""
    for (start, end), middle in over.items():
        own = [piece for piece in pieces if edges[start] <= piece.centre < edges[end + 1]]
        if len(own) == 1 and abs(own[0].centre - middle) <= _HALF and own[0].text in _CENTRED:
            yield from range(start + 1, end + 1)
