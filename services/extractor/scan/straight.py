"""Pages that lie a little askew: found by how sharply rows and columns of ink stand out, and turned back."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from services.extractor.scan.raster import Pixels

Matrix = NDArray[np.float64]

#: Each look at a page: longer side in pixels, degrees to either side, and step. The best angle lies between two steps.
_LOOKS = ((500, 6.0, 0.25), (1100, 0.25, 0.05))
#: Less than this is straight (degrees): half a point over the width of a page.
_STRAIGHT = 0.03


@dataclass(frozen=True)
class Straight:
    """How to get from the page as it came to the straight one: `matrix` (2 x 3), in pixels."""

    matrix: Matrix

    def apply(self, pixels: Pixels, *, border: int) -> Pixels:
        """`pixels` turned; `border` stands where nothing was."""
        size = (pixels.shape[1], pixels.shape[0])
        return np.asarray(
            cv2.warpAffine(
                pixels,
                self.matrix,
                size,
                flags=cv2.INTER_CUBIC,
                borderMode=cv2.BORDER_CONSTANT,
                borderValue=(border,) * 4,
            ),
            np.uint8,
        )

    def back(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the straight page was."""
        (a, b, e), (c, d, f) = cv2.invertAffineTransform(self.matrix).tolist()
        return a * x + b * y + e, c * x + d * y + f


def skew_of(ink: Pixels) -> float:
    """Degrees by which lines and rules fall from left to right (clockwise is positive)."""
    best = 0.0
    for side, reach, step in _LOOKS:
        factor = min(side / max(ink.shape), 1.0)
        small = np.asarray(cv2.resize(ink, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)
        angles = best + step * np.arange(-round(reach / step), round(reach / step) + 1)
        scores = [_sharpness(small, float(angle)) for angle in angles]
        top = int(np.argmax(scores))
        best = float(angles[top])
        if 0 < top < len(scores) - 1:
            before, here, after = scores[top - 1 : top + 2]
            bend = before - 2 * here + after
            best += 0.5 * step * (before - after) / bend if bend < 0 else 0.0
    return best


def _sharpness(ink: Pixels, angle: float) -> float:
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turned = cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_LINEAR)
    rows = turned.sum(axis=1, dtype=np.float64)
    columns = turned.sum(axis=0, dtype=np.float64)
    return float(np.square(np.diff(rows)).sum() / width + np.square(np.diff(columns)).sum() / height)


def straightened(ink: Pixels) -> Straight | None:
    """How to turn a page of `ink` straight; None when it is."""
    angle = skew_of(ink)
    if abs(angle) < _STRAIGHT:
        return None
    height, width = ink.shape
    return Straight(np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0), np.float64))
