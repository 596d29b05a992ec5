"""T09 and T10 as published: two blocks, pairs, rows, 会议费 and 培训费, operating costs, statistics."""

from __future__ import annotations

import pytest

from tests.unit.layouts.pages import FORMATS, Sheet, assert_facts, assert_sound, check, facts, report_of

COVER = "澄湖区司法局2021年度部门决算"
SIX = (
    "{0}/合计=san_gong_total | {0}/因公出国（境）费=abroad | {0}/公务用车购置及运行维护费/小计=vehicle"
    " | {0}/公务用车购置及运行维护费/公务用车购置费=vehicle_purchase"
    " | {0}/公务用车购置及运行维护费/公务用车运行维护费=vehicle_operation | {0}/公务接待费=reception"
)


@pytest.mark.parametrize("form", FORMATS)
def test_two_blocks_with_broken_headings(form: str) -> None:
    """Budget and outturn of six columns each; headings broken over lines, figures with full-width digits."""
    sheet = Sheet(
        ("财政拨款“三公”经费支出决算表", "公开09表", "部门：澄湖区司法局", "单位：万元"),
        """
预算数 | < | < | < | < | < | 决算数 | < | < | < | < | <
合计 | 因公出国\\n（境）费 | 公务用车购置及运行\\n维护费 | < | < | 公务接\\n待费\
| 合计 | 因公出国\\n（境）费 | 公务用车购置及运行\\n维护费 | < | < | 公务接\\n待费
^ | ^ | 小计 | 公务用车\\n购置费 | 公务用车\\n运行维护费 | ^ | ^ | ^ | 小计 \
| 公务用车\\n购置费 | 公务用车\\n运行维护费 | ^
1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12
２５．００ | 0.00 | 20.00 | 0.00 | 20.00 | 5.00 | 18.30 | — | 15.20 | — | 15.20 | 3.10
""",
        ("注：预算数为“三公”经费全年预算数，反映按规定程序调整后的预算数。",),
    )
    check(
        [COVER, sheet],
        form,
        facts("T09", SIX.format("预算数"), " | 三公经费 | 25 | 0 | 20 | 0 | 20 | 5"),
        facts("T09", SIX.format("决算数"), " | 三公经费 | 18.30 | | 15.20 | | 15.20 | 3.10"),
    )


@pytest.mark.parametrize("form", FORMATS)
def test_with_meetings_and_training(form: str) -> None:
    """The form with 会议费 and 培训费 beside 三公, the phases as rows."""
    sheet = Sheet(
        ("一般公共预算财政拨款“三公”经费及会议费、培训费支出决算表", "公开07表", "金额单位：万元"),
        """
项目 | 一般公共预算财政拨款安排的“三公”经费 | < | < | < | < | < | 会议费 | 培训费
^ | 小计 | 因公出国（境）费用 | 公务接待费 | 公务用车购置及运行维护费 | < | < | ^ | ^
^ | ^ | ^ | ^ | 小计 | 公务用车购置费 | 公务用车运行维护费 | ^ | ^
栏次 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8
预算数 | 25.00 | | 5.00 | 20.00 | | 20.00 | 4.00 | 6.00
决算数 | 18.30 | | 3.10 | 15.20 | | 15.20 | 2.50 | 5.80
""",
    )
    three = "一般公共预算财政拨款安排的“三公”经费"
    heads = (
        f"{three}/小计=san_gong_total | {three}/公务接待费=reception | {three}/公务用车购置及运行维护费/小计=vehicle"
        f" | {three}/公务用车购置及运行维护费/公务用车运行维护费=vehicle_operation"
        " | 会议费=conference | 培训费=training"
    )
    report = check(
        [COVER, sheet],
        form,
        facts(
            "T09", heads, " | 预算数 | 25 | 5 | 20 | 20 | 4 | 6\n | 决算数 | 18.30 | 3.10 | 15.20 | 15.20 | 2.50 | 5.80"
        ),
    )
    assert {fact.phase.value for fact in report.facts if fact.row_name == "预算数"} == {"budget"}
    assert {fact.phase.value for fact in report.facts if fact.row_name == "决算数"} == {"outturn"}


