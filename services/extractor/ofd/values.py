"""Values of OFD attributes, read leniently.

Producers leave out name spaces and put commas for spaces. What cannot be read is as if it were not there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any

from services.extractor.lattice.frame import IDENTITY, Matrix, Rect, compose

_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_BOX, _MATRIX = 4, 6
#: Places and lengths beyond this (mm) are no page; they would only upset later arithmetic.
FARTHEST = 1e6
#: Numbers that are kept.
_KNOWN = 20_000
_PLAIN = {"true": True, "false": False}
_OPAQUE = 255
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
    return (found for found in element if plain(found.tag) == name)


def descendants(element: Any, name: str) -> Iterator[Any]:
    """The elements called `name` below `element`, in order of the document."""
    return (found for found in element.iter() if plain(found.tag) == name)


class _Floats(dict[str, float]):
    """What was read before: places repeat, and to look one up takes a tenth of the time of reading it."""

    def __missing__(self, text: str) -> float:
        value = float(text)
        if not abs(value) <= FARTHEST:  # not for NaN either
            raise ValueError(text)
        if len(self) >= _KNOWN:
            self.clear()
        self[text] = value
        return value


_float_of = _Floats().__getitem__


def floats(words: Iterable[str]) -> list[float]:
    """The numbers that `words` are. Raises `ValueError` if one is none or beyond all measure."""
    return list(map(_float_of, words))


def number(text: str | None, default: float) -> float:
    """A number, `default` where there is none or it is beyond all measure."""
    if not text:
        return default
    try:
        return _float_of(text)
    except ValueError:
        found = _NUMBER.search(text)
        value = float(found[0]) if found and not _is_number(text) else default
    return value if abs(value) <= FARTHEST else default  # not for NaN either


def numbers(text: str | None) -> list[float]:
    """All numbers of an array."""
    if not text:
        return []
    words = text.split()
    try:
        return floats(words)
    except ValueError:
        found = [] if all(map(_is_number, words)) else [float(part) for part in _NUMBER.findall(text)]
    return found if all(abs(value) <= FARTHEST for value in found) else []


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


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
    try:
        x, y, width, height = map(_float_of, text.split())
    except ValueError:
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
    try:
        a, b, c, d, e, f = map(_float_of, text.split())
    except ValueError:
        found = numbers(text)
        if len(found) < _MATRIX:
            return IDENTITY
        a, b, c, d, e, f = found[:_MATRIX]
    return (a, b, c, d, e, f) if abs(a * d - b * c) > _FLAT else IDENTITY


def words(element: Any | None) -> str:
    """The text of an element, trimmed; empty where there is no element."""
    return "" if element is None else "".join(element.itertext()).strip()


def shown(given: Any) -> bool:
    """Whether an object with these attributes (an element will do) is there to be seen."""
    return can_be_seen(given.get("Visible"), given.get("Alpha"))


def can_be_seen(visible: str | None, alpha: str | None) -> bool:
    """What the attributes Visible and Alpha say."""
    if visible is None and alpha is None:
        return True
    return flag(visible, default=True) and number(alpha, _OPAQUE) > 0


def space_of(own: Matrix, place: Rect | None, outer: Matrix) -> Matrix:
    """From the units of an object to points: its own matrix, its place in what it lies in, and so on outwards."""
    if place is None:
        return compose(own, outer)
    a, b, c, d, e, f = outer
    if b == 0.0 == c:
        if own is IDENTITY:
            return a, 0.0, 0.0, d, a * place[0] + e, d * place[1] + f
        a2, b2, c2, d2, e2, f2 = own
        return a2 * a, b2 * d, c2 * a, d2 * d, (e2 + place[0]) * a + e, (f2 + place[1]) * d + f
    return compose((own[0], own[1], own[2], own[3], own[4] + place[0], own[5] + place[1]), outer)


def columns(
    elements: Iterable[Any], names: Sequence[str], more: Callable[[Any], tuple[Any, ...]]
) -> Iterator[tuple[Any, ...]]:
    """For every element its attributes `names`, None where there is none, and what `more` gives, in one tuple.

    Elements with the same attributes come together: of a page they are many, of few kinds.
    """
    groups: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    before: list[str] | None = None
    alike: list[tuple[Any, ...]] = []
    for element in elements:
        kind = element.keys()
        if kind != before:
            before, alike = kind, groups.setdefault(tuple(kind), [])
        alike.append((*element.values(), *more(element)))
    for given, rows in groups.items():
        found = list(zip(*rows, strict=True))
        place = dict(zip(given, found, strict=False))
        wanted = [place.get(name) or repeat(None, len(rows)) for name in names]
        yield from zip(*wanted, *found[len(given) :], strict=True)
