"""Paragraph styles: outline level and numbering along the chain of `basedOn`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.extractor.word.xml import Element, attribute, child, number

_HEADING = re.compile(r"^(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
_TITLE = frozenset({"title", "标题"})
_BODY_LEVEL = 9


@dataclass(frozen=True)
class Numbering:
    """Which list a paragraph belongs to. `style` is the style that said so, None if the paragraph itself did."""

    num_id: str | None = None
    level: int | None = None
    style: str | None = None


class Styles:
    """The paragraph styles of a document by id."""

    def __init__(self, root: Element | None) -> None:
        entries = [] if root is None else root.findall("{*}style")
        self._by_id = {attribute(entry, "styleId") or "": entry for entry in entries}
        self._default = next(
            (
                attribute(entry, "styleId")
                for entry in entries
                if attribute(entry, "type") == "paragraph" and attribute(entry, "default") in {"1", "true", "on"}
            ),
            None,
        )

    def outline(self, paragraph: Element) -> int | None:
        """The outline level of a `w:p` from 1, or None for body text."""
        properties = child(paragraph, "pPr")
        level = number(properties, "outlineLvl")
        if level is None:
            level = next((found for style in self._chain(properties) if (found := _outline(style)) is not None), None)
        return None if level is None or not 0 <= level < _BODY_LEVEL else level + 1

    def numbering(self, paragraph: Element) -> Numbering:
        """The list of a `w:p`: its own `numPr` before that of its styles."""
        properties = child(paragraph, "pPr")
        own = child(properties, "numPr")
        num_id, level, origin = attribute(child(own, "numId")), number(own, "ilvl"), None
        if num_id is not None and level is not None:
            return Numbering(num_id, level)
        for style in self._chain(properties):
            theirs = child(style, "pPr", "numPr")
            if num_id is None and (found := attribute(child(theirs, "numId"))) is not None:
                num_id, origin = found, attribute(style, "styleId")
            if level is None:
                level = number(theirs, "ilvl")
        return Numbering(num_id, level, origin)

    def list_of_style(self, style_id: str) -> str | None:
        """The `numId` of a numbering style, to which `w:numStyleLink` points."""
        return attribute(child(self._by_id.get(style_id), "pPr", "numPr", "numId"))

    def _chain(self, properties: Element | None) -> list[Element]:
        name = attribute(child(properties, "pStyle")) or self._default
        chain: list[Element] = []
        while name is not None and (style := self._by_id.get(name)) is not None and style not in chain:
            chain.append(style)
            name = attribute(child(style, "basedOn"))
        return chain


def _outline(style: Element) -> int | None:
    level = number(style, "pPr", "outlineLvl")
    if level is not None:
        return level
    name = (attribute(child(style, "name")) or "").strip().lower()
    heading = _HEADING.match(name)
    if heading:
        return int(heading[1]) - 1
    return 0 if name in _TITLE else None
