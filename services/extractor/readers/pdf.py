"""PDF: tables by their drawn rules, text around them, pages stitched together. Pages that are images go to OCR.

PDFium is not safe to use from several threads at once: one lock serialises the readers of a process.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from pypdfium2 import raw

from services.extractor.lattice.bare import Before
from services.extractor.lattice.page import PageContent, PageError, read_page
from services.extractor.lattice.standin import install
from services.extractor.pages import reading_of
from services.extractor.pdfforms import check_forms
from services.extractor.pdfsound import damage_doubts
from services.extractor.readers.base import Reader, Reading
from shared.contracts.base import Text
from shared.contracts.document import Doubt, DoubtCode, MediaType, SourceFile
from shared.contracts.errors import Category, InvalidDocument, Phase
from shared.runtime.progress import progress

#: Pages read of one document. The longest account seen, performance reports included, has 260.
MAX_PAGES = 3_000
_LOCK = threading.Lock()
#: Share of a page that its pictures cover when one of them may be a table: more than a seal or a logo.
_INSET = 0.06
_END = b"%%EOF"
_OBJECT = re.compile(rb"\b\d+\s+\d+\s+obj\b|\bendstream\b|\bstream\r?\n")


class PdfReader(Reader):
    """PDF: pages with text, scanned pages, and both in one file."""

    name = "pdf-lattice"
    version = "3"
    media_types = (MediaType.PDF,)

    def read(self, source: SourceFile) -> Reading:
        """Read `source`; raises `DAMAGED`, `ENCRYPTED`, `TOO_LARGE` or `NO_TEXT_LAYER`."""
        _check_whole(source.content)
        check_forms(source.content)
        doubts = damage_doubts(source.content)
        install()
        with _LOCK, _opened(source.content) as document:
            count = len(document)
            if count == 0:
                raise _damaged("no page")
            pages = _pages(document, min(count, MAX_PAGES), doubts)
        if not pages:
            raise _damaged("no page can be loaded")
        if count > MAX_PAGES:
            doubts.append(
                _truncated(MAX_PAGES + 1, f"第 {MAX_PAGES} 页以后没有读取", f"pages after {MAX_PAGES} not read")
            )
        _check_text_layer(pages)
        return reading_of(pages, count, doubts)


def _check_whole(content: bytes) -> None:
    """Raise `DAMAGED` when the file stops in the middle: PDFium would repair it and lose pages without a word."""
    last = content.rfind(_END)
    if _OBJECT.search(content, last + len(_END) if last >= 0 else 0) is None:
        return
    if last < 0 and re.search(rb"startxref\s+\d+\s*$", content[-2048:]):
        return
    raise _damaged("content after the last %%EOF" if last >= 0 else "no %%EOF")


@contextmanager
def _opened(content: bytes) -> Iterator[Any]:
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise InvalidDocument(
                Category.ENCRYPTED,
                Phase.EXTRACT,
                Text(
                    zh="PDF 有打开密码，无法读取。请去掉密码后另存，再提交。",
                    en="The PDF asks for a password. Remove the password, save it and submit it again.",
                ),
                str(error),
            ) from error
        raise _damaged(str(error)) from error
    try:
        yield document
    finally:
        document.close()


def _damaged(detail: str) -> InvalidDocument:
    return InvalidDocument(
        Category.DAMAGED,
        Phase.EXTRACT,
        Text(
            zh="PDF 文件已损坏或不完整，请重新下载或重新导出。",
            en="The PDF is damaged or incomplete. Download or export it again.",
        ),
        detail,
    )


def _pages(document: Any, count: int, doubts: list[Doubt]) -> list[PageContent]:
    pages: list[PageContent] = []
    for index in range(count):
        progress()
        page = _page(document, index, pages[-1].aligned if pages else None, doubts)
        if page:
            pages.append(page)
    return pages


def _page(document: Any, index: int, before: Before | None, doubts: list[Doubt]) -> PageContent | None:
    try:
        page = read_page(document.raw, index, before)
    except PageError as error:
        doubts.append(
            _truncated(error.number, f"第 {error.number} 页无法打开", f"page {error.number} cannot be opened")
        )
        return None
    if page.truncated:
        doubts.append(
            _truncated(
                page.number,
                f"第 {page.number} 页内容过多，只读取了一部分",
                f"page {page.number} holds too much, only a part was read",
            )
        )
    if page.scanned:
        return _scan(document, index, before)
    return _with_insets(document, index, page) if page.image_share > _INSET else page


def _scan(document: Any, index: int, before: Before | None) -> PageContent:
    """Page `index` read from its image. The libraries for that are imported when the first scan comes."""
    from services.extractor.scan.page import read_scan  # noqa: PLC0415
    from services.extractor.scan.render import rendered  # noqa: PLC0415

    return read_scan(rendered(document, index), index + 1, before)


def _with_insets(document: Any, index: int, page: PageContent) -> PageContent:
    """The page with the tables that pictures on it show."""
    from services.extractor.scan.insets import with_insets  # noqa: PLC0415

    return with_insets(document, index, page)


def _truncated(page: int, zh: str, en: str) -> Doubt:
    return Doubt(code=DoubtCode.TRUNCATED, text=Text(zh=zh, en=en), page=page)


def _check_text_layer(pages: list[PageContent]) -> None:
    """Raise `NO_TEXT_LAYER` when no page has text, and nothing could be recognised on its images."""
    if all(page.unread or page.characters == 0 for page in pages):
        raise InvalidDocument(
            Category.NO_TEXT_LAYER,
            Phase.EXTRACT,
            Text(
                zh="PDF 没有文字层，页面图像上也识别不出文字（空白，或扫描得太模糊）。"
                "请提供由 Word、WPS 或 Excel 直接导出的 PDF，或原始文件。",
                en="The PDF has no text layer, and no text could be recognised on its pages (blank, or scanned badly). "
                "Supply a PDF exported from Word, WPS or Excel, or the original file.",
            ),
            f"{len(pages)} pages",
        )
