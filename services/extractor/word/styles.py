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


@dataclass(frozen=True)
class _Inherited:
    """What a style and those it is based on say: outline level (from 0) and list."""

    outline: int | None
    numbering: Numbering


class Styles:
    """The paragraph styles of a document by id."""

    def __init__(self, root: Element | None) -> None:
        entries = [] if root is None else root.findall("{*}style")
        self._by_id = {attribute(entry, "styleId") or "": entry for entry in entries}
        self._inherited: dict[str | None, _Inherited] = {}
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
            level = self._of(properties).outline
        return None if level is None or not 0 <= level < _BODY_LEVEL else level + 1

    def numbering(self, paragraph: Element) -> Numbering:
        """The list of a `w:p`: its own `numPr` before that of its styles."""
        properties = child(paragraph, "pPr")
        own = child(properties, "numPr")
        num_id, level = attribute(child(own, "numId")), number(own, "ilvl")
        style = self._of(properties).numbering
        return Numbering(
            style.num_id if num_id is None else num_id,
            style.level if level is None else level,
            style.style if num_id is None else None,
        )

    def list_of_style(self, style_id: str) -> str | None:
        """The `numId` of a numbering style, to which `w:numStyleLink` points."""
        return attribute(child(self._by_id.get(style_id), "pPr", "numPr", "numId"))

    def _of(self, properties: Element | None) -> _Inherited:
        """What the style of a paragraph gives it; looked up once for each style."""
        name = attribute(child(properties, "pStyle")) or self._default
        if name not in self._inherited:
            self._inherited[name] = self._inherit(name)
        return self._inherited[name]

    def _inherit(self, name: str | None) -> _Inherited:
        chain: list[Element] = []
        while name is not None and (style := self._by_id.get(name)) is not None and style not in chain:
            chain.append(style)
            name = attribute(child(style, "basedOn"))
        lists = [child(style, "pPr", "numPr") for style in chain]
        listed = next((place for place, own in enumerate(lists) if child(own, "numId") is not None), None)
        return _Inherited(
            outline=next((found for style in chain if (found := _outline(style)) is not None), None),
            numbering=Numbering(
                None if listed is None else attribute(child(lists[listed], "numId")),
                next((found for own in lists if (found := number(own, "ilvl")) is not None), None),
                None if listed is None else attribute(chain[listed], "styleId"),
            ),
        )


def _outline(style: Element) -> int | None:
    level = number(style, "pPr", "outlineLvl")
    if level is not None:
        return level
    name = (attribute(child(style, "name")) or "").strip().lower()
    heading = _HEADING.match(name)
    if heading:
        return int(heading[1]) - 1
    return 0 if name in _TITLE else None
