"""Group K, second part: money of one table that is part of another, and the mirror of codes and economic items."""

from __future__ import annotations

from collections.abc import Iterator

from services.validator.checks import (
    Check,
    Equation,
    Passed,
    Relation,
    Statement,
    added,
    at_most,
    cannot,
    nothing,
    total,
)
from services.validator.registry import rule
from services.validator.rules.b_t01 import INCOME, class_rows
from services.validator.view import Slot, View, row_name, row_ref
from shared.catalogue import keys
from shared.contracts.assessment import Severity, Suggestion
from shared.contracts.base import Text
from shared.contracts.report import Measure

_MIRRORS = (
    (("2080505",), "30108"),
    (("2080506",), "30109"),
    (("2210201",), "30113"),
    (("2101101", "2101102"), "30110"),
    (("2101103",), "30111"),
)


@rule("K06", tables=("T01", "T04"))
def fiscal_is_part(view: View) -> Iterator[Check]:
    """Fiscal money of a class, the fiscal carry-in and carry-out are parts of those of T01."""
    words = Text(zh="收入支出决算总表中的全部资金", en="all money in T01")
    for row in class_rows(view, "T04"):
        yield at_most(view.at(row, Measure.TOTAL), view.cell("T01", row.digits), words)
    yield at_most(view.cell("T04", keys.CARRY_IN), view.cell("T01", keys.CARRY_IN), words)
    yield at_most(view.cell("T04", keys.CARRY_OUT, Measure.TOTAL), view.cell("T01", keys.CARRY_OUT), words)


@rule("K10", tables=("T05", "T03"))
def general_is_part(view: View) -> Iterator[Check]:
    """The general public budget is part of all expenditure, in each row and column; T03 has every code of T05."""
    known = {row.digits for row in view.coded("T03")}
    words = Text(zh="支出决算表中的全部资金", en="all money in T03")
    rows = view.coded("T05")
    if not rows or not known:
        yield nothing("没有科目行", "one of the tables has no coded rows")
        return
    depth = max(map(len, known))
    for row in rows:
        if row.digits not in known:
            if len(row.digits) > depth:
                yield cannot("支出决算表没有列示到这一级", "T03 is not published down to this level")
            elif row.facts:
                yield Statement(
                    Text(
                        zh=f"一般公共预算财政拨款支出决算表的科目“{row_name(row)}”在支出决算表中没有",
                        en=f"{row_name(row)} is printed in T05 but not in T03",
                    ),
                    cells=(row_ref(row),),
                    subject=f"code {row.digits}",
                )
            continue
        for measure in (Measure.TOTAL, Measure.BASIC, Measure.PROJECT):
            yield at_most(view.at(row, measure), view.cell("T03", row.digits, measure), words)


@rule("K13", tables=("T02", "T05"))
def income_covers_spending(view: View) -> Iterator[Check]:
    """Fiscal money is spent under codes that received some this year, unless money was carried in."""
    carried = [view.cell(table, keys.CARRY_IN) for table in ("T01", "T04")]
    if any(cell.value for cell in carried) or view.cell("T01", keys.NONFISCAL_BALANCE_USED).value:
        yield cannot("有年初结转结余，无法逐科目核对", "money was carried in, so codes cannot be compared")
        return
    income = {row.digits for row in view.coded("T02")}
    rows = [row for table in ("T05", "T07", "T08") for row in view.coded(table) if row.facts]
    depth = max(map(len, income), default=0)
    for row in rows:
        if row.digits in income or len(row.digits) > depth:
            yield Passed()
            continue
        yield Statement(
            Text(
                zh=f"科目“{row_name(row)}”有支出，收入决算表中却没有该科目收入，也没有年初结转",
                en=f"{row_name(row)} shows expenditure but no income in T02, and nothing was carried in",
            ),
            cells=(row_ref(row),),
            subject=f"code {row.digits}",
        )


