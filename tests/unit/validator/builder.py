"""A complete balanced account of an invented department, whose printed figures a test then changes one by one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from shared.catalogue import keys
from shared.catalogue.codes import resolve
from shared.contracts.base import Text
from shared.contracts.document import DoubtCode
from shared.contracts.report import (
    CodeSystem,
    Column,
    DocumentKind,
    Fact,
    Identity,
    Line,
    Measure,
    NotUnderstood,
    Phase,
    Place,
    Report,
    ReportTable,
    Side,
    Unit,
)

M = Measure
Cell = tuple[str, str, Measure, Phase]
OUT = Phase.OUTTURN
_NO_AMOUNT = Text(zh="不是金额", en="no amount")
_YUAN = {Unit.WAN: 10000, Unit.YUAN: 1}

CLASSES = (
    ("201", "一般公共服务支出"), ("202", "外交支出"), ("203", "国防支出"), ("204", "公共安全支出"), ("205", "教育支出"),
    ("206", "科学技术支出"), ("207", "文化旅游体育与传媒支出"), ("208", "社会保障和就业支出"), ("210", "卫生健康支出"),
    ("211", "节能环保支出"), ("212", "城乡社区支出"), ("213", "农林水支出"), ("214", "交通运输支出"),
    ("215", "资源勘探工业信息等支出"), ("216", "商业服务业等支出"), ("217", "金融支出"), ("219", "援助其他地区支出"),
    ("220", "自然资源海洋气象等支出"), ("221", "住房保障支出"), ("222", "粮油物资储备支出"),
    ("223", "国有资本经营预算支出"), ("224", "灾害防治及应急管理支出"), ("229", "其他支出"), ("231", "债务还本支出"),
    ("232", "债务付息支出"), ("234", "抗疫特别国债安排的支出"),
)  # fmt: skip
NAMES = {
    **dict(CLASSES),
    "20103": "政府办公厅（室）及相关机构事务", "2010301": "行政运行", "2010302": "一般行政管理事务",
    "20805": "行政事业单位养老支出", "2080501": "行政单位离退休", "2080505": "机关事业单位基本养老保险缴费支出",
    "21011": "行政事业单位医疗", "2101101": "行政单位医疗", "2101103": "公务员医疗补助",
    "22102": "住房改革支出", "2210201": "住房公积金", "22904": "其他政府性基金及对应专项债务收入安排的支出",
    "2290402": "其他地方自行试点项目收益专项债券收入安排的支出",
    "301": "工资福利支出", "30101": "基本工资", "30102": "津贴补贴", "30103": "奖金",
    "30108": "机关事业单位基本养老保险缴费", "30110": "职工基本医疗保险缴费", "30111": "公务员医疗补助缴费",
    "30113": "住房公积金", "302": "商品和服务支出", "30201": "办公费", "30202": "印刷费", "30217": "公务接待费",
    "30231": "公务用车运行维护费", "303": "对个人和家庭的补助", "30302": "退休费",
}  # fmt: skip
TITLES = {
    "T01": "收入支出决算总表", "T02": "收入决算表", "T03": "支出决算表", "T04": "财政拨款收入支出决算总表",
    "T05": "一般公共预算财政拨款支出决算表", "T06": "一般公共预算财政拨款基本支出决算表",
    "T07": "政府性基金预算财政拨款收入支出决算表", "T08": "国有资本经营预算财政拨款支出决算表",
    "T09": "财政拨款“三公”经费支出决算表", "T10": "机构运行信息表",
}  # fmt: skip


@dataclass
class Printed:
    """A row as it will be printed: key, code, name and the group of columns it stands in."""

    key: str
    code: str
    name: str
    group: int = 0


@dataclass
class Account:
    """Rows and printed amounts by table; `build` makes the report. `put` overwrites one printed amount."""

    rows: dict[str, list[Printed]] = field(default_factory=dict)
    amounts: dict[Cell, str] = field(default_factory=dict)
    doubtful: set[Cell] = field(default_factory=set)
    unreadable: dict[Cell, str] = field(default_factory=dict)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=lambda: dict(TITLES))
    units: dict[str, Unit] = field(default_factory=dict)
    unit: Unit = Unit.WAN
    year: int | None = 2024
    entity: str = "青禾县示范局"
    kind: DocumentKind = DocumentKind.DEPARTMENT_FINAL_ACCOUNT
    table_years: dict[str, int] = field(default_factory=dict)
    table_entities: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    ordinals: dict[str, list[int]] = field(default_factory=dict)

    def put(self, table: str, key: str, measure: Measure, raw: str, phase: Phase = OUT) -> Account:
        """Print `raw` there; "" leaves the cell blank."""
        self.amounts[table, key, measure, phase] = raw
        return self

    def at(self, table: str, key: str, measure: Measure, phase: Phase = OUT) -> Decimal:
        """The amount printed there, 0 if none is."""
        raw = self.amounts.get((table, key, measure, phase), "")
        return Decimal(raw.replace(",", "") or 0)

    def add(self, table: str, key: str, measure: Measure, more: str, phase: Phase = OUT) -> Account:
        """Print more (or less) there."""
        return self.put(table, key, measure, f"{self.at(table, key, measure, phase) + Decimal(more):,.2f}", phase)

    def row(self, table: str, key: str) -> Printed:
        """The row with this key."""
        return next(row for row in self.rows[table] if row.key == key)

    def drop(self, table: str) -> Account:
        """Leave the table out."""
        del self.rows[table]
        return self

    def build(self) -> Report:
        """The report as the normalizer would give it."""
        tables, facts, not_understood = [], [], []
        for index, table in enumerate(sorted(self.rows)):
            made, amounts, missed = self._table(index, table)
            tables.append(made)
            facts.extend(amounts)
            not_understood.extend(missed)
        identity = Identity(entity=self.entity, scope=self.kind, fiscal_year=self.year, unit=self.unit)
        return Report(
            document_id="a" * 64,
            document_name="示范.txt",
            normalizer="test",
            identity=identity,
            tables=tuple(tables),
            facts=tuple(facts),
            not_understood=tuple(not_understood),
        )

    def _table(self, index: int, table: str) -> tuple[ReportTable, list[Fact], list[NotUnderstood]]:
        unit = self.units.get(table, self.unit)
        columns = list(self._columns(table, unit))
        lines, facts, missed = [], [], []
        numbered = zip(
            self.rows[table], itertools.chain(self.ordinals.get(table, ()), itertools.repeat(None)), strict=False
        )
        for number, (row, ordinal) in enumerate(numbered, 2):
            system = CodeSystem.ECONOMIC_DEPARTMENT if table == "T06" else CodeSystem.FUNCTIONAL
            code = resolve(row.code, system, self.year) if row.code else None
            lines.append(
                Line(
                    row=number, group=row.group, key=row.key, name=row.name, label=row.name, printed_code=row.code,
                    code=code, ordinal=str(ordinal) if ordinal else None, ordinal_column=9 if ordinal else None,
                )
            )  # fmt: skip
            for column in (each for each in columns if each.group == row.group):
                cell = (table, row.key, column.measure, column.phase)
                if cell in self.unreadable:
                    place = Place(source_table=index, row=number, column=column.column)
                    missed.append(NotUnderstood(text=_NO_AMOUNT, table=table, place=place, raw=self.unreadable[cell]))
                elif raw := self.amounts.get(cell, ""):
                    facts.append(self._fact(index, number, row, column, raw, cell))
        made = ReportTable(
            id=table, title=self.titles[table], source_table=index, unit=unit,
            number=self.numbers.get(table, f"公开{index + 1:02d}表"),
            unit_printed=unit.value, columns=tuple(columns), lines=tuple(lines),
            notes=self.notes.get(table, ()), empty=not facts, year=self.table_years.get(table),
            entity=self.table_entities.get(table),
        )  # fmt: skip
        return made, facts, missed

    def _columns(self, table: str, unit: Unit) -> Iterator[Column]:
        for number, (group, measure, phase, path, side) in enumerate(COLUMNS[table]):
            yield Column(
                column=number * 2 + 1, path=path, measure=measure, group=group, phase=phase, side=side, unit=unit
            )

    def _fact(self, index: int, number: int, row: Printed, column: Column, raw: str, cell: Cell) -> Fact:
        amount = Decimal(raw.replace(",", ""))
        count = row.key.startswith("vehicles")
        unit = Unit.COUNT if count else column.unit
        return Fact(
            table=cell[0], key=row.key, row_code=row.code, row_name=row.name, column="/".join(column.path),
            measure=column.measure, phase=column.phase, side=column.side, fund=None, code=None, amount=amount,
            amount_yuan=None if count else amount * _YUAN[unit], unit=unit,
            quantum=Decimal(1).scaleb(int(amount.as_tuple().exponent)), raw=raw, group=column.group,
            place=Place(source_table=index, row=number, column=column.column),
            doubts=(DoubtCode.AMBIGUOUS_CELL,) if cell in self.doubtful else (),
        )  # fmt: skip


def _plain(*measures: tuple[Measure, str]) -> list[tuple[int, Measure, Phase, tuple[str, ...], Side | None]]:
    return [(0, measure, OUT, (name,), None) for measure, name in measures]


_FUNCTIONAL = ((M.TOTAL, "合计"), (M.BASIC, "基本支出"), (M.PROJECT, "项目支出"))
_IN, _EXP = Side.INCOME, Side.EXPENDITURE
COLUMNS = {
    "T01": [(0, M.AMOUNT, OUT, ("收入", "决算数"), _IN), (1, M.AMOUNT, OUT, ("支出", "决算数"), _EXP)],
    "T02": _plain((M.INCOME_TOTAL, "本年收入合计"), (M.FISCAL, "财政拨款收入"), (M.OTHER_INCOME, "其他收入")),
    "T03": _plain(*_FUNCTIONAL),
    "T04": [
        (0, M.AMOUNT, OUT, ("收入", "决算数"), _IN),
        (1, M.TOTAL, OUT, ("支出", "合计"), _EXP),
        (1, M.GENERAL, OUT, ("支出", "一般公共预算财政拨款"), _EXP),
        (1, M.FUND, OUT, ("支出", "政府性基金预算财政拨款"), _EXP),
        (1, M.SOE, OUT, ("支出", "国有资本经营预算财政拨款"), _EXP),
    ],
    "T05": _plain(*_FUNCTIONAL),
    "T06": [(group, M.AMOUNT, OUT, ("决算数",), None) for group in (0, 1)],
    "T07": _plain(
        (M.CARRY_IN, "年初结转和结余"), (M.INCOME, "本年收入"), *_FUNCTIONAL, (M.CARRY_OUT, "年末结转和结余")
    ),
    "T08": _plain(*_FUNCTIONAL),
    "T09": [
        (0, measure, phase, (heading, name), None)
        for phase, heading in ((Phase.BUDGET, "预算数"), (OUT, "决算数"))
        for measure, name in (
            (M.SAN_GONG_TOTAL, "合计"), (M.ABROAD, "因公出国（境）费"), (M.VEHICLE, "公务用车小计"),
            (M.VEHICLE_PURCHASE, "公务用车购置费"), (M.VEHICLE_OPERATION, "公务用车运行维护费"),
            (M.RECEPTION, "公务接待费"),
        )
    ],
    "T10": _plain((M.AMOUNT, "统计数")),
}  # fmt: skip


def named_rows(pairs: Mapping[str, str], group: int = 0) -> list[Printed]:
    """Rows without code."""
    return [Printed(key, "", name, group) for key, name in pairs.items()]


def coded_rows(codes: list[str], group: int = 0) -> list[Printed]:
    """Rows with code and the usual name."""
    return [Printed(code, code, NAMES[code], group) for code in codes]


def total_row() -> list[Printed]:
    """合计."""
    return [Printed(keys.TOTAL, "", "合计")]
