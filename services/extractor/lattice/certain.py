"""Whether a table that few rules or none part came out as anybody prints one: what is odd about it makes it a doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from services.extractor.lattice.chars import Glyph
from services.extractor.lattice.grid import Grid, Span
from services.extractor.lattice.leaves import NAMES
from services.extractor.lattice.pieces import LABELLED, is_amount, is_number, pieces_of, word_of

_ALONE = frozenset({"栏次", "行次", "合计", "总计"})
_HEADINGS = (*sorted(NAMES), "预算数", "决算数", "金额")
#: An amount and what stands in the next column as one word: a name that is no unit, a code; a point too many.
_GLUED = re.compile(
    r"\.[0-9]{2}(?![万元亿个人台辆平米公天分户亩吨次])[\u4e00-\u9fff]"
    r"|^[0-9][0-9,.]*[一二三四五六七八九十]{1,3}、|^[0-9][0-9,]*\.[0-9]{5,}$|[0-9]\.[0-9]+\.[0-9]|^0[0-9]{3,}$"
)
#: The first part of an amount that goes on in the next line.
_BEGUN = re.compile(r"^[-−]?[0-9][0-9,，]*[.,，]$")
_SHORT, _REST = re.compile(r"\.[0-9]$"), re.compile(r"^[0-9]$")
_FULL = re.compile(r"\.[0-9]{2}$")
#: Characters of a word that is no part of one with spaces in it.
_WORD = 3
_BRACKET = ("（", "(")


def is_certain(grid: Grid, cells: Sequence[Sequence[Glyph]]) -> bool:
    """Whether nothing in the cells of a table says that it is cut wrong; `cells`: characters, as `grid.spans`.

    Two numbers in one cell, an amount that is one word with a name, one heading over several columns of amounts, none
    over one, two headings in one cell: with any of them columns or rows may have been taken for each other.
    """
    read = [_read(span, own) for span, own in zip(grid.spans, cells, strict=True)]
    neck = min([cell.span.row for cell in read if cell.numbers], default=grid.rows)
    body = [cell for cell in read if cell.lines and cell.span.row >= neck]
    if any(map(_is_odd, body)) or _is_cut(body):
        return False
    head = [cell for cell in read if cell.span.row < neck]
    return not any(_is_heading(cell.lines) for cell in head) or _is_headed(head, body, grid.columns)


class _Cell(NamedTuple):
    """A cell, the words of its lines, and how many numbers are in it."""

    span: Span
    lines: list[tuple[str, ...]]
    numbers: int


def _read(span: Span, glyphs: Sequence[Glyph]) -> _Cell:
    if not glyphs:
        return _Cell(span, [], 0)
    word = word_of(glyphs)
    if word is not None:
        return _Cell(span, [(word,)], int(is_number(word)))
    lines = [tuple([piece.text for piece in line]) for line in pieces_of(glyphs)]
    return _Cell(span, lines, len([1 for line in lines for text in line if is_number(text)]))


def _is_heading(lines: Sequence[tuple[str, ...]]) -> bool:
    """Whether a cell has a heading: the rest of a table on its next page may begin with rows without numbers."""
    text = "".join([text for line in lines for text in line])
    return any(word in text for word in _HEADINGS)


def _is_odd(cell: _Cell) -> bool:
    """Whether a cell of the body holds what belongs into two."""
    lines = cell.lines
    if cell.numbers > 1 or (cell.numbers and any(len(line) > 1 for line in lines)):
        return True
    for line in lines:
        for text in line:
            if ("." in text or "、" in text or text[0] == "0") and _GLUED.search(text):  # nothing else is glued
                return True
    if len(lines) > 1 and sum(1 for line in lines if LABELLED.match(line[0])) > 1:
        return True
    return len(lines) > 1 and lines[0][0] in _ALONE and not lines[1][0].startswith(_BRACKET)


def _is_cut(body: Sequence[_Cell]) -> bool:
    """Whether an amount seems to go on in the row below it: its decimals are too few, the rest of them stand there."""
    alone = {
        (span.row, span.column): own[0][0]
        for span, own, _ in body
        if len(own) == 1 and len(own[0]) == 1 and own[0][0][0] in "-−0123456789"
    }
    full = sum(1 for text in alone.values() if _FULL.search(text))
    for (row, column), text in alone.items():
        below = alone.get((row + 1, column), "")
        if _BEGUN.match(text) or (full and is_amount(text) and _SHORT.search(text) and _REST.match(below)):
            return True
    return False


def _is_headed(head: Sequence[_Cell], body: Sequence[_Cell], columns: int) -> bool:
    """Whether each column of numbers has a heading of its own, and each heading is one."""
    rows: list[set[int]] = [set() for _ in range(columns)]
    amounts: set[int] = set()
    for span, own, numbers in body:
        if span.colspan == 1 and numbers:
            rows[span.column].add(span.row)
            if is_amount(own[0][0]):
                amounts.add(span.column)
    named = {column for span, own, _ in head if own for column in _columns(span)}
    if not amounts <= named:
        return False
    for cell in head:
        here = [column for column in _columns(cell.span) if rows[column]]
        has_amounts = bool(amounts.intersection(here))
        if has_amounts and _is_several(cell, here, rows) and not _is_over(cell, head):
            return False
        if has_amounts and _is_beside(cell.lines):
            return False
        if _is_misplaced(cell.span, cell.lines, has_amounts=has_amounts):
            return False
    return True


def _is_several(cell: _Cell, columns: Sequence[int], rows: Sequence[set[int]]) -> bool:
    """Whether a heading stands over several columns whose numbers (in which `rows`) stand side by side, or is two."""
    return any(rows[a] & rows[b] for a, b in combinations(columns, 2)) or any(len(line) > 1 for line in cell.lines)


def _is_over(cell: _Cell, head: Sequence[_Cell]) -> bool:
    """Whether another heading stands below one."""
    span = cell.span
    return any(other.lines and span.row < other.span.row and _overlap(span, other.span) for other in head)


def _is_misplaced(span: Span, lines: Sequence[tuple[str, ...]], *, has_amounts: bool) -> bool:
    """Whether the heading of names stands over amounts too, or below another heading in one cell."""
    if not lines or lines[-1][0] not in NAMES:
        return False
    if len(lines) > 1:
        return "".join([text for line in lines for text in line]) not in NAMES
    return span.colspan > 1 and has_amounts


def _is_beside(lines: Sequence[tuple[str, ...]]) -> bool:
    """Whether two words stand beside each other in one heading (no 合  计)."""
    return any(sum(len(word) >= _WORD for word in line) > 1 for line in lines)


def _overlap(span: Span, other: Span) -> bool:
    return span.column < other.column + other.colspan and other.column < span.column + span.colspan


def _columns(span: Span) -> Iterator[int]:
    yield from range(span.column, span.column + span.colspan)