@rule("K14", tables=("T03", "T05"))
def partition(view: View) -> Iterator[Check]:
    """All expenditure is at least that of the three fiscal budgets; exactly that where there is no other money."""
    only_fiscal = _only_fiscal(view)
    words = Text(zh="三本预算财政拨款支出之和", en="the expenditure of the three fiscal budgets")
    rows = [row for row in view.coded("T03") if row.level == 1]
    whole = view.named("T03", keys.TOTAL)
    for row in ([whole] if whole else []) + rows:
        key = keys.TOTAL if row is whole else row.digits
        parts = [view.cell(table, key, Measure.TOTAL) for table in ("T05", "T07", "T08")]
        left = view.at(row, Measure.TOTAL)
        if only_fiscal:
            yield total(left, parts, words)
        else:
            yield at_most(parts, left, Text(zh="支出决算表中的全部资金", en="all money in T03"))
    if not whole and not rows:
        yield nothing("没有列示类级科目", "no class is printed")


@rule("K15", tables=("T05", "T06"))
def mirrors(view: View) -> Iterator[Check]:
    """Pensions, annuities, medical insurance and housing funds appear by function (T05) and by item (T06).

    A department may book them under other functions, so a difference beyond rounding is only worth knowing.
    """
    for codes, item in _MIRRORS:
        left = [view.cell("T05", code, Measure.BASIC) for code in codes]
        right = view.cell("T06", item)
        misplaced = _misplaced(view, right, left)
        if misplaced:
            yield misplaced
            continue
        if not any(cell.fact for cell in left) or right.fact is None:
            yield nothing(
                f"没有同时列示 {'、'.join(codes)} 和 {item}", f"{'+'.join(codes)} and {item} are not both printed"
            )
            continue
        yield _mirror(right, left)


def _mirror(item: Slot, functions: list[Slot]) -> Equation:
    relation = Relation.SAME if len(functions) == 1 else Relation.SUM
    words = Text(zh="按功能科目列示的基本支出", en="the same by function (T05)")
    return Equation(relation, (item,), tuple(functions), words, severity=Severity.INFO)


def _misplaced(view: View, item: Slot, functions: list[Slot]) -> Statement | None:
    """The amount stands beside the item above or below its own: then that is no matter of classification."""
    amount = added(functions)
    if item.row is None or not amount or item.value == amount:
        return None
    rows = [row for row in view.coded("T06") if row.place[1] == item.row.place[1]]
    at = next((index for index, row in enumerate(rows) if row.digits == item.key), None)
    if at is None:
        return None
    for neighbour in rows[max(at - 1, 0) : at] + rows[at + 1 : at + 2]:
        cell = view.at(neighbour)
        if cell.value != amount or neighbour.level == 1 or item.value:
            continue
        own, other = row_name(item.row), row_name(neighbour)
        return Statement(
            Text(
                zh=f"基本支出决算表“{own}”为空，相邻的“{other}”{cell.printed} 正好等于对应功能科目的基本支出，疑似错行",
                en=f"T06: {own} is blank, and {other} next to it prints the amount that belongs there ({cell.printed})",
            ),
            cells=(item.ref(), cell.ref(), *(slot.ref() for slot in functions if slot.fact)),
            severity=Severity.WARNING,
            expected=cell.printed,
            subject=f"row {item.key}",
            suggestion=Suggestion(
                cell=item.ref(),
                value=cell.printed,
                reason=Text(zh=f"疑似误填在“{other}”行", en=f"it seems to stand in the row {other} by mistake"),
            ),
        )
    return None


def _only_fiscal(view: View) -> bool:
    """Whether the department neither received nor carried in money other than fiscal appropriations."""
    if not view.filled("T01") or not view.filled("T04"):
        return False
    if any(view.cell("T01", key).value for key in (*INCOME, keys.NONFISCAL_BALANCE_USED)):
        return False
    if not (view.has("T07") and view.has("T08")) and any(
        view.cell("T04", keys.TOTAL_EXP_CURRENT, fund).value for fund in (Measure.FUND, Measure.SOE)
    ):
        return False
    return view.cell("T01", keys.CARRY_IN).value == view.cell("T04", keys.CARRY_IN).value
