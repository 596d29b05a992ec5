"""Lines of text as items: running text, rows of cells, tables in HTML. Nothing here knows of more than a few lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from html import unescape

from services.extractor.textgrid import marks
from services.extractor.textgrid.marks import BLANK

_TAGS = re.compile(r"</?(?:b|strong|i|em|u|sup|sub|span|font)\b[^<>]{0,200}>", re.IGNORECASE)
_PAGE_BREAK = re.compile(r"[\f\v\x85\u2028\u2029]")
_BREAK = re.compile(r"<br\s{0,4}/?>", re.IGNORECASE)
_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
_TABLE_END = re.compile(r"</table\s*>", re.IGNORECASE)
_BOLD = re.compile(r"\*\*([^*\n]{1,2000})\*\*")
_RULE = re.compile(r"[\s|:+=\-─━—_]{3,}")
_BOX_RULE = re.compile(r"\s*[\u250c-\u254b\u2550-\u257f\u2501\u2500]{2,}[\u2500-\u257f\s]*")
_BOX_PIPES = str.maketrans("│┃║｜", "||||")
_NO_CELL = re.compile(r"NaN|Unnamed: \d+(?:_level_\d+)?")
_FEWEST_MERGED = 2
_SAYING = re.compile(r"[\u4e00-\u9fff].*[\u4e00-\u9fff].*[\u4e00-\u9fff]", re.DOTALL)
_ESCAPED_PIPE = "\ue000"
_GAP = re.compile(r"[ \u3000\u00a0]{2,}|\u3000")
_INVISIBLE = str.maketrans("", "", "\ufeff\u200b\u200c\u200d\u2060\x00")
#: entities that copies of web pages leave in a text; &lt; and &amp; stay, they may belong to markup
_ENTITY = re.compile(
    r"&(?:nbsp|ensp|emsp|thinsp|middot|[lr]dquo|[mn]dash|hellip|#160|#12288|#x3000|#xa0);", re.IGNORECASE
)
_NARROW = str.maketrans({"\u00a0": " ", "\u2002": " ", "\u2003": " ", "\u2009": " "})
_LONGEST_CELL_LINE = 4_000


class Style(Enum):
    """How the cells of a row are kept apart."""

    TABS = "tabs"
    STACK = "stack"
    PIPES = "pipes"
    SPACES = "spaces"


@dataclass(slots=True)
class Prose:
    """A line of running text, `line` counted from 1.

    `gap`: a blank line stands before it. `listed`: an entry of a table of contents, no heading.
    `start`: the display column in which it begins.
    """

    text: str
    line: int
    gap: bool = True
    listed: bool = False
    start: int = 0


@dataclass(slots=True)
class Row:
    """Cells of one row as printed. `gap`: a blank line stands before it. `starts`: display columns (spaces only)."""

    style: Style
    cells: list[str]
    line: int
    gap: bool = False
    starts: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Markup:
    """A table that stands in the text as HTML."""

    source: str
    line: int


Item = Prose | Row | Markup


@dataclass(slots=True)
class _Line:
    text: str
    number: int


def items(text: str) -> Iterator[Item]:
    """The items of `text` in order. Page numbers and form feeds are dropped; emphasis marks are removed."""
    gap = False
    for run in _runs(_lines(text)):
        if not run:
            gap = True
            continue
        yield from _run_items(run, gap)
        gap = False


def _lines(text: str) -> Iterator[_Line]:
    printed = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(printed, start=1):
        for part in _PAGE_BREAK.split(line):
            seen = part.translate(_INVISIBLE)
            if "&" in seen:
                seen = _ENTITY.sub(lambda found: unescape(found[0]), seen)
            seen = seen.translate(_NARROW)
            yield _Line(_TAGS.sub("", seen) if "<" in seen else seen, number)


def _runs(lines: Iterable[_Line]) -> Iterator[list[_Line]]:
    """Runs of lines with something on them; an empty list stands for one or more blank lines."""
    run: list[_Line] = []
    for line in lines:
        bare = line.text.strip(BLANK)
        blank = not bare and "\t" not in line.text
        if blank or (bare and "\t" not in line.text and marks.is_page_number(bare)):
            if run:
                yield run
            yield []
            run = []
        else:
            run.append(line)
    if run:
        yield run


def _run_items(run: list[_Line], gap: bool) -> Iterator[Item]:
    pending: list[_Line] = []
    position = 0
    while position < len(run):
        line = run[position]
        if "<" in line.text and _TABLE.search(line.text):
            yield from _plain_items(pending, gap)
            pending = []
            source, position = _markup(run, position)
            before, _, rest = source.partition("<")
            if before.strip(BLANK):
                yield Prose(before.strip(BLANK), line.number)
            yield Markup("<" + rest, line.number)
            continue
        pending.append(line)
        position += 1
    yield from _plain_items(pending, gap)


def _markup(run: list[_Line], start: int) -> tuple[str, int]:
    """The HTML from line `start` to the end of its table (nested ones included) or of the run."""
    depth = 0
    for position in range(start, len(run)):
        text = run[position].text
        depth += len(_TABLE.findall(text)) - len(_TABLE_END.findall(text))
        if depth <= 0:
            break
    return "\n".join(line.text for line in run[start : position + 1]), position + 1


def _plain_items(run: list[_Line], gap: bool) -> Iterator[Item]:
    if not run:
        return
    if _is_stack(run):
        yield from _stack(run, gap)
        return
    for line in run:
        yield _line_item(line, gap)
        gap = False


def _line_item(line: _Line, gap: bool) -> Item:
    text = line.text
    if _BOX_RULE.fullmatch(text):
        return Row(Style.PIPES, ["---"], line.number, gap)
    cells = _pipe_cells(text.translate(_BOX_PIPES))
    if cells is not None:
        return Row(Style.PIPES, cells, line.number, gap)
    if "\t" in text and not marks.is_contents_line(text):
        cells = [clean(cell) for cell in text.split("\t")]
        if len(cells) > 1 and not _only_indented(text):
            return Row(Style.TABS, cells, line.number, gap)
    else:
        spots = _spots(text)
        if len(spots) > 1 and not marks.is_contents_line(text):
            cells = [clean(text) for _, _, text in spots]
            return Row(Style.SPACES, cells, line.number, gap, [(start, end) for start, end, _ in spots])
    indent = len(text) - len(text.lstrip(BLANK))
    return Prose(clean(text.replace("\t", " ")), line.number, gap, start=width(text[:indent]))


def clean(text: str) -> str:
    """`text` without emphasis marks and outer white space; `<br>` becomes a line break."""
    if "<" in text:
        text = _BREAK.sub("\n", text)
    if "**" in text:
        text = _BOLD.sub(r"\1", text)
    return text.strip(BLANK)


def _only_indented(text: str) -> bool:
    """A sentence behind a tab, no row of a table."""
    bare = text.strip(BLANK)
    return "\t" not in bare and (len(bare) > marks.LONGEST_HEADING or bare.endswith("。"))


def _pipe_cells(text: str) -> list[str] | None:
    if "|" not in text:
        return None
    body = text.strip(BLANK).replace("\\|", _ESCAPED_PIPE)
    if not (body.startswith("|") and body.endswith("|") and body.count("|") > 1):
        return None
    return unrepeated([clean(cell).replace(_ESCAPED_PIPE, "|") for cell in body[1:-1].split("|")])


def unrepeated(cells: list[str]) -> list[str]:
    """The cells of a row of pipes without what converters add to a workbook or a merged row.

    NaN and Unnamed: 3 stand for blank cells; a text in all cells alike is one merged cell.
    """
    cells = ["" if _NO_CELL.fullmatch(cell.strip()) else cell for cell in cells]
    merged = len(cells) > _FEWEST_MERGED and len(set(cells)) == 1 and _SAYING.search(cells[0]) is not None
    return [cells[0], *[""] * (len(cells) - 1)] if merged else cells


def is_rule(cells: list[str]) -> bool:
    """Whether a row of pipes is the `---|---` under a header and no row of the table."""
    return any("-" in cell for cell in cells) and all(not cell or _RULE.fullmatch(f"--{cell}") for cell in cells)


def _spots(text: str) -> list[tuple[int, int, str]]:
    """Parts between gaps of two blanks or more (or one ideographic space) with their display columns."""
    body = text.rstrip(BLANK)
    if len(body) > _LONGEST_CELL_LINE or not _GAP.search(body.lstrip(BLANK)):
        return []
    spots: list[tuple[int, int, str]] = []
    column = position = 0
    indent = len(body) - len(body.lstrip(BLANK))
    bounds = [(match.start(), match.end()) for match in _GAP.finditer(body) if match.start() >= indent]
    starts = [indent, *(end for _, end in bounds)]
    ends = [*(start for start, _ in bounds), len(body)]
    for start, end in zip(starts, ends, strict=True):
        column += width(body[position:start])
        position = start
        if end > start:
            spots.append((column, column + width(body[start:end]), body[start:end]))
    return spots


def width(text: str) -> int:
    """Columns that `text` takes on a terminal: two for an ideograph, one for a letter or digit."""
    return sum(1 if character < "\u1100" else 2 for character in text)


def _is_stack(run: list[_Line]) -> bool:
    """One cell a line: every line with a tab has just the one it begins with."""
    led = [line for line in run if "\t" in line.text]
    return bool(led) and all(_leads(line.text) for line in led)


def _leads(text: str) -> bool:
    bare = text.lstrip(" \u3000")
    return bare.startswith("\t") and "\t" not in bare[1:]


def _stack(run: list[_Line], gap: bool) -> Iterator[Item]:
    """The row that a run of cell lines makes; lines before its first tab stand by themselves (see `collect`)."""
    row: Row | None = None
    for line in run:
        text = clean(line.text)
        if "\t" in line.text:
            if row is None:
                row = Row(Style.STACK, [], line.number, gap and line is run[0])
            row.cells.append(text)
        elif row is None:
            yield Prose(text, line.number)
        elif not row.cells[-1] or marks.is_amount(text) or marks.is_caption(text):
            row.cells.append(text)  # a cell that lost its tab
        else:
            row.cells[-1] += "\n" + text
    if row is not None:
        yield row
