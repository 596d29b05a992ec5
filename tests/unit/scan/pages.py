"""Page images drawn without a font: rules, bars for words, digits made of segments."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
#: 200 dpi
SCALE = 200 / 72


def paper(width: int = 1654, height: int = 1200) -> Pixels:
    return np.full((height, width), 255, np.uint8)


def ruled(xs: list[int], ys: list[int], page: Pixels | None = None) -> Pixels:
    """A grid with borders at `xs` and `ys` (pixels), 2 pixels thick."""
    page = paper() if page is None else page
    for x in xs:
        cv2.line(page, (x, ys[0]), (x, ys[-1]), 0, 2)
    for y in ys:
        cv2.line(page, (xs[0], y), (xs[-1], y), 0, 2)
    return page


def turned(page: Pixels, degrees: float) -> Pixels:
    """Turned counter-clockwise; white comes into view."""
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(
        cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=(255, 255, 255)), np.uint8
    )


def with_seal(page: Pixels, centre: tuple[int, int], radius: int = 160) -> Pixels:
    """In colour (blue, green, red), with a red ring and a bar over it as ink lies over print."""
    red = np.full((*page.shape, 3), 255, np.uint8)
    cv2.circle(red, centre, radius, (44, 32, 206), 9)
    cv2.line(red, (centre[0] - 60, centre[1] - 60), (centre[0] + 60, centre[1] + 60), (44, 32, 206), 20)
    return (cv2.cvtColor(page, cv2.COLOR_GRAY2BGR).astype(np.uint16) * red // 255).astype(np.uint8)
