"""A sheet of a workbook as its reader found it, and the blocks that it becomes.

A sheet is one table, with the title rows that stand in it; a sheet on which several official tables stand one under the
other is cut where a new title begins. A sheet without any row of two cells (cover, contents, notes) is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from services.extractor.headings import text_block
from services.extractor.readers.base import Reading
from shared.catalogue.text import squeeze
from shared.contracts.base import Text
from shared.contracts.document import Block, Cell, Doubt, DoubtCode, Table
from shared.contracts.errors import Category, InvalidDocument, Phase
from shared.runtime.progress import progress

#: Cells with content, and grid positions, of one sheet. The largest sheet of a departmental account has 5,000.
MAX_SHEET_CELLS = 500_000
#: Blank rows after which what follows is another table: nobody prints 20 blank rows inside one.
_GAP = 20
_TITLE_LENGTH = 60
_TITLE = re.compile(
    r"(?:收入|支出|收支|决算|预算|三公|情况|明细|统计|信息|资产|采购|绩效|自评).*表(?:[（(][^（）()]*[）)])?$"
)
_NO_TITLE = re.compile(r"^(?:注|备注|说明|本表|附注|[0-9]+[.、])")
_NUMBERED = re.compile(r"^(?:公开|附|财决公开|表)*表?[0-9一二三四五六七八九十]{1,3}(?:-[0-9]+)?表?[：:]?$")
_CAPTION = re.compile(r"^(?:金额)?(?:计量)?单位[：:]|^(?:编制|填报|公开)?(?:部门|单位)(?:名称)?[：:]|^20[0-9]{2}年度?$")


class SheetCell(NamedTuple):
    """What one cell prints, outer white space trimmed; `doubt` if its value is not to be relied on."""

    text: str
    doubt: DoubtCode | None = None


class Span(NamedTuple):
    """A merged range, 0-based, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Sheet:
    """A sheet by row and column, both 0-based. Cells without text may be left out. `pictures`: some lie on it."""

    name: str
    visible: bool = True
    pictures: bool = False
    cells: dict[int, dict[int, SheetCell]] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


class _Placed(NamedTuple):
    """A printed cell with the rows and columns, as numbered on the sheet, that it covers and that are visible."""

    cell: SheetCell
    row: int
    column: int
    bottom: int
    right: int


def read_sheets(sheets: Iterable[Sheet]) -> Reading:
    """The blocks and doubts of all sheets in order."""
    blocks: list[Block] = []
    doubts: list[Doubt] = []
    tables = 0
    for sheet in sheets:
        if not sheet.visible:
            if any(cell.text for row in sheet.cells.values() for cell in row.values()):
                doubts.append(_skipped(f"工作表“{sheet.name}”是隐藏的", f"sheet {sheet.name!r} is hidden"))
            continue
        placed, skipped = _visible(sheet)
        if skipped:
            doubts.append(
                _skipped(
                    f"工作表“{sheet.name}”有隐藏的行或列，其中 {skipped} 个单元格",
                    f"sheet {sheet.name!r} has hidden rows or columns with {skipped} cells",
                )
            )
        if sheet.pictures and not placed:
            doubts.append(
                _skipped(f"工作表“{sheet.name}”里只有图片", f"sheet {sheet.name!r} holds nothing but pictures")
            )
        for part in _parts(placed):
            if max(len(row) for row in part.values()) == 1:
                blocks += [text_block(line) for line in _lines(part)]
                continue
            table = _table(sheet, part, tables)
            doubts += _cell_doubts(table, sheet.name)
            blocks.append(table)
            tables += 1
    return Reading(tuple(blocks), doubts=tuple(doubts))


def check_sheet(count: int) -> None:
    """Raise `TOO_LARGE` if one sheet has more than `MAX_SHEET_CELLS` cells."""
    if count > MAX_SHEET_CELLS:
        raise InvalidDocument(
            Category.TOO_LARGE,
            Phase.EXTRACT,
            Text(
                zh=f"工作表太大：超过 {MAX_SHEET_CELLS} 个单元格，这不像一份部门决算。请删除无关的工作表后重试。",
                en=f"A sheet is too large: more than {MAX_SHEET_CELLS} cells. This does not look like a final account; "
                "remove sheets that do not belong to it.",
            ),
            f"{count} cells > {MAX_SHEET_CELLS}",
        )


def _visible(sheet: Sheet) -> tuple[dict[int, list[_Placed]], int]:
    """The printed cells by row, from left to right, and how many cells with text are hidden.

    A merged range shows the text of its top left cell; other values inside it are never seen.
    """
    rows: dict[int, list[_Placed]] = {}
    skipped = 0
    covered: dict[int, list[tuple[int, int]]] = {}
    last = max(sheet.cells, default=-1)
    widest = max((column for row in sheet.cells.values() for column in row), default=-1)
    for span in _disjoint(sheet.spans, last, widest):
        cell = sheet.cells.get(span.top, {}).get(span.left, SheetCell(""))
        columns = [c for c in range(span.left, span.right + 1) if c not in sheet.hidden_columns]
        lines = [r for r in range(span.top, span.bottom + 1) if r not in sheet.hidden_rows]
        for row in range(span.top, span.bottom + 1):
            covered.setdefault(row, []).append((span.left, span.right))
        if not cell.text:
            continue
        if lines and columns:
            rows.setdefault(lines[0], []).append(_Placed(cell, lines[0], columns[0], lines[-1], columns[-1]))
        else:
            skipped += 1
    for row, cells in sheet.cells.items():
        progress()
        ranges = covered.get(row, [])
        for column, cell in cells.items():
            if not cell.text and cell.doubt is None:
                continue
            if any(left <= column <= right for left, right in ranges):
                continue
            if row in sheet.hidden_rows or column in sheet.hidden_columns:
                skipped += 1
            else:
                rows.setdefault(row, []).append(_Placed(cell, row, column, row, column))
    return {row: sorted(rows[row], key=lambda placed: placed.column) for row in sorted(rows)}, skipped


