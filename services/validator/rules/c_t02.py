"""Group C: T02 收入决算表, income by functional code and source."""

from __future__ import annotations

from collections.abc import Iterator

from services.validator.checks import Check, Passed, Statement, nothing
from services.validator.registry import rule
from services.validator.rules.common import (
    column_totals,
    cross_foot,
    duplicates,
    hierarchy,
    orphans,
    table_rows,
)
from services.validator.view import View, row_name, row_ref
from shared.contracts.base import Text
from shared.contracts.report import Measure

# 教育收费 is a memo column of 事业收入 and is not added
SOURCES = (
    Measure.FISCAL,
    Measure.UPPER_SUBSIDY,
    Measure.INSTITUTION,
    Measure.BUSINESS,
    Measure.SUBORDINATE_REMIT,
    Measure.OTHER_INCOME,
)
COLUMNS = (Measure.INCOME_TOTAL, *SOURCES)


@rule("C01", tables=("T02",))
def row_cross_foot(view: View) -> Iterator[Check]:
    """本年收入合计 of each row is the sum of its sources (Z03)."""
    yield from cross_foot(view, table_rows(view, "T02"), Measure.INCOME_TOTAL, SOURCES)


@rule("C02", tables=("T02",))
def totals(view: View) -> Iterator[Check]:
    """合计 of each column is the sum of the classes."""
    yield from column_totals(view, "T02", COLUMNS)


@rule("C03", tables=("T02",))
def levels(view: View) -> Iterator[Check]:
    """Each 类 is the sum of its 款, each 款 of its 项, in every column."""
    yield from hierarchy(view, "T02", COLUMNS)


@rule("C04", tables=("T02",))
def no_orphan(view: View) -> Iterator[Check]:
    """Each 项 stands under its 款 and its 类, ordered by code."""
    yield from orphans(view, "T02")


@rule("C05", tables=("T02",))
def no_duplicate(view: View) -> Iterator[Check]:
    """A code appears at most once."""
    yield from duplicates(view, "T02")


@rule("C06", tables=("T02",))
def every_row_has_income(view: View) -> Iterator[Check]:
    """A coded row of T02 shows an income."""
    rows = view.coded("T02")
    if not rows:
        yield nothing("没有科目行", "the table has no coded rows")
    for row in rows:
        if row.facts or row.other:
            yield Passed()
            continue
        yield Statement(
            Text(zh=f"收入决算表“{row_name(row)}”没有金额", en=f"T02: {row_name(row)} shows no amount"),
            cells=(row_ref(row),),
            subject=f"code {row.digits}",
        )
