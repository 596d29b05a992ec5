"""Image files: PNG, JPEG, BMP, and TIFF of one page or many."""

from __future__ import annotations

import struct
import warnings
from io import BytesIO

import numpy as np
from PIL import Image, ImageOps

from services.extractor.scan.raster import MIN_SIDE, Pixels, check_pixels
from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase

_FORMATS = ("PNG", "JPEG", "TIFF", "BMP")
#: What Pillow raises for images that are damaged.
BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error, OverflowError)


def opened(content: bytes) -> Image.Image:
    """The image, its pixels not decoded yet. Pillow itself refuses what is far too large, by error or warning.

    Raises `DAMAGED` and `TOO_LARGE`.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return Image.open(BytesIO(content), formats=_FORMATS)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise _bomb(str(error)) from error
        except BROKEN as error:
            raise damaged_image(str(error)) from error


def pixels_of(image: Image.Image) -> Pixels:
    """The page that the image stands at. Raises `TOO_LARGE`, `NOTHING_FOUND` for icons, and any of `BROKEN`."""
    try:
        check_pixels(*image.size)
        pixels = _pixels(image)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise _bomb(str(error)) from error
    if min(pixels.shape[:2]) < MIN_SIDE:
        raise InvalidDocument(
            Category.NOTHING_FOUND,
            Phase.EXTRACT,
            Text(
                zh="图片太小，看不清文字。请按 200 至 300 dpi 重新扫描。",
                en="The image is too small to hold text. Scan it again at 200 to 300 dpi.",
            ),
            f"{pixels.shape[1]}x{pixels.shape[0]}",
        )
    return pixels


def dpi_of(image: Image.Image) -> tuple[float, float] | None:
    """Dots per inch across and down as the image notes them."""
    noted = image.info.get("dpi")
    return (float(noted[0]), float(noted[1])) if noted else None


def _pixels(image: Image.Image) -> Pixels:
    """Blue, green, red, upright by its own note (EXIF), on white paper where it is transparent."""
    shown = ImageOps.exif_transpose(image) or image
    if shown.mode.startswith("I;16") or shown.mode in {"I", "F"}:
        values = np.asarray(shown, np.float64)
        most = float(values.max(initial=0.0)) or 1.0
        shown = Image.fromarray((values * (255 / most)).clip(0, 255).astype(np.uint8))
    if shown.has_transparency_data:
        clear = shown.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "white")
        paper.alpha_composite(clear)
        shown = paper
    return np.ascontiguousarray(np.asarray(shown.convert("RGB"), np.uint8)[:, :, ::-1])


def _bomb(detail: str) -> InvalidDocument:
    return InvalidDocument(
        Category.TOO_LARGE,
        Phase.EXTRACT,
        Text(
            zh="图片太大，无法读取。请按 200 至 300 dpi 重新扫描。",
            en="The image is too large to be read. Scan it again at 200 to 300 dpi.",
        ),
        detail,
    )


def damaged_image(detail: str) -> InvalidDocument:
    """The error of an image that is cut off or broken."""
    return InvalidDocument(
        Category.DAMAGED,
        Phase.EXTRACT,
        Text(
            zh="图片已损坏或不完整，请重新扫描或重新下载。",
            en="The image is damaged or incomplete. Scan it or download it again.",
        ),
        detail,
    )
