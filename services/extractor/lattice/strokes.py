"""What is drawn on a page besides text: thin strokes that may be rules, images, and how its text stands."""

from __future__ import annotations

import math
from collections import Counter
from ctypes import c_float, c_void_p, cast
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pypdfium2 import raw  # type: ignore[import-untyped]

from services.extractor.lattice import native
from services.extractor.lattice.clips import clips_of
from services.extractor.lattice.frame import IDENTITY, Matrix, Rect, compose, transform

#: A fill wider than this (points) is shading or a shape, not a rule.
THIN = 3.2
#: Objects and path segments looked at per page; dotted rules need some 10^4.
LIMIT = 300_000
_DEPTH = 8
#: A stroke wider than this (points) is shading.
BROADEST = 4.5
_RECTANGLE = 6  # path segments of a closed rectangle at most
_SLANT = math.radians(3)
_INVISIBLE = raw.FPDF_TEXTRENDERMODE_INVISIBLE
_CURVE, _MOVE = raw.FPDF_SEGMENT_BEZIERTO, raw.FPDF_SEGMENT_MOVETO


@dataclass
class Drawing:
    """Thin strokes and images as rectangles in PDF units (y up); text objects by their direction.

    `directions` counts text objects by quarter turns counter-clockwise (0 upright, 1 reading upwards, None slanted).
    `hidden` are the addresses of text objects that are not painted. `clips` are the boxes to which text objects that
    stick out of them are clipped, by address. `shapes` counts visible fills that are no rules.
    """

    strokes: list[Rect] = field(default_factory=list)
    images: list[Rect] = field(default_factory=list)
    directions: Counter[int | None] = field(default_factory=Counter)
    hidden: set[int] = field(default_factory=set)
    clips: dict[int, Rect] = field(default_factory=dict)
    visible_text: int = 0
    shapes: int = 0
    budget: int = LIMIT

    @property
    def truncated(self) -> bool:
        """Whether the page draws more than was looked at."""
        return self.budget <= 0


def drawing_of(page: Any) -> Drawing:
    """Everything drawn on `page` (a PDFium handle), forms included."""
    drawing = Drawing()
    _walk(drawing, native.address(page), raw.FPDFPage_CountObjects(page), IDENTITY, 0)
    return drawing


def _walk(drawing: Drawing, parent: int, count: int, matrix: Matrix, depth: int) -> None:
    count = min(count, drawing.budget)
    drawing.budget -= count
    found = native.objects(parent, count, in_form=depth > 0)
    _paths(drawing, [handle for handle, kind in found if kind == raw.FPDF_PAGEOBJ_PATH], matrix)
    _texts(drawing, [handle for handle, kind in found if kind == raw.FPDF_PAGEOBJ_TEXT], matrix)
    images = [handle for handle, kind in found if kind == raw.FPDF_PAGEOBJ_IMAGE]
    drawing.images.extend(transform(matrix, box) for box in native.bounds(images))
    forms = [handle for handle, kind in found if kind == raw.FPDF_PAGEOBJ_FORM]
    if depth < _DEPTH:
        for handle, own in zip(forms, native.object_matrices(forms), strict=True):
            inner = raw.FPDFFormObj_CountObjects(_object(handle))
            _walk(drawing, handle, max(inner, 0), compose(own, matrix), depth + 1)


def _object(handle: int) -> Any:
    return cast(c_void_p(handle), raw.FPDF_PAGEOBJECT)


def _texts(drawing: Drawing, handles: list[int], matrix: Matrix) -> None:
    drawing.clips.update((handle, transform(matrix, box)) for handle, box in clips_of(handles))
    top = matrix == IDENTITY
    for handle, own, mode in zip(handles, native.object_matrices(handles), native.render_modes(handles), strict=True):
        a, b = own[:2] if top else compose(own, matrix)[:2]
        if b == 0.0 and a > 0:
            drawing.directions[0] += 1
        else:
            turn = math.atan2(b, a) / (math.pi / 2)
            upright = abs(turn - round(turn)) * (math.pi / 2) <= _SLANT
            drawing.directions[round(turn) % 4 if upright else None] += 1
        if mode == _INVISIBLE:
            drawing.hidden.add(handle)
        else:
            drawing.visible_text += 1


