"""Group G: T06 一般公共预算财政拨款基本支出决算表, basic expenditure by economic item."""

from __future__ import annotations

from collections.abc import Iterator

from services.validator.checks import Check, Passed, Statement, cannot, nothing, total
from services.validator.registry import rule
from services.validator.rules.common import DETAILS
from services.validator.rules.l_names import name_checks
from services.validator.shifts import shifted_column
from services.validator.view import View, row_name
from shared.catalogue import keys
from shared.contracts.base import Text
from shared.contracts.report import CodeSystem, Measure

STAFF = ("301", "303")
OPERATING = ("302", "307", "309", "310", "311", "312", "313", "399")
_OUTSIDE_BASIC = ("309", "311")
_MIRRORED = ("30212", "30217", "30231")


@rule("G01", tables=("T06",))
def classes(view: View) -> Iterator[Check]:
    """Each 类 of economic items is the sum of its 款."""
    rows = [row for row in view.coded("T06") if row.level == 1]
    if not rows:
        yield nothing("没有列示类级科目", "no economic class is printed")
    for row in rows:
        below = view.children(row)
        if any(child.facts for child in below) or not view.at(row).value:
            yield total(view.at(row), view.cells(below, Measure.AMOUNT), DETAILS)
        else:
            yield cannot(f"“{row_name(row)}”没有列示款级科目", f"no items are printed under {row_name(row)}")


@rule("G02", tables=("T06",))
def staff(view: View) -> Iterator[Check]:
    """人员经费合计 is 301 and 303."""
    words = Text(zh="301、303 两类之和", en="the sum of classes 301 and 303")
    yield total(view.cell("T06", keys.STAFF_TOTAL), [view.cell("T06", key) for key in STAFF], words)


@rule("G03", tables=("T06",))
def operating(view: View) -> Iterator[Check]:
    """公用经费合计 is the sum of all other classes."""
    words = Text(zh="302、310 等各类之和", en="the sum of classes 302, 307, 309 to 313 and 399")
    yield total(view.cell("T06", keys.OPERATING_TOTAL), [view.cell("T06", key) for key in OPERATING], words)


@rule("G04", tables=("T06",))
def down_to_sections(view: View) -> Iterator[Check]:
    """Basic expenditure is published down to the 款 (预算法实施条例 6)."""
    rows = [row for row in view.coded("T06") if row.level == 1 and view.at(row).value]
    if not rows:
        yield nothing("没有列示类级科目", "no economic class is printed")
    for row in rows:
        if any(child.facts for child in view.children(row)):
            yield Passed()
            continue
        yield Statement(
            Text(
                zh=f"一般公共预算财政拨款基本支出决算表“{row_name(row)}”没有公开到款级",
                en=f"T06: {row_name(row)} is not published down to the 款",
            ),
            cells=(view.at(row).ref(),),
            subject=f"T06 depth {row.digits}",
        )


@rule("G05", tables=("T06",))
def no_capital_projects(view: View) -> Iterator[Check]:
    """资本性支出（基本建设） and 对企业补助（基本建设） are no basic expenditure: ——, blank or 0."""
    for key in _OUTSIDE_BASIC:
        cell = view.cell("T06", key)
        if not cell.value:
            yield Passed()
            continue
        yield Statement(
            Text(
                zh=f"基本支出中不应有{key} 类（基本建设）支出，表中为 {cell.printed}",
                en=f"T06: class {key} (capital construction) is no basic expenditure, but {cell.printed} is printed",
            ),
            cells=(cell.ref(),),
            found=cell.printed,
            subject=f"T06 {key}",
        )


@rule("G06", tables=("T06",))
def names(view: View) -> Iterator[Check]:
    """The name of an economic item is that of its code (30311: 住房公积金 to 2017, 代缴社会保险费 from 2020)."""
    yield from name_checks(view, ("T06",), CodeSystem.ECONOMIC_DEPARTMENT)


@rule("G07", tables=("T06", "T09"))
def mirrors_printed(view: View) -> Iterator[Check]:
    """The items that T09 repeats are printed, so that I08 can compare them."""
    for key in _MIRRORED:
        row = view.named("T06", key)
        if row is None:
            yield cannot(f"没有列示 {key}", f"T06 does not print {key}")
        else:
            yield Passed()


@rule("G08", tables=("T06",))
def column_aligned(view: View) -> Iterator[Check]:
    """The amounts of a block of columns stand beside their own items.

    When 类 and Σ款 differ, they are tried one row up and down. Accepted only if every class of the block then adds up
    and the items repeated in T09 agree; one statement for all.
    """
    yield from shifted_column(view)
