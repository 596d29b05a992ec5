"""Tables printed one cell a line."""

from __future__ import annotations

import pytest

from services.extractor.textgrid.fit import Budget
from shared.contracts.document import DoubtCode, Paragraph
from tests.unit.extractor.text_tools import only_table, read, rows, stacked

CAPTIONS = stacked("支出决算表", "公开03表", "部门：甲局| |　|金额单位：万元")


def test_merged_cells_of_a_functional_table() -> None:
    grid, document = only_table(
        CAPTIONS
        + stacked(
            "项目|本年支出合计|基本支出|项目支出",
            "科目编码|科目名称||　|",
            "||||",
            "栏次|1|2|3",
            "合计|3.00|1.00|2.00",
            "201|一般公共服务支出|3.00|1.00|2.00",
            "20103|政府办公厅|2.00|　|2.00",
        )
        + "注：本表反映各项支出。\n"
    )
    assert grid == [
        ["项目", "^", "本年支出合计", "基本支出", "项目支出"],
        ["科目编码", "科目名称", "^", "^", "^"],
        ["^", "^", "^", "^", "^"],
        ["栏次", "^", "1", "2", "3"],
        ["合计", "^", "3.00", "1.00", "2.00"],
        ["201", "一般公共服务支出", "3.00", "1.00", "2.00"],
        ["20103", "政府办公厅", "2.00", "", "2.00"],
    ]
    assert document.doubts == ()
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == [
        "支出决算表",
        "公开03表",
        "部门：甲局",
        "金额单位：万元",
        "注：本表反映各项支出。",
    ]


def test_parents_over_repeated_captions() -> None:
    grid, document = only_table(
        stacked(
            "收　　入|支　　出",
            "项目|行次|金额|项目|行次|合计|一般公共预算",
            "栏次||1|栏次||2|3",
            "一、甲|1|5.00|一、乙|33|4.00|4.00",
            "　|4|　|四、丙|36|　|　",
            "总计|32|5.00|总计|64|5.00|5.00",
        )
    )
    assert grid[0] == ["收　　入", "^", "^", "支　　出", "^", "^", "^"]
    assert grid[4] == ["", "4", "", "四、丙", "36", "", ""]
    assert document.doubts == ()


def test_three_levels_of_headings() -> None:
    grid, _ = only_table(
        stacked(
            "预算数|决算数",
            "合计|出国费|用车费|接待费|合计|出国费|用车费|接待费",
            "||小计|购置|运行|||| 小计|购置|运行|".replace("|||| ", "||||"),
            "1|2|3|4|5|6|7|8|9|10|11|12",
            "1.71|||||1.71|1.71|||||1.71",
        )
    )
    assert grid[0] == ["预算数", *"^^^^^", "决算数", *"^^^^^"]
    assert grid[1] == ["合计", "出国费", "用车费", "^", "^", "接待费", "合计", "出国费", "用车费", "^", "^", "接待费"]
    assert [column for column, text in enumerate(grid[4]) if text] == [0, 5, 6, 11]


@pytest.mark.parametrize("groups", [2, 3, 4])
def test_totals_of_basic_expenditure_stand_below_their_blocks(groups: int) -> None:
    blocks = [["301|工资|5.00", "30101|基本工资|4.00", "303|补助|1.00"]]
    blocks += [
        [f"{302 + 5 * n}|类|7.00", f"{302 + 5 * n}01|款|7.00", f"{302 + 5 * n}02|款|　"] for n in range(groups - 1)
    ]
    grid, document = only_table(
        stacked(
            "人员经费|公用经费",
            "|".join(["科目编码|科目名称|决算数"] * groups),
            *("|".join(block[row] for block in blocks) for row in range(3)),
            "人员经费合计|6.00|公用经费合计|7.00",
        )
    )
    width = 3 * groups
    assert grid[0] == ["人员经费", "^", "^", "公用经费", *["^"] * (width - 4)]
    assert grid[-1] == ["人员经费合计", "^", "6.00", "公用经费合计", *["^"] * (width - 5), "7.00"]
    assert document.doubts == ()


def test_cells_cut_by_lines_and_blank_lines_are_joined() -> None:
    grid, document = only_table(
        "\t科目\n编码\n\t科目名称\n\t合计\n\t经营\n\n支出\n\t其他\n\n"
        + stacked("201|甲|1.00|2.00|3.00", "202|乙|1.00|　|1.00")
    )
    assert grid[0] == ["科目\n编码", "科目名称", "合计", "经营\n支出", "其他"]
    assert grid[2] == ["202", "乙", "1.00", "", "1.00"]
    assert document.doubts == ()


