"""A page without text as an image, for OCR: its pictures and its shapes, which may be letters turned into outlines."""

from __future__ import annotations

import math
import struct
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO

import cv2
import numpy as np
from PIL import Image

from services.extractor.lattice.frame import Matrix, compose
from services.extractor.ofd.canvas import Picture
from services.extractor.ofd.package import Package
from services.extractor.ofd.page import POINTS, Sheet, painted_on
from services.extractor.ofd.rules import Shape
from services.extractor.scan.raster import MAX_PIXELS, MOST_DPI, USUAL_DPI, Pixels, Raster, check_pixels
from shared.contracts.errors import InvalidDocument

_POINTS = 72.0
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF")
#: Share of the page that a picture covers when its resolution is the page's.
_COVERS = 0.4
#: What Pillow raises for images that are damaged or bombs.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    struct.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    InvalidDocument,
)
#: Pixels of all pictures of a page together.
_MOST = 4 * MAX_PIXELS
_SHIFT = 4  # fractional bits of the places of corners


def drawn(sheet: Sheet) -> Raster | None:
    """The page in colour; None if nothing on it can be shown. Pictures that are broken are left out."""
    painted = painted_on(sheet)
    sizes = _sizes(sheet.resources.package, painted)
    width, height = sheet.width * POINTS, sheet.height * POINTS
    native = [_native(sizes[item.part], item.matrix, width * height) for item in _pictures(painted, sizes)]
    scale = min(min(max([USUAL_DPI, *native]), MOST_DPI) / _POINTS, math.sqrt(MAX_PIXELS / (width * height)))
    canvas: Pixels = np.full((max(round(height * scale), 1), max(round(width * scale), 1), 3), 255, np.uint8)
    to_pixels: Matrix = (scale, 0.0, 0.0, -scale, 0.0, height * scale)
    shown, budget = False, _MOST
    for item in painted:
        if isinstance(item, Shape):
            _draw(canvas, item, to_pixels, scale)
            shown = True
        elif item.part in sizes:
            budget -= math.prod(sizes[item.part])
            pixels = _decoded(sheet.resources.package, item.part) if budget >= 0 else None
            if pixels is not None:
                _place(canvas, pixels, compose(item.matrix, to_pixels))
                shown = True
    return Raster(canvas, scale) if shown else None


def _pictures(painted: Sequence[Picture | Shape], sizes: Mapping[str, tuple[int, int]]) -> Iterator[Picture]:
    return (item for item in painted if isinstance(item, Picture) and item.part in sizes)


def _sizes(package: Package, painted: Sequence[Picture | Shape]) -> dict[str, tuple[int, int]]:
    """Width and height in pixels of the pictures that are no more than a page may be."""
    sizes: dict[str, tuple[int, int]] = {}
    for part in {item.part for item in painted if isinstance(item, Picture)}:
        with suppress(*_BROKEN), _opened(package, part) as image:
            check_pixels(*image.size)
            sizes[part] = image.size
    return sizes


@contextmanager
def _opened(package: Package, part: str) -> Iterator[Image.Image]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(BytesIO(package.read(part)), formats=_FORMATS) as image:
            yield image


def _decoded(package: Package, part: str) -> Pixels | None:
    """Blue, green, red on white paper."""
    try:
        with _opened(package, part) as image:
            if not image.has_transparency_data:
                return _bgr(image)
            clear = image.convert("RGBA")
            paper = Image.new("RGBA", clear.size, "white")
            paper.alpha_composite(clear)
            return _bgr(paper)
    except _BROKEN:
        return None


def _bgr(image: Image.Image) -> Pixels:
    return np.ascontiguousarray(np.asarray(image.convert("RGB"), np.uint8)[:, :, ::-1])


def _native(size: tuple[int, int], matrix: Matrix, area: float) -> float:
    """Dots per inch of a picture that covers the page, 0 of one that does not."""
    covered = abs(matrix[0] * matrix[3] - matrix[1] * matrix[2])
    return _POINTS * math.sqrt(math.prod(size) / covered) if covered >= _COVERS * area else 0.0


def _place(canvas: Pixels, pixels: Pixels, matrix: Matrix) -> None:
    """Put a picture where `matrix` leads the unit square to. It is made smaller first, so that thin strokes stay."""
    across, down = math.hypot(matrix[0], matrix[1]), math.hypot(matrix[2], matrix[3])
    height, width = pixels.shape[:2]
    if not (1 <= across <= 4 * canvas.shape[1] and 1 <= down <= 4 * canvas.shape[0]):
        return
    if across < width or down < height:
        width, height = min(width, max(round(across), 1)), min(height, max(round(down), 1))
        pixels = np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    a, b, c, d, e, f = matrix
    a, b, c, d = a / width, b / width, c / height, d / height
    # OpenCV counts from the middle of a pixel.
    turn = np.array([[a, c, e + (a + c - 1) / 2], [b, d, f + (b + d - 1) / 2]], np.float64)
    cv2.warpAffine(
        pixels,
        turn,
        (canvas.shape[1], canvas.shape[0]),
        dst=canvas,
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_TRANSPARENT,
    )


def _draw(canvas: Pixels, shape: Shape, to_pixels: Matrix, scale: float) -> None:
    a, _, _, d, _, f = to_pixels
    unit = 1 << _SHIFT
    limit = 4.0 * max(canvas.shape[:2])
    lines = [
        np.array(
            [
                (round(min(max(a * x, -limit), limit) * unit), round(min(max(d * y + f, -limit), limit) * unit))
                for x, y in points
            ],
            np.int32,
        )
        for points, _ in shape.parts
    ]
    if shape.fill is not None:
        cv2.fillPoly(canvas, lines, (shape.fill,) * 3, cv2.LINE_AA, _SHIFT)
    if shape.stroke is not None:
        pen = max(round(shape.pen * scale), 1)
        cv2.polylines(canvas, lines, isClosed=False, color=(shape.stroke,) * 3, thickness=pen, shift=_SHIFT)
