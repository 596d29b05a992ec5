"""Tables over page breaks: one table where it is one, two where there are two."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from services.extractor.readers.pdf import PdfReader
from services.extractor.stitch import Stitched, header_rows, stitch
from shared.contracts.document import Block, Box, Cell, Doubt, DoubtCode, Heading, Paragraph, SourceFile, Table, Text
from tests.unit.extractor import pdf_drawing as drawing
from tests.unit.extractor.pdf_drawing import HEIGHT, Put, Sheet

EDGES = (50.0, 100.0, 250.0, 350.0, 450.0)
HEADER = [["科目编码", "科目名称", "本年支出合计", "基本支出"]]
NUMBERS = [["栏次", "", "1", "2"]]
BODY = [["201", "一般公共服务支出", "10.00", "10.00"], ["20106", "财政事务", "10.00", "10.00"]]
MORE = [["208", "社会保障和就业支出", "5.00", "5.00"], ["", "合计", "15.00", "15.00"]]


def part(
    rows: Sequence[Sequence[str]], page: int, index: int = 0, *, edges: tuple[float, ...] = EDGES, boxes: bool = True
) -> Table:
    cells = tuple(
        Cell(
            row=r,
            column=c,
            text=text,
            page=page,
            box=Box(x0=edges[c], y0=20.0 * r, x1=edges[c + 1], y1=20.0 * r + 20) if boxes else None,
        )
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    return Table(index=index, rows=len(rows), columns=len(rows[0]), cells=cells, page=page)


def grid(table: Block) -> list[list[str]]:
    assert isinstance(table, Table)
    return [[cell.text if cell else "?" for cell in row] for row in table.grid]


def pages(table: Block) -> list[int | None]:
    assert isinstance(table, Table)
    return [row[0].page if row[0] else None for row in table.grid]


def two(
    first: list[list[str]], second: list[list[str]], *between: Block, full: Sequence[tuple[int, int, int]] = ()
) -> Stitched:
    return stitch([part(first, 1), *between, part(second, 2, 1)], full)


def note(text: str, page: int = 2) -> Paragraph:
    return Paragraph(text=text, page=page)


@pytest.mark.parametrize("repeated", [[], HEADER, [*HEADER, *NUMBERS]], ids=["none", "header", "header and numbers"])
def test_a_table_goes_on(repeated: list[list[str]]) -> None:
    found = two([*HEADER, *NUMBERS, *BODY], [*repeated, *MORE])
    (table,) = found.blocks
    assert grid(table) == [*HEADER, *NUMBERS, *BODY, *MORE]
    assert pages(table) == [1, 1, 1, 1, 2, 2]
    assert found.doubts == ()


def test_the_end_of_a_table_of_two_sides_is_no_header() -> None:
    top = [["收入", "决算数", "支出", "决算数"], ["一、财政拨款收入", "10.00", "一、一般公共服务支出", "10.00"]]
    end = [["使用非财政拨款结余", "", "结余分配", ""], ["年初结转和结余", "", "年末结转和结余", ""]]
    (table,) = two(top, [*end, ["总计", "10.00", "总计", "10.00"]]).blocks
    assert grid(table)[2:4] == end


def test_over_two_hundred_pages() -> None:
    rows = [[str(2010101 + n), f"某某支出{n}", "1.00", "1.00"] for n in range(30)]
    parts = [part([*HEADER, *rows], 1), *(part(rows, n + 1, n) for n in range(1, 200))]
    (table,) = stitch(parts).blocks
    assert isinstance(table, Table)
    assert table.rows == 1 + 200 * 30
    assert table.cells[-1].page == 200


def test_over_three_pages_and_a_blank_one() -> None:
    blocks = [part([*HEADER, *BODY], 1), part([*HEADER, *MORE[:1]], 2, 1), part([*HEADER, *MORE[1:]], 4, 2)]
    (table,) = stitch(blocks).blocks
    assert grid(table) == [*HEADER, *BODY, *MORE]
    assert pages(table) == [1, 1, 1, 2, 4]


def test_numbers_are_given_anew() -> None:
    blocks = [part([*HEADER, *BODY], 1), part(MORE, 2, 1), note("支出决算表", 3), part([*HEADER, *BODY], 3, 2)]
    found = stitch(blocks)
    assert [block.index for block in found.blocks if isinstance(block, Table)] == [0, 1]


@pytest.mark.parametrize("text", ["续表", "（续表）", "续表1", "支出决算表（续）", "单位：万元"])
def test_a_continuation_may_say_so(text: str) -> None:
    found = two([*HEADER, *BODY], [*HEADER, *MORE], note(text))
    assert [grid(block) for block in found.blocks] == [[*HEADER, *BODY, *MORE]]


def test_the_same_title_again_with_the_same_header() -> None:
    blocks = [note("支出决算表", 1), part([*HEADER, *BODY], 1), note("支出决算表"), part([*HEADER, *MORE], 2, 1)]
    found = stitch(blocks)
    assert [block.kind for block in found.blocks] == ["paragraph", "table"]
    assert grid(found.blocks[1]) == [*HEADER, *BODY, *MORE]


@pytest.mark.parametrize(
    "between",
    [note("项目支出决算表"), Heading(text="三、支出决算表", level=2, page=2), note("注：本表反映支出情况。", 1)],
)
def test_other_text_between_parts_two_tables(between: Block) -> None:
    found = two([*HEADER, *BODY], [*HEADER, *MORE], between)
    assert [block.kind for block in found.blocks] == ["table", between.kind, "table"]


def test_other_header_rows_part_two_tables() -> None:
    other = [["科目编码", "科目名称", "年初结转和结余", "本年收入"]]
    found = two([*HEADER, *BODY], [*other, *MORE])
    assert [grid(block) for block in found.blocks] == [[*HEADER, *BODY], [*other, *MORE]]


def test_a_title_in_the_grid_parts_two_tables() -> None:
    titled = [["国有资本经营预算财政拨款支出决算表", "", "", ""], *HEADER, *MORE]
    second = part(titled, 2, 1)
    title = second.cells[0].model_copy(update={"colspan": 4})
    second = second.model_copy(update={"cells": (title, *second.cells[4:])})
    assert len(stitch([part([*HEADER, *BODY], 1), second]).blocks) == 2


def test_other_columns_part_two_tables() -> None:
    shifted = (50.0, 120.0, 270.0, 350.0, 450.0)
    assert len(stitch([part([*HEADER, *BODY], 1), part(MORE, 2, 1, edges=shifted)]).blocks) == 2
    wider = (50.0, 100.0, 250.0, 350.0, 550.0)
    assert len(stitch([part([*HEADER, *BODY], 1), part(MORE, 2, 1, edges=wider)]).blocks) == 2


def test_mirrored_margins_are_the_same_columns() -> None:
    mirrored = tuple(edge + 20 for edge in EDGES)
    assert len(stitch([part([*HEADER, *BODY], 1), part(MORE, 2, 1, edges=mirrored)]).blocks) == 1


def test_tables_of_one_page_and_of_far_pages_stay_apart() -> None:
    assert len(stitch([part([*HEADER, *BODY], 1), part(MORE, 1, 1)]).blocks) == 2
    assert len(stitch([part([*HEADER, *BODY], 1), part(MORE, 5, 1)]).blocks) == 2


def test_without_boxes_the_number_of_columns_counts() -> None:
    first, second = part([*HEADER, *BODY], 1, boxes=False), part(MORE, 2, 1, boxes=False)
    assert len(stitch([first, second]).blocks) == 1


def test_a_part_without_some_border_gets_the_columns_of_the_other() -> None:
    """The lower part joins code and name in one column; the common grid has both columns."""
    coarse = part([["合计", "15.00", "15.00"]], 2, 1, edges=(50.0, 250.0, 350.0, 450.0))
    (table,) = stitch([part([*HEADER, *BODY], 1), coarse]).blocks
    assert isinstance(table, Table)
    assert grid(table)[-1] == ["合计", "合计", "15.00", "15.00"]
    (reverse,) = stitch(
        [part([["项目", "本年支出合计", "基本支出"]], 1, edges=(50, 250, 350, 450)), part(BODY, 2, 1)]
    ).blocks
    assert grid(reverse) == [["项目", "项目", "本年支出合计", "基本支出"], *BODY]


def test_cut_row_completes_a_name_of_the_catalogue() -> None:
    first = [*HEADER, ["213", "农林水支", "10.00", "10.00"]]
    found = two(first, [["", "出", "", ""], *MORE])
    assert grid(found.blocks[0]) == [*HEADER, ["213", "农林水支\n出", "10.00", "10.00"], *MORE]
    assert pages(found.blocks[0]) == [1, 1, 2, 2]


def test_cut_row_after_a_repeated_header() -> None:
    found = two([*HEADER, ["213", "农林水支", "10.00", "10.00"]], [*HEADER, ["", "出", "", ""], *MORE])
    assert grid(found.blocks[0]) == [*HEADER, ["213", "农林水支\n出", "10.00", "10.00"], *MORE]


def test_cut_row_closes_a_bracket() -> None:
    found = two([*HEADER, ["30217", "某项特殊费用（含", "1.00", "1.00"]], [["", "其他）", "", ""], *MORE])
    assert grid(found.blocks[0])[1][1] == "某项特殊费用（含\n其他）"


def test_cut_row_whose_last_line_is_full() -> None:
    first = [*HEADER, ["2010699", "某某县某某镇人民政府机", "10.00", "10.00"]]
    found = two(first, [["", "关大楼维修", "", ""], *MORE], full=[(0, 1, 1)])
    assert grid(found.blocks[0])[1][1] == "某某县某某镇人民政府机\n关大楼维修"


def test_amounts_that_moved_to_the_lower_piece_keep_their_page() -> None:
    found = two([*HEADER, ["213", "农林水支", "", ""]], [["", "出", "10.00", "10.00"], *MORE])
    (table,) = found.blocks
    assert isinstance(table, Table)
    assert grid(table)[1] == ["213", "农林水支\n出", "10.00", "10.00"]
    assert [cell.page for cell in table.cells if cell.row == 1] == [1, 1, 2, 2]


@pytest.mark.parametrize(
    "row",
    [
        ["", "外交支出", "", ""],  # a name of its own
        ["", "其中：办公费", "", ""],
        ["", "合计", "", ""],
        ["", "二、外交", "", ""],
        ["20107", "税收", "", ""],  # a code of its own
        ["", "出", "10.00", "10.00"],  # amounts of its own
        ["", "", "10.00", "10.00"],  # no name at all
        ["", "", "", ""],
    ],
)
def test_true_rows_are_never_merged(row: list[str]) -> None:
    first = [*HEADER, ["213", "农林水支", "10.00", "10.00"]]
    found = two(first, [row, *MORE], full=[(0, 1, 1)])
    assert grid(found.blocks[0]) == [*first, row, *MORE]
    assert found.doubts == ()


def test_a_whole_name_takes_nothing_more() -> None:
    first = [*HEADER, ["213", "农林水支出", "10.00", "10.00"]]
    assert grid(two(first, [["", "水库", "", ""], *MORE], full=[(0, 1, 1)]).blocks[0]) == [
        *first,
        ["", "水库", "", ""],
        *MORE,
    ]


def test_an_unsure_piece_is_a_row_with_a_doubt() -> None:
    first = [*HEADER, ["2010699", "某某镇人民政府机", "10.00", "10.00"]]
    found = two(first, [["", "关大楼", "", ""], *MORE])
    assert grid(found.blocks[0]) == [*first, ["", "关大楼", "", ""], *MORE]
    assert [(doubt.code, doubt.table, doubt.row, doubt.page) for doubt in found.doubts] == [
        (DoubtCode.AMBIGUOUS_CELL, 0, 2, 2)
    ]


def test_header_rows_end_where_amounts_codes_or_labels_begin() -> None:
    assert header_rows(part([*HEADER, *NUMBERS, *BODY], 1)) == 2
    assert (
        header_rows(part([["项目", "金额", "项目", "金额"], ["一、一般公共预算", "", "一、一般公共服务支出", ""]], 1))
        == 1
    )


def widened(sheet: Sheet) -> Sheet:
    return Sheet(sheet.cells, (60.0, 130.0, 80.0, 80.0), sheet.heights, y=sheet.y)


def drawn(rows_a: list[list[str]], rows_b: list[list[str]], *, repeat: bool) -> list[Block]:
    """Two pages of a PDF: a two-row header with spans, then rows; rows again at the top of the second page."""
    spans = (Put(0, 0, "项目", colspan=2), Put(0, 2, "本年支出合计", rowspan=2), Put(0, 3, "基本支出", rowspan=2))
    head = [["", "", "", ""], ["科目编码", "科目名称", "", ""]]
    page, buffer = drawing.canvas()
    drawing.write(page, 200, 60, "支出决算表", 14)
    drawing.write(page, 280, HEIGHT - 40, "- 1 -", 9)
    drawing.draw(page, widened(drawing.table([*head, *rows_a], *spans)))
    page.showPage()
    lower = drawing.table([*head, *rows_b], *spans, y=70) if repeat else drawing.table(rows_b, y=70)
    drawing.draw(page, widened(lower))
    drawing.write(page, 280, HEIGHT - 40, "- 2 -", 9)
    return list(PdfReader().read(SourceFile(name="x.pdf", content=drawing.finish(page, buffer))).blocks)


@pytest.mark.parametrize("repeat", [False, True])
def test_drawn_table_over_a_page_break(*, repeat: bool) -> None:
    title, table = drawn(BODY, MORE, repeat=repeat)
    assert title.kind == "paragraph"
    assert grid(table)[2:] == [*BODY, *MORE]
    assert pages(table) == [1, 1, 1, 1, 2, 2]


def test_drawn_row_cut_in_two() -> None:
    cut = [["20199", "某某县某某镇人民政府机", "1.00", "1.00"]]
    sheet_rows = [[*BODY[0]], *cut]
    sheet = drawing.table([*HEADER, *sheet_rows])
    narrow = Sheet(sheet.cells, (50.0, 116.0, 80.0, 80.0), sheet.heights)
    lower = drawing.table([["", "关大楼维修", "", ""], *MORE], y=70)
    page, buffer = drawing.canvas()
    drawing.draw(page, narrow)
    page.showPage()
    drawing.draw(page, Sheet(lower.cells, narrow.widths, lower.heights, y=70))
    (table,) = PdfReader().read(SourceFile(name="x.pdf", content=drawing.finish(page, buffer))).blocks
    assert grid(table)[2] == ["20199", "某某县某某镇人民政府机\n关大楼维修", "1.00", "1.00"]
    assert grid(table)[3:] == MORE


def scanned(rows: Sequence[Sequence[str]], page: int, index: int = 0) -> Table:
    """A part that OCR read."""
    made = part(rows, page, index)
    cells = tuple(cell.model_copy(update={"confidence": 0.9}) for cell in made.cells)
    return Table(index=index, rows=made.rows, columns=made.columns, cells=cells, page=page)


@pytest.mark.parametrize("misread", ["☑本年支出合计", "本年支岀合计", "木年支出合计"])
def test_a_header_that_ocr_read_differently_is_repeated_all_the_same(misread: str) -> None:
    head = [*HEADER, *NUMBERS]
    again = [["科日编码", "科目名称", misread, "基本支出"], *NUMBERS]
    (table,) = stitch([scanned([*head, *BODY], 1), scanned([*again, *MORE], 2, 1)]).blocks
    assert grid(table) == [*head, *BODY, *MORE]


def test_another_header_of_a_scan_stays_another_table() -> None:
    other = [["科目编码", "科目名称", "本年收入合计", "财政拨款收入"], *NUMBERS]
    found = stitch([scanned([*HEADER, *NUMBERS, *BODY], 1), scanned([*other, *MORE], 2, 1)]).blocks
    assert len(found) == 2


def test_doubts_about_a_part_go_with_its_rows() -> None:
    """A doubt about the part on the second page is one about the whole table, in the row where its row now stands."""
    first, second = part(HEADER + BODY, 1, 0), part(HEADER + MORE, 2, 1)
    other = part([["预算数", "决算数", "合计", "备注"], ["1.00", "2.00", "3.00", "无"]], 2, 2)
    found = stitch([first, second, Heading(text="机构运行信息表", level=1, page=2), other])
    assert [block.index for block in found.blocks if isinstance(block, Table)] == [0, 1]
    text = Text(zh="不确定", en="Not certain")
    odd = Doubt(code=DoubtCode.ODD_RULES, text=text, page=2, table=1, row=1, column=2)
    moved = found.moved(odd)
    assert (moved.table, moved.row, moved.column) == (0, 3, 2)
    assert grid(found.blocks[0])[3] == MORE[0]
    assert found.moved(odd.model_copy(update={"table": 2, "row": None, "column": None})).table == 1
