"""Any balanced account is sound; any wrong figure that two equations pin down is found, with its right value."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from services.validator.checks import Equation
from services.validator.engine import run_rules
from services.validator.validate import validate
from services.validator.view import View
from shared.contracts.assessment import Severity
from shared.contracts.report import Phase
from tests.unit.validator.balanced import GENERAL, account
from tests.unit.validator.builder import Account, Cell
from tests.unit.validator.help import open_causes

OUT = Phase.OUTTURN
SLOW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MONEY = st.integers(min_value=1000, max_value=9_999_999).map(lambda fen: format(Decimal(fen) / 100, ".2f"))


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    """An account with any amounts in some of the rows."""
    items = {}
    for code, (basic, project) in GENERAL.items():
        first = (draw(MONEY) if Decimal(basic) else "0", draw(MONEY) if Decimal(project) else "0")
        items[code] = first
    items["2010301"] = (format(Decimal(items["2010301"][0]) + 5000, ".2f"), items["2010301"][1])
    return account(items, fund=Decimal(draw(MONEY)), other=Decimal(draw(MONEY)))


@SLOW
@given(accounts())
def test_balanced_account_has_no_finding(made: Account) -> None:
    assessment = validate(made.build())
    bad = [finding for finding in assessment.findings if finding.severity in {Severity.ERROR, Severity.ROUNDING}]
    assert not bad
    assert not [cause for cause in open_causes(assessment) if cause.message.zh.startswith("收入")]


@SLOW
@given(accounts(), st.data())
def test_residues_of_a_fen_are_never_errors(made: Account, data: st.DataObject) -> None:
    cell = data.draw(st.sampled_from(sorted(_amounts(made))))
    table, key, measure, phase = cell
    made.add(table, key, measure, "0.01", phase)
    assessment = validate(made.build())
    assert not [finding for finding in assessment.findings if finding.severity is Severity.ERROR]


@SLOW
@given(accounts(), st.data())
def test_wrong_figure_is_found(made: Account, data: st.DataObject) -> None:
    cell = data.draw(st.sampled_from(sorted(_amounts(made))))
    table, key, measure, phase = cell
    assume(_pinned_down(made, cell) >= 2)
    right = made.amounts[cell]
    change = data.draw(st.sampled_from(["73.51", "-5.04", "1000.00"]))
    assume(made.at(table, key, measure, phase) + Decimal(change) > 0)
    made.add(table, key, measure, change, phase)
    wrong = made.amounts[cell]
    causes = [cause for cause in open_causes(validate(made.build())) if cause.severity is Severity.ERROR]
    assert len(causes) == 1
    first = causes[0].cells[0]
    assert (first.table, first.raw) == (table, wrong)
    assert causes[0].suggestion
    assert causes[0].suggestion.value == right


def _amounts(made: Account) -> list[Cell]:
    """Printed amounts of the accounting tables."""
    return [cell for cell, raw in made.amounts.items() if raw and cell[0] < "T09" and cell[3] is OUT]


def _pinned_down(made: Account, cell: Cell) -> int:
    """How many equalities hold this cell."""
    runs = run_rules(View(made.build()))
    equations: list[Equation] = [judged.equation for run in runs for judged in run.equations]
    return sum(
        any((slot.table, slot.key, slot.measure, slot.phase) == cell for slot in equation.slots)
        for equation in equations
        if equation.relation != "at_most" and equation.severity is None
    )
