"""Tables that few rules or none part, whose columns nearly touch each other."""

from __future__ import annotations

from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]

from services.extractor.readers.base import Reading
from services.extractor.readers.pdf import PdfReader
from shared.contracts.document import DoubtCode, SourceFile, Table
from tests.unit.extractor import pdf_drawing as drawing

#: What parts two columns: a fifth of the size of the letters.
NARROW = 2.0
CODES = [
    ("301", "工资福利支出", "94.52", "302", "商品和服务支出", "10.07"),
    ("30101", "基本工资", "29.54", "30201", "办公费", "1.33"),
    ("30102", "津贴补贴", "8.88", "30202", "印刷费", "0.77"),
    ("30103", "奖金", "7.07", "30203", "咨询费", "0.03"),
]
LABELS = [
    ("一、一般公共预算财政拨款收入", "171.57", "一、一般公共服务支出", "26.51"),
    ("二、政府性基金预算财政拨款收入", "0", "二、外交支出", "0"),
    ("三、上级补助收入", "0.00", "三、国防支出", "4.20"),
    ("四、其他收入", "2", "四、教育支出", "127.46"),
]


def read(content: bytes) -> Reading:
    return PdfReader().read(SourceFile(name="x.pdf", content=content))


def rows_of(reading: Reading) -> list[list[tuple[str, ...]]]:
    """The texts of each table, blank cells left out."""
    tables = [block for block in reading.blocks if isinstance(block, Table)]
    return [
        [tuple(cell.text for cell in table.cells if cell.row == row and cell.text) for row in range(table.rows)]
        for table in tables
    ]


def tight(rows: list[tuple[str, ...]], widths: tuple[float, ...], numbers: tuple[int, ...]) -> bytes:
    """Rows without rules: `numbers` are the columns whose text ends right before the next column begins."""
    page, buffer = drawing.canvas()
    for index, row in enumerate(rows):
        x = 60.0
        for column, text in enumerate(row):
            width = pdfmetrics.stringWidth(text, drawing.FONT, 10)
            start = x + widths[column] - NARROW - width if column in numbers and index else x
            drawing.write(page, start, 100 + 16 * index, text)
            x += widths[column]
    return drawing.finish(page, buffer)


def test_a_code_right_behind_an_amount() -> None:
    head = ("科目编码", "科目名称", "决算数", "科目编码", "科目名称", "决算数")
    rows = [head, *CODES]
    assert rows_of(read(tight(rows, (52, 110, 60, 52, 110, 60), (2, 5)))) == [rows]


def test_a_numbered_name_right_behind_a_number() -> None:
    head = ("收入项目", "决算数", "支出项目", "决算数")
    rows = [head, *LABELS]
    assert rows_of(read(tight(rows, (170, 60, 150, 60), (1, 3)))) == [rows]


def test_headings_that_nearly_touch() -> None:
    """Each column is as wide as its heading."""
    head = ("科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出")
    rows = [
        head,
        ("201", "公共服务", "23.56", "20.56", "3.00"),
        ("20129", "群团事务", "23.56", "20.56", "3.00"),
        ("2012902", "一般事务", "16.17", "16.17", "0.00"),
    ]
    assert rows_of(read(tight(rows, (42, 42, 62, 42, 42), (2, 3, 4)))) == [rows]


def test_words_set_wide_stay_whole() -> None:
    """A justified line has the same small gap between all its characters."""
    page, buffer = drawing.canvas()
    rows = [("项目名称", "预算数", "决算数"), ("设备巡检", "3.00", "2.50"), ("人员培训", "5.00", "4.50")]
    rows += [("宣传活动", "1.00", "1.00"), ("数字台账", "2.00", "1.50")]
    for index, row in enumerate(rows):
        for place, char in enumerate(row[0]):
            drawing.write(page, 60 + 13 * place, 100 + 16 * index, char)
        drawing.write(page, 220, 100 + 16 * index, row[1])
        drawing.write(page, 320, 100 + 16 * index, row[2])
    assert rows_of(read(drawing.finish(page, buffer))) == [rows]


def test_sides_of_merged_cells_stand_below_each_other() -> None:
    """Rows ruled from side to side; two headings and a row of sums draw a side of their own, one near the other."""
    page, buffer = drawing.canvas()
    rows = [("项目", "本年支出"), ("编码", "名称", "小计", "基本"), ("栏次", "1", "2"), ("合计", "12.50", "12.50")]
    rows += [(f"2010{n}", f"事务{n}", f"{n}.50", f"{n}.50") for n in range(1, 8)]
    for index in range(len(rows) + 1):
        y = drawing.HEIGHT - (86 + 16 * index)
        page.line(60, y, 460, y)
    for top, bottom in ((0, 1), (2, 4)):
        page.line(260, drawing.HEIGHT - (86 + 16 * top), 260, drawing.HEIGHT - (86 + 16 * bottom))
    places = {1: (60,), 2: (150, 350), 3: (150, 280, 380), 4: (62, 130, 280, 380)}
    for index, row in enumerate(rows):
        for x, text in zip(places[len(row)], row, strict=True):
            drawing.write(page, x, 97 + 16 * index, text)
    assert rows_of(read(drawing.finish(page, buffer))) == [rows]


