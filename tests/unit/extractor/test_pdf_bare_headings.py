"""Headings and names of tables without rules where more than one reading seems possible."""

from __future__ import annotations

import pytest

from services.extractor.lattice.certain import is_certain
from services.extractor.lattice.chars import Glyph
from services.extractor.lattice.grid import Grid, Span
from services.extractor.readers.base import Reading
from services.extractor.readers.pdf import PdfReader
from shared.contracts.document import SourceFile, Table
from tests.unit.extractor import pdf_drawing as drawing

#: Lines of one heading and rows stand this far apart: nothing tells them from each other.
PITCH = 13.6
Line = tuple[tuple[float, str], ...]


def read(lines: list[Line], pitch: float = PITCH) -> Reading:
    """A page with words, each at its place across."""
    page, buffer = drawing.canvas()
    for index, line in enumerate(lines):
        for x, text in line:
            drawing.write(page, x, 100 + pitch * index, text)
    return PdfReader().read(SourceFile(name="x.pdf", content=drawing.finish(page, buffer)))


def table_of(reading: Reading) -> Table:
    (table,) = [block for block in reading.blocks if isinstance(block, Table)]
    return table


def spots(table: Table, rows: int) -> dict[str, tuple[int, int, int, int]]:
    """Row, column and spans of the texts at the top."""
    return {
        cell.text: (cell.row, cell.column, cell.rowspan, cell.colspan)
        for cell in table.cells
        if cell.row < rows and cell.text
    }


BODY: list[Line] = [
    ((60, "合计"), (332, "182.75"), (402, "78.78"), (467, "103.97")),
    ((60, "201"), (180, "一般公共服务支出"), (332, "154.60"), (402, "50.63"), (467, "103.97")),
    ((60, "20103"), (180, "政府办公厅及相关机构事务"), (332, "154.60"), (402, "50.63"), (467, "103.97")),
    ((60, "2010301"), (180, "行政运行"), (337, "50.63"), (402, "50.63")),
    ((60, "2010302"), (180, "一般行政管理事务"), (332, "103.97"), (467, "103.97")),
]


@pytest.mark.parametrize("word", ["合计", "小计"])
def test_the_sum_of_parts_is_no_second_line_of_the_heading_above_it(word: str) -> None:
    head: list[Line] = [
        ((60, "项目"), (310, "本年支出")),
        ((60, "功能分类科目编码"), (180, "科目名称"), (310, word), (370, "基本支出"), (440, "项目支出")),
    ]
    reading = read([*head, *BODY])
    found = spots(table_of(reading), 2)
    assert found["本年支出"] == (0, 2, 1, 3)
    assert found[word] == (1, 2, 1, 1)
    assert not reading.doubts


def test_a_heading_that_wraps_beside_other_kinds_of_spending_is_one() -> None:
    head: list[Line] = [
        ((60, "项目"), (310, "本年支出")),
        (
            (60, "功能分类科目编码"),
            (180, "科目名称"),
            (310, "合计"),
            (370, "基本支出"),
            (440, "项目支出"),
            (500, "经营支出"),
        ),
    ]
    found = spots(table_of(read([*head, *BODY])), 2)
    assert found["本年支出\n合计"][1:] == (2, 2, 1)


def test_amounts_that_end_before_a_heading_begins_are_not_below_it() -> None:
    lines: list[Line] = [
        ((60, "项目"), (200, "合计"), (250, "一般公共预算财政拨款"), (366, "政府性基金预算财政拨款")),
        ((60, "一、一般公共服务支出"), (218, "154.60"), (334, "154.60")),
        ((60, "二、外交支出"), (228, "4.60"), (344, "4.60")),
        ((60, "三、国防支出"), (223, "17.72"), (339, "17.72")),
        ((60, "四、教育支出"), (223, "14.65"), (339, "14.65")),
    ]
    table = table_of(read(lines))
    heading = spots(table, 1)["一般公共预算财政拨款"]
    amounts = {cell.column for cell in table.cells if cell.text == "154.60"}
    assert amounts == {spots(table, 1)["合计"][1], heading[1]}


