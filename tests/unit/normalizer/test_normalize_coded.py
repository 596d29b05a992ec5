"""T02, T03, T05 to T08: codes in every printing, headings, repeated heads, wrapped names."""

from __future__ import annotations

import pytest

from shared.contracts.document import DoubtCode
from shared.contracts.report import CodeStatus, CodeSystem
from tests.unit.normalizer.builder import account, facts, measured, only, table

SPENDING = "一般公共预算财政拨款支出决算表"


@pytest.mark.parametrize(
    "drawing",
    [
        """
项目 | | 本年支出 | |
科目编码 | 科目名称 | 小计 | 基本支出 | 项目支出
栏次 | | 1 | 2 | 3
合计 | | 3.00 | 2.00 | 1.00
213 | 农林水支出 | 3.00 | 2.00 | 1.00
21302 | 林业和草原 | 3.00 | 2.00 | 1.00
2130201 | 行政运行 | 3.00 | 2.00 | 1.00
""",
        """
项目 | < | < | < | 本年支出 | < | <
支出功能分类科目编码 | < | < | 科目名称 | 小计 | 基本支出 | 项目支出
类 | 款 | 项 | 栏次 | 1 | 2 | 3
^ | ^ | ^ | 合计 | 3.00 | 2.00 | 1.00
213 | | | 农林水支出 | 3.00 | 2.00 | 1.00
213 | 02 | | 林业和草原 | 3.00 | 2.00 | 1.00
213 | 02 | 01 | 行政运行 | 3.00 | 2.00 | 1.00
""",
        """
功能分类科目 | 本年支出 | < | <
^ | 小计 | 基本支出 | 项目支出
合计 | 3.00 | 2.00 | 1.00
213 农林水支出 | 3.00 | 2.00 | 1.00
21302 林业和草原 | 3.00 | 2.00 | 1.00
2130201 行政运行 | 3.00 | 2.00 | 1.00
""",
    ],
    ids=["one column", "three columns", "in the name"],
)
def test_codes_in_every_printing(drawing: str) -> None:
    report = account(SPENDING, "单位：万元", table(drawing))
    rows = [("", "合计"), ("213", "农林水支出"), ("21302", "林业和草原"), ("2130201", "行政运行")]
    columns = [("本年支出/小计", "3.00"), ("本年支出/基本支出", "2.00"), ("本年支出/项目支出", "1.00")]
    assert facts(report, "T05") == [(*row, *column) for row in rows for column in columns]
    assert set(measured(report, "T05")) == {
        (key, measure, "outturn")
        for key in ("total", "213", "21302", "2130201")
        for measure in ("total", "basic", "project")
    }
    assert not report.not_understood


def test_codes_are_resolved_in_the_year_of_the_account() -> None:
    drawing = """
科目编码 | 科目名称 | 决算数 | 科目编码 | 科目名称 | 决算数
303 | 对个人和家庭的补助 | 1 | 302 | 商品和服务支出 | 2
30311 | 住房公积金 | 1 | 30201 | 办公费 | 2
"""
    for year, name in ((2016, "住房公积金"), (2022, "代缴社会保险费")):
        report = account("一般公共预算财政拨款基本支出决算表", "单位：万元", table(drawing), year=year)
        code = next(fact.code for fact in only(report, "T06") if fact.row_code == "30311")
        assert code is not None
        assert (code.official_name, code.system, code.level, code.parent) == (
            name,
            CodeSystem.ECONOMIC_DEPARTMENT,
            2,
            "303",
        )
        assert code.status is not CodeStatus.NOT_IN_FORCE


def test_income_with_education_fees() -> None:
    report = account(
        "收入决算总表",
        "单位：万元",
        table("""
项目 | < | 本年收入合计 | 财政拨款收入 | 上级补助收入 | 事业收入 | < | 经营收入 | 附属单位上缴收入 | 其他收入
科目编码 | 科目名称 | ^ | ^ | ^ | 小计 | 其中：教育收费 | ^ | ^ | ^
栏次 | < | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8
合计 | < | 9.00 | 5.00 | | 4.00 | 3.00 | | |
205 | 教育支出 | 9.00 | 5.00 | | 4.00 | 3.00 | | |
"""),
    )
    found = measured(report, "T02")
    assert found["total", "income_total", "outturn"] == "9.00"
    assert found["205", "institution", "outturn"] == "4.00"
    assert found["205", "education_fees", "outturn"] == "3.00"
    assert ("205", "教育支出", "事业收入/其中：教育收费", "3.00") in facts(report, "T02")


def test_a_head_repeated_after_a_page_break_is_skipped() -> None:
    head = "项目||本年支出合计|基本支出|项目支出|上缴上级支出\n科目编码|科目名称||||\n栏次||1|2|3|4\n"
    body = "合计||3|2|1|\n213|农林水支出|3|2|1|\n", "21302|林业和草原|3|2|1|\n注：本表反映支出情况|||||\n"
    report = account("支出决算表", "单位：万元", table(head + body[0] + head + body[1]))
    assert [row[:2] for row in facts(report, "T03")][::3] == [
        ("", "合计"),
        ("213", "农林水支出"),
        ("21302", "林业和草原"),
    ]
    assert report.by_table["T03"].notes == ("注：本表反映支出情况",)


