"""Where a page has a table that few rules or none part: lines of names and amounts that stand below each other."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from services.extractor.lattice.bare import Before, fits
from services.extractor.lattice.pieces import LABELLED, Piece, Row, is_amount, is_number

_CAPTION = re.compile(r"公开\s*[0-9]+\s*表|单位[:：]|部门[:：]|^[0-9]{4}年度?$|^金额单位|续表")
_UNIT = re.compile(r"单位[:：].{0,6}元|公开\s*[0-9]+\s*表")
_NOTE = re.compile(r"^(?:注|说明|备注|附注)[:：]")
#: A character that each caption and each note has.
_MARK = re.compile(r"[表位门年注说]")
_PART = re.compile(r"^第[一二三四五六七八九十]+部分|[。；]$")
_HEADED = re.compile(r"[表况]$|[:：]")
_PAGE = re.compile(r"^(?:[-—–·.]*[0-9]{1,4}[-—–·.]*|第[0-9]+页(?:[,，/]?共[0-9]+页)?|[0-9]+/[0-9]+)$")
_PUNCTUATION = re.compile(r"[，。；]")
#: A gap of this (em) within a line is no space between words.
_GAP = 1.2
#: Lines further apart than this (em) do not belong together; the header may stand a little apart from the body.
_APART, _BELOW = 5.0, 3.2
#: Amounts of one column end within this (em) of each other.
_ALIGNED = 0.6
_TITLE = 1.15
_MOST_HEAD = 14
_MOST_CAPTIONS = 4
_RUNNING = 3  # lines of a running header above the table
_TWO = 2
_LONG = 26  # em; a lone piece of a table is shorter


@dataclass(frozen=True)
class Region:
    """Lines of a table from the first heading to the last row, and the small print right above it.

    `plain`: words stand below each other in several columns, and that is all.
    """

    lines: tuple[Row, ...]
    captions: tuple[Row, ...] = ()
    plain: bool = False

    @property
    def sides(self) -> tuple[float, float]:
        """Where its text begins and ends; the small print above it begins and ends at its sides."""
        pieces = [piece for line in (*self.lines, *self.captions) for piece in line]
        return min(piece.x0 for piece in pieces), max(piece.x1 for piece in pieces)


def regions_of(lines: Sequence[Row], walls: Sequence[float] = (), before: Before | None = None) -> Iterator[Region]:
    """The tables among `lines` (from top to bottom). `walls`: heights that no table crosses.

    `before`: the table at the end of the page before, which may go on at the top of this one.
    """
    start = 0
    if before:
        first = next((i for i in range(min(len(lines), _RUNNING)) if _goes_on(lines, i, before)), None)
        if first is not None:
            start = downwards(lines, first, walls)
            yield Region(tuple(lines[first:start]))
    while start < len(lines):
        first = next(
            (i for i in range(start, len(lines)) if _is_row(lines[i]) or _opens(lines, i, walls) or _is_wide(lines[i])),
            None,
        )
        if first is None:
            return
        head = _upwards(lines, first, start, walls)
        end = downwards(lines, first, walls)
        region = lines[head:end]
        above = lines[head - 1] if head and not _walled(lines[head - 1], lines[head], walls) else None
        if _is_table(region, above):
            yield Region(tuple(region), _captions(lines[:head]))
            start = end
        elif _is_listed(listed := _level(lines[first:end])):
            yield Region(tuple(listed), plain=True)
            start = first + len(listed)
        else:
            start = max(first + 1, end if end > first + 1 and not any(map(_is_row, region[1:])) else first + 1)


def _captions(above: Sequence[Row]) -> tuple[Row, ...]:
    """The lines right above a table that say whose it is and in which unit."""
    found: list[Row] = []
    for line in reversed(above[-_MOST_CAPTIONS:]):
        if not _CAPTION.search("".join(piece.text for piece in line)):
            break
        found.append(line)
    return tuple(found)


def _goes_on(lines: Sequence[Row], index: int, before: Before) -> bool:
    """Whether a table goes on with a line: the same headings again, or entries that fit its columns.

    A numbered name that begins a page and stands to the right of the first column is an entry without amounts.
    """
    line = lines[index]
    if all(piece.text in before.words for piece in line):
        return len(line) > 1 or index + 1 < len(lines)
    if index == 0 and LABELLED.match(line[0].text) and line[0].x0 > before.edges[1] and fits(before.edges, [line]):
        return True
    if any(len(above) > 1 or _HEADED.search(above[0].text) for above in lines[:index]):
        return False
    return len(line) > 1 and fits(before.edges, [line]) and any(is_number(piece.text) for piece in line)


def _is_row(line: Row) -> bool:
    """Whether a line has amounts that stand apart from what is beside them."""
    if not any(is_amount(piece.text) for piece in line) or len(line) == 1:
        return False
    if any(len(piece.text) > _MOST_HEAD and _PUNCTUATION.search(piece.text) for piece in line):
        return False
    return any(there.x0 - here.x1 > _GAP * there.size for here, there in pairwise(line))


def _is_wide(line: Row) -> bool:
    """Whether a line has words in at least three places."""
    if len(line) <= _TWO or not all(there.x0 - here.x1 > _GAP * there.size for here, there in pairwise(line)):
        return False
    return not ends(line) and not any(_PUNCTUATION.search(piece.text) for piece in line)


def _level(lines: Sequence[Row]) -> list[Row]:
    """The first lines that have words in several places."""
    return list(takewhile(_is_wide, lines))


def _is_listed(lines: Sequence[Row]) -> bool:
    """Whether at least three lines have their words in the same columns."""
    if len(lines) <= _TWO:
        return False
    pieces = [piece for line in lines for piece in line]
    size = pieces[0].size
    starts, middles = _near([piece.x0 for piece in pieces], size), _near([piece.centre for piece in pieces], size)
    aligned = sum(1 for count in map(max, starts, middles) if count >= len(lines) - 1)
    return 10 * aligned >= 9 * len(pieces)


def _opens(lines: Sequence[Row], index: int, walls: Sequence[float]) -> bool:
    """Whether a line is the first heading of a table below its unit: several words apart."""
    line = lines[index]
    if index == 0 or not _UNIT.search("".join(piece.text for piece in lines[index - 1])):
        return False
    if _walled(lines[index - 1], line, walls):  # the unit of the table between them
        return False
    return len(line) > 1 and not ends(line) and all(len(piece.text) < _MOST_HEAD for piece in line)


def _upwards(lines: Sequence[Row], first: int, start: int, walls: Sequence[float]) -> int:
    head = first
    while head > start and first - head < _MOST_HEAD:
        above, here = lines[head - 1], lines[head]
        if here[0].y - above[0].y > _APART * here[0].size or ends(above) or _walled(above, here, walls):
            break
        if len(above) == 1 and (above[0].size > _TITLE * here[0].size or _is_long(above[0])):
            break
        head -= 1
    return head


def downwards(lines: Sequence[Row], first: int, walls: Sequence[float] = ()) -> int:
    """The end (not included) of the rows that begin with line `first`."""
    end, last = first + 1, first + 1
    while end < len(lines):
        above, here = lines[end - 1], lines[end]
        if here[0].y - above[0].y > _APART * above[0].size or ends(here) or _walled(above, here, walls):
            break
        if len(here) == 1 and (here[0].size > _TITLE * above[0].size or _is_long(here[0])):
            break
        if len(here) > 1 or here[0].y - above[0].y <= _BELOW * above[0].size:
            last = end + 1
        end += 1
    return last


def ends(line: Row) -> bool:
    """Whether a line belongs to no table: small print above or below one, a sentence, the title of a part."""
    text = "".join([piece.text for piece in line])
    if _MARK.search(text) and (_CAPTION.search(text) or _NOTE.match(text)):
        return True
    return len(line) == 1 and bool(_PART.search(text) or _PAGE.match(text))


def _is_long(piece: Piece) -> bool:
    return piece.x1 - piece.x0 > _LONG * piece.size


def _walled(above: Row, here: Row, walls: Sequence[float]) -> bool:
    return bool(walls) and any(above[0].y <= wall <= here[0].y for wall in walls)


def _is_table(region: Sequence[Row], above: Row | None) -> bool:
    rows = [line for line in region if _is_row(line)]
    captioned = above is not None and bool(_UNIT.search("".join(piece.text for piece in above)))
    if not rows:
        return captioned and len(region) > 1 and any(len(line) > _TWO for line in region)
    ends = [piece.x1 for line in rows for piece in line if is_number(piece.text)]
    middles = [piece.centre for line in rows for piece in line if is_number(piece.text)]
    size = rows[0][0].size
    if len(rows) == 1:
        return captioned and len(region) > 1 and len(ends) > 1
    aligned = sum(1 for count in map(max, _near(ends, size), _near(middles, size)) if count > 1)
    return 10 * aligned >= 7 * len(ends) and (len(rows) > _TWO or captioned)


def _near(places: Sequence[float], size: float) -> list[int]:
    """For each place how many there are at it, itself counted."""
    known = sorted(places)
    slack = _ALIGNED * size
    return [bisect_right(known, place + slack) - bisect_left(known, place - slack) for place in places]
