"""MHTML: web archives of browsers, and what Word, Excel and WPS save as "single file web page"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from html import unescape
from typing import ClassVar

from services.extractor.limits import MAX_TEXT, check_size
from services.extractor.office.archive import WebPart, refers, web_archive
from services.extractor.readers.base import Reader, Reading
from services.extractor.readers.html import CODECS, FindPicture, HtmlReader, decode_html, embedded_picture
from services.extractor.sheets.sheet import Sheet, SheetCell, Span, read_sheets
from services.extractor.zipsafe import damaged
from shared.contracts.base import Text
from shared.contracts.document import Block, Doubt, DoubtCode, MediaType, SourceFile, Table

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_FRAME = re.compile(
    r"""<i?frame\b[^>]{0,2000}?\bsrc\s*=\s*(?:"([^"]{1,2000})"|'([^']{1,2000})'|([^\s>]{1,2000}))""", re.IGNORECASE
)
#: A sheet of a workbook, in the settings that Excel leaves in the first page.
_SHEET = re.compile(r"<x:ExcelWorksheet>(.{0,20000}?)</x:ExcelWorksheet>", re.IGNORECASE | re.DOTALL)
_SHEET_NAME = re.compile(r"<x:Name>([^<]{0,200})</x:Name>", re.IGNORECASE)
_SHEET_SOURCE = re.compile(r"""<x:WorksheetSource\s+HRef\s*=\s*["']([^"']{1,2000})["']""", re.IGNORECASE)
_SHEET_HIDDEN = re.compile(r"<x:Visible>\s*Sheet(?:Very)?Hidden", re.IGNORECASE)
_DEEPEST = 3
_CUT = Doubt(
    code=DoubtCode.TRUNCATED,
    text=Text(
        zh="网页归档文件不完整：结尾缺失或编码有损坏，其中的内容可能没有读全。",
        en="The web archive is incomplete: its end is missing or its encoding is damaged, and some content may be too.",
    ),
)


class MhtmlReader(Reader):
    """The first page and the pages in its frames; of a workbook all sheets in order."""

    name: ClassVar[str] = "mhtml"
    version: ClassVar[str] = "2"
    media_types: ClassVar[tuple[MediaType, ...]] = (MediaType.MHTML,)

    def read(self, source: SourceFile) -> Reading:
        """Read `source`; raises `TOO_LARGE`, `DAMAGED` if it holds no page, and what `HtmlReader` raises."""
        check_size(len(source.content), MAX_TEXT)
        archive = web_archive(source.content)
        pages = [part for part in archive.parts if part.media_type in _PAGES]
        if not pages:
            raise damaged(f"no page among {len(archive.parts)} parts of the web archive")
        sheets = list(_sheets(_text(pages[0]), pages))
        shown = partial(_picture, archive.parts)
        reading = _workbook(sheets) if sheets else _joined(_with_frames(pages[0], pages), shown)
        return reading if archive.whole else replace(reading, doubts=(*reading.doubts, _CUT))


def _with_frames(page: WebPart, pages: list[WebPart]) -> Iterator[WebPart]:
    """`page`, then the pages in its frames as they come, each once."""
    waiting, seen = [(page, 0)], {page.location or page.content_id}
    while waiting:
        current, depth = waiting.pop(0)
        yield current
        references = ("".join(found) for found in _FRAME.findall(_text(current))) if depth < _DEEPEST else ()
        for reference in references:
            inner = next((other for other in pages if refers(unescape(reference), other)), None)
            if inner is not None and (inner.location or inner.content_id) not in seen:
                seen.add(inner.location or inner.content_id)
                waiting.append((inner, depth + 1))


def _sheets(text: str, pages: list[WebPart]) -> Iterator[tuple[str, WebPart, bool]]:
    """Name, page and visibility of each sheet, if the first page is the frame of a workbook."""
    for found in _SHEET.finditer(text):
        name, source = _SHEET_NAME.search(found[1]), _SHEET_SOURCE.search(found[1])
        page = next((part for part in pages[1:] if source and refers(unescape(source[1]), part)), None)
        if page is not None:
            yield unescape(name[1]).strip() if name else "", page, not _SHEET_HIDDEN.search(found[1])


def _workbook(pages: list[tuple[str, WebPart, bool]]) -> Reading:
    """The sheets as those of any workbook: titles, tables below each other, covers."""
    sheets: list[Sheet] = []
    doubts: list[Doubt] = []
    for name, page, visible in pages:
        reading = _read(page, lambda _: None)
        doubts += reading.doubts
        sheets += (_sheet(name, block, visible=visible) for block in reading.blocks)
    reading = read_sheets(sheets)
    return Reading(reading.blocks, doubts=(*doubts, *reading.doubts))


def _sheet(name: str, block: Block, *, visible: bool) -> Sheet:
    sheet = Sheet(name, visible=visible)
    if not isinstance(block, Table):
        sheet.cells[0] = {0: SheetCell(block.text)}
        return sheet
    for cell in block.cells:
        if cell.text:
            sheet.cells.setdefault(cell.row, {})[cell.column] = SheetCell(cell.text)
        if cell.rowspan > 1 or cell.colspan > 1:
            bottom, right = cell.row + cell.rowspan - 1, cell.column + cell.colspan - 1
            sheet.spans.append(Span(cell.row, cell.column, bottom, right))
    return sheet


def _picture(parts: list[WebPart], address: str) -> bytes | None:
    """The bytes of the image at `address`, if it is in the archive or in the address itself."""
    if address.lower().startswith("data:"):
        return embedded_picture(address)
    images = (part for part in parts if part.media_type.startswith("image/"))
    return next((part.body for part in images if refers(address, part)), None)


def _joined(pages: Iterable[WebPart], picture: FindPicture) -> Reading:
    """The readings of all pages as one, tables numbered on."""
    blocks: list[Block] = []
    doubts: list[Doubt] = []
    tables = 0
    for page in pages:
        reading = _read(page, picture)
        first = tables
        for block in reading.blocks:
            if isinstance(block, Table):
                blocks.append(block.model_copy(update={"index": first + block.index}))
                tables += 1
            else:
                blocks.append(block)
        doubts += (
            doubt if doubt.table is None else doubt.model_copy(update={"table": first + doubt.table})
            for doubt in reading.doubts
        )
    return Reading(tuple(blocks), doubts=tuple(doubts))


def _read(page: WebPart, picture: FindPicture) -> Reading:
    return HtmlReader(picture).read(SourceFile(name="", content=_utf8(page)))


def _utf8(page: WebPart) -> bytes:
    """The page in UTF-8 with a mark that says so, if the header of the part names its charset rightly."""
    codec = CODECS.get(page.charset or "")
    if codec is None:
        return page.body
    try:
        return b"\xef\xbb\xbf" + page.body.decode(codec).removeprefix("\ufeff").encode()
    except UnicodeDecodeError:
        return page.body


def _text(page: WebPart) -> str:
    return decode_html(_utf8(page))[0]