def wrong(rows: list[tuple[tuple[float, str], ...]]) -> bytes:
    page, buffer = drawing.canvas()
    for index, row in enumerate(rows):
        for x, text in row:
            drawing.write(page, x, 100 + 16 * index, text)
    return drawing.finish(page, buffer)


HEAD = ((60, "项目名称"), (220, "预算数"), (320, "决算数"))
BODY = [((60.0, f"项目{n}"), (220.0, f"{n}.50"), (320.0, f"{n}.25")) for n in range(1, 7)]


def test_a_table_without_rules_that_is_clear_has_no_doubt() -> None:
    assert not read(wrong([HEAD, *BODY])).doubts


def test_columns_of_amounts_without_a_heading_are_doubted() -> None:
    found = read(wrong([HEAD[:2], *BODY]))
    assert [(doubt.code, doubt.table) for doubt in found.doubts] == [(DoubtCode.AMBIGUOUS_CELL, 0)]


def test_an_amount_that_goes_on_in_the_next_line_is_doubted() -> None:
    cut = [((60.0, "合计"), (220.0, "69,581.5"), (320.0, "70,112.2")), ((220.0, "8"), (320.0, "5"))]
    found = read(wrong([HEAD, *cut, *BODY]))
    assert [(doubt.code, doubt.table) for doubt in found.doubts] == [(DoubtCode.AMBIGUOUS_CELL, 0)]


def test_headings_at_the_left_stand_over_each_other() -> None:
    """收入 above 项目 is no heading in two lines, however near; 项目 stands over names alone."""
    sides = [((60, "收入"), (300, "支出")), ((60, "项目"), (220, "决算数"), (300, "项目"), (440, "决算数"))]
    rows = [
        tuple(zip((60.0, 220.0, 300.0, 440.0), row, strict=True))
        for row in [label for label in LABELS if "." in label[1]]
    ]
    page, buffer = drawing.canvas()
    for index, row in enumerate([*sides, *rows, *rows]):
        for x, text in row:
            drawing.write(page, x, 100 + 12 * index, text)
    found = read(drawing.finish(page, buffer))
    assert rows_of(found)[0][:2] == [("收入", "支出"), ("项目", "决算数", "项目", "决算数")]
    table = next(block for block in found.blocks if isinstance(block, Table))
    assert [cell.colspan for cell in table.cells if cell.row == 0] == [2, 2]
    assert not found.doubts


def overprinted(*lines: tuple[float, float, str]) -> Reading:
    """A ruled table with a header whose first cell below it has `lines`: from its left and its top, text."""
    sheet = drawing.Sheet(
        (drawing.Put(0, 0, "项目"), drawing.Put(0, 1, "统计数"), drawing.Put(1, 0, ""), drawing.Put(1, 1, "3")),
        (300.0, 60.0),
        (20.0, 20.0),
    )
    page, buffer = drawing.canvas()
    drawing.stroked(page, sheet)
    drawing.texts(page, sheet)
    for x, y, text in lines:
        drawing.write(page, sheet.xs[0] + x, sheet.ys[1] + y, text)
    return read(drawing.finish(page, buffer))


def test_two_lines_over_each_other_in_a_cell_are_a_doubt() -> None:
    reading = overprinted((2, 12, "8.其他用车"), (5, 12, "（二）单价100万元以上设备"))
    assert [(doubt.code, doubt.table, doubt.row, doubt.column) for doubt in reading.doubts] == [
        (DoubtCode.AMBIGUOUS_CELL, 0, 1, 0)
    ]


def test_a_word_printed_twice_to_make_it_bold_is_no_doubt() -> None:
    reading = overprinted((2, 12, "8.其他 用车"), (2.4, 12, "8.其他 用车"))
    assert rows_of(reading) == [[("项目", "统计数"), ("8.其他 用车", "3")]]
    assert not reading.doubts


def test_a_code_right_behind_an_amount_of_nothing() -> None:
    head = ("科目编码", "科目名称", "决算数", "科目编码", "科目名称", "决算数")
    rows = [head, *CODES[:3], ("30205", "水费", "0", "31002", "办公设备购置", "14.67")]
    reading = read(tight(rows, (52, 110, 60, 52, 110, 60), (2, 5)))
    assert rows_of(reading) == [rows]
    assert not reading.doubts
