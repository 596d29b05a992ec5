"""Questions with filters: the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from services.indexer import queries
from services.indexer.index import Indexer
from services.indexer.queries import FactFilter, FindingFilter, ReportFilter
from shared.contracts.assessment import Severity
from shared.contracts.outcome import DocumentOutcome
from shared.contracts.report import Confidence, Division, DocumentKind, Fund, Measure, Phase, Side
from tests.contract.samples import FACTS, make_assessment, make_report

XIAOYI = Division(code="141181", name="孝义市", level=3, confidence=Confidence.PRINTED, evidence="孝义市")


@pytest.fixture(scope="module")
def indexer(fresh_database: Callable[[], str]) -> Iterator[Indexer]:
    with Indexer(fresh_database()) as opened:
        for report, outcome in (
            (make_report("daye"), DocumentOutcome.OK),
            (make_report("xiaoyi", entity="孝义市100%局", division=XIAOYI, year=2023), DocumentOutcome.PARTIAL),
            (make_report("unit", scope=DocumentKind.UNIT_FINAL_ACCOUNT, facts=FACTS[:1]), DocumentOutcome.OK),
        ):
            opened.index(report, make_assessment(report), outcome)
        yield opened


@pytest.mark.parametrize(
    ("chosen", "count"),
    [
        (FactFilter(), 15),
        (FactFilter(code="2010301"), 4),
        (FactFilter(code="201"), 3),
        (FactFilter(code="201*"), 7),
        (FactFilter(code="2*"), 9),
        (FactFilter(code="99*"), 0),
        (FactFilter(code="201'; --*"), 0),
        (FactFilter(year=2023), 7),
        (FactFilter(division="42"), 8),
        (FactFilter(division="420000"), 8),
        (FactFilter(division="1411"), 7),
        (FactFilter(division="141100"), 7),
        (FactFilter(division="141181"), 7),
        (FactFilter(division="43"), 0),
        (FactFilter(entity="清泉"), 8),
        (FactFilter(entity="100%局"), 7),
        (FactFilter(entity="1%"), 0),
        (FactFilter(table="t09"), 2),
        (FactFilter(measure=Measure.BASIC), 2),
        (FactFilter(fund=Fund.SOE), 0),
        (FactFilter(phase=Phase.OUTTURN, side=Side.EXPENDITURE, year=2023), 7),
        (FactFilter(minimum=Decimal(8_000_000)), 7),
        (FactFilter(minimum=Decimal(8_000_000), maximum=Decimal(8451300)), 4),
        (FactFilter(outcome=DocumentOutcome.PARTIAL), 7),
    ],
)
def test_facts(indexer: Indexer, chosen: FactFilter, count: int) -> None:
    assert len(queries.facts(indexer.engine, chosen)) == count
    assert queries.count_facts(indexer.engine, chosen) == count


def test_pages_of_facts_put_together_are_all_facts(indexer: Indexer) -> None:
    whole = queries.facts(indexer.engine)
    parts = [row for at in range(0, 20, 4) for row in queries.facts(indexer.engine, limit=4, offset=at)]
    assert parts == whole
    assert [row.seq for row in whole[:7]] == list(range(7))


def test_a_stream_left_early_gives_its_connection_back(indexer: Indexer) -> None:
    stream = queries.stream_facts(indexer.engine)
    assert next(stream).seq == 0
    stream.close()
    assert indexer.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("chosen", "count"),
    [
        (FindingFilter(), 6),
        (FindingFilter(severity=Severity.ERROR), 3),
        (FindingFilter(severity=Severity.WARNING), 0),
        (FindingFilter(rule="C03"), 3),
        (FindingFilter(rule="C*"), 6),
        (FindingFilter(rule="C"), 0),
        (FindingFilter(table="T03", year=2023), 1),
        (FindingFilter(division="42", severity=Severity.ROUNDING), 2),
        (FindingFilter(entity="孝义"), 2),
    ],
)
def test_findings(indexer: Indexer, chosen: FindingFilter, count: int) -> None:
    assert len(queries.findings(indexer.engine, chosen)) == count


def test_a_finding_keeps_its_numbers_and_its_suggestion(indexer: Indexer) -> None:
    row = queries.findings(indexer.engine, FindingFilter(severity=Severity.ERROR))[0]
    assert (row.rule, row.table_id, row.row_code, row.page) == ("C03", "T03", "2010301", 7)
    assert (row.difference, row.tolerance) == (Decimal("-7606.17"), Decimal("0.015"))
    assert (row.suggested, row.suggestion_zh) == ("8,451.30", "少一位数字")


def test_reports_come_latest_year_first(indexer: Indexer) -> None:
    rows = queries.reports(indexer.engine)
    assert [row.fiscal_year for row in rows] == [2024, 2024, 2023]
    assert queries.reports(indexer.engine, limit=1, offset=2) == rows[2:]
    assert [row.scope for row in queries.reports(indexer.engine, ReportFilter(document=rows[0].document_id[:12]))] == [
        rows[0].scope
    ]


def test_an_unknown_document_is_none(indexer: Indexer) -> None:
    assert queries.load(indexer.engine, "0" * 64) is None
    assert queries.revisions(indexer.engine, "0" * 64) == []
