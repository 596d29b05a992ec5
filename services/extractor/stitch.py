"""Tables that run over page breaks become one table. Pure functions over blocks, for any reader that knows pages.

Careful by design: two official tables with the same columns often follow each other (T02 then T03, T07 then T08). Text
between them, a title inside the grid or other header rows keep them apart.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from services.extractor.growing import MOST_HEADER_ROWS, Growing, Part, append, common_columns, open_table, until
from services.extractor.sections import ends_with_section, is_next_section, is_section, row_of
from shared.catalogue.text import squeeze
from shared.contracts.base import Text
from shared.contracts.document import Block, Cell, Doubt, DoubtCode, Heading, Paragraph, Table

#: A page without any text may lie between the two parts.
_PAGES_APART = 2
_CONTINUED = re.compile(
    r"^[(（]?(?:续表|续|接上页|接上表)[)）]?[0-9一二三四五六七八九十]*$|[(（]续(?:表)?[0-9一二三四五六七八九十]*[)）]$"
)
_CONTINUATION_MARK = re.compile(r"[(（]?续(?:表)?[0-9一二三四五六七八九十]*[)）]?$")
_TITLE = re.compile(r"(?:表|情况)(?:[(（].{0,12}[)）])?$")
_NUMBER = re.compile(r"^[-−]?[0-9][0-9,，]*(?:\.[0-9]+)?%?$")
_LABELLED = re.compile(r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十]{1,3}[)）])")
#: Words that stand in the header of a table and nowhere else in it.
HEADER_WORDS = frozenset(
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
_LAST_ROWS = frozenset(["年初结转和结余", "年末结转和结余"])
_ONE_COLUMN = 2  # boundaries
#: Lines above a table; the last of them, a note and a caption.
_CAPTIONS, _LONGEST_HEADING = 5, 40
_UNIT = re.compile(r"单位[:：].{0,6}元")
_CAPTION = re.compile(
    r"[:：。；]|年度|公开|^[12][0-9]{3}年|表(?:[(（].{0,12}[)）])?$|^第[0-9一二三四五六七八九十]+部分"
)
#: A header that OCR read twice: one cell in so many may differ, and then so much of its text is the same.
_FEW, _SAME_WORD = 3, 0.5

_Spot = tuple[int, int, int, int]


@dataclass(frozen=True)
class Stitched:
    """Blocks with the tables numbered anew from 0, what was not sure, and where each part of a table went."""

    blocks: tuple[Block, ...]
    doubts: tuple[Doubt, ...] = ()
    moves: Mapping[int, Move] = field(default_factory=dict)

    def moved(self, doubt: Doubt) -> Doubt:
        """A doubt about a part, by the index that it had, as one about the whole table."""
        move = self.moves.get(doubt.table) if doubt.table is not None else None
        if move is None:
            return doubt
        row = doubt.row if doubt.row is None or doubt.row < move.header else doubt.row + move.down
        return doubt.model_copy(
            update={"table": move.table, "row": row, "column": doubt.column if move.same_columns else None}
        )


@dataclass(frozen=True)
class Move:
    """The table that a part is in, how far down its rows below its repeated header went, whether its columns stayed."""

    table: int
    header: int = 0
    down: int = 0
    same_columns: bool = True


@dataclass
class _Open:
    """The table that may still go on, where it stands in the output, and the text printed above it."""

    table: Growing
    place: int
    captions: frozenset[str]


def stitch(blocks: Sequence[Block], full: Collection[tuple[int, int, int]] = ()) -> Stitched:
    """Join the parts of each table that runs over page breaks.

    `blocks` in reading order without running headers, footers and page numbers. `full`: (table index, row, column) of
    cells whose last line runs to the right edge, so that it may go on in the next part; empty where nobody knows.
    """
    known: dict[int, set[tuple[int, int]]] = {}
    for table, row, column in full:
        known.setdefault(table, set()).add((row, column))
    out: list[Block | Growing] = []
    doubts: list[Doubt] = []
    moves: dict[int, Move] = {}
    before: _Open | None = None
    between: list[Block] = []
    for block in blocks:
        if not isinstance(block, Table):
            between.append(block)
            continue
        own = known.get(block.index, set())
        part = _continuation(before, block, between) if before else None
        if before and part is not None:
            doubts.extend(append(before.table, block, part, own))
            out[before.place] = before.table
            same = part.columns == tuple(range(block.columns + 1))
            moves[block.index] = Move(before.table.first.index, part.header, before.table.rows - block.rows, same)
        else:
            if _header_before(between, block):
                doubts.append(_cut_header(block))
            out.extend(between)
            before = _Open(open_table(block, own), len(out), _captions(between))
            out.append(block)
            moves[block.index] = Move(block.index)
        between = []
    out.extend(between)
    return _numbered(out, doubts, moves)


def _numbered(blocks: list[Block | Growing], doubts: list[Doubt], moves: dict[int, Move]) -> Stitched:
    numbers: dict[int, int] = {}
    numbered: list[Block] = []
    for found in blocks:
        block = found.table() if isinstance(found, Growing) else found
        if isinstance(block, Table):
            number = numbers.setdefault(block.index, len(numbers))
            numbered.append(block if number == block.index else block.model_copy(update={"index": number}))
        else:
            numbered.append(block)
    renamed = [
        doubt.model_copy(update={"table": numbers.get(doubt.table)}) if doubt.table is not None else doubt
        for doubt in doubts
    ]
    placed = {part: replace(move, table=numbers[move.table]) for part, move in moves.items()}
    return Stitched(tuple(numbered), tuple(renamed), placed)


def _captions(blocks: Sequence[Block]) -> frozenset[str]:
    return frozenset(squeeze(block.text) for block in blocks[-5:] if isinstance(block, Heading | Paragraph))


def _continuation(before: _Open, part: Table, between: Sequence[Block]) -> Part | None:
    """How `part` goes on with the table before it; None: it is another table."""
    if part.page is None or not 0 < part.page - before.table.last_page <= _PAGES_APART:
        return None
    texts = [squeeze(block.text) for block in between if isinstance(block, Heading | Paragraph)]
    if not all(_CONTINUED.search(text) or text in before.captions or _says_unit(text) for text in texts):
        return None
    marked = any(_CONTINUED.search(text) for text in texts)
    repeated_title = bool(texts) and not marked
    common = common_columns(before.table, part)
    if common is None:
        return None
    header = _repeated_header(before.table, part, *common)
    if header == 0 and (repeated_title or _has_header(part) or _has_title(part)):
        return Part(0, *common) if _goes_on(before.table, part, bare=not repeated_title) else None
    return Part(header, *common)


def _goes_on(before: Growing, part: Table, *, bare: bool) -> bool:
    """Whether a part goes on with `before` though it begins with headings: those of a section, the rest of a header.

    `bare`: nothing is printed between the two but that the table goes on; otherwise its title and captions are, and
    the next table of that title would begin as the first one does.
    """
    if is_next_section(before, part):
        return True
    if _has_title(part):
        return False
    if ends_with_section(before) or (bare and _is_cut_header(before.top)):
        return True
    return not bare and not _has_header(part) and _row_texts(part, 0)[:1] != _row_texts(before.top, 0)[:1]


def _is_cut_header(table: Table) -> bool:
    """Whether the page break came before the header was whole: some rows of headings and nothing below them."""
    if table.rows > MOST_HEADER_ROWS or header_rows(table) < table.rows:
        return False
    return all(_row_texts(table, row) for row in range(table.rows))


def _header_before(between: Sequence[Block], table: Table) -> bool:
    """Whether the text before a table that begins its page is the top of its header, alone on the page before."""
    texts = [block for block in between[-_CAPTIONS:] if isinstance(block, Heading | Paragraph)]
    if not texts or texts[-1].page is None or table.page is None or texts[-1].page >= table.page:
        return False
    words = [squeeze(word) for word in texts[-1].text.split()]
    if words and all(word in HEADER_WORDS for word in words):
        return True
    below = any(_UNIT.search(squeeze(block.text)) for block in texts[:-1])
    return below and sum(map(len, words)) <= _LONGEST_HEADING and not _CAPTION.search(squeeze(texts[-1].text))


def _cut_header(table: Table) -> Doubt:
    return Doubt(
        code=DoubtCode.UNCLEAR_HEADER,
        text=Text(
            zh=f"第 {table.page} 页表格的表头可能从上一页开始，上一页末尾的文字未并入表格",
            en=f"The header of the table on page {table.page} may begin on the page before; "
            "the text at the end of that page is not taken into it",
        ),
        page=table.page,
        table=table.index,
    )


def _says_unit(text: str) -> bool:
    return bool(re.fullmatch(r"(?:金额)?单位[:：](?:人民币)?(?:万元|元)", text))


def _row_texts(table: Table, row: int) -> list[str]:
    return [squeeze(cell.text) for cell in row_of(table, row) if cell.text]


def header_rows(table: Table, first: int = 0) -> int:
    """Where the header that begins in row `first` ends: at the first row with an amount, a code or a numbered label."""
    for row in range(first, min(table.rows, MOST_HEADER_ROWS)):
        texts = _row_texts(table, row)
        if texts and texts[0] in {"栏次", "行次"}:
            continue
        if any(_NUMBER.match(text) or _LABELLED.match(text) for text in texts) and not _counts_up(texts):
            return row
    return min(table.rows, MOST_HEADER_ROWS)


def _counts_up(texts: Sequence[str]) -> bool:
    """Whether the row numbers the columns (1, 2, 3 ...)."""
    numbers = [int(text) for text in texts if text.isascii() and text.isdigit()]
    return len(numbers) > _ONE_COLUMN and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _height(table: Table) -> tuple[int, int]:
    """How many rows at the top are header, and where that of the first section begins (0: no section comes first)."""
    height = header_rows(table)
    if height < table.rows and is_section(row_of(table, height), table.columns):
        below = header_rows(table, height + 1)
        if below > height + 1:
            return below, height + 1
    return height, 0


def _signature(cells: Sequence[Cell], first: int, count: int, columns: tuple[int, ...]) -> dict[_Spot, str]:
    return {
        (cell.row - first, columns[cell.column], columns[cell.column + cell.colspan], cell.rowspan): squeeze(cell.text)
        for cell in until(cells, first + count)
        if first <= cell.row
    }


def _repeated_header(
    before: Growing, second: Table, first_columns: tuple[int, ...], second_columns: tuple[int, ...]
) -> int:
    """How many rows at the top of `second` say again what stands at the top of `before`.

    Its title and captions may be left out. The header of a section whose title ends the page above is no such row.
    """
    first = before.top
    height, titled = _height(first)
    scanned = any(cell.confidence is not None for cell in until(second.cells, height))
    own = ends_with_section(before)
    for skipped in range(height):
        if own and titled and skipped >= titled:
            return 0
        if not (scanned or _begins_alike(first.cells[len(until(first.cells, skipped)) :], second.cells)):
            continue
        for count in range(min(height - skipped, second.rows), 0, -1):
            end = skipped + count
            if end < height and any(end < cell.row + cell.rowspan for cell in until(first.cells, end)):
                continue
            here = _signature(first.cells, skipped, count, first_columns)
            there = _signature(second.cells, 0, count, second_columns)
            words = {text for text in here.values() if text}
            if len(words) > 1 and (here == there or (scanned and _misread(here, there))):
                return count
    return 0


def _begins_alike(here: Sequence[Cell], there: Sequence[Cell]) -> bool:
    """Whether rows begin with the same text: where they do not, there is nothing to compare."""
    return bool(here and there) and squeeze(here[0].text) == squeeze(there[0].text)


def _misread(here: dict[_Spot, str], there: dict[_Spot, str]) -> bool:
    """Whether OCR may have read the same header twice, not quite alike: few of its cells differ, and by little."""
    if here.keys() != there.keys():
        return False
    odd = [(text, there[spot]) for spot, text in here.items() if text != there[spot]]
    return len(odd) * _FEW <= len(here) and all(_alike(*pair) for pair in odd)


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _SAME_WORD


def _has_header(table: Table) -> bool:
    """Whether the top of the part has header words of its own.

    Two of them stand beside each other at the end of the tables of two sides too, with room for amounts between.
    """
    words: set[str] = set()
    for row in range(min(header_rows(table), 3)):
        own = set(_row_texts(table, row)) & HEADER_WORDS
        blank = any(not cell.text for cell in row_of(table, row))
        words |= own - _LAST_ROWS if blank else own
    return len(words) > 1


def _has_title(table: Table) -> bool:
    """Whether the first row is one cell with a title."""
    top = list(until(table.cells, 1))
    return len(top) == 1 and bool(_TITLE.search(_CONTINUATION_MARK.sub("", squeeze(top[0].text))))
