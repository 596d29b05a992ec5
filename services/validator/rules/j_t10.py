"""Group J: T10 机构运行信息表, procurement, running costs and vehicles."""

from __future__ import annotations

from collections.abc import Iterator

from services.validator.checks import Check, Passed, Statement, at_most, cannot, nothing, total
from services.validator.institutions import INSTITUTIONS
from services.validator.registry import rule
from services.validator.rules.common import PARTS
from services.validator.view import View
from shared.catalogue import keys
from shared.contracts.base import Text
from shared.contracts.report import DocumentKind


@rule("J01", tables=("T10",))
def procurement(view: View) -> Iterator[Check]:
    """采购支出 is 货物, 工程 and 服务."""
    parts = (keys.PROCUREMENT_GOODS, keys.PROCUREMENT_WORKS, keys.PROCUREMENT_SERVICES)
    yield total(view.cell("T10", keys.PROCUREMENT_TOTAL), [view.cell("T10", key) for key in parts], PARTS)


@rule("J02")
def small_enterprises(view: View) -> Iterator[Check]:
    """Contracts with small and medium enterprises are part of procurement; the amounts stand in the narrative."""
    if view.cell("T10", keys.PROCUREMENT_TOTAL).value:
        yield cannot("中小企业合同金额在文字说明中", "the amounts stand in the narrative")
    else:
        yield nothing("没有政府采购支出", "no procurement is printed")


@rule("J03", tables=("T10",))
def vehicle_classes(view: View) -> Iterator[Check]:
    """The number of vehicles is the sum of its eight classes."""
    words = Text(zh="各类车辆数之和", en="the sum of the classes of vehicles")
    classes = [view.cell("T10", key) for key in keys.VEHICLES]
    yield total(view.cell("T10", keys.VEHICLES_TOTAL), classes, words, exact=True)


@rule("J04", tables=("T10", "T06"))
def running_costs(view: View) -> Iterator[Check]:
    """机关运行经费 is the 公用经费 of the administrative units, so never more than the 公用经费 of all."""
    parts = [view.cell("T10", key) for key in (keys.OPERATING_ADMINISTRATIVE, keys.OPERATING_REFERENCE)]
    words = Text(zh="公用经费合计", en="all operating costs (T06)")
    yield at_most(parts, view.cell("T06", keys.OPERATING_TOTAL), words)


@rule("J05", tables=("T10",))
def none_for_institutions(view: View) -> Iterator[Check]:
    """A school, hospital or other 事业单位 has no 机关运行经费."""
    identity = view.report.identity
    if identity.scope is not DocumentKind.UNIT_FINAL_ACCOUNT:
        yield nothing("不是单位决算", "this is not the account of a single unit")
        return
    if not (identity.entity or "").endswith(INSTITUTIONS):
        yield cannot("无法判断是否为事业单位", "whether the unit is an institution is not known")
        return
    cell = view.cell("T10", keys.OPERATING_ADMINISTRATIVE)
    if not cell.value:
        yield Passed()
        return
    yield Statement(
        Text(
            zh=f"{identity.entity}是事业单位，不应有机关运行经费 {cell.printed}",
            en=f"{identity.entity} is an institution and should have no 机关运行经费 ({cell.printed})",
        ),
        cells=(cell.ref(),),
        found=cell.printed,
        subject="running costs",
    )
