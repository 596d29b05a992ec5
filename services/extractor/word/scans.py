"""Pictures of a Word document that are scans or screenshots of what should be read: pages and tables, read by OCR."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from services.extractor.lattice.page import PageTable
from services.extractor.package import relationships
from services.extractor.pages import reading_of
from services.extractor.readers.base import Reading
from services.extractor.scan.content import ScannedPage
from services.extractor.word.content import Line
from services.extractor.word.drawings import Picture
from services.extractor.word.grid import WordGrid
from services.extractor.zipsafe import SafeZip
from shared.contracts.base import Text
from shared.contracts.document import Doubt, DoubtCode
from shared.contracts.errors import InvalidDocument
from shared.runtime.progress import progress

if TYPE_CHECKING:
    from services.extractor.scan.raster import Raster

#: Pictures of a document that are looked at. The longest account seen that is all scans has 90 pages.
MAX_PICTURES = 300
#: Cells with text that make a grid a table and no chart.
_FILLED = 4


class Scans:
    """The pictures of one part. `unread` counts those the size of a page that could not be read at all."""

    def __init__(self, archive: SafeZip, part: str) -> None:
        self._archive = archive
        self._targets = relationships(archive, part)
        self._looked_at = 0
        self.unread = 0

    def read(self, items: Iterable[Line | WordGrid | Picture]) -> list[Line | WordGrid | ScannedPage]:
        """`items` with what the pictures show in the place of each; pictures of nothing to be read are left out.

        A picture the size of a page is a page, as in a PDF. A smaller one is read where it shows a ruled table: seals,
        charts and photographs show none. `number` of a page counts the pictures that were read, from 1.
        """
        found: list[Line | WordGrid | ScannedPage] = []
        before: ScannedPage | None = None
        number = 1
        for item in items:
            if not isinstance(item, Picture):
                found.append(item)
                before = None
                continue
            page = self._page(item, number, before)
            if page is not None:
                found.append(page)
                before, number = page, number + 1
        return found

    def _page(self, picture: Picture, number: int, before: ScannedPage | None) -> ScannedPage | None:
        progress()
        raster = self._raster(picture)
        if raster is None:
            self.unread += picture.covers_page
            return None
        from services.extractor.scan.page import read_scan, shows_grid  # noqa: PLC0415 - takes a second to import

        if not picture.covers_page:
            page = read_scan(raster, number) if shows_grid(raster) else None
            return page if page and any(_filled(table) >= _FILLED for table in page.tables) else None
        page = read_scan(raster, number, before.aligned if before else None)
        if page.unread and page.doubtful_words and not page.illegible:  # signs in a photograph, the art of a cover
            self.unread += 1
            return None
        return None if page.blank else page

    def _raster(self, picture: Picture) -> Raster | None:
        """The picture as it is shown; None for drawings (EMF), what is damaged or missing, and beyond the limits."""
        kind, target = self._targets.get(picture.relation, ("", ""))
        if kind != "image" or target not in self._archive or self._looked_at == MAX_PICTURES:
            return None
        self._looked_at += 1
        from services.extractor.scan.picture import BROKEN, dpi_of, opened, pixels_of  # noqa: PLC0415 - takes a second to import
        from services.extractor.scan.raster import MIN_SIDE, raster_of  # noqa: PLC0415

        try:
            with opened(self._archive.read(target)) as image:
                dpi, pixels = dpi_of(image), pixels_of(image)
        except (InvalidDocument, *BROKEN):
            return None
        height, width = pixels.shape[:2]
        x0, y0 = (round(share * side) for share, side in zip(picture.cut[:2], (width, height), strict=True))
        x1, y1 = (round((1 - share) * side) for share, side in zip(picture.cut[2:], (width, height), strict=True))
        shown = pixels[y0:y1, x0:x1]
        if min(shown.shape[:2]) < MIN_SIDE:
            return None
        # How large the document prints it says little: scans are pasted as wide as the text, however they lie.
        return raster_of(np.ascontiguousarray(shown), dpi)


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
