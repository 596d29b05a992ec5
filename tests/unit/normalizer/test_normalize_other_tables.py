"""T09 in its layouts, T10 in sections and side by side, tables of other kinds."""

from __future__ import annotations

import pytest

from shared.contracts.report import Phase, Unit
from tests.unit.normalizer.builder import account, facts, measured, only, table

SAN_GONG = "财政拨款“三公”经费支出决算表"
ITEMS = {"san_gong_total": "5.00", "vehicle": "4.00", "vehicle_operation": "4.00", "reception": "1.00"}


def test_two_blocks_of_six() -> None:
    drawing = """
预算数 | | | | | | 决算数 | | | | |
合计|因公出国（境）费|公务用车购置及运行费|||公务接待费|合计|因公出国（境）费|公务用车购置及运行费|||公务接待费
     |      | 小计 | 公务用车购置费 | 公务用车运行费 | |     |      | 小计 | 公务用车购置费 | 公务用车运行费 |
1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12
5.00 | | 4.00 | | 4.00 | 1.00 | 4.50 | | 4.00 | | 4.00 | 0.50
"""
    report = account(SAN_GONG, "单位：万元", table(drawing))
    found = measured(report, "T09")
    assert {measure: value for (_, measure, phase), value in found.items() if phase == "budget"} == ITEMS
    assert found["san_gong", "reception", "outturn"] == "0.50"
    assert ("", "三公经费", "决算数/公务用车购置及运行费/小计", "4.00") in facts(report, "T09")


def test_interleaved_pairs() -> None:
    report = account(
        SAN_GONG,
        "单位：万元",
        table("""
财政拨款“三公”经费 | < | < | < | < | < | < | < | < | < | < | <
合计 | < | 因公出国（境）费 | < | 公务用车购置及运行费 | < | < | < | < | < | 公务接待费 | <
^ | ^ | ^ | ^ | 小计 | < | 公务用车购置费 | < | 公务用车运行费 | < | ^ | ^
预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数
5.00 | 4.50 | | | 4.00 | 4.00 | | | 4.00 | 4.00 | 1.00 | 0.50
"""),
    )
    found = measured(report, "T09")
    assert {measure: value for (_, measure, phase), value in found.items() if phase == "budget"} == ITEMS
    assert ("", "三公经费", "财政拨款“三公”经费/公务接待费/预算数", "1.00") in facts(report, "T09")
    assert ("", "三公经费", "财政拨款“三公”经费/公务用车购置及运行费/小计/决算数", "4.00") in facts(report, "T09")


def test_headings_of_one_cell_each() -> None:
    report = account(
        SAN_GONG,
        "单位：万元",
        table(
            "合计 预算数|合计 决算数|公务用车小计 预算数|公务用车小计 决算数|公务接待费 预算数|公务接待费 决算数\n"
            "5.00|4.50|4.00|4.00|1.00|0.50"
        ),
    )
    found = measured(report, "T09")
    assert found["san_gong", "san_gong_total", "budget"] == "5.00"
    assert found["san_gong", "vehicle", "outturn"] == "4.00"


def test_items_as_rows() -> None:
    report = account(
        SAN_GONG,
        "单位：万元",
        table("""
项目 | 行次 | 年初预算数 | 全年预算数 | 决算数
栏次 | | 1 | 2 | 3
一、“三公”经费支出 | 1 | 6.00 | 5.00 | 4.50
1.因公出国（境）费 | 2 | | |
2.公务用车购置及运行维护费 | 3 | 4.00 | 4.00 | 4.00
（1）公务用车购置费 | 4 | — | — | —
（2）公务用车运行维护费 | 5 | 4.00 | 4.00 | 4.00
3.公务接待费 | 6 | 2.00 | 1.00 | 0.50
（1）国内接待费 | 7 | | | 0.50
公务用车保有量（辆） | 8 | — | — | 2
"""),
    )
    found = measured(report, "T09")
    assert {measure: value for (key, measure, phase), value in found.items() if key and phase == "budget"} == ITEMS
    assert found["san_gong", "reception", "original_budget"] == "2.00"
    counted = next(fact for fact in only(report, "T09") if fact.row_name == "公务用车保有量（辆）")
    assert (counted.unit, counted.amount_yuan, counted.key) == (Unit.COUNT, None, None)
    part = next(fact for fact in only(report, "T09") if fact.row_name == "（1）国内接待费")
    assert part.key is None


def test_phases_as_rows_with_conference_and_training() -> None:
    report = account(
        "财政拨款“三公”经费及会议费、培训费支出决算表",
        "单位：万元",
        table("""
项目 | 财政拨款“三公”经费 | < | < | < | < | < | 会议费 | 培训费
^ | 小计 | 因公出国（境）费 | 公务接待费 | 公务用车购置及运行维护费 | < | < | ^ | ^
^ | ^ | ^ | ^ | 小计 | 公务用车购置费 | 公务用车运行维护费 | ^ | ^
预算数 | 5.00 | | 1.00 | 4.00 | | 4.00 | 0.50 | 0.60
决算数 | 4.50 | | 0.50 | 4.00 | | 4.00 | 0.40 |
"""),
    )
    found = measured(report, "T09")
    assert found["san_gong", "san_gong_total", "budget"] == "5.00"
    assert found["san_gong", "training", "budget"] == "0.60"
    assert found["san_gong", "conference", "outturn"] == "0.40"
    assert {fact.unit for fact in report.facts} == {Unit.WAN}


