"""Whose account of which year, in which unit; what is refused; tables that go on or come twice."""

from __future__ import annotations

from decimal import Decimal

import pytest

from services.normalizer.normalize import VERSION, normalize
from shared.contracts.document import DoubtCode, Table
from shared.contracts.errors import Category, InvalidDocument, Phase
from shared.contracts.report import Confidence, DocumentKind, Unit
from tests.unit.normalizer.builder import ENTITY, account, document, facts, only, table

SUMMARY = """
项目 | 决算数 | 项目 | 决算数
一、一般公共预算财政拨款收入 | 10.00 | 一、一般公共服务支出 | 10.00
八、其他收入 | 1.00 | 二、外交支出 | 1.00
本年收入合计 | 11.00 | 本年支出合计 | 11.00
总计 | 11.00 | 总计 | 11.00
"""


def summary(*above: str) -> tuple[str | Table, ...]:
    return ("收入支出决算总表", *above, table(SUMMARY))


@pytest.mark.parametrize(
    "cover",
    [
        (f"# {ENTITY}2023年度部门决算",),
        (f"# {ENTITY}", "2023年度部门决算公开"),
        (f"# 2023年度{ENTITY}部门决算",),
        (f"# {ENTITY}二〇二三年度部门决算",),
        ("# 目录", f"第二部分 {ENTITY}2023年度部门决算表"),
    ],
)
def test_entity_and_year_from_the_cover(cover: tuple[str, ...]) -> None:
    report = normalize(document(*cover, *summary("单位：万元")))
    assert (report.identity.entity, report.identity.fiscal_year) == (ENTITY, 2023)
    assert report.identity.scope is DocumentKind.DEPARTMENT_FINAL_ACCOUNT
    assert report.normalizer == VERSION
    assert not report.doubts


def test_captions_carry_entity_year_number_and_a_broken_unit() -> None:
    report = account(*summary("公开01", "表", f"部门名称：{ENTITY} 2024年度", "金额单位：万", "元"))
    first = report.by_table["T01"]
    assert (first.entity, first.year, first.unit, first.unit_printed) == (ENTITY, 2024, Unit.WAN, "万元")
    assert first.number == "公开01表"


def test_captions_inside_the_grid() -> None:
    rows = f"收入支出决算总表|<|<|<\n|||公开01表\n部门：{ENTITY}|<|<|单位：元\n" + SUMMARY.strip()
    report = account(table(rows))
    assert len(facts(report, "T01")) == 8
    assert report.identity.unit is Unit.YUAN
    assert report.by_table["T01"].entity == ENTITY
    assert report.by_table["T01"].number == "公开01表"


def test_the_name_of_a_worksheet_stands_in_for_a_title() -> None:
    report = normalize(
        document(table(SUMMARY, name="Z01收入支出决算总表"), name=f"{ENTITY}2022年度部门决算.xlsx"),
    )
    assert [item.id for item in report.tables] == ["T01"]


def test_units_differ_by_table_and_are_converted_exactly() -> None:
    report = account(
        *summary("单位：元"),
        "财政拨款“三公”经费支出决算表",
        "单位：万元",
        table("合计|因公出国（境）费|公务接待费\n1.05||1.05"),
    )
    assert next(fact.amount_yuan for fact in only(report, "T01")) == Decimal("10.00")
    assert next(fact.amount_yuan for fact in only(report, "T09")) == Decimal("10500.00")


def test_without_a_unit_nothing_is_converted() -> None:
    report = account(*summary())
    assert {fact.amount_yuan for fact in report.facts} == {None}
    assert [doubt.code for doubt in report.doubts] == [DoubtCode.UNKNOWN_UNIT]
    assert all(DoubtCode.UNKNOWN_UNIT in fact.doubts for fact in report.facts)


def test_a_unit_account_says_so_on_its_cover() -> None:
    report = normalize(
        document(f"# {ENTITY}苗圃中心", "2023年度单位决算", "部门决算公开相关信息统计表", *summary("单位：元"))
    )
    assert report.identity.scope is DocumentKind.UNIT_FINAL_ACCOUNT


def test_different_names_in_the_captions_are_a_doubt() -> None:
    report = account(
        *summary("部门：云溪市林业局", "单位：元"),
        "收入决算表",
        "部门：云溪市农业局",
        table("科目编码|科目名称|本年收入合计|财政拨款收入|事业收入|其他收入\n合计||1|1||"),
    )
    assert DoubtCode.UNKNOWN_ENTITY in {doubt.code for doubt in report.doubts}


def test_nothing_on_the_cover_is_a_doubt() -> None:
    report = normalize(document(*summary("单位：元")))
    assert {doubt.code for doubt in report.doubts} == {DoubtCode.UNKNOWN_ENTITY, DoubtCode.UNKNOWN_YEAR}
    assert report.identity.division is None


def test_division_of_a_real_county() -> None:
    report = account(*summary("单位：元"), entity="孝义市林业局")
    assert report.identity.division is not None
    assert report.identity.division.code == "141181"
    assert report.identity.division.confidence is Confidence.PRINTED


def refused(*blocks: str | Table, name: str = "file.txt") -> InvalidDocument:
    with pytest.raises(InvalidDocument) as caught:
        normalize(document(*blocks, name=name))
    assert caught.value.phase is Phase.NORMALIZE
    return caught.value