@pytest.mark.parametrize("form", FORMATS)
def test_pairs_of_budget_and_outturn(form: str) -> None:
    """Each item with 预算数 and 决算数 below it."""
    sheet = Sheet(
        ("2021年度“三公”经费支出决算表", "编制部门：澄湖区司法局　　　　单位：万元"),
        """
合计 | < | 因公出国（境）费 | < | 公务用车购置及运行费 | < | < | < | < | < | 公务接待费 | <
^ | < | ^ | < | 小计 | < | 公务用车购置费 | < | 公务用车运行费 | < | ^ | <
预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数
25.00 | 18.30 | 0.00 | 0.00 | 20.00 | 15.20 | 0.00 | 0.00 | 20.00 | 15.20 | 5.00 | 3.10
""",
    )
    car = "公务用车购置及运行费"
    heads = " | ".join(
        f"{path}/{phase}={measure}"
        for path, measure in (
            ("合计", "san_gong_total"),
            ("因公出国（境）费", "abroad"),
            (f"{car}/小计", "vehicle"),
            (f"{car}/公务用车购置费", "vehicle_purchase"),
            (f"{car}/公务用车运行费", "vehicle_operation"),
            ("公务接待费", "reception"),
        )
        for phase in ("预算数", "决算数")
    )
    check(
        [COVER, sheet],
        form,
        facts("T09", heads, " | 三公经费 | 25 | 18.30 | 0 | 0 | 20 | 15.20 | 0 | 0 | 20 | 15.20 | 5 | 3.10"),
    )


@pytest.mark.parametrize("form", FORMATS)
def test_items_as_rows_with_statistics(form: str) -> None:
    """“三公”经费、行政参公单位机关运行经费情况表: items, counts and operating costs row by row."""
    sheet = Sheet(
        ("“三公”经费、行政参公单位机关运行经费情况表", "公开08表", "编制单位：澄湖区司法局", "金额单位：元"),
        """
项~~目 | 行次 | 预算数 | 决算统计数
栏~~次 | | 1 | 2
一、“三公”经费支出 | 1 | — | —
（一）支出合计 | 2 | 250,000.00 | 183,000.00
1.因公出国（境）费 | 3 | 0.00 | 0.00
2.公务用车购置及运行维护费 | 4 | 200,000.00 | 152,000.00
（1）公务用车购置费 | 5 | 0.00 | 0.00
（2）公务用车运行维护费 | 6 | 200,000.00 | 152,000.00
3.公务接待费 | 7 | 50,000.00 | 31,000.00
（1）国内接待费 | 8 | — | 31,000.00
其中：外事接待费 | 9 | — | 0.00
（2）国（境）外接待费 | 10 | — | 0.00
（二）相关统计数 | 11 | — | —
1.因公出国（境）团组数（个） | 12 | — | 0
2.因公出国（境）人次数（人） | 13 | — | 0
3.公务用车购置数（辆） | 14 | — | 0
4.公务用车保有量（辆） | 15 | — | 6
5.国内公务接待批次（个） | 16 | — | 42
6.国内公务接待人次（人） | 17 | — | 380
二、机关运行经费 | 18 | — | 912,345.67
（一）行政单位 | 19 | — | 912,345.67
（二）参照公务员法管理事业单位 | 20 | — | 0.00
""",
    )
    report = report_of([COVER.replace("部门决算", "部门决算公开"), sheet], form)
    assert_facts(
        report,
        facts(
            "T09",
            "预算数=san_gong_total | 决算统计数=san_gong_total",
            " | （一）支出合计 | 250000 | 183000",
        ),
        facts("T09", "预算数=abroad | 决算统计数=abroad", " | 1.因公出国（境）费 | 0 | 0"),
        facts("T09", "预算数=vehicle | 决算统计数=vehicle", " | 2.公务用车购置及运行维护费 | 200000 | 152000"),
        facts("T09", "预算数=vehicle_purchase | 决算统计数=vehicle_purchase", " | （1）公务用车购置费 | 0 | 0"),
        facts(
            "T09",
            "预算数=vehicle_operation | 决算统计数=vehicle_operation",
            " | （2）公务用车运行维护费 | 200000 | 152000",
        ),
        facts("T09", "预算数=reception | 决算统计数=reception", " | 3.公务接待费 | 50000 | 31000"),
        facts(
            "T09",
            "预算数=unclassified | 决算统计数=unclassified",
            """
 | （1）国内接待费 | | 31000
 | 其中：外事接待费 | | 0
 | （2）国（境）外接待费 | | 0
 | 1.因公出国（境）团组数（个） | | 0
 | 2.因公出国（境）人次数（人） | | 0
 | 3.公务用车购置数（辆） | | 0
 | 4.公务用车保有量（辆） | | 6
 | 5.国内公务接待批次（个） | | 42
 | 6.国内公务接待人次（人） | | 380
 | 二、机关运行经费 | | 912345.67
 | （一）行政单位 | | 912345.67
 | （二）参照公务员法管理事业单位 | | 0
""",
        ),
        where=form,
    )
    assert_sound(report, form)
    counted = {fact.row_name for fact in report.facts if fact.unit.value == "count"}
    assert counted == {
        "1.因公出国（境）团组数（个）",
        "2.因公出国（境）人次数（人）",
        "3.公务用车购置数（辆）",
        "4.公务用车保有量（辆）",
        "5.国内公务接待批次（个）",
        "6.国内公务接待人次（人）",
    }


