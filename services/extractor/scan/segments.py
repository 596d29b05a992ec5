"""Where lines of text stand: within cells, and on the rest of the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from services.extractor.scan.raster import Pixels

#: Sizes in points: the smallest and the largest print, and what a page is set in where nothing tells.
_SMALLEST, _LARGEST, _USUAL = 4.5, 40.0, 9.0
#: A row of pixels with less ink than this share of the fullest row of its part is blank.
_FAINT = 0.03
#: Parts of one line are nearer than this (em) and no higher together than this.
_CLOSE, _HIGHEST = 0.5, 1.35
#: Two lines that touch are higher than this (em).
_TWO = 1.75
#: A gap wider than this (em) parts two lines side by side.
_APART = 2.2
#: Ink that is a part of a character at least (points x points).
_LEAST_INK = 0.6

Box = tuple[int, int, int, int]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Segment:
    """A line of text or a part of one: the box of its ink in pixels."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.y1 - self.y0

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.x1 - self.x0


def em_of(parts: Sequence[tuple[Pixels, Box]], scale: float) -> float:
    """The size of the print in pixels: how high lines of several characters are, as a rule."""
    heights: list[int] = []
    for ink, (x0, y0, x1, y1) in parts:
        part = ink[y0:y1, x0:x1]
        for top, bottom in _runs(_profile(part, 1), 1):
            if _SMALLEST * scale <= bottom - top <= _LARGEST * scale:
                wide = np.flatnonzero(part[top:bottom].any(axis=0))
                if wide.size and wide[-1] - wide[0] > 2.5 * (bottom - top):
                    heights.append(bottom - top)
    return max(1.1 * median(heights), _SMALLEST * scale) if heights else _USUAL * scale


def segments_in(ink: Pixels, box: Box, em: float, scale: float) -> list[Segment]:
    """The lines of text within `box` (pixels) of a page of `ink` without rules, from top to bottom.

    Bands first, then what stands side by side in them, then the lines of each: captions at the left and at the right
    of a page need not stand on one line.
    """
    x0, y0, x1, y1 = box
    part = ink[y0:y1, x0:x1]
    least = _LEAST_INK * scale * scale
    if cv2.countNonZero(part) < least:
        return []
    found: list[Segment] = []
    for top, bottom in _lines(_profile(part, 1), em, part=False):
        band = part[top:bottom]
        for left, right in _joined(_runs(_profile(band, 0), 1), _APART * em):
            block = band[:, left:right]
            for upper, lower in _lines(_profile(block, 1), em, part=True):
                for start, end in _joined(_runs(_profile(block[upper:lower], 0), 1), _APART * em):
                    piece = block[upper:lower, start:end]
                    if cv2.countNonZero(piece) < least:
                        continue
                    ys = np.flatnonzero(piece.any(axis=1))
                    x, y = x0 + left, y0 + top + upper
                    found.append(Segment(x + start, y + int(ys[0]), x + end, y + int(ys[-1]) + 1))
    return found


def _profile(part: Pixels, axis: int) -> Counts:
    return np.asarray(np.count_nonzero(part, axis=axis), np.int64)


def _runs(profile: Counts, least: int) -> Iterator[tuple[int, int]]:
    """(start, end) of the stretches of at least `least`."""
    full = np.concatenate(([False], profile >= least, [False]))
    edges = np.flatnonzero(full[1:] != full[:-1])
    return ((int(a), int(b)) for a, b in zip(edges[0::2], edges[1::2], strict=True))


def _joined(runs: Iterator[tuple[int, int]], gap: float) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in runs:
        if joined and start - joined[-1][1] <= gap:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _lines(profile: Counts, em: float, *, part: bool) -> list[tuple[int, int]]:
    """Top and bottom of each line: parts of characters joined; `part`: lines that touch are parted."""
    least = max(int(_FAINT * int(profile.max(initial=0))), 1) if part else 1
    lines: list[tuple[int, int]] = []
    for top, bottom in _runs(profile, least):
        for start, end in _parted(profile, top, bottom, em) if part else ((top, bottom),):
            if lines and start - lines[-1][1] <= _CLOSE * em and end - lines[-1][0] <= _HIGHEST * em:
                lines[-1] = (lines[-1][0], end)
            else:
                lines.append((start, end))
    return lines


def _parted(profile: Counts, top: int, bottom: int, em: float) -> Iterator[tuple[int, int]]:
    """A stretch as lines of about one em: cut where the least ink is, as far from its ends as a line is high."""
    while bottom - top > _TWO * em:
        first, last = top + int(0.7 * em), min(top + int(1.5 * em), bottom - int(0.5 * em))
        if last <= first:
            break
        cut = first + int(np.argmin(profile[first:last]))
        if profile[cut] > 0.5 * profile[top:bottom].max():
            break
        yield top, cut
        top = cut
    yield top, bottom


def crop_of(grey: Pixels, segment: Segment, em: float, limits: Box, room: float = 0.18) -> Pixels:
    """The image of a segment with room around it, nothing of what stands outside of `limits`.

    A dash or a full stop is not blown up to the height of a character: the crop is at least an em high.
    """
    height = max(segment.height, 0.8 * em)
    middle = (segment.y0 + segment.y1) / 2
    above = height / 2 + room * height + 1
    side = int(0.3 * height) + 1
    y0, y1 = round(middle - above), round(middle + above)
    x0, x1 = segment.x0 - side, segment.x1 + side
    inner = (max(x0, limits[0], 0), max(y0, limits[1], 0), min(x1, limits[2]), min(y1, limits[3]))
    crop = np.full((y1 - y0, x1 - x0), 255, np.uint8)
    part = grey[inner[1] : inner[3], inner[0] : inner[2]]
    crop[inner[1] - y0 : inner[1] - y0 + part.shape[0], inner[0] - x0 : inner[0] - x0 + part.shape[1]] = part
    return crop
