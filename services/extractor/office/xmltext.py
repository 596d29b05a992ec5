"""The text of an office file that is one XML file, whatever encoding it says and has."""

from __future__ import annotations

import re

from services.extractor.limits import MAX_TEXT, check_size
from services.extractor.readers.html import decode_html
from shared.contracts.document import Doubt

_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")


def decode_xml(content: bytes) -> tuple[bytes, tuple[Doubt, ...]]:
    """`content` in UTF-8 without its declaration, and a doubt if some of it could not be decoded.

    Systems that fill templates often write another encoding than they declare. Raises `TOO_LARGE`, `NOT_READABLE`.
    """
    check_size(len(content), MAX_TEXT)
    text, doubts = decode_html(content)
    return _DECLARATION.sub("", text.lstrip("\ufeff"), count=1).encode("utf-8", errors="replace"), doubts
