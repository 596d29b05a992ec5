"""Amounts that OCR read with doubt are things to look at, never errors of the department."""

from __future__ import annotations

from services.validator.validate import validate
from services.validator.view import View
from shared.contracts.assessment import CellRef, Outcome, Severity
from shared.contracts.base import Text
from shared.contracts.document import Doubt, DoubtCode
from shared.contracts.report import Fact, Measure, Report
from tests.unit.validator.balanced import account
from tests.unit.validator.help import of_rule, outcome

M = Measure


def doubting(report: Report, table: str, key: str, measure: Measure, code: DoubtCode) -> Report:
    """`report` with a doubt at one amount, on page 4."""

    def changed(fact: Fact) -> Fact:
        if (fact.table, fact.key, fact.measure) != (table, key, measure):
            return fact
        place = fact.place.model_copy(update={"page": 4})
        return fact.model_copy(update={"doubts": (code,), "place": place})

    facts = tuple(changed(fact) for fact in report.facts)
    assert facts != report.facts
    return report.model_copy(update={"facts": facts})


def test_an_amount_that_ocr_doubts_is_to_be_looked_at() -> None:
    report = doubting(account().build(), "T03", "2010301", M.BASIC, DoubtCode.SCANNED_TEXT)
    (finding,) = of_rule(validate(report), "A13")
    assert (finding.severity, finding.outcome) == (Severity.REVIEW, Outcome.PARSE_DOUBT)
    assert [cell.row_code for cell in finding.cells] == ["2010301"]
    assert "第 4 页" in finding.message.zh
    assert "page 4" in finding.message.en


def test_amounts_of_one_table_are_one_finding() -> None:
    report = doubting(account().build(), "T03", "2010301", M.BASIC, DoubtCode.SCANNED_TEXT)
    report = doubting(report, "T03", "201", M.TOTAL, DoubtCode.SCANNED_SUM)
    report = doubting(report, "T05", "201", M.TOTAL, DoubtCode.SCANNED_SUM)
    found = of_rule(validate(report), "A13")
    assert sorted(len(finding.cells) for finding in found) == [1, 2]


def test_a_sum_that_a_doubted_amount_breaks_is_no_error() -> None:
    made = account().add("T03", "2010301", M.BASIC, "5.00")
    plain = validate(made.build())
    assert outcome(plain, "D01") is Outcome.FAIL
    report = doubting(made.build(), "T03", "2010301", M.BASIC, DoubtCode.SCANNED_SUM)
    assessment = validate(report)
    assert outcome(assessment, "D01") is Outcome.PARSE_DOUBT
    assert {finding.severity for finding in of_rule(assessment, "D01")} == {Severity.REVIEW}


def test_a_scanned_page_is_one_of_its_own_file() -> None:
    """Page 4 of the annex was scanned; page 4 of the file with the tables was not."""
    report = doubting(account().build(), "T03", "2010301", M.BASIC, DoubtCode.AMBIGUOUS_CELL)
    (fact,) = (fact for fact in report.facts if fact.place.page == 4)
    words = Text(zh="扫描件", en="a scan")
    for part, expected in ((0, True), (1, False)):
        place = fact.place.model_copy(update={"part": "甲/表.pdf"})
        doubt = Doubt(code=DoubtCode.SCANNED_PAGE, text=words, part=part, page=4)
        view = View(report.model_copy(update={"doubts": (doubt,), "parts": ("甲/表.pdf", "甲/附件.pdf")}))
        cell = CellRef(table="T03", row_code="2010301", row_name="", column="", raw=fact.raw, place=place)
        assert view.is_scanned(cell) is expected


def test_a_sum_that_a_doubted_blank_breaks_is_no_error() -> None:
    """OCR lost a number: the blank carries the doubt, which stands among those of the report."""
    made = account().put("T03", "2010301", M.BASIC, "")
    report = made.build()
    table = report.by_table["T03"]
    row = next(line.row for line in table.lines if line.key == "2010301")
    column = next(column.column for column in table.columns if column.measure is M.BASIC)
    words = Text(zh="读作空白", en="reads blank")
    doubt = Doubt(code=DoubtCode.SCANNED_SUM, text=words, table=table.source_table, row=row, column=column)
    assert outcome(validate(report), "D01") is Outcome.FAIL
    assessment = validate(report.model_copy(update={"doubts": (doubt,)}))
    assert outcome(assessment, "D01") is Outcome.PARSE_DOUBT


def test_a_clean_reading_is_no_finding() -> None:
    assert not of_rule(validate(account().build()), "A13")


def test_a_doubted_amount_without_decimals_is_not_the_fault_of_the_department() -> None:
    made = account().put("T03", "2010301", M.BASIC, "7")
    assert of_rule(validate(made.build()), "A14")
    report = doubting(made.build(), "T03", "2010301", M.BASIC, DoubtCode.SCANNED_SUM)
    assert not of_rule(validate(report), "A14")


def test_a_name_that_ocr_may_have_misread_is_no_reproach() -> None:
    """The same code under two names is a warning in a digital file, something to look at in a scan."""
    made = account()
    made.row("T03", "2010301").name = "行攻运行"
    report = made.build()
    assert {finding.severity for finding in of_rule(validate(report), "L06")} == {Severity.WARNING}
    words = Text(zh="第 4 页是扫描件", en="page 4 is a scan")
    page = Doubt(code=DoubtCode.SCANNED_PAGE, text=words, page=4)
    facts = tuple(
        fact.model_copy(update={"place": fact.place.model_copy(update={"page": 4})}) if fact.table == "T03" else fact
        for fact in report.facts
    )
    assessment = validate(report.model_copy(update={"facts": facts, "doubts": (page,)}))
    (finding,) = of_rule(assessment, "L06")
    assert (finding.severity, finding.outcome) == (Severity.REVIEW, Outcome.PARSE_DOUBT)
    assert "扫描件" in finding.message.zh
    assert "scan" in finding.message.en