def test_a_wrapped_name_joins_its_row() -> None:
    report = account(
        SPENDING,
        "单位：万元",
        table("""
科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
208 | 社会保障和就业支出 | 3 | 3 |
2080505 | 机关事业单位基本养老保险 | 3 | 3 |
 | 缴费支出 | | |
"""),
    )
    names = [line.name for line in report.by_table["T05"].lines]
    assert names[1].startswith("机关事业单位基本养老保险")
    assert ("2080505", "机关事业单位基本养老保险缴费支出", "合计", "3") in facts(report, "T05")


def test_words_in_an_amount_cell_are_a_doubt_and_no_fact() -> None:
    report = account(
        SPENDING,
        "单位：万元",
        table("科目编码|科目名称|合计|基本支出|项目支出\n合计||3|2|1\n213|农林水支出|3|约2|1"),
    )
    assert ("213", "农林水支出", "基本支出", "2") not in facts(report, "T05")
    assert [doubt.code for doubt in report.doubts] == [DoubtCode.UNREAD_NUMBER]
    assert [missed.raw for missed in report.not_understood] == ["约2"]


@pytest.mark.parametrize(
    ("title", "table_id"),
    [
        ("政府性基金预算财政拨款收入支出决算表", "T07"),
        ("国有资本经营预算财政拨款收入支出决算表", "T08"),
        ("一般公共预算财政拨款收入支出决算表", "T05"),
    ],
)
def test_income_and_expenditure_forms(title: str, table_id: str) -> None:
    report = account(
        title,
        "单位：万元",
        table("""
项目 | | 年初结转和结余 | 本年收入 | 本年支出 | | | 年末结转和结余
科目编码 | 科目名称 | | | 小计 | 基本支出 | 项目支出 |
合计 | | 1 | 2 | 3 | | 3 | 0
212 | 城乡社区支出 | 1 | 2 | 3 | | 3 | 0
"""),
    )
    found = measured(report, table_id)
    assert {measure: amount for (key, measure, _), amount in found.items() if key == "212"} == {
        "carry_in": "1",
        "income": "2",
        "total": "3",
        "project": "3",
        "carry_out": "0",
    }
    assert ("212", "城乡社区支出", "本年支出/小计", "3") in facts(report, table_id)


def test_expenditure_form_and_an_empty_table() -> None:
    report = account(
        "政府性基金预算财政拨款支出决算表",
        "单位：万元",
        table("科目编码|科目名称|本年支出合计|基本支出|项目支出\n合计||3||3\n212|城乡社区支出|3||3"),
        "国有资本经营预算财政拨款支出决算表",
        table("科目编码|科目名称|合计|基本支出|项目支出\n合计||||\n本表无数据|<|<|<|<"),
        "说明：本单位没有国有资本经营预算。",
    )
    assert measured(report, "T07")["212", "project", "outturn"] == "3"
    empty = report.by_table["T08"]
    assert empty.empty
    assert empty.notes == ("本表无数据", "说明：本单位没有国有资本经营预算。")
    assert [line.key for line in empty.lines] == ["total"]


def test_basic_expenditure_in_four_groups() -> None:
    report = account(
        "一般公共预算财政拨款基本支出决算明细表",
        "单位：万元",
        table("""
人员经费 | | | 公用经费 | | | | | | | |
科目编码|科目名称|决算数|科目编码|科目名称|决算数|科目编码|科目名称|决算数|科目编码|科目名称|决算数
301 | 工资福利支出 | 5.00 | 302 | 商品和服务支出 | 2.00 | 309 | 资本性支出（基本建设） | —— | 399 | 其他支出 |
30101 | 基本工资 | 5.00 | 30201 | 办公费 | 2.00 | 30901 | 房屋建筑物购建 | —— | 39999 | 其他支出 |
人员经费合计 | | 5.00 | 公用经费合计 | | | | | | | | 2.00
"""),
    )
    assert facts(report, "T06") == [
        ("301", "工资福利支出", "决算数", "5.00"),
        ("302", "商品和服务支出", "决算数", "2.00"),
        ("30101", "基本工资", "决算数", "5.00"),
        ("30201", "办公费", "决算数", "2.00"),
        ("", "人员经费合计", "决算数", "5.00"),
        ("", "公用经费合计", "决算数", "2.00"),
    ]
    found = measured(report, "T06")
    assert found["staff_total", "amount", "outturn"] == "5.00"
    assert found["operating_total", "amount", "outturn"] == "2.00"


def test_basic_expenditure_as_a_list_with_both_kinds_beside_the_total() -> None:
    report = account(
        "一般公共预算财政拨款基本支出决算表",
        "单位：元",
        table("""
经济分类科目编码 | < | 科目名称 | 合计 | 人员经费 | 公用经费
类 | 款 | ^ | ^ | ^ | ^
合计 | < | < | 30.00 | 20.00 | 10.00
301 | | 工资福利支出 | 20.00 | 20.00 |
301 | 01 | 基本工资 | 20.00 | 20.00 |
302 | | 商品和服务支出 | 10.00 | | 10.00
"""),
    )
    assert ("30101", "基本工资", "合计", "20.00") in facts(report, "T06")
    found = measured(report, "T06")
    assert found["total", "amount", "outturn"] == "30.00"
    assert found["301", "unclassified", "outturn"] == "20.00"
