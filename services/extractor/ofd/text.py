"""Text objects as characters: where each begins and ends, which way it reads.

OFD gives the place of every character and never its width: that is told by the step to the next one and by the size.
The characters of an object stay together in columns of numbers: a page has 10^3 of them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import accumulate, compress, repeat
from operator import add
from typing import Any, NamedTuple

from services.extractor.lattice.chars import PRINTED, Glyph
from services.extractor.lattice.frame import Frame, Matrix, Rect, compose
from services.extractor.ofd.values import floats, matrix, number

_SLANT = math.radians(3)
_ESCAPE = re.compile(r"\\([0-9A-Fa-f]{4})")
_BREAK = re.compile(r"\s*[\r\n]\s*")
#: The size of text that does not say how large it is, in mm.
_USUAL = 3.7
_THIN, _HALF, _FULL = 0.28, 0.5, 1.0
#: Widths in em where no step tells them: narrow signs, and what else is in ASCII; all others have a whole em.
_NARROW = frozenset(" .,:;'!|iljI()[]`")
_EMS = {chr(code): _THIN if chr(code) in _NARROW else _HALF for code in range(0x80)}
_BEYOND_ASCII = "\x80"
#: The widest a character of ASCII may be (em): a longer step holds a gap.
_BROADEST = 0.62
_MIDDLE, _ASCENT, _DESCENT = 0.35, 0.88, 0.12
#: A character that nobody knows, and those that print nothing.
UNKNOWN, _NOTHING = "\ufffd", "\t\0"
#: Characters of which more must be known.
_MORE = PRINTED.keys() | {*_NOTHING, UNKNOWN, "\n", "\r", "\\"}
#: The attributes of a TextCode of one character.
_HERE = ["X", "Y"]
_AS_THEY_ARE = (PRINTED.keys() | set(_NOTHING)).isdisjoint
_REPEATED = ("g", "G")


class Run(NamedTuple):
    """Characters of one size and direction, in points (y up): where each begins, its width along the baseline.

    `size` is their em. `turn` counts quarter turns, None for slanted text (its characters are left out).
    """

    chars: list[str]
    xs: list[float]
    ys: list[float]
    widths: list[float]
    size: float
    turn: int | None

    def only(self, kept: Sequence[bool]) -> Run:
        """The characters that are `kept`."""
        chars, xs, ys, widths, size, turn = self
        return Run(
            list(compress(chars, kept)),
            list(compress(xs, kept)),
            list(compress(ys, kept)),
            list(compress(widths, kept)),
            size,
            turn,
        )


#: A character, x and y of where it begins, its width.
Mark = tuple[str, float, float, float]


class Face(NamedTuple):
    """How the characters of a text object stand, wherever that is.

    `own` is the matrix of the object, `axes` are a, b, c, d of the one from its units to points (y up). `em` is in
    units along the baseline, each of `wide` points; `size` is the em in points.
    """

    own: Matrix
    axes: tuple[float, float, float, float]
    em: float
    wide: float
    size: float
    turn: int | None
    reads: str | None


def face_of(
    size: str | None, ctm: str | None, scale: str | None, turned: str | None, reads: str | None, outer: Matrix
) -> Face:
    """From the attributes of a TextObject (Size, CTM, HScale, CharDirection, ReadDirection)."""
    own = matrix(ctm)
    a, b, c, d, _, _ = space = compose(own, outer)
    high = abs(number(size, 0.0)) or _USUAL
    em = high * (abs(number(scale, 1.0)) or 1.0)
    return Face(own, (a, b, c, d), em, math.hypot(a, b), math.hypot(c, d) * high, _turn(space, turned), reads)


def single(face: Face, code: Any, place: Rect | None, outer: Matrix) -> Mark | None:
    """The only character of a TextObject with one TextCode, as many producers write all of them; None if it is more."""
    own, (a, b, c, d), em, wide, _, turn, _ = face
    text = code.text
    if turn is None or text is None or len(text) != 1 or text in _MORE or code.keys() != _HERE:
        return None
    try:
        x, y = floats(code.values())
    except ValueError:
        return None
    left, top = (place[0] + own[4], place[1] + own[5]) if place else (own[4], own[5])
    e, f = left * outer[0] + top * outer[2] + outer[4], left * outer[1] + top * outer[3] + outer[5]
    return text, a * x + c * y + e, b * x + d * y + f, em * _EMS.get(text, _FULL) * wide


def run_of(face: Face, codes: Sequence[Any], place: Rect | None, outer: Matrix, most: int) -> Run:
    """The characters of a TextObject, at most `most`, from its TextCode elements.

    `place` is its box in the space from which `outer` leads to points. Text without steps is not wider than the box.
    """
    own, (a, b, c, d), em, wide, size, turn, reads = face
    left, top = place[:2] if place else (0.0, 0.0)
    left, top = left + own[4], top + own[5]
    e, f = left * outer[0] + top * outer[2] + outer[4], left * outer[1] + top * outer[3] + outer[5]
    run = Run([], [], [], [], size, turn)
    x = y = 0.0
    for code in codes:
        get = code.get
        text = text_of(code)[:most]
        most -= len(text)
        try:
            x, y = floats((get("X") or "", get("Y") or ""))
        except ValueError:
            x, y = number(get("X"), x), number(get("Y"), y)
        if turn is None or not text:
            continue
        across, down = get("DeltaX"), get("DeltaY")
        if len(text) == 1 and across is down is reads:
            run.xs.append(a * x + c * y + e)
            run.ys.append(b * x + d * y + f)
            run.widths.append(em * _EMS.get(text, _FULL) * wide)
        else:
            steps, falls = _steps(across, len(text)), _steps(down, len(text))
            if steps is None and falls is None:
                steps, falls = _unspaced(
                    text, em, reads, (place[2] - place[0]) / math.hypot(own[0], own[1]) if place else 0.0
                )
            xs, ys = _places((a, b, c, d, e, f), x, y, len(text), steps, falls)
            run.xs.extend(xs)
            run.ys.extend(ys)
            run.widths.extend(_widths(text, steps, falls, em, wide))
        run.chars.extend(text)
    return run if _AS_THEY_ARE(run.chars) else _printed(run)


def _printed(run: Run) -> Run:
    """The run as it is printed: without what takes no ink, characters of odd fonts as those that they stand for."""
    run = run.only([char not in _NOTHING for char in run.chars])
    run.chars[:] = [PRINTED.get(char, char) for char in run.chars]
    return run


def _places(
    matrix: Matrix, x: float, y: float, count: int, steps: list[float] | None, falls: list[float] | None
) -> tuple[list[float], list[float]]:
    """Where each character begins, in points; x and y are in units of the object."""
    a, b, c, d, e, f = matrix
    if b == 0.0 == c:
        xs = [a * at + e for at in accumulate(steps[:-1], initial=x)] if steps else [a * x + e] * count
        ys = [d * at + f for at in accumulate(falls[:-1], initial=y)] if falls else [d * y + f] * count
        return xs, ys
    across = accumulate(steps[:-1], initial=x) if steps else repeat(x, count)
    down = accumulate(falls[:-1], initial=y) if falls else repeat(y, count)
    places = list(zip(across, down, strict=True))
    return [a * at + c * low + e for at, low in places], [b * at + d * low + f for at, low in places]


def _widths(text: str, steps: list[float] | None, falls: list[float] | None, em: float, wide: float) -> list[float]:
    """The width of every character in points, `wide` to a unit: its step to the next one, but never a gap as well."""
    if falls is None and steps is not None:
        forth = steps
    else:
        forth = [
            math.hypot(step, fall) if step >= 0 else 0.0
            for step, fall in zip(steps or repeat(0.0), falls or repeat(0.0), strict=False)
        ]
    narrow = em * _BROADEST
    return [
        (
            em * _EMS.get(char, _FULL)
            if step <= 0.0
            else step
            if step < narrow
            else narrow
            if char < _BEYOND_ASCII
            else min(step, em)
        )
        * wide
        for char, step in zip(text, forth, strict=False)
    ]


def text_of(code: Any) -> str:
    """The characters of a TextCode: escapes resolved, line breaks of pretty-printed XML left out."""
    text: str = code.text or ""
    if "\n" in text or "\r" in text:
        text = _BREAK.sub("", text)
    if "\\" in text:
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
        text = "".join(UNKNOWN if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


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


def _unspaced(text: str, em: float, reads: str | None, boundary: float) -> tuple[list[float], list[float] | None]:
    """Steps of text that gives none: as wide as its characters, no longer than its box."""
    natural = [em * _EMS.get(char, _FULL) for char in text]
    total = sum(natural)
    if 0 < boundary < total and len(natural) > 1:
        natural = [width * (boundary / total) for width in natural]
    if reads is None:
        return natural, None
    reading = math.radians(number(reads, 0.0))
    return [width * math.cos(reading) for width in natural], [width * math.sin(reading) for width in natural]


def _steps(text: str | None, count: int) -> list[float] | None:
    """`count` steps from each character to the next, 0 behind the last one if it is not told; None if none is given.

    "g n step" stands for n steps; when there are too few, the last one goes on.
    """
    if text is None:
        return None
    try:
        steps = floats(text.split())
    except ValueError:
        steps = _unpacked(text.replace(",", " ").split(), count)
    if not steps:
        return None
    missing = count - len(steps)
    if missing > 0:
        if missing > 1:
            steps += [steps[-1]] * (missing - 1)
        steps.append(0.0)  # nothing is told about the width of the last character
        return steps
    return steps[:count] if missing else steps


def _unpacked(words: Sequence[str], count: int) -> list[float]:
    steps: list[float] = []
    at = 0
    while at < len(words) and len(steps) < count:
        if words[at] in _REPEATED:
            times = round(number(words[at + 1] if at + 1 < len(words) else None, 0.0))
            step = number(words[at + 2] if at + 2 < len(words) else None, 0.0)
            steps.extend([step] * min(max(times, 0), count - len(steps)))
            at += 3
        else:
            steps.append(number(words[at], 0.0))
            at += 1
    return steps
