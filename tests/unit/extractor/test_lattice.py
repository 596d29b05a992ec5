"""Every habit of drawing a table gives the same cells, spans and boxes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from services.extractor.lattice.bands import join_bands
from services.extractor.lattice.frame import Frame
from services.extractor.lattice.grid import Span, grid_of
from services.extractor.lattice.rules import Rule, networks, rules_of
from services.extractor.readers.base import Reading
from services.extractor.readers.pdf import PdfReader
from shared.contracts.document import DoubtCode, SourceFile, Table
from tests.unit.extractor import pdf_drawing as drawing
from tests.unit.extractor.pdf_drawing import HEIGHT, STYLES, WIDTH, Put, Sheet

SHEET = drawing.table(
    [
        ["", "", "", ""],
        ["", "基本支出", "项目支出", "经营支出"],
        ["一般公共服务支出", "1,234.56", "0.00", ""],
        ["社会保障和\n就业支出", "11.11", "——", "7"],
        ["合计", "1,245.67", "0.00", "7"],
    ],
    Put(0, 0, "项目", rowspan=2),
    Put(0, 1, "本年支出合计", colspan=3),
)
SHEET = Sheet(SHEET.cells, SHEET.widths, (18.0, 18.0, 18.0, 28.0, 18.0))


def read(content: bytes) -> Reading:
    return PdfReader().read(SourceFile(name="x.pdf", content=content))


def only_table(content: bytes) -> Table:
    (found,) = (block for block in read(content).blocks if isinstance(block, Table))
    return found


def one_page(style: Callable[[Canvas, Sheet], None], sheet: Sheet = SHEET) -> bytes:
    page, buffer = drawing.canvas()
    drawing.draw(page, sheet, style)
    return drawing.finish(page, buffer)


def cells_of(table: Table) -> list[Put]:
    return [Put(cell.row, cell.column, cell.text, cell.rowspan, cell.colspan) for cell in table.cells]


def assert_boxes(table: Table, expected: list[tuple[float, float, float, float]], within: float = 1.5) -> None:
    for cell, box in zip(table.cells, expected, strict=True):
        assert cell.box is not None
        assert (cell.box.x0, cell.box.y0, cell.box.x1, cell.box.y1) == pytest.approx(box, abs=within), cell.text


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES.keys())
def test_cells_spans_and_boxes(style: Callable[[Canvas, Sheet], None]) -> None:
    table = only_table(one_page(style))
    assert cells_of(table) == list(SHEET.cells)
    assert (table.rows, table.columns, table.page) == (5, 4, 1)
    assert {cell.page for cell in table.cells} == {1}
    assert_boxes(table, [SHEET.box(cell) for cell in SHEET.cells])


@pytest.mark.parametrize("style", ["stroked", "filled", "dotted"])
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_rotated_pages_read_as_they_are_seen(style: str, turn: int) -> None:
    """The content is turned against the page's /Rotate, so that a reader sees it upright."""
    page, buffer = drawing.canvas()
    drawing.turn(page, turn)
    drawing.draw(page, SHEET, STYLES[style])
    table = only_table(drawing.finish(page, buffer))
    assert cells_of(table) == list(SHEET.cells)
    assert_boxes(table, [SHEET.box(cell) for cell in SHEET.cells])


def test_table_turned_on_an_upright_page() -> None:
    """A landscape table drawn sideways: its cells as it is read, its boxes as the page is seen."""
    page, buffer = drawing.canvas()
    page.translate(WIDTH, 0)
    page.rotate(90)
    page.translate(0, WIDTH - HEIGHT)
    drawing.draw(page, SHEET, drawing.stroked)
    table = only_table(drawing.finish(page, buffer))
    assert cells_of(table) == list(SHEET.cells)
    boxes = [SHEET.box(cell) for cell in SHEET.cells]
    assert_boxes(table, [(y0, HEIGHT - x1, y1, HEIGHT - x0) for x0, y0, x1, y1 in boxes])


def test_scaled_content() -> None:
    page, buffer = drawing.canvas()
    page.scale(0.6, 0.6)
    page.translate(0, HEIGHT / 0.6 - HEIGHT)
    drawing.draw(page, SHEET, drawing.stroked)
    table = only_table(drawing.finish(page, buffer))
    assert cells_of(table) == list(SHEET.cells)
    boxes = [SHEET.box(cell) for cell in SHEET.cells]
    assert_boxes(table, [(0.6 * x0, 0.6 * y0, 0.6 * x1, 0.6 * y1) for x0, y0, x1, y1 in boxes])


