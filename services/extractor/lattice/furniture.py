"""What a page carries besides its content: page numbers, running headers and footers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from services.extractor.lattice.fill import Line
from services.extractor.lattice.page import PageContent

_PAGE_NUMBER = re.compile(
    r"^[-—–―－‐_~·.\s]*(?:第\s*)?(?:[0-9０-９]{1,4}|[ivxⅰ-ⅻ]{1,5})(?:\s*页)?"
    r"(?:\s*[/／,，]?\s*(?:共\s*)?[0-9]{1,4}(?:\s*页)?)?[-—–―－‐_~·.\s]*$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"[0-9０-９]+")
#: Lines that stand over many tables of a document without being its running header.
_CAPTION = re.compile(r"单位[:：]|公开\s*[0-9]+\s*表|部门[:：]|编制|金额|万元|元$|续表|[表]$")
#: Share of the page height at the top and at the bottom where furniture stands.
_ZONE = 0.13
_OUTERMOST = 2
_DRIFT = 4.0


def content_lines(pages: Sequence[PageContent]) -> list[list[Line]]:
    """Per page its lines without page numbers and without lines that most pages repeat at the same height."""
    repeated = _repeated(pages)
    return [_content(page, repeated) for page in pages]


def _content(page: PageContent, repeated: set[tuple[str, int]]) -> list[Line]:
    edge = {id(line) for line in _edge_lines(page)}
    kept = [line for line in page.lines if id(line) not in edge or not (_keys(line) & repeated)]
    for first in (0, -1):
        if kept and _in_zone(kept[first], page) and _PAGE_NUMBER.match(kept[first].text):
            del kept[first]
    return kept


def _repeated(pages: Sequence[PageContent]) -> set[tuple[str, int]]:
    """(text without digits, height) of lines at the edge of at least three pages and of half of all pages."""
    counts: Counter[tuple[str, int]] = Counter()
    for page in pages:
        counts.update({key for line in _edge_lines(page) for key in _keys(line)})
    least = max(3, len(pages) // 2)
    return {key for key, count in counts.items() if count >= least and not _CAPTION.search(key[0])}


def _edge_lines(page: PageContent) -> list[Line]:
    lines = [line for line in page.lines if _in_zone(line, page)]
    return lines if len(lines) <= 2 * _OUTERMOST else lines[:_OUTERMOST] + lines[-_OUTERMOST:]


def _in_zone(line: Line, page: PageContent) -> bool:
    return line.y < _ZONE * page.height or line.y > (1 - _ZONE) * page.height


def _keys(line: Line) -> set[tuple[str, int]]:
    """The line at its height, rounded both ways so that a small drift does no harm."""
    text = _DIGITS.sub("0", line.text)
    slot = round(line.y / _DRIFT)
    return {(text, slot), (text, slot + 1)}
