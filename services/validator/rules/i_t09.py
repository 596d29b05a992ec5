"""Group I: T09 “三公”经费, travel abroad, official vehicles and reception, as budget and as outturn."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from services.validator.checks import Check, Passed, Statement, at_most, cannot, nothing, total
from services.validator.registry import rule
from services.validator.view import Slot, View
from shared.catalogue import keys
from shared.contracts.assessment import Severity
from shared.contracts.base import Text
from shared.contracts.report import Measure, Phase

_WAN_PER_VEHICLE = (Decimal("0.1"), Decimal(15))
_PARTS = (Measure.ABROAD, Measure.VEHICLE, Measure.RECEPTION)
_VEHICLE = (Measure.VEHICLE_PURCHASE, Measure.VEHICLE_OPERATION)
_FOOT = Text(zh="因公出国（境）费、公务用车费、公务接待费之和", en="travel abroad, vehicles and reception")
_VEHICLE_FOOT = Text(zh="公务用车购置费与运行维护费之和", en="vehicle purchase and operation")
_NO_BUDGET = cannot("没有列示预算数", "no budget column is printed")
_NO_OUTTURN = cannot("没有列示决算数", "no outturn column is printed")


def cell(view: View, measure: Measure, phase: Phase = Phase.OUTTURN) -> Slot:
    """An amount of T09."""
    return view.cell("T09", keys.SAN_GONG, measure, phase)


def budget_phase(view: View) -> Phase:
    """The budget that T09 prints: the adjusted one, or the original one where only that is given."""
    adjusted = view.uses("T09", Measure.SAN_GONG_TOTAL, Phase.BUDGET)
    return Phase.ORIGINAL_BUDGET if not adjusted and _prints(view, Phase.ORIGINAL_BUDGET) else Phase.BUDGET


@rule("I01", tables=("T09",))
def budget_foot(view: View) -> Iterator[Check]:
    """The budget is the sum of its three parts."""
    phase = budget_phase(view)
    if not _prints(view, phase):
        yield _NO_BUDGET
        return
    yield total(cell(view, Measure.SAN_GONG_TOTAL, phase), [cell(view, part, phase) for part in _PARTS], _FOOT)


@rule("I02", tables=("T09",))
def budget_vehicle_foot(view: View) -> Iterator[Check]:
    """The vehicle budget is purchase and operation."""
    phase = budget_phase(view)
    if not _prints(view, phase):
        yield _NO_BUDGET
        return
    yield total(cell(view, Measure.VEHICLE, phase), [cell(view, part, phase) for part in _VEHICLE], _VEHICLE_FOOT)


@rule("I03", tables=("T09",))
def outturn_foot(view: View) -> Iterator[Check]:
    """The outturn is the sum of its three parts."""
    if not _prints(view, Phase.OUTTURN):
        yield _NO_OUTTURN
        return
    yield total(cell(view, Measure.SAN_GONG_TOTAL), [cell(view, part) for part in _PARTS], _FOOT)


@rule("I04", tables=("T09",))
def outturn_vehicle_foot(view: View) -> Iterator[Check]:
    """The vehicle outturn is purchase and operation."""
    if not _prints(view, Phase.OUTTURN):
        yield _NO_OUTTURN
        return
    yield total(cell(view, Measure.VEHICLE), [cell(view, part) for part in _VEHICLE], _VEHICLE_FOOT)


@rule("I05", tables=("T09",))
def within_budget(view: View) -> Iterator[Check]:
    """The outturn stays within the budget of the year (预算法 13).

    An original budget may be exceeded after an adjustment, so against that one an excess is only worth knowing.
    """
    phase = budget_phase(view)
    if not _prints(view, phase) or not _prints(view, Phase.OUTTURN):
        yield cannot("预算数、决算数没有同时列示", "budget and outturn are not both printed")
        return
    severity = Severity.INFO if phase is Phase.ORIGINAL_BUDGET else None
    for measure in (Measure.SAN_GONG_TOTAL, *_PARTS, *_VEHICLE):
        words = Text(zh="预算数", en="the budget")
        yield at_most(cell(view, measure), cell(view, measure, phase), words, exact=True, severity=severity)


@rule("I06", tables=("T09",))
def vehicles(view: View) -> Iterator[Check]:
    """Money spent on running vehicles goes with vehicles owned (T10), at a plausible cost per vehicle.

    Numbers of purchased vehicles stand in the narrative.
    """
    spent, owned = cell(view, Measure.VEHICLE_OPERATION), view.cell("T10", keys.VEHICLES_TOTAL)
    if spent.value <= 0:
        yield nothing("没有公务用车运行维护费", "nothing was spent on running vehicles")
        return
    if owned.fact is None:
        yield cannot("没有列示车辆数", "no number of vehicles is printed")
        return
    low, high = _WAN_PER_VEHICLE
    each = (spent.fact.amount_yuan or Decimal(0)) / 10000 / owned.value if spent.fact and owned.value else None
    if each is not None and low <= each <= high:
        yield Passed()
        return
    number = owned.printed
    yield Statement(
        Text(
            zh=f"公务用车运行维护费 {spent.printed}，车辆数 {number}，"
            + ("有费用而无车辆" if each is None else f"平均每辆 {each:.2f} 万元，请核实"),
            en=f"running vehicles cost {spent.printed} with {number} vehicles"
            + ("" if each is None else f": {each:.2f} 万元 each, worth a look"),
        ),
        cells=(owned.ref(), spent.ref()),
        severity=Severity.WARNING if each is None else Severity.INFO,
        subject="vehicles",
    )


@rule("I07", tables=("T09",))
def visits(view: View) -> Iterator[Check]:
    """Travel abroad and reception go with numbers of visits and people, which stand in the narrative."""
    if not any(cell(view, part).value for part in (Measure.ABROAD, Measure.RECEPTION)):
        yield nothing("没有因公出国（境）费和公务接待费", "nothing was spent on travel abroad or reception")
    else:
        yield cannot("团组数、批次、人次在文字说明中", "the numbers of visits stand in the narrative")


@rule("I08", tables=("T06", "T09"))
def mirrored_items(view: View) -> Iterator[Check]:
    """The items of basic expenditure are parts of the outturn of T09 (which also counts project money)."""
    pairs = (
        (("30212",), Measure.ABROAD),
        (("30217",), Measure.RECEPTION),
        (("30231",), Measure.VEHICLE_OPERATION),
        (("31013", "30913"), Measure.VEHICLE_PURCHASE),
    )
    if not _prints(view, Phase.OUTTURN):
        yield _NO_OUTTURN
        return
    for codes, measure in pairs:
        items = [view.cell("T06", code) for code in codes]
        yield at_most(items, cell(view, measure), Text(zh="三公经费表中的决算数", en="the outturn in T09"))


@rule("I09", tables=("T09",), even_empty=True)
def purse(view: View) -> Iterator[Check]:
    """The title says which purse the table covers: all fiscal money or the general public budget."""
    title = view.table("T09").title
    if "财政拨款" in title or "一般公共预算" in title:
        yield Passed()
    else:
        yield cannot("表名没有说明口径", "the title does not say which money the table covers")


def _prints(view: View, phase: Phase) -> bool:
    return any(view.uses("T09", measure, phase) for measure in (Measure.SAN_GONG_TOTAL, *_PARTS, *_VEHICLE))
