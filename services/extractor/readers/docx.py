"""DOCX documents. See docs/decisions/0005-docx-and-unstructured.md for who reads what."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from itertools import groupby
from typing import overload
from xml.sax.saxutils import escape

from services.extractor.headings import text_block
from services.extractor.limits import MAX_TEXT, check_cells, check_size
from services.extractor.offline import Element as OfficeElement
from services.extractor.offline import partition_docx
from services.extractor.package import main_part, related
from services.extractor.pasted import reading_of_pictures
from services.extractor.readers.base import Reader, Reading
from services.extractor.scan.content import ScannedPage
from services.extractor.word.content import Content, Item, Line
from services.extractor.word.drawings import Picture
from services.extractor.word.grid import WordGrid
from services.extractor.word.joined import join_parts
from services.extractor.word.numbering import Labels
from services.extractor.word.scans import Scans
from services.extractor.word.styles import Styles
from services.extractor.word.xml import Element, attribute, child
from services.extractor.zipsafe import SafeZip, damaged, open_zip, parse_xml
from shared.contracts.base import Text
from shared.contracts.document import Block, Doubt, DoubtCode, MediaType, SourceFile, Table
from shared.runtime.progress import progress

_MAIN = "word/document.xml"
#: Marks around the number of an item, from the private use area: no document prints them.
_OPEN, _CLOSE = "\ue000", "\ue001"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_STYLES = "word/styles.xml"
#: The frame of a plain DOCX. Its one style says "plain text", which spares the library to guess at every paragraph.
_FRAME = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/{_MAIN}" ContentType="{_KIND}.document.main+xml"/>'
    f'<Override PartName="/{_STYLES}" ContentType="{_KIND}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="{_MAIN}"/></Relationships>',
    "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    _STYLES: f'<w:styles xmlns:w="{_WORD}"><w:style w:type="paragraph" w:styleId="plain"><w:name w:val="No Spacing"/>'
    "</w:style></w:styles>",
}
_AT_ONCE = 2_000
_PARAGRAPH = '<w:p><w:pPr><w:pStyle w:val="plain"/></w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
_TABLE = "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc>{paragraph}</w:tc></w:tr></w:tbl>"


Shown = Line | WordGrid | ScannedPage


class DocxReader(Reader):
    """Text in reading order with headings by numbering and outline; tables with their spans; scans by OCR."""

    name = "docx"
    version = "2"
    media_types = (MediaType.DOCX,)

    def read(self, source: SourceFile) -> Reading:
        """Read `source`; raises `DAMAGED`, `ENCRYPTED`, `ZIP_BOMB`, `TOO_LARGE`."""
        archive = open_zip(source.content)
        part = main_part(archive, _MAIN)
        content, items = _content(archive, part)
        scans = Scans(archive, part)
        shown = scans.read(items)
        blocks: list[Block] = []
        doubts: list[Doubt] = []
        for _, run in groupby(shown, lambda item: isinstance(item, ScannedPage)):
            tables = sum(isinstance(block, Table) for block in blocks)
            reading = _reading(list(run))
            blocks += (_counted_on(block, tables) for block in reading.blocks)
            doubts += (_counted_on(doubt, tables) for doubt in reading.doubts)
        return Reading(tuple(blocks), doubts=(*_doubts(content, scans.unread), *doubts))


def _reading(run: list[Shown]) -> Reading:
    """What items that are all scans, or all none, are as blocks."""
    scans = [item for item in run if isinstance(item, ScannedPage)]
    if scans:
        return reading_of_pictures(scans)
    joined = join_parts(_blocks([item for item in run if not isinstance(item, ScannedPage)]))
    return Reading(joined.blocks, doubts=joined.doubts)


@overload
def _counted_on(one: Block, tables: int) -> Block: ...
@overload
def _counted_on(one: Doubt, tables: int) -> Doubt: ...
def _counted_on(one: Block | Doubt, tables: int) -> Block | Doubt:
    """A block or a doubt after `tables` tables."""
    if isinstance(one, Table):
        return one.model_copy(update={"index": one.index + tables})
    if isinstance(one, Doubt) and one.table is not None:
        return one.model_copy(update={"table": one.table + tables})
    return one


def _content(archive: SafeZip, part: str) -> tuple[Content, list[Item]]:
    root = _parse(archive, part)
    body = child(root, "body")
    if body is None:
        raise damaged(f"{part} has no body")
    styles = Styles(_related(archive, part, "styles"))
    content = Content(styles, Labels(_related(archive, part, "numbering"), styles))
    items = list(content.items(body))
    for kind in ("footnotes", "endnotes"):
        notes = _related(archive, part, kind)
        for note in notes.iterchildren() if notes is not None else ():
            if attribute(note, "type") in {None, "normal"}:
                items += (item for item in content.items(note) if not isinstance(item, Picture))
    return content, items


def _blocks(items: list[Line | WordGrid]) -> tuple[Block, ...]:
    """The items as `unstructured` partitions them, each under its number; tables keep the grid that was walked."""
    blocks: list[Block] = []
    tables = positions = 0
    for element in _partition(items):
        mark, _, text = element.text.partition(_CLOSE)
        item = items[int(mark.removeprefix(_OPEN))]
        if isinstance(item, Line):
            blocks.append(text_block(text, item.outline))
            continue
        positions += item.rows * item.columns
        check_cells(positions)
        blocks.append(Table(index=tables, rows=item.rows, columns=item.columns, cells=tuple(item.cells)))
        tables += 1
    if len(blocks) != len(items):
        raise RuntimeError(f"{len(items)} items went into the partition and {len(blocks)} came out")
    return tuple(blocks)


def _partition(items: list[Line | WordGrid]) -> Iterator[OfficeElement]:
    """The elements of all items, so many at a time: the library takes more time for each the more there are."""
    for start in range(0, len(items), _AT_ONCE):
        progress()
        yield from partition_docx(_plain_docx(items[start : start + _AT_ONCE], start))


def _plain_docx(items: list[Line | WordGrid], first: int) -> bytes:
    """A DOCX of nothing but paragraphs numbered from `first`, and tables of one cell that stand for the tables."""
    body = []
    for number, item in enumerate(items, first):
        text = "" if isinstance(item, WordGrid) else item.text
        paragraph = _PARAGRAPH.format(text=escape(f"{_OPEN}{number}{_CLOSE}{text}"))
        body.append(_TABLE.format(paragraph=paragraph) if isinstance(item, WordGrid) else paragraph)
    document = f'<w:document xmlns:w="{_WORD}"><w:body>{"".join(body)}<w:sectPr/></w:body></w:document>'
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, part in _FRAME.items():
            archive.writestr(name, part)
        archive.writestr(_MAIN, document)
    return buffer.getvalue()


def _related(archive: SafeZip, part: str, kind: str) -> Element | None:
    name = related(archive, part, kind)
    return None if name is None else _parse(archive, name)


def _parse(archive: SafeZip, part: str) -> Element:
    check_size(archive.size(part), MAX_TEXT)
    return parse_xml(archive.read(part))


def _doubts(content: Content, unread: int) -> tuple[Doubt, ...]:
    doubts: list[Doubt] = []
    if content.hidden:
        doubts.append(
            _skipped(f"有 {content.hidden} 个字设为隐藏文字", f"{content.hidden} characters are set as hidden text")
        )
    if content.embedded:
        doubts.append(
            _skipped(
                f"嵌入了 {content.embedded} 个其他文件的内容", f"content of {content.embedded} other files is embedded"
            )
        )
    if unread:
        doubts.append(
            _skipped(
                f"有 {unread} 张占据大半页面的图片（可能是扫描件）",
                f"{unread} pictures fill much of a page and may be scans",
            )
        )
    return tuple(doubts)


def _skipped(zh: str, en: str) -> Doubt:
    return Doubt(code=DoubtCode.SKIPPED_CONTENT, text=Text(zh=f"{zh}，未读取。", en=f"{en}: not read."))
