"""Text by its gaps: lines of a page cut into pieces where nothing is printed between two of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

from services.extractor.lattice.chars import WIDE, Glyph

#: Baselines that differ by less than this share of an em are one line.
_LINE = 0.3
#: A gap of more than this (em) parts two pieces; digits stand nearer to each other than words to amounts.
_GAP, _DIGIT_GAP = 0.45, 0.35
#: The least gap (em) between an amount and the name that begins the next column, and between any two words whose
#: other characters stand no further apart than `_TIGHT`.
_NARROW, _TIGHT = 0.12, 0.04
#: How a numbered name begins.
_LABELLED = re.compile(r"^[一二三四五六七八九十]{1,3}、")
_LABEL = 4  # characters of it at most
#: An amount of 元 with its decimals: what follows close to it is the code of the next column.
_WHOLE = re.compile(r"^[-−]?[0-9][0-9,，]*\.[0-9]{2}$")
#: Spaces between Chinese characters (合  计) hold them together up to this width (em).
_SPACED = 2.2
#: The same character that begins within this share of its width is printed twice to make it bold.
_TWICE = 0.3
_EQUAL = 0.05
#: From the baseline up to the top and down to the bottom of a line, in em.
_UP, _DOWN = 0.82, 0.14
#: A number as amounts are printed; and one that cannot be the number of a page, a line or a column.
NUMBER = re.compile(r"^[-−]?[0-9][0-9,，]*(?:\.[0-9]+)?%?$")
AMOUNT = re.compile(r"^[-−]?(?:[0-9]{1,3}(?:[,，][0-9]{3})+|[0-9]+(?=\.))(?:\.[0-9]+)?%?$")


class Piece(NamedTuple):
    """A stretch of one line without gaps: from `x0` to `x1`, `y` its baseline, `size` its em (points)."""

    x0: float
    x1: float
    y: float
    size: float
    text: str

    @property
    def top(self) -> float:
        """Where its characters begin."""
        return self.y - _UP * self.size

    @property
    def bottom(self) -> float:
        """Where its characters end."""
        return self.y + _DOWN * self.size

    @property
    def centre(self) -> float:
        """The middle across."""
        return (self.x0 + self.x1) / 2


Row = tuple[Piece, ...]


def pieces_of(glyphs: Iterable[Glyph]) -> list[Row]:
    """Lines from top to bottom, each as its pieces from left to right."""
    lines: list[list[Glyph]] = []
    line: list[Glyph] = []
    for glyph in sorted(glyphs):
        if line and glyph[0] - line[0][0] <= _LINE * max(min(glyph[3], line[0][3]), 2.0):
            line.append(glyph)
        else:
            line = [glyph]
            lines.append(line)
    rows = (_pieces(line) for line in lines)
    return _levelled([row for row in rows if row])


def _levelled(rows: list[Row]) -> list[Row]:
    """The same with one em for all of a line: fonts may give digits a smaller one than Chinese characters."""
    ratios = [
        _em(row, wide=True) / _em(row, wide=False) for row in rows if _em(row, wide=True) and _em(row, wide=False)
    ]
    ratio = median(ratios) if ratios else 1.0
    if abs(ratio - 1) <= _EQUAL:
        return rows
    levelled: list[Row] = []
    for row in rows:
        em = _em(row, wide=True)
        levelled.append(
            tuple(piece if _is_wide(piece.text) else piece._replace(size=em or piece.size * ratio) for piece in row)
        )
    return levelled


def _em(row: Row, *, wide: bool) -> float:
    return max((piece.size for piece in row if _is_wide(piece.text) is wide), default=0.0)


def _is_wide(text: str) -> bool:
    """Whether a piece is set in the Chinese font: long dashes are, digits need not be."""
    return not text.isascii()


def _pieces(line: list[Glyph]) -> Row:
    found: list[Piece] = []
    start = end = baseline = em = 0.0
    text: list[str] = []
    spaced, before = False, 0.0
    ordered = sorted(line, key=_begin)
    for index, (y, x0, x1, size, char) in enumerate(ordered):
        if char.isspace():
            spaced = bool(text)
            continue
        if text and char == text[-1] and x0 - before < _TWICE * (x1 - x0):
            continue
        before = x0
        em_here = max(size, em)
        if text and not (
            _apart(x0 - end, em_here, text, char, spaced=spaced)
            or (x0 - end > _NARROW * em_here and not spaced and _begins(ordered, index, text, em_here))
        ):
            text.append(char)
            end, em = max(end, x1), max(em, size)
        else:
            if text:
                found.append(Piece(start, end, baseline, em, "".join(text)))
            start, end, baseline, em, text = x0, x1, y, size, [char]
        spaced = False
    if text:
        found.append(Piece(start, end, baseline, em, "".join(text)))
    return tuple(found)


def _begin(glyph: Glyph) -> tuple[float, float]:
    return glyph[1], glyph[2]


def _apart(gap: float, size: float, text: list[str], after: str, *, spaced: bool) -> bool:
    before = text[-1]
    if spaced and before >= WIDE and after >= WIDE:
        return gap > _SPACED * size
    if gap > _NARROW * size and after >= WIDE and before.isdigit() and AMOUNT.match("".join(text)):
        return True
    digits = before.isdigit() or after.isdigit()
    return gap > (_DIGIT_GAP if digits else _GAP) * size


def _begins(line: Sequence[Glyph], index: int, text: Sequence[str], size: float) -> bool:
    """Whether a character a little apart from what stands before it (`text`) begins a word: both stand tight.

    Two words of a header, an amount or a number and a code or a numbered name: what is set wide, as justified lines
    are, has the same gap beside this one.
    """
    before, after = text[-1], line[index][4]
    here = line[index : index + _LABEL]
    if before.isdigit() and _LABELLED.match("".join(glyph[4] for glyph in here)) and NUMBER.match("".join(text)):
        return True
    if not (_is_word(before) and _is_word(after)) and not (after.isdigit() and _WHOLE.match("".join(text))):
        return False
    if len(text) <= 1 or len(here) <= 1:
        return False
    return _gap(line, index - 1) <= _TIGHT * size and _gap(line, index + 1) <= _TIGHT * size


def _gap(line: Sequence[Glyph], index: int) -> float:
    return line[index][1] - line[index - 1][2]


def _is_word(char: str) -> bool:
    """Whether it is a Chinese character; punctuation has blank sides."""
    return "\u4e00" <= char <= "\u9fff"


def union(intervals: Iterable[tuple[float, float]], gap: float = 0.0) -> list[tuple[float, float]]:
    """Intervals joined where they overlap or stand no further than `gap` from each other."""
    joined: list[tuple[float, float]] = []
    for x0, x1 in sorted(intervals):
        if joined and x0 - joined[-1][1] <= gap:
            joined[-1] = (joined[-1][0], max(joined[-1][1], x1))
        else:
            joined.append((x0, x1))
    return joined


def amounts(row: Sequence[Piece]) -> int:
    """How many pieces of a line are amounts: with decimals or in groups of three."""
    return sum(1 for piece in row if AMOUNT.match(piece.text))