def glyphs(x: float, y: float, text: str) -> list[Glyph]:
    """Characters of 10 points from left to right; figures are half as wide."""
    found: list[Glyph] = []
    for character in text:
        width = 10.0 if ord(character) > 255 else 5.0
        found.append((y, x, x + width, 10.0, character))
        x += width
    return found


@pytest.mark.parametrize(("second", "certain"), [("本年收入", False), ("", True)])
def test_two_headings_beside_each_other_in_one_cell_are_not_certain(second: str, *, certain: bool) -> None:
    grid = Grid(
        xs=(0, 100, 200, 300),
        ys=(0, 20, 40, 60),
        spans=(
            Span(0, 0, 1, 1),
            Span(0, 1, 1, 2),
            *(Span(row, column, 1, 1) for row in (1, 2) for column in (0, 1, 2)),
        ),
    )
    cells = [
        glyphs(5, 12, "项目"),
        [*glyphs(105, 12, "年初结转和"), *glyphs(205, 12, second)],
        glyphs(5, 32, "科目编码"),
        glyphs(105, 32, "结余"),
        glyphs(205, 32, "小计"),
        glyphs(5, 52, "229"),
        glyphs(105, 52, "4.60"),
        glyphs(205, 52, "4.60"),
    ]
    assert is_certain(grid, cells) is certain


NAMES: list[Line] = [
    ((60, "项目"), (130, "行次"), (180, "金额"), (240, "项目"), (310, "行次"), (360, "金额")),
    ((60, "一、财政拨款"), (130, "1"), (180, "37.61"), (240, "一、一般公共"), (310, "30"), (360, "9.36")),
    ((60, "收入"), (240, "服务支出")),
    ((60, "二、上级补助"), (130, "2"), (240, "二、外交支出"), (310, "31")),
    ((60, "收入"),),
    ((60, "三、事业收入"), (130, "3"), (240, "三、公共安全"), (310, "32"), (360, "4.00")),
    ((240, "支出"),),
    ((60, "四、经营收入"), (130, "4"), (240, "四、某某某某"), (310, "33"), (360, "1.00")),
    ((240, "事务支出"),),
    ((60, "五、其他收入"), (130, "5"), (180, "10.00"), (240, "五、教育支出"), (310, "34"), (360, "1.00")),
    ((60, "使用结余"), (130, "6"), (240, "结余分配"), (310, "35")),
]


def test_names_that_wrap_though_all_lines_stand_equally_far_apart() -> None:
    reading = read(NAMES)
    table = table_of(reading)
    rows = [[cell.text for cell in table.cells if cell.row == row] for row in range(table.rows)]
    assert rows == [
        ["项目", "行次", "金额", "项目", "行次", "金额"],
        ["一、财政拨款\n收入", "1", "37.61", "一、一般公共\n服务支出", "30", "9.36"],
        ["二、上级补助\n收入", "2", "", "二、外交支出", "31", ""],
        ["三、事业收入", "3", "", "三、公共安全\n支出", "32", "4.00"],
        ["四、经营收入", "4", "", "四、某某某某\n事务支出", "33", "1.00"],
        ["五、其他收入", "5", "10.00", "五、教育支出", "34", "1.00"],
        ["使用结余", "6", "", "结余分配", "35", ""],
    ]
    assert not reading.doubts


def test_rows_without_amounts_stay_rows() -> None:
    lines: list[Line] = [
        ((60, "项目"), (240, "金额")),
        ((60, "一、财政拨款收入"), (240, "37.61")),
        ((60, "使用非财政拨款结余"),),
        ((60, "年初结转和结余"),),
        ((60, "本年收入合计"), (240, "37.61")),
        ((60, "总计"), (240, "37.61")),
    ]
    table = table_of(read(lines))
    assert [cell.text for cell in table.cells if cell.column == 0] == [line[0][1] for line in lines]


