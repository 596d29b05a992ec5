"""What looks odd but is right must not be reported: false alarms are what people complain of first."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from services.validator.validate import validate
from shared.catalogue import keys
from shared.contracts.assessment import Outcome, Severity
from shared.contracts.base import Text
from shared.contracts.document import Doubt, DoubtCode
from shared.contracts.report import Measure, Phase
from tests.unit.validator.balanced import account
from tests.unit.validator.builder import Account, Printed
from tests.unit.validator.help import check, of_rule, open_causes, outcome

M = Measure


def other_income_not_spent(made: Account) -> None:
    for code in (keys.TOTAL, "201", "20103", "2010301"):
        made.add("T03", code, M.TOTAL, "-37.25").add("T03", code, M.BASIC, "-37.25")
    made.add("T01", "201", M.AMOUNT, "-37.25").add("T01", keys.TOTAL_EXP_CURRENT, M.AMOUNT, "-37.25")
    made.add("T01", keys.CARRY_OUT, M.AMOUNT, "37.25")


def purchase_from_project_money(made: Account) -> None:
    made.rows["T06"].append(Printed("31013", "31013", "公务用车购置", 1))


def pensions_under_another_function(made: Account) -> None:
    """208 is not used: its items are paid under 201, so functions and items do not mirror each other."""
    made.add("T06", "30108", M.AMOUNT, "-40.00").add("T06", "30102", M.AMOUNT, "40.00")


def old_form(made: Account) -> None:
    made.row("T01", keys.FISCAL_GENERAL).key = keys.FISCAL_TOTAL
    made.amounts["T01", keys.FISCAL_TOTAL, M.AMOUNT, Phase.OUTTURN] = "2,967.16"


def zeros_printed(made: Account) -> None:
    for row in made.rows["T03"]:
        for measure in (M.BASIC, M.PROJECT):
            cell = ("T03", row.key, measure, Phase.OUTTURN)
            made.amounts[cell] = made.amounts.get(cell) or "0"


def classes_only(made: Account) -> None:
    made.rows["T02"] = [row for row in made.rows["T02"] if not row.code or len(row.code) == 3]


def notes_that_deny_little(made: Account) -> None:
    made.notes["T07"] = ("注：本部门年初没有政府性基金预算结转收入。", "如本表无数据，应列示空表。")


HARMLESS: list[Callable[[Account], object]] = [
    other_income_not_spent,
    purchase_from_project_money,
    pensions_under_another_function,
    zeros_printed,
    classes_only,
    notes_that_deny_little,
]


@pytest.mark.parametrize("change", HARMLESS)
def test_legitimate_peculiarity_is_no_alarm(change: Callable[[Account], object]) -> None:
    made = account()
    change(made)
    assert not open_causes(check(made))


def test_form_of_earlier_years_adds_up() -> None:
    made = account()
    old_form(made)
    assessment = check(made)
    assert outcome(assessment, "B01") is Outcome.PASS
    assert outcome(assessment, "K02") is Outcome.PASS


def test_details_left_out_are_not_missing_money() -> None:
    made = account()
    classes_only(made)
    found = next(each for each in check(made).outcomes if each.rule == "C03")
    assert found.outcome is Outcome.INSUFFICIENT_DATA
    assert found.reason


def test_row_that_was_not_understood_blocks_the_sum() -> None:
    made = account().add("T01", keys.OTHER_INCOME, M.AMOUNT, "-30.00")
    report = made.build()
    odd = next(fact for fact in report.facts if fact.table == "T01" and fact.key == keys.OTHER_INCOME)
    odd = odd.model_copy(
        update={"key": None, "row_name": "债务收入", "place": odd.place.model_copy(update={"row": 90})}
    )
    assessment = validate(report.model_copy(update={"facts": (*report.facts, odd)}))
    assert outcome(assessment, "B01") is Outcome.INSUFFICIENT_DATA
    assert not of_rule(assessment, "B01")


def test_missing_table_of_a_damaged_file_asks_for_review() -> None:
    report = account().drop("T06").build()
    page = Doubt(code=DoubtCode.EMPTY_PAGE, text=Text(zh="第 9 页没有文字", en="page 9 has no text"), page=9)
    finding = of_rule(validate(report.model_copy(update={"doubts": (page,)})), "A05")[0]
    assert (finding.severity, finding.outcome) == (Severity.REVIEW, Outcome.PARSE_DOUBT)


def test_empty_table_with_amounts_in_t04_is_a_contradiction() -> None:
    made = account().put("T04", keys.TOTAL_EXP_CURRENT, M.SOE, "12.00")
    assert outcome(check(made), "K12") is Outcome.FAIL
    made.notes["T08"] = ()
    assert outcome(check(made), "K12") is Outcome.INSUFFICIENT_DATA


def test_forms_of_old_years_may_lack_a_table() -> None:
    made = account().drop("T01")
    made.year = 2018
    assert {finding.severity for finding in of_rule(check(made), "A05")} == {Severity.WARNING}


def test_unknown_code_is_never_an_error() -> None:
    made = account()
    row = made.row("T03", "2010302")
    row.code = "2010399"
    assert {finding.severity for finding in of_rule(check(made), "L01")} <= {Severity.INFO, Severity.WARNING}
