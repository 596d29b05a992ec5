"""Merged cells of tables that came as text: by the form where it leaves no doubt, else as printed."""

from __future__ import annotations

import pytest

from benchmarks.cells import exact
from services.extractor.extract import extract
from shared.contracts.document import DoubtCode, SourceFile
from tests.corpus.compose import report
from tests.corpus.layouts import LAYOUTS
from tests.corpus.writers import BY_ID
from tests.unit.extractor.text_tools import only_table, read, rows, stacked

CODED = ("项目||年初结转|本年支出|||年末结转", "科目编码|科目名称||小计|基本支出|项目支出|")


def tabbed(*lines: str) -> str:
    return "单位：万元\n" + "\n".join(line.replace("|", "\t") for line in lines) + "\n"


@pytest.mark.parametrize("form", ["txt-tabs", "txt-tabs-gb", "txt-cells", "md-pipes", "md-tabs"])
@pytest.mark.parametrize("layout", sorted(LAYOUTS, key=lambda layout: layout.id), ids=lambda layout: str(layout.id))
def test_every_cell_of_a_report_with_its_spans(form: str, layout: object) -> None:
    for seed in (31, 32):
        printed = report(layout, seed)  # type: ignore[arg-type]
        name = f"x.{BY_ID[form].extension}"
        document = extract(SourceFile(name=name, content=BY_ID[form].write(printed)))
        found = exact(printed, document.tables)
        assert (found.right, found.spans_right) == (found.cells, found.cells)
        assert document.doubts == ()


def test_captions_take_the_blank_cells_below_and_beside_them() -> None:
    grid, _ = only_table(tabbed(*CODED, "合计||1.00|3.00|1.00|2.00|", "201|甲||3.00|1.00|2.00|"))
    assert grid == [
        ["项目", "^", "年初结转", "本年支出", "^", "^", "年末结转"],
        ["科目编码", "科目名称", "^", "小计", "基本支出", "项目支出", "^"],
        ["合计", "^", "1.00", "3.00", "1.00", "2.00", ""],
        ["201", "甲", "", "3.00", "1.00", "2.00", ""],
    ]


def test_the_same_in_pipes() -> None:
    lines = [f"|{line}|" for line in (*CODED, "合计||1.00|3.00|1.00|2.00|")]
    document = read("\n".join((lines[0], "|" + "---|" * 7, *lines[1:])) + "\n", name="x.md")
    assert rows(document.tables[0])[:2] == [
        ["项目", "^", "年初结转", "本年支出", "^", "^", "年末结转"],
        ["科目编码", "科目名称", "^", "小计", "基本支出", "项目支出", "^"],
    ]


def test_a_head_with_a_blank_cell_that_nothing_owns_stays_as_it_is() -> None:
    grid, _ = only_table(tabbed("编码|名称||项目支出", "||合计|", "201|甲|3.00|2.00", "202|乙|1.00|2.00"))
    assert grid[:2] == [["编码", "名称", "", "项目支出"], ["", "", "合计", ""]]


def test_what_is_left_over_is_no_part_of_what_was_spent() -> None:
    grid, _ = only_table(
        tabbed("项目||本年支出|||", "编码|名称|小计|基本支出|项目支出|年末结转", "201|甲|3.00|1.00|2.00|5.00")
    )
    assert grid[0] == ["项目", "", "本年支出", "", "", ""]


def test_titles_and_captions_inside_the_grid_are_no_heads() -> None:
    lines = ("|支出决算表|||", "||||", *("编码|名称|合计|基本支出|项目支出", "201|甲|3.00|1.00|2.00"))
    document = read("| " + " |\n| ".join((*lines[:1], "-|-|-|-|-", *lines[1:])) + " |\n", name="x.md")
    assert rows(document.tables[0])[0] == ["", "支出决算表", "", "", ""]


def test_totals_of_blocks_leave_their_amount_alone_even_if_it_is_blank() -> None:
    grid, _ = only_table(
        tabbed(
            "人员经费|||公用经费||",
            "科目编码|科目名称|决算数|科目编码|科目名称|决算数",
            "301|工资|5.00|302|办公|",
            "30101|基本工资|5.00|30201|印刷|",
            "人员经费合计||5.00|公用经费合计||",
        )
    )
    assert grid[-1] == ["人员经费合计", "^", "5.00", "公用经费合计", "^", ""]


def test_an_entry_without_an_amount_is_no_caption() -> None:
    entries = ("一、甲收入||一、乙支出|", "二、丙收入|5.00|二、丁支出|4.00")
    grid, _ = only_table(tabbed("收入||支出|", "项目|决算数|项目|决算数", *entries))
    assert grid[:3] == [
        ["收入", "^", "支出", "^"],
        ["项目", "决算数", "项目", "决算数"],
        ["一、甲收入", "", "一、乙支出", ""],
    ]


def test_a_section_takes_its_row_where_rows_are_numbered() -> None:
    numbered, _ = only_table(
        tabbed("项目|行次|统计数", "合计|1|8.28", "货物|2|8.28", "二、运行经费||", "行政单位|3|1.13", "事业单位|4|")
    )
    assert numbered[3] == ["二、运行经费", "^", "^"]
    bare, _ = only_table(tabbed("项目|预算数|决算数", "一、甲收入|1.00|8.28", "二、乙收入||", "合计|1.00|8.28"))
    assert bare[2] == ["二、乙收入", "", ""]


def test_a_form_that_nothing_was_entered_in() -> None:
    """Each row of merged labels is shorter than the captions; the row without any text is a row of the form."""
    grid, document = only_table(
        stacked("国有资本经营预算财政拨款支出决算表", "单位：万元")
        + stacked("编码|名称|本年收入|本年支出|年末结转", "|||小计|基本|项目|".replace("|||", "||||")[1:])
        + stacked("栏次|1|2|3|4|5", "合计|　||　||", "||||||")
        + "说明：本表无数据。\n"
    )
    assert grid[0] == ["编码", "名称", "本年收入", "本年支出", "^", "^", "年末结转"]
    assert grid[2] == ["栏次", "^", "1", "2", "3", "4", "5"]
    assert grid[3] == ["合计", "^", "", "", "", "", ""]
    assert grid[4] == [""] * 7
    assert document.doubts == ()


def test_blank_rows_of_a_sheet_that_keep_tables_apart_belong_to_none() -> None:
    sheet = ("支出决算表||", "编码|名称|合计", "201|甲|1.00", "202|乙|2.00", "||")
    document = read("\n".join((*sheet, *sheet[:-1])).replace("|", "\t") + "\n")
    assert [table.rows for table in document.tables] == [3, 3]


def test_a_lost_cell_is_doubted_and_not_covered_up() -> None:
    _, document = only_table(
        stacked("编码|名称|合计|基本|项目", "201|甲|3.00|1.00|2.00", "202|乙|3.00|1.00|2.00", "合计|6.00|2.00")
    )
    assert {doubt.code for doubt in document.doubts} <= {DoubtCode.AMBIGUOUS_CELL, DoubtCode.RAGGED_ROW}
    assert [(doubt.table, doubt.row) for doubt in document.doubts] == [(0, 3)]


def test_captions_that_no_row_below_has_cells_for_are_doubted() -> None:
    _, document = only_table(stacked("指标|甲|乙|丙|丁", "栏次|1|2|3", "合计|||"))
    assert [(doubt.code, doubt.row) for doubt in document.doubts] == [(DoubtCode.RAGGED_ROW, 0)]
