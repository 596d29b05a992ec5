"""T01 and T04 as they are published: one below the other, three groups, budget columns, sub-rows, old labels."""

from __future__ import annotations

import pytest

from tests.unit.layouts.pages import FORMATS, Sheet, check, facts

COVER = "宁川县水务局2023年度部门决算"

PLAIN = Sheet(
    ("收入支出决算总表", "公开01表", "部门：宁川县水务局", "单位：万元"),
    """
收入 | < | < | 支出 | < | <
项~~目 | 行次 | 金额 | 项~~目 | 行次 | 金额
栏次 | | 1 | 栏次 | | 2
一、一般公共预算财政拨款收入 | 1 | 1,234.56 | 一、一般公共服务支出 | 32 |
二、政府性基金预算财政拨款收入 | 2 | 50.00 | 八、社会保障和就业支出 | 39 | 120.56
三、国有资本经营预算财政拨款收入 | 3 | 0.00 | 九、卫生健康支出 | 40 | 60.00
四、上级补助收入 | 4 | - | 十二、城乡社区支出 | 43 | 50.00
八、其他收入 | 8 | 12.30 | 十三、农林水支出 | 44 | 900.00
 | 9 | | 十九、住房保障支出 | 50 | 150.00
本年收入合计 | 27 | 1,296.86 | 本年支出合计 | 58 | 1,280.56
使用非财政拨款结余（含专用结余） | 28 | — | 结余分配 | 59 | —
年初结转和结余 | 29 | 20.00 | 年末结转和结余 | 60 | 36.30
总~~计 | 31 | 1,316.86 | 总　　计 | 62 | 1,316.86
""",
    ("注：本表反映部门本年度的总收支和年末结转结余情况。",),
)
PLAIN_INCOME = """
 | 一般公共预算财政拨款收入 | 1234.56
 | 政府性基金预算财政拨款收入 | 50.00
 | 国有资本经营预算财政拨款收入 | 0
 | 其他收入 | 12.30
 | 本年收入合计 | 1296.86
 | 年初结转和结余 | 20.00
 | 总计 | 1316.86
"""
PLAIN_SPENDING = """
 | 社会保障和就业支出 | 120.56
 | 卫生健康支出 | 60.00
 | 城乡社区支出 | 50.00
 | 农林水支出 | 900.00
 | 住房保障支出 | 150.00
 | 本年支出合计 | 1280.56
 | 年末结转和结余 | 36.30
 | 总计 | 1316.86
"""


@pytest.mark.parametrize("form", FORMATS)
def test_plain_form(form: str) -> None:
    """The form of most provinces, dashes and zeros mixed."""
    report = check(
        [COVER, PLAIN],
        form,
        facts("T01", "收入/金额=amount", PLAIN_INCOME),
        facts("T01", "支出/金额=amount", PLAIN_SPENDING),
    )
    assert (report.identity.entity, report.identity.fiscal_year) == ("宁川县水务局", 2023)


@pytest.mark.parametrize("form", FORMATS)
def test_income_above_expenditure(form: str) -> None:
    """Both sides in one narrow table, expenditure below income."""
    sheet = Sheet(
        ("2023年度收入支出决算总表", "单位：万元"),
        """
收入 | <
项目 | 决算数
一、一般公共预算财政拨款收入 | 1,234.56
二、政府性基金预算财政拨款收入 | 50.00
八、其他收入 | 12.30
本年收入合计 | 1,296.86
年初结转和结余 | 20.00
总计 | 1,316.86
支出 | <
项目 | 决算数
八、社会保障和就业支出 | 120.56
九、卫生健康支出 | 60.00
十二、城乡社区支出 | 50.00
十三、农林水支出 | 900.00
十九、住房保障支出 | 150.00
本年支出合计 | 1,280.56
年末结转和结余 | 36.30
总计 | 1,316.86
""",
    )
    check(
        [COVER, sheet],
        form,
        facts("T01", "收入/决算数=amount", PLAIN_INCOME.replace(" | 国有资本经营预算财政拨款收入 | 0\n", "")),
        facts("T01", "支出/决算数=amount", PLAIN_SPENDING),
    )


