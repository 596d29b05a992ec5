"""Tables whose cells are kept apart by tabs."""

from __future__ import annotations

import pytest

from shared.contracts.document import DoubtCode, Heading, Paragraph
from tests.unit.extractor.text_tools import only_table, read, rows

INCOME_AND_EXPENDITURE = """\
## 收入支出决算总表

公开01表

部门：甲局

2024年度

金额单位：万元

收入\t\t\t支出\t\t
项目\t行次\t金额\t项目\t行次\t金额
栏次\t\t1\t栏次\t\t2
一、一般公共预算财政拨款收入\t1\t649.56\t一、一般公共服务支出\t32\t132.76
\t9\t\t九、卫生健康支出\t40\t45.07

\t10\t\t十、节能环保支出\t41\t
<b>总计</b>\t<b>31</b>\t<b>1,649.56</b>\t<b>总计</b>\t<b>62</b>\t<b>1,649.56</b>

注：本表反映总收支情况。
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_blank_lines_do_not_end_a_table_and_blanks_stay_in_their_columns(newline: str, encoding: str) -> None:
    grid, document = only_table(INCOME_AND_EXPENDITURE.replace("\n", newline), encoding)
    assert grid == [
        ["收入", "^", "^", "支出", "^", "^"],
        ["项目", "行次", "金额", "项目", "行次", "金额"],
        ["栏次", "", "1", "栏次", "", "2"],
        ["一、一般公共预算财政拨款收入", "1", "649.56", "一、一般公共服务支出", "32", "132.76"],
        ["", "9", "", "九、卫生健康支出", "40", "45.07"],
        ["", "10", "", "十、节能环保支出", "41", ""],
        ["总计", "31", "1,649.56", "总计", "62", "1,649.56"],
    ]
    assert document.doubts == ()
    assert [block.text for block in document.blocks if isinstance(block, Heading | Paragraph)] == [
        "收入支出决算总表",
        "公开01表",
        "部门：甲局",
        "2024年度",
        "金额单位：万元",
        "注：本表反映总收支情况。",
    ]


def test_titles_and_captions_end_a_table_even_without_blank_lines() -> None:
    document = read(
        "收入决算表\n单位：万元\n编码\t名称\t合计\n201\t甲\t1.00\n支出决算表\n单位：万元\n编码\t名称\t合计\n202\t乙\t2.00\n"
    )
    assert [rows(table)[-1] for table in document.tables] == [["201", "甲", "1.00"], ["202", "乙", "2.00"]]


def test_captions_inside_a_pasted_sheet_stand_beside_the_tables() -> None:
    document = read(
        "\t收入决算表\t\n\t\t公开02表\n部门：甲局\t\t金额单位：万元\n编码\t名称\t合计\n201\t甲\t1.00\n注：略\t\t\n"
        "\t支出决算表\t\n部门：甲局\t\t金额单位：万元\n编码\t名称\t合计\n202\t乙\t2.00\n"
    )
    assert [len(rows(table)) for table in document.tables] == [2, 2]
    assert "金额单位：万元" in [block.text for block in document.blocks if isinstance(block, Paragraph)]


def test_page_numbers_and_form_feeds_inside_a_table_vanish() -> None:
    grid, document = only_table(
        "编码\t名称\t合计\n201\t甲\t1.00\n— 12 —\f\n202\t乙\t-2.00\n\n第 3 页 共 9 页\n203\t丙\t3.00\n"
    )
    assert [line[0] for line in grid] == ["编码", "201", "202", "203"]
    assert len(document.blocks) == 1


def test_a_header_printed_again_on_a_new_page_is_dropped() -> None:
    grid, _ = only_table("编码\t名称\t合计\n201\t甲\t1.00\n\n编码\t名称\t合计\n202\t乙\t2.00\n")
    assert [line[0] for line in grid] == ["编码", "201", "202"]


@pytest.mark.parametrize("between", ["", "12", "（续表）", "— 3 —"])
def test_a_header_of_two_rows_and_a_page_number_between_pages_vanish(between: str) -> None:
    header = "项目\t\t本年支出\n编码\t名称\t合计\n栏次\t\t1\n"
    grid, document = only_table(f"{header}201\t甲\t1.00\n\n{between}\n\n{header}202\t乙\t2.00\n")
    assert [line[0] for line in grid] == ["项目", "编码", "栏次", "201", "202"]
    assert len(document.blocks) == 1


def test_captions_in_traditional_script_stand_beside_the_table() -> None:
    grid, _ = only_table("部門：甲局\t\t金額單位：萬元\n編碼\t名稱\t合計\n201\t甲\t1.00\n")
    assert len(grid) == 2


def test_tabs_lost_at_the_end_of_lines_shift_nothing() -> None:
    grid, document = only_table(
        "编码\t名称\t合计\t基本\t项目\n201\t甲\t1.00\t1.00\n202\t乙\t2.00\t\t2.00\n203\t丙\t3.00\t3.00\n"
    )
    assert grid[1] == ["201", "甲", "1.00", "1.00", ""]
    assert document.doubts == ()


def test_tabs_lost_at_the_beginning_of_a_line_are_repaired_with_a_doubt() -> None:
    grid, document = only_table(
        "项目\t行次\t金额\t项目\t行次\t金额\n一、甲收入\t1\t5.00\t一、乙支出\t32\t3.00\n二、丙收入\t2\t6.00\t二、丁支出\t33\t4.00\n"
        "9\t\t九、卫生健康支出\t40\t45.07\n"
    )
    assert grid[3] == ["", "9", "", "九、卫生健康支出", "40", "45.07"]
    assert [(doubt.code, doubt.row) for doubt in document.doubts] == [(DoubtCode.RAGGED_ROW, 3)]


def test_merged_cells_that_left_no_tabs_get_their_columns_back() -> None:
    grid, document = only_table(
        "项目\t本年支出\n编码\t名称\t小计\t基本支出\t项目支出\n栏次\t1\t2\t3\n合计\t3.00\t1.00\t2.00\n201\t甲\t3.00\t1.00\t2.00\n"
    )
    assert grid == [
        ["项目", "^", "本年支出", "^", "^"],
        ["编码", "名称", "小计", "基本支出", "项目支出"],
        ["栏次", "^", "1", "2", "3"],
        ["合计", "^", "3.00", "1.00", "2.00"],
        ["201", "甲", "3.00", "1.00", "2.00"],
    ]
    assert document.doubts == ()


def test_sections_stay_inside_the_table() -> None:
    grid, _ = only_table(
        "金额单位：万元\n一、政府采购情况\n项目\t行次\t统计数\n合计\t1\t288.28\n二、机关运行经费\n项目\t\t统计数\n(一)行政单位\t5\t60.13\n"
    )
    assert [line[0] for line in grid] == [
        "一、政府采购情况",
        "项目",
        "合计",
        "二、机关运行经费",
        "项目",
        "(一)行政单位",
    ]


def test_texts_of_cells_stay_as_printed() -> None:
    grid, _ = only_table("项目\t公务接待 费\t执行率\n 甲 \t28. 49\t１００％\n乙\t——\t0\n")
    assert grid[1:] == [["甲", "28. 49", "１００％"], ["乙", "——", "0"]]


def test_a_contents_page_is_no_table_and_no_heading() -> None:
    document = read("目 录\n\n第一部分 概况\t1\n一、收入支出决算总表\t2\n\n第一部分 概况\n一、职责.....\t3\n正文。\n")
    assert document.tables == ()
    assert [block.text for block in document.blocks if isinstance(block, Heading)] == ["第一部分 概况"]


def test_indented_paragraphs_are_no_table() -> None:
    document = read("\t本年度收入合计1,000.00万元，比上年增加。\n\t本年度支出合计1,000.00万元，比上年增加。\n")
    assert document.tables == ()
    assert len(document.blocks) == 2


def test_a_table_whose_trailing_tabs_were_all_stripped() -> None:
    grid, document = only_table(
        "单位：万元\n收入\t\t支出\n项目\t决算数\t项目\t合计\t一般公共预算\n一、甲\t5.00\t一、乙\t5.00\t5.00\n二、丙\t\t二、丁\n"
        "年初结转\t\t年末结转\n一般公共预算财政拨款\n政府性基金预算财政拨款\n总计\t5.00\t总计\t5.00\t5.00\n"
    )
    assert grid[0] == ["收入", "^", "支出", "^", "^"]
    assert [line[0] for line in grid[5:]] == ["一般公共预算财政拨款", "政府性基金预算财政拨款", "总计"]
    assert grid[5][1:] == ["", "", "", ""]
    assert document.doubts == ()


SIDES = ("收入\t\t支出\t", "项目\t决算数\t项目\t决算数", "一、甲收入\t5.00\t一、乙支出\t4.00")


def test_short_rows_are_doubted_where_blank_cells_were_stripped_from_the_beginning_of_lines() -> None:
    stripped = "\n".join((*SIDES, "二、丙支出\t1.00", "总计\t5.00\t总计\t5.00"))
    document = read(f"单位：万元\n{stripped}\n")
    assert [(doubt.code, doubt.row) for doubt in document.doubts] == [(DoubtCode.AMBIGUOUS_CELL, 3)]
    assert [cell.text for cell in document.tables[0].cells if cell.doubts] == ["1.00"]
    whole = "\n".join((*SIDES, "二、丁收入\t1.00", "\t\t二、丙支出\t1.00", "总计\t5.00\t总计\t5.00"))
    assert read(f"单位：万元\n{whole}\n").doubts == ()


def test_captions_that_cannot_stand_where_they_begin_are_doubted() -> None:
    head = "合计\t用车费\t\t\t接待费\n小计\t购置费\t运行费\n"
    document = read(f"单位：万元\n{head}1.00\t0.50\t0.20\t0.30\t0.50\n2.00\t1.00\t0.40\t0.60\t1.00\n")
    assert [(doubt.code, doubt.row) for doubt in document.doubts] == [(DoubtCode.RAGGED_ROW, 1)]
    assert read(f"单位：万元\n{head.replace('小计', chr(9) + '小计')}1.00\t0.50\t0.20\t0.30\t0.50\n").doubts == ()


def test_a_form_without_any_amount_whose_tabs_were_stripped_is_a_table() -> None:
    grid, document = only_table("单位：万元\n编码\t名称\t本年支出\n\t\t小计\t基本支出\n合计\n\n说明：本表无数据。\n")
    assert grid == [["编码", "名称", "本年支出", "^"], ["^", "^", "小计", "基本支出"], ["合计", "^", "", ""]]
    assert document.doubts == ()


def test_rows_that_nothing_keeps_apart_are_doubted() -> None:
    lists = [
        "".join(f"\t{cell}\n" for cell in ["编码", "名称", "合计", *[code, "甲", "1.00"] * 30])
        for code in ("201", "202")
    ]
    document = read("\n".join(lists))
    assert {doubt.code for doubt in document.doubts} == {DoubtCode.RAGGED_ROW}


def test_a_text_that_ends_within_a_row_is_doubted() -> None:
    whole = "单位：万元\n编码\t名称\t合计\t基本\n201\t甲\t3.00\t1.00\n202\t乙\t3.00\t\n"
    assert read(whole).doubts == read(whole.rstrip("\n")).doubts == ()
    doubt = read(whole + "203\t丙\t2.").doubts[-1]
    assert (doubt.code, doubt.table, doubt.row) == (DoubtCode.TRUNCATED, 0, 3)
    assert "第 5 行" in doubt.text.zh
