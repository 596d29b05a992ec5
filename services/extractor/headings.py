"""Lines of office documents as blocks: a heading by its numbering, else by the outline of its style, else a paragraph."""

from __future__ import annotations

import re

from services.extractor.textgrid import marks
from shared.contracts.document import Heading, Paragraph

#: An entry of a table of contents ends with a tab and a page number.
_CONTENTS = re.compile(r"\t\s*[0-9IVXivx]{1,4}\s*$")
_DEEPEST = 6


def heading_level(text: str) -> int | None:
    """1 for 第一部分, 2 for 一、, 3 for （一）, 4 for 1.; None for sentences, long lines and lines of a contents list."""
    line = text.strip()
    found = None if _CONTENTS.search(line) else marks.heading(line)
    return None if found is None else found[1]


def text_block(text: str, outline: int | None = None, page: int | None = None) -> Heading | Paragraph:
    """`text` as a heading or a paragraph; `outline` is the level (from 1) that the style of the paragraph gives it."""
    line = text.strip()
    level = heading_level(line)
    listed = _CONTENTS.search(line) or marks.is_contents_line(line)
    if level is None and outline is not None and len(line) <= 2 * marks.LONGEST_HEADING and not listed:
        level = min(outline, _DEEPEST)
    return Paragraph(text=line, page=page) if level is None else Heading(text=line, level=level, page=page)
