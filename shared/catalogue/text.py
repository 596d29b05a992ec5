"""Normal forms of printed text, so that the same words compare equal whatever their typography."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from shared.catalogue.files import read_rows

_SPACE = re.compile(r"[\s\u3000\u00a0\u200b\ufeff]+")
_PREFIX = re.compile(r"^(?:[一二三四五六七八九十]+[、.．,，]|[(（][一二三四五六七八九十]+[)）])")
_ENUMERATION = re.compile(r"^[一二三四五六七八九十]+[、.．]")
_QUOTES = str.maketrans({"“": '"', "”": '"', "「": '"', "」": '"', "『": '"', "』": '"', "‘": "'", "’": "'"})


@cache
def _traditional() -> dict[int, str]:
    """Traditional characters and their simplified forms, for the words and place names of the catalogue."""
    return {ord(old): row["simplified"] for row in read_rows("traditional") for old in row["traditional"]}


def simplify(text: str) -> str:
    """`text` with traditional characters made simplified, character by character."""
    return text if text.isascii() else text.translate(_traditional())


@lru_cache(maxsize=16_384)
def squeeze(text: str) -> str:
    """`text` without any white space (U+3000, no-break, zero-width spaces too): how names are compared and shown."""
    return _SPACE.sub("", text)


@lru_cache(maxsize=16_384)
def fold(text: str) -> str:
    """The comparison form of a name: NFKC, simplified, no white space, one kind of quotes, half-width, lower case."""
    return simplify(squeeze(unicodedata.normalize("NFKC", text)).translate(_QUOTES)).lower()


def without_enumeration(text: str) -> str:
    """`text` without white space and without a leading 一、 (the numbering of rows of T01 and T04)."""
    return _ENUMERATION.sub("", squeeze(text))


def without_prefix(text: str) -> str:
    """`text` without white space and without a leading 一、 or （一）."""
    return _PREFIX.sub("", squeeze(text))
