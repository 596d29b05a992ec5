"""The round red seal of an office: a ring, a star, the name around it; what lies under the ink shines through."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from tests.corpus.scans.paper import DPI, SERIF, face

_RADIUS = 0.8 * DPI  # a seal of 42 mm at 200 dpi
_RED = (206, 32, 44)
_TRIES = 12


def stamp(image: NDArray[np.uint8], name: str, seed: int) -> NDArray[np.uint8]:
    """`image` (rows x columns x RGB) with a seal where much is printed: across figures, as seals are in life."""
    rng = np.random.default_rng([seed, 11])
    height, width = image.shape[:2]
    mark = np.asarray(_seal(name, float(rng.uniform(-25, 25))), np.float32) / 255
    mark *= rng.uniform(0.55, 1.0, mark.shape)  # the ink of a stamp is uneven
    side = mark.shape[0]
    spots = [
        (int(top), int(left))
        for top, left in zip(
            rng.integers(0, max(height - side, 1), _TRIES), rng.integers(0, max(width - side, 1), _TRIES), strict=True
        )
    ]
    top, left = min(spots, key=lambda at: float(image[at[0] : at[0] + side, at[1] : at[1] + side].mean()))
    result = image.copy()
    spot = result[top : top + side, left : left + side]
    mark = mark[: spot.shape[0], : spot.shape[1], None]
    colour = 1 - mark * (1 - np.array(_RED, np.float32) / 255)
    result[top : top + side, left : left + side] = (spot * colour).astype(np.uint8)
    return result


def _seal(name: str, lean: float) -> Image.Image:
    """The seal in grey, white where there is ink."""
    side = int(2 * _RADIUS + 8)
    centre = side / 2
    seal = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(seal)
    pen.ellipse((4, 4, side - 4, side - 4), outline=255, width=9)
    pen.polygon(_star(centre, _RADIUS * 0.32), fill=255)
    letters = name[:16]
    size = min(0.3 * _RADIUS, 3.6 * _RADIUS / max(len(letters), 1))
    for number, char in enumerate(letters):
        angle = -135 + 270 * (number + 0.5) / len(letters)
        glyph = Image.new("L", (int(size * 1.4),) * 2, 0)
        ImageDraw.Draw(glyph).text((glyph.width / 2,) * 2, char, fill=255, font=face(SERIF, size), anchor="mm")
        turned = glyph.rotate(-angle, Image.Resampling.BICUBIC)
        x = centre + 0.76 * _RADIUS * math.sin(math.radians(angle)) - glyph.width / 2
        y = centre - 0.76 * _RADIUS * math.cos(math.radians(angle)) - glyph.height / 2
        seal.paste(255, (int(x), int(y)), turned)
    return seal.rotate(lean, Image.Resampling.BICUBIC)


def _star(centre: float, radius: float) -> list[tuple[float, float]]:
    points = []
    for number in range(10):
        reach = radius if number % 2 == 0 else radius * 0.382
        angle = math.pi * number / 5
        points.append((centre + reach * math.sin(angle), centre - reach * math.cos(angle)))
    return points