def test_form_in_a_form_with_matrices() -> None:
    page, buffer = drawing.canvas()
    page.beginForm("inner")
    drawing.draw(page, SHEET, drawing.filled)
    page.endForm()
    page.beginForm("outer")
    page.translate(10, 0)
    page.doForm("inner")
    page.endForm()
    page.translate(0, -40)
    page.doForm("outer")
    table = only_table(drawing.finish(page, buffer))
    assert cells_of(table) == list(SHEET.cells)
    boxes = [SHEET.box(cell) for cell in SHEET.cells]
    assert_boxes(table, [(x0 + 10, y0 + 40, x1 + 10, y1 + 40) for x0, y0, x1, y1 in boxes])


@pytest.mark.parametrize("turn", [0, 90])
def test_slanted_watermark_is_left_out(turn: int) -> None:
    page, buffer = drawing.canvas()
    drawing.turn(page, turn)
    drawing.draw(page, SHEET, drawing.stroked)
    page.saveState()
    page.setFillGray(0.8)
    page.translate(80, HEIGHT - 240)
    page.rotate(35)
    page.setFont(drawing.FONT, 40)
    page.drawString(0, 0, "内部资料 1234 请勿外传")
    page.restoreState()
    reading = read(drawing.finish(page, buffer))
    (table,) = reading.blocks
    assert isinstance(table, Table)
    assert cells_of(table) == list(SHEET.cells)


def test_bold_by_printing_twice() -> None:
    page, buffer = drawing.canvas()
    drawing.draw(page, SHEET, drawing.stroked)
    page.translate(0.3, 0.2)
    drawing.texts(page, SHEET)
    assert cells_of(only_table(drawing.finish(page, buffer))) == list(SHEET.cells)


def test_repeated_digits_stay() -> None:
    sheet = drawing.table([["名称", "金额"], ["甲", "1,111.11"], ["乙", "222,222.22"]])
    assert cells_of(only_table(one_page(drawing.stroked, sheet))) == list(sheet.cells)


def test_hidden_text_counts_only_without_visible_text() -> None:
    def content(*, visible: bool) -> bytes:
        page, buffer = drawing.canvas()
        drawing.stroked(page, SHEET)
        if visible:
            drawing.texts(page, SHEET)
        hidden = page.beginText(SHEET.xs[1] + 40, HEIGHT - SHEET.ys[2] - 12)
        hidden.setFont(drawing.FONT, 10)
        hidden.setTextRenderMode(3)
        hidden.textOut("99")
        page.drawText(hidden)
        return drawing.finish(page, buffer)

    assert cells_of(only_table(content(visible=True))) == list(SHEET.cells)
    assert [cell.text for cell in only_table(content(visible=False)).cells if cell.text] == ["99"]


def test_printed_spaces_and_gaps() -> None:
    sheet = drawing.table([["科目 名称", "金 额"], ["28. 49%", "1 2"]])
    assert cells_of(only_table(one_page(drawing.stroked, sheet))) == list(sheet.cells)


def test_content_beyond_the_page_is_not_seen() -> None:
    page, buffer = drawing.canvas()
    drawing.draw(page, SHEET, drawing.stroked)
    page.translate(0, 2 * HEIGHT)
    drawing.draw(page, SHEET, drawing.stroked)
    assert cells_of(only_table(drawing.finish(page, buffer))) == list(SHEET.cells)


def test_two_tables_side_by_side_and_one_below() -> None:
    left = drawing.table([["甲", "1"], ["乙", "2"]], x=40)
    right = drawing.table([["丙", "3"], ["丁", "4"]], x=300)
    below = drawing.table([["戊", "5", "6"]], y=200)
    page, buffer = drawing.canvas()
    for sheet in (below, right, left):
        drawing.draw(page, sheet, drawing.stroked)
    tables = [block for block in read(drawing.finish(page, buffer)).blocks if isinstance(block, Table)]
    assert [cells_of(table) for table in tables] == [list(sheet.cells) for sheet in (left, right, below)]
    assert [table.index for table in tables] == [0, 1, 2]


def test_a_frame_is_no_table() -> None:
    page, buffer = drawing.canvas()
    page.rect(30, 30, WIDTH - 60, HEIGHT - 60)
    drawing.draw(page, SHEET, drawing.stroked)
    drawing.write(page, 60, 700, "本表反映部门本年度各项支出情况。")
    reading = read(drawing.finish(page, buffer))
    assert [block.kind for block in reading.blocks] == ["table", "paragraph"]


