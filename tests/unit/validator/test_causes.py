"""One slip is one cause, with the wrong cell first and the right value beside it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shared.catalogue import keys
from shared.contracts.assessment import Assessment, Cause, Severity
from shared.contracts.report import Measure, Phase
from tests.unit.validator.balanced import account
from tests.unit.validator.builder import Account
from tests.unit.validator.help import check, of_rule, open_causes

M = Measure
OUT = Phase.OUTTURN


def only_cause(assessment: Assessment) -> Cause:
    causes = open_causes(assessment)
    assert len(causes) == 1
    return causes[0]


def cell_of(cause: Cause, number: int = 0) -> tuple[str, str, str]:
    cell = cause.cells[number]
    return cell.table, cell.row_code or cell.row_name, cell.column.rsplit("/", 1)[-1]


def test_slip_repeated_in_sums_and_tables_is_one_cause() -> None:
    """The digit is missing in the 款, in the 类 above it and in both tables."""
    made = account()
    for table in ("T03", "T05"):
        for code in ("221", "22102"):
            made.put(table, code, M.BASIC, "9.63")
    cause = only_cause(check(made))
    assert {cell_of(cause, number)[:2] for number in range(4)} == {
        (table, code) for table in ("T03", "T05") for code in ("221", "22102")
    }
    assert cause.suggestion
    assert cause.suggestion.value == "97.63"
    assert "漏写一位数字" in cause.suggestion.reason.zh
    assessment = check(made)
    for finding in assessment.findings:
        assert finding.group == cause.group
        assert finding.cells[0] == cause.cells[0]
        assert finding.suggestion == cause.suggestion
    assert {finding.id for finding in assessment.findings} == set(cause.findings)


SLIPS = [
    ("T03", "2010301", M.BASIC, "132.16", "漏写"),
    ("T03", "20103", M.PROJECT, "4,522.42", "多写"),
    ("T05", "2080505", M.BASIC, "134.29", "颠倒"),
    ("T02", "2010302", M.FISCAL, "4,159.00", "小数点"),
    ("T01", "208", M.AMOUNT, "-201.45", "正负号"),
    ("T04", "210", M.GENERAL, "81.25", "一位数字"),
    ("T06", "301", M.AMOUNT, "1,559.77", ""),
    ("T01", keys.GRAND_TOTAL_EXP, M.AMOUNT, "3,114.51", ""),
    ("T04", keys.TOTAL_EXP_CURRENT, M.TOTAL, "2,900.00", ""),
    ("T07", "22904", M.PROJECT, "580.00", ""),
    ("T09", keys.SAN_GONG, M.VEHICLE, "36.60", ""),
]


@pytest.mark.parametrize(("table", "key", "measure", "wrong", "words"), SLIPS)
def test_single_slip(table: str, key: str, measure: Measure, wrong: str, words: str) -> None:
    made = account()
    right = made.amounts[table, key, measure, OUT]
    made.put(table, key, measure, wrong)
    cause = only_cause(check(made))
    assert cause.cells[0].table == table
    assert cause.cells[0].raw == wrong
    assert cause.suggestion
    assert cause.suggestion.value == right
    assert words in cause.suggestion.reason.zh


def test_blank_instead_of_an_amount() -> None:
    made = account().put("T05", "2080505", M.BASIC, "")
    cause = only_cause(check(made))
    assert cell_of(cause) == ("T05", "2080505", "基本支出")
    assert cause.cells[0].raw == ""
    assert cause.suggestion
    assert cause.suggestion.value == "143.29"


def test_amount_in_the_wrong_row_of_t01() -> None:
    made = account().put("T01", "210", M.AMOUNT, "").put("T01", "211", M.AMOUNT, "81.29")
    cause = only_cause(check(made))
    assert {cell.row_name for cell in cause.cells[:2]} == {"卫生健康支出", "节能环保支出"}
    assert cause.suggestion
    assert "行" in cause.suggestion.reason.zh


def test_amounts_of_two_columns_exchanged() -> None:
    made = account()
    basic, project = made.amounts["T05", "2010301", M.BASIC, OUT], made.amounts["T05", "2010301", M.PROJECT, OUT]
    made.put("T05", "2010301", M.BASIC, project).put("T05", "2010301", M.PROJECT, basic)
    cause = only_cause(check(made))
    assert {(cell.row_code, cell.column) for cell in cause.cells[:2]} == {
        ("2010301", "基本支出"),
        ("2010301", "项目支出"),
    }


def test_two_slips_are_two_causes() -> None:
    made = account().put("T03", "2080505", M.BASIC, "134.29").put("T05", "2210201", M.BASIC, "976.30")
    causes = open_causes(check(made))
    assert [cause.suggestion.value for cause in causes if cause.suggestion] == ["143.29", "97.63"]
    assert [cause.group for cause in causes] == ["C01", "C02"]


def test_two_slips_in_one_column_do_not_hide_each_other() -> None:
    made = account().put("T03", "208", M.BASIC, "2,014.50").put("T03", "221", M.BASIC, "79.63")
    values = {cause.suggestion.value for cause in open_causes(check(made)) if cause.suggestion}
    assert values == {"201.45", "97.63"}


def test_no_suggestion_where_several_cells_would_do() -> None:
    """A sum of items that nothing else repeats: any of them may be wrong."""
    made = account().add("T06", "30201", M.AMOUNT, "3.31")
    cause = only_cause(check(made))
    assert cause.suggestion is None
    assert {cell.row_code for cell in cause.cells} >= {"30201", "30202"}


def test_identifiers_are_stable() -> None:
    made = account().put("T03", "2080505", M.BASIC, "134.29")
    first, second = check(made), check(made)
    assert first == second
    assert len({finding.id for finding in first.findings}) == len(first.findings)


def test_same_code_in_two_rules_is_one_cause() -> None:
    made = account()
    made.row("T03", "2080505").name = "死亡抚恤"
    assessment = check(made)
    cause = only_cause(assessment)
    assert {finding.rule for finding in assessment.findings} == {"L02", "L06"}
    assert len(cause.findings) == len(assessment.findings)
    assert cause.suggestion
    assert cause.suggestion.value == "2080801"


@pytest.mark.parametrize("table", ["T05", "T06"])
def test_offset_column_is_one_finding(table: str) -> None:
    made = account()
    rows = [row.key for row in made.rows[table] if row.group == 0 and (row.code or table == "T06")]
    for measure in (M.TOTAL, M.BASIC, M.PROJECT, M.AMOUNT):
        values = [made.amounts.get((table, key, measure, OUT), "") for key in rows]
        for key, raw in zip(rows, ["", *values[:-1]], strict=True):
            made.put(table, key, measure, raw)
    assessment = check(made)
    errors = [finding for finding in assessment.findings if finding.severity is Severity.ERROR]
    assert [finding.rule for finding in errors] == ["F06" if table == "T05" else "G08"]


def test_messages_name_table_row_and_figures() -> None:
    made = account().put("T03", "22102", M.BASIC, "976.30")
    assessment = check(made)
    message = of_rule(assessment, "D03")[0].message
    for words in ("支出决算表", "22102 住房改革支出", "基本支出", "976.30", "97.63"):
        assert words in message.zh
    assert "小数点" in assessment.causes[0].message.zh
    assert "expenditure (T03)" in message.en
    assert "976.30" in message.en


def test_finding_carries_the_arithmetic() -> None:
    made: Account = account().put("T03", "22102", M.BASIC, "976.30")
    finding = of_rule(check(made), "D03")[0]
    assert finding.difference is not None
    assert abs(finding.difference) == Decimal("878.67")
    assert {finding.expected, finding.found} == {"976.30", "97.63"}
    assert finding.tolerance == Decimal("0.01")


def test_suggestion_follows_the_style_of_the_table() -> None:
    """The wrong figure is too short to show that this account writes no separators; its neighbours do."""
    made = account()
    for cell, raw in list(made.amounts.items()):
        made.amounts[cell] = raw.replace(",", "")
    made.put("T03", "2010301", M.BASIC, "132.16")
    suggested = only_cause(check(made)).suggestion
    assert suggested
    assert suggested.value == "1321.62"
