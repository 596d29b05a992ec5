"""OFD (GB/T 33190): the tables by their drawn rules, the text around them, scanned pages by OCR, all as in a PDF."""

from __future__ import annotations

from dataclasses import replace

from services.extractor.lattice.page import PageContent
from services.extractor.ofd.document import PageError, Place, places_of, sheet_of
from services.extractor.ofd.package import Package
from services.extractor.ofd.page import Sheet, read_sheet
from services.extractor.pages import reading_of
from services.extractor.readers.base import Reader, Reading
from services.extractor.scan.content import ScannedPage
from services.extractor.zipsafe import damaged
from shared.contracts.base import Text
from shared.contracts.document import Doubt, DoubtCode, MediaType, SourceFile
from shared.contracts.errors import Category, InvalidDocument, Phase
from shared.runtime.progress import progress

#: Pages read of one document. The longest account seen, performance reports included, has 260.
MAX_PAGES = 3_000


class OfdReader(Reader):
    """OFD: pages with text, scanned pages, and both. Seals and other annotations are left out: they lie upon it all."""

    name = "ofd-lattice"
    version = "1"
    media_types = (MediaType.OFD,)

    def read(self, source: SourceFile) -> Reading:
        """Read `source`; raises `DAMAGED`, `ENCRYPTED`, `ZIP_BOMB` or `NO_TEXT_LAYER`."""
        package = Package(source.content)
        places = places_of(package)
        if not places:
            raise damaged("no page")
        doubts: list[Doubt] = []
        pages = _pages(package, places[:MAX_PAGES], doubts)
        if not pages:
            raise damaged("no page can be read")
        if len(places) > MAX_PAGES:
            doubts.append(
                _truncated(MAX_PAGES + 1, f"第 {MAX_PAGES} 页以后没有读取", f"pages after {MAX_PAGES} not read")
            )
        if all(page.unread or page.characters == 0 for page in pages):
            raise _no_text(len(pages))
        return reading_of(pages, len(places), doubts)


def _pages(package: Package, places: list[Place], doubts: list[Doubt]) -> list[PageContent]:
    pages: list[PageContent] = []
    for number, place in enumerate(places, 1):
        progress()
        try:
            sheet = sheet_of(package, place, number)
        except PageError:
            doubts.append(
                _truncated(number, f"第 {number} 页已损坏，无法读取", f"page {number} is damaged and cannot be read")
            )
            continue
        page = _page(sheet, pages[-1] if pages else None)
        if page.truncated:
            doubts.append(
                _truncated(
                    number,
                    f"第 {number} 页内容过多，只读取了一部分",
                    f"page {number} holds too much, only a part was read",
                )
            )
        pages.append(page)
    return pages


def _page(sheet: Sheet, before: PageContent | None) -> PageContent:
    page = read_sheet(sheet, before)
    scanned = _scan(sheet, before) if page.scanned else None
    if scanned is None:
        return page
    if page.hidden_text or not page.characters:
        return scanned
    if scanned.blank:  # an ornament below a few words
        return replace(page, image_share=0.0)
    lines = sorted((*page.lines, *scanned.lines), key=lambda line: line.y)
    return replace(scanned, lines=tuple(lines), characters=page.characters + scanned.characters)


def _scan(sheet: Sheet, before: PageContent | None) -> ScannedPage | None:
    """The page read from its image, if it has one. The libraries for that are imported when the first scan comes.

    Its few printed words are not on the image: it takes fonts to paint them.
    """
    from services.extractor.ofd.raster import drawn  # noqa: PLC0415
    from services.extractor.scan.page import read_scan  # noqa: PLC0415

    raster = drawn(sheet)
    return read_scan(raster, sheet.number, before.aligned if before else None) if raster is not None else None


def _truncated(page: int, zh: str, en: str) -> Doubt:
    return Doubt(code=DoubtCode.TRUNCATED, text=Text(zh=zh, en=en), page=page)


def _no_text(pages: int) -> InvalidDocument:
    return InvalidDocument(
        Category.NO_TEXT_LAYER,
        Phase.EXTRACT,
        Text(
            zh="OFD 里没有文字，页面图像上也识别不出文字（空白，或扫描得太模糊）。"
            "请提供由 Word、WPS 或 Excel 直接导出的 OFD 或 PDF，或原始文件。",
            en="The OFD has no text, and no text could be recognised on its pages (blank, or scanned badly). "
            "Supply an OFD or PDF exported from Word, WPS or Excel, or the original file.",
        ),
        f"{pages} pages",
    )
