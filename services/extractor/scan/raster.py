"""An image of a page: its pixels, and how large it is on paper."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase

Pixels = NDArray[np.uint8]

#: Pixels of one page. A3 at 400 dpi has 31 million.
MAX_PIXELS = 40_000_000
#: Pixels of the shorter side; less is an icon.
MIN_SIDE = 48
#: Dots per inch at which a page is worked on. More costs time and reads no better, less reads badly.
LEAST_DPI, USUAL_DPI, MOST_DPI = 150.0, 200.0, 300.0
#: Resolutions that a scanner may note, and the longer sides of paper (inches): others are not believed.
_DPI, _PAPER = (90.0, 1300.0), (5.0, 25.0)
_A4 = 11.69
_POINTS = 72.0


@dataclass(frozen=True)
class Raster:
    """`pixels`: height x width grey, or height x width x 3 in the order blue, green, red. `scale`: pixels a point."""

    pixels: Pixels
    scale: float

    @property
    def width(self) -> float:
        """Width in points."""
        return float(self.pixels.shape[1] / self.scale)

    @property
    def height(self) -> float:
        """Height in points."""
        return float(self.pixels.shape[0] / self.scale)


def check_pixels(width: int, height: int) -> None:
    """Raise `TOO_LARGE` for an image that must not be decoded: a few bytes may stand for 10^9 pixels."""
    if width * height > MAX_PIXELS:
        most = MAX_PIXELS // 1_000_000
        raise InvalidDocument(
            Category.TOO_LARGE,
            Phase.EXTRACT,
            Text(
                zh=f"图片太大：{width} × {height} 像素，最多 {most} 百万像素。请按 200 至 300 dpi 重新扫描。",
                en=f"The image is too large: {width} x {height} pixels, at most {most} million. "
                "Scan it again at 200 to 300 dpi.",
            ),
            f"{width}x{height}",
        )


def raster_of(pixels: Pixels, dpi: tuple[float, float] | None = None) -> Raster:
    """`pixels` at a resolution fit for reading.

    `dpi`: dots per inch across and down as the file notes them. A note that makes no sheet of paper is not believed:
    screenshots and photographs say 72 or 96 whatever they show, so their longer side is taken for that of A4.
    """
    height, width = pixels.shape[:2]
    across, down = dpi if dpi and _believed(width, height, dpi) else (max(width, height) / _A4,) * 2
    wanted = min(max(across, down, LEAST_DPI), MOST_DPI)
    if max(across, down) < LEAST_DPI:
        wanted = USUAL_DPI
    if abs(wanted - across) > 1 or abs(wanted - down) > 1:
        size = (max(round(width * wanted / across), 1), max(round(height * wanted / down), 1))
        smaller = size[0] * size[1] < width * height
        pixels = np.asarray(
            cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC), np.uint8
        )
    else:
        wanted = across
    return Raster(pixels, wanted / _POINTS)


def _believed(width: int, height: int, dpi: tuple[float, float]) -> bool:
    if not all(_DPI[0] <= value <= _DPI[1] for value in dpi):
        return False
    return _PAPER[0] <= max(width / dpi[0], height / dpi[1]) <= _PAPER[1]
