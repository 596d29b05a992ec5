"""Scans that come as images: PNG, JPEG, BMP, and TIFF of one page or many."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from io import BytesIO

import numpy as np
from PIL import Image, ImageOps

from services.extractor.pages import reading_of
from services.extractor.readers.base import Reader, Reading
from services.extractor.scan.content import ScannedPage
from services.extractor.scan.page import read_scan
from services.extractor.scan.raster import MIN_SIDE, Pixels, Raster, check_pixels, raster_of
from shared.contracts.base import Text
from shared.contracts.document import Doubt, DoubtCode, MediaType, SourceFile
from shared.contracts.errors import Category, InvalidDocument, Phase
from shared.runtime.progress import progress

#: Pages of a TIFF that are read.
MAX_PAGES = 500
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP")
#: What Pillow raises for images that are damaged.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error, OverflowError)


class ImageReader(Reader):
    """Images of pages, read by OCR."""

    name = "image-ocr"
    version = "1"
    media_types = (MediaType.PNG, MediaType.JPEG, MediaType.TIFF, MediaType.BMP)

    def read(self, source: SourceFile) -> Reading:
        """Read `source`; raises `DAMAGED`, `TOO_LARGE` or `NOTHING_FOUND`."""
        doubts: list[Doubt] = []
        pages: list[ScannedPage] = []
        with _opened(source.content) as image:
            for raster in _pages(image, doubts):
                pages.append(read_scan(raster, len(pages) + 1, pages[-1].aligned if pages else None))
                progress()
        return reading_of(pages, len(pages) + len(doubts), doubts)


def _opened(content: bytes) -> Image.Image:
    """The image, its pixels not decoded yet. Pillow itself refuses what is far too large, by error or warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return Image.open(BytesIO(content), formats=_FORMATS)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise _bomb(str(error)) from error
        except _BROKEN as error:
            raise _damaged(str(error)) from error


def _pages(image: Image.Image, doubts: list[Doubt]) -> Iterator[Raster]:
    """The pages up to the first that is damaged: where the next one stands is then not known."""
    several = image.format == "TIFF"
    for index in range(MAX_PAGES + 1 if several else 1):
        try:
            image.seek(index)
        except EOFError:
            return
        except _BROKEN:
            doubts.append(_damaged_from(index + 1))
            return
        if index == MAX_PAGES:
            doubts.append(_truncated(index + 1, f"第 {index} 页以后没有读取", f"pages after {index} not read"))
            return
        try:
            yield _page(image)
        except _BROKEN as error:
            if index == 0:
                raise _damaged(str(error)) from error
            doubts.append(_damaged_from(index + 1))
            return


def _page(image: Image.Image) -> Raster:
    """The page that the image stands at."""
    try:
        check_pixels(*image.size)
        dpi = image.info.get("dpi")
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
    return raster_of(pixels, (float(dpi[0]), float(dpi[1])) if dpi else None)


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


def _damaged(detail: str) -> InvalidDocument:
    return InvalidDocument(
        Category.DAMAGED,
        Phase.EXTRACT,
        Text(
            zh="图片已损坏或不完整，请重新扫描或重新下载。",
            en="The image is damaged or incomplete. Scan it or download it again.",
        ),
        detail,
    )


def _damaged_from(page: int) -> Doubt:
    return _truncated(page, f"从第 {page} 页起已损坏，没有读取", f"damaged from page {page} on, which was not read")


def _truncated(page: int, zh: str, en: str) -> Doubt:
    return Doubt(code=DoubtCode.TRUNCATED, text=Text(zh=zh, en=en), page=page)
