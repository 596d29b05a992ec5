"""Headings that cannot be what the form prints are a doubt about their table; those of any form are none."""

from __future__ import annotations

import pytest

from services.extractor.extract import extract
from services.normalizer.normalize import normalize
from shared.contracts.document import Doubt, DoubtCode, SourceFile
from tests.corpus.compose import report as invented
from tests.corpus.layouts import BY_ID, LAYOUTS
from tests.corpus.writers import xlsx
from tests.unit.normalizer.builder import account, table

TITLES = {
    "T02": "收入决算表",
    "T03": "支出决算表",
    "T05": "一般公共预算财政拨款支出决算表",
    "T09": "财政拨款“三公”经费支出决算表",
}


def doubts(table_id: str, drawing: str) -> list[Doubt]:
    return list(account(TITLES[table_id], "单位：万元", table(drawing)).doubts)


SPENDING = """
项目 | < | 本年支出 | < | <
科目编码 | 科目名称 | {} | {} | {}
合计 | < | 3.00 | 2.00 | 1.00
213 | 农林水支出 | 3.00 | 2.00 | 1.00
21302 | 林业和草原 | 3.00 | 2.00 | 1.00
2130201 | 行政运行 | {} | 2.00 | {}
"""


def test_the_form_as_it_is_printed_is_clear() -> None:
    assert doubts("T05", SPENDING.format("小计", "基本支出", "项目支出", "3.00", "1.00")) == []


@pytest.mark.parametrize(
    ("headings", "column", "words"),
    [
        (("计", "基本支出", "项目支出"), 2, "only"),
        (("小计", "基本支出", "基本支出"), 4, "alike"),
        (("基本支出", "项目支出", "小计"), 4, "behind"),
        (("某某情况", "基本支出", "项目支出"), 2, "not understood"),
        (("基本支出", "小计", "项目支出"), 3, "behind"),
    ],
    ids=["a piece", "twice", "total last", "another", "total between"],
)
def test_headings_that_no_form_has(headings: tuple[str, ...], column: int, words: str) -> None:
    (doubt,) = doubts("T05", SPENDING.format(*headings, "3.00", "1.00"))
    assert (doubt.code, doubt.table, doubt.column) == (DoubtCode.UNCLEAR_HEADER, 0, column)
    assert words in doubt.text.en
    assert doubt.text.zh.startswith("《一般公共预算财政拨款支出决算表》的表头不清楚")


def test_a_column_may_be_divided() -> None:
    drawing = """
科目编码 | 科目名称 | 本年收入合计 | 财政拨款收入 | < | < | 其他收入
^ | ^ | ^ | 小计 | 一般公共预算 | 政府性基金预算 | ^
合计 | < | 4.00 | 3.00 | 2.00 | 1.00 | 1.00
213 | 农林水支出 | 4.00 | 3.00 | 2.00 | 1.00 | 1.00
"""
    assert doubts("T02", drawing) == []


def test_a_subtotal_of_nothing() -> None:
    drawing = """
科目编码 | 科目名称 | 小计 | 基本支出 | 项目支出
合计 | < | 3.00 | 2.00 | 1.00
213 | 农林水支出 | 3.00 | 2.00 | 1.00
"""
    (doubt,) = doubts("T05", drawing)
    assert (doubt.code, doubt.column) == (DoubtCode.UNCLEAR_HEADER, 2)


def test_parts_that_mostly_do_not_add_up() -> None:
    shifted = """
项目 | < | 本年支出 | < | <
科目编码 | 科目名称 | 小计 | 基本支出 | 项目支出
合计 | < | 2.00 | 1.00 | 3.00
213 | 农林水支出 | 2.00 | 1.00 | 3.00
21302 | 林业和草原 | 2.00 | 1.00 | 3.00
"""
    (doubt,) = doubts("T05", shifted)
    assert (doubt.code, doubt.table, doubt.column) == (DoubtCode.UNCLEAR_HEADER, 0, None)
    assert "add up" in doubt.text.en


def test_a_wrong_sum_of_the_department_is_no_question_of_headings() -> None:
    assert doubts("T05", SPENDING.format("小计", "基本支出", "项目支出", "9.00", "1.00")) == []


def test_items_under_one_heading_leave_no_total() -> None:
    drawing = """
预算数因公出国 | < | <
合计 | （境）费 | 公务接待费
3.00 | 2.00 | 1.00
"""
    (doubt,) = doubts("T09", drawing)
    assert doubt.code is DoubtCode.UNCLEAR_HEADER


@pytest.mark.parametrize(("last", "expected"), [("公务接待费", 0), ("某某经费", 1)], ids=["all named", "one unnamed"])
def test_items_without_a_total_are_clear_if_each_has_its_name(last: str, expected: int) -> None:
    drawing = f"""
因公出国（境）费 | 公务用车购置及运行费 | {last}
1.00 | 3.00 | 2.00
"""
    assert [doubt.code for doubt in doubts("T09", drawing)] == [DoubtCode.UNCLEAR_HEADER] * expected


@pytest.mark.parametrize("layout", [layout.id for layout in LAYOUTS])
def test_no_layout_is_doubted(layout: str) -> None:
    content = xlsx.write(invented(BY_ID[layout], 5))
    found = normalize(extract(SourceFile(name="x.xlsx", content=content)))
    assert found.doubts == ()
    assert found.facts


REST = """
项目支出 | 经营支出
1.00 | 2.00
1.00 | 2.00
"""


@pytest.mark.parametrize(
    ("page", "above", "expected"),
    [
        (2, [], [DoubtCode.UNKNOWN_TABLE]),
        (None, [], []),
        (2, ["项目支出绩效情况表"], []),
        (2, ["部门专用资金明细"], []),
    ],
    ids=["on a page of its own", "no pages", "with a title", "with text above"],
)
def test_columns_without_names_on_a_page_of_their_own(
    page: int | None, above: list[str], expected: list[DoubtCode]
) -> None:
    first = table(SPENDING.format("小计", "基本支出", "项目支出", "3.00", "1.00"), page=page and 1)
    found = account(TITLES["T05"], "单位：万元", first, *above, table(REST, page=page))
    assert [(doubt.code, doubt.table, doubt.page) for doubt in found.doubts] == [(code, 1, 2) for code in expected]
    assert all(fact.table == "T05" for fact in found.facts)


def test_carry_over_below_the_spending_of_the_year() -> None:
    drawing = """
项目 | < | 本年支出 | < | < | <
科目编码 | 科目名称 | 本年收入 | 小计 | 基本支出 | 项目支出
合计 | < | 3.00 | 3.00 | 2.00 | 1.00
213 | 农林水支出 | 3.00 | 3.00 | 2.00 | 1.00
"""
    (doubt,) = doubts("T05", drawing)
    assert (doubt.code, doubt.column) == (DoubtCode.UNCLEAR_HEADER, 2)
