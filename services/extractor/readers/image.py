"""Scans that come as images: PNG, JPEG, BMP, and TIFF of one page or many."""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image

from services.extractor.pages import reading_of
from services.extractor.readers.base import Reader, Reading
from services.extractor.scan.content import ScannedPage
from services.extractor.scan.page import read_scan
from services.extractor.scan.picture import BROKEN, damaged_image, dpi_of, opened, pixels_of
from services.extractor.scan.raster import Raster, raster_of
from shared.contracts.base import Text
from shared.contracts.document import Doubt, DoubtCode, MediaType, SourceFile
from shared.runtime.progress import progress

#: Pages of a TIFF that are read.
MAX_PAGES = 500


class ImageReader(Reader):
    """Images of pages, read by OCR."""

    name = "image-ocr"
    version = "1"
    media_types = (MediaType.PNG, MediaType.JPEG, MediaType.TIFF, MediaType.BMP)

    def read(self, source: SourceFile) -> Reading:
        """Read `source`; raises `DAMAGED`, `TOO_LARGE` or `NOTHING_FOUND`."""
        doubts: list[Doubt] = []
        pages: list[ScannedPage] = []
        with opened(source.content) as image:
            for raster in _pages(image, doubts):
                pages.append(read_scan(raster, len(pages) + 1, pages[-1].aligned if pages else None))
                progress()
        return reading_of(pages, len(pages) + len(doubts), doubts)


def _pages(image: Image.Image, doubts: list[Doubt]) -> Iterator[Raster]:
    """The pages up to the first that is damaged: where the next one stands is then not known."""
    several = image.format == "TIFF"
    for index in range(MAX_PAGES + 1 if several else 1):
        try:
            image.seek(index)
        except EOFError:
            return
        except BROKEN:
            doubts.append(_damaged_from(index + 1))
            return
        if index == MAX_PAGES:
            doubts.append(_truncated(index + 1, f"第 {index} 页以后没有读取", f"pages after {index} not read"))
            return
        try:
            yield _page(image)
        except BROKEN as error:
            if index == 0:
                raise damaged_image(str(error)) from error
            doubts.append(_damaged_from(index + 1))
            return


def _page(image: Image.Image) -> Raster:
    """The page that the image stands at."""
    pixels = pixels_of(image)
    return raster_of(pixels, dpi_of(image))


def _damaged_from(page: int) -> Doubt:
    return _truncated(page, f"从第 {page} 页起已损坏，没有读取", f"damaged from page {page} on, which was not read")


def _truncated(page: int, zh: str, en: str) -> Doubt:
    return Doubt(code=DoubtCode.TRUNCATED, text=Text(zh=zh, en=en), page=page)
