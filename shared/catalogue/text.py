"""Normal forms of printed text, so that the same words compare equal whatever their typography."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPACE = re.compile(r"[\s\u3000\u00a0\u200b\ufeff]+")
_PREFIX = re.compile(r"^(?:[一二三四五六七八九十]+[、.．,，]|[(（][一二三四五六七八九十]+[)）])")
_ENUMERATION = re.compile(r"^[一二三四五六七八九十]+[、.．]")
_QUOTES = str.maketrans({"“": '"', "”": '"', "「": '"', "」": '"', "『": '"', "』": '"', "‘": "'", "’": "'"})


@lru_cache(maxsize=16_384)
def squeeze(text: str) -> str:
    """`text` without any white space (U+3000, no-break, zero-width spaces too): how names are compared and shown."""
    return _SPACE.sub("", text)


@lru_cache(maxsize=16_384)
def fold(text: str) -> str:
    """The comparison form of a name: NFKC, no white space, one kind of quotes, brackets half-width, lower case."""
    return squeeze(unicodedata.normalize("NFKC", text)).translate(_QUOTES).lower()


def without_enumeration(text: str) -> str:
    """`text` without white space and without a leading 一、 (the numbering of rows of T01 and T04)."""
    return _ENUMERATION.sub("", squeeze(text))


def without_prefix(text: str) -> str:
    """`text` without white space and without a leading 一、 or （一）."""
    return _PREFIX.sub("", squeeze(text))
