"""What pages refer to: drawing parameters, vector graphics, media files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from services.extractor.ofd.package import Package, folder_of
from services.extractor.ofd.paint import NOTHING, Paint, paint_of
from services.extractor.ofd.values import child, children, descendants, local, words

_CHAIN = 16  # drawing parameters that refer to each other


@dataclass
class Resources:
    """The resources of a document by their identifiers. `media` are part names; `graphics` hold a Content."""

    package: Package
    parameters: dict[str, Any] = field(default_factory=dict)
    graphics: dict[str, Any] = field(default_factory=dict)
    media: dict[str, str] = field(default_factory=dict)
    _paints: dict[str, Paint] = field(default_factory=dict)

    def add(self, name: str) -> None:
        """Take in the resource file `name`; raises `DAMAGED` if it cannot be read."""
        root = self.package.xml(name)
        folder = folder_of(name)
        base = (root.get("BaseLoc") or "").strip().replace("\\", "/").strip("/")
        inner = f"{folder}/{base}".strip("/")
        for element in root.iter():
            kind, key = local(element), element.get("ID")
            if key is None:
                continue
            if kind == "DrawParam":
                self.parameters[key] = element
            elif kind == "CompositeGraphicUnit":
                self.graphics[key] = element
            elif kind == "MultiMedia":
                part = self.package.locate(words(child(element, "MediaFile")), inner, folder, base)
                if part is not None:
                    self.media[key] = part

    def paint(self, key: str | None) -> Paint:
        """The drawing parameters `key`, with all that they inherit."""
        if not key:
            return NOTHING
        known = self._paints.get(key)
        if known is None:
            known = self._paints[key] = self._chain(key)
        return known

    def _chain(self, key: str) -> Paint:
        found = NOTHING
        following: str | None = key
        for _ in range(_CHAIN):
            element = self.parameters.get(following or "")
            if element is None:
                break
            found = found.over(paint_of(element))
            following = element.get("Relative")
        return found


def resource_files(common: Any | None, document: Any) -> list[str]:
    """The locations of the resource files that a document names."""
    named = [] if common is None else [*children(common, "PublicRes"), *children(common, "DocumentRes")]
    named = named or [*descendants(document, "PublicRes"), *descendants(document, "DocumentRes")]
    return [location for element in named if (location := words(element))]
