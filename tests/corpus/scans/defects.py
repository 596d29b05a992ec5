"""What happens to a page between the printer and the file: every defect with a strength, all of it by a seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.corpus.scans.paper import Page
from tests.corpus.scans.seal import stamp

#: rows x columns x (red, green, blue)
Image = NDArray[np.uint8]


@dataclass(frozen=True)
class Defects:
    """`rotation` in degrees; `turn` in quarter turns clockwise; `noise` as deviation in grey levels; `specks` as share
    of the pixels that turn black or white; `jpeg` as quality (0: stored without loss); `blur` as deviation in pixels;
    `shade` and `bend` (perspective) as share of the brightness and of the side; `faint` as share of the ink that is
    missing; `seals` on each page.
    """

    rotation: float = 0.0
    turn: int = 0
    noise: float = 0.0
    specks: float = 0.0
    jpeg: int = 0
    blur: float = 0.0
    shade: float = 0.0
    bend: float = 0.0
    faint: float = 0.0
    seals: int = 0


CLEAN = Defects()
#: One defect after the other as scanners make them, then all together.
KINDS: Mapping[str, Defects] = {
    "clean": CLEAN,
    "rotated": Defects(rotation=1.7),
    "noisy": Defects(noise=12, specks=0.002),
    "jpeg": Defects(jpeg=45),
    "seal": Defects(seals=1),
    "blurred": Defects(blur=0.9),
    "uneven": Defects(shade=0.3, bend=0.004),
    "faint": Defects(faint=0.45),
    "all": Defects(rotation=-1.2, noise=7, specks=0.0005, jpeg=60, seals=1),
}


def worn(seed: int) -> Defects:
    """A mixture: every defect as strong as ordinary scanners make it."""
    rng = np.random.default_rng([seed, 7])
    return Defects(
        rotation=float(rng.uniform(-2, 2)),
        noise=float(rng.uniform(0, 10)),
        specks=float(rng.uniform(0, 0.001)),
        jpeg=int(rng.integers(40, 81)),
        blur=float(rng.uniform(0, 0.7)),
        shade=float(rng.uniform(0, 0.25)),
        bend=float(rng.uniform(0, 0.003)),
        faint=float(rng.uniform(0, 0.3)),
        seals=1,
    )


def spoil(page: Page, defects: Defects, seed: int, name: str) -> Image:
    """The page as the scanner sees it, in colour; `name` stands on the seal. JPEG is left to whoever stores it."""
    rng = np.random.default_rng([seed, 3])
    image = cv2.cvtColor(page, cv2.COLOR_GRAY2RGB)
    if defects.faint:
        image = (255 - (255 - image.astype(np.float32)) * (1 - defects.faint)).astype(np.uint8)
    for number in range(defects.seals):
        image = stamp(image, name, seed + number)
    image = _moved(image, defects, rng)
    if defects.blur:
        image = cv2.GaussianBlur(image, (0, 0), defects.blur)
    light = image.astype(np.float32)
    if defects.shade:
        light *= _light(image.shape[:2], defects.shade, rng)[:, :, None]
    if defects.noise:
        light += rng.normal(0, defects.noise, (*light.shape[:2], 1)).astype(np.float32)
    image = np.clip(light, 0, 255).astype(np.uint8)
    if defects.specks:
        hit = rng.random(image.shape[:2])
        image[hit < defects.specks / 2] = 0
        image[hit > 1 - defects.specks / 2] = 255
    return np.ascontiguousarray(np.rot90(image, -defects.turn)) if defects.turn else image


def _moved(image: Image, defects: Defects, rng: np.random.Generator) -> Image:
    """Turned by the rotation and bent by the perspective in one step; what comes into view is white paper."""
    if not defects.rotation and not defects.bend:
        return image
    height, width = image.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), defects.rotation, 1.0)
    target = corners @ turn[:, :2].T.astype(np.float32) + turn[:, 2].astype(np.float32)
    target += rng.uniform(-defects.bend, defects.bend, (4, 2)).astype(np.float32) * (width, height)
    matrix = cv2.getPerspectiveTransform(corners, target.astype(np.float32))
    moved = cv2.warpPerspective(
        image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(255,) * 3
    )
    return np.asarray(moved, np.uint8)


def _light(shape: tuple[int, int], strength: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """A factor for each pixel: darker towards one side, as near the spine of a bound report."""
    height, width = shape
    angle = rng.uniform(0, 2 * np.pi)
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :] * np.cos(angle)
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None] * np.sin(angle)
    return np.asarray(1 - strength * np.clip((x + y + 1) / 2, 0, 1), np.float32)
