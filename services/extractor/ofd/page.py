"""A page of an OFD: its layers and those of its templates as the characters and strokes that the lattice reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from services.extractor.lattice.chars import Characters, Glyph
from services.extractor.lattice.frame import Frame, Matrix, Rect, transform
from services.extractor.lattice.page import PageContent, content_of, direction_of
from services.extractor.ofd.canvas import Canvas, Picture
from services.extractor.ofd.glyphs import glyphs_of
from services.extractor.ofd.printed import Printed
from services.extractor.ofd.resources import Resources
from services.extractor.ofd.rules import Shape
from services.extractor.ofd.text import UNKNOWN

#: Points in a millimetre.
POINTS = 72 / 25.4
#: Characters that stay in the text, though only their font knows what they are: the currency sign, which stands for a
#: glyph without a code (GB/T 33190, 11.2), and private codes but those of symbol fonts (U+F0xx: bullets).
_SECRET = re.compile("[\u00a4\ue000-\uefff\uf100-\uf8ff\U000f0000-\U0010fffd]")
_INSIDE = 1.0
_MIDDLE = 0.35


@dataclass(frozen=True)
class Sheet:
    """A page before it is read: its number (1-based), width and height in mm, and the roots of what it shows."""

    number: int
    width: float
    height: float
    roots: tuple[Any, ...]
    resources: Resources


def read_sheet(sheet: Sheet, before: PageContent | None = None) -> PageContent:
    """The tables and lines of a page that comes after the page `before`."""
    frame = _frame(sheet)
    canvas = _walked(sheet, keeps=False)
    canvas.drawing.directions = canvas.printed.directions
    upright = frame.turned(direction_of(canvas.drawing))
    canvas.drawing.visible_text = len(canvas.printed.runs)
    canvas.drawing.hidden.update(range(min(len(canvas.printed.hidden), 1)))
    aligned = before.aligned if before else None
    return content_of(sheet.number, canvas.drawing, frame, upright, _characters(canvas.printed, upright), aligned)


def painted_on(sheet: Sheet) -> list[Picture | Shape]:
    """The pictures and shapes of a page, in points (y up), in the order in which they are painted."""
    return _walked(sheet, keeps=True).painted


def _frame(sheet: Sheet) -> Frame:
    return Frame(0.0, 0.0, sheet.width * POINTS, sheet.height * POINTS)


def _walked(sheet: Sheet, *, keeps: bool) -> Canvas:
    frame = _frame(sheet)
    base: Matrix = (POINTS, 0.0, 0.0, -POINTS, 0.0, frame.top)
    canvas = Canvas(sheet.resources, frame.width * frame.height, keeps=keeps)
    for root in sheet.roots:
        canvas.show(root, base)
    return canvas


def _characters(printed: Printed, frame: Frame) -> Characters:
    """What is printed; on a page with nothing but hidden text (a scan that was read by OCR), that text."""
    runs = printed.runs or printed.hidden
    glyphs = [glyph for run in runs for glyph in glyphs_of(run, frame)]
    unknown = sum(run.chars.count(UNKNOWN) for run in runs)
    if unknown:
        glyphs = [glyph for glyph in glyphs if glyph[4] != UNKNOWN]
    unknown += sum(len(_SECRET.findall("".join(run.chars))) for run in runs)
    clipped = [
        (glyph, _nearest(glyph, transform(frame.matrix, limit)))
        for run, limit in printed.clipped
        for glyph in glyphs_of(run, frame)
    ]
    return Characters(glyphs, unknown, truncated=printed.room <= 0, clipped=tuple(clipped))


def _nearest(glyph: Glyph, limit: Rect) -> tuple[float, float]:
    """The place within `limit` that is nearest to the middle of a character."""
    x, y = (glyph[1] + glyph[2]) / 2, glyph[0] - _MIDDLE * glyph[3]
    return min(max(x, limit[0] + _INSIDE), limit[2] - _INSIDE), min(max(y, limit[1] + _INSIDE), limit[3] - _INSIDE)
