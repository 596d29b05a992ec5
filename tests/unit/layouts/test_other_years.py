"""Columns of other years, and other classifications of economic items."""

from __future__ import annotations

import pytest

from tests.unit.layouts.pages import FORMATS, Sheet, assert_sound, check, facts, report_of

COVER = "云汐县人民医院2024年度单位决算"


@pytest.mark.parametrize("form", FORMATS)
def test_columns_of_another_year(form: str) -> None:
    """Last year's figures and the change since are kept, but are no measure of this year."""
    sheet = Sheet(
        ("一般公共预算财政拨款支出决算表", "单位：万元"),
        """
科目编码 | 科目名称 | 2023年决算数 | 2024年决算数 | < | < | 2024年比2023年增减 | <
^ | ^ | ^ | 小计 | 基本支出 | 项目支出 | 增减额 | 增减%
合计 | < | 800.00 | 850.00 | 670.00 | 180.00 | 50.00 | 6.25%
210 | 卫生健康支出 | 800.00 | 850.00 | 670.00 | 180.00 | 50.00 | 6.25%
21002 | 公立医院 | 800.00 | 850.00 | 670.00 | 180.00 | 50.00 | 6.25%
2100201 | 综合医院 | 800.00 | 850.00 | 670.00 | 180.00 | 50.00 | 6.25%
""",
    )
    heads = (
        "2023年决算数=unclassified | 2024年决算数/小计=total | 2024年决算数/基本支出=basic"
        " | 2024年决算数/项目支出=project | 2024年比2023年增减/增减额=unclassified"
    )
    names = ((" ", "合计"), ("210", "卫生健康支出"), ("21002", "公立医院"), ("2100201", "综合医院"))
    rows = "\n".join(f"{code} | {name} | 800 | 850 | 670 | 180 | 50" for code, name in names)
    report = check([COVER, sheet], form, facts("T05", heads, rows))
    assert not report.not_understood


@pytest.mark.parametrize("form", FORMATS)
def test_two_years_in_the_summary(form: str) -> None:
    """T01 with last year beside this year: the rules look at this year."""
    sheet = Sheet(
        ("收入支出决算总表", "单位：万元"),
        """
收入 | < | < | 支出 | < | <
项目 | 2023年决算数 | 2024年决算数 | 项目 | 2023年决算数 | 2024年决算数
一、一般公共预算财政拨款收入 | 280.00 | 300.00 | 九、卫生健康支出 | 999.00 | 860.00
三、事业收入 | 500.00 | 600.00 | 十九、住房保障支出 | 35.00 | 40.00
本年收入合计 | 780.00 | 900.00 | 本年支出合计 | 780.00 | 900.00
总计 | 780.00 | 900.00 | 总计 | 780.00 | 900.00
""",
    )
    report = report_of([COVER, sheet], form)
    assert_sound(report, form)
    assert len(report.facts) == 16
    now = {fact.key: fact.amount for fact in report.facts if fact.measure.value == "amount"}
    assert now["210"] == 860
    assert now["total_exp_current"] == now["grand_total_income"] == 900


@pytest.mark.parametrize("form", FORMATS)
def test_government_classification_of_economic_items(form: str) -> None:
    """T06 by the classes of the government budget, 年初预算数 beside 决算数."""
    sheet = Sheet(
        ("一般公共预算财政拨款基本支出决算表", "单位：万元"),
        """
科目编码 | 科目名称 | 年初预算数 | 决算数
501 | 机关工资福利支出 | 220.00 | 225.00
50101 | 工资奖金津补贴 | 220.00 | 225.00
502 | 机关商品和服务支出 | 30.00 | 28.00
50201 | 办公经费 | 30.00 | 28.00
合计 | < | 250.00 | 253.00
""",
    )
    rows = """
501 | 机关工资福利支出 | 220 | 225
50101 | 工资奖金津补贴 | 220 | 225
502 | 机关商品和服务支出 | 30 | 28
50201 | 办公经费 | 30 | 28
 | 合计 | 250 | 253
"""
    check([COVER, sheet], form, facts("T06", "年初预算数=amount | 决算数=amount", rows))
