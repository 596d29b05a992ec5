"""T02, T03, T05 to T08 as published: split codes, codes inside names, one list, columns of T06, empty tables."""

from __future__ import annotations

import pytest

from tests.unit.layouts.pages import FORMATS, Sheet, assert_facts, check, facts, report_of

COVER = "松江口市档案馆2022年度部门决算"

SPENDING = """
 | 合计 | 500.00 | 380.00 | 120.00
201 | 一般公共服务支出 | 430.00 | 310.00 | 120.00
20126 | 档案事务 | 430.00 | 310.00 | 120.00
2012601 | 行政运行 | 310.00 | 310.00 |
2012604 | 档案馆 | 120.00 | | 120.00
208 | 社会保障和就业支出 | 40.00 | 40.00 |
20805 | 行政事业单位养老支出 | 40.00 | 40.00 |
2080505 | 机关事业单位基本养老保险缴费支出 | 40.00 | 40.00 |
221 | 住房保障支出 | 30.00 | 30.00 |
22102 | 住房改革支出 | 30.00 | 30.00 |
2210201 | 住房公积金 | 30.00 | 30.00 |
"""
T03 = "本年支出合计=total | 基本支出=basic | 项目支出=project"


@pytest.mark.parametrize("form", FORMATS)
def test_codes_in_three_columns(form: str) -> None:
    """类, 款, 项 each in a column, 合计 beside them, 栏次 in the same row."""
    sheet = Sheet(
        ("支出决算表", "公开03表", "部门：松江口市档案馆", "金额单位：万元"),
        """
项目 | < | < | < | 本年支出合计 | 基本支出 | 项目支出 | 上缴上级支出 | 经营支出 | 对附属单位补助支出
支出功能分类科目编码 | < | < | 科目名称 | ^ | ^ | ^ | ^ | ^ | ^
类 | 款 | 项 | 栏次 | 1 | 2 | 3 | 4 | 5 | 6
^ | ^ | ^ | 合计 | 500.00 | 380.00 | 120.00 | | |
201 | | | 一般公共服务支出 | 430.00 | 310.00 | 120.00 | | |
201 | 26 | | 档案事务 | 430.00 | 310.00 | 120.00 | | |
201 | 26 | 01 | 行政运行 | 310.00 | 310.00 | | | |
201 | 26 | 04 | 档案馆 | 120.00 | | 120.00 | | |
208 | | | 社会保障和就业支出 | 40.00 | 40.00 | | | |
208 | 05 | | 行政事业单位养老支出 | 40.00 | 40.00 | | | |
208 | 05 | 05 | 机关事业单位基本养老保险缴费支出 | 40.00 | 40.00 | | | |
221 | | | 住房保障支出 | 30.00 | 30.00 | | | |
221 | 02 | | 住房改革支出 | 30.00 | 30.00 | | | |
221 | 02 | 01 | 住房公积金 | 30.00 | 30.00 | | | |
""",
        ("注：本表反映部门本年度各项支出情况。",),
    )
    check([COVER, sheet], form, facts("T03", T03, SPENDING))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("between", ["~~", "-", "", "\u3000"])
