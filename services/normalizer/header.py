"""The head of a table: which rows are headings, which are 栏次, and the path of headings above every column."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from enum import StrEnum

from services.normalizer.grid import Grid
from shared.catalogue.amounts import read_amount
from shared.catalogue.rows import bare_label, class_code
from shared.catalogue.text import fold
from shared.contracts.report import AmountState

_CODE = re.compile(r"\d{3}(?:\d{2}){0,2}")
_ORDINAL = re.compile(r"\(?(\d{1,2})\)?(?:[=<>+\-()（）*/、,.]*[\d=<>+\-()（）*/]*)?")
_ORDINAL_WORDS = frozenset({"栏次", "行次", "序号", "甲", "乙", "丙", "丁", "次", "项目", "栏", "类", "款", "项"})
_TOTALS = frozenset({"合计", "总计", "总合计", "本年收入合计", "本年支出合计"})
_BODY_LABEL = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.]|[\(][一二三四五六七八九十]{1,2}[\)]|\d{1,2}[.、]\D|其中[:])"
)
_TYPE_WORDS = frozenset({"类", "款", "项"})


class RowKind(StrEnum):
    """What a grid row is."""

    BLANK = "blank"
    HEADER = "header"
    ORDINAL = "ordinal"
    BODY = "body"


@dataclass(frozen=True)
class Head:
    """The heading rows of a grid and, for every column, the distinct headings from top to bottom."""

    rows: tuple[int, ...]
    ordinals: tuple[int, ...]
    body: int
    paths: tuple[tuple[str, ...], ...]

    def lowest(self, column: int) -> str:
        """The lowest heading of a column, folded; "" if it has none."""
        return fold(self.paths[column][-1]) if self.paths[column] else ""


def read_head(grid: Grid) -> Head:
    """Find the heading rows at the top of `grid` and work out the paths."""
    rows, ordinals, body = [], [], grid.end
    for row in grid.rows:
        kind = row_kind(grid, row)
        if kind is RowKind.BODY:
            body = row
            break
        if kind is RowKind.HEADER:
            rows.append(row)
        elif kind is RowKind.ORDINAL:
            ordinals.append(row)
    if body == grid.end and rows:
        body = max([*rows, *ordinals]) + 1
    partial: dict[int, str] = {}
    for row in (*ordinals, *([body] if body < grid.end else [])):
        partial |= _type_row(grid, row)
    return Head(tuple(rows), tuple(ordinals), body, _paths(grid, rows, partial))


def row_kind(grid: Grid, row: int) -> RowKind:
    """What one row of the upper part of a table is."""
    words = grid.words(row)
    if not words:
        return RowKind.BLANK
    if is_ordinal_row(words):
        return RowKind.ORDINAL
    if any(_is_value(word) for word in words) or _BODY_LABEL.match(fold(words[0])):
        return RowKind.BODY
    return RowKind.BODY if _is_label_row(words) else RowKind.HEADER


def _is_label_row(words: list[str]) -> bool:
    """A row of the body that has no amounts: a lone 合计 or functional class, or the totals of both sides."""
    first = fold(words[0])
    if len(words) == 1:
        return first in _TOTALS or class_code(bare_label(first), None) is not None
    return first in _TOTALS - {"合计"} and all(fold(word) in _TOTALS for word in words)


def _is_value(word: str) -> bool:
    """Whether a word is a code, a figure or a dash: something that no heading is."""
    return bool(_CODE.fullmatch(word)) or read_amount(word).state in {
        AmountState.VALUE,
        AmountState.ZERO,
        AmountState.DASH,
    }


def is_ordinal_row(words: list[str]) -> bool:
    """Whether a row counts columns: 栏次 1 2 3, or bare 1 2 3 … 12, formulas like 1=2+3 included."""
    labels = [word for word in words if fold(word) in _ORDINAL_WORDS]
    numbers = [match for word in words if (match := _ORDINAL.fullmatch(fold(word)))]
    if len(labels) + len(numbers) != len(words) or not numbers:
        return False
    counted = [int(match[1]) for match in numbers]
    named = any(fold(word) in {"栏次", "栏", "行次", "甲", "次"} for word in labels)
    rising = all(later == earlier + 1 for earlier, later in itertools.pairwise(counted))
    return rising and (named or (counted[0] == 1 and len(counted) >= 2 and not labels))  # noqa: PLR2004


def _type_row(grid: Grid, row: int) -> dict[int, str]:
    """The headings 类, 款, 项 that some forms print in the same row as the 合计 amounts."""
    return {column: grid.word(row, column) for column in range(grid.columns) if grid.word(row, column) in _TYPE_WORDS}


def _paths(grid: Grid, rows: list[int], partial: dict[int, str]) -> tuple[tuple[str, ...], ...]:
    if not rows:
        return tuple(() for _ in range(grid.columns))
    span = range(min(rows), max(rows) + 1)
    spanned = grid.has_spans(span)
    matrix = [[grid.word(row, column) for column in range(grid.columns)] for row in rows]
    owners = [[_owner(grid, row, column) for column in range(grid.columns)] for row in rows]
    if not spanned:
        matrix = _without_spans(matrix)
        owners = [[(index, column) for column in range(grid.columns)] for index in range(len(rows))]
    paths = []
    for column in range(grid.columns):
        path: list[str] = []
        last: tuple[int, int] | None = None
        for index in range(len(rows)):
            word, owner = matrix[index][column], owners[index][column]
            if word and owner != last and (not path or path[-1] != word):
                path.append(word)
            last = owner
        if column in partial:
            path.append(partial[column])
        paths.append(tuple(path))
    return tuple(paths)


def _owner(grid: Grid, row: int, column: int) -> tuple[int, int]:
    cell = grid.cell(row, column)
    return (cell.row, cell.column) if cell else (row, column)


def _without_spans(matrix: list[list[str]]) -> list[list[str]]:
    """Give blank cells of text tables the parent to their left, as the merged cells of the source had it."""
    filled = [list(row) for row in matrix]
    for index in range(len(filled) - 2, -1, -1):
        filled[index] = _realigned(filled[index], filled[index + 1])
    for index, row in enumerate(filled[:-1]):
        below = filled[index + 1 :]
        for column in range(1, len(row)):
            if row[column] or not row[column - 1] or not any(line[column] for line in below):
                continue
            same_parent = all(line[column] == line[column - 1] for line in filled[:index])
            left_has_child = any(line[column - 1] for line in below)
            if same_parent and left_has_child and not _never_child(row[column - 1], below, column):
                row[column] = row[column - 1]
    return filled


def _never_child(parent: str, below: list[list[str]], column: int) -> bool:
    """年初/年末…结转 stands on its own, never under 本年支出 or 本年收入."""
    child = next(line[column] for line in below if line[column])
    return parent.startswith("本年") and child.startswith(("年初", "年末"))


def _realigned(upper: list[str], lower: list[str]) -> list[str]:
    """Spread a heading row that lost its merged cells (one cell per line texts) over the row below it.

    Such a row has all its texts at the left and nothing at the right, although there are headings below. A blank below
    means that the heading reaches down; a run of texts below shares one heading, a repeated first text begins the next.
    """
    count = len([word for word in upper if word])
    if count < 2 or count == len(upper) or not all(upper[:count]) or any(upper[count:]):  # noqa: PLR2004
        return upper
    groups: list[list[int]] = []
    for column, word in enumerate(lower):
        new_run = not word or column == 0 or not lower[column - 1]
        repeated = bool(word) and bool(groups) and word == lower[groups[-1][0]]
        if new_run or repeated:
            groups.append([column])
        else:
            groups[-1].append(column)
    if len(groups) < count:
        return upper
    spread = [""] * len(upper)
    for number, columns in enumerate(groups):
        for column in columns:
            spread[column] = upper[min(number, count - 1)]
    return spread
