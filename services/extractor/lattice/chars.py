"""The characters of a page in its upright frame, as few Python objects as that takes."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from types import MappingProxyType
from typing import Any

from services.extractor.lattice import native
from services.extractor.lattice.frame import Frame, Matrix, Rect, transform

#: Characters looked at per page.
LIMIT = 200_000
_SLANT = math.radians(3)
#: From here on characters take a whole em (Chinese characters and their punctuation).
WIDE = "\u2e80"
_NO_WIDTH = 0.01
#: What is no character: a line end that PDFium made up, or nothing at all.
_NOTHING = frozenset(("\r", "\n", ""))
#: From the baseline up to the middle of a character, in em.
_MIDDLE = 0.35
#: Characters nearer to each other than this (em) stand on one line.
_NEAR = 0.3
_INSIDE = 1.0  # points from the edge of a clip box, so that the drift of its rules does no harm
_HIDDEN = 0.25  # share of a character
_HYPHEN = "\x02"  # how PDFium reports a hyphen at the end of a line
# Radicals that fonts without a proper map stand in for the character that is printed (those that NFKC leaves alone).
_RADICALS = dict(
    zip(
        "⺠⻁⻄⻅⻆⻉⻋⻐⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰",
        "民虎西见角贝车钅长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙",
        strict=True,
    )
)


#: One printed character, in points: y of its baseline, x where it begins and where it ends (by its advance), about one
#: em, and what it is. A plain tuple, because a document has 10^5 of them.
Glyph = tuple[float, float, float, float, str]


@dataclass(frozen=True)
class Characters:
    """The characters of a page. `unmapped` counts those whose font does not say which character they are.

    `clipped` are those of text that sticks out of its clip box, with the place in that box that is nearest: (x, y).
    `torn` are those among them that the side of their clip box cuts, with nothing of their text behind it: programs
    leave out what is not seen, so more may have stood there.
    """

    glyphs: list[Glyph]
    unmapped: int
    truncated: bool
    clipped: tuple[tuple[Glyph, tuple[float, float]], ...] = ()
    torn: frozenset[Glyph] = frozenset()


def _build_printed() -> dict[str, str]:
    table = dict(_RADICALS)
    for code in (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00)):
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1 and plain != chr(code):
            table[chr(code)] = plain
    return table


#: Radicals and compatibility characters -> the character that is printed.
PRINTED = _build_printed()
_SHOWN = {**PRINTED, _HYPHEN: "-"}
_UNPRINTED = _SHOWN.keys()


def read_characters(
    textpage: Any,
    count: int,
    frame: Frame,
    *,
    upright: bool,
    left_out: frozenset[int] = frozenset(),
    clips: Mapping[int, Rect] = MappingProxyType({}),
) -> Characters:
    """The characters of a PDFium text page.

    `upright`: every text object stands upright in PDF units, so the quick way will do. `left_out`: addresses of text
    objects whose characters do not count. `clips`: clip boxes (PDF units) by the address of the text object. Slanted
    characters (watermarks) never count.
    """
    truncated = count > LIMIT
    count = min(count, LIMIT)
    handle = native.address(textpage)
    text = native.characters(textpage, count)
    kinds = set(text)
    if not _UNPRINTED.isdisjoint(kinds):
        text = [_SHOWN.get(char, char) for char in text]
    by_clip: dict[int, list[int]] = {}
    if left_out or clips:
        owners = native.text_objects(handle, range(count))
        for index, owner in enumerate(owners):
            if owner in clips and owner not in left_out and text[index] not in _NOTHING:
                by_clip.setdefault(owner, []).append(index)
        kept = [owner not in left_out and owner not in clips for owner in owners]
        read = [char if keep else "" for char, keep in zip(text, kept, strict=True)]
    else:
        read = text
    glyphs_of = _quick if upright and frame.turns == 0 else _any_direction
    shown = [char not in _NOTHING for char in read]
    seen = glyphs_of(handle, list(compress(range(len(read)), shown)), list(compress(read, shown)), frame)
    unmapped = 0 if kinds.isdisjoint("\0\ufffd") else sum(map(read.count, "\0\ufffd"))
    if unmapped:
        seen = [glyph for glyph in seen if glyph[4] not in "\0\ufffd"]
    clipped: list[tuple[Glyph, tuple[float, float]]] = []
    torn: set[Glyph] = set()
    for owner, places in by_clip.items():
        box = transform(frame.matrix, clips[owner])
        own = glyphs_of(handle, places, [text[place] for place in places], frame)
        own = [glyph for glyph in own if glyph[4] not in "\0\ufffd"]
        clipped.extend((glyph, _nearest(glyph, box)) for glyph in own)
        torn.update(torn_of(own, box))
    return Characters(seen, unmapped, truncated, tuple(clipped), frozenset(torn))


def torn_of(glyphs: Sequence[Glyph], box: Rect) -> list[Glyph]:
    """The characters of a text that a side of `box` cuts, if none of the others lies beyond it.

    Text in the middle of a cell that is a little too narrow for it sticks out at both sides, and is all there.
    """
    left, _, right, _ = box
    printed = [glyph for glyph in glyphs if not glyph[4].isspace()]
    if any(glyph[2] <= left or glyph[1] >= right for glyph in printed):
        return []
    first = [glyph for glyph in printed if glyph[1] < left - _INSIDE]
    last = [glyph for glyph in printed if glyph[2] > right + _INSIDE]
    if first and last:
        return [g for g in (*first, *last) if max(left - g[1], g[2] - right) > _HIDDEN * (g[2] - g[1])]
    return first or last


def _nearest(glyph: Glyph, box: Rect) -> tuple[float, float]:
    """The place within `box` that is nearest to the middle of a character."""
    x, y = (glyph[1] + glyph[2]) / 2, glyph[0] - _MIDDLE * glyph[3]
    return min(max(x, box[0] + _INSIDE), box[2] - _INSIDE), min(max(y, box[1] + _INSIDE), box[3] - _INSIDE)


def _quick(handle: int, which: Sequence[int], text: list[str], frame: Frame) -> list[Glyph]:
    """Upright characters, by their advance.

    Asking for a baseline is a call: characters that follow each other on a line have the one of the first.
    """
    baseline_of = native.baselines(handle)
    left, right, top, highest = frame.left, frame.right, frame.top, frame.height
    end, bottom, upper, y = math.inf, math.inf, math.inf, 0.0
    glyphs: list[Glyph] = []
    add = glyphs.append
    for place, char, (x0, y1, x1, y0) in zip(which, text, native.loose_boxes(handle, which), strict=True):
        width = x1 - x0
        if width <= _NO_WIDTH:  # spaces that PDFium made up
            continue
        # Boxes of Latin fonts may be twice as high as an em; Chinese characters are one em wide.
        size = y1 - y0
        if char >= WIDE:
            if not width <= size <= 1.5 * width:
                size = width
        elif not width <= size <= 2.4 * width:
            size = 1.5 * width
        if y0 != bottom or y1 != upper:
            near = _NEAR * size
            if not (-near < x0 - end < near and -near < y0 - bottom < near):
                y = top - baseline_of(place)
            bottom, upper = y0, y1
        end = x1
        if x1 > left and x0 < right and 0 < y - _MIDDLE * size < highest:
            add((y, x0 - left, x1 - left, size, char))
    return glyphs


def _any_direction(handle: int, which: Sequence[int], text: list[str], frame: Frame) -> list[Glyph]:
    """Characters of every direction: ink boxes and origins turned into the frame, slanted ones left out."""
    turn = frame.matrix
    a, b, c, d, e, f = turn
    width, height = frame.width, frame.height
    owners = native.text_objects(handle, which)
    stands = _stands(handle, which, owners, frame.turns)
    # one of a and c is 0, and so is one of b and d: which numbers of a box and of an origin go along the line
    (first, last, along, across), (right_of, below) = ((2, 3, 1, 0), (c, b)) if a == 0 else ((0, 1, 0, 1), (a, d))
    glyphs: list[Glyph] = []
    for char, box, origin, owner in zip(
        text, native.char_boxes(handle, which), native.origins(handle, which), owners, strict=True
    ):
        quarters, size = stands[owner]
        if quarters is None or (box[1] <= box[0] and char.isspace()):
            continue
        if quarters:
            glyph = _turned(char, (box[0], box[2], box[1], box[3]), turn, size)
        else:
            x, y = right_of * origin[along] + e, below * origin[across] + f
            x0, x1 = right_of * box[first] + e, right_of * box[last] + e
            if x0 > x1:
                x0, x1 = x1, x0
            end = x + (0.9 if char >= WIDE else 0.45) * size
            glyph = (y, x, end, size, char) if x <= x0 and x1 <= end else (y, min(x0, x), max(x1, end), size, char)
        if glyph[2] > 0 and glyph[1] < width and 0 < glyph[0] - _MIDDLE * size < height:
            glyphs.append(glyph)
    return glyphs


def _stands(
    handle: int, which: Sequence[int], owners: Sequence[int], turns: int
) -> dict[int, tuple[int | None, float]]:
    """Quarter turns of every text object in a frame of `turns`, None for slanted text; and its em."""
    first = dict(zip(reversed(owners), reversed(which), strict=True))
    places = list(first.values())
    stands: dict[int, tuple[int | None, float]] = {}
    for owner, matrix, em in zip(
        first, native.matrices(handle, places), native.font_sizes(handle, places), strict=True
    ):
        quarters, scale = _stand(matrix, turns)
        stands[owner] = quarters, em * scale
    return stands


def _stand(matrix: Matrix, turns: int) -> tuple[int | None, float]:
    """Quarter turns of text with `matrix` in a frame of `turns`, None for slanted text; how the matrix scales an em."""
    a, b, c, d, *_ = matrix
    if not (a or b):
        return None, 0.0
    quarters = math.atan2(b, a) / (math.pi / 2) - turns
    if abs(quarters - round(quarters)) * (math.pi / 2) > _SLANT:
        return None, 0.0
    return round(quarters) % 4, math.hypot(c, d)


def _turned(char: str, ink: Rect, turn: Matrix, size: float) -> Glyph:
    """A character that reads up or down: its place is the middle of its ink."""
    x0, y0, x1, y1 = transform(turn, ink)
    return ((y0 + y1) / 2 + _MIDDLE * size, x0, x1, size, char)
