"""What the objects of a layer, block or vector unit stand on: its space and its paint."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from services.extractor.lattice.frame import Matrix
from services.extractor.ofd.paint import Colours, Paint, colours_of, paint_with
from services.extractor.ofd.resources import Resources


@dataclass(frozen=True)
class Ground:
    """`outer` leads to points, `paint` is for what says nothing else. `texts`, `paths`: elements not yet looked at."""

    outer: Matrix
    paint: Paint
    resources: Resources
    texts: list[Any] = field(default_factory=list)
    paths: list[Any] = field(default_factory=list)
    _paints: dict[tuple[str | None, str | None, Colours], Paint] = field(default_factory=dict)

    def painted(self, width: str | None, parameters: str | None, colours: Colours) -> Paint:
        """How an object is painted: as it says, as its drawing parameters say, as what it lies in says."""
        key = (width, parameters, colours)
        known = self._paints.get(key)
        if known is None:
            below = self.resources.paint(parameters).over(self.paint) if parameters else self.paint
            known = self._paints[key] = paint_with(width, colours).over(below)
        return known

    def within(self, element: Any) -> Paint:
        """How what lies in a layer, block or composite object is painted that says nothing else."""
        return self.painted(element.get("LineWidth"), element.get("DrawParam"), colours_of(element))