def _paths(drawing: Drawing, handles: list[int], matrix: Matrix) -> None:
    boxes = native.bounds(handles)
    if matrix != IDENTITY:
        boxes = [transform(matrix, box) for box in boxes]
    placed = list(zip(handles, boxes, native.draw_modes(handles), strict=True))
    stroked = [(handle, box, fill) for handle, box, (fill, stroke) in placed if stroke]
    filled = [(handle, box) for handle, box, (fill, stroke) in placed if fill and not stroke]
    filled += _strokes(drawing, stroked, matrix)
    visible = native.painted([handle for handle, _ in filled], stroke=False)
    for (handle, box), seen in zip(filled, visible, strict=True):
        if not seen:
            continue
        if box[2] - box[0] <= THIN or box[3] - box[1] <= THIN:
            drawing.strokes.append(box)
        elif (segments := raw.FPDFPath_CountSegments(_object(handle))) > _RECTANGLE:
            _outline(drawing, _object(handle), segments, matrix, stroked=False)
        else:
            drawing.shapes += 1


def _strokes(drawing: Drawing, paths: list[tuple[int, Rect, bool]], matrix: Matrix) -> list[tuple[int, Rect]]:
    """Takes stroked paths; gives back those of which only the fill can be seen."""
    handles = [handle for handle, _, _ in paths]
    scale = max(math.hypot(matrix[0], matrix[1]), math.hypot(matrix[2], matrix[3]))
    fills: list[tuple[int, Rect]] = []
    visible, widths = native.painted(handles, stroke=True), native.stroke_widths(handles)
    for (handle, box, fill), seen, width in zip(paths, visible, widths, strict=True):
        pen = width * scale
        if not seen:
            if fill:
                fills.append((handle, box))
        elif pen > BROADEST:
            drawing.shapes += 1
        elif min(box[2] - box[0], box[3] - box[1]) <= 2 * pen + 0.5:
            drawing.strokes.append(box)
        else:
            path = _object(handle)
            _outline(drawing, path, raw.FPDFPath_CountSegments(path), matrix, stroked=True)
    return fills


def _outline(drawing: Drawing, path: Any, segments: int, matrix: Matrix, *, stroked: bool) -> None:
    """The rules within a larger path: its straight strokes, or those of its filled parts that are thin."""
    segments = min(segments, max(drawing.budget, 0))
    drawing.budget -= segments
    own = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(path, own)
    to_page = compose((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
    for points, curved in _parts(path, segments, to_page):
        if stroked and curved:  # a seal: the tangents of a circle are no rules
            drawing.shapes += 1
        elif stroked:
            for (ax, ay), (bx, by) in pairwise(points):
                if min(abs(ax - bx), abs(ay - by)) <= 1.0:
                    drawing.strokes.append((min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))
        if stroked:
            continue
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = (min(xs), min(ys), max(xs), max(ys))
        if min(box[2] - box[0], box[3] - box[1]) <= THIN and not curved:
            drawing.strokes.append(box)
        else:
            drawing.shapes += 1


def _parts(path: Any, segments: int, to_page: Matrix) -> list[tuple[list[tuple[float, float]], bool]]:
    """The subpaths as corner points on the page, closed where the path says so, and whether they hold curves."""
    a, b, c, d, e, f = to_page
    parts: list[tuple[list[tuple[float, float]], bool]] = []
    points: list[tuple[float, float]] = []
    curved = False
    x, y = c_float(), c_float()
    for index in range(segments):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        if kind == _MOVE:
            if len(points) > 1:
                parts.append((points, curved))
            points, curved = [], False
        curved = curved or kind == _CURVE
        points.append(point)
        if raw.FPDFPathSegment_GetClose(segment) and len(points) > 1:
            points.append(points[0])
    if len(points) > 1:
        parts.append((points, curved))
    return parts
