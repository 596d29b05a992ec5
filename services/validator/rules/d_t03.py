"""Group D: T03 支出决算表, expenditure of all money by functional code."""

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
from services.validator.view import Row, View, row_name
from shared.contracts.assessment import Severity
from shared.contracts.base import Text
from shared.contracts.report import Measure

PARTS = (
    Measure.BASIC,
    Measure.PROJECT,
    Measure.UPPER_REMIT,
    Measure.BUSINESS_EXPENDITURE,
    Measure.SUBORDINATE_SUBSIDY,
)
COLUMNS = (Measure.TOTAL, *PARTS)
_LEVELS = ("类", "款", "项")
_BASIC_ITEMS = frozenset({"2210201", "2080501", "2080502", "2080505", "2080506"})


@rule("D01", tables=("T03",))
def row_cross_foot(view: View) -> Iterator[Check]:
    """本年支出合计 of each row is the sum of its kinds of expenditure (Z04)."""
    yield from cross_foot(view, table_rows(view, "T03"), Measure.TOTAL, PARTS)


@rule("D02", tables=("T03",))
def totals(view: View) -> Iterator[Check]:
    """合计 of each column is the sum of the classes."""
    yield from column_totals(view, "T03", COLUMNS)


@rule("D03", tables=("T03",))
def levels(view: View) -> Iterator[Check]:
    """Each 类 is the sum of its 款, each 款 of its 项, in every column."""
    yield from hierarchy(view, "T03", COLUMNS)


@rule("D04", tables=("T03",))
def order_and_repeats(view: View) -> Iterator[Check]:
    """Each 项 stands under its 款 and its 类, and no code appears twice."""
    yield from orphans(view, "T03")
    yield from duplicates(view, "T03")


@rule("D05", tables=("T03",))
def nature_fits_code(view: View) -> Iterator[Check]:
    """行政运行, pensions and housing funds are basic expenditure.

    A heuristic: a share of project money in such a row is common, so only a row that is project expenditure
    altogether is reported, and only as worth knowing.
    """
    rows = [row for row in view.coded("T03") if _basic_by_nature(row)]
    if not rows:
        yield nothing("没有行政运行、离退休、住房公积金等科目", "no row of this kind is printed")
    for row in rows:
        basic, project = view.at(row, Measure.BASIC), view.at(row, Measure.PROJECT)
        if basic.value or project.value <= 0:
            yield Passed()
            continue
        yield Statement(
            Text(
                zh=f"支出决算表“{row_name(row)}”{project.printed} 全部列为项目支出，按科目性质一般属于基本支出",
                en=f"T03: all of {row_name(row)} ({project.printed}) is project expenditure; such items are basic",
            ),
            cells=(project.ref(), basic.ref()),
            severity=Severity.INFO,
            found=project.printed,
            subject=f"nature {row.digits}",
        )


def _basic_by_nature(row: Row) -> bool:
    """行政运行 (项 01 where the name says so) and the items of pensions and housing."""
    administration = row.level == len(_LEVELS) and row.digits.endswith("01") and row.name == "行政运行"
    return administration or row.digits in _BASIC_ITEMS
