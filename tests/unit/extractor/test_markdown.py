"""Markdown: pipe tables to the character, everything else as in plain text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.extractor.readers import markdown
from services.extractor.readers.base import Reading
from services.extractor.readers.markdown import MarkdownReader
from shared.contracts.document import Heading, SourceFile, Table

_RULE = "|---|---|---|\n"


def _read(text: str | bytes) -> Reading:
    content = text.encode() if isinstance(text, str) else text
    return MarkdownReader().read(SourceFile(name="报告.md", content=content))


def _tables(reading: Reading) -> list[list[list[str]]]:
    return [
        [[cell.text if cell else "?" for cell in row] for row in block.grid]
        for block in reading.blocks
        if isinstance(block, Table)
    ]


def _texts(reading: Reading) -> list[str]:
    return [block.text for block in reading.blocks if not isinstance(block, Table)]


def test_headings_text_and_all_kinds_of_tables_in_order() -> None:
    reading = _read(
        "# 某局2024年度部门决算\n\n## 第一部分 概况\n1. 第一项职责。\n\n公开02表\n部门：某局\n\n"
        "| 项目 |  | **本年收入合计** |\n|:--|:-:|--:|\n| 201 | 一般公共<br>服务支出 | 1,649.56 |\n"
        "|  | 其他 | |\n\n注：本表反映收入。\n\n"
        "项目\t金额\t合计\n201\t5.00\t5.00\n202\t6.00\t6.00\n\n"
        '<table><tr><td rowspan="2">甲</td><td>1</td></tr><tr><td>2</td></tr></table>\n\n'
        "| a | b |\n|---|---|\n| 1 | 2 |\n"
    )
    assert _texts(reading)[:2] == ["某局2024年度部门决算", "第一部分 概况"]
    assert isinstance(reading.blocks[0], Heading)
    assert _texts(reading)[2:] == ["1. 第一项职责。", "公开02表", "部门：某局", "注：本表反映收入。"]
    assert _tables(reading) == [
        [["项目", "", "本年收入合计"], ["201", "一般公共\n服务支出", "1,649.56"], ["", "其他", ""]],
        [["项目", "金额", "合计"], ["201", "5.00", "5.00"], ["202", "6.00", "6.00"]],
        [["甲", "1"], ["甲", "2"]],
        [["a", "b"], ["1", "2"]],
    ]
    assert [block.index for block in reading.blocks if isinstance(block, Table)] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("1,649.56", "1,649.56"),
        ("0.00", "0.00"),
        ("-3", "-3"),
        ("1. 财政拨款", "1. 财政拨款"),
        ("# 号", "# 号"),
        ("a\\|b", "a|b"),
        ("`a`", "`a`"),
        ("**合计**", "合计"),
        ("<b>合计</b>", "合计"),
        ("*", "*"),
        ("——", "——"),
        ("其中：A&B", "其中：A&B"),
        ("&lt;5", "<5"),
        ("<5", "<5"),
        ("<!-- x", "<!-- x"),
        ("甲<br/>乙<BR>丙", "甲\n乙\n丙"),
        ("&nbsp;", ""),
        ("5_6_7", "5_6_7"),
        ("尾\\\\", "尾\\"),
        ("\x02\x03\x1f", ""),
    ],
)
def test_cells_to_the_character(cell: str, shown: str) -> None:
    (table,) = _tables(_read(f"| 项目 | 金额 | 备注 |\n{_RULE}| 前 | {cell} | 后 |\n"))
    assert table == [["项目", "金额", "备注"], ["前", shown, "后"]]


def test_rows_without_outer_pipes_short_rows_and_long_rows() -> None:
    (table,) = _tables(_read("项目 | 金额\n--- | ---\n甲 | 1\n| 乙 |\n丙 | 2 | 3\n"))
    assert table == [["项目", "金额", ""], ["甲", "1", ""], ["乙", "", ""], ["丙", "2", "3"]]


def test_a_head_without_text_is_no_row() -> None:
    assert _tables(_read("|  |  |\n|---|---|\n| 甲 | 1 |\n")) == [[["甲", "1"]]]


def test_a_table_without_text_is_no_table() -> None:
    reading = _read("概况\n\n|  |  |\n|---|---|\n|  |  |\n")
    assert _texts(reading) == ["概况"]
    assert _tables(reading) == []


def test_a_table_goes_on_after_a_blank_line_unless_it_has_a_head() -> None:
    text = f"| a | b | c |\n{_RULE}| 1 | 2 | 3 |\n\n| 4 | 5 | 6 |\n\n| d | e | f |\n{_RULE}| 7 | 8 | 9 |\n"
    assert [len(table) for table in _tables(_read(text))] == [3, 2]


def test_a_fence_hides_the_rule_of_a_table() -> None:
    text = f"```\n| a | b | c |\n{_RULE}```\n| x | y | z |\n{_RULE}| 1 | 2 | 3 |\n"
    assert _tables(_read(text))[-1] == [["x", "y", "z"], ["1", "2", "3"]]


def test_gb18030_is_read() -> None:
    assert _tables(_read(f"| 项目 | 金额 | 备注 |\n{_RULE}| 合计 | 1 | 2 |\n".encode("gb18030")))[0][1][0] == "合计"


def test_markup_that_breaks_a_table_leaves_it_to_the_text_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "partition_md", lambda _: [])
    assert _tables(_read(f"| 项目 | 金额 | 备注 |\n{_RULE}| 甲 | 1.00 | 2.00 |\n"))[0][-1] == ["甲", "1.00", "2.00"]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("&#20803;", "元"),
        ("&#x5143;", "元"),
        ("&#1", "&#1"),
        ("&#0;", "&#0;"),
        ("&#xFFFE;", "&#xFFFE;"),
        ("&#", "&#"),
        ("1&#12288;2", "1 2"),
        ("&#99999999;", "&#99999999;"),
    ],
)
def test_characters_by_their_number(source: str, shown: str) -> None:
    assert _tables(_read(f"| 项目 | 单位 | 备注 |\n{_RULE}| 甲 | {source} | 2 |\n"))[0][1] == ["甲", shown, "2"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(
            st.text("收支0159.,-()（）&%：\"'#~^$!?= 　*", max_size=8).filter(lambda t: t.count("*") < 2),
            min_size=3,
            max_size=3,
        ).filter(lambda row: len({" ".join(cell.split()) for cell in row}) > 1 or not "".join(row).strip()),
        min_size=1,
        max_size=6,
    )
)
def test_any_cells_come_back(rows: list[list[str]]) -> None:
    """A row of one word in all cells is left out: that is how a merged cell is written."""
    text = "| 项 | 目 | 额 |\n" + _RULE + "".join("|" + "|".join(row) + "|\n" for row in rows)
    (table,) = _tables(_read(text))
    assert [[" ".join(cell.split()) for cell in row] for row in table[1:]] == [
        [" ".join(cell.split()) for cell in row] for row in rows
    ]
