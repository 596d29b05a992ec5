"""Group F: T05 一般公共预算财政拨款支出决算表, expenditure of the general public budget."""

from __future__ import annotations

from collections.abc import Iterator

from services.validator.checks import Check, Passed, Statement, nothing
from services.validator.registry import rule
from services.validator.rules.common import column_totals, cross_foot, hierarchy, table_rows
from services.validator.shifts import shifted_rows
from services.validator.view import View, row_name, row_ref
from shared.contracts.base import Text
from shared.contracts.report import Measure

PARTS = (Measure.BASIC, Measure.PROJECT)
COLUMNS = (Measure.TOTAL, *PARTS)

#: 款 (and one 类) that belong to 政府性基金 or 国有资本经营 money, by the structure of the classification
OTHER_PURSES = (
    "20610", "20707", "20709", "20710", "20822", "20823", "21160", "21161", "21208", "21210", "21211", "21213",
    "21214", "21215", "21216", "21217", "21218", "21219", "21366", "21367", "21369", "21370", "21371", "21460",
    "21462", "21464", "21468", "21469", "21470", "21471", "21472", "21473", "21562", "223", "22904", "22908", "22960",
)  # fmt: skip


@rule("F01", tables=("T05",))
def row_cross_foot(view: View) -> Iterator[Check]:
    """小计 of each row is 基本支出 and 项目支出 (Z07)."""
    yield from cross_foot(view, table_rows(view, "T05"), Measure.TOTAL, PARTS)


@rule("F02", tables=("T05",))
def totals(view: View) -> Iterator[Check]:
    """合计 of each column is the sum of the classes."""
    yield from column_totals(view, "T05", COLUMNS)


@rule("F03", tables=("T05",))
def levels(view: View) -> Iterator[Check]:
    """Each 类 is the sum of its 款, each 款 of its 项, in every column."""
    yield from hierarchy(view, "T05", COLUMNS)


@rule("F04", tables=("T05",))
def down_to_items(view: View) -> Iterator[Check]:
    """Expenditure is published down to the 项 (预算法实施条例 6)."""
    rows = [row for row in view.coded("T05") if row.facts and not view.children(row)]
    if not rows:
        yield nothing("没有科目行", "the table has no coded rows")
    short = [row for row in rows if len(row.digits) in {3, 5}]
    for _ in range(len(rows) - len(short)):
        yield Passed()
    if short:
        names = "、".join(row_name(row) for row in short[:3])
        yield Statement(
            Text(
                zh=f"一般公共预算财政拨款支出决算表有 {len(short)} 个科目没有公开到项级：{names}",
                en=f"T05: {len(short)} codes are not published down to the 项: {names}",
            ),
            cells=tuple(row_ref(row) for row in short),
            subject="T05 depth",
        )


@rule("F05", tables=("T05",))
def no_other_purse(view: View) -> Iterator[Check]:
    """No code of 政府性基金 or 国有资本经营 in the table of the general public budget."""
    rows = view.coded("T05")
    if not rows:
        yield nothing("没有科目行", "the table has no coded rows")
    for row in rows:
        if not row.digits.startswith(OTHER_PURSES):
            yield Passed()
        elif row.digits in OTHER_PURSES:
            yield Statement(
                Text(
                    zh=f"“{row_name(row)}”属于政府性基金或国有资本经营预算科目，不应列入一般公共预算财政拨款支出决算表",
                    en=f"{row_name(row)} belongs to government funds or state capital, not to the general budget (T05)",
                ),
                cells=(row_ref(row),),
                subject=f"purse {row.digits}",
            )


@rule("F06", tables=("T05", "T03"))
def rows_aligned(view: View) -> Iterator[Check]:
    """The amounts stand beside their own codes: when many rows of T05 disagree with T03, try them one row up or down.

    One statement for the whole offset; the equations that break because of it are not reported beside it.
    """
    yield shifted_rows(view, "T05", "T03", COLUMNS, OTHER_PURSES)
