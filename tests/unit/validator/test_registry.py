"""Every table rule of the list is there, with the docstring that says what the form demands."""

from __future__ import annotations

import pytest

from services.validator.registry import registered, rule
from services.validator.validate import validate
from shared.catalogue.rules import RULESET, rule_infos, table_name, table_rule_ids
from shared.contracts.assessment import Outcome
from tests.unit.validator.balanced import account
from tests.unit.validator.help import check


def test_every_table_rule_is_registered_once() -> None:
    assert [each.info.id for each in registered()] == sorted(table_rule_ids())
    assert all(each.body.__doc__ for each in registered())
    assert len(table_rule_ids()) == 98


def test_rules_of_the_narrative_have_no_outcome() -> None:
    outcomes = [each.rule for each in check(account()).outcomes]
    assert outcomes == sorted(table_rule_ids())
    assert {"M01", "N01"} <= set(rule_infos())


def test_a_rule_cannot_be_registered_twice_or_without_entry() -> None:
    body = registered()[0].body
    with pytest.raises(ValueError, match="twice"):
        rule("A01")(body)
    with pytest.raises(KeyError):
        rule("Z99")(body)


def test_empty_report_passes_nothing_about_figures() -> None:
    made = account()
    made.rows.clear()
    made.amounts.clear()
    assessment = check(made)
    passed = {each.rule for each in assessment.outcomes if each.outcome is Outcome.PASS}
    assert passed <= {"A01", "A04", "A15"}
    assert all(each.reason for each in assessment.outcomes if each.outcome is Outcome.INSUFFICIENT_DATA)


def test_assessment_names_report_and_ruleset() -> None:
    report = account().build()
    assessment = validate(report)
    assert (assessment.document_id, assessment.ruleset) == (report.document_id, RULESET)


def test_table_names() -> None:
    assert table_name("T03").zh == "支出决算表"
    assert "X01" in table_name("X01").en
