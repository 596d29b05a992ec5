"""A page of an OFD: its layers and those of its templates as the characters and strokes that the lattice reads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from services.extractor.lattice.aligned import Edges
from services.extractor.lattice.chars import LIMIT as MOST_CHARACTERS
from services.extractor.lattice.chars import Characters, Glyph
from services.extractor.lattice.frame import Frame, Matrix, Rect, compose, transform
from services.extractor.lattice.page import PageContent, content_of, direction_of
from services.extractor.lattice.strokes import BROADEST, THIN, Drawing
from services.extractor.ofd.paint import LINE_WIDTH, NOTHING, Paint, paint_of
from services.extractor.ofd.paths import Part, bounds, cut, parts_of, placed, straight
from services.extractor.ofd.resources import Resources
from services.extractor.ofd.text import Mark, glyphs_of, run_of
from services.extractor.ofd.values import box, flag, local, matrix, number

#: Points in a millimetre.
POINTS = 72 / 25.4
_DEPTH = 16
#: A clip cuts what sticks out of it by more than this (points): boundaries are rounded, strokes have width.
_SLACK = 1.5
#: Dots of an inch in which old producers write paths, in mm.
_DOT = 25.4 / 300
_INSIDE = 1.0
_MIDDLE = 0.35
_CONTAINERS = frozenset({"Content", "Layer", "PageBlock"})


@dataclass(frozen=True)
class Sheet:
    """A page before it is read: its number (1-based), width and height in mm, and the roots of what it shows."""

    number: int
    width: float
    height: float
    roots: tuple[Any, ...]
    resources: Resources


@dataclass
class _Canvas:
    """What the walk over a page collects. `clipped`: (character, box of its text object) of text that sticks out."""

    resources: Resources
    drawing: Drawing = field(default_factory=Drawing)
    marks: list[Mark] = field(default_factory=list)
    hidden: list[Mark] = field(default_factory=list)
    clipped: list[tuple[Mark, Rect]] = field(default_factory=list)
    characters: int = MOST_CHARACTERS


def read_sheet(sheet: Sheet, before: Edges | None = None) -> PageContent:
    """The tables and lines of a page. `before` are the column edges that the page before gave as `aligned`."""
    canvas = _Canvas(sheet.resources)
    frame = Frame(0.0, 0.0, sheet.width * POINTS, sheet.height * POINTS)
    base: Matrix = (POINTS, 0.0, 0.0, -POINTS, 0.0, frame.top)
    for root in sheet.roots:
        _walk(canvas, root, base, NOTHING, 0)
    upright = frame.turned(direction_of(canvas.drawing))
    return content_of(sheet.number, canvas.drawing, frame, upright, _characters(canvas, upright), before)


def _characters(canvas: _Canvas, frame: Frame) -> Characters:
    """What is printed; on a page with nothing but hidden text (a scan that was read by OCR), that text."""
    marks = canvas.marks or canvas.hidden
    known = [mark for mark in marks if mark.char != "\ufffd"]
    clipped = [
        (glyph, _nearest(glyph, transform(frame.matrix, limit)))
        for mark, limit in canvas.clipped
        for glyph in glyphs_of([mark], frame)
    ]
    return Characters(
        glyphs_of(known, frame), len(marks) - len(known), truncated=canvas.characters <= 0, clipped=tuple(clipped)
    )


def _nearest(glyph: Glyph, limit: Rect) -> tuple[float, float]:
    """The place within `limit` that is nearest to the middle of a character."""
    x, y = (glyph[1] + glyph[2]) / 2, glyph[0] - _MIDDLE * glyph[3]
    return min(max(x, limit[0] + _INSIDE), limit[2] - _INSIDE), min(max(y, limit[1] + _INSIDE), limit[3] - _INSIDE)


def _walk(canvas: _Canvas, element: Any, outer: Matrix, paint: Paint, depth: int) -> None:
    """Everything below `element`, whose children stand in the space that `outer` leads to points from."""
    for part in element:
        if canvas.drawing.budget <= 0 or depth > _DEPTH:
            return
        canvas.drawing.budget -= 1
        kind = local(part)
        if kind == "TextObject":
            _text(canvas, part, outer, _painted(canvas, part, paint))
        elif kind == "PathObject":
            _path(canvas, part, outer, _painted(canvas, part, paint))
        elif kind == "ImageObject":
            _image(canvas, part, outer)
        elif kind == "CompositeObject":
            unit = canvas.resources.graphics.get(part.get("ResourceID") or "")
            if unit is not None and _shown(part):
                space = _space(matrix(part.get("CTM")), box(part.get("Boundary")), outer)
                _walk(canvas, unit, space, _painted(canvas, part, paint), depth + 1)
        elif kind in _CONTAINERS and _shown(part):
            _walk(canvas, part, outer, _painted(canvas, part, paint), depth + 1)


def _painted(canvas: _Canvas, element: Any, below: Paint) -> Paint:
    """How an object is painted: as it says, as its drawing parameters say, as what it lies in says."""
    parameters = element.get("DrawParam")
    if parameters:
        below = canvas.resources.paint(parameters).over(below)
    return paint_of(element).over(below)


def _shown(element: Any) -> bool:
    return flag(element.get("Visible"), default=True) and number(element.get("Alpha"), 255) > 0


def _space(own: Matrix, place: Rect | None, outer: Matrix) -> Matrix:
    """From the units of an object to points: its own matrix, its place in what it lies in, and so on outwards."""
    if place is not None:
        own = (own[0], own[1], own[2], own[3], own[4] + place[0], own[5] + place[1])
    return compose(own, outer)


def _text(canvas: _Canvas, element: Any, outer: Matrix, paint: Paint) -> None:
    limit = box(element.get("Boundary"))
    own = matrix(element.get("CTM"))
    scale = math.hypot(own[0], own[1])
    width = (limit[2] - limit[0]) / scale if limit else 0.0
    run = run_of(element, _space(own, limit, outer), width, canvas.characters)
    canvas.characters -= len(run.marks)
    canvas.drawing.directions[run.turn] += 1
    if not (_shown(element) and _inked(element, paint)):
        canvas.hidden.extend(run.marks)
        return
    canvas.drawing.visible_text += 1
    place = transform(outer, limit) if limit else None
    if run.turn == 0 and place is not None and _sticks_out(run.marks, place):
        for mark in run.marks:
            if place[0] <= mark.x + mark.width / 2 <= place[2] or mark.char == "\ufffd":
                canvas.marks.append(mark)
            else:
                canvas.clipped.append((mark, place))
    else:
        canvas.marks.extend(run.marks)


def _inked(element: Any, paint: Paint) -> bool:
    """Whether text leaves ink. White text does: it may stand on a dark ground."""
    filled = flag(element.get("Fill"), default=True) and (paint.fill is None or paint.fill.opaque)
    stroked = flag(element.get("Stroke"), default=False) and (paint.stroke is None or paint.stroke.opaque)
    return filled or stroked


def _sticks_out(marks: list[Mark], limit: Rect) -> bool:
    """Whether level text in `limit` runs out of it: a cell shows what fits, the file has all of it.

    Text with gaps is laid out on purpose: its box is wrong.
    """
    if not marks or not all(limit[1] - _SLACK <= mark.y <= limit[3] + _SLACK for mark in marks):
        return False
    if any(there.x - here.x - here.width > here.size for here, there in pairwise(marks)):
        return False
    middles = [mark.x + mark.width / 2 for mark in marks]
    inside = sum(1 for x in middles if limit[0] <= x <= limit[2])
    return 0 < inside < len(marks) and (min(middles) < limit[0] - _SLACK or max(middles) > limit[2] + _SLACK)


def _image(canvas: _Canvas, element: Any, outer: Matrix) -> None:
    place = box(element.get("Boundary"))
    if place is not None and _shown(element):
        canvas.drawing.images.append(transform(outer, place))


def _path(canvas: _Canvas, element: Any, outer: Matrix, paint: Paint) -> None:
    filled = flag(element.get("Fill"), default=False) and (paint.fill is None or paint.fill.seen)
    stroked = flag(element.get("Stroke"), default=True) and (paint.stroke is None or paint.stroke.seen)
    if not (filled or stroked) or not _shown(element):
        return
    drawing = canvas.drawing
    parts = parts_of(_data(element), drawing.budget)
    if not parts:
        return
    drawing.budget -= sum(len(points) for points, _ in parts)
    place = box(element.get("Boundary"))
    limit = transform(outer, place) if place else None
    space = _space(matrix(element.get("CTM")), place, outer)
    on_page = _where(parts, space, outer, limit)
    pen = LINE_WIDTH if paint.line_width is None else paint.line_width
    pen *= max(math.hypot(space[0], space[1]), math.hypot(space[2], space[3]))
    if limit is not None:
        # A box that is flat in one direction clips nothing there.
        slack = pen / 2 + _SLACK
        limit = (limit[0] - slack, limit[1] - slack, limit[2] + slack, limit[3] + slack)
    if stroked and pen <= BROADEST:
        drawing.strokes.extend(seen for rect in straight(on_page) if (seen := cut(rect, limit)))
    elif stroked:
        drawing.shapes += 1
    if filled:
        _fills(drawing, on_page, limit)


def _data(element: Any) -> str:
    return next((part.text or "" for part in element if local(part) == "AbbreviatedData"), "")


def _fills(drawing: Drawing, parts: Sequence[Part], limit: Rect | None) -> None:
    for part in parts:
        rect = cut(bounds(part[0]), limit)
        if rect is None:
            continue
        if min(rect[2] - rect[0], rect[3] - rect[1]) <= THIN and not part[1]:
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
    if any(x0 <= x <= x1 and y0 <= y <= y1 for points, _ in parts for x, y in points[:1]):
        return True
    boxes = [bounds(points) for points, _ in parts]
    return any(left <= x1 and right >= x0 and top <= y1 and bottom >= y0 for left, top, right, bottom in boxes)