def test_a_budget_is_refused() -> None:
    plan = SUMMARY.replace("决算数", "预算数")
    for title in ("收支预算总表", "部门收支总表"):
        error = refused(f"# {ENTITY}", "2024年部门预算", title, "单位：万元", table(plan))
        assert error.category is Category.WRONG_KIND
        assert "预算" in error.text.zh


def test_a_budget_without_a_cover_is_refused() -> None:
    error = refused("部门收支总表", "单位：万元", table(SUMMARY.replace("决算数", "预算数")))
    assert error.category is Category.WRONG_KIND


def test_a_blank_template_is_refused() -> None:
    blank = table(
        "项目|决算数|项目|决算数\n一、一般公共预算财政拨款收入||一、一般公共服务支出|\n二、上级补助收入||二、外交支出|\n本年收入合计||本年支出合计|"
    )
    error = refused("# 某市XX局2024年度部门决算", "收入支出决算总表", "单位：万元", blank)
    assert error.category is Category.TEMPLATE
    assert error.refused


def test_other_documents_are_refused() -> None:
    error = refused("# 关于植树的通知", "请各单位植树。", table("序号|树种\n1|杨树\n2|柳树"))
    assert error.category is Category.WRONG_KIND


def test_an_account_whose_tables_are_elsewhere() -> None:
    error = refused(f"# {ENTITY}2024年度部门决算", "决算表见附件。")
    assert error.category is Category.NOTHING_FOUND


def test_a_table_that_goes_on_in_a_second_grid_is_one_table() -> None:
    rows = SUMMARY.strip().splitlines()
    head, first, rest = rows[0], "\n".join(rows[:3]), "\n".join(rows[3:])
    for more in ((table(rest),), ("收入支出决算总表（续）", table(f"{head}\n{rest}"))):
        report = account("收入支出决算总表", "单位：元", table(first), *more)
        assert [item.id for item in report.tables] == ["T01"]
        assert [row[1] for row in facts(report, "T01")][-2:] == ["总计", "总计"]
        assert [fact.place.source_table for fact in report.facts] == [0] * 4 + [1] * 4
        assert not report.doubts
        assert len({line.row for line in report.by_table["T01"].lines}) == 4


def test_a_table_that_is_there_twice_is_a_doubt() -> None:
    report = account(*summary("单位：元"), "再附一遍。", *summary("单位：元"))
    assert [item.id for item in report.tables] == ["T01", "X01"]
    assert [doubt.code for doubt in report.doubts] == [DoubtCode.DUPLICATE_TABLE]


def test_contents_and_prose_are_no_titles() -> None:
    report = account(
        "目录",
        "一、收入支出决算总表",
        "二、收入决算表",
        "三、支出决算表",
        table("序号|单位名称\n1|本级\n2|林业站"),
        *summary("单位：元"),
    )
    assert [(item.id, item.title) for item in report.tables] == [("X01", ""), ("T01", "收入支出决算总表")]
    assert not report.doubts


def test_a_title_broken_over_two_lines() -> None:
    report = account(
        "一般公共预算财政拨款基本支出决",
        "算明细表",
        "单位：元",
        table("科目编码|科目名称|决算数\n301|工资福利支出|5.00\n30101|基本工资|5.00"),
        "政府性基金预算财政拨款收入",
        "支出决算表",
        table("科目编码|科目名称|小计|基本支出|项目支出\n合计||3||3\n212|城乡社区支出|3||3"),
    )
    assert [item.id for item in report.tables] == ["T06", "T07"]
    assert report.by_table["T07"].title == "政府性基金预算财政拨款收入支出决算表"


def test_tables_stacked_in_one_grid() -> None:
    rows = (
        "收入支出决算总表|||\n"
        + SUMMARY.strip()
        + "\n|||\n支出决算表|||\n科目名称|本年支出合计|基本支出|项目支出\n合计|11|11|"
    )
    report = account("单位：元", table(rows))
    assert [item.id for item in report.tables] == ["T01", "T03"]
    assert facts(report, "T03")[0] == ("", "合计", "本年支出合计", "11")


def test_a_title_that_its_content_contradicts_is_a_doubt() -> None:
    report = account(*summary("单位：元"), "收入决算表", "单位：元", table("序号|树种|株数\n1|杨树|20\n2|柳树|30"))
    assert [item.id for item in report.tables] == ["T01", "X01"]
    assert [doubt.code for doubt in report.doubts] == [DoubtCode.UNKNOWN_TABLE]


def test_a_cover_inside_the_grid_of_a_workbook() -> None:
    cover = f"{ENTITY}|||\n2020年度单位决算|||\n|||\n|||\n收入支出决算总表|||\n|||公开01表\n部门：{ENTITY}|||单位：元\n"
    report = normalize(document(table(cover + SUMMARY.strip(), name="Sheet1"), name="a.xlsx"))
    identity = report.identity
    assert (identity.entity, identity.fiscal_year, identity.scope) == (ENTITY, 2020, DocumentKind.UNIT_FINAL_ACCOUNT)
    assert facts(report, "T01")[0] == ("", "一般公共预算财政拨款收入", "决算数", "10.00")
