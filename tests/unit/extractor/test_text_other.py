"""Pipes, aligned columns, HTML in text, encodings, running text, and text that is none of these."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.extractor.readers.text import read_text
from services.extractor.textgrid import marks
from services.extractor.textgrid.decode import decode
from services.extractor.textgrid.economic import total_places
from services.extractor.textgrid.marks import Look, look
from shared.contracts.document import DoubtCode, Heading, Table
from shared.contracts.errors import Category, InvalidDocument
from tests.unit.extractor.text_tools import only_table, read, rows


def test_pipe_tables_with_and_without_a_rule() -> None:
    grid, _ = only_table(
        "| 编码 | 名称 | 合计 |\n|:---|:-:|---|\n| 201 | 甲 \\| **乙**<br>丙 | 1.00 |\n| 202 | | — |\n"
    )
    assert grid == [["编码", "名称", "合计"], ["201", "甲 | 乙\n丙", "1.00"], ["202", "", "—"]]
    bare, _ = only_table("| 编码 | 合计 |\n| 201 | 1.00 |\n")
    assert bare == [["编码", "合计"], ["201", "1.00"]]


def test_columns_aligned_with_blanks() -> None:
    grid, document = only_table(
        "项目                    行次      金额    项目                 行次      金额\n"
        "一、财政拨款收入           1    649.56    一、公共服务支出       32    132.76\n"
        "二、政府性基金收入         2              二、外交支出           33\n"
        "                           9              九、卫生健康支出       40     45.07\n"
        "本年收入合计              27    649.56    本年支出合计           58    177.83\n"
    )
    assert grid[2:4] == [
        ["二、政府性基金收入", "2", "", "二、外交支出", "33", ""],
        ["", "9", "", "九、卫生健康支出", "40", "45.07"],
    ]
    assert document.doubts == ()


def test_a_label_alone_stays_in_its_column() -> None:
    grid, _ = only_table(
        "项目       金额    项目            金额\n一、收入   5.00    一、支出        3.00\n"
        "                   二、外交支出\n"
        "总计       5.00    总计            3.00\n"
    )
    assert grid[2] == ["", "", "二、外交支出", ""]


def test_columns_that_are_not_aligned_are_fitted_by_what_they_hold() -> None:
    grid, document = only_table(
        "编码  名称  合  计  基本  项目\n合计  3.00  1.00  2.00\n201  一般公共服务支出  3.00  1.00  2.00\n"
        "20103  政府办公厅及相关机构事务  2.00  2.00\n20104  发展与改革事务  3.00  1.00  2.00\n"
    )
    assert grid[0] == ["编码", "名称", "合计", "基本", "项目"]
    assert grid[1] == ["合计", "^", "3.00", "1.00", "2.00"]
    assert [(doubt.code, doubt.row) for doubt in document.doubts] == [(DoubtCode.AMBIGUOUS_CELL, 3)]


def test_html_tables_in_text() -> None:
    grid, _ = only_table(
        "甲局\n\n<table><tr><td colspan=2>收入</td></tr>\n<tr><td>项目</td><td>1.00</td></tr></table>\n\n注：略\n"
    )
    assert grid == [["收入", "^"], ["项目", "1.00"]]


def test_headings_by_numbering() -> None:
    document = read(
        "甲局2024年度部门决算\n\n第一部分 概况\n\n一、主要职责\n\n"
        "（一）负责审批\n\n1.数量\n\n1、负责审批，落实政策。\n\n"
        "### 五、说明，其中\n\n2024年1.5万元\n\n一、说明如下：\n"
    )
    assert [(block.text, block.level) for block in document.blocks if isinstance(block, Heading)] == [
        ("甲局2024年度部门决算", 1),
        ("第一部分 概况", 1),
        ("一、主要职责", 2),
        ("（一）负责审批", 3),
        ("1.数量", 4),
        ("五、说明，其中", 3),
    ]


def test_lost_characters_are_a_doubt_and_garbage_is_an_error() -> None:
    good = "项目\t金额\n甲公司及其所属单位\t1.00\n乙公司及其所属单位\t2.00\n".encode()
    text, doubts = decode(good + b"\xe4\xb8")
    assert "甲公司" in text
    assert [doubt.code for doubt in doubts] == [DoubtCode.ENCODING]
    with pytest.raises(InvalidDocument) as error:
        decode("决算".encode() + b"\xff\x81\xff\x82" * 40)
    assert error.value.category is Category.NOT_READABLE


def test_amounts_outside_of_tables_are_reported() -> None:
    document = read("甲\n1.00\n乙\n2.00\n丙\n3.00\n丁\n4.00\n")
    assert [doubt.code for doubt in document.doubts] == [DoubtCode.ORPHAN_TEXT]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Look.BLANK),
        ("　", Look.BLANK),
        ("1,649.56", Look.NUMBER),
        ("28. 49", Look.NUMBER),
        ("-0.01", Look.NUMBER),
        ("(1.00)", Look.NUMBER),
        ("１２．５０", Look.NUMBER),
        ("99.5%", Look.NUMBER),
        ("5.85万元", Look.NUMBER),
        ("2010301", Look.INTEGER),
        ("0", Look.INTEGER),
        ("——", Look.DASH),
        ("/", Look.DASH),
        ("2024年度", Look.TEXT),
        ("1.数量", Look.TEXT),
        ("12,34", Look.TEXT),
    ],
)
def test_kinds_of_cells(text: str, expected: Look) -> None:
    assert look(text) is expected


@pytest.mark.parametrize(
    "text", ["公开01表", "公开 01 表", "财决公开01表", "部门：甲", "单位名称（盖章）：甲", "金额单位：万元", "单位：元"]
)
def test_captions(text: str) -> None:
    assert marks.is_caption(text)


@pytest.mark.parametrize("text", ["单位名称", "部门预算项目", "收入决算表", "对附属单位补助支出"])
def test_no_captions(text: str) -> None:
    assert not marks.is_caption(text)


def test_long_texts_take_linear_time() -> None:
    rows_of_one = "".join(f"{2010000 + n}\t一般公共服务支出\t{n}.00\t\t{n}.00\n" for n in range(95))
    text = "".join(
        f"支出决算表\n\n公开0{n % 9 + 1}表\n\n编码\t名称\t合计\t基本\t项目\n{rows_of_one}\n注：略\n\n"
        for n in range(100)
    )
    start = time.perf_counter()
    blocks, doubts = read_text(text)
    assert time.perf_counter() - start < 10
    assert sum(isinstance(block, Table) for block in blocks) == 100
    assert doubts == []


@pytest.mark.parametrize(
    "text", ["\t1.00" * 20_000, "\t1.00\n" * 20_000, "一 " * 100_000, "<table>" * 2_000, "|" * 50_000]
)
def test_odd_texts_end_soon(text: str) -> None:
    start = time.perf_counter()
    blocks, _ = read_text(text)
    assert time.perf_counter() - start < 10
    assert isinstance(blocks, list)


PIECES = st.sampled_from(
    [
        "\t",
        "\n",
        "\n\n",
        "|",
        " ",
        "  ",
        "　",
        "1.00",
        "201",
        "——",
        "合计",
        "一、",
        "（一）",
        "收入支出决算表",
        "公开01表",
        "<b>",
        "注：",
        "#",
        "\f",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_no_amount_is_lost_whatever_the_text(text: str) -> None:
    blocks, _ = read_text(text)
    seen = 0
    for block in blocks:
        if isinstance(block, Table):
            seen += sum(line.count("1.00") for row in rows(block) for line in row)
        else:
            seen += block.text.count("1.00")
    assert seen == text.count("1.00")


def test_totals_of_economic_groups_without_any_group() -> None:
    assert total_places(["人员经费合计", "12.00"], [["人员经费合计", "12.00"]], [False, True]) == {}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_zero_bytes_are_content_that_was_lost(encoding: str) -> None:
    text, doubts = decode("编码\t合计\n201\t\0\0\0\0\n\0".encode(encoding))
    assert "201" in text
    assert [doubt.code for doubt in doubts] == [DoubtCode.TRUNCATED]
    assert decode("编码\t合计\n".encode("utf-16"))[1] == ()


def test_columns_kept_apart_by_blanks_with_a_single_amount_or_none() -> None:
    head = "编码  名称  年初结转  本年收入  本年支出\n"
    more = "                        合计      基本支出\n"
    for last in ("合计        0.50                0.50\n", "合计\n"):
        grid, document = only_table(f"单位：万元\n{head}{more}{last}\n说明：略。\n")
        assert grid[-1] == (["合计", "^", "0.50", "", "0.50"] if "0" in last else ["合计", "^", "", "", ""])
        assert document.doubts == ()


def test_lists_and_lines_to_sign_on_are_no_tables() -> None:
    lines = "单位负责人：甲  财务负责人：乙  填表人：丙\n联系电话：1  地址：某路  日期：某日\n电话：2  邮编：3\n"
    assert read(lines).tables == ()