def test_codes_inside_names(form: str, between: str) -> None:
    """One column holds code and name together, indented by level."""
    rows = []
    for line in filter(None, SPENDING.strip().splitlines()):
        code, name, *amounts = (cell.strip() for cell in line.split("|"))
        indent = "\u3000" * (len(code) // 2)
        rows.append(" | ".join([f"{indent}{code}{between if code else ''}{name}", *amounts]))
    sheet = Sheet(
        ("表3 支出决算表", "单位：万元"),
        "科目 | 本年支出合计 | 基本支出 | 项目支出 | 经营支出\n" + "\n".join(rows),
    )
    check([COVER, sheet], form, facts("T03", T03, SPENDING))


@pytest.mark.parametrize("form", FORMATS)
def test_total_in_the_last_row_and_blank_rows(form: str) -> None:
    """T05 with the total last, blank rows in the body, 小计 under 本年支出, a header with line breaks."""
    sheet = Sheet(
        ("一般公共预算财政拨款支出决算表", "公开05表", "单位：万元"),
        """
功能分类\\n科目编码 | 科目名称 | 本年支出 | < | <
^ | ^ | 小~~计 | 基本\\n支出 | 项目\\n支出
201 | 一般公共服务支出 | 430.00 | 310.00 | 120.00
20126 | 档案事务 | 430.00 | 310.00 | 120.00
2012601 | ~~行政运行 | 310.00 | 310.00 | 0.00
2012604 | ~~档案馆 | 120.00 | 0.00 | 120.00
 | | | |
208 | 社会保障和就业支出 | 40.00 | 40.00 | 0.00
20805 | 行政事业单位养老支出 | 40.00 | 40.00 | 0.00
2080505 | 机关事业单位基本养老\\n保险缴费支出 | 40.00 | 40.00 | 0.00
合~~~~计 | | 470.00 | 350.00 | 120.00
""",
    )
    check(
        [COVER, sheet],
        form,
        facts(
            "T05",
            "本年支出/小计=total | 本年支出/基本支出=basic | 本年支出/项目支出=project",
            """
201 | 一般公共服务支出 | 430.00 | 310.00 | 120.00
20126 | 档案事务 | 430.00 | 310.00 | 120.00
2012601 | 行政运行 | 310.00 | 310.00 | 0
2012604 | 档案馆 | 120.00 | 0 | 120.00
208 | 社会保障和就业支出 | 40.00 | 40.00 | 0
20805 | 行政事业单位养老支出 | 40.00 | 40.00 | 0
2080505 | 机关事业单位基本养老保险缴费支出 | 40.00 | 40.00 | 0
 | 合计 | 470.00 | 350.00 | 120.00
""",
        ),
    )


@pytest.mark.parametrize("form", FORMATS)
def test_general_budget_with_carry_over(form: str) -> None:
    """T05 as income and expenditure: carry-over, income and expenditure with their parts, three heading rows."""
    sheet = Sheet(
        ("一般公共预算财政拨款收入支出决算表", "公开05表", "单位：元"),
        """
项目 | < | 年初结转和结余 | < | < | 本年收入 | < | < | 本年支出 | < | < | < | < | 年末结转和结余 | < | <
支出功能分类科目编码 | 科目名称 | 合计 | 基本支出结转 | 项目支出结转和结余 | 合计 | 基本支出 | 项目支出 | 合计 \
| 基本支出 | < | < | 项目支出 | 合计 | 基本支出结转 | 项目支出结转和结余
^ | ^ | ^ | ^ | ^ | ^ | ^ | ^ | ^ | 小计 | 人员经费 | 公用经费 | ^ | ^ | ^ | ^
栏次 | < | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14
合计 | < | 100.00 | | 100.00 | 5,000.00 | 3,800.00 | 1,200.00 | 5,050.00 \
| 3,800.00 | 3,000.00 | 800.00 | 1,250.00 \
| 50.00 | | 50.00
201 | 一般公共服务支出 | 100.00 | | 100.00 | 5,000.00 | 3,800.00 | 1,200.00 \
| 5,050.00 | 3,800.00 | 3,000.00 | 800.00 \
| 1,250.00 | 50.00 | | 50.00
20126 | 档案事务 | 100.00 | | 100.00 | 5,000.00 | 3,800.00 | 1,200.00 | 5,050.00 | 3,800.00 | 3,000.00 | 800.00 \
| 1,250.00 | 50.00 | | 50.00
2012601 | 行政运行 | | | | 3,800.00 | 3,800.00 | | 3,800.00 | 3,800.00 | 3,000.00 | 800.00 | | | |
2012604 | 档案馆 | 100.00 | | 100.00 | 1,200.00 | | 1,200.00 | 1,250.00 | | | | 1,250.00 | 50.00 | | 50.00
""",
    )
    heads = (
        "年初结转和结余/合计=carry_in | 年初结转和结余/项目支出结转和结余=unclassified | 本年收入/合计=income"
        " | 本年收入/基本支出=unclassified | 本年收入/项目支出=unclassified | 本年支出/合计=total"
        " | 本年支出/基本支出/小计=basic | 本年支出/基本支出/人员经费=unclassified"
        " | 本年支出/基本支出/公用经费=unclassified | 本年支出/项目支出=project"
        " | 年末结转和结余/合计=carry_out | 年末结转和结余/项目支出结转和结余=unclassified"
    )
    whole = "100 | 100 | 5000 | 3800 | 1200 | 5050 | 3800 | 3000 | 800 | 1250 | 50 | 50"
    check(
        [COVER, sheet],
        form,
        facts(
            "T05",
            heads,
            f"""
 | 合计 | {whole}
201 | 一般公共服务支出 | {whole}
20126 | 档案事务 | {whole}
2012601 | 行政运行 | | | 3800 | 3800 | | 3800 | 3800 | 3000 | 800 | | |
2012604 | 档案馆 | 100 | 100 | 1200 | | 1200 | 1250 | | | | 1250 | 50 | 50
""",
        ),
    )


@pytest.mark.parametrize("form", FORMATS)
def test_economic_items_with_columns_for_staff_and_operations(form: str) -> None:
    """T06 as one list with 合计, 人员经费, 公用经费 as columns and the total in a row of its own."""
    sheet = Sheet(
        ("一般公共预算财政拨款基本支出决算表", "公开06表", "部门：松江口市档案馆 | 单位：万元".replace(" | ", "　　")),
        """
经济分类科目 | < | 本年基本支出 | < | <
科目编码 | 科目名称 | 合计 | 人员经费 | 公用经费
合计 | < | 380.00 | 300.00 | 80.00
301 | 工资福利支出 | 280.00 | 280.00 |
30101 | ~基本工资 | 180.00 | 180.00 |
30102 | ~津贴补贴 | 100.00 | 100.00 |
302 | 商品和服务支出 | 80.00 | | 80.00
30201 | ~办公费 | 50.00 | | 50.00
30231 | ~公务用车运行维护费 | 30.00 | | 30.00
303 | 对个人和家庭的补助 | 20.00 | 20.00 |
30302 | ~退休费 | 20.00 | 20.00 |
""",
    )
    check(
        [COVER, sheet],
        form,
        facts(
            "T06",
            "合计=amount | 人员经费=unclassified | 公用经费=unclassified",
            """
 | 合计 | 380 | 300 | 80
301 | 工资福利支出 | 280 | 280 |
30101 | 基本工资 | 180 | 180 |
30102 | 津贴补贴 | 100 | 100 |
302 | 商品和服务支出 | 80 | | 80
30201 | 办公费 | 50 | | 50
30231 | 公务用车运行维护费 | 30 | | 30
303 | 对个人和家庭的补助 | 20 | 20 |
30302 | 退休费 | 20 | 20 |
""",
        ),
    )


@pytest.mark.parametrize("form", FORMATS)
def test_economic_items_in_one_list(form: str) -> None:
    """T06 as one list: split codes 类 and 款, sums of staff and operations as rows."""
    sheet = Sheet(
        ("表六　一般公共预算财政拨款基本支出决算表（按经济分类科目）", "金额单位：万元"),
        """
经济分类科目编码 | < | 经济分类科目名称 | 决算数
类 | 款 | ^ | ^
 | | 人员经费合计 | 300.00
301 | | 工资福利支出 | 280.00
 | 01 | 基本工资 | 180.00
 | 02 | 津贴补贴 | 100.00
303 | | 对个人和家庭的补助 | 20.00
 | 02 | 退休费 | 20.00
 | | 公用经费合计 | 80.00
302 | | 商品和服务支出 | 80.00
 | 01 | 办公费 | 50.00
 | 31 | 公务用车运行维护费 | 30.00
 | | 合计 | 380.00
""",
    )
    report = report_of([COVER, sheet], form)
    assert_facts(
        report,
        facts(
            "T06",
            "决算数=amount",
            """
 | 人员经费合计 | 300
301 | 工资福利支出 | 280
01 | 基本工资 | 180
02 | 津贴补贴 | 100
303 | 对个人和家庭的补助 | 20
02 | 退休费 | 20
 | 公用经费合计 | 80
302 | 商品和服务支出 | 80
01 | 办公费 | 50
31 | 公务用车运行维护费 | 30
 | 合计 | 380
""",
        ),
        where=form,
    )
    assert [fact.key for fact in report.facts] == [
        "staff_total", "301", "30101", "30102", "303", "30302", "operating_total", "302", "30201", "30231", "total",
    ]  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("said", ["本表无数据", "本单位2022年度没有政府性基金预算财政拨款收入和支出，故本表为空。"])
def test_empty_tables_that_say_so(form: str, said: str) -> None:
    """T07 and T08 with a sentence where the rows would be."""
    empty = (
        """
项目 | < | 年初结转和结余 | 本年收入 | 本年支出 | < | < | 年末结转和结余
功能分类科目编码 | 科目名称 | ^ | ^ | 小计 | 基本支出 | 项目支出 | ^
栏次 | < | 1 | 2 | 3 | 4 | 5 | 6
合计 | < | | | | | |
"""
        + said
        + " | <" * 7
    )
    listed = Sheet(
        ("支出决算表", "单位：万元"),
        "科目编码 | 科目名称 | 本年支出合计 | 基本支出 | 项目支出 | 经营支出\n"
        + "\n".join(
            " | ".join(
                part.strip()
                for part in line.split(
                    "\
|"
                )
            )
            for line in SPENDING.strip().splitlines()
        ),
    )
    report = check(
        [
            COVER,
            listed,
            Sheet(("政府性基金预算财政拨款收入支出决算表", "公开07表", "单位：万元"), empty),
            Sheet(("国有资本经营预算财政拨款收入支出决算表", "公开08表", "单位：万元"), empty),
        ],
        form,
        facts("T03", T03, SPENDING),
    )
    assert [(table.id, table.empty) for table in report.tables] == [("T03", False), ("T07", True), ("T08", True)]
    assert any(said in note for note in report.by_table["T07"].notes)


@pytest.mark.parametrize("form", FORMATS)
def test_continued_table(form: str) -> None:
    """T02 on two pages: title, unit and headings again, marked （续）."""
    head = """
项目 | < | 本年收入合计 | 财政拨款收入 | 上级补助收入 | 事业收入 | < | 经营收入 | 附属单位上缴收入 | 其他收入
功能分类科目编码 | 科目名称 | ^ | ^ | ^ | 小计 | 其中：教育收费 | ^ | ^ | ^
栏次 | < | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8
"""
    first = (
        head
        + """
合计 | < | 600.00 | 500.00 | | 80.00 | 80.00 | | | 20.00
205 | 教育支出 | 560.00 | 460.00 | | 80.00 | 80.00 | | | 20.00
20502 | 普通教育 | 560.00 | 460.00 | | 80.00 | 80.00 | | | 20.00
2050204 | 高中教育 | 560.00 | 460.00 | | 80.00 | 80.00 | | | 20.00
"""
    )
    second = (
        head
        + """
221 | 住房保障支出 | 40.00 | 40.00 | | | | | |
22102 | 住房改革支出 | 40.00 | 40.00 | | | | | |
2210201 | 住房公积金 | 40.00 | 40.00 | | | | | |
"""
    )
    check(
        [
            "松江口市第九中学2022年度单位决算",
            Sheet(("收入决算表", "公开02表", "单位：万元"), first),
            Sheet(("收入决算表（续）", "公开02表", "单位：万元"), second),
        ],
        form,
        facts(
            "T02",
            "本年收入合计=income_total | 财政拨款收入=fiscal | 事业收入/小计=institution"
            " | 事业收入/其中：教育收费=education_fees | 其他收入=other_income",
            """
 | 合计 | 600 | 500 | 80 | 80 | 20
205 | 教育支出 | 560 | 460 | 80 | 80 | 20
20502 | 普通教育 | 560 | 460 | 80 | 80 | 20
2050204 | 高中教育 | 560 | 460 | 80 | 80 | 20
221 | 住房保障支出 | 40 | 40
22102 | 住房改革支出 | 40 | 40
2210201 | 住房公积金 | 40 | 40
""",
        ),
    )