def test_a_last_cell_without_its_tab_is_a_cell() -> None:
    grid, _ = only_table("\t编码\n\t名称\n\t合计\n\n\t201\n\t甲\n1.00\n\n\t202\n\t乙\n\t　\n\n")
    assert grid[1:] == [["201", "甲", "1.00"], ["202", "乙", ""]]


def test_sections_span_the_table() -> None:
    grid, _ = only_table(
        stacked(
            "信息统计表", "公开10表", "一、采购情况", "项目|行次|统计数", "合计|1|8.28", "二、运行经费", "甲|5|1.13"
        )
        + "注：本表。\n"
    )
    assert grid == [
        ["一、采购情况", "^", "^"],
        ["项目", "行次", "统计数"],
        ["合计", "1", "8.28"],
        ["二、运行经费", "^", "^"],
        ["甲", "5", "1.13"],
    ]


def test_an_amount_that_could_stand_in_two_columns_is_marked() -> None:
    _, document = only_table(
        stacked("编码|名称|合计|基本|项目", "201|甲|3.00|1.00|2.00", "202|乙|3.00|1.00|2.00", "203|丙|4.00|4.00")
    )
    doubt = document.doubts[0]
    assert doubt.code is DoubtCode.AMBIGUOUS_CELL
    assert (doubt.table, doubt.row) == (0, 3)
    marked = [cell.text for cell in document.tables[0].cells if cell.doubts]
    assert marked == ["4.00", "4.00"]


def test_two_tables_with_captions_between_them() -> None:
    document = read(
        CAPTIONS + stacked("编码|名称|合计", "201|甲|1.00") + CAPTIONS + stacked("编码|名称|合计", "202|乙|2.00")
    )
    assert [rows(table)[1] for table in document.tables] == [["201", "甲", "1.00"], ["202", "乙", "2.00"]]


def test_captions_in_pairs_below_three_levels_of_parents() -> None:
    grid, document = only_table(
        stacked(
            "三公经费支出决算表",
            "单位：万元",
            "财政拨款“三公”经费",
            "合计|用车费|接待费",
            "　|小计|购置|　",
            "预算数|决算数|预算数|决算数|预算数|决算数|预算数|决算数",
            "4.00|3.00|2.00|1.00|2.00|　|2.00|2.00",
        )
    )
    assert grid[:3] == [
        ["财政拨款“三公”经费", *"^^^^^^^"],
        ["合计", "^", "用车费", "^", "^", "^", "接待费", "^"],
        ["^", "^", "小计", "^", "购置", "^", "^", "^"],
    ]
    assert document.doubts == ()


def test_a_bare_page_number_between_rows_joins_no_cell() -> None:
    grid, document = only_table(
        stacked("编码|名称|合计", "201|甲|1.00") + "12\n\n" + stacked("202|乙|2.00", "203|丙|3.00")
    )
    assert [line[2] for line in grid] == ["合计", "1.00", "2.00", "3.00"]
    assert len(document.blocks) == 1


def test_a_form_without_any_amount_is_a_table() -> None:
    """Header rows and a total, each of another length, and nothing behind the total."""
    grid, document = only_table(
        stacked("国有资本经营预算财政拨款支出决算表", "公开09表", "金额单位：万元")
        + stacked("项目|本年支出", "功能分类科目编码|科目名称|合计|基本支出|项目支出", "合计||　|")
        + "说明：本单位没有国有资本经营预算财政拨款支出，本表无数据。\n"
    )
    assert grid[1:] == [["功能分类科目编码", "科目名称", "合计", "基本支出", "项目支出"], ["合计", "^", "", "", ""]]
    assert document.doubts == ()


def test_rows_beyond_what_may_be_tried_stay_as_printed_with_a_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    text = stacked("编码|名称|合计|基本|项目", "201|甲|3.00|1.00|2.00", "202|乙|3.00|1.00|2.00", "甲类|6.00|2.00|4.00")
    grid, document = only_table(text)
    assert (grid[3], document.doubts) == (["甲类", "^", "6.00", "2.00", "4.00"], ())
    monkeypatch.setattr("services.extractor.readers.text.Budget", lambda: Budget(0))
    grid, document = only_table(text)
    assert grid[3] == ["甲类", "6.00", "2.00", "4.00", ""]
    assert [(doubt.code, doubt.row) for doubt in document.doubts] == [(DoubtCode.RAGGED_ROW, 3)]
