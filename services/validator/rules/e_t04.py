"""Group E: T04 财政拨款收入支出决算总表, fiscal money by fund."""

from __future__ import annotations

from collections.abc import Iterator

from services.validator.checks import Check, cannot, same, total
from services.validator.registry import rule
from services.validator.rules.b_t01 import class_rows, fiscal_keys
from services.validator.rules.common import PARTS, sum_of_rows
from services.validator.view import View
from shared.catalogue import keys
from shared.contracts.base import Text
from shared.contracts.report import Measure, Side

FUNDS = (Measure.GENERAL, Measure.FUND, Measure.SOE)
COLUMNS = (Measure.TOTAL, *FUNDS)
CARRY_IN = (keys.CARRY_IN_GENERAL, keys.CARRY_IN_FUND, keys.CARRY_IN_SOE)
INCOME = (keys.FISCAL_GENERAL, keys.FISCAL_FUND, keys.FISCAL_SOE)


@rule("E01", tables=("T04",))
def income_sum(view: View) -> Iterator[Check]:
    """本年收入合计 is the sum of the three funds."""
    terms = [view.cell("T04", key) for key in fiscal_keys(view, "T04")]
    whole = view.cell("T04", keys.TOTAL_INCOME_CURRENT)
    equation = total(whole, terms, Text(zh="各项收入合计", en="the sum of its rows"))
    yield from sum_of_rows(view, "T04", Side.INCOME, equation)


@rule("E02", tables=("T04",))
def row_cross_foot(view: View) -> Iterator[Check]:
    """合计 of each expenditure row is the sum of its funds, also in the rows of sums and of carry-out."""
    if not any(view.uses("T04", fund) for fund in FUNDS):
        yield cannot("各资金栏目均无金额", "none of the columns of funds prints an amount")
        return
    rows = class_rows(view, "T04")
    rows += [row for row in (view.named("T04", key) for key in _SUMS) if row]
    for row in rows:
        yield total(view.at(row, Measure.TOTAL), [view.at(row, fund) for fund in FUNDS], PARTS)


_SUMS = (keys.TOTAL_EXP_CURRENT, keys.CARRY_OUT, keys.GRAND_TOTAL_EXP)


@rule("E03", tables=("T04",))
def column_sums(view: View) -> Iterator[Check]:
    """本年支出合计 of each column is the sum of the functional classes."""
    rows = class_rows(view, "T04")
    for column in COLUMNS:
        whole = view.cell("T04", keys.TOTAL_EXP_CURRENT, column)
        equation = total(whole, view.cells(rows, column), Text(zh="各类支出合计", en="the sum of its rows"))
        yield from sum_of_rows(view, "T04", Side.EXPENDITURE, equation)


@rule("E04", tables=("T04",))
def carry_in_split(view: View) -> Iterator[Check]:
    """年初财政拨款结转和结余 is the sum of the three funds."""
    yield total(view.cell("T04", keys.CARRY_IN), [view.cell("T04", key) for key in CARRY_IN], PARTS)


@rule("E05", tables=("T04",))
def income_grand_total(view: View) -> Iterator[Check]:
    """总计 of income is 本年收入合计 and 年初财政拨款结转和结余."""
    terms = [view.cell("T04", keys.TOTAL_INCOME_CURRENT), view.cell("T04", keys.CARRY_IN)]
    words = Text(zh="本年收入合计与年初财政拨款结转和结余之和", en="current income and carry-in")
    yield total(view.cell("T04", keys.GRAND_TOTAL_INCOME), terms, words)


@rule("E06", tables=("T04",))
def expenditure_grand_total(view: View) -> Iterator[Check]:
    """总计 of each column is 本年支出合计 and 年末财政拨款结转和结余."""
    words = Text(zh="本年支出合计与年末财政拨款结转和结余之和", en="current expenditure and carry-out")
    split = any(view.cell("T04", keys.CARRY_OUT, fund).fact for fund in FUNDS)
    for column in COLUMNS:
        if column is not Measure.TOTAL and not split and view.cell("T04", keys.CARRY_OUT, Measure.TOTAL).value:
            yield cannot("年末结转和结余没有按资金分列", "the carry-out is not split by fund")
            continue
        terms = [view.cell("T04", key, column) for key in (keys.TOTAL_EXP_CURRENT, keys.CARRY_OUT)]
        yield total(view.cell("T04", keys.GRAND_TOTAL_EXP, column), terms, words)


@rule("E07", tables=("T04",))
def sides_balance(view: View) -> Iterator[Check]:
    """The two 总计 are the same."""
    yield same(view.cell("T04", keys.GRAND_TOTAL_INCOME), view.cell("T04", keys.GRAND_TOTAL_EXP, Measure.TOTAL))


@rule("E08", tables=("T04",))
def fund_balance(view: View) -> Iterator[Check]:
    """Each fund balances: income and carry-in equal expenditure and carry-out."""
    carry_in = view.cell("T04", keys.CARRY_IN)
    carry_out = view.cell("T04", keys.CARRY_OUT, Measure.TOTAL)
    if carry_in.value and not any(view.cell("T04", key).fact for key in CARRY_IN):
        yield cannot("年初结转和结余没有按资金分列", "the carry-in is not split by fund")
        return
    if carry_out.value and not any(view.cell("T04", keys.CARRY_OUT, fund).fact for fund in FUNDS):
        yield cannot("年末结转和结余没有按资金分列", "the carry-out is not split by fund")
        return
    words = Text(zh="该项资金支出与年末结转和结余之和", en="expenditure and carry-out of this fund")
    for income, carried, fund in zip(INCOME, CARRY_IN, FUNDS, strict=True):
        left = [view.cell("T04", income), view.cell("T04", carried)]
        right = [view.cell("T04", keys.TOTAL_EXP_CURRENT, fund), view.cell("T04", keys.CARRY_OUT, fund)]
        yield total(left, right, words)