def test_a_heading_over_others_begins_where_the_first_of_them_does() -> None:
    lines: list[Line] = [
        ((60, "项目"), (250, "年初结转和"), (370, "本年支出"), (520, "年末结转和")),
        (
            (60, "科目编码"),
            (125, "科目名称"),
            (250, "结余"),
            (310, "本年收入"),
            (370, "小计"),
            (420, "基本支出"),
            (470, "项目支出"),
            (520, "结余"),
        ),
        ((60, "合计"), (285, "0.00"), (333, "97.10"), (388, "97.10"), (443, "0.00"), (493, "97.10"), (555, "0.00")),
        (
            (60, "212"),
            (125, "城乡社区支出"),
            (285, "0.00"),
            (333, "97.10"),
            (388, "97.10"),
            (443, "0.00"),
            (493, "97.10"),
            (555, "0.00"),
        ),
        (
            (60, "21208"),
            (125, "城市建设支出"),
            (285, "0.00"),
            (333, "87.97"),
            (388, "87.97"),
            (443, "0.00"),
            (493, "87.97"),
            (555, "0.00"),
        ),
    ]
    found = spots(table_of(read(lines)), 2)
    assert found["本年支出"] == (0, 4, 1, 3)
    assert found["本年收入"][1] == 3


def test_numbered_names_without_amounts_go_on_at_the_top_of_a_page() -> None:
    page, buffer = drawing.canvas()
    head = (("收入", 60), ("支出", 330)), (("项目", 60), ("决算数", 265), ("项目", 330), ("决算数", 520))
    for index, words in enumerate(head):
        for text, x in words:
            drawing.write(page, x, 100 + 15 * index, text)
    rows = ["一般公共服务支出", "外交支出", "国防支出", "公共安全支出", "教育支出", "科学技术支出"]
    for index, (number, name) in enumerate(zip("一二三四五六", rows, strict=True)):
        y = 130 + 15 * index
        drawing.write(page, 60, y, f"{number}、某某收入")
        drawing.write(page, 275, y, "32.81")
        drawing.write(page, 330, y, f"{number}、{name}")
        drawing.write(page, 530, y, "15.07")
    page.showPage()
    for index, text in enumerate(["七、文化体育支出", "八、住房保障支出", "九、其他支出"]):
        drawing.write(page, 330, 80 + 15 * index, text)
    for x, text in ((60, "本年收入合计"), (275, "98.43"), (330, "本年支出合计"), (530, "45.21")):
        drawing.write(page, x, 125, text)
    for x, text in ((60, "总计"), (275, "98.43"), (330, "总计"), (530, "45.21")):
        drawing.write(page, x, 155, text)
    table = table_of(PdfReader().read(SourceFile(name="x.pdf", content=drawing.finish(page, buffer))))
    assert [[cell.text for cell in table.cells if cell.row == row] for row in range(8, table.rows)] == [
        ["", "", "七、文化体育支出", ""],
        ["", "", "八、住房保障支出", ""],
        ["", "", "九、其他支出", ""],
        ["本年收入合计", "98.43", "本年支出合计", "45.21"],
        ["总计", "98.43", "总计", "45.21"],
    ]


def test_a_line_in_brackets_belongs_to_the_name_above_it() -> None:
    lines: list[Line] = [
        ((60, "项目"), (240, "行次"), (300, "统计数")),
        ((60, "1.特种专业用车"), (240, "13"), (310, "2.00")),
        ((60, "2.其他用车"), (240, "14"), (310, "3.00")),
        ((60, "（二）单价100万元以上设备"), (240, "15"), (310, "3.00")),
        ((60, "（不含车辆）"),),
        ((60, "（三）单价50万元以上设备"), (240, "16"), (310, "1.00")),
    ]
    table = table_of(read(lines))
    assert [cell.text for cell in table.cells if cell.row >= 3 and cell.column == 0] == [
        "（二）单价100万元以上设备\n（不含车辆）",
        "（三）单价50万元以上设备",
    ]
