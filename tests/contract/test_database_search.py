"""Full text search in Chinese: the same questions, the same answers on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from services.indexer.entries import EntryKind
from services.indexer.index import Indexer
from services.indexer.search import Amount, search
from services.indexer.tokens import QueryError
from shared.contracts.outcome import DocumentOutcome
from tests.contract.samples import fact, make_assessment, make_report

LINE = (EntryKind.LINE,)


@pytest.fixture(scope="module")
def indexer(fresh_database: Callable[[], str]) -> Iterator[Indexer]:
    with Indexer(fresh_database()) as opened:
        report = make_report()
        opened.index(report, make_assessment(report), DocumentOutcome.OK)
        other = make_report(
            "other",
            entity="孝义市柳溪镇人民政府",
            division=None,
            facts=(fact("T03", 3, "住房公积金", "10.00", code="2210201"), fact("T03", 4, "公务员医疗补助", "2.50")),
        )
        opened.index(other, make_assessment(other, found=False), DocumentOutcome.OK)
        yield opened


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        ("公务", {"三公经费", "公务员医疗补助"}),
        ("培训", {"培训费"}),
        ("接待", {"三公经费"}),
        ("住房公积金", {"住房公积金"}),
        ("积金", {"住房公积金"}),
        ("金", {"住房公积金"}),
        ("费", {"三公经费", "培训费"}),
        ("2210201", {"住房公积金"}),
        ("20103*", {"行政运行"}),
        ("20103", set()),
        ("1,132.76", {"一般公共服务支出"}),
        ("1132.76", {"一般公共服务支出"}),
        ("清泉 公积", {"住房公积金"}),
        ("柳溪 公积", {"住房公积金"}),
        ("柳溪 行政运行", set()),
        ("湖北 黄石 行政", {"行政运行"}),
        ("“行政运行”", {"行政运行"}),
        ('"行政 运行"', {"行政运行"}),
        ('"运行 行政"', set()),
        ("运行 行政", {"行政运行"}),
        ("行政　运行", {"行政运行"}),
        ("2024年度 培训", {"培训费"}),
        ("2023年度 培训", set()),
        ("务公", set()),
        ("住房'; DROP TABLE facts; --", set()),
    ],
)
def test_lines_are_found_by_words(indexer: Indexer, words: str, rows: set[str]) -> None:
    assert {hit.row_name for hit in search(indexer.engine, words, kinds=LINE)} == rows


def test_a_hit_says_report_table_row_amounts_and_page(indexer: Indexer) -> None:
    (hit,) = search(indexer.engine, "清泉 行政运行", kinds=LINE)
    assert (hit.entity, hit.fiscal_year, hit.revision) == ("大冶市清泉街道办事处", 2024, 1)
    assert (hit.table_id, hit.row_code, hit.row_name, hit.page) == ("T03", "2010301", "行政运行", 7)
    assert hit.amounts == (Amount("支出合计", "845.13", "万元"), Amount("基本支出", "800.00", "万元"))
    assert hit.snippet.marked() == "2010301 【行政运行】 支出决算表 支出合计 基本支出 845.13 800.00"


def test_the_report_itself_comes_first_for_its_name(indexer: Indexer) -> None:
    first, *others = search(indexer.engine, "清泉街道办事处", limit=50)
    assert first.kind is EntryKind.REPORT
    assert len(others) > 5


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("各项支出情况", EntryKind.NOTE),
        ("与合计不符", EntryKind.FINDING),
        ("do not add up", EntryKind.FINDING),
        ("C03", EntryKind.FINDING),
    ],
)
def test_notes_and_findings_are_found(indexer: Indexer, words: str, kind: EntryKind) -> None:
    assert {hit.kind for hit in search(indexer.engine, words)} == {kind}


def test_the_name_weighs_more_than_the_text_around_it(indexer: Indexer) -> None:
    hits = search(indexer.engine, "公务", kinds=LINE)
    assert [hit.row_name for hit in hits] == ["公务员医疗补助", "三公经费"]


def test_pages_of_answers_do_not_overlap(indexer: Indexer) -> None:
    whole = search(indexer.engine, "2024", limit=100)
    parts = [hit for at in range(0, 100, 3) for hit in search(indexer.engine, "2024", limit=3, offset=at)]
    assert parts == whole
    assert len(whole) > 6


@pytest.mark.parametrize("nothing", ["", "   ", "——", '""', "。，"])
def test_nothing_to_search_for_is_said_so(indexer: Indexer, nothing: str) -> None:
    with pytest.raises(QueryError) as refused:
        search(indexer.engine, nothing)
    assert "没有可以检索" in refused.value.text.zh