@pytest.mark.parametrize("form", FORMATS)
def test_original_and_whole_year_budget(form: str) -> None:
    """The items as rows, 年初预算数, 全年预算数 and 决算数 as columns."""
    sheet = Sheet(
        ("财政拨款“三公”经费支出决算表", "公开09表", "单位：万元"),
        """
项目 | 年初预算数 | 全年预算数 | 决算数
合计 | 26.00 | 25.00 | 18.30
因公出国（境）费 | 0 | 0 | 0
公务接待费 | 6.00 | 5.00 | 3.10
公务用车购置及运行费 | 20.00 | 20.00 | 15.20
其中：公务用车购置费 | 0 | 0 | 0
公务用车运行费 | 20.00 | 20.00 | 15.20
""",
    )
    names = (
        ("合计", "san_gong_total", "26 | 25 | 18.30"),
        ("因公出国（境）费", "abroad", "0 | 0 | 0"),
        ("公务接待费", "reception", "6 | 5 | 3.10"),
        ("公务用车购置及运行费", "vehicle", "20 | 20 | 15.20"),
        ("其中：公务用车购置费", "vehicle_purchase", "0 | 0 | 0"),
        ("公务用车运行费", "vehicle_operation", "20 | 20 | 15.20"),
    )
    check(
        [COVER, sheet],
        form,
        *(
            facts(
                "T09",
                " | ".join(f"{c}={measure}" for c in ("年初预算数", "全年预算数", "决算数")),
                f" | {name} | {row}",
            )
            for name, measure, row in names
        ),
    )


@pytest.mark.parametrize("form", FORMATS)
def test_operating_information(form: str) -> None:
    """T10 as 机构运行信息表: two lists side by side with 行次, counts and money mixed."""
    sheet = Sheet(
        ("机构运行信息决算表", "公开10表", "公开部门：澄湖区司法局　　　　单位：万元"),
        """
项~目 | 行次 | 统计数 | 项~目 | 行次 | 统计数
栏~次 | | 1 | 栏~次 | | 2
一、机关运行经费 | 1 | 91.23 | 三、国有资产占用情况 | 11 | —
（一）行政单位 | 2 | 91.23 | （一）车辆数合计（辆） | 12 | 6
（二）参照公务员法管理事业单位 | 3 | 0.00 | 1.副部（省）级及以上领导用车 | 13 | 0
二、政府采购支出信息 | 4 | — | 2.机要通信用车 | 14 | 1
（一）政府采购支出合计 | 5 | 120.50 | 3.应急保障用车 | 15 | 0
1.政府采购货物支出 | 6 | 40.50 | 4.执法执勤用车 | 16 | 5
2.政府采购工程支出 | 7 | 0.00 | 5.其他用车 | 17 | 0
3.政府采购服务支出 | 8 | 80.00 | （二）单价100万元（含）以上设备（不含车辆）（台、套） | 18 | 0
""",
    )
    report = check(
        [COVER, sheet],
        form,
        facts(
            "T10",
            "统计数=amount",
            """
 | 一、机关运行经费 | 91.23
 | （一）行政单位 | 91.23
 | （二）参照公务员法管理事业单位 | 0
 | （一）政府采购支出合计 | 120.50
 | 1.政府采购货物支出 | 40.50
 | 2.政府采购工程支出 | 0
 | 3.政府采购服务支出 | 80
 | （一）车辆数合计（辆） | 6
 | 1.副部（省）级及以上领导用车 | 0
 | 2.机要通信用车 | 1
 | 3.应急保障用车 | 0
 | 4.执法执勤用车 | 5
 | 5.其他用车 | 0
 | （二）单价100万元（含）以上设备（不含车辆）（台、套） | 0
""",
        ),
    )
    assert {
        fact.row_name[:6]: fact.unit.value for fact in report.facts if "车" in fact.row_name or "设备" in fact.row_name
    }
    counts = {fact.row_name for fact in report.facts if fact.unit.value == "count"}
    assert counts == {fact.row_name for fact in report.facts if "用车" in fact.row_name or "辆" in fact.row_name}
