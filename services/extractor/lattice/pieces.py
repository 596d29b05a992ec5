"""Text by its gaps: lines of a page cut into pieces where nothing is printed between two of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
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
LABELLED = re.compile(r"^[一二三四五六七八九十]{1,3}、")
_LABEL = 4  # characters of it at most
#: An amount of 元 with its decimals: what follows close to it is the code of the next column.
_WHOLE = re.compile(r"^[-−]?[0-9][0-9,，]*\.[0-9]{2}$")
#: An amount of nothing, and the digits that a code of the next column has at least: no number begins with both.
_ZERO, _CODE = "0", 3
#: Spaces between Chinese characters (合  计) hold them together up to this width (em).
_SPACED = 2.2
_NEVER = float("-inf")
#: The same character that begins within this share of its width is printed twice to make it bold.
_TWICE = 0.3
_EQUAL = 0.05
#: From the baseline up to the top and down to the bottom of a line, in em.
_UP, _DOWN = 0.82, 0.14
#: A number as amounts are printed; and one that cannot be the number of a page, a line or a column.
NUMBER = re.compile(r"^[-−]?[0-9][0-9,，]*(?:\.[0-9]+)?%?$")
AMOUNT = re.compile(r"^[-−]?(?:[0-9]{1,3}(?:[,，][0-9]{3})+|[0-9]+(?=\.))(?:\.[0-9]+)?%?$")


@lru_cache(maxsize=1 << 13)
def is_number(text: str) -> bool:
    """Whether a text is a number as amounts are printed; the words of a page are asked several times."""
    return NUMBER.match(text) is not None


@lru_cache(maxsize=1 << 13)
def is_amount(text: str) -> bool:
    """Whether a text is a number that cannot be that of a page, a line or a column."""
    return AMOUNT.match(text) is not None


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

_baseline, _begin, _char = itemgetter(0), itemgetter(1, 2), itemgetter(4)
_new = tuple.__new__  # a named tuple without the detour by its names: there is one for each word


def pieces_of(glyphs: Iterable[Glyph]) -> list[Row]:
    """Lines from top to bottom, each as its pieces from left to right."""
    ordered = sorted(glyphs)
    if not ordered:
        return []
    lines = [ordered] if ordered[0][0] == ordered[-1][0] else _lines(ordered)
    return _levelled([row for row in map(_pieces, lines) if row])


def _lines(ordered: list[Glyph]) -> list[list[Glyph]]:
    """Sorted characters as lines; most of a line have one baseline."""
    lines: list[list[Glyph]] = []
    line: list[Glyph] = []
    first = em = 0.0
    for y, own in groupby(ordered, key=_baseline):
        level = list(own)
        step, end = y - first, len(level)
        if not line or step > _LINE * max(em, 2.0):
            end = 0
        elif step > _LINE * 2.0:
            end = next((i for i, glyph in enumerate(level) if step > _LINE * max(min(glyph[3], em), 2.0)), end)
        line += level[:end]
        if end < len(level):
            line = level[end:]
            lines.append(line)
            first, em = y, line[0][3]
    return lines


def word_of(glyphs: Sequence[Glyph]) -> str | None:
    """The text of characters (at least one) that are plain to see one piece; None where one has to look closer."""
    y, _, end, _, _ = glyphs[0]
    before, last = _NEVER, ""
    for level, x0, x1, size, char in glyphs:
        if (
            level != y
            or x0 <= before
            or x0 - end > _NARROW * size
            or (char == last and x0 - before < _TWICE * (x1 - x0))
        ):
            return None
        end = x1 if x0 + x1 >= 2 * end else max(end, x1)
        before, last = x0, char
    text = "".join(map(_char, glyphs))
    return text if text.split() == [text] else None


def _levelled(rows: list[Row]) -> list[Row]:
    """The same with one em for all of a line: fonts may give digits a smaller one than Chinese characters."""
    if len(rows) == 1 and len(rows[0]) == 1:
        return rows
    ems = [_ems(row) for row in rows]
    ratios = [wide / narrow for wide, narrow in ems if wide and narrow]
    if not ratios or abs((ratio := median(ratios)) - 1) <= _EQUAL:
        return rows
    return [
        tuple([piece._replace(size=em or piece.size * ratio) if piece.text.isascii() else piece for piece in row])
        for row, (em, _) in zip(rows, ems, strict=True)
    ]


def _ems(row: Row) -> tuple[float, float]:
    """The em of what is set in the Chinese font (long dashes are, digits need not be) and that of the rest."""
    wide = narrow = 0.0
    for piece in row:
        if not piece.text.isascii():
            wide = max(wide, piece.size)
        else:
            narrow = max(narrow, piece.size)
    return wide, narrow


def _pieces(line: list[Glyph]) -> Row:
    """The pieces of a line, whose characters come by their baselines."""
    ordered = line if line[0][0] == line[-1][0] else sorted(line, key=_begin)
    found: list[Piece] = []
    start = end = baseline = em = before = 0.0
    text: list[str] = []
    last, near = "", _NEVER
    for index, (y, x0, x1, size, char) in enumerate(ordered):
        if x0 - end <= near and size <= em and char != last and not char.isspace():  # most go on with a word
            text.append(char)
        elif char.isspace():
            near = _NEVER
            continue
        elif text and char == last and x0 - before < _TWICE * (x1 - x0):
            continue
        elif text and not _parts(ordered, index, x0 - end, max(size, em), text, spaced=near == _NEVER):
            text.append(char)
            em = max(size, em)
            near = _NARROW * em
        else:
            if text:
                found.append(_new(Piece, (start, end, baseline, em, "".join(text))))
            start, end, baseline, em, text, near = x0, x1, y, size, [char], _NARROW * size
        end = x1 if x0 + x1 >= 2 * end else max(end, x1)
        before, last = x0, char
    if text:
        found.append(_new(Piece, (start, end, baseline, em, "".join(text))))
    return tuple(found)


def _parts(line: Sequence[Glyph], index: int, gap: float, size: float, text: list[str], *, spaced: bool) -> bool:
    """Whether a character a `gap` behind what stands before it (`text`), `spaced` or not, begins a piece."""
    if gap <= _NARROW * size:
        return False
    return _apart(gap, size, text, line[index][4], spaced=spaced) or (not spaced and _begins(line, index, text, size))


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
    if text == [_ZERO] and "".join(glyph[4] for glyph in here[:_CODE]).isdigit() and len(here) >= _CODE:
        return _gap(line, index + 1) <= _TIGHT * size
    if before.isdigit() and LABELLED.match("".join(glyph[4] for glyph in here)) and NUMBER.match("".join(text)):
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
    return sum([is_amount(piece.text) for piece in row])
