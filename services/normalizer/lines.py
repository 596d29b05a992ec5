"""From grid rows to labelled lines with their codes, keys and amount cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.normalizer.captions import is_note
from services.normalizer.columns import Group
from services.normalizer.grid import Grid
from services.normalizer.header import is_ordinal_row
from services.normalizer.measures import names_phase, phase_of, san_gong_measure
from services.normalizer.recognise import View
from services.normalizer.segments import is_preamble_row
from shared.catalogue import keys, rows
from shared.catalogue.amounts import read_amount
from shared.catalogue.codes import resolve
from shared.catalogue.text import fold, squeeze, without_enumeration
from shared.contracts.document import Cell
from shared.contracts.report import Code, CodeSystem, Line, Measure, Phase

_SPLIT_LABEL = re.compile(r"(\d{3}(?:\d{2}){0,2})[-—:、.]?(\D.*)")
_PARTS = frozenset({"类", "款", "项"})
_TOTALS = frozenset(
    {"合计", "总计", "总合计", "本年收入合计", "本年支出合计", "支出合计", "收入合计", "支出总计", "小计"}
)
_TOTAL_KEYS = frozenset(
    {
        keys.TOTAL,
        keys.TOTAL_INCOME_CURRENT,
        keys.TOTAL_EXP_CURRENT,
        keys.GRAND_TOTAL_INCOME,
        keys.GRAND_TOTAL_EXP,
        keys.STAFF_TOTAL,
        keys.OPERATING_TOTAL,
    }
)
_STAFF = re.compile(r"(?:人员经费|人员支出)(?:合计|小计)?")
_OPERATING = re.compile(r"(?:日常)?公用(?:经费|支出)(?:合计|小计)?")
_CODED = frozenset({"T02", "T03", "T05", "T06", "T07", "T08"})
_NO_ITEM = frozenset({None, Measure.UNCLASSIFIED, Measure.SAN_GONG_TOTAL})
_SUMMARY = frozenset({"T01", "T04"})


@dataclass(frozen=True)
class Entry:
    """A line and the amount cells that belong to it, by column.

    `measure` and `phase` are there where the row names them: forms of T09 with the items or 预算数, 决算数 as rows.
    """

    line: Line
    amounts: tuple[tuple[int, Cell], ...]
    measure: Measure | None = None
    phase: Phase | None = None


@dataclass(frozen=True)
class RowSort:
    """The rows of the body that are no lines: repeated headings, 栏次, captions, notes."""

    headers: frozenset[int]
    ordinals: frozenset[int]
    captions: frozenset[int]
    notes: frozenset[int]

    def skips(self, row: int) -> bool:
        """Whether `row` holds no line."""
        return row in self.headers or row in self.ordinals or row in self.captions or row in self.notes


def sort_rows(view: View) -> RowSort:
    """Find the body rows that repeat the head after a page break, and the notes at the end."""
    grid, head = view.segment.grid, view.head
    shapes = {tuple(grid.words(row)) for row in head.rows} - {()}
    headers, ordinals, captions, notes = set(), set(), set(), set()
    for row in range(head.body, grid.end):
        words = grid.words(row)
        if not words:
            continue
        if tuple(words) in shapes:
            headers.add(row)
        elif is_ordinal_row(words) and head.rows and (words[0] in {"栏次", "行次"} or row - 1 in headers):
            ordinals.add(row)
        elif len(words) == 1 and is_note(words[0]) and not words[0].isdigit():
            notes.add(row)
        elif is_preamble_row(grid, row) and not any(word.isdigit() for word in words):
            captions.add(row)
    return RowSort(frozenset(headers), frozenset(ordinals), frozenset(captions), frozenset(notes))


def system_of(table: str, code: str) -> CodeSystem:
    """The classification a code of this table belongs to."""
    if table != "T06":
        return CodeSystem.FUNCTIONAL
    return CodeSystem.ECONOMIC_GOVERNMENT if code.startswith("5") else CodeSystem.ECONOMIC_DEPARTMENT


def read_entries(table: str, view: View, sort: RowSort, year: int | None) -> list[Entry]:
    """All lines of a table in reading order, wrapped names joined."""
    reader = _Reader(table, view.segment.grid, year)
    found: list[Entry] = []
    for row in range(view.head.body, view.segment.grid.end):
        if sort.skips(row) or not view.segment.grid.words(row):
            continue
        entries = [entry for group in view.groups if (entry := reader.entry(row, group)) is not None]
        found.extend(_total_on_the_right(entries))
    return list(_one_san_gong(found) if table == "T09" else _joined(found, table))


@dataclass
class _Reader:
    """Reads lines row by row; remembers the codes above and whether the carry-over of T04 was passed."""

    table: str
    grid: Grid
    year: int | None
    under_carry_in: bool = False
    above: tuple[str, ...] = ()

    def entry(self, row: int, group: Group) -> Entry | None:
        label, printed, full = self._label(row, group)
        amounts = tuple(
            (column, cell)
            for column in group.amounts
            if self.grid.starts(row, column) and (cell := self.grid.cell(row, column)) is not None
        )
        ordinal = self.grid.word(row, group.ordinal) if group.ordinal is not None else ""
        written = any(squeeze(cell.text) for _, cell in amounts)
        if not (label or printed or ordinal or written):
            return None
        name = without_enumeration(label) if self.table in _SUMMARY else squeeze(label)
        key, code, measure = self._key(group, name, label, full)
        line = Line(
            row=row,
            group=group.number,
            key=key,
            name=name,
            label=label,
            printed_code=printed,
            code=code,
            ordinal=ordinal or None,
            ordinal_column=group.ordinal if ordinal else None,
            is_total=key in _TOTAL_KEYS,
        )
        phase = phase_of((name,)) if self.table == "T09" and names_phase(name) else None
        return Entry(line, amounts, measure, phase)

    def _label(self, row: int, group: Group) -> tuple[str, str, str]:
        """Label as printed, the printed code, and the whole code where a split one leaves its upper part blank."""
        parts, words = [], []
        for column in group.codes:
            text = self.grid.text(row, column) if self.grid.starts(row, column) else ""
            word = squeeze(text)
            if re.fullmatch(r"\d+", word):
                parts.append(fold(word))  # full-width digits are the same code
            else:
                parts.append("")
                if word and word not in _PARTS:
                    words.append(text)
        label = self.grid.text(row, group.label) if group.label is not None else ""
        if not squeeze(label) or (words and squeeze(words[0]) == squeeze(label)):
            label = words[0] if words else label
        printed = "".join(parts)
        if not printed and self.table in _CODED and (split := _SPLIT_LABEL.fullmatch(squeeze(label))):
            return split[2], split[1], split[1]
        if self.table in _CODED and not printed and re.fullmatch(r"\d{3}(?:\d{2}){0,2}", squeeze(label)):
            return "", squeeze(label), squeeze(label)
        return label, printed, self._whole(parts)

    def _whole(self, parts: list[str]) -> str:
        """A split code whose upper parts are blank takes them from the row above."""
        if len(parts) < 2 or not any(parts):  # noqa: PLR2004
            return "".join(parts)
        first = next(position for position, part in enumerate(parts) if part)
        if first and len(self.above) == len(parts) and all(self.above[:first]) and len(parts[first]) < 3:  # noqa: PLR2004
            parts = [*self.above[:first], *parts[first:]]
        self.above = tuple(parts)
        return "".join(parts)

    def _key(self, group: Group, name: str, label: str, full: str) -> tuple[str | None, Code | None, Measure | None]:
        if self.table in _SUMMARY:
            return (*self._summary_key(group, label), None)
        if self.table == "T09":
            measure = san_gong_measure(rows.bare_label(name)) if group.label is not None else None
            return keys.SAN_GONG, None, measure
        if full and self.table in _CODED:
            code = resolve(full, system_of(self.table, full), self.year)
            return (full if code else None), code, None
        return _word_key(self.table, fold(name)), None, None

    def _summary_key(self, group: Group, label: str) -> tuple[str | None, Code | None]:
        if not squeeze(label):
            return None, None
        if group.number == 0:
            under = self.under_carry_in and self.table == "T04"
            key = None if rows.carry_part(label) else rows.income_key(label, under_carry_in=under)
            if key == keys.CARRY_IN:
                self.under_carry_in = True
            return key, None
        if group.number > 1:
            return None, None
        key = None if rows.carry_part(label) else rows.expenditure_key(label, self.year)
        code = resolve(key, CodeSystem.FUNCTIONAL, self.year) if key and key.isdigit() else None
        return key, code


def _word_key(table: str, bare: str) -> str | None:
    """The key of a row without a code in a table of codes."""
    if table not in _CODED:
        return None
    if table == "T06" and _STAFF.fullmatch(bare):
        return keys.STAFF_TOTAL
    if table == "T06" and _OPERATING.fullmatch(bare):
        return keys.OPERATING_TOTAL
    return keys.TOTAL if bare in _TOTALS else None


def _total_on_the_right(entries: list[Entry]) -> Iterator[Entry]:
    """公用经费合计 of T06 may have its amount in a later group of the row: the nameless amounts join it."""
    pending: Entry | None = None
    for entry in entries:
        nameless = not entry.line.name and not entry.line.printed_code and not entry.line.ordinal
        if pending is not None and nameless:
            pending = replace(pending, amounts=(*pending.amounts, *entry.amounts))
            continue
        if pending is not None:
            yield pending
        pending = entry
        if entry.line.key not in {keys.OPERATING_TOTAL, keys.STAFF_TOTAL, keys.TOTAL}:
            yield entry
            pending = None
    if pending is not None:
        yield pending


def _one_san_gong(entries: list[Entry]) -> Iterator[Entry]:
    """Where T09 lists units row by row, only the row of the total (or the first) stands for the department."""
    plain = [entry for entry in entries if entry.measure in _NO_ITEM and entry.phase is None]
    listed = [entry for entry in plain if any(read_amount(cell.text).printed for _, cell in entry.amounts)]
    by_items = len(plain) < len(entries)
    total = next((entry for entry in listed if fold(entry.line.name) in _TOTALS), listed[0] if listed else None)
    for entry in entries:
        aside = not by_items and entry in listed and entry is not total
        yield replace(entry, line=entry.line.model_copy(update={"key": None})) if aside else entry


def _joined(entries: list[Entry], table: str) -> Iterator[Entry]:
    """Join a name that was wrapped into a row of its own to the row above, where the catalogue knows it."""
    previous: dict[int, int] = {}
    result: list[Entry | None] = []
    for entry in entries:
        line = entry.line
        above = previous.get(line.group)
        head = result[above] if above is not None else None
        if head is not None and _continues(head.line, entry, table):
            name = head.line.name + line.name
            result[above or 0] = replace(
                head, line=head.line.model_copy(update={"name": name, "label": head.line.label + line.label})
            )
            continue
        previous[line.group] = len(result)
        result.append(entry)
    return (entry for entry in result if entry is not None)


def _continues(head: Line, entry: Entry, table: str) -> bool:
    line = entry.line
    if line.key or line.printed_code or line.ordinal or any(squeeze(cell.text) for _, cell in entry.amounts):
        return False
    if not line.name or head.code is None or not head.printed_code:
        return False
    return rows.wrapped_name(head.printed_code, system_of(table, head.printed_code), head.name, line.name)
