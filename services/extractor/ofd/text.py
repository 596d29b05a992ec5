"""Text objects as characters: where each begins and ends, which way it reads.

OFD gives the place of every character and never its width: that is told by the step to the next one and by the size.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import accumulate, repeat
from typing import Any, NamedTuple

from services.extractor.lattice.chars import PRINTED, WIDE, Glyph
from services.extractor.lattice.frame import Frame, Matrix
from services.extractor.ofd.values import children, number

_SLANT = math.radians(3)
_ESCAPE = re.compile(r"\\([0-9A-Fa-f]{4})")
_BREAK = re.compile(r"\s*[\r\n]\s*")
#: Widths in em where no step tells them: narrow signs, and what else is in ASCII.
_NARROW = frozenset(" .,:;'!|iljI()[]`")
#: The size of text that does not say how large it is, in mm.
_USUAL = 3.7
_THIN, _HALF, _FULL = 0.28, 0.5, 1.0
#: The widest a character of ASCII may be (em): a longer step holds a gap.
_BROADEST = 0.62
_MIDDLE, _ASCENT, _DESCENT = 0.35, 0.88, 0.12


class Mark(NamedTuple):
    """A character as it stands on the page, in points (y up): origin, width along its baseline, em, quarter turns."""

    x: float
    y: float
    width: float
    size: float
    turn: int
    char: str


class Run(NamedTuple):
    """The characters of one text object. `turn` is None for slanted text (its marks are left out)."""

    marks: list[Mark]
    turn: int | None


def run_of(element: Any, matrix: Matrix, boundary: float, most: int) -> Run:
    """The characters of a TextObject, at most `most`; `matrix` leads from its own units to points (y up).

    `boundary` is the width of its box in its own units (0 if unknown); text without steps is not wider than that.
    """
    size = abs(number(element.get("Size"), 0.0)) or _USUAL
    em = size * (abs(number(element.get("HScale"), 1.0)) or 1.0)
    a, b, c, d, _, _ = matrix
    turn = _turn(matrix, element.get("CharDirection"))
    high, wide = math.hypot(c, d) * size, math.hypot(a, b)
    marks: list[Mark] = []
    x = y = 0.0
    for code in children(element, "TextCode"):
        text = text_of(code)[: max(most - len(marks), 0)]
        x, y = number(code.get("X"), x), number(code.get("Y"), y)
        if turn is None or not text:
            continue
        steps, falls = _steps(code.get("DeltaX"), len(text)), _steps(code.get("DeltaY"), len(text))
        natural = [em * _em_of(char) for char in text]
        if steps is None and falls is None:
            steps, falls = _unspaced(natural, element.get("ReadDirection"), boundary)
        widths = _widths(text, natural, steps, falls, em)
        for char, width, (at, down) in zip(text, widths, _places(x, y, len(text), steps, falls), strict=True):
            if char not in "\t\0":
                shown = PRINTED.get(char, char) if char >= WIDE else char
                marks.append(Mark(*_moved(matrix, at, down), width * wide, high, turn, shown))
    return Run(marks, turn)


def _moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _places(
    x: float, y: float, count: int, steps: list[float] | None, falls: list[float] | None
) -> Iterator[tuple[float, float]]:
    """Where each character begins, in units of the object."""
    across = accumulate(steps[:-1], initial=x) if steps else repeat(x, count)
    down = accumulate(falls[:-1], initial=y) if falls else repeat(y, count)
    return zip(across, down, strict=True)


def _widths(
    text: str, natural: list[float], steps: list[float] | None, falls: list[float] | None, em: float
) -> list[float]:
    """The width of every character, in units of the object: its step to the next one, but never a gap as well."""
    if falls is None and steps is not None:
        forth = steps
    else:
        forth = [
            math.hypot(step, fall) if step >= 0 else 0.0
            for step, fall in zip(steps or repeat(0.0), falls or repeat(0.0), strict=False)
        ]
    narrow, broad = em * _BROADEST, em * _FULL
    return [
        min(step, narrow if char.isascii() else broad) if step > 0 else own
        for char, own, step in zip(text, natural, forth, strict=False)
    ]


def text_of(code: Any) -> str:
    """The characters of a TextCode: escapes resolved, line breaks of pretty-printed XML left out."""
    text: str = code.text or ""
    if "\n" in text or "\r" in text:
        text = _BREAK.sub("", text)
    if "\\" in text:
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
        text = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


def glyphs_of(marks: list[Mark], frame: Frame) -> list[Glyph]:
    """Marks of any direction in the upright frame, those beside the paper left out."""
    a, b, c, d, e, f = frame.matrix
    glyphs: list[Glyph] = []
    for mark in marks:
        x, y = a * mark.x + c * mark.y + e, b * mark.x + d * mark.y + f
        turns = (mark.turn - frame.turns) % 4
        glyph = _turned(x, y, mark, turns) if turns else (y, x, x + mark.width, mark.size, mark.char)
        if glyph[2] > 0 and glyph[1] < frame.width and 0 < glyph[0] - _MIDDLE * mark.size < frame.height:
            glyphs.append(glyph)
    return glyphs


def _turned(x: float, y: float, mark: Mark, turns: int) -> Glyph:
    """A character that reads up (1), upside down (2) or down (3): its place is the middle of its box."""
    forth = {1: (0.0, -1.0), 2: (-1.0, 0.0), 3: (0.0, 1.0)}[turns]
    up = (forth[1], -forth[0])
    low, high = -_DESCENT * mark.size, _ASCENT * mark.size
    xs = [x + forth[0] * along + up[0] * over for along in (0.0, mark.width) for over in (low, high)]
    ys = [y + forth[1] * along + up[1] * over for along in (0.0, mark.width) for over in (low, high)]
    return ((min(ys) + max(ys)) / 2 + _MIDDLE * mark.size, min(xs), max(xs), mark.size, mark.char)


def _turn(matrix: Matrix, character: str | None) -> int | None:
    """Quarter turns counter-clockwise of characters that themselves are turned clockwise by `character` degrees."""
    a, b, c, d, _, _ = matrix
    if character is None:
        return _quarters(a, b)
    angle = math.radians(number(character, 0.0))
    return _quarters(a * math.cos(angle) + c * math.sin(angle), b * math.cos(angle) + d * math.sin(angle))


def _quarters(across: float, upwards: float) -> int | None:
    """Quarter turns counter-clockwise of a direction in points (y up), None if it is slanted."""
    if upwards == 0.0 and across > 0:
        return 0
    turn = math.atan2(upwards, across) / (math.pi / 2)
    return round(turn) % 4 if abs(turn - round(turn)) * (math.pi / 2) <= _SLANT else None


def _em_of(char: str) -> float:
    if char >= WIDE or not char.isascii():
        return _FULL
    return _THIN if char in _NARROW else _HALF


def _unspaced(natural: list[float], reads: str | None, boundary: float) -> tuple[list[float], list[float]]:
    """Steps of text that gives none: as wide as its characters, no longer than its box."""
    total, reading = sum(natural), math.radians(number(reads, 0.0))
    factor = boundary / total if 0 < boundary < total and len(natural) > 1 else 1.0
    return (
        [width * factor * math.cos(reading) for width in natural],
        [width * factor * math.sin(reading) for width in natural],
    )


def _steps(text: str | None, count: int) -> list[float] | None:
    """`count` steps from each character to the next, 0 behind the last one if it is not told; None if none is given.

    "g n step" stands for n steps; when there are too few, the last one goes on.
    """
    if text is None:
        return None
    steps: list[float] = []
    words = text.replace(",", " ").split()
    at = 0
    while at < len(words) and len(steps) < count:
        if words[at] in ("g", "G"):
            times = round(number(words[at + 1] if at + 1 < len(words) else None, 0.0))
            step = number(words[at + 2] if at + 2 < len(words) else None, 0.0)
            steps.extend([step] * min(max(times, 0), count - len(steps)))
            at += 3
        else:
            steps.append(number(words[at], 0.0))
            at += 1
    if not steps:
        return None
    if len(steps) < count:
        steps += [steps[-1]] * (count - len(steps) - 1)
        steps.append(0.0)  # nothing is told about the width of the last character
    return steps
