"""Group K, first part: quantities that two tables print alike."""

from __future__ import annotations

from collections.abc import Iterator

from services.validator.checks import Check, cannot, nothing, same, total
from services.validator.registry import rule
from services.validator.rules.b_t01 import FISCAL, INCOME, class_rows, fiscal_keys
from services.validator.rules.common import CLASSES
from services.validator.tolerance import judge
from services.validator.view import Slot, View
from shared.catalogue import keys
from shared.contracts.assessment import Outcome
from shared.contracts.base import Text
from shared.contracts.report import Measure

_T02_SOURCE = (
    Measure.UPPER_SUBSIDY,
    Measure.INSTITUTION,
    Measure.BUSINESS,
    Measure.SUBORDINATE_REMIT,
    Measure.OTHER_INCOME,
)
_NO_TOTAL = cannot("没有合计行", "the table has no total row")


def grand(view: View, table: str, measure: Measure) -> Slot:
    """The cell of 合计 in a table by functional code."""
    return view.cell(table, keys.TOTAL, measure)


@rule("K01", tables=("T01", "T02"))
def income_totals(view: View) -> Iterator[Check]:
    """T01 本年收入合计 is T02 合计."""
    yield same(view.cell("T01", keys.TOTAL_INCOME_CURRENT), grand(view, "T02", Measure.INCOME_TOTAL))


@rule("K02", tables=("T01", "T02"))
def income_by_source(view: View) -> Iterator[Check]:
    """The fiscal rows of T01 make up 财政拨款收入 of T02; each other source is the same in both."""
    fiscal = [view.cell("T01", key) for key in fiscal_keys(view, "T01")]
    words = Text(zh="收入支出决算总表各项财政拨款收入之和", en="the fiscal rows of T01")
    yield total(grand(view, "T02", Measure.FISCAL), fiscal, words)
    for key, measure in zip(INCOME, _T02_SOURCE, strict=True):
        yield same(view.cell("T01", key), grand(view, "T02", measure))


@rule("K03", tables=("T01", "T03"))
def expenditure_totals(view: View) -> Iterator[Check]:
    """T01 本年支出合计 is T03 合计."""
    yield same(view.cell("T01", keys.TOTAL_EXP_CURRENT), grand(view, "T03", Measure.TOTAL))


@rule("K04", tables=("T01", "T03"))
def expenditure_by_class(view: View) -> Iterator[Check]:
    """Each class has the same expenditure in T01 and in T03."""
    yield from _by_class(view, ("T01", Measure.AMOUNT), ("T03", Measure.TOTAL))


@rule("K05", tables=("T01", "T04"))
def fiscal_income(view: View) -> Iterator[Check]:
    """The fiscal income of each fund is the same in T01 and in T04."""
    for key in (keys.FISCAL_TOTAL, *FISCAL):
        yield same(view.cell("T01", key), view.cell("T04", key))


@rule("K07", tables=("T02", "T04"))
def fiscal_column(view: View) -> Iterator[Check]:
    """财政拨款收入 of T02 合计 is 本年收入合计 of T04."""
    yield same(grand(view, "T02", Measure.FISCAL), view.cell("T04", keys.TOTAL_INCOME_CURRENT))


@rule("K08", tables=("T04", "T05"))
def general_budget(view: View) -> Iterator[Check]:
    """The general public budget is the same in T04 and T05, as a whole and by class."""
    yield same(view.cell("T04", keys.TOTAL_EXP_CURRENT, Measure.GENERAL), grand(view, "T05", Measure.TOTAL))
    yield from _by_class(view, ("T04", Measure.GENERAL), ("T05", Measure.TOTAL))


@rule("K09", tables=("T05", "T06"))
def basic_expenditure(view: View) -> Iterator[Check]:
    """Basic expenditure of T05 is 人员经费合计 and 公用经费合计 of T06."""
    basic = grand(view, "T05", Measure.BASIC)
    parts = [view.cell("T06", key) for key in (keys.STAFF_TOTAL, keys.OPERATING_TOTAL)]
    if not any(part.fact for part in parts):
        yield same(basic, view.cell("T06", keys.TOTAL))
        return
    yield total(basic, parts, Text(zh="人员经费合计与公用经费合计之和", en="staff and operating costs of T06"))


