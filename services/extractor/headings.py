"""Which lines of running text are headings: by numbering, as Chinese documents do it, or by the outline of a style."""

from __future__ import annotations

import re

from shared.contracts.document import Heading, Paragraph

_NUMERALS = "一二三四五六七八九十百零〇"
_LEVELS = (
    (1, re.compile(rf"^第\s*[{_NUMERALS}0-9]{{1,3}}\s*(?:部分|章|篇)")),
    (2, re.compile(rf"^[{_NUMERALS}]{{1,3}}\s*[、.．]")),
    (3, re.compile(rf"^[(（]\s*[{_NUMERALS}]{{1,3}}\s*[)）]")),
    (4, re.compile(r"^[0-9]{1,2}\s*(?:[、．]|\.(?![0-9]))")),
)
_LONGEST = 50
_SENTENCE = re.compile(r"[。；;，,！!？?]")
_LEADER = re.compile(r"[.．…·]{3,}|\t\s*[0-9]+\s*$")
_DEEPEST = 6


def heading_level(text: str) -> int | None:
    """1 for 第一部分, 2 for 一、, 3 for （一）, 4 for 1.; None for sentences, long lines and contents."""
    line = text.strip()
    if not line or len(line) > _LONGEST or "\n" in line or _SENTENCE.search(line) or _LEADER.search(line):
        return None
    return next((level for level, pattern in _LEVELS if pattern.match(line)), None)


def text_block(text: str, outline: int | None = None, page: int | None = None) -> Heading | Paragraph:
    """`text` as a heading or a paragraph; `outline` is the level (from 1) that the style of the paragraph gives it."""
    line = text.strip()
    level = heading_level(line)
    if level is None and outline is not None and len(line) <= 2 * _LONGEST and not _LEADER.search(line):
        level = min(outline, _DEEPEST)
    return Paragraph(text=line, page=page) if level is None else Heading(text=line, level=level, page=page)
