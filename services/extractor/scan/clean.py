"""Ink without what lies over and under it: seals taken off, uneven light evened, specks left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from services.extractor.scan.raster import Pixels, Raster

#: A pixel is red when its red is above its green and blue by this much.
_RED = 36
#: Within a seal: what is tinted, and the red of paper there at least.
_TINTED, _UNDER = 16, 195
#: Sides of a seal (points): round ones have 38 to 45 mm, those of sections may be smaller; red words are lower.
_SEAL = (56.0, 260.0)
_SEAL_SHAPE = 2.2
#: The light of the page is looked at on squares of this side (points).
_SQUARE = 3.0
_WHITE = 255
#: How dark ink is at least (of 255, paper is 255), and at most where a faint page asks for it.
_DARK, _FAINT = (110, 180), 225
#: A full stop is this dark when it is blurred; a black speck of one pixel at 200 dpi is not.
_POINT = 162.0
#: A picture: this share of it is dark or coloured (of 255).
_SHARE, _COLOURED = 0.02, 70
#: Blur against noise (points) and the area of a speck (square points).
_SOFT, _SPECK = 0.25, 0.5
#: Heights of what a character consists of: in pixels at least, in points at most and in print of usual size (9 points);
#: how many of them tell the size of the print.
_SIGN, _HIGHEST_SIGN, _USUAL_SIGN, _ENOUGH_SIGNS = 6, 40.0, 6.3, 50


@dataclass(frozen=True)
class Clean:
    """A page cleaned: `grey` (paper 255) for reading, `ink` (255 where there is ink).

    `under` is the page as it was, with its seals, and 255 where there are none; None where the page has none.
    """

    grey: Pixels
    ink: Pixels
    under: Pixels | None


def cleaned(raster: Raster) -> Clean:
    """`raster` without seals and shadows."""
    grey, under = _without_seals(raster)
    grey = _even(grey, raster.scale)
    ink, grey = parted(grey, raster.scale)
    return Clean(grey, ink, under)


def shows_something(raster: Raster) -> bool:
    """Whether the image is more than empty paper, whatever the light: dark or coloured places."""
    small = cv2.resize(raster.pixels, (64, 64), interpolation=cv2.INTER_AREA)
    darkest, lightest = (small, small) if small.ndim == 2 else (small.min(axis=2), small.max(axis=2))  # noqa: PLR2004
    return float(np.mean((lightest < _DARK[0]) | (lightest - darkest > _COLOURED))) > _SHARE


def parted(grey: Pixels, scale: float) -> tuple[Pixels, Pixels]:
    """(ink, grey without specks): ink is 255 where `grey` has strokes; specks become paper.

    Thin and faint strokes count where they hang together with dark ones.
    """
    soft = cv2.GaussianBlur(grey, (0, 0), _SOFT * scale)
    inside = soft[soft < _FAINT]
    dark = float(_DARK[1])
    if inside.size:
        found, _ = cv2.threshold(inside.reshape(1, -1), 0, _WHITE, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        dark = min(max(found, _DARK[0]), _DARK[1])
    faint = (dark + _FAINT) / 2
    any_ink = np.where(soft < faint, np.uint8(_WHITE), np.uint8(0))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(any_ink, connectivity=8)
    darkest = np.zeros(count, bool)
    darkest[labels[soft < max(dark, _POINT)]] = True
    kept = darkest & (stats[:, cv2.CC_STAT_AREA] >= max(int(_SPECK * _unit(np.asarray(stats), scale) ** 2), 3))
    kept[0] = False
    ink = np.where(kept[labels], np.uint8(_WHITE), np.uint8(0))
    specks = cv2.dilate(cv2.subtract(any_ink, ink), np.ones((3, 3), np.uint8))
    return ink, np.where((specks > 0) & (ink == 0), np.uint8(_WHITE), grey)


def _unit(stats: NDArray[Any], scale: float) -> float:
    """Pixels a point, fewer where print of usual size is smaller than `scale` says.

    A page that was pasted or printed smaller than it is has points of its numbers as small as specks of a page that is
    as large as it says.
    """
    width, height = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    signs = height[
        (height >= _SIGN) & (height <= _HIGHEST_SIGN * scale) & (width <= 2 * height) & (height <= 4 * width)
    ]
    return min(scale, float(np.median(signs)) / _USUAL_SIGN) if signs.size >= _ENOUGH_SIGNS else scale


def _without_seals(raster: Raster) -> tuple[Pixels, Pixels | None]:
    """Grey pixels in which red seals are paper, and what the seals and their surroundings looked like.

    Red words stay: only what is as large and round as a seal goes.

    The red channel shows red ink as paper and black ink as ink, also where one lies over the other.
    """
    pixels = raster.pixels
    if pixels.ndim == 2:  # noqa: PLR2004 - height and width: a grey image
        return pixels, None
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)
    blue, green, red = cv2.split(pixels)
    reddish = np.asarray(cv2.subtract(red, cv2.max(blue, green)) > _RED, np.uint8)
    if int(reddish.sum()) < (_SEAL[0] * raster.scale) ** 2 / 50:
        return grey, None
    reach = max(int(4 * raster.scale), 3)
    joined = np.asarray(cv2.morphologyEx(reddish, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8)), np.uint8)
    under: Pixels | None = None
    for x, y, width, height in _boxes(joined):
        sides = sorted((width / raster.scale, height / raster.scale))
        if _SEAL[0] <= sides[0] and sides[1] <= _SEAL[1] and sides[1] <= _SEAL_SHAPE * sides[0]:
            margin = 2 * reach
            x0, y0 = max(x - margin, 0), max(y - margin, 0)
            x1, y1 = min(x + width + margin, grey.shape[1]), min(y + height + margin, grey.shape[0])
            under = np.full_like(grey, _WHITE) if under is None else under
            under[y0:y1, x0:x1] = grey[y0:y1, x0:x1]
            grey[y0:y1, x0:x1] = _through(pixels[y0:y1, x0:x1], grey[y0:y1, x0:x1])
    return grey, under


def _through(pixels: Pixels, grey: Pixels) -> Pixels:
    """The part of a page under a seal as its red channel shows it; the colour of a JPEG bleeds over edges."""
    blue, green, red = cv2.split(pixels)
    tinted = cv2.subtract(red, cv2.max(blue, green)) > _TINTED
    clear = np.minimum(red.astype(np.int32) * _WHITE // _UNDER, _WHITE).astype(np.uint8)
    return np.where(tinted, clear, np.asarray(cv2.max(red, grey), np.uint8))


def _boxes(mask: Pixels) -> list[tuple[int, int, int, int]]:
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return [(int(x), int(y), int(width), int(height)) for x, y, width, height, _ in stats[1:count]]


def _even(grey: Pixels, scale: float) -> Pixels:
    """`grey` divided by the light of the paper around: paper becomes 255 everywhere, shaded cells too."""
    side = max(int(_SQUARE * scale), 4)
    small = cv2.resize(
        grey, (max(grey.shape[1] // side, 1), max(grey.shape[0] // side, 1)), interpolation=cv2.INTER_AREA
    )
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 5)
    light = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(grey, np.maximum(light, 32), scale=_WHITE), np.uint8)