@rule("K11", tables=("T04",), even_empty=True)
def government_funds(view: View) -> Iterator[Check]:
    """T07 repeats what T04 says of government funds: carry-in, income, expenditure, carry-out, and by class."""
    if not view.has("T07"):
        yield cannot("没有政府性基金表", "the report has no T07")
        return
    pairs = (
        (Measure.INCOME, view.cell("T04", keys.FISCAL_FUND)),
        (Measure.TOTAL, view.cell("T04", keys.TOTAL_EXP_CURRENT, Measure.FUND)),
        (Measure.CARRY_IN, view.cell("T04", keys.CARRY_IN_FUND)),
        (Measure.CARRY_OUT, view.cell("T04", keys.CARRY_OUT, Measure.FUND)),
    )
    for measure, cell in pairs:
        yield same(grand(view, "T07", measure), cell, partial=_unsure(view, "T07", measure))
    if view.filled("T07"):
        yield from _by_class(view, ("T04", Measure.FUND), ("T07", Measure.TOTAL))


@rule("K12", tables=("T04",), even_empty=True)
def state_capital(view: View) -> Iterator[Check]:
    """T08 repeats what T04 says of state capital operations."""
    if not view.has("T08"):
        yield cannot("没有国有资本经营预算表", "the report has no T08")
        return
    cell = view.cell("T04", keys.TOTAL_EXP_CURRENT, Measure.SOE)
    yield same(grand(view, "T08", Measure.TOTAL), cell, partial=_unsure(view, "T08", Measure.TOTAL))
    if view.filled("T08"):
        yield from _by_class(view, ("T04", Measure.SOE), ("T08", Measure.TOTAL))


@rule("K16")
def prior_year(view: View) -> Iterator[Check]:
    """The carry-in is the carry-out that the same department printed a year before."""
    yield cannot("需要上一年度决算", f"needs the account of the year before {view.year or 'this one'}")


@rule("K17")
def units_of_department(view: View) -> Iterator[Check]:
    """The account of a department is the sum of those of its units."""
    scope = view.report.identity.scope.value
    yield cannot("需要所属单位的决算", f"needs the accounts of the other units ({scope})")


def _unsure(view: View, table: str, measure: Measure) -> bool:
    """Whether a blank in this column may mean something else than 0.

    A table that is declared empty has nothing in any column; a column that prints amounts elsewhere exists.
    """
    if view.filled(table):
        return not view.uses(table, measure)
    return not any("无" in note or "没有" in note for note in view.table(table).notes)


def _by_class(view: View, left: tuple[str, Measure], right: tuple[str, Measure]) -> Iterator[Check]:
    """Each class of the first table against the class row of the second.

    Blank counts as 0 where all classes of that table add up to its total, so that nothing can be missing.
    """
    first = {row.digits: row for row in class_rows(view, left[0])}
    second = {row.digits: row for row in view.tops(right[0]) if row.level == 1}
    if not second:
        yield nothing("没有列示类级科目", "no class is printed")
        return
    sure = (_classes_complete(view, *left), _complete(view, *right))
    for code in sorted(first.keys() | second.keys()):
        if code not in first and not sure[0]:
            yield cannot(f"{code} 类只在一张表中列示", f"class {code} is printed in one table only")
            continue
        a, b = view.cell(left[0], code, left[1]), view.cell(right[0], code, right[1])
        yield same(a, b, partial=not ((a.fact or sure[0]) and (b.fact or sure[1])))


def _complete(view: View, table: str, measure: Measure) -> bool:
    whole = view.cell(table, keys.TOTAL, measure)
    equation = total(whole, view.cells(view.tops(table), measure), CLASSES)
    return judge(equation).outcome in {Outcome.PASS, Outcome.ROUNDING}


def _classes_complete(view: View, table: str, measure: Measure) -> bool:
    whole = view.cell(table, keys.TOTAL_EXP_CURRENT, measure)
    equation = total(whole, view.cells(class_rows(view, table), measure), CLASSES)
    return judge(equation).outcome in {Outcome.PASS, Outcome.ROUNDING}
