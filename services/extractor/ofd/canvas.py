"""The walk over a page: what its objects print and draw, in points (y up)."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from services.extractor.lattice.frame import IDENTITY, Matrix, transform
from services.extractor.lattice.strokes import Drawing
from services.extractor.ofd.ground import Ground
from services.extractor.ofd.paint import NOTHING, Paint
from services.extractor.ofd.pictures import is_opaque
from services.extractor.ofd.printed import Printed
from services.extractor.ofd.resources import Resources
from services.extractor.ofd.rules import Shape, draw, shape_of
from services.extractor.ofd.values import box, local, matrix, number, shown, space_of

_DEPTH = 16
#: What a vector unit costs of the objects of a page: units may hold units, which multiplies them.
_UNIT = 10
#: A picture that covers this share of the page and lies upon its text is a scan, the text what OCR made of it.
_COVERS = 0.5
_OPAQUE = 255
_TEXT, _PATH = "{*}TextObject", "{*}PathObject"
_CONTAINERS = frozenset({"Content", "Layer", "PageBlock"})


class Picture(NamedTuple):
    """An image: the part that holds it, and the matrix from the unit square (y down) to points (y up)."""

    part: str
    matrix: Matrix


@dataclass
class Canvas:
    """What the walk collects. `painted`: pictures and shapes in the order of their painting, if it `keeps` them."""

    resources: Resources
    area: float
    keeps: bool = False
    drawing: Drawing = field(default_factory=Drawing)
    printed: Printed = field(default_factory=Printed)
    painted: list[Picture | Shape] = field(default_factory=list)
    _grounds: dict[tuple[Matrix, Paint], Ground] = field(default_factory=dict)
    _waiting: list[Ground] = field(default_factory=list)

    def show(self, root: Any, outer: Matrix) -> None:
        """Everything that a page or template shows; `outer` leads from its space to points."""
        self._walk(root, outer, NOTHING, 0)
        self._put()

    def _walk(self, element: Any, outer: Matrix, paint: Paint, depth: int) -> None:
        drawing = self.drawing
        if depth > _DEPTH or drawing.budget <= 0:
            return
        ground = self._ground(outer, paint)
        texts, paths = list(element.iterchildren(_TEXT)), list(element.iterchildren(_PATH))
        if len(texts) + len(paths) == len(element) <= drawing.budget:
            drawing.budget -= len(element)
            ground.texts.extend(texts)
            ground.paths.extend(paths)
        else:
            self._walk_mixed(element, ground, depth)
        if self.keeps:
            self._put()

    def _walk_mixed(self, element: Any, ground: Ground, depth: int) -> None:
        """The same where there are more than text and paths, or too many."""
        drawing, outer = self.drawing, ground.outer
        for part in islice(element, drawing.budget):
            drawing.budget -= 1
            kind = local(part)
            if kind == "PathObject":
                ground.paths.append(part)
            elif kind == "TextObject":
                ground.texts.append(part)
            elif kind == "ImageObject":
                self._put()
                self._image(part, outer)
                self._waiting.append(ground)
            elif kind == "CompositeObject":
                drawing.budget -= _UNIT
                unit = self.resources.graphics.get(part.get("ResourceID") or "")
                if unit is not None and shown(part):
                    space = space_of(matrix(part.get("CTM")), box(part.get("Boundary")), outer)
                    self._walk_inner(unit, space, part, ground, depth)
            elif kind in _CONTAINERS and shown(part):
                self._walk_inner(part, outer, part, ground, depth)
            if drawing.budget <= 0:
                break

    def _walk_inner(self, element: Any, space: Matrix, painted: Any, ground: Ground, depth: int) -> None:
        if self.keeps:
            self._put()
        self._walk(element, space, ground.within(painted), depth + 1)
        self._waiting.append(ground)

    def _ground(self, outer: Matrix, paint: Paint) -> Ground:
        ground = self._grounds.get((outer, paint))
        if ground is None:
            ground = self._grounds[outer, paint] = Ground(outer, paint, self.resources)
        self._waiting.append(ground)
        return ground

    def _put(self) -> None:
        """Text and paths that were met since the last picture: it does not matter which of them came first.

        To whoever `keeps` them it does; then this is called before and after everything that holds others.
        """
        for ground in self._waiting:
            if ground.texts:
                self.printed.add(ground.texts, ground)
                ground.texts.clear()
            if not ground.paths:
                continue
            if self.keeps:
                shapes = (shape_of(self.drawing, path, ground) for path in ground.paths)
                self.painted.extend(shape for shape in shapes if shape is not None)
            else:
                draw(self.drawing, ground.paths, ground)
            ground.paths.clear()
        self._waiting.clear()

    def _image(self, element: Any, outer: Matrix) -> None:
        place = box(element.get("Boundary"))
        if place is None or not shown(element):
            return
        seen = transform(outer, place)
        self.drawing.images.append(seen)
        part = self.resources.media.get(element.get("ResourceID") or "")
        if part is None:
            return
        own = matrix(element.get("CTM"))
        if own is IDENTITY:  # a picture of 1 mm: it is meant to fill its box
            own = (place[2] - place[0], 0.0, 0.0, place[3] - place[1], 0.0, 0.0)
        if self.keeps:
            self.painted.append(Picture(part, space_of(own, place, outer)))
        covers = (seen[2] - seen[0]) * (seen[3] - seen[1]) > _COVERS * self.area
        plain = number(element.get("Alpha"), _OPAQUE) >= _OPAQUE
        if covers and plain and (self.printed.runs or self.printed.clipped) and is_opaque(self.resources.package, part):
            self.printed.cover()
