"""The walk over a page: what its objects print and draw, in points (y up)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from services.extractor.lattice.chars import LIMIT as MOST_CHARACTERS
from services.extractor.lattice.frame import IDENTITY, Matrix, Rect, compose, transform
from services.extractor.lattice.strokes import BROADEST, THIN, Drawing
from services.extractor.ofd.paint import BLACK, LINE_WIDTH, Colour, Paint, paint_of
from services.extractor.ofd.paths import Part, bounds, cut, parts_of, placed, straight
from services.extractor.ofd.pictures import is_opaque
from services.extractor.ofd.resources import Resources
from services.extractor.ofd.text import Mark, run_of
from services.extractor.ofd.values import box, child, children, flag, local, matrix, number

_DEPTH = 16
#: What a vector unit costs of the objects of a page: units may hold units, which multiplies them.
_UNIT = 50
#: A clip cuts what sticks out of it by more than this (points): boundaries are rounded, strokes have width.
_SLACK = 1.5
#: Dots of an inch in which old producers write paths, in mm.
_DOT = 25.4 / 300
#: A picture that covers this share of the page and lies upon its text is a scan, the text what OCR made of it.
_COVERS = 0.5
_OPAQUE = 255
_CORNERS = 1_000  # of a clip that are looked at
_CONTAINERS = frozenset({"Content", "Layer", "PageBlock"})


class Picture(NamedTuple):
    """An image: the part that holds it, and the matrix from the unit square (y down) to points (y up)."""

    part: str
    matrix: Matrix


class Shape(NamedTuple):
    """A path in points (y up): how dark (0 black, 255 white) its fill and its stroke are, None where there is none."""

    parts: list[Part]
    fill: int | None
    stroke: int | None
    pen: float


@dataclass
class Canvas:
    """What the walk collects.

    `clipped`: (character, box of its text object) of text that sticks out. `painted`: pictures and shapes in the order
    in which they are painted, if `keeps` them.
    """

    resources: Resources
    area: float
    keeps: bool = False
    drawing: Drawing = field(default_factory=Drawing)
    marks: list[Mark] = field(default_factory=list)
    hidden: list[Mark] = field(default_factory=list)
    clipped: list[tuple[Mark, Rect]] = field(default_factory=list)
    painted: list[Picture | Shape] = field(default_factory=list)
    characters: int = MOST_CHARACTERS

    def walk(self, element: Any, outer: Matrix, paint: Paint, depth: int = 0) -> None:
        """Everything below `element`, whose children stand in the space from which `outer` leads to points."""
        for part in element:
            if self.drawing.budget <= 0 or depth > _DEPTH:
                return
            self.drawing.budget -= 1
            kind = local(part)
            if kind == "TextObject":
                self._text(part, outer, self._paint(part, paint))
            elif kind == "PathObject":
                self._path(part, outer, self._paint(part, paint))
            elif kind == "ImageObject":
                self._image(part, outer)
            elif kind == "CompositeObject":
                self.drawing.budget -= _UNIT
                unit = self.resources.graphics.get(part.get("ResourceID") or "")
                if unit is not None and _shown(part):
                    space = _space(matrix(part.get("CTM")), box(part.get("Boundary")), outer)
                    self.walk(unit, space, self._paint(part, paint), depth + 1)
            elif kind in _CONTAINERS and _shown(part):
                self.walk(part, outer, self._paint(part, paint), depth + 1)

    def _paint(self, element: Any, below: Paint) -> Paint:
        """How an object is painted: as it says, as its drawing parameters say, as what it lies in says."""
        parameters = element.get("DrawParam")
        if parameters:
            below = self.resources.paint(parameters).over(below)
        return paint_of(element).over(below)

    def _text(self, element: Any, outer: Matrix, paint: Paint) -> None:
        limit = box(element.get("Boundary"))
        own = matrix(element.get("CTM"))
        width = (limit[2] - limit[0]) / math.hypot(own[0], own[1]) if limit else 0.0
        run = run_of(element, _space(own, limit, outer), width, self.characters)
        self.characters -= len(run.marks)
        self.drawing.directions[run.turn] += 1
        if not run.marks:
            return
        if not (_shown(element) and _inked(element, paint)):
            self.hidden.extend(run.marks)
            return
        place = transform(outer, limit) if limit else None
        if place is not None:
            clip = _clip(element, own, limit, outer)
            place = (cut(place, clip) if clip else None) or place
        if run.turn == 0 and place is not None and _sticks_out(run.marks, place):
            for mark in run.marks:
                if place[0] <= mark.x + mark.width / 2 <= place[2] or mark.char == "\ufffd":
                    self.marks.append(mark)
                else:
                    self.clipped.append((mark, place))
        else:
            self.marks.extend(run.marks)

    def _image(self, element: Any, outer: Matrix) -> None:
        place = box(element.get("Boundary"))
        if place is None or not _shown(element):
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
            self.painted.append(Picture(part, _space(own, place, outer)))
        covers = (seen[2] - seen[0]) * (seen[3] - seen[1]) > _COVERS * self.area
        plain = number(element.get("Alpha"), _OPAQUE) >= _OPAQUE
        if covers and plain and (self.marks or self.clipped) and is_opaque(self.resources.package, part):
            self.hidden += [*self.marks, *(mark for mark, _ in self.clipped)]
            self.marks, self.clipped = [], []

    def _path(self, element: Any, outer: Matrix, paint: Paint) -> None:
        fill = (paint.fill or BLACK) if flag(element.get("Fill"), default=False) else None
        stroke = (paint.stroke or BLACK) if flag(element.get("Stroke"), default=True) else None
        filled = fill is not None and fill.opaque
        stroke_seen = stroke is not None and stroke.seen
        if not (filled or stroke_seen or self.keeps) or not _shown(element):
            return
        parts = parts_of(_data(element), self.drawing.budget, smooth=self.keeps)
        if not parts:
            return
        self.drawing.budget -= sum(len(points) for points, _ in parts)
        place = box(element.get("Boundary"))
        limit = transform(outer, place) if place else None
        space = _space(matrix(element.get("CTM")), place, outer)
        on_page = _where(parts, space, outer, limit)
        pen = LINE_WIDTH if paint.line_width is None else paint.line_width
        pen *= max(abs(space[0]) + abs(space[1]), abs(space[2]) + abs(space[3]))
        if self.keeps:
            self.painted.append(Shape(on_page, _darkness(fill), _darkness(stroke), pen))
        if limit is not None:
            # A box that is flat in one direction clips nothing there.
            slack = pen / 2 + _SLACK
            limit = (limit[0] - slack, limit[1] - slack, limit[2] + slack, limit[3] + slack)
        if stroke_seen and pen <= BROADEST:
            self.drawing.strokes.extend(seen for rect in straight(on_page) if (seen := cut(rect, limit)))
        elif stroke_seen:
            self.drawing.shapes += 1
        elif fill is not None and filled:
            _fills(self.drawing, on_page, limit, seen=fill.seen)


def _darkness(colour: Colour | None) -> int | None:
    return colour.level if colour is not None and colour.opaque else None


def _shown(element: Any) -> bool:
    visible, alpha = element.get("Visible"), element.get("Alpha")
    if visible is None and alpha is None:
        return True
    return flag(visible, default=True) and number(alpha, _OPAQUE) > 0


def _space(own: Matrix, place: Rect | None, outer: Matrix) -> Matrix:
    """From the units of an object to points: its own matrix, its place in what it lies in, and so on outwards."""
    if place is None:
        return compose(own, outer)
    if own is IDENTITY and outer[1] == 0.0 == outer[2]:
        a, _, _, d, e, f = outer
        return a, 0.0, 0.0, d, a * place[0] + e, d * place[1] + f
    return compose((own[0], own[1], own[2], own[3], own[4] + place[0], own[5] + place[1]), outer)


def _inked(element: Any, paint: Paint) -> bool:
    """Whether text leaves ink. White text does: it may stand on a dark ground."""
    filled = flag(element.get("Fill"), default=True) and (paint.fill or BLACK).opaque
    stroked = flag(element.get("Stroke"), default=False) and (paint.stroke or BLACK).opaque
    return filled or stroked


def _clip(element: Any, own: Matrix, place: Rect | None, outer: Matrix) -> Rect | None:
    """The box of what the clips of an object let through; None where it has none.

    Clips stand in the space of the object (after its matrix unless `TransFlag` is false), areas of one clip add up,
    several clips leave what is in all of them.
    """
    clips = child(element, "Clips")
    if clips is None:
        return None
    space = _space(own if flag(clips.get("TransFlag"), default=True) else IDENTITY, place, outer)
    found: Rect | None = None
    for clip in children(clips, "Clip"):
        points = [
            point
            for area in children(clip, "Area")
            for path in children(area, "Path")
            for part, _ in placed(
                parts_of(_data(path), _CORNERS),
                _space(matrix(path.get("CTM")), box(path.get("Boundary")), compose(matrix(area.get("CTM")), space)),
            )
            for point in part
        ]
        if points:
            found = cut(bounds(points), found) or found
    return found


def _sticks_out(marks: list[Mark], limit: Rect) -> bool:
    """Whether level text in `limit` runs out of it: a cell shows what fits, the file has all of it.

    Text with gaps is laid out on purpose: its box is wrong.
    """
    if len(marks) <= 1 or not all(limit[1] - _SLACK <= mark.y <= limit[3] + _SLACK for mark in marks):
        return False
    if any(there.x - here.x - here.width > here.size for here, there in pairwise(marks)):
        return False
    middles = [mark.x + mark.width / 2 for mark in marks]
    inside = sum(1 for x in middles if limit[0] <= x <= limit[2])
    return 0 < inside < len(marks) and (min(middles) < limit[0] - _SLACK or max(middles) > limit[2] + _SLACK)


def _data(element: Any) -> str:
    return next((part.text or "" for part in element if local(part) == "AbbreviatedData"), "")


def _fills(drawing: Drawing, parts: Sequence[Part], limit: Rect | None, *, seen: bool) -> None:
    """Thin fills that can be seen are rules; the box of a broader one, white or not, may be a cell."""
    whole = cut(bounds([point for points, _ in parts for point in points]), limit)
    if whole is not None and min(whole[2] - whole[0], whole[3] - whole[1]) > THIN:
        drawing.fills.append(whole)
    for points, curved in parts if seen else ():
        rect = cut(bounds(points), limit)
        if rect is None:
            continue
        if min(rect[2] - rect[0], rect[3] - rect[1]) <= THIN and not curved:
            drawing.strokes.append(rect)
        else:
            drawing.shapes += 1


def _where(parts: list[Part], space: Matrix, outer: Matrix, limit: Rect | None) -> list[Part]:
    """The subpaths on the page.

    Some producers write them in the space of the page or in dots of 300 to the inch, whatever box and matrix say. That
    is so when nothing of them lies in their box otherwise.
    """
    on_page = placed(parts, space)
    if limit is None or _meets(on_page, limit):
        return on_page
    for other in (outer, compose((_DOT, 0.0, 0.0, _DOT, 0.0, 0.0), outer)):
        tried = placed(parts, other)
        if _meets(tried, limit):
            return tried
    return on_page


def _meets(parts: list[Part], limit: Rect) -> bool:
    x0, y0, x1, y1 = limit[0] - _SLACK, limit[1] - _SLACK, limit[2] + _SLACK, limit[3] + _SLACK
    x, y = parts[0][0][0]
    if x0 <= x <= x1 and y0 <= y <= y1:
        return True
    boxes = [bounds(points) for points, _ in parts]
    return any(left <= x1 and right >= x0 and top <= y1 and bottom >= y0 for left, top, right, bottom in boxes)
