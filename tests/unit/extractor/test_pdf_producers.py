"""Habits of office programs and browsers: clipped text, amounts that a column breaks, parts that a page cuts."""

from __future__ import annotations

import pytest
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from services.extractor.readers.pdf import PdfReader
from shared.contracts.document import Block, SourceFile, Table
from tests.unit.extractor import pdf_drawing as drawing
from tests.unit.extractor.pdf_drawing import HEIGHT, Put, Sheet

HEADER = ["编码", "名称", "合计"]
NOTE = "注：本表金额按规定口径填列，部分数据因四舍五入略有尾差。"


def blocks(content: bytes) -> list[Block]:
    return list(PdfReader().read(SourceFile(name="x.pdf", content=content)).blocks)


def rows(block: Block) -> list[list[str]]:
    assert isinstance(block, Table)
    return [[cell.text if cell else "?" for cell in row] for row in block.grid]


def said(found: list[Block]) -> list[str]:
    return ["table" if isinstance(block, Table) else block.text for block in found]


def over_two_pages(first: Sheet, second: Sheet) -> list[Block]:
    page, buffer = drawing.canvas()
    drawing.draw(page, first)
    page.showPage()
    drawing.draw(page, second)
    return blocks(drawing.finish(page, buffer))


def narrow(sheet: Sheet, *widths: float) -> Sheet:
    return Sheet(sheet.cells, widths, sheet.heights, y=sheet.y)


def test_text_that_its_cell_clips_belongs_to_that_cell() -> None:
    sheet = drawing.table([["项目", "本年收入"], ["一般公共服务支出", "10.00"]])
    page, buffer = drawing.canvas()
    drawing.draw(page, sheet)
    page.saveState()
    x0, y0, x1, y1 = sheet.box(Put(0, 1, ""))
    clip = page.beginPath()
    clip.rect(x0, HEIGHT - y1, x1 - x0, y1 - y0)
    page.clipPath(clip, stroke=0, fill=0)
    drawing.write(page, x0 + 3, y1 + 12, "合计")
    page.restoreState()
    (table,) = blocks(drawing.finish(page, buffer))
    assert rows(table) == [["项目", "本年收入\n合计"], ["一般公共服务支出", "10.00"]]


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("37,931.6\n1", "37,931.61"),
        ("1,133,56\n7.20", "1,133,567.20"),
        ("-29,796\n,607.8\n9", "-29,796,607.89"),
        ("20132\n01", "20132\n01"),
        ("12.50\n30.00", "12.50\n30.00"),
    ],
)
def test_an_amount_that_a_narrow_column_breaks_is_one(printed: str, read: str) -> None:
    sheet = Sheet(drawing.table([["项目", "金额"], ["合计", printed]]).cells, (80.0, 40.0), (20.0, 45.0), y=100.0)
    page, buffer = drawing.canvas()
    drawing.draw(page, sheet)
    (table,) = blocks(drawing.finish(page, buffer))
    assert rows(table)[1] == ["合计", read]


def test_two_short_amounts_in_a_wide_cell_stay_two() -> None:
    page, buffer = drawing.canvas()
    drawing.draw(page, drawing.table([["项目", "金额"], ["合计", "120\n0.50"]]))
    (table,) = blocks(drawing.finish(page, buffer))
    assert rows(table)[1] == ["合计", "120\n0.50"]


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        (["224", "灾害防治及应急管", "9,365.0"], ["", "理支出", "4"], ["224", "灾害防治及应急管\n理支出", "9,365.04"]),
        (["201", "组织事务", "9,365"], ["", "", ".04"], ["201", "组织事务", "9,365.04"]),
        (
            ["20805", "机关事业单位职", "4.07"],
            ["06", "业年金缴费支出", ""],
            ["20805\n06", "机关事业单位职\n业年金缴费支出", "4.07"],
        ),
        (["301101", "职工基本", "4.07"], ["2", "医疗保险", ""], ["301101\n2", "职工基本\n医疗保险", "4.07"]),
    ],
)
def test_amounts_and_codes_that_a_page_break_cuts(above: list[str], below: list[str], joined: list[str]) -> None:
    widths = (32.0, 90.0, 40.0)
    first = narrow(drawing.table([HEADER, ["201", "一般公共服务支出", "1.00"], above]), *widths)
    second = narrow(drawing.table([below, ["208", "社会保障和就业支", "5.00"]], y=60), *widths)
    (table,) = over_two_pages(first, second)
    assert rows(table)[2:] == [joined, ["208", "社会保障和就业支", "5.00"]]