def test_drifting_borders_make_no_sliver_columns() -> None:
    """Header and body were drawn with borders 5 points apart, as happens in hand-made tables."""
    vertical = [Rule(100, 0, 20), Rule(105, 20, 60), Rule(0, 0, 60), Rule(200, 0, 60)]
    horizontal = [Rule(at, 0, 200) for at in (0, 20, 40, 60)]
    grid = grid_of(horizontal, vertical)
    assert grid is not None
    assert (grid.rows, grid.columns) == (3, 2)


def test_rules_that_do_not_close_are_cut_into_rectangles_and_marked() -> None:
    """An L: the rule between the upper and the lower left cell is missing, so is the one between the upper two."""
    vertical = [Rule(0, 0, 40), Rule(100, 20, 40), Rule(200, 0, 40)]
    horizontal = [Rule(0, 0, 200), Rule(20, 100, 200), Rule(40, 0, 200)]
    grid = grid_of(horizontal, vertical)
    assert grid is not None
    assert grid.spans == (Span(0, 0, 1, 2, odd=True), Span(1, 0, 1, 1, odd=True), Span(1, 1, 1, 1))


def test_odd_rules_are_a_doubt() -> None:
    page, buffer = drawing.canvas()
    drawing.texts(page, drawing.table([["甲", "1"], ["乙", "2"]], x=0, y=0))
    for x0, y0, x1, y1 in (
        (0, 0, 200, 0),
        (120, 18, 200, 18),
        (0, 36, 200, 36),
        (0, 0, 0, 36),
        (120, 18, 120, 36),
        (200, 0, 200, 36),
    ):
        page.line(x0, HEIGHT - y0, x1, HEIGHT - y1)
    reading = read(drawing.finish(page, buffer))
    assert {doubt.code for doubt in reading.doubts} == {DoubtCode.ODD_RULES}
    (table,) = (block for block in reading.blocks if isinstance(block, Table))
    assert [cell.text for cell in table.cells] == ["甲 1", "乙", "2"]
    assert [cell.doubts for cell in table.cells] == [(DoubtCode.ODD_RULES,), (DoubtCode.ODD_RULES,), ()]


def test_dots_and_dashes_join_and_ticks_do_not() -> None:
    dots = [(x, 10.0, x + 0.5, 10.5) for x in range(0, 100, 2)]
    ticks = [(0.0, 30.0, 3.0, 30.4), (50.0, 30.0, 53.0, 30.4)]
    horizontal, vertical = rules_of([*dots, *ticks])
    assert vertical == []
    (rule,) = horizontal
    assert (rule.at, rule.start, rule.end) == pytest.approx((10.25, 0, 98.5))


def test_networks_part_tables_and_drop_lone_rules() -> None:
    first = ([Rule(0, 0, 100), Rule(20, 0, 100)], [Rule(0, 0, 20), Rule(100, 0, 20)])
    second = ([Rule(60, 0, 100), Rule(80, 0, 100)], [Rule(0, 60, 80), Rule(100, 60, 80)])
    lone = Rule(40, 10, 60)
    groups = join_bands(networks([*first[0], lone, *second[0]], [*first[1], *second[1]]))
    assert groups == [first, second]


def test_full_rows_of_a_table_with_open_sides() -> None:
    """A title row on top and the heading of a section in the middle have no vertical rule at all."""
    sheet = drawing.table(
        [["", ""], ["项目", "统计数"], ["合计", "3.00"], ["", ""], ["项目", "统计数"], ["小计", "4.00"]],
        Put(0, 0, "一、政府采购情况", colspan=2),
        Put(3, 0, "二、机关运行经费", colspan=2),
    )
    table = only_table(one_page(drawing.open_sides, sheet))
    assert cells_of(table) == list(sheet.cells)


def test_tables_with_open_sides_and_a_title_between_stay_apart() -> None:
    first = drawing.table([["项目", "统计数"], ["合计", "3.00"]])
    second = drawing.table([["项目", "统计数"], ["合计", "3.00"]], y=first.ys[-1] + 40)
    page, buffer = drawing.canvas()
    drawing.draw(page, first, drawing.open_sides)
    drawing.write(page, 100, first.ys[-1] + 25, "公开02表")
    drawing.draw(page, second, drawing.open_sides)
    assert [block.kind for block in read(drawing.finish(page, buffer)).blocks] == ["table", "paragraph", "table"]


def test_frames_turn_there_and_back() -> None:
    upright = Frame(10, 20, 310, 620)
    for turns in range(4):
        turned = upright.turned(turns)
        assert turned.into(upright, upright.into(turned, (1, 2, 30, 40))) == pytest.approx((1, 2, 30, 40))
