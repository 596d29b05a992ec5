"""Pictures in documents without pages (Word, HTML) that show what should be read: scans, screenshots of tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from services.extractor.lattice.page import PageTable
from services.extractor.pages import reading_of
from services.extractor.readers.base import Reading
from services.extractor.scan.content import ScannedPage
from shared.contracts.base import Text
from shared.contracts.document import Doubt, DoubtCode
from shared.contracts.errors import InvalidDocument
from shared.runtime.progress import progress

if TYPE_CHECKING:
    from services.extractor.scan.raster import Pixels

#: Pictures of a document that are looked at. The longest account seen that is all scans has 90 pages.
MAX_PICTURES = 300
#: Cells with text that make a grid a table and no chart.
_FILLED = 4
#: Pixels of the shorter side of a scanned page at least (A4 at 120 dpi), and how much longer the other one is.
_PAGE, _SHAPE = 990, (1.36, 1.47)
#: Pixels across and down of a picture that may hold a table.
_TABLE = (300, 100)
_WHOLE = (0.0, 0.0, 0.0, 0.0)


class Pasted:
    """The pictures of one document.

    `unread` counts those the size of a page that could not be read at all, and those beyond the limit.
    """

    def __init__(self) -> None:
        self._looked_at = 0
        self._number = 0
        self.unread = 0

    def page(
        self,
        content: bytes | None,
        before: ScannedPage | None,
        *,
        large: bool | None = None,
        cut: Sequence[float] = _WHOLE,
    ) -> ScannedPage | None:
        """What an image file shows; None if that is nothing to be read. `content` is None where it is not at hand.

        A picture the size of a page (`large`; None: its pixels tell) is a page, as in a PDF. A smaller one is read
        where it shows a ruled table: seals, charts and photographs show none. `number` of a page counts the pictures
        that were read, from 1; `before` is the picture right above. `cut` are the shares cut off: left, top, right,
        bottom.
        """
        progress()
        if content is not None and self._looked_at == MAX_PICTURES:
            self.unread += 1
            return None
        shown = None if content is None else self._opened(content, cut)
        if shown is None:
            self.unread += bool(large)
            return None
        page = self._read(*shown, large, before)
        self._number += page is not None
        return page

    def _read(
        self, pixels: Pixels, dpi: tuple[float, float] | None, large: bool | None, before: ScannedPage | None
    ) -> ScannedPage | None:
        height, width = pixels.shape[:2]
        large = _like_page(width, height) if large is None else large
        if not large and (width < _TABLE[0] or height < _TABLE[1]):
            return None
        from services.extractor.scan.page import read_scan, shows_grid  # noqa: PLC0415 - takes a second to import
        from services.extractor.scan.raster import raster_of  # noqa: PLC0415

        # How large the document prints it says little: scans are pasted as wide as the text, however they lie.
        raster = raster_of(pixels, dpi)
        if not large:
            page = read_scan(raster, self._number + 1) if shows_grid(raster) else None
            return page if page and any(_filled(table) >= _FILLED for table in page.tables) else None
        page = read_scan(raster, self._number + 1, before.aligned if before else None)
        if page.unread and page.doubtful_words and not page.illegible:  # signs in a photograph, the art of a cover
            self.unread += 1
            return None
        return None if page.blank else page

    def _opened(self, content: bytes, cut: Sequence[float]) -> tuple[Pixels, tuple[float, float] | None] | None:
        """The pixels that are shown, and the dots per inch that the file notes.

        None for drawings (EMF), and for what is damaged.
        """
        self._looked_at += 1
        from services.extractor.scan.picture import BROKEN, dpi_of, opened, pixels_of  # noqa: PLC0415
        from services.extractor.scan.raster import MIN_SIDE  # noqa: PLC0415

        try:
            with opened(content) as image:
                dpi, pixels = dpi_of(image), pixels_of(image)
        except (InvalidDocument, *BROKEN):
            return None
        height, width = pixels.shape[:2]
        x0, y0 = (round(share * side) for share, side in zip(cut[:2], (width, height), strict=True))
        x1, y1 = (round((1 - share) * side) for share, side in zip(cut[2:], (width, height), strict=True))
        shown = np.ascontiguousarray(pixels[y0:y1, x0:x1])
        return None if min(shown.shape[:2]) < MIN_SIDE else (shown, dpi)


def _like_page(width: int, height: int) -> bool:
    """Whether an image has the shape of A4, unlike photographs, and pixels enough to be read."""
    shorter, longer = sorted((width, height))
    return shorter >= _PAGE and _SHAPE[0] * shorter <= longer <= _SHAPE[1] * shorter


def _filled(table: PageTable) -> int:
    return sum(1 for filling in table.fillings if filling.text)


def reading_of_pictures(pages: Sequence[ScannedPage]) -> Reading:
    """What pictures that follow each other show, as pages do: a table may go on from one to the next.

    `page` of blocks and doubts is the number of the picture, which the doubts call so.
    """
    reading = reading_of(pages, len(pages), ())
    return Reading(reading.blocks, doubts=tuple(map(_of_picture, reading.doubts)))


def _of_picture(doubt: Doubt) -> Doubt:
    number = doubt.page
    zh, en = doubt.text.zh, doubt.text.en
    if doubt.code is DoubtCode.SCANNED_PAGE:
        zh = f"文档中第 {number} 张大图由文字识别（OCR）读取，请对照原件"
        en = f"Large picture {number} of the document was read by OCR; compare it with the original"
    zh = zh.replace(f"第 {number} 页", f"第 {number} 张大图")
    en = en.replace(f"page {number}", f"picture {number}").replace(f"Page {number}", f"Picture {number}")
    return doubt.model_copy(update={"text": Text(zh=zh, en=en)})