def test_a_row_of_its_own_is_no_rest_of_an_amount() -> None:
    widths = (32.0, 90.0, 40.0)
    first = narrow(drawing.table([HEADER, ["201", "一般公共服务支出", "1,234.5"]]), *widths)
    second = narrow(drawing.table([["", "合计", "6"], ["", "其中：人员", "5"]], y=60), *widths)
    (table,) = over_two_pages(first, second)
    assert rows(table)[2] == ["", "合计", "6"]


def test_a_page_break_within_the_header() -> None:
    first = drawing.table([["", "", "本年支出合计", "基本支出"]], Put(0, 0, "项目", colspan=2))
    lower = [
        ["科目编码", "科目名称", "", ""],
        ["", "合计", "3.00", "3.00"],
        ["201", "一般公共服务支出", "3.00", "3.00"],
    ]
    (table,) = over_two_pages(first, drawing.table(lower, y=60))
    assert rows(table) == [["项目", "项目", "本年支出合计", "基本支出"], *lower]


def test_titles_and_small_print_stand_alone() -> None:
    sheet = drawing.table([["项目", "决算数"], ["合计", "1.00"]], y=60)
    page, buffer = drawing.canvas()
    drawing.draw(page, sheet)
    for y, text in ((130, NOTE), (144, "国有资本经营预算支出决算表"), (158, "公开08表"), (172, "部门：某某局")):
        drawing.write(page, 60, y, text)
    drawing.draw(page, drawing.table([["项目", "决算数"], ["合计", "1.00"]], y=190))
    drawing.write(page, 60, 260, NOTE)
    page.showPage()
    drawing.write(page, 60, 50, "政府性基金预算收入支出决算表")
    drawing.write(page, 60, 64, "表九")
    drawing.draw(page, drawing.table([["项目", "决算数"], ["合计", "1.00"]], y=80))
    assert said(blocks(drawing.finish(page, buffer))) == [
        "table",
        NOTE,
        "国有资本经营预算支出决算表",
        "公开08表",
        "部门：某某局",
        "table",
        NOTE,
        "政府性基金预算收入支出决算表",
        "表九",
        "table",
    ]


def rules(page: Canvas, sheet: Sheet, *partial: tuple[float, float, int]) -> None:
    """Horizontal rules alone; `partial` (left, right, row) below parts of a header row."""
    short = {row for *_, row in partial}
    for row, y in enumerate(sheet.ys):
        if row not in short:
            page.line(sheet.xs[0], HEIGHT - y, sheet.xs[-1], HEIGHT - y)
    for left, right, row in partial:
        page.line(left, HEIGHT - sheet.ys[row], right, HEIGHT - sheet.ys[row])


def test_rows_ruled_and_columns_told_by_blanks() -> None:
    body = [["201", "一般公共服务支出", "1,234.56", "", "4.00"], ["20106", "财政事务", "1,234.56", "", "4.00"]]
    lower = ["编码", "名称", "小计", "基本支出", "项目支出"]
    cells = drawing.table([["", "", "", "", ""], lower, *body]).cells
    sheet = Sheet((Put(0, 0, "项目"), Put(0, 2, "本年支出"), *cells), (50, 120, 80, 80, 80), (20,) * 4)
    page, buffer = drawing.canvas()
    rules(page, sheet, (sheet.xs[0], sheet.xs[2] - 2, 1), (sheet.xs[2] + 2, sheet.xs[5], 1))
    drawing.texts(page, sheet)
    (table,) = blocks(drawing.finish(page, buffer))
    above = ["项目", "项目", "本年支出", "本年支出", "本年支出"]
    assert rows(table) == [above, lower, *body]


