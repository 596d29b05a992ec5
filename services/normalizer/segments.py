"""Where the tables are: each printed grid with the title and captions that stand above it, in it and under it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from services.normalizer.captions import Captions, is_caption_line, is_note, read_caption
from services.normalizer.grid import Grid
from services.normalizer.parts import single_tables
from shared.catalogue.amounts import read_amount
from shared.catalogue.tables import TitleMatch, read_title
from shared.catalogue.text import fold, squeeze
from shared.contracts.document import Document, Heading, Paragraph, Table

_LOOK_BACK = 12
_WRAPPED = re.compile(
    r"^(?:20\d\d年度?)?.{0,24}(?:公共预算|政府性基金|国有资本|财政拨款|三公|收入支出|基本支出|相关信息|机构运行)"
)
_SENTENCE = re.compile(r"[。；;！]|目录|^第[一二三四五六七八九十]+部分")
_LONGEST_LINE = 60
_CONTENTS = 3
_COVER_ROWS, _COVER_WORDS = 15, 2


@dataclass(frozen=True)
class Segment:
    """One table to be understood. `grid` starts at its first header row; `preamble` are the rows of titles above it.

    `title` is the printed title; `match` what it says; `above` tells that the title stands before the grid.
    """

    grid: Grid
    title: str
    match: TitleMatch | None
    captions: Captions
    notes: tuple[str, ...] = ()
    preamble: tuple[int, ...] = ()
    page: int | None = None
    follows: int | None = None
    lines: tuple[str, ...] = field(default=(), repr=False)


def segments(document: Document) -> list[Segment]:
    """The tables of a document in reading order, several where one grid stacks them."""
    found: list[Segment] = []
    lines: list[str] = []
    part: int | None = None
    first_of_part = False
    called = single_tables(document)
    for position, block in enumerate(document.blocks):
        if block.part != part:  # what another file says stands above no table of this one
            part, lines, first_of_part = block.part, [], True
        if not isinstance(block, Table):
            lines.append(block.text)
            continue
        notes = tuple(_notes_after(document.blocks[position + 1 :]))
        for number, (start, end) in enumerate(_stacked(block)):
            above = lines[-_LOOK_BACK:] if number == 0 else []
            apart = bool(lines) or number > 0 or first_of_part
            found.append(_segment(Grid(block, start, end), above, notes, apart, called.get(block.index, "")))
        lines, first_of_part = [], False
    return found


def printed_lines(document: Document, found: Sequence[Segment]) -> list[str]:
    """All lines of running text in reading order, those that a workbook prints above its tables included."""
    inside: dict[int, list[str]] = {}
    for segment in found:
        grid = segment.grid
        inside.setdefault(grid.table.index, []).extend(word for row in segment.preamble for word in grid.words(row))
    lines: list[str] = []
    for block in document.blocks:
        lines.extend(inside.get(block.index, []) if isinstance(block, Table) else [block.text])
    return lines


def _segment(grid: Grid, above: Sequence[str], notes: tuple[str, ...], apart: bool, called: str) -> Segment:
    preamble = tuple(_preamble(grid))
    inside = [text for row in preamble for text in _row_texts(grid, row)]
    title, match = _title(inside) or _title(above) or ("", None)
    for name in (grid.table.name or "", called):
        if match is None and (named := read_title(name, strict=False)) and named.table:
            title, match = squeeze(name), named
    captions = _captions(inside).over(_captions(_tail(above)))
    first = preamble[-1] + 1 if preamble else grid.start
    body = grid.part(first, grid.end)
    if captions.unit_printed is None:
        captions = captions.over(_captions([w for row in list(body.rows)[:4] for w in grid.words(row) if "元" in w]))
    page = next((cell.page for cell in grid.own(grid.start) if cell.page), grid.table.page)
    return Segment(
        body, title, match, captions, notes, preamble, page, None if apart else grid.table.index, tuple(above)
    )


def _row_texts(grid: Grid, row: int) -> list[str]:
    """The texts of a preamble row, and the row as one line where a caption was broken over cells."""
    texts = [cell.text for cell in grid.own(row) if squeeze(cell.text)]
    return [*texts, " ".join(texts)] if len(texts) > 1 else texts


def _tail(above: Sequence[str]) -> Sequence[str]:
    """The lines above that belong to the table: from the last table title on, or the last few short ones."""
    for start in range(len(above) - 1, -1, -1):
        if read_title(above[start]):
            return above[start:]
        if len(fold(above[start])) > _LONGEST_LINE or is_note(above[start]):
            return above[start + 1 :]
    return above


def _title(lines: Sequence[str]) -> tuple[str, TitleMatch] | None:
    """The table title nearest to the end of `lines`; a title broken over two lines is put together."""
    for position in range(len(lines) - 1, -1, -1):
        line = lines[position]
        if len(fold(line)) > _LONGEST_LINE or _SENTENCE.search(squeeze(line)):
            if is_note(line) or len(fold(line)) > _LONGEST_LINE:
                return None
            continue
        before = lines[position - 1] if position else ""
        if before and _may_continue(before):
            joined = read_title(before + line)
            if joined and (joined.table or not read_title(line)):
                return squeeze(before + line), joined
        match = read_title(line)
        if match and _in_contents(lines, position) and not _captioned(lines, position):
            return None
        if match and not (
            match.core in {"部门决算表", "决算表", "部门决算报表", "表"} or re.fullmatch(r"表.{0,3}", match.core)
        ):
            return squeeze(line), match
    return None


def _in_contents(lines: Sequence[str], position: int) -> bool:
    """Whether a title stands in a table of contents: at least three different titles line by line."""
    start = end = position
    while start > 0 and read_title(lines[start - 1]):
        start -= 1
    while end + 1 < len(lines) and read_title(lines[end + 1]):
        end += 1
    return len({found.core for line in lines[start : end + 1] if (found := read_title(line))}) >= _CONTENTS


def _captioned(lines: Sequence[str], position: int) -> bool:
    """Whether number, department or unit follow a title, as they do above a table but not in a list of tables."""
    return position + 1 < len(lines) and is_caption_line(lines[position + 1])


def _may_continue(line: str) -> bool:
    """Whether a title may break off at the end of this line."""
    folded = fold(line)
    return (
        len(folded) <= _LONGEST_LINE
        and not folded.endswith(("表", "。", ":", "元"))
        and not _SENTENCE.search(folded)
        and bool(_WRAPPED.search(folded))
        and read_title(line) is None
        and "公开" not in folded
    )


def _captions(lines: Sequence[str]) -> Captions:
    """What the captions say, the last line first; lines that were broken in two (万 / 元, 公开02 / 表) are joined."""
    result = Captions()
    for position in range(len(lines) - 1, -1, -1):
        if position + 1 < len(lines) and len(squeeze(lines[position + 1])) <= 1:
            result = result.over(read_caption(lines[position] + lines[position + 1]) or Captions())
        result = result.over(read_caption(lines[position]) or Captions())
    return result


def _preamble(grid: Grid) -> Iterator[int]:
    """The rows of titles and captions on top of the grid; a cover above the title belongs to them."""
    title = _title_row(grid)
    for row in grid.rows:
        if row > title and (row == grid.end - 1 or not is_preamble_row(grid, row)):
            return
        yield row


def _title_row(grid: Grid) -> int:
    """The row of the title if only cover lines (one or two texts, no figures) stand above it, else -1."""
    found = -1
    for row in list(grid.rows)[:_COVER_ROWS]:
        words = grid.words(row)
        if len(words) > _COVER_WORDS or any(read_amount(word).printed for word in words):
            break
        if len(words) == 1 and row < grid.end - 1 and read_title(words[0]):
            found = row
    return found


def is_preamble_row(grid: Grid, row: int) -> bool:
    """Whether a row holds nothing but a title or captions (or nothing at all)."""
    words = grid.words(row)
    if not words:
        return True
    if len(words) == 1 and read_title(words[0]):
        return True
    return all(is_caption_line(word) for word in words) or (len(words) > 1 and _split_caption(words))


def _split_caption(words: list[str]) -> bool:
    """Captions whose label and value stand in neighbouring cells: 部门： | name, 金额单位： | 万元."""
    joined = "".join(words)
    return (
        bool(re.match(r"(?:公开|编制|填报)?(?:部门|单位)(?:名称)?[：:]|金额单位", joined))
        and len(joined) <= _LONGEST_LINE
    )


def _stacked(table: Table) -> Iterator[tuple[int, int]]:
    """Row ranges of the account tables that one printed grid stacks: a new one begins at every title row."""
    grid = Grid(table, 0, table.rows)
    begin, seen = 0, ""
    for row in range(table.rows):
        words = grid.words(row)
        if len(words) != 1:
            continue
        match = read_title(words[0])
        if match is None or match.table is None or match.weight < 1:
            continue
        if seen and match.core != seen:
            yield begin, row
            begin = row
        seen = match.core
    yield begin, table.rows


def _notes_after(blocks: Sequence[Heading | Paragraph | Table]) -> Iterator[str]:
    """The notes under a table, up to the first line that is none."""
    for block in blocks:
        if not isinstance(block, Paragraph) or not is_note(block.text):
            return
        yield block.text.strip()
