"""What is drawn on a page besides text: thin strokes that may be rules, images, and how its text stands."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from ctypes import c_void_p, cast
from dataclasses import dataclass, field
from itertools import compress, islice, pairwise
from operator import itemgetter
from typing import Any

from pypdfium2 import raw  # type: ignore[import-untyped]

from services.extractor.lattice import native
from services.extractor.lattice.clips import clips_of
from services.extractor.lattice.dots import Run, runs_of
from services.extractor.lattice.frame import IDENTITY, Matrix, Rect, compose, transform

#: A fill wider than this (points) is shading or a shape, not a rule.
THIN = 3.2
#: Objects and path segments looked at per page; dotted rules need some 10^4.
LIMIT = 300_000
_DEPTH = 8
#: A stroke wider than this (points) is shading.
BROADEST = 4.5
_HAIR = 1.5  # what is no wider than this (points), its pen included, is a line whatever the pen
_RECTANGLE = 6  # path segments of a closed rectangle at most
_ROUND = 5  # corners of a path that goes round a rectangle, the first one twice
_SLANT = math.radians(3)
_stroke = itemgetter(1)
_INVISIBLE = raw.FPDF_TEXTRENDERMODE_INVISIBLE
_CURVE, _MOVE = raw.FPDF_SEGMENT_BEZIERTO, raw.FPDF_SEGMENT_MOVETO


@dataclass
class Drawing:
    """Thin strokes and images as rectangles in PDF units (y up); text objects by their direction.

    `directions` counts text objects by quarter turns counter-clockwise (0 upright, 1 reading upwards, None slanted).
    `hidden` are the addresses of text objects that are not painted. `clips` are the boxes to which text objects that
    stick out of them are clipped, by address. `shapes` counts visible fills that are no rules; `fills` are
    their boxes, white ones among them.
    """

    strokes: list[Rect] = field(default_factory=list)
    images: list[Rect] = field(default_factory=list)
    directions: Counter[int | None] = field(default_factory=Counter)
    hidden: set[int] = field(default_factory=set)
    clips: dict[int, Rect] = field(default_factory=dict)
    visible_text: int = 0
    shapes: int = 0
    fills: list[Rect] = field(default_factory=list)
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
    drawn = native.objects(parent, count, in_form=depth > 0)
    dots, others = runs_of(drawn) if matrix == IDENTITY else ([], drawn)
    found = native.by_type(others)
    _paths(drawing, found.get(raw.FPDF_PAGEOBJ_PATH, []), matrix, dots)
    _texts(drawing, found.get(raw.FPDF_PAGEOBJ_TEXT, []), matrix)
    images = native.bounds(found.get(raw.FPDF_PAGEOBJ_IMAGE, []))
    drawing.images.extend(transform(matrix, box) for box in images)
    forms = found.get(raw.FPDF_PAGEOBJ_FORM, [])
    if depth < _DEPTH:
        for handle, own in zip(forms, native.object_matrices(forms), strict=True):
            inner = raw.FPDFFormObj_CountObjects(_object(handle))
            _walk(drawing, handle, max(inner, 0), compose(own, matrix), depth + 1)


def _object(handle: int) -> Any:
    return cast(c_void_p(handle), raw.FPDF_PAGEOBJECT)


def _texts(drawing: Drawing, handles: list[int], matrix: Matrix) -> None:
    drawing.clips.update((handle, transform(matrix, box)) for handle, box in clips_of(handles))
    matrices = native.object_matrices(handles)
    if matrix != IDENTITY:
        matrices = [compose(own, matrix) for own in matrices]
    turned = Counter([own[:2] for own in matrices if own[1] != 0.0 or own[0] <= 0])
    if turned.total() < len(matrices):
        drawing.directions[0] += len(matrices) - turned.total()
    for (a, b), number in turned.items():
        turn = math.atan2(b, a) / (math.pi / 2)
        upright = abs(turn - round(turn)) * (math.pi / 2) <= _SLANT
        drawing.directions[round(turn) % 4 if upright else None] += number
    modes = native.render_modes(handles)
    hidden = modes.count(_INVISIBLE)
    drawing.visible_text += len(modes) - hidden
    if hidden:
        drawing.hidden.update(compress(handles, map(_INVISIBLE.__eq__, modes)))


def _paths(drawing: Drawing, handles: list[int], matrix: Matrix, dots: Sequence[Run] = ()) -> None:
    """Neighbouring cells draw the border between them twice: of paths with one box the last is asked first."""
    boxes = native.bounds(handles)
    for run in dots:
        handles += run[:2]
        boxes += [run.box, run.box]
    if matrix != IDENTITY:
        boxes = [transform(matrix, box) for box in boxes]
    last = dict(zip(boxes, handles, strict=True))
    found = _strokes(drawing, [(handle, box) for box, handle in last.items()], matrix)
    if len(found) < len(last) < len(handles):
        known = set(found)
        rest = [(h, box) for h, box in zip(handles, boxes, strict=True) if h != last[box] and box not in known]
        found += _strokes(drawing, rest, matrix)
    drawing.strokes.extend(found)


def _strokes(drawing: Drawing, paths: list[tuple[int, Rect]], matrix: Matrix) -> list[Rect]:
    """The strokes that (handle, box) `paths` draw."""
    modes = native.draw_modes([handle for handle, _ in paths])
    stroked = list(compress(paths, map(_stroke, modes)))
    filled = [path for path, (fill, stroke) in zip(paths, modes, strict=True) if fill and not stroke]
    found: list[Rect] = []
    outlines: list[int] = []
    handles = [handle for handle, _ in stroked]
    scale = max(math.hypot(matrix[0], matrix[1]), math.hypot(matrix[2], matrix[3]))
    visible = native.painted(handles, stroke=True)
    large: list[tuple[int, Rect]] = []
    if not all(visible):
        both = [fill for fill, stroke in modes if stroke]
        filled += [path for path, seen, fill in zip(stroked, visible, both, strict=True) if fill and not seen]
    for handle, box in compress(stroked, visible):
        if box[2] - box[0] <= _HAIR or box[3] - box[1] <= _HAIR:
            found.append(box)
        else:
            large.append((handle, box))
    widths = native.stroke_widths([handle for handle, _ in large])
    for (handle, box), width in zip(large, widths, strict=True):
        pen = width * scale
        if pen > BROADEST:
            drawing.shapes += 1
        elif box[2] - box[0] <= (thick := 2 * pen + 0.5) or box[3] - box[1] <= thick:
            found.append(box)
        else:
            outlines.append(handle)
    if outlines:
        found += _outlines(drawing, outlines, matrix, stroked=True)
    return found + _fills(drawing, filled, matrix)


def _fills(drawing: Drawing, paths: list[tuple[int, Rect]], matrix: Matrix) -> list[Rect]:
    """The strokes that (handle, box) `paths` without a visible pen fill."""
    found: list[Rect] = []
    broad: list[int] = []
    visible = native.painted([handle for handle, _ in paths], stroke=False)
    for (handle, box), seen in zip(paths, visible, strict=True):
        if box[2] - box[0] <= THIN or box[3] - box[1] <= THIN:
            if seen:
                found.append(box)
            continue
        drawing.fills.append(box)
        if seen:
            broad.append(handle)
    if broad:
        counts = native.segment_counts(broad)
        larger = [handle for handle, count in zip(broad, counts, strict=True) if count > _RECTANGLE]
        drawing.shapes += len(broad) - len(larger)
        found += _outlines(drawing, larger, matrix, stroked=False)
    return found


def _outlines(drawing: Drawing, paths: list[int], matrix: Matrix, *, stroked: bool) -> list[Rect]:
    """The rules within larger paths: their straight strokes, or those of their filled parts that are thin."""
    found: list[Rect] = []
    if stroked:
        found, paths = _rectangles(drawing, paths, matrix)
    for own, segments in zip(native.object_matrices(paths), _segments(drawing, paths), strict=True):
        to_page = own if matrix == IDENTITY else compose(own, matrix)
        for points, curved in _parts(segments, to_page):
            if stroked and not curved:
                for (ax, ay), (bx, by) in pairwise(points):
                    if -1.0 <= ax - bx <= 1.0 or -1.0 <= ay - by <= 1.0:
                        found.append((min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))
                continue
            box = _box(points)
            if not stroked and not curved and min(box[2] - box[0], box[3] - box[1]) <= THIN:
                found.append(box)
            else:  # the tangents of a circle (a seal) are no rules
                drawing.shapes += 1
    return found


def _rectangles(drawing: Drawing, paths: list[int], matrix: Matrix) -> tuple[list[Rect], list[int]]:
    """The sides of those paths that go round an upright rectangle, and the other paths.

    Browsers draw a rectangle for every cell: a corner is half the price of a segment.
    """
    counts = native.segment_counts(paths)
    others = [path for path, count in zip(paths, counts, strict=True) if count != _ROUND]
    round_ = [path for path, count in zip(paths, counts, strict=True) if count == _ROUND]
    sides: list[Rect] = []
    drawing.budget -= _ROUND * len(round_)
    matrices = native.object_matrices(round_)
    if matrix != IDENTITY:
        matrices = [compose(own, matrix) for own in matrices]
    for path, (a, b, c, d, e, f), places in zip(round_, matrices, native.corners(round_, _ROUND), strict=True):
        x0, y0, xa, ya, x1, y1, xb, yb, x, y = places
        flat = (xa == x0 and ya == y1 and xb == x1 and yb == y0) or (xa == x1 and ya == y0 and xb == x0 and yb == y1)
        if not flat or x != x0 or y != y0 or b or c:
            others.append(path)
            continue
        left, right, top, bottom = a * x0 + e, a * x1 + e, d * y0 + f, d * y1 + f
        if left > right:
            left, right = right, left
        if top > bottom:
            top, bottom = bottom, top
        sides.append((left, top, right, top))
        sides.append((left, bottom, right, bottom))
        sides.append((left, top, left, bottom))
        sides.append((right, top, right, bottom))
    return sides, others


def _segments(drawing: Drawing, paths: list[int]) -> Iterator[list[native.Segment]]:
    """The segments of every path, as far as the budget of the page goes."""
    counts = native.segment_counts(paths)
    for index, count in enumerate(counts):
        counts[index] = min(count, max(drawing.budget, 0))
        drawing.budget -= counts[index]
    segments = native.segments(paths, counts)
    return (list(islice(segments, count)) for count in counts)


def _box(points: list[tuple[float, float]]) -> Rect:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _parts(segments: list[native.Segment], to_page: Matrix) -> list[tuple[list[tuple[float, float]], bool]]:
    """The subpaths as corner points on the page, closed where the path says so, and whether they hold curves."""
    a, b, c, d, e, f = to_page
    parts: list[tuple[list[tuple[float, float]], bool]] = []
    points: list[tuple[float, float]] = []
    curved = False
    for kind, x, y, closes in segments:
        if kind == _MOVE:
            if len(points) > 1:
                parts.append((points, curved))
            points, curved = [], False
        elif kind == _CURVE:
            curved = True
        points.append((a * x + c * y + e, b * x + d * y + f))
        if closes and len(points) > 1:
            points.append(points[0])
    if len(points) > 1:
        parts.append((points, curved))
    return parts
