"""What rounding explains and what it does not, to the last digit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from services.validator.checks import Equation, at_most, same, total
from services.validator.tolerance import bound, judge
from services.validator.units import Scale
from services.validator.view import Slot
from shared.catalogue import keys
from shared.contracts.assessment import Outcome, Severity
from shared.contracts.base import Text
from shared.contracts.report import Measure, Phase, Unit
from tests.unit.validator.balanced import account
from tests.unit.validator.help import check, of_rule, open_causes, outcome

WORDS = Text(zh="合计", en="sum")
FACT = account().build().facts[0]


def slot(raw: str, *, exact: bool = False) -> Slot:
    """A printed cell, blank for ""."""
    if not raw:
        return Slot("T03", "201", Measure.TOTAL, Phase.OUTTURN, None, None, Decimal(0), Decimal(0), "合计")
    amount = Decimal(raw)
    quantum = Decimal(0) if exact else Decimal(1).scaleb(int(amount.as_tuple().exponent))
    fact = FACT.model_copy(update={"raw": raw, "amount": amount, "quantum": quantum})
    return Slot("T03", "201", Measure.TOTAL, Phase.OUTTURN, None, fact, amount, quantum, "合计")


def sum_of(whole: str, *terms: str, exact: bool = False) -> Equation:
    return total(slot(whole, exact=exact), [slot(term, exact=exact) for term in terms], WORDS)


@pytest.mark.parametrize(
    ("whole", "terms", "expected"),
    [
        ("3.00", ("1.00", "2.00"), Outcome.PASS),
        ("3.01", ("1.00", "2.00"), Outcome.ROUNDING),  # 0.01 of 0.015
        ("3.02", ("1.00", "2.00"), Outcome.FAIL),
        ("6.02", ("1.00", "2.00", "3.00"), Outcome.ROUNDING),  # 0.02 of 0.02
        ("6.03", ("1.00", "2.00", "3.00"), Outcome.FAIL),
        ("1.01", ("1.00",), Outcome.ROUNDING),
        ("1.02", ("1.00",), Outcome.FAIL),
        ("8.00", ("3.00", "", "5.00"), Outcome.PASS),
        ("8.02", ("3.00", "", "5.00"), Outcome.FAIL),  # a blank term adds no tolerance
        ("", ("3.00", "5.00"), Outcome.INSUFFICIENT_DATA),
        ("8.00", ("", ""), Outcome.INSUFFICIENT_DATA),
        ("0.00", ("", ""), Outcome.PASS),
        ("", ("", ""), Outcome.NOT_APPLICABLE),
    ],
)
def test_sum_of_terms(whole: str, terms: tuple[str, ...], expected: Outcome) -> None:
    assert judge(sum_of(whole, *terms)).outcome is expected


@pytest.mark.parametrize(
    ("residue", "expected", "severity"),
    [
        ("0.02", Outcome.ROUNDING, None),  # 12 terms: three deviations are 0.0312
        ("0.03", Outcome.ROUNDING, None),
        ("0.04", Outcome.FAIL, Severity.WARNING),
        ("0.06", Outcome.FAIL, Severity.WARNING),  # the bound is 0.065
        ("0.07", Outcome.FAIL, None),
    ],
)
def test_many_terms(residue: str, expected: Outcome, severity: Severity | None) -> None:
    whole = Decimal("12.00") + Decimal(residue)
    verdict = judge(sum_of(str(whole), *["1.00"] * 12))
    assert (verdict.outcome, verdict.severity) == (expected, severity)
    assert verdict.bound == Decimal("0.065")


def test_bound_grows_with_terms_not_with_blanks() -> None:
    assert bound(sum_of("1.00", "0.50", "0.50")) == Decimal("0.015")
    assert bound(sum_of("1.00", "0.50", "", "0.50", "")) == Decimal("0.015")


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("624.02", "624.02", Outcome.PASS),
        ("624.02", "624.03", Outcome.ROUNDING),
        ("624.02", "624.04", Outcome.FAIL),
        ("624", "624.02", Outcome.ROUNDING),  # the coarser figure decides
        ("625", "623.98", Outcome.FAIL),
        ("624.02", "", Outcome.INSUFFICIENT_DATA),
        ("0.00", "", Outcome.PASS),
        ("", "", Outcome.NOT_APPLICABLE),
    ],
)
def test_same_quantity_twice(left: str, right: str, expected: Outcome) -> None:
    assert judge(same(slot(left), slot(right))).outcome is expected


def test_part_of_a_whole() -> None:
    assert judge(at_most(slot("5.00"), slot("9.00"), WORDS)).outcome is Outcome.PASS
    assert judge(at_most(slot("9.01"), slot("9.00"), WORDS)).outcome is Outcome.ROUNDING
    assert judge(at_most(slot("9.02"), slot("9.00"), WORDS)).outcome is Outcome.FAIL
    assert judge(at_most(slot("9.01"), slot("9.00"), WORDS, exact=True)).outcome is Outcome.FAIL
    assert judge(at_most(slot(""), slot("9.00"), WORDS)).outcome is Outcome.NOT_APPLICABLE


def test_yuan_is_exact() -> None:
    assert judge(sum_of("3.01", "1.00", "2.00", exact=True)).outcome is Outcome.FAIL
    made = account()
    made.unit = Unit.YUAN
    assert {finding.rule for finding in check(made).findings} <= {"A10", "I06"}  # only that it is small
    made.add("T03", "2010301", Measure.BASIC, "0.01")
    assert outcome(check(made), "D01") is Outcome.FAIL


def test_units_are_converted_before_comparing() -> None:
    made = account()
    made.units["T04"] = Unit.YUAN
    for cell, raw in list(made.amounts.items()):
        if cell[0] == "T04" and raw:
            made.put(*cell[:3], f"{made.at(*cell[:3]) * 10000:.2f}", cell[3])
    assert {cause.severity for cause in check(made).causes} == {Severity.WARNING}
    assert of_rule(check(made), "A09")


def test_dropped_zeros_do_not_widen_the_bound() -> None:
    """926.1 and 880 in a sheet that drops trailing zeros stand for 926.10 and 880.00."""
    made = account()
    for cell, raw in list(made.amounts.items()):
        if raw:
            made.amounts[cell] = format(Decimal(raw.replace(",", "")).normalize(), "f")
    report = made.build()
    scale = Scale.of(report)
    assert scale.trimmed
    assert {scale.quantum(fact) for fact in report.facts if fact.unit is Unit.WAN} == {Decimal("0.01")}
    assert {finding.rule for finding in check(made).findings} == {"A14"}


def test_residues_are_rounding_and_nothing_else() -> None:
    made = account().add("T03", "20103", Measure.BASIC, "0.01").add("T01", "208", Measure.AMOUNT, "0.01")
    assessment = check(made)
    assert not open_causes(assessment)
    assert {outcome(assessment, rule) for rule in ("D01", "D03", "B03", "K04")} == {Outcome.ROUNDING}
    assert {finding.severity for finding in assessment.findings} == {Severity.ROUNDING}
    assert {finding.group for finding in assessment.findings} == {"rounding"}
    assert [cause.group for cause in assessment.causes] == ["rounding"]


def test_doubtful_cell_asks_for_review() -> None:
    made = account().add("T03", "2080505", Measure.BASIC, "50.00")
    made.doubtful.add(("T03", "2080505", Measure.BASIC, Phase.OUTTURN))
    assessment = check(made)
    findings = [*of_rule(assessment, "D01"), *of_rule(assessment, "D03")]
    assert {finding.severity for finding in findings} == {Severity.REVIEW}
    assert outcome(assessment, "D01") is Outcome.PARSE_DOUBT


def test_doubt_about_a_cell_that_fits_is_no_finding() -> None:
    made = account()
    made.doubtful.add(("T03", "2080505", Measure.BASIC, Phase.OUTTURN))
    assert not open_causes(check(made))


def test_rule_that_cannot_run_says_why() -> None:
    made = account()
    made.drop("T02")
    made.rows["T03"] = [row for row in made.rows["T03"] if row.key in {keys.TOTAL, "201", "208", "210", "221", "229"}]
    assessment = check(made)
    for rule in ("C01", "K01", "D03"):
        found = next(each for each in assessment.outcomes if each.rule == rule)
        assert found.outcome is Outcome.INSUFFICIENT_DATA
        assert found.reason
        assert "pass" not in found.checks
