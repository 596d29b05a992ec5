"""Plain text: reports that were copied or converted from Word, PDF or web pages."""

from __future__ import annotations

import re
from typing import ClassVar

from lxml import html as lxml_html  # type: ignore[import-untyped]

from services.extractor.html_grid import lay_out
from services.extractor.limits import MAX_TEXT, check_size
from services.extractor.readers.base import Reader, Reading
from services.extractor.tags import check_tags
from services.extractor.textgrid import marks
from services.extractor.textgrid.collect import Piece, RawTable, collect
from services.extractor.textgrid.decode import decode
from services.extractor.textgrid.fit import Budget
from services.extractor.textgrid.grid import build
from services.extractor.textgrid.items import Markup, Style, items
from shared.contracts.base import Text
from shared.contracts.document import Block, Doubt, DoubtCode, Heading, MediaType, Paragraph, SourceFile, Table

_DOCUMENT_TITLE = re.compile(r"决算.{0,12}$")
_TITLE_BLOCKS = 6
_LEADING_TAB = re.compile(r"^\t", re.MULTILINE)
_CAPTION_GAP = re.compile(r"[ \u3000]{2,}|\u3000")
#: Lines that are nothing but an amount; more of them outside of tables mean that a table was not recognised.
_FEW_AMOUNTS = 3


class TextReader(Reader):
    """TXT: tab-separated tables, one cell a line, pipe tables, columns aligned with blanks, HTML tables in the text."""

    name: ClassVar[str] = "text"
    version: ClassVar[str] = "2"
    media_types: ClassVar[tuple[MediaType, ...]] = (MediaType.TEXT,)

    def read(self, source: SourceFile) -> Reading:
        """Read `source`; raises `TOO_LARGE` or `NOT_READABLE`."""
        check_size(len(source.content), MAX_TEXT)
        text, doubts = decode(source.content)
        blocks, more = read_text(text)
        return Reading(blocks=tuple(blocks), doubts=(*doubts, *more))


def read_text(text: str) -> tuple[list[Block], list[Doubt]]:
    """The blocks of `text` in order, tables numbered from 0, and what is uncertain about them."""
    blocks: list[Block] = []
    doubts: list[Doubt] = []
    tables = 0
    lone_amounts: list[int] = []
    budget = Budget()
    indented = _LEADING_TAB.search(text) is not None
    piece: Piece | None = None
    for piece in collect(items(text)):
        if isinstance(piece, RawTable):
            table, found = build(piece, tables, budget, indented=indented)
            blocks.append(table)
            doubts += found
            tables += 1
        elif isinstance(piece, Markup):
            check_tags(piece.source)
            grid = lay_out(lxml_html.fragment_fromstring(piece.source, create_parent="div"))
            if grid.rows:
                blocks.append(Table(index=tables, rows=grid.rows, columns=grid.columns, cells=tuple(grid.cells)))
                tables += 1
        else:
            if marks.look(piece.text) is marks.Look.NUMBER:
                lone_amounts.append(piece.line)
            blocks += [Paragraph(text=piece.text)] if piece.listed else _prose(piece.text, len(blocks) < _TITLE_BLOCKS)
    if len(lone_amounts) > _FEW_AMOUNTS:
        doubts.append(_orphans(lone_amounts))
    if isinstance(piece, RawTable) and not text.endswith(("\n", "\r")) and _is_cut(piece):
        doubts.append(_cut(piece, tables - 1))
    return blocks, doubts


def _prose(text: str, at_start: bool) -> list[Block]:
    """A heading, or a paragraph; captions beside a table that share a line become paragraphs of their own."""
    found = marks.heading(text)
    if found:
        return [Heading(text=found[0], level=found[1])]
    if at_start and not marks.is_title(text) and len(text) <= marks.LONGEST_HEADING and _DOCUMENT_TITLE.search(text):
        return [Heading(text=text, level=1)]
    if marks.is_caption(text):
        parts = [part.strip(marks.BLANK) for part in _CAPTION_GAP.split(text)]
        if all(part and (marks.is_caption(part) or marks.is_year(part)) for part in parts):
            return [Paragraph(text=part) for part in parts]
    bare = text.strip("-*_=─━ ")
    return [Paragraph(text=text)] if bare else []


def _is_cut(table: RawTable) -> bool:
    """Whether the last row stops early although all others have the same number of cells: there the file ends."""
    *others, last = (len(row.cells) for row in table.rows)
    return table.style is Style.TABS and len(others) > 1 and len(set(others)) == 1 and last < others[0]


def _cut(table: RawTable, index: int) -> Doubt:
    row = table.rows[-1]
    return Doubt(
        code=DoubtCode.TRUNCATED,
        text=Text(
            zh=f"文件在第 {row.line} 行、表格的一行中间结束，最后一个单元格和后面的内容可能丢失。",
            en=f"The file ends in line {row.line}, in the middle of a row of a table: "
            "the last cell may be incomplete, and what came after may be lost.",
        ),
        table=index,
        row=len(table.rows) - 1,
    )


def _orphans(lines: list[int]) -> Doubt:
    return Doubt(
        code=DoubtCode.ORPHAN_TEXT,
        text=Text(
            zh=f"有 {len(lines)} 行只有金额而不在任何表格里，最早在第 {lines[0]} 行：可能有表格没有识别出来。",
            en=f"{len(lines)} lines hold nothing but an amount outside of any table, the first in line {lines[0]}: "
            "a table may not have been recognised.",
        ),
    )
