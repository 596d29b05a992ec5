"""Reading WordprocessingML by local names, so that transitional and strict documents look the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

#: What lxml calls an element; the library is untyped.
Element = Any

_OFF = frozenset({"0", "false", "off", "none"})


def local(element: Element) -> str:
    """The name of `element` without its namespace; "" for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element | None, name: str = "val") -> str | None:
    """The attribute `w:name` of `element`; None if there is no such element or attribute."""
    if element is None:
        return None
    value = element.get(f"{element.tag.rpartition('}')[0]}}}{name}")
    return None if value is None else str(value)


def child(element: Element | None, *path: str) -> Element | None:
    """The first descendant along `path` of local names; None if a step is missing."""
    for name in path:
        if element is None:
            return None
        element = element.find(f"{{*}}{name}")
    return element


def number(element: Element | None, *path: str, name: str = "val") -> int | None:
    """The integer attribute of the element along `path`; None where it is missing or no integer."""
    text = attribute(child(element, *path), name)
    try:
        return None if text is None else int(float(text))
    except (ValueError, OverflowError):
        return None


def switched_on(element: Element | None, *path: str) -> bool:
    """Whether the on/off property along `path` is there and not switched off."""
    found = child(element, *path)
    return found is not None and (attribute(found) or "1").lower() not in _OFF


def alternative(element: Element) -> Iterator[Element]:
    """The children of the branch of `mc:AlternateContent` that Word shows: the first choice, else the fallback."""
    branch = child(element, "Choice")
    if branch is None:
        branch = child(element, "Fallback")
    return iter(()) if branch is None else branch.iterchildren()
