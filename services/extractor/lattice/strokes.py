"""What is drawn on a page besides text: thin strokes that may be rules, images, and how its text stands."""

from __future__ import annotations

import math
from collections import Counter
from ctypes import c_float, c_int, c_uint, c_void_p, cast
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pypdfium2 import raw  # type: ignore[import-untyped]

from services.extractor.lattice import native
from services.extractor.lattice.frame import IDENTITY, Matrix, Rect, compose, transform

#: A fill wider than this (points) is shading or a shape, not a rule.
THIN = 3.2
#: Objects and path segments looked at per page; dotted rules need some 10^4.
LIMIT = 300_000
_DEPTH = 8
_WHITE = 250
_RECTANGLE = 6  # path segments of a closed rectangle at most
_SLANT = math.radians(3)
_INVISIBLE = raw.FPDF_TEXTRENDERMODE_INVISIBLE
_CURVE, _MOVE = raw.FPDF_SEGMENT_BEZIERTO, raw.FPDF_SEGMENT_MOVETO


@dataclass
class Drawing:
    """Thin strokes and images as rectangles in PDF units (y up); text objects by their direction.

    `directions` counts text objects by quarter turns counter-clockwise (0 upright, 1 reading upwards, None slanted).
    `hidden` are the addresses of text objects that are not painted. `shapes` counts visible fills that are no rules.
    """

    strokes: list[Rect] = field(default_factory=list)
    images: list[Rect] = field(default_factory=list)
    directions: Counter[int | None] = field(default_factory=Counter)
    hidden: set[int] = field(default_factory=set)
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
    paths = [handle for handle, kind in found if kind == raw.FPDF_PAGEOBJ_PATH]
    for handle, box in zip(paths, native.bounds(paths), strict=True):
        _path(drawing, handle, box if depth == 0 else transform(matrix, box), matrix)
    texts = [handle for handle, kind in found if kind == raw.FPDF_PAGEOBJ_TEXT]
    for handle, own in zip(texts, native.object_matrices(texts), strict=True):
        _text(drawing, handle, own if depth == 0 else compose(own, matrix))
    images = [handle for handle, kind in found if kind == raw.FPDF_PAGEOBJ_IMAGE]
    drawing.images.extend(transform(matrix, box) for box in native.bounds(images))
    forms = [handle for handle, kind in found if kind == raw.FPDF_PAGEOBJ_FORM]
    if depth < _DEPTH:
        for handle, own in zip(forms, native.object_matrices(forms), strict=True):
            inner = raw.FPDFFormObj_CountObjects(_object(handle))
            _walk(drawing, handle, max(inner, 0), compose(own, matrix), depth + 1)


def _object(handle: int) -> Any:
    return cast(c_void_p(handle), raw.FPDF_PAGEOBJECT)


def _text(drawing: Drawing, handle: int, matrix: Matrix) -> None:
    a, b, _, _, _, _ = matrix
    if b == 0.0 and a > 0:
        drawing.directions[0] += 1
    else:
        turn = math.atan2(b, a) / (math.pi / 2)
        upright = abs(turn - round(turn)) * (math.pi / 2) <= _SLANT
        drawing.directions[round(turn) % 4 if upright else None] += 1
    if raw.FPDFTextObj_GetTextRenderMode(_object(handle)) == _INVISIBLE:
        drawing.hidden.add(handle)
    else:
        drawing.visible_text += 1


def _path(drawing: Drawing, handle: int, box: Rect, matrix: Matrix) -> None:
    path = _object(handle)
    fill, stroke = c_int(), c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    x0, y0, x1, y1 = box
    slender = min(x1 - x0, y1 - y0)
    if stroke.value:
        if not _painted(path, raw.FPDFPageObj_GetStrokeColor):
            stroke.value = 0
        else:
            width = c_float()
            raw.FPDFPageObj_GetStrokeWidth(path, width)
            if slender <= 2 * width.value * _scale(matrix) + 0.5:
                drawing.strokes.append(box)
                return
    if not fill.value and not stroke.value:
        return
    if not stroke.value and not _painted(path, raw.FPDFPageObj_GetFillColor):
        return
    if slender <= THIN and not stroke.value:
        drawing.strokes.append(box)
        return
    segments = raw.FPDFPath_CountSegments(path)
    if segments <= _RECTANGLE and not stroke.value:
        drawing.shapes += 1
        return
    _outline(drawing, path, segments, matrix, stroked=bool(stroke.value))


def _scale(matrix: Matrix) -> float:
    return max(math.hypot(matrix[0], matrix[1]), math.hypot(matrix[2], matrix[3]))


def _painted(path: Any, colour_of: Any) -> bool:
    """Whether the colour can be seen on white paper; a colour that PDFium cannot tell (a pattern) can."""
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    if not colour_of(path, red, green, blue, alpha):
        return True
    return alpha.value > 0 and min(red.value, green.value, blue.value) < _WHITE


def _outline(drawing: Drawing, path: Any, segments: int, matrix: Matrix, *, stroked: bool) -> None:
    """The rules within a larger path: its straight strokes, or those of its filled parts that are thin."""
    segments = min(segments, max(drawing.budget, 0))
    drawing.budget -= segments
    own = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(path, own)
    to_page = compose((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
    for points, curved in _parts(path, segments, to_page):
        if stroked:
            for (ax, ay), (bx, by) in pairwise(points):
                if min(abs(ax - bx), abs(ay - by)) <= 1.0:
                    drawing.strokes.append((min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))
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