def test_headings_at_the_left_of_amounts_at_the_right() -> None:
    sheet = drawing.table([["名称", "金额", "数量"], ["甲", "", ""], ["乙", "", ""], ["丙", "", ""]])
    page, buffer = drawing.canvas()
    rules(page, sheet)
    drawing.texts(page, sheet)
    for row, texts in enumerate((("1,234.50", "3.00"), ("4.50", "12.00"), ("99.00", "")), start=1):
        for column, text in enumerate(texts, start=1):
            page.drawRightString(sheet.xs[column + 1] - 3, HEIGHT - sheet.ys[row] - 13, text)
    (table,) = blocks(drawing.finish(page, buffer))
    assert rows(table)[0] == ["名称", "金额", "数量"]
    assert [row[1:] for row in rows(table)[1:]] == [["1,234.50", "3.00"], ["4.50", "12.00"], ["99.00", ""]]


def test_columns_of_the_page_before_hold_for_the_rest_of_its_table() -> None:
    first = drawing.table(
        [["编码", "名称", "合计", "其中"], ["201", "甲类", "1.00", "1.00"], ["20101", "乙", "1.00", ""]]
    )
    second = drawing.table(
        [["20102", "丙", "2.00", ""], ["20103", "丁", "3.00", ""], ["20104", "戊", "4.00", ""]], y=60
    )
    page, buffer = drawing.canvas()
    for sheet in (first, second):
        rules(page, sheet)
        drawing.texts(page, sheet)
        page.showPage()
    (table,) = blocks(drawing.finish(page, buffer))
    assert rows(table)[3:] == [["20102", "丙", "2.00", ""], ["20103", "丁", "3.00", ""], ["20104", "戊", "4.00", ""]]


def test_lines_to_write_on_are_no_table() -> None:
    page, buffer = drawing.canvas()
    for row in range(6):
        y = 100 + 30 * row
        drawing.write(page, 60, y - 3, "本年度工作按照计划开展，完成情况良好，不存在需要说明的问题。")
        page.line(60, HEIGHT - y, 500, HEIGHT - y)
    assert "table" not in said(blocks(drawing.finish(page, buffer)))


def test_a_body_that_has_an_outline_only() -> None:
    header = ["编码", "名称", "合计", "其中"]
    body = [
        ["201", "甲类", "1,234.00", "1.00"],
        ["20101", "乙", "2.00", ""],
        ["", "丙", "", ""],
        ["208", "丁", "3.00", "3.00"],
    ]
    sheet = drawing.table([header, *body])
    page, buffer = drawing.canvas()
    for y in (sheet.ys[0], sheet.ys[1], sheet.ys[-1]):
        page.line(sheet.xs[0], HEIGHT - y, sheet.xs[-1], HEIGHT - y)
    for x in (sheet.xs[0], sheet.xs[-1]):
        page.line(x, HEIGHT - sheet.ys[0], x, HEIGHT - sheet.ys[-1])
    for x in sheet.xs[1:-1]:
        page.line(x, HEIGHT - sheet.ys[0], x, HEIGHT - sheet.ys[1])
    drawing.texts(page, sheet)
    (table,) = blocks(drawing.finish(page, buffer))
    assert rows(table) == [header, *body]


def test_a_cell_of_sentences_with_amounts_is_one_cell() -> None:
    text = "本年收入 12.00 万元\n本年支出 11.00 万元\n年末结余 1.00 万元\n合计 2.00"
    sheet = Sheet(
        (Put(0, 0, "项目"), Put(0, 1, "金额"), Put(0, 2, "说明"), Put(1, 0, text, colspan=3)), (90.0,) * 3, (20.0, 90.0)
    )
    page, buffer = drawing.canvas()
    drawing.draw(page, sheet)
    (table,) = blocks(drawing.finish(page, buffer))
    assert rows(table)[1] == [text] * 3
