"""Pages of a fixed-layout format (PDF, OFD) as blocks in reading order: lines and tables, stitched over the breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.extractor.cells import make_cell
from services.extractor.lattice.fill import Line
from services.extractor.lattice.furniture import content_lines
from services.extractor.lattice.grid import Span
from services.extractor.lattice.page import PageContent, PageTable
from services.extractor.lattice.prose import PlacedLine, Prose, looks_tabular, text_columns
from services.extractor.readers.base import Reading
from services.extractor.scan.content import ScannedPage, ScannedTable
from services.extractor.stitch import stitch
from shared.contracts.base import Text
from shared.contracts.document import Block, Doubt, DoubtCode, Table
from shared.runtime.progress import progress

_UNMAPPED = 5  # characters of a page; fewer are ornaments
#: Doubts of a cell by whether its rules do not close and whether OCR is not sure of its text.
_CELL_DOUBTS: dict[tuple[bool, bool], tuple[DoubtCode, ...]] = {
    (False, False): (),
    (True, False): (DoubtCode.ODD_RULES,),
    (False, True): (DoubtCode.SCANNED_TEXT,),
    (True, True): (DoubtCode.ODD_RULES, DoubtCode.SCANNED_TEXT),
}


def reading_of(pages: Sequence[PageContent], count: int, doubts: Sequence[Doubt]) -> Reading:
    """The reading of a document of `count` pages of which `pages` could be read; `doubts` are those so far."""
    more: list[Doubt] = []
    blocks, full = _blocks(pages, more)
    stitched = stitch(blocks, full)
    return Reading(blocks=stitched.blocks, pages=count, doubts=(*doubts, *map(stitched.moved, more), *stitched.doubts))


def _blocks(pages: Sequence[PageContent], doubts: list[Doubt]) -> tuple[list[Block], frozenset[tuple[int, int, int]]]:
    """All blocks in reading order, and (table index, row, column) of the cells whose last line is full."""
    blocks: list[Block] = []
    full: set[tuple[int, int, int]] = set()
    prose = Prose()
    tables = 0
    content = content_lines(pages)
    columns = text_columns([(page.width, lines) for page, lines in zip(pages, content, strict=True)])
    for page, lines, column in zip(pages, content, columns, strict=True):
        progress()
        doubts.extend(_page_doubts(page, lines))
        for item in _in_order(page, [PlacedLine(line, page.number, *(line.column or column)) for line in lines]):
            if isinstance(item, PlacedLine):
                blocks.extend(prose.add(item))
                continue
            blocks.extend(prose.flush())
            blocks.append(_table(item, tables, page.number))
            for span, filling in zip(item.grid.spans, item.fillings, strict=True):
                if filling.full:
                    full.add((tables, span.row, span.column))
                if filling.mixed:
                    doubts.append(_mixed(page.number, tables, span))
                if span.odd:
                    doubts.append(_odd(page.number, tables, span.row, span.column))
            if isinstance(item, ScannedTable):
                doubts.extend(_unsure_cells(item, tables, page.number))
            if not item.sure:
                doubts.append(_unsure(page.number, tables))
            doubts.extend(_cut_off(page.number, tables, item.grid.spans[place]) for place in sorted(item.cut))
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
    whole = zip(table.grid.spans, table.fillings, table.boxes, strict=True)
    if isinstance(table, ScannedTable):
        read = zip(whole, table.confidences, table.doubtful, strict=True)
        cells = [
            make_cell(span[:4], filling.text, page, box, _CELL_DOUBTS[span.odd, unsure], confidence)
            for (span, filling, box), confidence, unsure in read
        ]
    else:
        cells = [
            make_cell(span[:4], filling.text, page, box, _CELL_DOUBTS[span.odd, False]) for span, filling, box in whole
        ]
    return Table(index=index, rows=table.grid.rows, columns=table.grid.columns, cells=tuple(cells), page=page)


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


def _unsure_cells(table: ScannedTable, index: int, page: int) -> Iterator[Doubt]:
    for span, filling, unsure in zip(table.grid.spans, table.fillings, table.doubtful, strict=True):
        if unsure:
            yield Doubt(
                code=DoubtCode.SCANNED_TEXT,
                text=Text(
                    zh=f"第 {page} 页扫描件的这一格识别为“{filling.text}”，没有把握",
                    en=f'This cell of the scan on page {page} was read as "{filling.text}", which is not certain',
                ),
                page=page,
                table=index,
                row=span.row,
                column=span.column,
            )


def _scan_doubts(page: ScannedPage) -> Iterator[Doubt]:
    number = page.number
    if page.illegible:
        yield Doubt(
            code=DoubtCode.EMPTY_PAGE,
            text=Text(
                zh=f"第 {number} 页是扫描件，上面的内容识别不出来",
                en=f"Page {number} is a scan on which nothing could be recognised",
            ),
            page=number,
        )
    elif page.inset:
        yield Doubt(
            code=DoubtCode.SCANNED_PAGE,
            text=Text(
                zh=f"第 {number} 页有图片形式的表格，由文字识别（OCR）读取，请对照原件",
                en=f"Page {number} shows a table as a picture, which was read by OCR; compare it with the original",
            ),
            page=number,
        )
    elif not page.blank:
        yield Doubt(
            code=DoubtCode.SCANNED_PAGE,
            text=Text(
                zh=f"第 {number} 页是扫描件，由文字识别（OCR）读取，请对照原件",
                en=f"Page {number} is a scan and was read by OCR; compare it with the original",
            ),
            page=number,
        )
    if page.doubtful_words and not page.illegible:
        yield Doubt(
            code=DoubtCode.SCANNED_TEXT,
            text=Text(
                zh=f"第 {number} 页扫描件的表外文字有 {page.doubtful_words} 处识别没有把握",
                en=f"{page.doubtful_words} words beside the tables of the scan on page {number} are not certain",
            ),
            page=number,
        )


def _cut_off(page: int, table: int, span: Span) -> Doubt:
    return Doubt(
        code=DoubtCode.TRUNCATED,
        text=Text(
            zh=f"第 {page} 页表格的这一格没有印全（伸出了纸边或格子），内容可能不完整",
            en=f"This cell of the table on page {page} runs over the edge of the paper or of the cell, "
            "a part of it may be missing",
        ),
        page=page,
        table=table,
        row=span.row,
        column=span.column,
    )


def _mixed(page: int, table: int, span: Span) -> Doubt:
    return Doubt(
        code=DoubtCode.AMBIGUOUS_CELL,
        text=Text(
            zh=f"第 {page} 页表格的这一格里有两行字印在一起，读出的文字不可靠",
            en=f"Two lines are printed over each other in this cell of the table on page {page}; "
            "its text is not reliable",
        ),
        page=page,
        table=table,
        row=span.row,
        column=span.column,
    )


def _unsure(page: int, table: int) -> Doubt:
    return Doubt(
        code=DoubtCode.AMBIGUOUS_CELL,
        text=Text(
            zh=f"第 {page} 页的表格没有框线，单元格是按文字位置划分的，有的地方可以有两种划分",
            en=f"The table on page {page} has no rules; its cells follow from where its text stands, which in places "
            "allows two divisions",
        ),
        page=page,
        table=table,
    )


def _page_doubts(page: PageContent, lines: list[Line]) -> Iterator[Doubt]:
    number = page.number
    if isinstance(page, ScannedPage):
        yield from _scan_doubts(page)
    elif page.unread:
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