@pytest.mark.parametrize("form", FORMATS)
def test_three_groups(form: str) -> None:
    """Income, expenditure by function, expenditure by nature and economic class side by side."""
    sheet = Sheet(
        ("收入支出决算总表", "公开01表", "部门：宁川县水务局　　金额单位：万元"),
        """
收入 | < | 支出 | < | < | <
项目 | 决算数 | 项目（按功能分类） | 决算数 | 项目（按支出性质和经济分类） | 决算数
栏次 | 1 | 栏次 | 2 | 栏次 | 3
一、一般公共预算财政拨款收入 | 1,234.56 | 一、一般公共服务支出 | | 一、基本支出 | 700.00
二、政府性基金预算财政拨款收入 | 50.00 | 八、社会保障和就业支出 | 120.56 | 人员经费 | 600.00
八、其他收入 | 12.30 | 九、卫生健康支出 | 60.00 | 公用经费 | 100.00
 | | 十二、城乡社区支出 | 50.00 | 二、项目支出 | 580.56
 | | 十三、农林水支出 | 900.00 | 三、上缴上级支出 | 0.00
 | | 十九、住房保障支出 | 150.00 | 四、经营支出 |
本年收入合计 | 1,296.86 | 本年支出合计 | 1,280.56 | 本年支出合计 | 1,280.56
年初结转和结余 | 20.00 | 年末结转和结余 | 36.30 | 年末结转和结余 | 36.30
总计 | 1,316.86 | 总计 | 1,316.86 | 总计 | 1,316.86
""",
    )
    check(
        [COVER, sheet],
        form,
        facts("T01", "收入/决算数=amount", PLAIN_INCOME.replace(" | 国有资本经营预算财政拨款收入 | 0\n", "")),
        facts("T01", "支出/决算数=amount", PLAIN_SPENDING),
        facts(
            "T01",
            "支出/决算数=amount",
            """
 | 基本支出 | 700
 | 人员经费 | 600
 | 公用经费 | 100
 | 项目支出 | 580.56
 | 上缴上级支出 | 0
 | 本年支出合计 | 1280.56
 | 年末结转和结余 | 36.30
 | 总计 | 1316.86
""",
        ),
    )


@pytest.mark.parametrize("form", FORMATS)
def test_budget_columns_in_fiscal_summary(form: str) -> None:
    """T04 with 年初预算数, 全年预算数 and 决算数 on both sides."""
    sheet = Sheet(
        ("财政拨款收入支出决算总表", "公开04表", "单位：万元"),
        """
收入 | < | < | < | 支出 | < | < | <
项目 | 年初预算数 | 全年预算数 | 决算数 | 项目 | 年初预算数 | 全年预算数 | 决算数
一、一般公共预算财政拨款 | 1,100.00 | 1,250.00 | 1,234.56 | 八、社会保障和就业支出 | 110.00 | 121.00 | 120.56
二、政府性基金预算财政拨款 | 0.00 | 50.00 | 50.00 | 九、卫生健康支出 | 60.00 | 60.00 | 60.00
三、国有资本经营预算财政拨款 | | | | 十二、城乡社区支出 | | 50.00 | 50.00
 | | | | 十三、农林水支出 | 780.00 | 919.00 | 904.00
 | | | | 十九、住房保障支出 | 150.00 | 150.00 | 150.00
本年收入合计 | 1,100.00 | 1,300.00 | 1,284.56 | 本年支出合计 | 1,100.00 | 1,300.00 | 1,284.56
年初财政拨款结转和结余 | | 0.00 | 0.00 | 年末财政拨款结转和结余 | | | 0.00
总计 | 1,100.00 | 1,300.00 | 1,284.56 | 总计 | 1,100.00 | 1,300.00 | 1,284.56
""",
    )
    check(
        [COVER, sheet],
        form,
        facts(
            "T04",
            "收入/年初预算数=amount | 收入/全年预算数=amount | 收入/决算数=amount",
            """
 | 一般公共预算财政拨款 | 1100 | 1250 | 1234.56
 | 政府性基金预算财政拨款 | 0 | 50 | 50
 | 本年收入合计 | 1100 | 1300 | 1284.56
 | 年初财政拨款结转和结余 | | 0 | 0
 | 总计 | 1100 | 1300 | 1284.56
""",
        ),
        facts(
            "T04",
            "支出/年初预算数=total | 支出/全年预算数=total | 支出/决算数=total",
            """
 | 社会保障和就业支出 | 110 | 121 | 120.56
 | 卫生健康支出 | 60 | 60 | 60
 | 城乡社区支出 | | 50 | 50
 | 农林水支出 | 780 | 919 | 904
 | 住房保障支出 | 150 | 150 | 150
 | 本年支出合计 | 1100 | 1300 | 1284.56
 | 年末财政拨款结转和结余 | | | 0
 | 总计 | 1100 | 1300 | 1284.56
""",
        ),
    )


