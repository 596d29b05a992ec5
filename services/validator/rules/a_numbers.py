"""Group A, third part: units, decimals, signs and the numbers of lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from services.validator.checks import Check, Passed, Statement, cannot, nothing
from services.validator.registry import rule
from services.validator.rules.a_identity import known_tables, title_ref
from services.validator.view import SCAN_DOUBTS, View, cell_subject, fact_ref
from shared.catalogue import keys
from shared.catalogue.rules import table_name
from shared.contracts.assessment import CellRef, Outcome, Severity
from shared.contracts.base import Text
from shared.contracts.report import Fact, Line, Measure, Place, ReportTable, Unit

_FEN = Decimal("0.01")
_SHOWN = 6
_MIXED_UNIT = "T10"  # amounts beside numbers of vehicles
_CARRY_KEYS = frozenset(
    {
        keys.CARRY_IN,
        keys.CARRY_IN_GENERAL,
        keys.CARRY_IN_FUND,
        keys.CARRY_IN_SOE,
        keys.CARRY_OUT,
        keys.SURPLUS_ALLOCATION,
        keys.NONFISCAL_BALANCE_USED,
    }
)
_FEWEST_ORDINALS = 3  # the numbers of columns (栏次) stand in one row, not in a column
_ORDINAL = re.compile(r"\d{1,3}")


@rule("A09")
def units(view: View) -> Iterator[Check]:
    """Each table names its unit, 元 or 万元, and all the same."""
    tables = [table for table in known_tables(view) if table.id != _MIXED_UNIT]
    named = [table for table in tables if table.unit_printed]
    if not named:
        yield cannot("各表没有识别出金额单位", "no unit was found at any table")
        return
    usual = Counter(table.unit for table in named).most_common(1)[0][0]
    for table in tables:
        name = table_name(table.id)
        if not table.unit_printed:
            text = Text(zh=f"{name.zh}没有注明金额单位", en=f"{name.en} names no unit")
        elif table.unit is not usual and usual and table.unit:
            text = Text(
                zh=f"{name.zh}的单位是{table.unit.value}，其他表是{usual.value}，已换算后核对",
                en=f"{name.en} is in {table.unit.value}, the others in {usual.value}; compared after conversion",
            )
        else:
            yield Passed()
            continue
        yield Statement(text, cells=(title_ref(table),), severity=Severity.WARNING, subject=f"unit {table.id}")


@rule("A10", tables=("T01",))
def unit_plausible(view: View) -> Iterator[Check]:
    """The unit fits the size of the total: no 100 billion 元 in a 万元 table, no few thousand 元 in a 元 table."""
    cell = view.cell("T01", keys.GRAND_TOTAL_INCOME)
    if cell.fact is None:
        yield cannot("没有收入总计", "no total of income is printed")
        return
    amount, unit = cell.fact.amount, cell.fact.unit
    too_large = unit is Unit.WAN and amount > Decimal("1e7")
    too_small = unit is Unit.YUAN and 0 < amount < Decimal("1e4") and cell.fact.quantum == _FEN
    if not (too_large or too_small):
        yield Passed()
        return
    yield Statement(
        Text(
            zh=f"收入总计 {cell.printed}{unit.value} 与单位不相称，单位可能标错",
            en=f"a total of {cell.printed} {unit.value} is implausible: the unit may be wrong",
        ),
        cells=(cell.ref(),),
        found=cell.printed,
        subject="unit",
    )


@rule("A11")
def ordinals(view: View) -> Iterator[Check]:
    """The printed numbers of rows (行次) increase without gaps."""
    found = False
    for table in known_tables(view):
        columns: dict[int, list[tuple[Line, int]]] = {}
        for line in table.lines:
            if line.ordinal and line.ordinal_column is not None and _ORDINAL.fullmatch(line.ordinal):
                columns.setdefault(line.ordinal_column, []).append((line, int(line.ordinal)))
        for column, numbers in columns.items():
            if len(numbers) < _FEWEST_ORDINALS:
                continue
            found = True
            yield _gap(table, column, sorted(numbers, key=_by_row)) or Passed()
    if not found:
        yield nothing("没有行次", "no row numbers are printed")


@rule("A13")
def readable(view: View) -> Iterator[Check]:
    """Every cell of a column of amounts is a number, a dash or blank. What could not be read has to be looked at.

    So has an amount of a scanned page that OCR was not sure of, or that the sums of the form contradict.
    """
    yield from _scanned(view)
    for missed, place in view.unreadable():
        name = table_name(missed.table)
        yield Statement(
            Text(zh=f"{name.zh}中的“{missed.raw}”无法识别为金额", en=f"{name.en}: {missed.raw} is no amount"),
            cells=(CellRef(table=missed.table, row_code="", row_name="", column="", raw=missed.raw, place=place),),
            outcome=Outcome.PARSE_DOUBT,
            severity=Severity.REVIEW,
            found=missed.raw,
            subject=f"cell {missed.table} {place.row} {place.column}",
        )
    if view.report.facts or any(table.columns and table.lines for table in known_tables(view)):
        yield Passed()
    else:
        yield nothing("没有金额单元格", "no amounts are printed")


@rule("A14")
def decimals(view: View) -> Iterator[Check]:
    """Amounts in 万元 have two decimals; a bare 0 is fine, 624 beside 624.02 is not."""
    facts = [fact for fact in view.amounts() if fact.unit is Unit.WAN and fact.amount]
    if not facts:
        yield nothing("没有以万元为单位的金额", "no amounts in 万元")
        return
    odd: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.quantum == _FEN or SCAN_DOUBTS.intersection(fact.doubts):  # of a doubted one A13 speaks
            yield Passed()
        else:
            odd.setdefault(fact.table, []).append(fact)
    for table, cells in odd.items():
        name, shown = table_name(table), "、".join(fact.raw for fact in cells[:3])
        yield Statement(
            Text(
                zh=f"{name.zh}有 {len(cells)} 个金额不是两位小数（{shown}）",
                en=f"{name.en}: {len(cells)} amounts do not have two decimals ({shown})",
            ),
            cells=tuple(fact_ref(fact) for fact in cells[:_SHOWN]),
            # spreadsheets drop trailing zeros throughout: ugly, but nothing is lost
            severity=Severity.INFO if view.scale.trimmed else None,
            subject=f"decimals {table}",
        )


@rule("A15")
def negatives(view: View) -> Iterator[Check]:
    """Negative amounts occur in carry-overs and the allocation of surplus only."""
    found = [fact for fact in view.amounts() if fact.amount < 0]
    if not found:
        yield Passed()
    for fact in found:
        if fact.key in _CARRY_KEYS or fact.measure in {Measure.CARRY_IN, Measure.CARRY_OUT}:
            yield Passed()
            continue
        name = table_name(fact.table)
        yield Statement(
            Text(
                zh=f"{name.zh}“{fact.row_name}”为负数 {fact.raw}",
                en=f"{name.en}: {fact.row_name} is negative ({fact.raw})",
            ),
            cells=(fact_ref(fact),),
            severity=Severity.WARNING,
            found=fact.raw,
            subject=cell_subject(fact),
        )


def _scanned(view: View) -> Iterator[Check]:
    """One statement for each table with amounts that were read from a scan with doubt."""
    doubted: dict[str, list[Fact]] = {}
    for fact in view.amounts():
        if SCAN_DOUBTS.intersection(fact.doubts):
            doubted.setdefault(fact.table, []).append(fact)
    for table, facts in doubted.items():
        name, pages = table_name(table), sorted({fact.place.page for fact in facts if fact.place.page})
        shown, number = "、".join(fact.raw for fact in facts[:3]), len(facts)
        where = "、".join(map(str, pages))
        more = Text(zh=" 等", en=", ...") if number > 3 else Text(zh="", en="")  # noqa: PLR2004
        yield Statement(
            Text(
                zh=f"{name.zh}（扫描件{f'第 {where} 页' if where else ''}）有 {number} 个金额识别存疑："
                f"{shown}{more.zh}，请对照原件核对",
                en=f"{name.en} (scanned{f', page {where}' if where else ''}): {number} amounts were not read with "
                f"certainty ({shown.replace('、', ', ')}{more.en}): compare them with the original",
            ),
            cells=tuple(fact_ref(fact) for fact in facts),
            outcome=Outcome.PARSE_DOUBT,
            severity=Severity.REVIEW,
            found=shown,
            subject=f"scan {table}",
        )


def _by_row(counted: tuple[Line, int]) -> int:
    return counted[0].row


def _gap(table: ReportTable, column: int, numbers: list[tuple[Line, int]]) -> Statement | None:
    # forms leave numbers away beside rows without a label, so only neighbouring rows are compared
    neighbours = [(before, below) for (above, before), below in pairwise(numbers) if below[0].row == above.row + 1]
    gaps = [(before, line, number) for before, (line, number) in neighbours if number != before + 1]
    # many departments print only the rows in use, under their official numbers
    chosen = all(number > before for before, _, number in gaps) and (
        len(gaps) > 1 or any(number > before + 2 for before, _, number in gaps)
    )
    for before, line, number in gaps:
        name = table_name(table.id)
        grid, row = line.printed_at or (table.source_table, line.row)
        place = Place(
            source_table=grid, row=row, column=column, page=table.page if grid == table.source_table else None
        )
        return Statement(
            Text(
                zh=f"{name.zh}行次由 {before} 跳到 {number}",
                en=f"{name.en}: the row numbers go from {before} to {number}",
            ),
            cells=(CellRef(table=table.id, row_code="", row_name="", column="行次", raw=str(number), place=place),),
            severity=Severity.INFO if chosen else None,
            expected=str(before + 1),
            found=str(number),
            subject=f"ordinal {table.id} {column}",
        )
    return None
