"""Markdown: pipe tables through `unstructured`, everything else as in plain text.

`partition_md` renders the markup of pipe tables exactly, but it loses what final accounts in Markdown also have: tab
tables, one cell a line, line breaks between captions, the numbers of lists. Those lines go to the text reader.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from services.extractor.html_grid import Grid, lay_out
from services.extractor.limits import MAX_TEXT, check_size
from services.extractor.offline import partition_md
from services.extractor.readers.base import Reader, Reading
from services.extractor.readers.text import read_text
from services.extractor.textgrid.decode import decode
from services.extractor.textgrid.items import unrepeated
from services.extractor.textgrid.merged import merge
from services.extractor.zipsafe import parse_xml
from shared.contracts.document import Block, Doubt, MediaType, SourceFile, Table

_RULE = re.compile(r"^\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?\|?\s*$")
_PIPE = re.compile(r"(?<!\\)(?:\\\\)*\|")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
#: A "<" that opens none of the tags that a converter leaves in a cell is printed as it is.
_LESS = re.compile(r"<(?!/?(?:b|strong|i|em|u|s|del|ins|sub|sup|small|font|span|a|p|mark)\b[^<>]*>)", re.IGNORECASE)
#: Characters that no XML may hold, or that stand for something here or inside the Markdown library.
_UNPRINTED = re.compile("[\x00-\x08\x0b-\x1f\x7f\ue002\ufffe\uffff]")
#: The number of a character; one that is no character of XML, or is not ended, is printed as it stands.
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}))?(;?)")
_SPACES = "\u00a0\u2002\u2003\u2009\u3000"
#: A backslash at the end of a cell would take the next border with it.
_LOOSE = re.compile(r"(?<!\\)(?:\\\\)*\\$")
_FENCE = re.compile(r"^\s{0,3}(?:```|~~~)")
#: Stands for a line break inside a cell while white space is collapsed; from the private use area.
_LINE = "\ue002"


@dataclass(frozen=True)
class _Piece:
    """Lines in a row: the rows of a pipe table (without the rule under its head), or any other text."""

    lines: tuple[str, ...]
    is_table: bool


class MarkdownReader(Reader):
    """Headings, text and tables of a Markdown file."""

    name: ClassVar[str] = "markdown"
    version: ClassVar[str] = "2"
    media_types: ClassVar[tuple[MediaType, ...]] = (MediaType.MARKDOWN,)

    def read(self, source: SourceFile) -> Reading:
        """Read `source`; raises `TOO_LARGE` or `NOT_READABLE`."""
        check_size(len(source.content), MAX_TEXT)
        text, found = decode(source.content)
        blocks: list[Block] = []
        doubts: list[Doubt] = list(found)
        tables = 0
        for piece in _pieces(text):
            grid = _pipe_grid(piece.lines) if piece.is_table else None
            new: list[Block] = []
            if grid is not None and grid.rows:
                cells = merge(grid.cells, grid.rows, grid.columns)
                new = [Table(index=tables, rows=grid.rows, columns=grid.columns, cells=cells)]
            elif grid is None:
                new, more = read_text("\n".join((*piece.lines, "")))
                new = [_shift(block, tables) for block in new]
                doubts += [_shift_doubt(doubt, tables) for doubt in more]
            tables += sum(isinstance(block, Table) for block in new)
            blocks += new
        return Reading(tuple(blocks), doubts=tuple(doubts))


def _pieces(text: str) -> Iterator[_Piece]:
    """Cut a text into pipe tables and the rest. A table that goes on after a blank line without a head is one table."""
    lines = text.splitlines()
    rules = _heads(lines)
    start = index = 0
    while index < len(lines):
        if index not in rules:
            index += 1
            continue
        if start < index:
            yield _Piece(tuple(lines[start:index]), is_table=False)
        rows = [lines[index]]
        index += 2
        while index < len(lines) and (skip := _continues(lines, index, rules)) is not None:
            rows.append(lines[index + skip])
            index += skip + 1
        yield _Piece(tuple(rows), is_table=True)
        start = index
    if start < len(lines):
        yield _Piece(tuple(lines[start:]), is_table=False)


def _heads(lines: list[str]) -> frozenset[int]:
    """Numbers of the lines that a rule of dashes under them makes the head of a table; code fences hold none."""
    heads: list[int] = []
    fenced = False
    for index, (line, below) in enumerate(pairwise(lines)):
        if _FENCE.match(line):
            fenced = not fenced
        if not fenced and _PIPE.search(line) and "-" in below and _RULE.match(below) and not _RULE.match(line):
            heads.append(index)
    return frozenset(heads)


def _continues(lines: list[str], index: int, heads: frozenset[int]) -> int | None:
    """How many blank lines stand before the next row of the table, None if it is over."""
    skip = 0
    while index + skip < len(lines) and not lines[index + skip].strip():
        skip += 1
    at = index + skip
    if at >= len(lines) or at in heads or not _PIPE.search(lines[at]):
        return None
    return skip if not skip or lines[at].lstrip().startswith("|") else None


def _pipe_grid(lines: tuple[str, ...]) -> Grid | None:
    """The grid of a pipe table; a head without any text is how Markdown writes a table that has none.

    None if markup in the cells made another table of it: the text reader then reads the lines as they stand.
    """
    rows = [_cells(line) for line in lines]
    if rows and not any(cell.strip() for cell in rows[0]):
        rows = rows[1:]
    width = max((len(row) for row in rows), default=0)
    if not any(cell.strip() for row in rows for cell in row):
        return Grid(0, 0, [])
    lines = tuple("|" + "|".join((*row, *[" "] * (width - len(row)))) + "|" for row in rows)
    # The library drops a table that has nothing but a head, so all rows stand below an empty one.
    source = "\n".join(("|" + " |" * width, "|" + "---|" * width, *lines))
    html = "".join(element.html or "" for element in partition_md(source))
    grid = lay_out(parse_xml(f"<div>{html}</div>".encode()))
    if (grid.rows, grid.columns) != (len(rows) + 1, width):
        return None
    cells = [
        cell.model_copy(update={"row": cell.row - 1, "text": _lines(cell.text)}) for cell in grid.cells if cell.row > 0
    ]
    return Grid(len(rows), width, cells)


def _cells(line: str) -> list[str]:
    """The cells of a row as Markdown source, ready to be joined with pipes again."""
    bare = line.strip()
    ends = [match.end() for match in _PIPE.finditer(bare)]
    edges = [0, *ends, len(bare) + 1]
    cells = [bare[start : end - 1] for start, end in pairwise(edges)]
    if ends and ends[0] == 1:
        cells = cells[1:]
    if ends and ends[-1] == len(bare) and cells:
        cells = cells[:-1]
    return [_safe(cell) for cell in unrepeated(cells)]


def _safe(cell: str) -> str:
    """A cell that Markdown renders as the text of one cell, whatever stands in it."""
    shown = _LESS.sub("&lt;", _BREAK.sub(_LINE, _UNPRINTED.sub("", cell))).replace("`", "\\`")
    shown = _REFERENCE.sub(_reference, shown)
    return shown + "\\" if _LOOSE.search(shown) else shown


def _reference(found: re.Match[str]) -> str:
    code = int(found[1], 16) if found[1] else int(found[2] or 0)
    character = chr(code) if code <= sys.maxunicode else ""
    known = found[3] and (character in _SPACES or character.isprintable())
    return found[0] if character and known else found[0].replace("&", "&amp;")


def _lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.split(_LINE) if line.strip())


def _shift(block: Block, tables: int) -> Block:
    return block.model_copy(update={"index": block.index + tables}) if isinstance(block, Table) else block


def _shift_doubt(doubt: Doubt, tables: int) -> Doubt:
    return doubt if doubt.table is None else doubt.model_copy(update={"table": doubt.table + tables})
