"""Digital PDF: tables by their drawn rules, text around them, pages stitched together.

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

from services.extractor.lattice.aligned import Edges
from services.extractor.lattice.fill import Line
from services.extractor.lattice.furniture import content_lines
from services.extractor.lattice.page import PageContent, PageError, PageTable, read_page
from services.extractor.lattice.prose import PlacedLine, Prose, looks_tabular, text_columns
from services.extractor.lattice.standin import install
from services.extractor.readers.base import Reader, Reading
from services.extractor.stitch import stitch
from shared.contracts.base import Text
from shared.contracts.document import Block, Box, Cell, Doubt, DoubtCode, MediaType, SourceFile, Table
from shared.contracts.errors import Category, InvalidDocument, Phase

#: Pages read of one document. The longest account seen, performance reports included, has 260.
MAX_PAGES = 3_000
_UNMAPPED = 5  # characters of a page; fewer are ornaments
_LOCK = threading.Lock()
_END = b"%%EOF"
_OBJECT = re.compile(rb"\b\d+\s+\d+\s+obj\b|\bendstream\b|\bstream\r?\n")


class PdfReader(Reader):
    """PDF with a text layer. Scans are refused: reading them is another reader's work."""

    name = "pdf-lattice"
    version = "2"
    media_types = (MediaType.PDF,)

    def read(self, source: SourceFile) -> Reading:
        """Read `source`; raises `DAMAGED`, `ENCRYPTED` or `NO_TEXT_LAYER`."""
        _check_whole(source.content)
        doubts: list[Doubt] = []
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
        blocks, full = _blocks(pages, doubts)
        stitched = stitch(blocks, full)
        return Reading(blocks=stitched.blocks, pages=count, doubts=(*doubts, *stitched.doubts))


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
        page = _page(document, index, pages[-1].aligned if pages else None, doubts)
        if page:
            pages.append(page)
    return pages


def _page(document: Any, index: int, before: Edges | None, doubts: list[Doubt]) -> PageContent | None:
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
    return page


def _truncated(page: int, zh: str, en: str) -> Doubt:
    return Doubt(code=DoubtCode.TRUNCATED, text=Text(zh=zh, en=en), page=page)


def _check_text_layer(pages: list[PageContent]) -> None:
    """Raise `NO_TEXT_LAYER` when no page has text, or only some stray characters over scans."""
    if all(page.unread or page.characters == 0 for page in pages):
        raise InvalidDocument(
            Category.NO_TEXT_LAYER,
            Phase.EXTRACT,
            Text(
                zh="PDF 没有文字层（可能是扫描件），读不到文字。"
                "请提供由 Word、WPS 或 Excel 直接导出的 PDF，或原始文件。",
                en="The PDF has no text layer (probably a scan). Supply a PDF exported from Word, WPS or Excel, "
                "or the original file.",
            ),
            f"{len(pages)} pages",
        )


def _blocks(pages: list[PageContent], doubts: list[Doubt]) -> tuple[list[Block], frozenset[tuple[int, int, int]]]:
    """All blocks in reading order, and (table index, row, column) of the cells whose last line is full."""
    blocks: list[Block] = []
    full: set[tuple[int, int, int]] = set()
    prose = Prose()
    tables = 0
    content = content_lines(pages)
    columns = text_columns([(page.width, lines) for page, lines in zip(pages, content, strict=True)])
    for page, lines, column in zip(pages, content, columns, strict=True):
        doubts.extend(_page_doubts(page, lines))
        for item in _in_order(page, [PlacedLine(line, page.number, *column) for line in lines]):
            if isinstance(item, PlacedLine):
                blocks.extend(prose.add(item))
                continue
            blocks.extend(prose.flush())
            blocks.append(_table(item, tables, page.number))
            for span, filling in zip(item.grid.spans, item.fillings, strict=True):
                if filling.full:
                    full.add((tables, span.row, span.column))
                if span.odd:
                    doubts.append(_odd(page.number, tables, span.row, span.column))
            tables += 1
    blocks.extend(prose.flush())
    return blocks, frozenset(full)


def _in_order(page: PageContent, lines: list[PlacedLine]) -> Iterator[PlacedLine | PageTable]:
    waiting = list(page.tables)
    for placed in lines:
        while waiting and waiting[0].grid.box[1] < placed.line.y:
            yield waiting.pop(0)
        yield placed
    yield from waiting


def _table(table: PageTable, index: int, page: int) -> Table:
    cells = tuple(
        Cell(
            row=span.row,
            column=span.column,
            text=filling.text,
            rowspan=span.rowspan,
            colspan=span.colspan,
            page=page,
            box=Box(x0=x0, y0=y0, x1=x1, y1=y1),
            doubts=(DoubtCode.ODD_RULES,) if span.odd else (),
        )
        for span, filling, (x0, y0, x1, y1) in zip(table.grid.spans, table.fillings, table.boxes, strict=True)
    )
    return Table(index=index, rows=table.grid.rows, columns=table.grid.columns, cells=cells, page=page)


def _odd(page: int, table: int, row: int, column: int) -> Doubt:
    return Doubt(
        code=DoubtCode.ODD_RULES,
        text=Text(
            zh=f"第 {page} 页表格的框线不闭合，此处单元格的划分不确定",
            en=f"The rules of the table on page {page} do not close; how its cells are divided here is not certain",
        ),
        page=page,
        table=table,
        row=row,
        column=column,
    )


def _page_doubts(page: PageContent, lines: list[Line]) -> Iterator[Doubt]:
    number = page.number
    if page.unread:
        yield Doubt(
            code=DoubtCode.EMPTY_PAGE,
            text=Text(
                zh=f"第 {number} 页没有文字层（可能是扫描页），未读取",
                en=f"Page {number} has no text layer (probably a scan) and was not read",
            ),
            page=number,
        )
    if page.unmapped > _UNMAPPED:
        yield Doubt(
            code=DoubtCode.ENCODING,
            text=Text(
                zh=f"第 {number} 页有 {page.unmapped} 个字符的字体没有编码表，读不出是什么字",
                en=f"{page.unmapped} characters of page {number} use a font without a character map and cannot be read",
            ),
            page=number,
        )
    if looks_tabular(lines):
        yield Doubt(
            code=DoubtCode.ORPHAN_TEXT,
            text=Text(
                zh=f"第 {number} 页有像表格但没有框线的内容，按文字保留",
                en=f"Page {number} has what looks like a table without rules; it is kept as text",
            ),
            page=number,
        )
