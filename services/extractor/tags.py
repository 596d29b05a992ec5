"""Tags of a web page that would take minutes to parse: libxml2 compares every attribute with every other of its tag."""

from __future__ import annotations

import re

from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase

#: Attributes of one tag. What Word and Excel write has twenty.
MAX_ATTRIBUTES = 1_000
#: An opening tag to its end; a ">" in quotes ends none. Never goes back, so that a page costs its length.
_TAG = re.compile(r"""<([A-Za-z][^\s<>/"']*+)(?:[^>"']++|"[^"]*+"|'[^']*+')*+""")
_QUOTED = re.compile(r'"[^"]*+"|\'[^\']*+\'')
#: What stands within these is no markup, and "<" there is "less than".
_RAW = {"script": "</script", "style": "</style"}


def check_tags(text: str) -> None:
    """Raise `TOO_LARGE` if any tag of the page `text` has more than `MAX_ATTRIBUTES` attributes."""
    place = 0
    while found := _TAG.search(text, place):
        place = found.end()
        if place - found.start() > 2 * MAX_ATTRIBUTES:
            _check(found)
        end = _RAW.get(found[1].lower())
        if end is not None:
            place = text.find(end, place)
            if place < 0:
                return


def _check(found: re.Match[str]) -> None:
    bare = _QUOTED.sub(" ", found[0])
    count = max(len(bare.split()), bare.count("="))
    if count > MAX_ATTRIBUTES:
        line = found.string.count("\n", 0, found.start()) + 1
        raise InvalidDocument(
            Category.TOO_LARGE,
            Phase.EXTRACT,
            Text(
                zh=f"网页第 {line} 行的一个标签带有 {count} 个属性，不是正常的网页。"
                "请用浏览器或办公软件重新保存后再试。",
                en=f"A tag in line {line} of the page has {count} attributes, which no program writes. "
                "Save the page anew with a browser or an office program and try again.",
            ),
            f"{count} attributes > {MAX_ATTRIBUTES} in {found[0][:40]!r}",
        )