@pytest.mark.parametrize("form", FORMATS)
def test_labels_of_2017_with_parts(form: str) -> None:
    """Old labels: 财政拨款收入 with 其中 rows, 用事业基金弥补收支差额, parts of the carry-over."""
    sheet = Sheet(
        ("收入支出决算总表", "财决公开01表", "编制单位：青禾市实验幼儿园　2017年度　金额单位：元"),
        """
收入 | < | < | 支出 | < | <
项目 | 行次 | 决算数 | 项目(按功能分类) | 行次 | 决算数
栏次 | | 1 | 栏次 | | 2
一、财政拨款收入 | 1 | 3,210,400.50 | 五、教育支出 | 29 | 3,480,400.50
其中：政府性基金预算财政拨款 | 2 | | 八、社会保障和就业支出 | 32 | 260,000.00
二、上级补助收入 | 3 | | 九、医疗卫生与计划生育支出 | 33 | 120,000.00
三、事业收入 | 4 | 650,000.00 | 十九、住房保障支出 | 43 | 110,000.00
四、经营收入 | 5 | | | 44 |
五、附属单位上缴收入 | 6 | | | 45 |
六、其他收入 | 7 | 40,000.00 | | 46 |
本年收入合计 | 23 | 3,900,400.50 | 本年支出合计 | 50 | 3,970,400.50
用事业基金弥补收支差额 | 24 | 50,000.00 | 结余分配 | 51 | 0.00
年初结转和结余 | 25 | 100,000.00 | 其中：提取职工福利基金 | 52 |
其中：项目支出结转和结余 | 26 | 100,000.00 | 年末结转和结余 | 53 | 80,000.00
总计 | 27 | 4,050,400.50 | 总计 | 54 | 4,050,400.50
""",
    )
    report = check(
        ["青禾市实验幼儿园2017年度单位决算", sheet],
        form,
        facts(
            "T01",
            "收入/决算数=amount",
            """
 | 财政拨款收入 | 3210400.50
 | 事业收入 | 650000
 | 其他收入 | 40000
 | 本年收入合计 | 3900400.50
 | 用事业基金弥补收支差额 | 50000
 | 年初结转和结余 | 100000
 | 其中：项目支出结转和结余 | 100000
 | 总计 | 4050400.50
""",
        ),
        facts(
            "T01",
            "支出/决算数=amount",
            """
 | 教育支出 | 3480400.50
 | 社会保障和就业支出 | 260000
 | 医疗卫生与计划生育支出 | 120000
 | 住房保障支出 | 110000
 | 本年支出合计 | 3970400.50
 | 结余分配 | 0
 | 年末结转和结余 | 80000
 | 总计 | 4050400.50
""",
        ),
    )
    assert {fact.unit.value for fact in report.facts} == {"元"}
    assert report.identity.scope.value == "unit_final_account"


@pytest.mark.parametrize("form", FORMATS)
def test_title_number_and_unit_in_merged_rows(form: str) -> None:
    """The title in a merged first row of the table, number, department and unit in the second."""
    body = "\n".join(PLAIN.drawing.strip().splitlines())
    sheet = Sheet(
        (),
        "宁川县水务局2023年度收入支出决算总表 | < | < | < | < | <\n"
        "公开部门：宁川县水务局 | < | < | 公开01表 | < | 单位：万元\n" + body,
    )
    check(
        [COVER, sheet],
        form,
        facts("T01", "收入/金额=amount", PLAIN_INCOME),
        facts("T01", "支出/金额=amount", PLAIN_SPENDING),
    )


