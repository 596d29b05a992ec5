"""A page of a PDF as an image, as large as its own image is."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pypdfium2 import raw  # type: ignore[import-untyped]

from services.extractor.scan.raster import MAX_PIXELS, MOST_DPI, USUAL_DPI, Raster

_POINTS = 72.0
#: Share of the page that an image covers when its resolution is the page's.
_COVERS = 0.4


def rendered(document: Any, index: int) -> Raster:
    """Page `index` (0-based) of a `pypdfium2.PdfDocument` as a reader sees it, in colour.

    A page of enormous size is drawn smaller, so that it stays within the pixels that one page may have.
    """
    page = document[index]
    try:
        width, height = (max(side, 1.0) for side in page.get_size())
        dpi = min(max(_native(page, width * height), USUAL_DPI), MOST_DPI)
        scale = min(dpi / _POINTS, math.sqrt(MAX_PIXELS / (width * height)))
        bitmap = page.render(scale=scale)
        try:
            pixels = bitmap.to_numpy()
            image = np.repeat(pixels, 3, axis=2) if pixels.shape[2] == 1 else pixels[:, :, :3].copy()
        finally:
            bitmap.close()
    finally:
        page.close()
    return Raster(np.ascontiguousarray(image), image.shape[1] / width)


def _native(page: Any, area: float) -> float:
    """Dots per inch of the image that covers the page; 0 where none does."""
    best = 0.0
    for image in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
        left, bottom, right, top = image.get_bounds()
        covered = (right - left) * (top - bottom)
        if covered >= _COVERS * area:
            across, down = image.get_px_size()
            best = max(best, _POINTS * math.sqrt(across * down / covered))
    return best
