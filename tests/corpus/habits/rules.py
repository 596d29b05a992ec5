"""Which borders are drawn, and by which pen."""

from __future__ import annotations

from collections.abc import Iterable

from reportlab.pdfgen.canvas import Canvas

from tests.corpus.habits.flow import Fragment, Segment, every_side, segments_of

_NEAR = 0.01


def _flat(segment: Segment) -> bool:
    return segment[1] == segment[3]


def no_sides(fragment: Fragment) -> Iterable[Segment]:
    """All but the left and the right outer border."""
    left, _, right, _ = fragment.box
    return [s for s in every_side(fragment) if _flat(s) or (left + _NEAR < s[0] < right - _NEAR)]


def no_ends(fragment: Fragment) -> Iterable[Segment]:
    """All but the top and the bottom outer border."""
    _, bottom, _, top = fragment.box
    return [s for s in every_side(fragment) if not _flat(s) or (bottom + _NEAR < s[1] < top - _NEAR)]


def rows_only(fragment: Fragment) -> Iterable[Segment]:
    """No vertical rule at all."""
    return [s for s in every_side(fragment) if _flat(s)]


def columns_only(fragment: Fragment) -> Iterable[Segment]:
    """The header ruled, below it no horizontal rule but the last."""
    _, bottom, _, _ = fragment.box
    return [s for s in every_side(fragment) if not _flat(s) or s[1] >= fragment.neck - _NEAR or s[1] < bottom + _NEAR]


def three_lines(fragment: Fragment) -> Iterable[Segment]:
    """Top, below the header, bottom."""
    left, bottom, right, top = fragment.box
    return [(left, y, right, y) for y in dict.fromkeys((top, fragment.neck, bottom))]


def header_only(fragment: Fragment) -> Iterable[Segment]:
    """The header ruled, the body bare."""
    return segments_of(cell for cell in fragment.cells if cell.header)


def outline(fragment: Fragment) -> Iterable[Segment]:
    """The header ruled, around the body an outline."""
    left, bottom, right, _ = fragment.box
    neck = fragment.neck
    around = [(left, bottom, right, bottom), (left, bottom, left, neck), (right, bottom, right, neck)]
    return [*header_only(fragment), (left, neck, right, neck), *around]


def frame(fragment: Fragment) -> Iterable[Segment]:
    """One rectangle around everything and a rule below the header."""
    left, bottom, right, top = fragment.box
    sides = [(left, bottom, left, top), (right, bottom, right, top)]
    return [*three_lines(fragment), *sides]


def none(_: Fragment) -> Iterable[Segment]:
    """No rule at all."""
    return []


def filled(canvas: Canvas, segments: list[Segment]) -> None:
    """Thin filled rectangles, as Word draws rules."""
    for x0, y0, x1, y1 in segments:
        canvas.rect(x0 - 0.24, y0 - 0.24, x1 - x0 + 0.48, y1 - y0 + 0.48, stroke=0, fill=1)


def dashed(canvas: Canvas, segments: list[Segment]) -> None:
    """The dash pattern of the page description."""
    canvas.setLineWidth(0.5)
    canvas.setDash(3, 2)
    for segment in segments:
        canvas.line(*segment)


def dashes(canvas: Canvas, segments: list[Segment]) -> None:
    """Every dash a path of its own."""
    canvas.setLineWidth(0.5)
    for x0, y0, x1, y1 in segments:
        length = max(x1 - x0, y1 - y0)
        for step in range(int(length // 5) + 1):
            here, there = step * 5 / length, min(step * 5 + 3, length) / length
            canvas.line(x0 + (x1 - x0) * here, y0 + (y1 - y0) * here, x0 + (x1 - x0) * there, y0 + (y1 - y0) * there)


def dotted(canvas: Canvas, segments: list[Segment]) -> None:
    """Every dot a filled square: 10^4 paths a page."""
    for x0, y0, x1, y1 in segments:
        steps = max(int(max(x1 - x0, y1 - y0) / 1.5), 1)
        for step in range(steps + 1):
            x, y = x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps
            canvas.rect(x - 0.25, y - 0.25, 0.5, 0.5, stroke=0, fill=1)


def doubled(canvas: Canvas, segments: list[Segment]) -> None:
    """Two thin rules beside each other."""
    canvas.setLineWidth(0.4)
    for x0, y0, x1, y1 in segments:
        for shift in (-0.9, 0.9):
            dx, dy = (shift, 0.0) if x0 == x1 else (0.0, shift)
            canvas.line(x0 + dx, y0 + dy, x1 + dx, y1 + dy)


def gapped(canvas: Canvas, segments: list[Segment]) -> None:
    """Corners that do not meet by a point and a half."""
    canvas.setLineWidth(0.5)
    for x0, y0, x1, y1 in segments:
        dx, dy = (0.0, 1.5) if x0 == x1 else (1.5, 0.0)
        canvas.line(x0 + dx, y0 + dy, x1 - dx, y1 - dy)


def thick(canvas: Canvas, segments: list[Segment]) -> None:
    """Broad strokes."""
    canvas.setLineWidth(2.25)
    for segment in segments:
        canvas.line(*segment)


def faint(canvas: Canvas, segments: list[Segment]) -> None:
    """Light grey hair lines."""
    canvas.setStrokeGray(0.85)
    canvas.setLineWidth(0.1)
    for segment in segments:
        canvas.line(*segment)


def white(canvas: Canvas, segments: list[Segment]) -> None:
    """White on the shading of the cells."""
    canvas.setStrokeGray(1)
    canvas.setLineWidth(0.75)
    for segment in segments:
        canvas.line(*segment)


def boxes(canvas: Canvas, segments: list[Segment]) -> None:
    """One path of many thin rectangles."""
    path = canvas.beginPath()
    for x0, y0, x1, y1 in segments:
        path.rect(x0 - 0.24, y0 - 0.24, x1 - x0 + 0.48, y1 - y0 + 0.48)
    canvas.drawPath(path, stroke=0, fill=1)