def test_operating_information_in_sections() -> None:
    report = account(
        "部门决算公开相关信息统计表",
        "公开10表",
        "单位：万元",
        table("""
一、政府采购情况 | |
项目 | 行次 | 统计数
合计 | 1 | 20.50
货物 | 2 | 20.50
工程 | 3 |
二、机关运行经费 | |
项目 | | 统计数
（一）行政单位 | 5 | 30.00
三、国有资产占用情况 | |
（一）车辆数合计（辆） | 7 | 2
8．其他用车 | 15 | 2
（二）单价100万元（含）以上设备（不含车辆） | 17 | 1
"""),
    )
    assert facts(report, "T10") == [
        ("", "合计", "政府采购情况/统计数", "20.50"),
        ("", "货物", "政府采购情况/统计数", "20.50"),
        ("", "（一）行政单位", "机关运行经费/统计数", "30.00"),
        ("", "（一）车辆数合计（辆）", "国有资产占用情况/统计数", "2"),
        ("", "8．其他用车", "国有资产占用情况/统计数", "2"),
        ("", "（二）单价100万元（含）以上设备（不含车辆）", "国有资产占用情况/统计数", "1"),
    ]
    assert [fact.unit for fact in only(report, "T10")] == [Unit.WAN] * 3 + [Unit.COUNT] * 3
    assert [fact.key for fact in only(report, "T10")] == [
        "procurement_total",
        "procurement_goods",
        "operating_administrative",
        "vehicles_total",
        "vehicles_other",
        "large_equipment",
    ]


def test_operating_information_side_by_side() -> None:
    report = account(
        "机构运行信息表",
        "单位：万元",
        table("""
项目 | 行次 | 预算数 | 决算数 | 项目 | 行次 | 统计数
栏次 | | 1 | 2 | 栏次 | | 3
一、“三公”经费支出 | 1 | — | — | 四、机关运行经费 | 23 | —
（一）支出合计 | 2 | 5.00 | 4.50 | （一）行政单位 | 24 | 30.25
3．公务接待费 | 7 | 1.00 | 0.50 | （一）车辆数合计（辆） | 27 | 2
4．公务用车保有量（辆） | 15 | — | 2 | （一）政府采购支出合计 | 33 | 20.00
"""),
    )
    found = {fact.key: fact for fact in only(report, "T10") if fact.key}
    assert found["operating_administrative"].raw == "30.25"
    assert found["vehicles_total"].unit is Unit.COUNT
    assert found["procurement_total"].column == "统计数"
    budget = [fact for fact in only(report, "T10") if fact.phase is Phase.BUDGET]
    assert [fact.raw for fact in budget] == ["5.00", "1.00"]


def test_tables_of_other_kinds_are_kept_as_grids() -> None:
    report = account(
        SAN_GONG,
        "单位：万元",
        table("合计|因公出国（境）费|公务接待费\n1.00||1.00"),
        "项目支出绩效自评表",
        table("项目名称|护林\n年初预算数|100\n执行率|98.5%\n得分|95"),
        "一般公共预算财政拨款项目支出决算表",
        "单位：万元",
        table("科目编码|科目名称|项目名称|合计\n2130299|其他林业和草原支出|护林|12.50"),
    )
    ids = [(item.id, item.title) for item in report.tables]
    assert ids == [
        ("T09", SAN_GONG),
        ("X01", "项目支出绩效自评表"),
        ("X02", "一般公共预算财政拨款项目支出决算表"),
    ]
    assert not facts(report, "X01")
    assert [row[3] for row in facts(report, "X02")] == ["12.50"]
    assert {fact.measure.value for fact in only(report, "X02")} == {"unclassified"}
    assert not report.doubts


@pytest.mark.parametrize("count", [1, 3])
def test_every_cell_has_a_role(count: int) -> None:
    grid = table("合计|因公出国（境）费|公务接待费\n" + "1.00||1.00\n" * count)
    report = account(SAN_GONG, "单位：万元", grid)
    roles = {(cell.row, cell.column) for cell in report.by_table["T09"].cells}
    assert roles == {(cell.row, cell.column) for cell in grid.cells}


def test_units_listed_row_by_row() -> None:
    report = account(
        SAN_GONG,
        "单位：万元",
        table("单位名称|合计|因公出国（境）费|公务接待费\n合计|3.00||3.00\n林业局本级|1.00||1.00\n林业站|2.00||2.00"),
    )
    assert measured(report, "T09")["san_gong", "reception", "outturn"] == "3.00"
    assert [fact.key for fact in only(report, "T09")] == ["san_gong", "san_gong", None, None, None, None]
