"""Tables that run over page breaks become one table. Pure functions over blocks, for any reader that knows pages.

Careful by design: two official tables with the same columns often follow each other (T02 then T03, T07 then T08). Text
between them, a title inside the grid or other header rows keep them apart.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from services.extractor.cutrow import Cut, cut_of, joined_row
from shared.catalogue.text import squeeze
from shared.contracts.base import Text
from shared.contracts.document import Block, Cell, Doubt, DoubtCode, Heading, Paragraph, Table

#: Column edges of the two parts may differ by this much (points), the parts as a whole by more (mirrored margins).
_DRIFT = 4.0
_SHIFT = 40.0
#: A page without any text may lie between the two parts.
_PAGES_APART = 2
_CONTINUED = re.compile(
    r"^[(（]?(?:续表|续|接上页|接上表)[)）]?[0-9一二三四五六七八九十]*$|[(（]续(?:表)?[0-9一二三四五六七八九十]*[)）]$"
)
_CONTINUATION_MARK = re.compile(r"[(（]?续(?:表)?[0-9一二三四五六七八九十]*[)）]?$")
_TITLE = re.compile(r"(?:表|情况)(?:[(（].{0,12}[)）])?$")
_NUMBER = re.compile(r"^[-−]?[0-9][0-9,，]*(?:\.[0-9]+)?%?$")
_LABELLED = re.compile(r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十]{1,3}[)）])")
_HEADER_WORDS = frozenset(
    [
        "项目",
        "科目名称",
        "科目编码",
        "功能分类科目编码",
        "支出功能分类科目编码",
        "经济分类科目编码",
        "支出功能分类",
        "经济分类",
        "科目代码",
        "栏次",
        "行次",
        "决算数",
        "预算数",
        "金额",
        "收入",
        "支出",
        "类",
        "款",
        "项",
        "编码",
        "名称",
        "本年收入",
        "本年支出",
        "本年收入合计",
        "本年支出合计",
        "基本支出",
        "项目支出",
        "年初结转和结余",
        "年末结转和结余",
        "财政拨款收入",
        "上级补助收入",
        "事业收入",
        "经营收入",
        "其他收入",
        "小计",
        "统计数",
        "预算科目",
        "项目名称",
        "支出用途",
        "功能分类",
        "年初预算数",
        "调整预算数",
        "全年预算数",
        "人员经费",
        "公用经费",
        "序号",
        "单位名称",
        "备注",
        "指标",
    ]
)
_MOST_HEADER_ROWS = 8
_ONE_COLUMN = 2  # boundaries


@dataclass(frozen=True)
class Stitched:
    """Blocks with the tables numbered anew from 0, and what was not sure."""

    blocks: tuple[Block, ...]
    doubts: tuple[Doubt, ...] = ()


@dataclass
class _Open:
    """The table that may still go on, where it stands in the output, and the text printed above it."""

    table: Table
    place: int
    last_page: int
    captions: frozenset[str]
    full: set[tuple[int, int]]


def stitch(blocks: Sequence[Block], full: Collection[tuple[int, int, int]] = ()) -> Stitched:
    """Join the parts of each table that runs over page breaks.

    `blocks` in reading order without running headers, footers and page numbers. `full`: (table index, row, column) of
    cells whose last line runs to the right edge, so that it may go on in the next part; empty where nobody knows.
    """
    found = frozenset(full)
    out: list[Block] = []
    doubts: list[Doubt] = []
    before: _Open | None = None
    between: list[Block] = []
    for block in blocks:
        if not isinstance(block, Table):
            between.append(block)
            continue
        own = {(row, column) for table, row, column in found if table == block.index}
        part = _continuation(before, block, between) if before else None
        if before and part is not None:
            header, same = part
            before.table, before.full, doubt = _append(before, block, header, same, own)
            out[before.place] = before.table
            before.last_page = block.page or before.last_page
            doubts.extend(doubt)
        else:
            out.extend(between)
            before = _Open(block, len(out), _last_page(block), _captions(between), own)
            out.append(block)
        between = []
    out.extend(between)
    return _numbered(out, doubts)


def _numbered(blocks: list[Block], doubts: list[Doubt]) -> Stitched:
    numbers: dict[int, int] = {}
    numbered: list[Block] = []
    for block in blocks:
        if isinstance(block, Table):
            numbers[block.index] = len(numbers)
            numbered.append(block.model_copy(update={"index": numbers[block.index]}))
        else:
            numbered.append(block)
    renamed = [
        doubt.model_copy(update={"table": numbers.get(doubt.table)}) if doubt.table is not None else doubt
        for doubt in doubts
    ]
    return Stitched(tuple(numbered), tuple(renamed))


def _last_page(table: Table) -> int:
    return max((cell.page for cell in table.cells if cell.page is not None), default=table.page or 0)


def _captions(blocks: Sequence[Block]) -> frozenset[str]:
    return frozenset(squeeze(block.text) for block in blocks[-5:] if isinstance(block, Heading | Paragraph))


def _continuation(before: _Open, part: Table, between: Sequence[Block]) -> tuple[int, tuple[int, ...]] | None:
    """How many header rows `part` repeats, and its column edges as columns of the common grid; None: another table."""
    if part.page is None or not 0 < part.page - before.last_page <= _PAGES_APART:
        return None
    texts = [squeeze(block.text) for block in between if isinstance(block, Heading | Paragraph)]
    if not all(_CONTINUED.search(text) or text in before.captions or _says_unit(text) for text in texts):
        return None
    marked = any(_CONTINUED.search(text) for text in texts)
    repeated_title = bool(texts) and not marked
    columns = _common_columns(before.table, part)
    if columns is None:
        return None
    header = _repeated_header(before.table, part, columns[0], columns[1])
    if header == 0 and (repeated_title or _has_header(part) or _has_title(part)):
        cut = not texts and _is_cut_header(before.table) and not _has_title(part)
        return (0, columns[1]) if cut else None
    return header, columns[1]


def _is_cut_header(table: Table) -> bool:
    """Whether the page break came before the header was whole: some rows of headings and nothing below them."""
    if table.rows > _MOST_HEADER_ROWS or header_rows(table) < table.rows:
        return False
    return all(_row_texts(table, row) for row in range(table.rows))


def _says_unit(text: str) -> bool:
    return bool(re.fullmatch(r"(?:金额)?单位[:：](?:人民币)?(?:万元|元)", text))


def _edges(table: Table) -> list[float] | None:
    """The x of every column boundary; None where the cells have no boxes."""
    edges: list[float | None] = [None] * (table.columns + 1)
    for cell in table.cells:
        if cell.box is None:
            return None
        edges[cell.column] = cell.box.x0
        edges[cell.column + cell.colspan] = cell.box.x1
    return [edge for edge in edges if edge is not None] if None not in edges else None


def _common_columns(first: Table, second: Table) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """For each boundary of either part its boundary in the common grid; None when the columns do not agree."""
    same = tuple(range(first.columns + 1))
    left, right = _edges(first), _edges(second)
    if left is None or right is None:
        return (same, same) if first.columns == second.columns else None
    shift = right[0] - left[0]
    if abs(shift) > _SHIFT:
        return None
    right = [edge - shift for edge in right]
    if abs(right[-1] - left[-1]) > _DRIFT:
        return None
    if len(left) == len(right) and all(abs(a - b) <= 2 * _DRIFT for a, b in zip(left, right, strict=True)):
        return same, same
    fine, coarse = (left, right) if len(left) >= len(right) else (right, left)
    places = [min(range(len(fine)), key=lambda i: abs(fine[i] - edge)) for edge in coarse]
    fits = all(abs(fine[place] - edge) <= _DRIFT for place, edge in zip(places, coarse, strict=True))
    if not fits or len(set(places)) != len(places) or len(coarse) <= _ONE_COLUMN:
        return None
    everything = tuple(range(len(fine)))
    return (everything, tuple(places)) if fine is left else (tuple(places), everything)


def _on(cells: Sequence[Cell], columns: tuple[int, ...], down: int = 0) -> list[Cell]:
    """Cells moved to the common grid and `down` rows."""
    if down == 0 and columns == tuple(range(len(columns))):
        return list(cells)
    return [
        cell.model_copy(
            update={
                "row": cell.row + down,
                "column": columns[cell.column],
                "colspan": columns[cell.column + cell.colspan] - columns[cell.column],
            }
        )
        for cell in cells
    ]


def _row_texts(table: Table, row: int) -> list[str]:
    return [squeeze(cell.text) for cell in table.cells if cell.row == row and cell.text]


def header_rows(table: Table) -> int:
    """How many rows at the top are header: up to the first row with an amount, a code or a numbered label."""
    for row in range(min(table.rows, _MOST_HEADER_ROWS)):
        texts = _row_texts(table, row)
        if texts and texts[0] in {"栏次", "行次"}:
            continue
        if any(_NUMBER.match(text) or _LABELLED.match(text) for text in texts) and not _counts_up(texts):
            return row
    return min(table.rows, _MOST_HEADER_ROWS)


def _counts_up(texts: Sequence[str]) -> bool:
    """Whether the row numbers the columns (1, 2, 3 ...)."""
    numbers = [int(text) for text in texts if text.isascii() and text.isdigit()]
    return len(numbers) > _ONE_COLUMN and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _signature(
    cells: Sequence[Cell], first: int, count: int, columns: tuple[int, ...]
) -> set[tuple[int, int, int, int, str]]:
    return {
        (cell.row - first, columns[cell.column], columns[cell.column + cell.colspan], cell.rowspan, squeeze(cell.text))
        for cell in cells
        if first <= cell.row < first + count
    }


def _repeated_header(
    first: Table, second: Table, first_columns: tuple[int, ...], second_columns: tuple[int, ...]
) -> int:
    """How many rows at the top of `second` say again what stands at the top of `first` (its title may be left out)."""
    height = header_rows(first)
    for skipped in range(min(height, 3)):
        for count in range(min(height - skipped, second.rows), 0, -1):
            if skipped + count < height and any(
                cell.row < skipped + count < cell.row + cell.rowspan for cell in first.cells
            ):
                continue
            here = _signature(first.cells, skipped, count, first_columns)
            there = _signature(second.cells, 0, count, second_columns)
            words = {text for *_, text in here if text}
            if here == there and len(words) > 1:
                return count
    return 0


def _has_header(table: Table) -> bool:
    """Whether the top of the part has header words of its own."""
    words = {
        text for row in range(min(header_rows(table), 3)) for text in _row_texts(table, row) if text in _HEADER_WORDS
    }
    return len(words) > 1


def _has_title(table: Table) -> bool:
    """Whether the first row is one cell with a title."""
    top = [cell for cell in table.cells if cell.row == 0]
    return len(top) == 1 and bool(_TITLE.search(_CONTINUATION_MARK.sub("", squeeze(top[0].text))))


def _append(
    before: _Open, part: Table, header: int, columns: tuple[int, ...], full: set[tuple[int, int]]
) -> tuple[Table, set[tuple[int, int]], list[Doubt]]:
    """`before` with the rows of `part` below it, its repeated header left out, a row cut in two made one."""
    first = before.table
    own, _ = _common_columns(first, part) or (columns, columns)
    cells = _on(first.cells, own)
    known = {(row, own[column]) for row, column in before.full}
    body = [cell for cell in part.cells if cell.row >= header]
    if not body:
        return first.model_copy(update={"cells": tuple(cells), "columns": own[-1]}), known, []
    added = _on(body, columns, first.rows - header)
    known |= {(row + first.rows - header, columns[column]) for row, column in full if row >= header}
    last = [cell for cell in cells if cell.row + cell.rowspan == first.rows]
    upper = [cell for cell in added if cell.row == first.rows]
    rows = first.rows + part.rows - header
    doubts: list[Doubt] = []
    cut = cut_of(last, upper, {column for row, column in known if row == first.rows - 1})
    if cut is Cut.ONE_ROW:
        joined = joined_row(last, upper)
        cells = [cell for cell in cells if cell.row + cell.rowspan < first.rows] + joined
        rest = [cell for cell in added if cell.row > first.rows]
        added = _on(rest, tuple(range(own[-1] + 1)), -1) if rest else []
        known = {(row if row < first.rows else row - 1, column) for row, column in known}
        rows -= 1
    elif cut is Cut.PERHAPS:
        doubts.append(_doubt(first.index, first.rows, part.page))
    merged = sorted([*cells, *added], key=lambda cell: (cell.row, cell.column))
    table = first.model_copy(update={"cells": tuple(merged), "rows": rows, "columns": max(own[-1], columns[-1])})
    return table, known, doubts


def _doubt(table: int, row: int, page: int | None) -> Doubt:
    return Doubt(
        code=DoubtCode.AMBIGUOUS_CELL,
        text=Text(
            zh="表格跨页处的这一行可能是上一行的后半部分，按单独一行保留",
            en="At the page break, this row may be the rest of the row above; it is kept as a row of its own",
        ),
        page=page,
        table=table,
        row=row,
    )
