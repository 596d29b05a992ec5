"""Web pages and what office programs save as such."""

from __future__ import annotations

import pytest

from services.extractor.extract import extract
from shared.contracts.document import Document, DoubtCode, Heading, MediaType, Paragraph, SourceFile
from shared.contracts.errors import Category, InvalidDocument
from tests.unit.extractor.text_tools import rows

TABLE = (
    "<table border=1><tr><td rowspan=2>编码</td><td colspan=2>本年支出</td></tr><tr><td>基本</td><td>项目</td></tr>"
    "<tr><td>201</td><td>1.00</td><td>&nbsp;</td></tr></table>"
)
GRID = [["编码", "本年支出", "^"], ["^", "基本", "项目"], ["201", "1.00", ""]]


def read(body: str, encoding: str = "utf-8", head: str = "") -> Document:
    content = f"<html><head>{head}</head><body>{body}</body></html>".encode(encoding)
    return extract(SourceFile(name="report.xls", content=content))


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Heading | Paragraph)]


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8", "<meta charset='utf-8'>"),
        ("utf-8", ""),
        ("utf-8", "<meta charset=gb2312>"),
        ("gb18030", '<meta http-equiv=Content-Type content="text/html; charset=gb2312">'),
        ("gb18030", "<meta charset=GBK>"),
        ("gb18030", ""),
        ("gb18030", "<meta charset=utf-8>"),
        ("utf-16", ""),
        ("big5hkscs", "<meta charset=big5>"),
    ],
)
def test_the_charset_is_what_the_bytes_say(encoding: str, head: str) -> None:
    document = read("<p>一、收入合計</p><table><tr><td>甲<td>1.00<tr><td>乙<td>2.00</table>", encoding, head)
    assert texts(document) == ["一、收入合計"]
    assert rows(document.tables[0]) == [["甲", "1.00"], ["乙", "2.00"]]
    assert document.doubts == ()
    assert document.media_type is MediaType.HTML


def test_document_order_headings_and_spans() -> None:
    document = read(f"<h1>甲局<br>2024年度决算</h1><p>一、<b>概况</b></p><div>说明：<br>第二行{TABLE}注：略</div>")
    assert [block.kind for block in document.blocks] == [
        "heading",
        "heading",
        "paragraph",
        "paragraph",
        "table",
        "paragraph",
    ]
    assert texts(document) == ["甲局 2024年度决算", "一、概况", "说明：", "第二行", "注：略"]
    assert rows(document.tables[0]) == GRID


def test_layout_tables_are_looked_through() -> None:
    document = read(
        f"<table><tr><td><ul><li>首页</li></ul></td><td><table><tr><td><p>收入决算表</p>{TABLE}</td></tr></table>"
        f"<p>支出决算表</p>{TABLE}</td></tr></table>"
    )
    assert texts(document) == ["首页", "收入决算表", "支出决算表"]
    assert [rows(table) for table in document.tables] == [GRID, GRID]


def test_a_data_table_keeps_small_tables_inside_its_cells() -> None:
    document = read("<table><tr><td>甲<td>1.00<tr><td><table><tr><td>乙<td>丙</table><td>2.00</table>")
    assert rows(document.tables[0]) == [["甲", "1.00"], ["乙 丙", "2.00"]]


def test_one_cell_a_row_is_running_text() -> None:
    document = read("<table><tr><td>收入决算表</td></tr><tr><td>单位：万元</td></tr></table>")
    assert document.tables == ()
    assert texts(document) == ["收入决算表", "单位：万元"]


def test_hidden_amounts_are_left_out_and_reported() -> None:
    document = read(
        f"<div style='display:none'>菜单</div><script>1.00</script><nav>导航</nav>{TABLE}"
        "<table><tr><td>甲<td>1.00<tr><td>乙<td>2.00<tr style='display: none'><td>丙<td>3.00</table>"
    )
    assert [len(rows(table)) for table in document.tables] == [3, 2]
    assert texts(document) == []
    assert [doubt.code for doubt in document.doubts] == [DoubtCode.SKIPPED_CONTENT]


def test_hidden_menus_are_no_reason_for_doubt() -> None:
    assert read(f"<div style='display:none'>菜单</div>{TABLE}").doubts == ()


def test_a_caption_stands_before_its_table() -> None:
    document = read("<table><caption>收入决算表</caption><tr><td>甲<td>1.00<tr><td>乙<td>2.00</table>")
    assert [block.kind for block in document.blocks] == ["paragraph", "table"]


def test_what_lies_too_deep_is_reported() -> None:
    document = read("<p>甲</p>" + "<div>" * 5_000 + "乙" + "</div>" * 5_000)
    assert [doubt.code for doubt in document.doubts] == [DoubtCode.TRUNCATED]


def test_a_page_without_content_is_an_error() -> None:
    with pytest.raises(InvalidDocument) as error:
        read("<script>x</script><nav>首页</nav>")
    assert error.value.category is Category.NOTHING_FOUND


@pytest.mark.parametrize(
    ("page", "cut"),
    [
        ("<html><body><table><tr><td>1</td></tr></table></body></html>", False),
        ("<html><BODY><table><tr><td>1</td></tr></table></HTML >\n", False),
        ("<table><tr><td>1</td></tr></table><p>x", False),
        ("<div><p>x</p>", False),
        ("<html><body><table><tr><td>1</td></tr></table><p>x", True),
        ("<table><tr><td>1</td></tr></table><table><tr><td>2", True),
    ],
)
def test_a_page_without_its_end_is_read_with_a_doubt(page: str, *, cut: bool) -> None:
    reading = extract(SourceFile(name="a.html", content=page.encode()))
    assert [doubt.code for doubt in reading.doubts] == [DoubtCode.TRUNCATED] * cut
