"""Indexing, revisions, failures: one suite on SQLite and on PostgreSQL."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from services.indexer import queries, schema
from services.indexer.index import Change, Indexer
from services.indexer.queries import FactFilter, ReportFilter
from services.indexer.search import search
from shared.contracts.base import Text
from shared.contracts.document import Doubt, DoubtCode
from shared.contracts.errors import Category, InvalidDocument, Phase
from shared.contracts.outcome import DocumentOutcome
from shared.contracts.report import Unit
from tests.contract.samples import FACTS, document_id, fact, make_assessment, make_report

DERIVED = ("payloads", "report_tables", "facts", "findings", "causes", "rule_outcomes", "search_entries")


def counts(indexer: Indexer) -> dict[str, int]:
    with indexer.engine.connect() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(schema.METADATA.tables[name])).scalar_one()
            for name in ("documents", "reports", *DERIVED)
        }


def whole(indexer: Indexer) -> list[list[tuple[object, ...]]]:
    """Every row of every table."""
    with indexer.engine.connect() as connection:
        return [
            sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in schema.METADATA.sorted_tables
        ]


@pytest.fixture
def indexer(database: str):
    with Indexer(database) as opened:
        yield opened


def test_what_goes_in_comes_out_again(indexer: Indexer) -> None:
    doubt = Doubt(code=DoubtCode.UNKNOWN_TABLE, text=Text(zh="未知的表", en="unknown table"))
    report = make_report().model_copy(update={"doubts": (doubt,)})
    assessment = make_assessment(report)

    done = indexer.index(report, assessment, DocumentOutcome.PARTIAL)

    assert (done.revision, done.facts, done.change) == (1, len(FACTS), Change.NEW)
    stored = queries.load(indexer.engine, report.document_id)
    assert stored is not None
    assert (stored.report, stored.assessment) == (report, assessment)
    assert (stored.source.outcome, stored.source.doubts, stored.source.errors, stored.source.roundings) == (
        "partial",
        1,
        1,
        1,
    )
    first = queries.facts(indexer.engine)[0]
    assert (first.entity, first.division_code, first.fiscal_year) == ("大冶市清泉街道办事处", "420281", 2024)
    assert (first.code_system, first.code_level, first.code_name) == ("functional", 1, "一般公共服务支出")
    assert (first.raw, first.page, first.row, first.col) == ("1,132.76", 7, 4, 2)
    assert (first.x0, first.y0, first.x1, first.y1) == (1.5, 2.25, 30.0, 12.0)
    assert counts(indexer) == {
        "documents": 1,
        "reports": 1,
        "payloads": 1,
        "report_tables": 4,
        "facts": 7,
        "findings": 2,
        "causes": 1,
        "rule_outcomes": 2,
        "search_entries": 6 + 1 + 1 + 2,
    }


def test_the_same_document_again_touches_no_row(database: str) -> None:
    moments = iter(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(100))
    with Indexer(database, clock=lambda: next(moments)) as indexer:
        report = make_report()
        indexer.index(report, make_assessment(report), DocumentOutcome.OK)
        before = whole(indexer)

        again = indexer.index(report, make_assessment(report), DocumentOutcome.OK)
        renamed = report.model_copy(update={"document_name": "另一个名字.pdf"})
        under_another_name = indexer.index(renamed, make_assessment(renamed), DocumentOutcome.OK)
        indexer.begin(report.document_id, "第三个名字.pdf")

        assert again.change is under_another_name.change is Change.UNCHANGED
        assert (again.revision, again.facts) == (1, len(FACTS))
        assert whole(indexer) == before


def test_a_corrected_file_becomes_the_next_revision(indexer: Indexer) -> None:
    old = make_report("old")
    corrected = (fact("T03", 5, "行政运行", "8,451.30", code="2010301"),)
    new = make_report("new", facts=corrected)
    indexer.index(old, make_assessment(old), DocumentOutcome.OK)

    done = indexer.index(new, make_assessment(new, found=False), DocumentOutcome.OK)

    assert (done.revision, done.change) == (2, Change.REVISION)
    assert [row.raw for row in queries.facts(indexer.engine)] == ["8,451.30"]
    assert queries.findings(indexer.engine) == []
    everything = FactFilter(current=False)
    assert queries.count_facts(indexer.engine, everything) == len(FACTS) + 1
    assert [row.is_current for row in queries.revisions(indexer.engine, old.document_id)] == [False, True]
    kept = queries.load(indexer.engine, old.document_id)
    assert kept is not None
    assert kept.report == old
    assert len(kept.assessment.findings) == 2
    assert [hit.revision for hit in search(indexer.engine, "行政运行")] == [2]
    assert {hit.revision for hit in search(indexer.engine, "行政运行", ReportFilter(current=False))} == {1, 2}


@pytest.mark.parametrize(
    "other",
    [
        {"entity": "大冶市清泉街道财政所"},
        {"year": 2023},
        {"division": None},
        {"scope": "unit_final_account"},
    ],
)
def test_another_entity_year_division_or_scope_is_another_account(indexer: Indexer, other: dict[str, object]) -> None:
    one, two = make_report("one"), make_report("two", **other)
    indexer.index(one, make_assessment(one), DocumentOutcome.OK)
    assert indexer.index(two, make_assessment(two), DocumentOutcome.OK).revision == 1
    assert len(queries.reports(indexer.engine)) == 2


@pytest.mark.parametrize("unknown", [{"entity": None}, {"year": None}])
def test_unknown_entity_or_year_ties_no_files_together(indexer: Indexer, unknown: dict[str, None]) -> None:
    for seed in ("one", "two"):
        report = make_report(seed, **unknown)
        assert indexer.index(report, make_assessment(report), DocumentOutcome.PARTIAL).revision == 1
    assert len(queries.reports(indexer.engine)) == 2


def current_of(indexer: Indexer) -> list[str]:
    return [row.document_id for row in queries.reports(indexer.engine)]


def test_of_two_files_the_one_uploaded_last_is_current_in_whatever_order_they_come(indexer: Indexer) -> None:
    first, second = (make_report(seed) for seed in ("one", "two"))
    noon = datetime(2024, 9, 1, 12, tzinfo=UTC)

    indexer.index(second, make_assessment(second), DocumentOutcome.OK, uploaded_at=noon + timedelta(minutes=5))
    late = indexer.index(first, make_assessment(first), DocumentOutcome.OK, uploaded_at=noon)

    assert (late.revision, late.change) == (2, Change.REVISION)
    assert current_of(indexer) == [second.document_id]


def test_a_file_that_is_uploaded_again_is_current_again(indexer: Indexer) -> None:
    first, second = (make_report(seed) for seed in ("one", "two"))
    noon = datetime(2024, 9, 1, 12, tzinfo=UTC)
    for hour, report in enumerate((first, second)):
        at = noon + timedelta(hours=hour)
        indexer.index(report, make_assessment(report), DocumentOutcome.OK, uploaded_at=at)
    assert current_of(indexer) == [second.document_id]

    told_again = indexer.index(first, make_assessment(first), DocumentOutcome.OK, uploaded_at=noon)
    assert (told_again.change, current_of(indexer)) == (Change.UNCHANGED, [second.document_id])
    rerun = indexer.index(first, make_assessment(first), DocumentOutcome.OK)
    assert (rerun.change, current_of(indexer)) == (Change.UNCHANGED, [second.document_id])

    back = indexer.index(first, make_assessment(first), DocumentOutcome.OK, uploaded_at=noon + timedelta(hours=2))
    assert (back.revision, current_of(indexer)) == (1, [first.document_id])


def test_newer_results_of_an_old_file_leave_the_current_one(indexer: Indexer) -> None:
    first, second = (make_report(seed) for seed in ("one", "two"))
    noon = datetime(2024, 9, 1, 12, tzinfo=UTC)
    for hour, report in enumerate((first, second)):
        at = noon + timedelta(hours=hour)
        indexer.index(report, make_assessment(report), DocumentOutcome.OK, uploaded_at=at)
    newer = first.model_copy(update={"normalizer": "2"})

    done = indexer.index(newer, make_assessment(newer), DocumentOutcome.OK, uploaded_at=noon)

    assert (done.change, current_of(indexer)) == (Change.REPLACED, [second.document_id])


def test_newer_results_for_the_same_file_replace_the_older(indexer: Indexer) -> None:
    report = make_report()
    indexer.index(report, make_assessment(report), DocumentOutcome.PARTIAL)
    newer = make_report(normalizer="2", facts=FACTS[:3])

    done = indexer.index(newer, make_assessment(newer, ruleset="2", found=False), DocumentOutcome.OK)

    assert (done.change, done.revision) == (Change.REPLACED, 1)
    assert counts(indexer)["facts"] == 3
    assert counts(indexer)["findings"] == 0
    (row,) = queries.reports(indexer.engine)
    assert (row.normalizer, row.ruleset, row.outcome, row.is_current) == ("2", "2", "ok", True)
    assert search(indexer.engine, "培训费") == []
    assert len(search(indexer.engine, "行政运行")) == 1


def test_a_document_that_changes_its_account_leaves_the_old_one_in_order(indexer: Indexer) -> None:
    first, second = make_report("first"), make_report("second")
    for report in (first, second):
        indexer.index(report, make_assessment(report), DocumentOutcome.OK)

    moved = make_report("second", year=2023, normalizer="2")
    done = indexer.index(moved, make_assessment(moved), DocumentOutcome.OK)

    assert (done.revision, done.change) == (1, Change.REPLACED)
    assert {(row.fiscal_year, row.revision, row.is_current) for row in queries.reports(indexer.engine)} == {
        (2024, 1, True),
        (2023, 1, True),
    }


def test_a_removed_document_leaves_nothing_behind(indexer: Indexer) -> None:
    first, second = make_report("first"), make_report("second")
    for report in (first, second):
        indexer.index(report, make_assessment(report), DocumentOutcome.OK)
    before = counts(indexer)

    assert indexer.remove(second.document_id)
    assert not indexer.remove(second.document_id)

    assert [row.document_id for row in queries.reports(indexer.engine)] == [first.document_id]
    assert counts(indexer) == {name: number // 2 for name, number in before.items()}
    assert len(search(indexer.engine, "住房公积金", ReportFilter(current=False))) == 1


def test_failure_is_written_first_and_upgraded_at_the_end(indexer: Indexer) -> None:
    report = make_report()
    indexer.begin(report.document_id, report.document_name)
    (begun,) = queries.failures(indexer.engine)
    assert (begun.outcome, begun.message_en) == ("failed", "Processing did not finish.")

    indexer.index(report, make_assessment(report), DocumentOutcome.OK)

    (ended,) = queries.documents(indexer.engine)
    assert (ended.outcome, ended.phase, ended.category, ended.message_zh) == ("ok", None, None, None)
    assert queries.failures(indexer.engine) == []


def test_which_files_failed_and_why(indexer: Indexer) -> None:
    budget = InvalidDocument(Category.WRONG_KIND, Phase.NORMALIZE, Text(zh="这是预算", en="This is a budget"))
    broken = InvalidDocument(Category.DAMAGED, Phase.EXTRACT, Text(zh="文件损坏", en="Damaged"), "zip: bad CRC")
    indexer.fail(document_id("a"), "a 预算.docx", budget)
    indexer.fail(document_id("b"), "b.xlsx", broken)
    indexer.fail(document_id("b"), "b.xlsx", broken)

    refused, failed = queries.failures(indexer.engine)

    assert (refused.outcome, refused.category, refused.phase, refused.message_zh) == (
        "refused",
        "wrong_kind",
        "normalize",
        "这是预算",
    )
    assert (failed.outcome, failed.detail) == ("failed", "zip: bad CRC")
    assert queries.documents(indexer.engine, outcomes=(DocumentOutcome.REFUSED,)) == [refused]


def test_a_later_failure_leaves_an_indexed_report_alone(indexer: Indexer) -> None:
    report = make_report()
    indexer.index(report, make_assessment(report), DocumentOutcome.OK)
    before = whole(indexer)
    indexer.fail(report.document_id, "x", InvalidDocument(Category.CRASH, Phase.EXTRACT, Text(zh="崩溃", en="crash")))
    assert whole(indexer) == before


def test_only_ok_and_partial_reports_are_indexed(indexer: Indexer) -> None:
    report = make_report()
    with pytest.raises(ValueError, match="ok or partial"):
        indexer.index(report, make_assessment(report), DocumentOutcome.FAILED)
    with pytest.raises(ValueError, match="different documents"):
        indexer.index(report, make_assessment(make_report("two")), DocumentOutcome.OK)
    assert counts(indexer)["documents"] == 0


def test_an_error_in_the_middle_leaves_nothing(indexer: Indexer, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("power cut")

    report = make_report()
    monkeypatch.setattr("services.indexer.index._put_entries", broken)
    with pytest.raises(RuntimeError):
        indexer.index(report, make_assessment(report), DocumentOutcome.OK)
    assert set(counts(indexer).values()) == {0}


def test_characters_that_a_database_dislikes(indexer: Indexer) -> None:
    odd = fact("T03", 1, "住房'公积金\x00\"\\ 🏠 100%_", "1.00", code="2210201")
    report = make_report(facts=(odd,), name="O'Brien 😀 %s.pdf")
    indexer.index(report, make_assessment(report), DocumentOutcome.OK)
    (row,) = queries.facts(indexer.engine)
    assert row.row_name == "住房'公积金\ufffd\"\\ 🏠 100%_"
    stored = queries.load(indexer.engine, report.document_id)
    assert stored is not None
    assert stored.report == report


_YUAN = (Unit.YUAN,)
AMOUNTS = (
    "0",
    "0.00",
    "-0.01",
    "1649.50",
    "0.1",
    "0.2",
    "10661.510000",
    "123456789012.34",
    "0.00000001",
    "99999999999999999999999999.99",
)


def test_amounts_are_exact_to_the_last_digit(indexer: Indexer) -> None:
    facts = tuple(fact("X01", row, f"行{row}", raw) for row, raw in enumerate(AMOUNTS))
    report = make_report(facts=facts)
    indexer.index(report, make_assessment(report), DocumentOutcome.OK)

    rows = queries.facts(indexer.engine)

    assert [format(row.amount, "f") for row in rows] == [format(Decimal(raw), "f") for raw in AMOUNTS]
    assert [row.amount_yuan for row in rows] == [Decimal(raw) * 10_000 for raw in AMOUNTS]


def test_amounts_compare_and_add_exactly_in_sql(indexer: Indexer) -> None:
    cents = tuple(fact("X01", row, "行", "0.01", unit=unit) for row, unit in enumerate(_YUAN * 1000))
    wan = (fact("X01", 1001, "行", "0.1"), fact("X01", 1002, "行", "0.2"), fact("X01", 1003, "行", "-5.00"))
    report = make_report(facts=cents + wan)
    indexer.index(report, make_assessment(report), DocumentOutcome.OK)
    engine = indexer.engine

    assert queries.total_yuan(engine) == Decimal("-46990.00")
    assert queries.count_facts(engine, FactFilter(minimum=Decimal("0.01"), maximum=Decimal("0.01"))) == 1000
    assert queries.count_facts(engine, FactFilter(minimum=Decimal(1000))) == 2
    assert queries.count_facts(engine, FactFilter(minimum=Decimal("1000.0001"))) == 1
    assert [row.raw for row in queries.facts(engine, FactFilter(maximum=Decimal("-0.01")))] == ["-5.00"]
    assert queries.total_yuan(engine, FactFilter(year=1999)) == 0


def test_counts_are_no_money(indexer: Indexer) -> None:
    report = make_report()
    indexer.index(report, make_assessment(report), DocumentOutcome.OK)
    (cars,) = queries.facts(indexer.engine, FactFilter(table="T10"))
    assert (cars.amount, cars.unit, cars.amount_yuan) == (Decimal(3), "count", None)
    assert queries.total_yuan(indexer.engine, FactFilter(table="T10")) == 0


def _index_many(target: str, start: object, own: str) -> list[str]:
    with Indexer(target) as indexer:
        start.wait()  # type: ignore[attr-defined]
        reports = [make_report(seed) for number in range(6) for seed in ("shared", f"{own}-{number}")]
        return [indexer.index(report, make_assessment(report), DocumentOutcome.OK).change.value for report in reports]


def _worker(target: str, start: object, own: str, answers: object) -> None:
    answers.put(_index_many(target, start, own))  # type: ignore[attr-defined]


def test_processes_side_by_side_make_no_doubles(database: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    start, answers = spawn.Barrier(3), spawn.Queue()
    workers = [spawn.Process(target=_worker, args=(database, start, str(number), answers)) for number in range(3)]
    for worker in workers:
        worker.start()
    changes = [change for _ in workers for change in answers.get(timeout=60)]
    for worker in workers:
        worker.join(timeout=60)

    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert len(changes) == 3 * 12
    with Indexer(database) as indexer:
        rows = queries.reports(indexer.engine, ReportFilter(current=False))
        assert sorted(row.revision for row in rows) == list(range(1, 20))
        assert [row.revision for row in rows if row.is_current] == [19]
        assert counts(indexer)["facts"] == 19 * len(FACTS)
        assert changes.count("unchanged") == 17
