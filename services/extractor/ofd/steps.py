"""From each character of a text object to the next one: steps as they are written, widths as they follow."""

from __future__ import annotations

import math
from itertools import accumulate, pairwise, repeat

from services.extractor.ofd.values import floats, number

#: Widths in em where no step tells them: narrow signs, and what else is in ASCII; all others have a whole em.
_THIN, _HALF, FULL = 0.28, 0.5, 1.0
_NARROW = frozenset(" .,:;'!|iljI()[]`")
EMS = {chr(code): _THIN if chr(code) in _NARROW else _HALF for code in range(0x80)}
_BEYOND_ASCII = "\x80"
_LAST_OF_ONE = "\uffff"  # characters beyond it are pairs in UTF-16
#: The widest a character of ASCII may be (em): a longer step holds a gap.
_BROADEST = 0.62
_REPEATED = ("g", "G")
#: How much better a reading must be to be taken for what was meant.
_FAR = 2


def widths_of(text: str, steps: list[float] | None, falls: list[float] | None, em: float, wide: float) -> list[float]:
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
            em * EMS.get(char, FULL)
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


def unspaced(text: str, em: float, reads: str | None, boundary: float) -> tuple[list[float], list[float] | None]:
    """Steps of text that gives none: as wide as its characters, no longer than its box."""
    natural = [em * EMS.get(char, FULL) for char in text]
    total = sum(natural)
    if 0 < boundary < total and len(natural) > 1:
        natural = [width * (boundary / total) for width in natural]
    if reads is None:
        return natural, None
    reading = math.radians(number(reads, 0.0))
    return [width * math.cos(reading) for width in natural], [width * math.sin(reading) for width in natural]


def steps_of(given: str | None, text: str) -> list[float] | None:
    """A step from each character to the next, 0 behind the last one if it is not told; None if none is given.

    "g n step" stands for n steps; when there are too few, the last one goes on.
    """
    if given is None:
        return None
    count = len(text)
    steps = _unpacked(given, count)
    if not steps:
        return None
    missing = count - len(steps)
    if missing <= 0:
        return _of_pairs(given, text) or steps[:count]
    if missing > 1:
        steps += [steps[-1]] * (missing - 1)
    steps.append(0.0)  # nothing is told about the width of the last character
    return steps


def _of_pairs(given: str, text: str) -> list[float] | None:
    """The steps of text whose rare characters have two each, as in UTF-16; None if they are not given so."""
    units = [2 if char > _LAST_OF_ONE else 1 for char in text]
    steps = _unpacked(given, sum(units)) if sum(units) > len(text) else []
    if len(steps) != sum(units) - 1:
        return None
    places = list(accumulate(steps, initial=0.0))
    begins = list(accumulate(units[:-1], initial=0))
    return [*(places[after] - places[before] for before, after in pairwise(begins)), 0.0]


def _unpacked(given: str, most: int) -> list[float]:
    """The steps that are written, of repeated ones no more than it takes to make `most`."""
    try:
        return floats(given.split())
    except ValueError:
        words = given.replace(",", " ").split()
    steps: list[float] = []
    at = 0
    while at < len(words) and len(steps) < most:
        if words[at] in _REPEATED:
            times = round(number(words[at + 1] if at + 1 < len(words) else None, 0.0))
            step = number(words[at + 2] if at + 2 < len(words) else None, 0.0)
            steps.extend([step] * min(max(times, 0), most - len(steps)))
            at += 3
        else:
            steps.append(number(words[at], 0.0))
            at += 1
    return steps


def stepping(text: str, given: str | None, em: float, width: float) -> str:
    """The characters of `text` that take part in its steps: all of them, or all but the spaces.

    Some producers run several headings together with spaces (not escaped, as the standard wants those that are printed)
    and give no step for them. That is so when the number of steps says so, and the text then fills its box (of `width`)
    far better.
    """
    bare = text.replace(" ", "")
    if given is None or len(bare) == len(text) or width <= 0:
        return text
    steps = _unpacked(given, len(text))
    if not steps or len(steps) != len(bare) - 1:
        return text
    told = sum(steps) + em
    goes_on = told + steps[-1] * (len(text) - len(bare))
    return bare if _FAR * abs(told - width) < abs(goes_on - width) else text
