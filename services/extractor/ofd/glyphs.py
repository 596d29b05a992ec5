"""Characters of any direction as the lattice reads them: in the upright frame of the page, by their baseline."""

from __future__ import annotations

from itertools import repeat
from operator import add

from services.extractor.lattice.chars import Glyph
from services.extractor.lattice.frame import Frame
from services.extractor.ofd.text import Run

_MIDDLE, _ASCENT, _DESCENT = 0.35, 0.88, 0.12


def glyphs_of(run: Run, frame: Frame) -> list[Glyph]:
    """The characters of a run in the upright frame, those beside the paper left out."""
    turns = ((run.turn or 0) - frame.turns) % 4
    chars, xs, ys, widths, size, _ = run
    a, b, c, d, e, f = frame.matrix
    if frame.turns:
        places = list(zip(xs, ys, strict=True))
        xs, ys = [a * x + c * y + e for x, y in places], [b * x + d * y + f for x, y in places]
    else:
        xs, ys = [x + e for x in xs] if e else xs, [f - y for y in ys]
    if turns:
        glyphs = [
            _turned(x, y, width, size, char, turns) for x, y, width, char in zip(xs, ys, widths, chars, strict=True)
        ]
    else:
        glyphs = list(zip(ys, xs, map(add, xs, widths), repeat(size), chars, strict=False))
    right, low, high = frame.width, _MIDDLE * size, frame.height + _MIDDLE * size
    if not turns and min(xs) > 0 and max(xs) < right and min(ys) > low and max(ys) < high:
        return glyphs
    return [glyph for glyph in glyphs if glyph[2] > 0 and glyph[1] < right and low < glyph[0] < high]


def _turned(x: float, y: float, width: float, size: float, char: str, turns: int) -> Glyph:
    """A character that reads up (1), upside down (2) or down (3): its place is the middle of its box."""
    forth = {1: (0.0, -1.0), 2: (-1.0, 0.0), 3: (0.0, 1.0)}[turns]
    up = (forth[1], -forth[0])
    low, high = -_DESCENT * size, _ASCENT * size
    xs = [x + forth[0] * along + up[0] * over for along in (0.0, width) for over in (low, high)]
    ys = [y + forth[1] * along + up[1] * over for along in (0.0, width) for over in (low, high)]
    return ((min(ys) + max(ys)) / 2 + _MIDDLE * size, min(xs), max(xs), size, char)
