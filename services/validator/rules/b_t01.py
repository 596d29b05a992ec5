"""Group B: T01 收入支出决算总表, all money of the department on two sides."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from services.validator.checks import Check, Passed, Statement, cannot, nothing, same, total
from services.validator.registry import rule
from services.validator.rules.common import sum_of_rows
from services.validator.view import Row, View, row_name, row_ref
from shared.catalogue import keys
from shared.contracts.base import Text
from shared.contracts.report import Measure, Side

INCOME = (
    keys.UPPER_SUBSIDY,
    keys.INSTITUTION_INCOME,
    keys.BUSINESS_INCOME,
    keys.SUBORDINATE_REMIT,
    keys.OTHER_INCOME,
)
FISCAL = (keys.FISCAL_GENERAL, keys.FISCAL_FUND, keys.FISCAL_SOE)
_FULL_FORM = 20  # the shortest official form has 24 expenditure rows; reports that leave out empty rows have few


def fiscal_keys(view: View, table: str) -> tuple[str, ...]:
    """The rows of fiscal income that add up: 财政拨款收入 in forms up to 2019, else one row per fund."""
    return (keys.FISCAL_TOTAL,) if view.cell(table, keys.FISCAL_TOTAL).fact else FISCAL


def class_rows(view: View, table: str) -> list[Row]:
    """The expenditure rows of T01 or T04 by functional class, in printed order."""
    return [row for row in view.rows(table) if row.key and row.key.isdigit()]


@rule("B01", tables=("T01",))
def income_sum(view: View) -> Iterator[Check]:
    """本年收入合计 is the sum of the income rows (Z01)."""
    terms = [view.cell("T01", key) for key in (*fiscal_keys(view, "T01"), *INCOME)]
    whole = view.cell("T01", keys.TOTAL_INCOME_CURRENT)
    equation = total(whole, terms, Text(zh="各项收入合计", en="the sum of its rows"))
    yield from sum_of_rows(view, "T01", Side.INCOME, equation)


@rule("B02", tables=("T01",))
def income_grand_total(view: View) -> Iterator[Check]:
    """总计 of income adds 使用非财政拨款结余 and 年初结转和结余 to 本年收入合计."""
    terms = [view.cell("T01", key) for key in (keys.TOTAL_INCOME_CURRENT, keys.NONFISCAL_BALANCE_USED, keys.CARRY_IN)]
    words = Text(
        zh="本年收入合计、使用非财政拨款结余、年初结转和结余之和", en="current income, balances used and carry-in"
    )
    yield total(view.cell("T01", keys.GRAND_TOTAL_INCOME), terms, words)


@rule("B03", tables=("T01",))
def expenditure_sum(view: View) -> Iterator[Check]:
    """本年支出合计 is the sum of the functional classes."""
    terms = view.cells(class_rows(view, "T01"), Measure.AMOUNT)
    whole = view.cell("T01", keys.TOTAL_EXP_CURRENT)
    equation = total(whole, terms, Text(zh="各类支出合计", en="the sum of its rows"))
    yield from sum_of_rows(view, "T01", Side.EXPENDITURE, equation)


@rule("B04", tables=("T01",))
def expenditure_grand_total(view: View) -> Iterator[Check]:
    """总计 of expenditure adds 结余分配 and 年末结转和结余 to 本年支出合计."""
    terms = [view.cell("T01", key) for key in (keys.TOTAL_EXP_CURRENT, keys.SURPLUS_ALLOCATION, keys.CARRY_OUT)]
    words = Text(
        zh="本年支出合计、结余分配、年末结转和结余之和", en="current expenditure, allocated surplus and carry-out"
    )
    yield total(view.cell("T01", keys.GRAND_TOTAL_EXP), terms, words)


@rule("B05", tables=("T01",))
def sides_balance(view: View) -> Iterator[Check]:
    """The two 总计 are the same."""
    yield same(view.cell("T01", keys.GRAND_TOTAL_INCOME), view.cell("T01", keys.GRAND_TOTAL_EXP))


@rule("B06", tables=("T01",))
def row_set(view: View) -> Iterator[Check]:
    """The expenditure rows are those of the form, in its order; forms of 24 or 26 rows are both in use."""
    rows = class_rows(view, "T01")
    if len(rows) < _FULL_FORM:
        yield cannot("只列示了部分支出行", "only some of the expenditure rows are printed")
        return
    for before, row in pairwise(rows):
        if row.digits > before.digits:
            yield Passed()
            continue
        yield Statement(
            Text(
                zh=f"收入支出决算总表支出行“{row_name(row)}”不应排在“{row_name(before)}”之后",
                en=f"T01: the expenditure row {row_name(row)} should not follow {row_name(before)}",
            ),
            cells=(row_ref(row), row_ref(before)),
            subject=f"T01 {row.digits}",
        )


@rule("B07", tables=("T01", "T02"))
def fiscal_income_printed(view: View) -> Iterator[Check]:
    """When T02 shows fiscal income, T01 shows some too."""
    fiscal = view.cell("T02", keys.TOTAL, Measure.FISCAL)
    if fiscal.value <= 0:
        yield nothing("收入决算表没有财政拨款收入", "T02 shows no fiscal income")
        return
    cells = [view.cell("T01", key) for key in (keys.FISCAL_TOTAL, *FISCAL)]
    if any(cell.value > 0 for cell in cells):
        yield Passed()
        return
    yield Statement(
        Text(
            zh=f"收入决算表财政拨款收入为 {fiscal.printed}，收入支出决算总表的财政拨款收入却为空",
            en=f"T02 shows fiscal income of {fiscal.printed}, but T01 shows none",
        ),
        cells=(cells[1].ref(), fiscal.ref()),
        expected=fiscal.printed,
        subject="fiscal income",
    )
