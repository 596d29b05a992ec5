"""From a recognised grid to its ReportTable and facts, with a role for every cell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from services.normalizer.columns import Group
from services.normalizer.grid import Grid
from services.normalizer.lines import Entry, RowSort, read_entries, sort_rows
from services.normalizer.measures import fund_of, measure_of, phase_of, side_of
from services.normalizer.operating import OperatingRows, read_operating, unit_of
from services.normalizer.recognise import View
from services.normalizer.segments import Segment
from shared.catalogue.amounts import read_amount
from shared.catalogue.text import squeeze
from shared.contracts.base import Text
from shared.contracts.document import Cell, Doubt, DoubtCode
from shared.contracts.report import (
    AmountState,
    CellRole,
    Column,
    Fact,
    Line,
    Measure,
    NotUnderstood,
    Place,
    ReportTable,
    RoleCell,
    Unit,
)

_SAN_GONG_NAME = "三公经费"
_ITEMS_ACROSS = 3
_OPERATING_ITEM = re.compile(r"用车|车辆|设备|货物|工程|服务|房屋|资产")


@dataclass(frozen=True)
class Setting:
    """What is known of a table before its cells are read. `sure_unit` is False where no unit is printed anywhere."""

    table: str
    why: str
    year: int | None
    unit: Unit
    sure_unit: bool


@dataclass
class Built:
    """A table with its facts and what was not understood in it."""

    table: ReportTable
    facts: list[Fact] = field(default_factory=list)
    not_understood: list[NotUnderstood] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def build(view: View, setting: Setting) -> Built:
    """Read a table that is one of T01 to T09 (T10 has sections of its own: `build_operating`)."""
    sort = sort_rows(view)
    entries = read_entries(setting.table, view, sort, setting.year)
    columns = _columns(view, setting)
    work = _Work(view.segment, setting)
    work.mark_rows(view.head.rows, CellRole.HEADER)
    work.mark_rows(view.head.ordinals, CellRole.ORDINAL)
    work.mark_sort(sort)
    for entry in entries:
        work.mark_line(entry.line, view.groups)
        work.add(entry, columns)
    return work.finish(columns.values(), [entry.line for entry in entries], sort.notes)


def build_operating(view: View, setting: Setting) -> Built:
    """Read T10."""
    grid = view.segment.grid
    found: OperatingRows = read_operating(grid)
    work = _Work(view.segment, setting)
    work.mark_rows(found.headers, CellRole.HEADER)
    work.mark_rows(found.ordinals, CellRole.ORDINAL)
    work.mark_rows(found.notes, CellRole.NOTE)
    columns: dict[int, Column] = {}
    for item in found.lines:
        local = {}
        for column, path in item.heads:
            unit = unit_of(item.line, path, setting.unit)
            local[column] = Column(
                column=column,
                path=path,
                measure=Measure.AMOUNT,
                group=item.line.group,
                phase=phase_of(path),
                unit=unit,
            )
        columns = {**local, **columns}
        work.mark_labels(item.line.row, found.labels, found.counters)
        work.add(Entry(item.line, item.amounts), local)
    return work.finish(columns.values(), [item.line for item in found.lines], found.notes)


def is_flat(view: View) -> bool:
    """Whether T10 prints its items as columns over a row or two of figures: 国有资产占用情况表 of some provinces."""
    amounts = view.groups[0].amounts if len(view.groups) == 1 else ()
    return len(amounts) >= _ITEMS_ACROSS and len(_OPERATING_ITEM.findall(view.headings)) >= _ITEMS_ACROSS - 1


def _columns(view: View, setting: Setting) -> dict[int, Column]:
    found: dict[int, Column] = {}
    for group in view.groups:
        for column in group.amounts:
            path = _path(view, setting.table, column)
            side = side_of(setting.table, group.number, path, Measure.UNCLASSIFIED)
            measure = measure_of(setting.table, path, side, view.headings, setting.year)
            found[column] = Column(
                column=column,
                path=path,
                measure=measure,
                group=group.number,
                phase=phase_of(path),
                side=side_of(setting.table, group.number, path, measure),
                fund=fund_of(setting.table, measure, view.segment.title),
                unit=_unit(setting, path),
            )
    return found


def _unit(setting: Setting, path: tuple[str, ...]) -> Unit:
    """Columns of T10 may count vehicles or sets; all others are money."""
    if setting.table != "T10":
        return setting.unit
    return unit_of(Line(row=0, group=0, key=None, name="", label="/".join(path)), path, setting.unit)


def _path(view: View, table: str, column: int) -> tuple[str, ...]:
    """The heading path; the groups 人员经费, 公用经费 of T06 do not count, they name rows, not amounts."""
    path = view.head.paths[column]
    return path[-1:] if table == "T06" else path


class _Work:
    """Collects roles, facts and doubts of one table."""

    def __init__(self, segment: Segment, setting: Setting) -> None:
        self.segment = segment
        self.grid: Grid = segment.grid
        self.setting = setting
        self.roles: dict[tuple[int, int], RoleCell] = {}
        self.facts: list[Fact] = []
        self.not_understood: list[NotUnderstood] = []
        self.doubts: list[Doubt] = []

    def mark_rows(self, rows: Iterable[int], role: CellRole) -> None:
        """Give every cell of these rows one role (blanks stay blank)."""
        for row in rows:
            for cell in self.grid.own(row):
                self._role(cell, role)

    def mark_sort(self, sort: RowSort) -> None:
        """Roles of the rows that are no lines."""
        self.mark_rows(sort.headers, CellRole.HEADER)
        self.mark_rows(sort.ordinals, CellRole.ORDINAL)
        self.mark_rows(sort.captions, CellRole.CAPTION)
        self.mark_rows(sort.notes, CellRole.NOTE)

    def mark_line(self, line: Line, groups: tuple[Group, ...]) -> None:
        """Roles of code, label and 行次 cells of a line."""
        group = next(one for one in groups if one.number == line.group)
        for columns, role in (
            (group.codes, CellRole.CODE),
            ((group.label,), CellRole.LABEL),
            ((group.ordinal,), CellRole.ORDINAL),
            (group.texts, CellRole.TEXT),
        ):
            for column in columns:
                cell = self.grid.cell(line.row, column) if column is not None else None
                if cell is not None:
                    self._role(cell, role)

    def mark_labels(self, row: int, labels: Iterable[int], counters: Iterable[int]) -> None:
        """Roles of label and 行次 cells of a row of T10."""
        for columns, role in ((counters, CellRole.ORDINAL), (labels, CellRole.LABEL)):
            for column in columns:
                if (cell := self.grid.cell(row, column)) is not None:
                    self._role(cell, role)

    def _role(self, cell: Cell, role: CellRole) -> None:
        blank = not squeeze(cell.text)
        self.roles.setdefault(
            (cell.row, cell.column),
            RoleCell(row=cell.row, column=cell.column, role=CellRole.BLANK if blank else role, raw=cell.text.strip()),
        )

    def add(self, entry: Entry, columns: dict[int, Column]) -> None:
        """Read the amount cells of a line."""
        for number, cell in entry.amounts:
            amount = read_amount(cell.text)
            raw = cell.text.strip()
            if amount.state is AmountState.UNREADABLE:
                self._unreadable(entry.line, cell)
                continue
            self.roles[cell.row, cell.column] = RoleCell(
                row=cell.row,
                column=cell.column,
                role=CellRole.AMOUNT,
                state=amount.state,
                amount=amount.value,
                raw=raw,
            )
            if amount.value is None or amount.quantum is None:
                continue
            self.facts.append(self._fact(entry, columns[number], cell, amount.value, amount.quantum))
            if entry.line.key is None and not entry.line.name:
                text = Text(zh="这一行有金额而没有项目名称", en="A row with amounts but without a name")
                self.not_understood.append(self._missed(text, cell))

    def _fact(self, entry: Entry, column: Column, cell: Cell, value: Decimal, quantum: Decimal) -> Fact:
        line, setting = entry.line, self.setting
        unit = _row_unit(entry, column) if setting.table == "T09" else column.unit
        factor = unit.yuan
        money = unit is not Unit.COUNT
        path = (line.section, *column.path) if line.section else column.path
        by_row = entry.measure if entry.measure not in {None, Measure.UNCLASSIFIED} else None
        measure = by_row if by_row and column.measure is Measure.UNCLASSIFIED else column.measure
        name = line.name or (_SAN_GONG_NAME if setting.table == "T09" else "")
        return Fact(
            table=setting.table,
            key=_fact_key(line, measure, setting.table),
            row_code=line.printed_code,
            row_name=name,
            column="/".join(part for part in path if part),
            measure=measure,
            phase=entry.phase or column.phase,
            side=column.side,
            fund=column.fund,
            code=line.code,
            amount=value,
            amount_yuan=value * factor if factor is not None and (setting.sure_unit or not money) else None,
            unit=unit,
            quantum=quantum,
            raw=cell.text.strip(),
            place=self._place(cell),
            group=line.group,
            doubts=(*cell.doubts, *(() if setting.sure_unit or not money else (DoubtCode.UNKNOWN_UNIT,))),
        )

    def _place(self, cell: Cell) -> Place:
        return Place(
            source_table=self.grid.table.index,
            row=cell.row,
            column=cell.column,
            page=cell.page or self.grid.table.page,
            box=cell.box,
        )

    def _missed(self, text: Text, cell: Cell) -> NotUnderstood:
        return NotUnderstood(text=text, table=self.setting.table, place=self._place(cell), raw=cell.text.strip())

    def _unreadable(self, line: Line, cell: Cell) -> None:
        raw = cell.text.strip()
        self.roles[cell.row, cell.column] = RoleCell(
            row=cell.row, column=cell.column, role=CellRole.AMOUNT, state=AmountState.UNREADABLE, raw=raw
        )
        text = Text(
            zh=f"“{line.name}”一行的金额栏里是“{raw}”，不是金额",
            en=f'The amount cell of row "{line.name}" holds "{raw}", which is no amount',
        )
        self.not_understood.append(self._missed(text, cell))
        self.doubts.append(
            Doubt(
                code=DoubtCode.UNREAD_NUMBER,
                text=text,
                page=cell.page,
                table=self.grid.table.index,
                row=cell.row,
                column=cell.column,
            )
        )

    def finish(self, columns: Iterable[Column], lines: list[Line], notes: Iterable[int]) -> Built:
        """The table with all roles: what is left over is title, caption, text or blank."""
        for row in self.segment.preamble:
            self.mark_rows([row], CellRole.CAPTION)
        for row in self.grid.rows:
            self.mark_rows([row], CellRole.TEXT)
        captions = self.segment.captions
        inner = [word for row in sorted(notes) for word in self.grid.words(row)]
        table = ReportTable(
            id=self.setting.table,
            title=self.segment.title,
            number=captions.number,
            source_table=self.grid.table.index,
            page=self.segment.page,
            unit=self.setting.unit if self.setting.sure_unit else None,
            unit_printed=captions.unit_printed,
            year=captions.year,
            entity=captions.entity,
            columns=tuple(columns),
            lines=tuple(lines),
            cells=tuple(self.roles[place] for place in sorted(self.roles)),
            notes=(*inner, *self.segment.notes),
            empty=not self.facts,
            why=self.setting.why,
        )
        facts = sorted(self.facts, key=lambda fact: (fact.place.row, fact.place.column))
        return Built(table, facts, self.not_understood, self.doubts)


def _row_unit(entry: Entry, column: Column) -> Unit:
    """T09 may count vehicles and visits in rows below its items, which themselves are always money."""
    counts = entry.line.name and entry.measure in {None, Measure.UNCLASSIFIED}
    return unit_of(entry.line, (), column.unit) if counts else column.unit


def _fact_key(line: Line, measure: Measure, table: str) -> str | None:
    """T09: the key is 三公 only where the item is understood; all other tables: the key of the line."""
    if table == "T09":
        return line.key if measure is not Measure.UNCLASSIFIED else None
    return line.key
