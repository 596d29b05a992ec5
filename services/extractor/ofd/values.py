"""Values of OFD attributes, read leniently.

Producers leave out name spaces and put commas for spaces. What cannot be read is as if it were not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from services.extractor.lattice.frame import IDENTITY, Matrix, Rect

_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_BOX, _MATRIX = 4, 6
#: Places and lengths beyond this (mm) are no page; they would only upset later arithmetic.
FARTHEST = 1e6
_PLAIN = {"true": True, "false": False}
#: The determinant of a transformation that leaves nothing to see.
_FLAT = 1e-12


@lru_cache(maxsize=1024)
def plain(tag: str) -> str:
    """A tag without its name space."""
    return tag[tag.rfind("}") + 1 :]


def local(element: Any) -> str:
    """The name of an element without its name space."""
    return plain(element.tag)


def child(element: Any, name: str) -> Any | None:
    """The first child called `name`, whatever its name space."""
    return next(children(element, name), None)


def children(element: Any, name: str) -> Iterator[Any]:
    """The children called `name`, whatever their name space."""
    return (found for found in element if local(found) == name)


def descendants(element: Any, name: str) -> Iterator[Any]:
    """The elements called `name` below `element`, in order of the document."""
    return (found for found in element.iter() if local(found) == name)


def number(text: str | None, default: float) -> float:
    """A number, `default` where there is none or it is beyond all measure."""
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        found = _NUMBER.search(text)
        value = float(found[0]) if found else default
    return value if abs(value) <= FARTHEST else default  # not for NaN either


def numbers(text: str | None) -> list[float]:
    """All numbers of an array."""
    if not text:
        return []
    try:
        found = list(map(float, text.split()))
    except ValueError:
        found = [float(part) for part in _NUMBER.findall(text)]
    return found if all(map(FARTHEST.__ge__, map(abs, found))) else []  # NaN is not within it either


def whole(text: str | None, default: int) -> int:
    """A whole number, `default` where there is none."""
    return round(number(text, float(default)))


def flag(text: str | None, *, default: bool) -> bool:
    """A boolean, `default` where there is none."""
    if text is None:
        return default
    if text in _PLAIN:
        return _PLAIN[text]
    if not text.strip():
        return default
    return text.strip().lower() not in ("false", "0", "no")


def box(text: str | None) -> Rect | None:
    """A box given as x, y, width, height: (x0, y0, x1, y1)."""
    if text is None:
        return None
    found = numbers(text)
    if len(found) < _BOX:
        return None
    x, y, width, height = found[:_BOX]
    return x, y, x + width, y + height


@lru_cache(maxsize=1024)
def matrix(text: str | None) -> Matrix:
    """A transformation, `IDENTITY` where there is none or it flattens everything."""
    if text is None:
        return IDENTITY
    found = numbers(text)
    if len(found) < _MATRIX:
        return IDENTITY
    a, b, c, d, e, f = found[:_MATRIX]
    return (a, b, c, d, e, f) if abs(a * d - b * c) > _FLAT else IDENTITY


def words(element: Any | None) -> str:
    """The text of an element, trimmed; empty where there is no element."""
    return "" if element is None else "".join(element.itertext()).strip()
