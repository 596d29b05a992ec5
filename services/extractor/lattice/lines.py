"""Rows of a table that no rule parts: which lines are one row, and how high it is.

A name that goes on in a second line stands closer than two rows do, and its row's amounts stand beside it: at the
height of one of its lines or between them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter

from services.extractor.lattice.pieces import LABELLED, Piece, Row, is_number

#: Lines of one cell stand no further apart than this (em), and clearly nearer than amounts of two rows.
_PITCH, _NEARER = 1.6, 0.92
#: The same where no two amounts stand above each other.
_ALONE = 1.42
#: Pitches within this share of each other are the same.
_SAME = 0.1
_ENOUGH = 3
#: Strips between rules that hold no more rows than this on average are rows.
_MOSTLY = 1.34
#: Text beside a line overlaps it by this share of an em, text of the next row by less.
_BESIDE, _TOUCH = 0.3, 0.12
_edges = attrgetter("top", "bottom")


class Block:
    """The lines of one cell: its `column`, its `pieces` from top to bottom.

    `top` is where its first line begins, `bottom` where its last one ends, `size` its em.
    """

    __slots__ = ("bottom", "column", "pieces", "size", "top")

    def __init__(self, column: int, pieces: list[Piece]) -> None:
        """A cell with at least one piece."""
        self.column, self.pieces = column, pieces
        self.top, self.size = pieces[0].top, pieces[0].size
        self.bottom = pieces[0].bottom if len(pieces) == 1 else max([piece.bottom for piece in pieces])

    def add(self, pieces: list[Piece]) -> None:
        """Take more lines."""
        self.pieces.extend(pieces)
        self.bottom = max([self.bottom, *(piece.bottom for piece in pieces)])


@dataclass
class Band:
    """A row: from `top` to `bottom`, and the cells that stand in it by their column."""

    top: float
    bottom: float
    blocks: dict[int, Block] = field(default_factory=dict)


def bands_of(lines: Sequence[Row], bounds: Sequence[float]) -> list[Band]:
    """The rows that `lines` make up in a table whose inner column boundaries are `bounds`."""
    columns: dict[int, list[list[Piece]]] = {}
    for line in lines:
        before = -1
        for piece in line:
            column = bisect_right(bounds, piece.centre)
            if column == before:
                columns[column][-1].append(piece)
            else:
                columns.setdefault(column, []).append([piece])
            before = column
    limit = _limit([cells for cells in columns.values() if len(cells) > 1])
    blocks = [block for column, cells in columns.items() for block in _blocks(column, cells, limit)]
    return _bands(sorted(blocks, key=_edges))


def ruled_bands(lines: Sequence[Row], bounds: Sequence[float], ys: Sequence[float]) -> list[Band]:
    """The same where rules at `ys` part some of the rows, or each of them."""
    if not ys:
        return bands_of(lines, bounds)
    strips: dict[int, list[Row]] = {}
    for line in lines:
        strips.setdefault(bisect_right(ys, (line[0].top + line[0].bottom) / 2), []).append(line)
    parts = [bands_of(strip, bounds) for strip in strips.values()]
    if len(parts) * _MOSTLY >= sum(map(len, parts)):
        return [_whole(strip, bounds) for strip in strips.values()]
    return [band for part in parts for band in part]


def _whole(lines: Sequence[Row], bounds: Sequence[float]) -> Band:
    """All lines of a strip between two rules as one row."""
    band = Band(min(p.top for line in lines for p in line), max(p.bottom for line in lines for p in line))
    for piece in (piece for line in lines for piece in line):
        column = bisect_right(bounds, piece.centre)
        known = band.blocks.get(column)
        if known:
            known.add([piece])
        else:
            band.blocks[column] = Block(column, [piece])
    return band


def _limit(columns: list[list[list[Piece]]]) -> float:
    """Lines of one column that stand nearer to each other than this (em) are one cell."""
    every: list[float] = []
    numbers: list[float] = []
    for cells in columns:
        for (here, *_), (there, *_) in pairwise(cells):
            pitch = (there.y - here.y) / max(here.size, there.size)
            every.append(pitch)
            if _begins_row(here.text) and _begins_row(there.text):
                numbers.append(pitch)
    if not every:
        return 0.0
    least = min(every)
    if not numbers:
        return _ALONE
    row = min(numbers)
    if row <= (1 + _SAME) * least:
        return 0.0
    if len(numbers) >= _ENOUGH and all(_multiple(pitch / least) for pitch in numbers):
        return 0.0
    return min(_NEARER * row, _PITCH)


@lru_cache(maxsize=1 << 13)
def _begins_row(text: str) -> bool:
    """Whether a text stands in a row of its own: a number, a numbered name."""
    return is_number(text) or bool(LABELLED.match(text))


def _multiple(ratio: float) -> bool:
    return abs(ratio - round(ratio)) <= _SAME / 2 * round(ratio)


def _blocks(column: int, cells: list[list[Piece]], limit: float) -> list[Block]:
    blocks: list[Block] = []
    for pieces in cells:
        before = blocks[-1].pieces[-1] if blocks else None
        if before and pieces[0].y - before.y <= limit * max(before.size, pieces[0].size):
            blocks[-1].add(pieces)
        else:
            blocks.append(Block(column, pieces))
    return blocks


def _bands(blocks: list[Block]) -> list[Band]:
    bands: list[Band] = []
    for block in blocks:
        band = bands[-1] if bands else None
        if band and block.top < band.bottom - _TOUCH * block.size and _joins(band, block):
            known = band.blocks.get(block.column)
            if known:
                known.add(block.pieces)
            else:
                band.blocks[block.column] = block
            band.bottom = max(band.bottom, block.bottom)
        else:
            bands.append(Band(block.top, block.bottom, {block.column: block}))
    return bands


def _joins(band: Band, block: Block) -> bool:
    """Whether a block that reaches into a row belongs to it: not if its column has an entry there already.

    Unless both stand beside one line of another column: then they are two lines of one cell.
    """
    if block.column not in band.blocks:
        return True
    return any(
        len(other.pieces) == 1 and min(other.bottom, block.bottom) - max(other.top, block.top) > _BESIDE * block.size
        for column, other in band.blocks.items()
        if column != block.column
    )


def separators(bands: Sequence[Band], top: float, bottom: float, ys: Sequence[float] = ()) -> list[float]:
    """The boundaries of the rows between `top` and `bottom`, both included; at rules where there are such."""
    return [top, *(_between(here.bottom, there.top, ys) for here, there in pairwise(bands)), bottom]


def _between(above: float, below: float, ys: Sequence[float]) -> float:
    return next((y for y in ys if above - 1 <= y <= below + 1), (above + below) / 2)
