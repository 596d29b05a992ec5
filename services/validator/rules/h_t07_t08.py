"""Group H: T07 政府性基金 and T08 国有资本经营, by functional code."""

from __future__ import annotations

from collections.abc import Iterator

from services.validator.checks import Check, Passed, Statement, nothing, total
from services.validator.registry import rule
from services.validator.rules.common import column_totals, cross_foot, hierarchy, table_rows
from services.validator.view import View, row_name, row_ref
from shared.catalogue.rules import table_name
from shared.contracts.base import Text
from shared.contracts.report import Measure

PARTS = (Measure.BASIC, Measure.PROJECT)
COLUMNS = (Measure.CARRY_IN, Measure.INCOME, Measure.TOTAL, *PARTS, Measure.CARRY_OUT)
# 款 that only the general public budget has: administration, pensions, medical care of staff, housing reform
_GENERAL_ONLY = ("201", "202", "203", "204", "20805", "21011", "22102")


@rule("H01", tables=("T07",))
def row_balance(view: View) -> Iterator[Check]:
    """年初结转和结余 and 本年收入 equal 本年支出 and 年末结转和结余 in every row (Z09)."""
    yield from _balance(view, "T07")


@rule("H02", tables=("T07",))
def row_cross_foot(view: View) -> Iterator[Check]:
    """本年支出小计 is 基本支出 and 项目支出."""
    yield from cross_foot(view, table_rows(view, "T07"), Measure.TOTAL, PARTS)


@rule("H03", tables=("T07",))
def totals_and_levels(view: View) -> Iterator[Check]:
    """合计 is the sum of the 类, each 类 of its 款, each 款 of its 项, in every column."""
    columns = [column for column in COLUMNS if view.uses("T07", column)]
    yield from column_totals(view, "T07", columns)
    yield from hierarchy(view, "T07", columns)


@rule("H04", tables=("T08",))
def state_capital(view: View) -> Iterator[Check]:
    """合计 is 基本支出 and 项目支出; the columns add up; forms with six columns balance like T07."""
    columns = [column for column in COLUMNS if view.uses("T08", column)]
    yield from cross_foot(view, table_rows(view, "T08"), Measure.TOTAL, PARTS)
    yield from column_totals(view, "T08", columns)
    yield from hierarchy(view, "T08", columns)
    yield from _balance(view, "T08")


@rule("H05")
def kind_of_code(view: View) -> Iterator[Check]:
    """T07 holds 款 of government funds, T08 holds 223."""
    rows = [(table, row) for table in ("T07", "T08") for row in view.coded(table)]
    if not rows:
        yield nothing("两表均没有科目行", "neither table has coded rows")
    for table, row in rows:
        wrong = row.digits.startswith(_GENERAL_ONLY) if table == "T07" else not row.digits.startswith("223")
        if wrong and row.facts and not view.children(row):
            name = table_name(table)
            yield Statement(
                Text(
                    zh=f"{name.zh}中的“{row_name(row)}”不是该预算的科目",
                    en=f"{name.en}: {row_name(row)} is no code of this budget",
                ),
                cells=(row_ref(row),),
                subject=f"purse {row.digits}",
            )
        else:
            yield Passed()


def _balance(view: View, table: str) -> Iterator[Check]:
    if not view.uses(table, Measure.INCOME):
        yield nothing("没有本年收入栏", "the form has no column of income")
        return
    words = Text(zh="本年支出与年末结转和结余之和", en="expenditure and carry-out")
    for row in table_rows(view, table):
        left = [view.at(row, Measure.CARRY_IN), view.at(row, Measure.INCOME)]
        right = [view.at(row, Measure.TOTAL), view.at(row, Measure.CARRY_OUT)]
        yield total(left, right, words, partial=False)
