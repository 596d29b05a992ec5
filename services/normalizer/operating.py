"""T10: sections stacked in one grid (procurement, operating costs, assets), each with headings of its own or none."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.normalizer.captions import is_note
from services.normalizer.grid import Grid
from services.normalizer.header import is_ordinal_row
from services.normalizer.segments import is_preamble_row
from shared.catalogue import keys, rows
from shared.catalogue.amounts import read_amount
from shared.catalogue.text import fold, squeeze, without_prefix
from shared.contracts.document import Cell
from shared.contracts.report import AmountState, Line, Unit

_HEADING = re.compile(
    r"(?:项目|名称|内容|指标)(?:\(.*)?$|行次$|序号$|.*(?:统计数|金额|数量|决算数|预算数|支出数|年末数|期末数|账面.*|价值.*|原值|净值)$|单位$"
)
_SECTION = re.compile(r"[一二三四五六七八九十]+[、.]")
_LABEL = re.compile(r"(?:项目|名称|内容|指标)(?:\(.*)?$|项目名称$")
_ORDINAL = re.compile(r"(?:行次|序号)$")
_COUNTED = re.compile(r"辆|\(台|台\(套|台/套|台套|\(个|人次|批次|\(人|数量|用车|车辆数")
_COUNTED_HEAD = re.compile(r"辆|台|套|数量|人次|批次|\(个|\(人")
_MONEY = re.compile(r"金额|价值|原值|净值|\(万?元\)|账面")
_EQUIPMENT = re.compile(r"单(?:价|位价值).*设备")
_ROWS = 3
_TOTALS = frozenset({keys.PROCUREMENT_TOTAL, keys.VEHICLES_TOTAL})


@dataclass(frozen=True)
class OperatingLine:
    """A line of T10 with its amount cells; `heads` are the headings in force above each amount column."""

    line: Line
    amounts: tuple[tuple[int, Cell], ...]
    heads: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True)
class OperatingRows:
    """Everything T10 consists of: lines, and the rows that are headings, sections or notes."""

    lines: tuple[OperatingLine, ...]
    headers: frozenset[int]
    ordinals: frozenset[int]
    notes: frozenset[int]
    labels: frozenset[int]
    counters: frozenset[int]


def read_operating(grid: Grid) -> OperatingRows:
    """Read the sections of T10 in one pass from top to bottom."""
    headers, ordinals, notes = set(), set(), set()
    lines: list[OperatingLine] = []
    layout = _Layout.of(grid)
    section = ""
    under: dict[int, str] = {}
    for row in grid.rows:
        words = grid.words(row)
        if not words:
            continue
        if len(words) == 1 and is_note(words[0]):
            notes.add(row)
        elif is_ordinal_row(words):
            ordinals.add(row)
        elif all(_HEADING.match(fold(word)) for word in words) and not _SECTION.match(words[0]):
            layout = layout.with_heads(grid, row)
            headers.add(row)
        elif _is_section(words) or (not lines and is_preamble_row(grid, row)):
            section = without_prefix(words[0]) if _SECTION.match(words[0]) or len(words) == 1 else section
            headers.add(row)
        else:
            lines.extend(_lines(grid, row, layout, section, under))
    return OperatingRows(
        tuple(lines),
        frozenset(headers),
        frozenset(ordinals),
        frozenset(notes),
        frozenset(layout.labels),
        frozenset(layout.counters),
    )


def _is_section(words: list[str]) -> bool:
    """A section heading stands alone in its row, or beside headings (一、政府采购情况 | 行次 | 统计数)."""
    rest = [fold(word) for word in words[1:]]
    return bool(_SECTION.match(words[0])) and all(_HEADING.match(word) for word in rest)


@dataclass(frozen=True)
class _Layout:
    labels: tuple[int, ...]
    counters: tuple[int, ...]
    heads: tuple[tuple[int, tuple[str, ...]], ...]

    @classmethod
    def of(cls, grid: Grid) -> _Layout:
        """Columns by content: texts are labels, rising small numbers 行次, all others amounts."""
        labels, counters, amounts = [], [], []
        for column in range(grid.columns):
            words = [grid.word(row, column) for row in grid.rows if grid.starts(row, column) and grid.word(row, column)]
            heads = [fold(word) for word in words]
            if any(_ORDINAL.match(word) for word in heads) or _counts_rows(words, column, grid.columns):
                counters.append(column)
            elif any(_LABEL.match(word) for word in heads) or _texts(words):
                labels.append(column)
            else:
                amounts.append(column)
        return cls(tuple(labels), tuple(counters), tuple((column, ()) for column in amounts))

    def with_heads(self, grid: Grid, row: int) -> _Layout:
        """The same columns under the headings of this row."""
        heads = tuple(
            (column, (grid.word(row, column),) if grid.word(row, column) else old) for column, old in self.heads
        )
        return _Layout(self.labels, self.counters, heads)


def _counts_rows(words: list[str], column: int, columns: int) -> bool:
    """Whether a column without a heading counts the rows: nothing but 1, 2, 3 … and amounts to its right."""
    numbers = [int(word) for word in words if word.isascii() and word.isdigit()]
    rising = all(earlier < later for earlier, later in itertools.pairwise(numbers))
    return column < columns - 1 and len(numbers) == len(words) >= _ROWS and rising and numbers[0] <= _ROWS


def _texts(words: list[str]) -> bool:
    plain = [word for word in words if not _HEADING.match(fold(word))]
    return bool(plain) and 2 * sum(read_amount(word).state is AmountState.UNREADABLE for word in plain) > len(plain)


def _lines(grid: Grid, row: int, layout: _Layout, section: str, under: dict[int, str]) -> Iterator[OperatingLine]:
    """The lines of a row: one per label column, with the amounts up to the next label.

    `under` remembers by group the last 一、 label: side-by-side forms print sections as lines.
    """
    bounds = [*layout.labels, grid.columns]
    for group, (start, end) in enumerate(itertools.pairwise(bounds)):
        if not grid.starts(row, start) and group:
            continue
        label = grid.text(row, start)
        inside = [(column, head) for column, head in layout.heads if start < column < end]
        amounts = tuple(
            (column, cell)
            for column, _ in inside
            if grid.starts(row, column) and (cell := grid.cell(row, column)) is not None
        )
        if not squeeze(label) and not any(squeeze(cell.text) for _, cell in amounts):
            continue
        counter = next((column for column in layout.counters if start < column < end), None)
        ordinal = grid.word(row, counter) if counter is not None else ""
        if _SECTION.match(squeeze(label)):
            under[group] = squeeze(label)
        key = rows.operating_key(section or under.get(group, ""), label)
        yield OperatingLine(
            Line(
                row=row,
                group=group,
                key=key,
                name=squeeze(label),
                label=label,
                ordinal=ordinal or None,
                ordinal_column=counter if ordinal else None,
                is_total=key in _TOTALS,
                section=section,
            ),
            amounts,
            tuple(inside),
        )


def unit_of(line: Line, path: tuple[str, ...], money: Unit) -> Unit:
    """Money or a count: by the heading where it says so, else by the row."""
    heading = fold("/".join(path))
    label = fold(line.label)
    if _MONEY.search(heading):
        return money
    if _COUNTED_HEAD.search(heading):
        return Unit.COUNT
    counted = _COUNTED.search(label) or (_EQUIPMENT.search(label) and "采购" not in line.section + label)
    return Unit.COUNT if counted and not re.search(r"费(?!用?车)|金额|价值(?!\d)|总额|原值", label) else money
