"""Text objects as characters: where each begins and ends, which way it reads.

OFD gives the place of every character and never its width: that is told by the step to the next one and by the size.
The characters of an object stay together in columns of numbers: a page has 10^3 of them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import accumulate, compress, repeat
from typing import Any, NamedTuple

from services.extractor.lattice.chars import PRINTED
from services.extractor.lattice.frame import Matrix, Rect, compose
from services.extractor.ofd.steps import EMS, FULL, stepping, steps_of, unspaced, widths_of
from services.extractor.ofd.values import floats, matrix, number

_SLANT = math.radians(3)
_ESCAPE = re.compile(r"\\([0-9A-Fa-f]{4})")
_BREAK = re.compile(r"\s*[\r\n]\s*")
#: The size of text that does not say how large it is, in mm.
_USUAL = 3.7
#: A character that nobody knows, and those that print nothing.
UNKNOWN, _NOTHING = "\ufffd", "\t\0"
#: Characters of which more must be known.
_MORE = PRINTED.keys() | {*_NOTHING, UNKNOWN, "\n", "\r", "\\"}
#: The attributes of a TextCode of one character.
_HERE = ["X", "Y"]
_AS_THEY_ARE = (PRINTED.keys() | set(_NOTHING)).isdisjoint


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
    return text, a * x + c * y + e, b * x + d * y + f, em * EMS.get(text, FULL) * wide


def run_of(face: Face, codes: Sequence[Any], place: Rect | None, outer: Matrix, most: int) -> Run:
    """The characters of a TextObject, at most `most`, from its TextCode elements.

    `place` is its box in the space from which `outer` leads to points. Text without steps is not wider than the box.
    """
    own, (a, b, c, d), em, wide, size, turn, reads = face
    left, top = place[:2] if place else (0.0, 0.0)
    left, top = left + own[4], top + own[5]
    e, f = left * outer[0] + top * outer[2] + outer[4], left * outer[1] + top * outer[3] + outer[5]
    width = (place[2] - place[0]) / math.hypot(own[0], own[1]) if place else 0.0
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
            run.widths.append(em * EMS.get(text, FULL) * wide)
        else:
            if " " in text and down is None and "\\" not in code.text:
                text = stepping(text, across, em, width)
            steps, falls = steps_of(across, text), steps_of(down, text)
            if steps is None and falls is None:
                steps, falls = unspaced(text, em, reads, width)
            xs, ys = _places((a, b, c, d, e, f), x, y, len(text), steps, falls)
            run.xs.extend(xs)
            run.ys.extend(ys)
            run.widths.extend(widths_of(text, steps, falls, em, wide))
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


def text_of(code: Any) -> str:
    """The characters of a TextCode: escapes resolved, line breaks of pretty-printed XML left out."""
    text: str = code.text or ""
    if "\n" in text or "\r" in text:
        text = _BREAK.sub("", text)
    if "\\" in text:
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")  # pairs become one character
    return text


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