@pytest.mark.parametrize("form", FORMATS)
def test_fiscal_summary_by_purse_with_carry_rows(form: str) -> None:
    """T04 with the purses as columns, 其中 rows under the carry-over, negative figures in brackets and with minus."""
    sheet = Sheet(
        ("表四", "财政拨款收入支出决算总表", "编制单位：宁川县水务局", "2023年度　　　　　金额单位：万元"),
        """
收　　　入 | < | < | 支　　　出 | < | < | < | < | <
项~目 | 行次 | 金额 | 项目 | 行次 | 合计 | 一般公共预算财政拨款 | 政府性基金预算财政拨款 | 国有资本经营预算财政拨款
栏次 | | 1 | 栏次 | | 2 | 3 | 4 | 5
一、一般公共预算财政拨款 | 1 | 1,234.56 | 八、社会保障和就业支出 | 20 | 120.56 | 120.56 | |
二、政府性基金预算财政拨款 | 2 | 50.00 | 十二、城乡社区支出 | 24 | 50.00 | | 50.00 |
三、国有资本经营预算财政拨款 | 3 | | 十三、农林水支出 | 25 | 1,115.00 | 1,115.00 | |
 | 4 | | 十九、住房保障支出 | 35 | | | |
本年收入合计 | 9 | 1,284.56 | 本年支出合计 | 50 | 1,285.56 | 1,235.56 | 50.00 |
年初财政拨款结转和结余 | 10 | (2.00) | 年末财政拨款结转和结余 | 51 | -3.00 | －3.00 | |
一般公共预算财政拨款 | 11 | (2.00) | | 52 | | | |
政府性基金预算财政拨款 | 12 | | | 53 | | | |
国有资本经营预算财政拨款 | 13 | | | 54 | | | |
总计 | 14 | 1,282.56 | 总计 | 55 | 1,282.56 | 1,232.56 | 50.00 |
""",
    )
    check(
        [COVER, sheet],
        form,
        facts(
            "T04",
            "收入/金额=amount",
            """
 | 一般公共预算财政拨款 | 1234.56
 | 政府性基金预算财政拨款 | 50
 | 本年收入合计 | 1284.56
 | 年初财政拨款结转和结余 | -2
 | 一般公共预算财政拨款 | -2
 | 总计 | 1282.56
""",
        ),
        facts(
            "T04",
            "支出/合计=total | 支出/一般公共预算财政拨款=general | 支出/政府性基金预算财政拨款=fund",
            """
 | 社会保障和就业支出 | 120.56 | 120.56 |
 | 城乡社区支出 | 50 | | 50
 | 农林水支出 | 1115 | 1115 |
 | 本年支出合计 | 1285.56 | 1235.56 | 50
 | 年末财政拨款结转和结余 | -3 | -3 |
 | 总计 | 1282.56 | 1232.56 | 50
""",
        ),
    )


@pytest.mark.parametrize("form", FORMATS)
def test_each_side_in_a_table_of_its_own(form: str) -> None:
    """One title, then income and expenditure as two tables."""
    rows = [[cell.strip() for cell in line.split("|")] for line in PLAIN.drawing.strip().splitlines()]
    income = "\n".join(f"{row[0]} | {row[2]}" for row in rows[1:] if row[0])
    spending = "\n".join(f"{row[3]} | {row[5]}" for row in rows[1:])
    blocks: list[str | Sheet] = [
        COVER,
        Sheet(("收入支出决算总表", "单位：万元"), "收入 | <\n" + income),
        Sheet((), "支出 | <\n" + spending),
    ]
    check(
        blocks,
        form,
        facts("T01", "收入/金额=amount", PLAIN_INCOME),
        facts("T01", "支出/金额=amount", PLAIN_SPENDING),
    )
