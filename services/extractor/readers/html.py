"""HTML: web pages around a report, and what Word, WPS and Excel save as a web page."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import ClassVar
from urllib.parse import unquote

from lxml import etree  # type: ignore[import-untyped]

from services.extractor.headings import text_block
from services.extractor.html_grid import (
    BLOCKS,
    UNSEEN,
    Element,
    collapse,
    hidden,
    lay_out,
    row_cells,
    table_rows,
    tidy,
    visible_text,
)
from services.extractor.limits import MAX_TEXT, check_size
from services.extractor.pasted import Pasted, reading_of_pictures
from services.extractor.readers.base import Reader, Reading
from services.extractor.scan.content import ScannedPage
from services.extractor.tags import check_tags
from services.extractor.textgrid.decode import decode, zeros
from services.extractor.textgrid.marks import Look, look
from shared.contracts.base import Text
from shared.contracts.document import Block, Doubt, DoubtCode, MediaType, SourceFile, Table
from shared.contracts.errors import Category, InvalidDocument, Phase
from shared.runtime.progress import progress

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_:\-]{1,40})""", re.IGNORECASE)
_ENCODING = re.compile(rb"""<\?xml[^>]{0,100}encoding\s*=\s*["']([A-Za-z0-9_:\-]{1,40})""", re.IGNORECASE)
_HEAD = 8192
#: What pages call GB2312 or GBK holds characters of the larger set more often than not.
CODECS = {
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "windows-936": "gb18030",
    "gb18030": "gb18030",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
}
#: Furniture of a web page, never part of a report.
_FURNITURE = frozenset({"nav", "aside", "footer"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
#: Addresses of pictures on a page that are looked up.
_MOST_ADDRESSES = 2_000
_AMOUNT = re.compile(r"[0-9][.,][0-9]")


_BODY, _END = re.compile(r"<body\b", re.IGNORECASE), re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_TABLE_TAG = re.compile(r"<(/?)table\b", re.IGNORECASE)
_NO_END = Doubt(
    code=DoubtCode.TRUNCATED,
    text=Text(
        zh="网页文件不完整：没有结尾，后面的内容可能丢失。",
        en="The page is incomplete: it has no end, and what came after may be lost.",
    ),
)
_TOO_DEEP = Doubt(
    code=DoubtCode.TRUNCATED,
    text=Text(
        zh="网页标签嵌套过深，更深处的内容没有读取。",
        en="The tags of the page are nested too deeply; what lies deeper was not read.",
    ),
)


def embedded_picture(address: str) -> bytes | None:
    """The bytes of an image that stands in its address (`data:image/png;base64,...`); None for all other addresses."""
    head, _, data = address.partition(",")
    if not head.strip().lower().startswith("data:image/") or not head.lower().endswith(";base64"):
        return None
    try:
        return base64.b64decode(unquote(data))
    except ValueError:
        return None


FindPicture = Callable[[str], bytes | None]


class HtmlReader(Reader):
    """HTML in document order: headings, paragraphs, tables with their spans; layout tables are looked through."""

    name: ClassVar[str] = "html"
    version: ClassVar[str] = "2"
    media_types: ClassVar[tuple[MediaType, ...]] = (MediaType.HTML,)

    def __init__(self, picture: FindPicture = embedded_picture) -> None:
        """`picture` gives the bytes of the image at an address, None where they are not in the file."""
        self._picture = picture

    def read(self, source: SourceFile) -> Reading:
        """Read `source`; raises `TOO_LARGE`, `NOT_READABLE`, or `DAMAGED` if there is no markup to parse."""
        check_size(len(source.content), MAX_TEXT)
        text, doubts = decode_html(source.content)
        check_tags(text)
        parser = etree.HTMLParser(
            encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
        )
        try:
            root = etree.fromstring(text.encode("utf-8", errors="replace"), parser)
        except (etree.ParserError, etree.XMLSyntaxError) as error:
            raise InvalidDocument(
                Category.DAMAGED,
                Phase.EXTRACT,
                Text(
                    zh="网页文件已损坏或没有内容，请重新保存网页。",
                    en="The web page is damaged or has no content. Save it again.",
                ),
                str(error),
            ) from error
        walk = _Walk(self._picture)
        if root is not None:
            walk.through(root)
        deep = any("RESOURCE_LIMIT" in error.type_name for error in parser.error_log)
        cut = ([_TOO_DEEP] if deep else []) + ([_NO_END] if _lacks_its_end(text) else [])
        return Reading(blocks=tuple(walk.blocks), doubts=(*doubts, *walk.doubts(), *cut))


def _lacks_its_end(text: str) -> bool:
    """Whether the page stops in the middle: its body is never closed, or a table of a page without one is not."""
    if _END.search(text):
        return False
    if _BODY.search(text):
        return True
    tags = [found[1] for found in _TABLE_TAG.finditer(text)]
    return tags.count("") > tags.count("/")


def decode_html(content: bytes) -> tuple[str, tuple[Doubt, ...]]:
    """The text of a page by its byte order mark, its declared charset, or what its bytes look like."""
    found = _CHARSET.search(content[:_HEAD]) or _ENCODING.search(content[:_HEAD])
    codec = CODECS.get(found[1].decode("ascii").lower()) if found else None
    if codec and not content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            text = content.decode(codec)
            return text, zeros(text)
        except UnicodeDecodeError:
            pass  # pages often declare another charset than they are saved in
    return decode(content)


class _Walk:
    """One pass over the page; text gathers in `_line` until a block begins or ends."""

    def __init__(self, picture: FindPicture) -> None:
        self._picture_at, self._pasted = picture, Pasted()
        self._addresses = 0
        self._scans: list[ScannedPage] = []
        self._told: list[Doubt] = []
        self.blocks: list[Block] = []
        self._line: list[str] = []
        self._tables = 0
        self._skipped = 0

    def through(self, root: Element) -> None:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, node in walk:
            tag = node.tag
            if event == "end":
                if tag in BLOCKS or tag in {"td", "th", "body"}:
                    self._flush()
                if node is not root:
                    self._line.append(collapse(node.tail))
            elif tag in UNSEEN or tag in _FURNITURE or hidden(node):
                self._skip(node)
                walk.skip_subtree()
            elif tag == "table" and not _lays_out(node):
                self._flush()
                self._table(node)
                walk.skip_subtree()
            elif tag == "img":
                self._picture(node)
            elif tag in _HEADINGS and node.find(".//table") is None:
                self._flush()
                self._prose(visible_text(node).replace("\n", " "), outline=int(tag[1]))
                walk.skip_subtree()
            else:
                if tag in BLOCKS or tag in {"br", "td", "th"}:
                    self._flush()
                self._line.append(collapse(node.text))
        self._flush()
        self._flush_scans()

    def doubts(self) -> list[Doubt]:
        told = list(self._told)
        if self._skipped:
            zh, en = f"{self._skipped} 处隐藏内容带有金额", f"{self._skipped} hidden parts of the page hold amounts"
            told.append(_unread(f"网页里有 {zh}，没有读取。", f"{en}; they were not read."))
        if unread := self._pasted.unread:
            told.append(
                _unread(f"网页里有 {unread} 张图片，没有读取。", f"{unread} pictures of the page were not read.")
            )
        return told

    def _picture(self, node: Element) -> None:
        """A scan or a table that the page shows as a picture: after the line that it stands in."""
        progress()
        self._addresses += 1
        content = self._picture_at(node.get("src") or "") if self._addresses <= _MOST_ADDRESSES else None
        page = self._pasted.page(content, self._scans[-1] if self._scans else None) if content else None
        if page is not None:
            self._flush()
            self._scans.append(page)

    def _flush_scans(self) -> None:
        if not self._scans:
            return
        scans, self._scans = self._scans, []
        reading = reading_of_pictures(scans)
        for block in reading.blocks:
            if isinstance(block, Table):
                self.blocks.append(block.model_copy(update={"index": block.index + self._tables}))
            else:
                self.blocks.append(block)
        self._told += (
            doubt if doubt.table is None else doubt.model_copy(update={"table": doubt.table + self._tables})
            for doubt in reading.doubts
        )
        self._tables += sum(isinstance(block, Table) for block in reading.blocks)

    def _skip(self, node: Element) -> None:
        """Menus and scripts are hidden on every page; only hidden amounts are worth a word."""
        if node.tag not in UNSEEN and node.tag not in _FURNITURE and _AMOUNT.search(visible_text(node)):
            self._skipped += 1

    def _table(self, node: Element) -> None:
        progress()
        grid = lay_out(node)
        for caption in node.iterchildren("caption"):
            self._prose(visible_text(caption), outline=None)
        for part in node.iter("tr", "td", "th"):
            if hidden(part):
                self._skip(part)
        if any(cell.text for cell in grid.cells):
            self._flush_scans()
            self.blocks.append(Table(index=self._tables, rows=grid.rows, columns=grid.columns, cells=tuple(grid.cells)))
            self._tables += 1

    def _flush(self) -> None:
        line, self._line = self._line, []
        self._prose(tidy("".join(line)), outline=None)

    def _prose(self, text: str, outline: int | None) -> None:
        progress()
        for line in text.split("\n"):
            if line:
                self._flush_scans()
                self.blocks.append(text_block(line, outline))


def _unread(zh: str, en: str) -> Doubt:
    return Doubt(code=DoubtCode.SKIPPED_CONTENT, text=Text(zh=zh, en=en))


def _lays_out(table: Element) -> bool:
    """Whether a table merely arranges the page: no row has two cells, or it holds tables and no amounts of its own."""
    rows = [list(row_cells(row)) for row in table_rows(table)]
    if all(len(cells) < 2 for cells in rows):  # noqa: PLR2004
        return True
    if table.find(".//table") is None:
        return False
    own = [cell for cells in rows for cell in cells if cell.find(".//table") is None]
    return sum(1 for cell in own if look(visible_text(cell)) in {Look.NUMBER, Look.INTEGER}) < 2  # noqa: PLR2004
