"""Any report that the generator can make comes back fact for fact.

500 reports over all formats and layouts by default; `JUESUAN_ROUNDTRIP=5000` makes it as many as one likes.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.extractor.extract import extract
from services.normalizer.normalize import normalize
from services.validator.validate import validate
from shared.contracts.assessment import Severity
from shared.contracts.document import SourceFile
from shared.contracts.report import DocumentKind, Report
from tests.corpus.accounts import FIRST_YEAR_OF_THREE_PURSES, Style
from tests.corpus.compose import report
from tests.corpus.generate import plan
from tests.corpus.grid import Printed
from tests.corpus.layouts import LAYOUTS, Layout
from tests.corpus.truth import compare, found_rows, found_unknown, true_rows, unknown_amounts
from tests.corpus.writers import FORMATS, Format, pdf

COUNT = int(os.environ.get("JUESUAN_ROUNDTRIP", "500"))
_BATCHES = 50


def read_back(printed: Printed, form: Format) -> Report:
    """Write the report, read the file again."""
    source = SourceFile(name=f"{printed.name}.{form.extension}", content=form.write(printed))
    return normalize(extract(source))


def assert_same(printed: Printed, form: Format) -> None:
    """Every fact of the ten tables, the entity, the year, the kind; every amount of the other tables."""
    found = read_back(printed, form)
    where = f"{printed.name} as {form.id}"
    score = compare(true_rows(printed), found_rows(found))
    trouble = f"{where}: missed {len(score.missed)} {score.missed[:4]}, extra {len(score.extra)} {score.extra[:4]}"
    assert score.hits == score.expected, trouble
    assert score.hits == score.found, trouble
    identity = found.identity
    assert (identity.entity, identity.fiscal_year) == (printed.entity, printed.year), where
    kind = DocumentKind.UNIT_FINAL_ACCOUNT if printed.unit_account else DocumentKind.DEPARTMENT_FINAL_ACCOUNT
    assert identity.scope is kind, where
    assert identity.division is not None, where
    assert identity.division.code == printed.division, where
    lost = unknown_amounts(printed) - found_unknown(found)
    assert not lost, f"{where}: amounts of other tables lost: {lost}"


@pytest.mark.parametrize("batch", range(_BATCHES))
def test_reports_come_back_fact_for_fact(batch: int) -> None:
    """One fiftieth of the reports; together they go through every pair of layout and format."""
    for job in plan(COUNT, 1)[batch::_BATCHES]:
        assert_same(job.compose(), job.form)


@pytest.mark.parametrize("number", range(28))
def test_a_sound_report_has_no_errors(number: int) -> None:
    """What the generator balances is found balanced, and complete, in whatever form."""
    for job in plan(56, 601)[number::28]:
        found = validate(read_back(job.compose(), job.form))
        errors = [finding.message.en for finding in found.findings if finding.severity is Severity.ERROR]
        assert errors == [], job.file_name


@st.composite
def styles(draw: st.DrawFn, layout: Layout) -> Style:
    """Any account that this layout can print."""
    year = draw(st.integers(*layout.years))
    return Style(
        province=layout.province,
        year=year,
        unit_account=draw(st.booleans()),
        grain=draw(st.sampled_from((layout.money.grain, 1))),
        fund=draw(st.booleans()),
        soe=draw(st.booleans()) and year >= FIRST_YEAR_OF_THREE_PURSES and "T08" in layout.order,
        other_money=draw(st.booleans()),
        carry=draw(st.booleans()),
        size=draw(st.sampled_from((0.01, 0.2, 1.0, 30.0))),
    )


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_report_comes_back(data: st.DataObject) -> None:
    """Layout, format, account and seed drawn at will."""
    layout = data.draw(st.sampled_from(LAYOUTS))
    form = data.draw(st.sampled_from(FORMATS))
    seed = data.draw(st.integers(0, 10**9))
    assert_same(report(layout, seed, data.draw(styles(layout))), form)


@pytest.mark.parametrize("habit", [pdf.STROKED, pdf.WORD, pdf.OPEN], ids=["stroked", "word", "open"])
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.id)
def test_facts_of_a_pdf_know_their_page(layout: Layout, habit: pdf.Habit) -> None:
    """The page of every fact is the page on which its row was drawn."""
    printed = report(layout, 77)
    content, pages = pdf.draw(printed, habit)
    found = normalize(extract(SourceFile(name="report.pdf", content=content)))
    expected = [
        (cell.fact.table, cell.fact.row_code, cell.fact.column, cell.fact.raw, str(pages[block.id, cell.row]))
        for block in printed.tables()
        for cell in block.grid.cells()
        if cell.fact and cell.fact.table.startswith("T")
    ]
    got = [
        (fact.table, fact.row_code, fact.column, fact.raw, str(fact.place.page))
        for fact in found.facts
        if fact.table.startswith("T")
    ]
    score = compare(expected, got)
    assert score.missed == ()
    assert score.extra == ()