def _disjoint(spans: list[Span], last_row: int, last_column: int) -> Iterator[Span]:
    """Ranges in order, cut to the part of the sheet that is in use; one that overlaps an earlier one is ignored."""
    kept: list[Span] = []
    for whole in sorted(spans):
        span = Span(whole.top, whole.left, min(whole.bottom, last_row), min(whole.right, last_column))
        if span.bottom < span.top or span.right < span.left:
            continue
        kept = [other for other in kept if other.bottom >= span.top]
        if any(other.left <= span.right and span.left <= other.right for other in kept):
            continue
        kept.append(span)
        yield span


def _parts(rows: dict[int, list[_Placed]]) -> Iterator[dict[int, list[_Placed]]]:
    """Cut the rows of a sheet where another table begins: at a title after rows of a table, or after a wide gap."""
    part: dict[int, list[_Placed]] = {}
    numbers = list(rows)
    starts = set(_title_starts(rows, numbers))
    bottom = -1
    for row in numbers:
        if part and (row in starts or row - bottom > _GAP):
            yield part
            part = {}
        part[row] = rows[row]
        bottom = max(bottom, row, *(placed.bottom for placed in rows[row]))
    if part:
        yield part


def _title_starts(rows: dict[int, list[_Placed]], numbers: list[int]) -> Iterator[int]:
    body = False
    for index, row in enumerate(numbers):
        titled = _is_title_row(rows[row])
        if len(rows[row]) > 1 and not titled:
            body = True
        elif body and titled:
            first = index
            while first and _is_lead(rows[numbers[first - 1]]):
                first -= 1
            body = False
            yield numbers[first]


def _is_title_row(row: list[_Placed]) -> bool:
    """Whether a row is a title, alone or with 公开02表 or 单位：万元 beside it."""
    titles = [placed for placed in row if _is_title(placed.cell.text)]
    return len(titles) == 1 and all(
        placed is titles[0] or _CAPTION.match(squeeze(placed.cell.text)) or _is_lead([placed]) for placed in row
    )


def _is_title(text: str) -> bool:
    name = squeeze(text)
    return len(name) <= _TITLE_LENGTH and bool(_TITLE.search(name)) and not _NO_TITLE.match(name)


def _is_lead(row: list[_Placed]) -> bool:
    """Whether a row before a title belongs to it: 公开02表 or 附表3 alone."""
    return len(row) == 1 and bool(_NUMBERED.match(squeeze(row[0].cell.text)))


def _lines(part: dict[int, list[_Placed]]) -> Iterator[str]:
    for row in part.values():
        for placed in row:
            yield from (line.strip() for line in placed.cell.text.split("\n") if line.strip())


def _table(sheet: Sheet, part: dict[int, list[_Placed]], index: int) -> Table:
    """The grid from the first to the last printed row, from the first column of the sheet to the last printed one."""
    top, bottom = min(part), max(part)
    right = max(placed.right if len(row) > 1 else placed.column for row in part.values() for placed in row)
    check_sheet((bottom - top + 1) * (right + 1))
    rows = {row: n for n, row in enumerate(r for r in range(top, bottom + 1) if r not in sheet.hidden_rows)}
    columns = {column: n for n, column in enumerate(c for c in range(right + 1) if c not in sheet.hidden_columns)}
    cells: list[Cell] = []
    free = [[True] * len(columns) for _ in rows]
    for row in part.values():
        for placed in row:
            height = sum(1 for r in range(placed.row, min(placed.bottom, bottom) + 1) if r in rows)
            width = sum(1 for c in range(placed.column, min(placed.right, right) + 1) if c in columns)
            cell = Cell(
                row=rows[placed.row],
                column=columns[placed.column],
                text=placed.cell.text,
                rowspan=height,
                colspan=width,
                doubts=(placed.cell.doubt,) if placed.cell.doubt else (),
            )
            cells.append(cell)
            for r in range(cell.row, cell.row + height):
                free[r][cell.column : cell.column + width] = [False] * width
    cells += [Cell(row=r, column=c, text="") for r, line in enumerate(free) for c, blank in enumerate(line) if blank]
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return Table(index=index, rows=len(rows), columns=len(columns), cells=tuple(cells), name=sheet.name)


def _cell_doubts(table: Table, sheet: str) -> Iterator[Doubt]:
    for cell in table.cells:
        for code in cell.doubts:
            yield Doubt(
                code=code,
                text=Text(
                    zh=f"工作表“{sheet}”中有一个单元格没有可靠的数值（{cell.text or '公式未计算'}）",
                    en=f"A cell of sheet {sheet!r} has no reliable value ({cell.text or 'formula not calculated'}).",
                ),
                table=table.index,
                row=cell.row,
                column=cell.column,
            )


def _skipped(zh: str, en: str) -> Doubt:
    return Doubt(code=DoubtCode.SKIPPED_CONTENT, text=Text(zh=f"{zh}，未读取。", en=f"{en}: not read."))
