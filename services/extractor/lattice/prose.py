"""Lines of text into paragraphs and headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from services.extractor.headings import heading_level, text_block
from services.extractor.lattice.fill import Line
from shared.catalogue.text import squeeze
from shared.contracts.document import Heading, Paragraph

_NUMBERED = re.compile(
    r"^(?:第[一二三四五六七八九十0-9]{1,3}(?:部分|条|章)|[一二三四五六七八九十]{1,3}\s*[、.．]"
    r"|[(（]\s*[一二三四五六七八九十0-9]{1,3}\s*[)）]|[0-9]{1,2}\s*(?:[、．]|\.(?![0-9]))|注[:：]|说明[:：]|备注[:：])"
)
_CAPTION = re.compile(
    r"^[(（]?(?:(?:财决)?公开\s*[0-9]|(?:编制|公开|填报|预算)?(?:部门|单位)(?:名称)?[:：]|金额单位|附?表\s*[0-9一二三四五六七八九十]+$)"
)
_TITLE = re.compile(r"^[^，。；：、]{3,45}(?:表|情况)$")
_SENTENCE_END = ("。", "；", "：", ";", ":")
_CONTENTS = ("目录", "目次")
_LEADER = re.compile(r"[.．…·]{3,}")
_AMOUNT = re.compile(r"^-?[0-9]{1,3}(?:[,，][0-9]{3})*(?:\.[0-9]+)?%?$|^-?[0-9]+(?:\.[0-9]+)?%?$")
#: A first line is set in by more than this (em).
_INDENT = 1.2
#: A line that stops short of the right edge by less than this (em) goes on in the next one.
_SHORT = 2.2
#: Paragraphs have no line step wider than this (em).
_STEP = 3.0
#: A line that fills this share of its column and ends in no full stop goes on: after a first line that is set in,
#: after any other line, and when the number that begins the next line did not fit.
_MOSTLY, _ALMOST, _HALF = 0.7, 0.88, 0.5
#: A line of fewer em than this does not go on because it ran out of room.
_LONG = 16
#: Entries of a table of contents are no longer than this.
_LONGEST_ENTRY = 60
#: Rows that make a table without rules, and names in such a row.
_ROWS, _NAMES = 3, 3
#: Lines that show where the text column of a page is.
_ENOUGH = 6


@dataclass(frozen=True)
class PlacedLine:
    """A line with its page number (1-based) and the text column of its page: from `left` to `right`."""

    line: Line
    page: int
    left: float
    right: float


def text_columns(pages: Sequence[tuple[float, Sequence[Line]]]) -> list[tuple[float, float]]:
    """For each page, given as (width, lines), where its text begins and ends.

    A page of few lines has the column of the other pages of its width.
    """
    own = [_column(lines) if len(lines) >= _ENOUGH else None for _, lines in pages]
    common: dict[int, tuple[float, float]] = {}
    for size in {round(width) for width, _ in pages}:
        same = [i for i, (width, _) in enumerate(pages) if round(width) == size]
        known = [column for i in same if (column := own[i])]
        if known:
            common[size] = (median(left for left, _ in known), median(right for _, right in known))
        else:
            common[size] = _column([line for i in same for line in pages[i][1]])
    return [column or common[round(width)] for column, (width, _) in zip(own, pages, strict=True)]


def _column(lines: Sequence[Line]) -> tuple[float, float]:
    """Where the long lines begin and where the longest ends."""
    if not lines:
        return 0.0, 0.0
    right = max(line.x1 for line in lines)
    width = right - min(line.x0 for line in lines)
    return min((line.x0 for line in lines if line.x1 - line.x0 > _HALF * width), default=lines[0].x0), right


class Prose:
    """Collects lines in reading order and gives them back as paragraphs and headings.

    A paragraph may go on over a page break; it keeps the page on which it begins. Contents stay one line each.
    """

    def __init__(self) -> None:
        self._lines: list[PlacedLine] = []
        self._contents: set[str] | None = None

    def add(self, placed: PlacedLine) -> list[Heading | Paragraph]:
        """Take a line; the blocks that it completes, if any."""
        done: list[Heading | Paragraph] = []
        if self._in_contents(placed.line.text):
            done = self.flush()
            done.append(Paragraph(text=placed.line.text, page=placed.page))
            return done
        if self._lines and not _goes_on(self._lines[-1], placed, first=len(self._lines) == 1):
            done = self.flush()
        self._lines.append(placed)
        return done

    def flush(self) -> list[Heading | Paragraph]:
        """The paragraph so far."""
        if not self._lines:
            return []
        text = self._lines[0].line.text
        for placed in self._lines[1:]:
            text = _joined(text, placed.line.text)
        page = self._lines[0].page
        self._lines = []
        return [text_block(text, page=page)]

    def _in_contents(self, text: str) -> bool:
        """Whether the line belongs to the table of contents: from 目录 to the first line that stands there already."""
        plain = _LEADER.split(squeeze(text))[0].rstrip("0123456789")
        if plain in _CONTENTS:
            self._contents = set()
            return True
        if self._contents is None:
            return False
        if plain in self._contents or (len(plain) > _LONGEST_ENTRY and not _LEADER.search(text)):
            self._contents = None
            return False
        self._contents.add(plain)
        return True


def _goes_on(before: PlacedLine, here: PlacedLine, *, first: bool) -> bool:
    """Whether `here` continues the paragraph of `before` (the `first` line of its paragraph or a later one)."""
    size = max(before.line.size, here.line.size)
    same_page = before.page == here.page and before.line.y < here.line.y  # a column is left as a page is
    least = _MOSTLY * (before.right - before.left) if before.line.column else _LONG * size
    short = before.line.x1 - before.line.x0 < least and not (first and same_page)
    if short or abs(before.line.size - here.line.size) > 0.25 * size or _stands_alone(before, here):
        return False
    if same_page and here.line.y - before.line.y > _STEP * size:
        return False
    set_in = here.line.x0 - here.left > _INDENT * size
    if before.right - before.line.x1 > _SHORT * size and (set_in or not _unfinished(before, here, first=first)):
        return False
    if set_in:
        return same_page and (_hangs(before, here, first=first) or _ends_title(before, here))
    if here.line.gaps or before.line.gaps:
        return False
    return not (_NUMBERED.match(here.line.text) and before.line.text.endswith(_SENTENCE_END))


def _stands_alone(before: PlacedLine, here: PlacedLine) -> bool:
    """Whether one of them is small print of a table, or a sentence ends before a page break or a title."""
    ended = before.line.text.endswith(_SENTENCE_END)
    if ended and (before.page != here.page or _TITLE.match(here.line.text)):
        return True
    return bool(_CAPTION.match(here.line.text) or _CAPTION.match(before.line.text))


def _hangs(before: PlacedLine, here: PlacedLine, *, first: bool) -> bool:
    """Whether both lines begin at the same place: a block that is set in as a whole."""
    return not first and abs(before.line.x0 - here.line.x0) < 0.3 * here.line.size


def _ends_title(before: PlacedLine, here: PlacedLine) -> bool:
    """Whether `here` stands in the middle below the title of a part that fills its line: it is the rest of it."""
    off = abs((before.line.x0 + before.line.x1) - (here.line.x0 + here.line.x1)) / 2
    return heading_level(before.line.text) == 1 and off < here.line.size and not _NUMBERED.match(here.line.text)


def _unfinished(before: PlacedLine, here: PlacedLine, *, first: bool) -> bool:
    """Whether a line that stops short goes on all the same: what follows did not fit, or the sentence is not over."""
    if before.line.text.endswith(_SENTENCE_END) or _NUMBERED.match(here.line.text):
        return False
    width, reached = before.right - before.left, before.line.x1 - before.left
    begun = first and before.line.x0 - before.left > _INDENT * before.line.size
    if reached > (_MOSTLY if begun else _ALMOST) * width:
        return True
    token = re.match(r"[0-9A-Za-z.,%％“（(《]+", here.line.text)
    room = before.right - before.line.x1
    moved = token is not None and (len(token[0]) * 0.6 + _SHORT) * here.line.size > room
    return moved and reached > _HALF * width


def _joined(text: str, more: str) -> str:
    """Two lines of one paragraph as one; only Latin words need a space between them."""
    apart = text[-1:].isascii() and text[-1:].isalpha() and more[:1].isascii() and more[:1].isalpha()
    return f"{text} {more}" if apart else text + more


def looks_tabular(lines: Sequence[Line]) -> bool:
    """Whether three lines on end look like rows of a table without rules: names and amounts with gaps between."""
    run = 0
    for line in lines:
        words = line.text.split()
        amounts = sum(1 for word in words if _AMOUNT.match(word))
        run = run + 1 if line.gaps and amounts and len(words) > 1 and len(words) - amounts <= _NAMES else 0
        if run >= _ROWS:
            return True
    return False
