"""Tables that a page break cuts anywhere: in their header, at a section with a header of its own, with any repeats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from services.extractor.stitch import stitch
from shared.contracts.document import Block, Box, Cell, DoubtCode, Paragraph, Table
from tests.corpus.compose import report
from tests.corpus.grid import TableBlock
from tests.corpus.layouts import BY_ID, LAYOUTS

WIDTH, HEIGHT = 600.0, 20.0
#: More rows of the body are like those above them.
MOST_ROWS = 12
FIGURES = {"amount", "label", "code", "ordinal"}


@dataclass(frozen=True)
class Place:
    row: int
    column: int
    rowspan: int
    colspan: int
    text: str

    def moved(self, row: int) -> Place:
        return Place(row, self.column, self.rowspan, self.colspan, self.text)


def table_of(places: Sequence[Place], columns: int, page: int, index: int) -> Table:
    width = WIDTH / columns
    cells = tuple(
        Cell(
            row=place.row,
            column=place.column,
            rowspan=place.rowspan,
            colspan=place.colspan,
            text=place.text,
            page=page,
            box=Box(
                x0=place.column * width,
                x1=(place.column + place.colspan) * width,
                y0=place.row * HEIGHT,
                y1=(place.row + place.rowspan) * HEIGHT,
            ),
        )
        for place in places
    )
    rows = max(place.row + place.rowspan for place in places)
    return Table(index=index, rows=rows, columns=columns, cells=cells, page=page)


def places_of(block: TableBlock, above: Sequence[str] = ()) -> list[Place]:
    """The cells of a table, with lines over all columns above them."""
    lines = [Place(row, 0, 1, block.grid.width, text) for row, text in enumerate(above)]
    cells = [Place(c.row + len(above), c.column, c.rowspan, c.colspan, c.text) for c in block.grid.cells()]
    return [*lines, *(cell for cell in cells if cell.row < MOST_ROWS)]


def header_of(block: TableBlock) -> int:
    """The rows of the header of the whole table: a section has its own."""
    if block.grid.table == "T10":
        return min(cell.row for cell in block.grid.cells() if cell.kind in FIGURES)
    return block.grid.header_rows


def paragraphs(texts: Sequence[str], page: int) -> list[Block]:
    return [Paragraph(text=text, page=page) for text in texts]


def joined(
    places: list[Place], columns: int, at: int, again: range, between: Sequence[Block] = ()
) -> list[Place] | None:
    """The table cut above row `at`, with the rows `again` on top of the second part, joined; None: it stayed two."""
    upper = [place for place in places if place.row < at]
    repeated = [place.moved(place.row - again.start) for place in places if place.row in again]
    lower = [place.moved(place.row - at + len(again)) for place in places if place.row >= at]
    found = stitch([table_of(upper, columns, 1, 0), *between, table_of([*repeated, *lower], columns, 2, 1)])
    tables = [block for block in found.blocks if isinstance(block, Table)]
    if len(tables) > 1:
        return None
    assert not found.doubts
    return [Place(c.row, c.column, c.rowspan, c.colspan, c.text) for c in tables[0].cells]


def breaks(places: Sequence[Place], first: int) -> list[int]:
    """The rows above which a page break cuts no cell in two."""
    last = max(place.row for place in places)
    return [row for row in range(max(first, 1), last + 1) if not any(p.row < row < p.row + p.rowspan for p in places)]


@pytest.mark.parametrize("layout", [layout.id for layout in LAYOUTS])
def test_every_table_cut_above_any_row_is_one_again(layout: str) -> None:
    for block in report(BY_ID[layout], 1).tables():
        columns, header = block.grid.width, header_of(block)
        above = (block.title, *block.captions)
        own = places_of(block)
        inside = places_of(block, above)
        for at in breaks(own, 1):
            assert joined(own, columns, at, range(0)) == own, (block.title, at)
            continued = paragraphs(["续表"], 2)
            assert joined(own, columns, at, range(0), continued) == own, (block.title, at, "continued")
        for at in breaks(own, header):
            assert joined(own, columns, at, range(header)) == own, (block.title, at, "header again")
        start = len(above)
        for at in breaks(inside, start + max(header, 1)):
            again = range(start, start + header)
            assert joined(inside, columns, at, again) == inside, (block.title, at, "header without title again")


@pytest.mark.parametrize("header", [True, False], ids=["with its header", "alone"])
def test_captions_may_be_repeated(*, header: bool) -> None:
    (block,) = [block for block in report(BY_ID["shanxi"], 2).tables() if block.grid.table == "T10"]
    places = places_of(block)
    captions = (block.title, *block.captions)
    for at in breaks(places, 3):
        again = range(2 if header else 0)
        upper = [place for place in places if place.row < at]
        lower = [place.moved(place.row) for place in places if place.row in again]
        lower += [place.moved(place.row - at + len(again)) for place in places if place.row >= at]
        found = stitch(
            [
                *paragraphs(captions, 1),
                table_of(upper, block.grid.width, 1, 0),
                *paragraphs(captions, 2),
                table_of(lower, block.grid.width, 2, 1),
            ]
        )
        (table,) = [block for block in found.blocks if isinstance(block, Table)]
        assert [cell.text for cell in table.cells] == [place.text for place in places], at


def sheet(rows: Sequence[Sequence[str]], page: int, index: int) -> Table:
    """A table of three columns; a row of one text is one cell."""
    places = [
        Place(row, column, 1, 3 if len(texts) == 1 else 1, text)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    ]
    return table_of(places, 3, page, index)


def rows_of(*tables: Table, between: Sequence[Block] = ()) -> list[list[list[str]]]:
    blocks: list[Block] = [tables[0], *between, *tables[1:]]
    found = stitch(blocks).blocks
    return [
        [[cell.text for cell in block.cells if cell.row == row] for row in range(block.rows)]
        for block in found
        if isinstance(block, Table)
    ]


HEADER = ["项目", "行次", "统计数"]
FIRST = [["一、政府采购情况"], HEADER, ["货物", "1", "6.58"]]
SECOND = [["机关运行经费合计", "2", "15.46"], ["其他", "3", ""]]


def test_the_header_of_a_section_stays_below_its_title() -> None:
    upper = [*FIRST, ["二、机关运行经费"]]
    assert rows_of(sheet(upper, 1, 0), sheet([HEADER, *SECOND], 2, 1)) == [[*upper, HEADER, *SECOND]]


def test_the_header_of_a_section_on_a_later_page_is_repeated() -> None:
    upper = [*FIRST, ["二、机关运行经费"], HEADER, SECOND[0]]
    assert rows_of(sheet(upper, 1, 0), sheet([HEADER, SECOND[1]], 2, 1)) == [[*upper, SECOND[1]]]


def test_the_header_of_a_table_is_repeated_below_the_title_of_a_section_too() -> None:
    upper = [HEADER, ["一、政府采购情况"], ["货物", "1", "6.58"], ["二、机关运行经费"]]
    assert rows_of(sheet(upper, 1, 0), sheet([HEADER, *SECOND], 2, 1)) == [[*upper, *SECOND]]


def test_a_section_that_begins_a_page_goes_on() -> None:
    lower = [["三、国有资产占用情况"], ["车辆数合计", "7", "7"]]
    assert rows_of(sheet(FIRST, 1, 0), sheet(lower, 2, 1)) == [[*FIRST, *lower]]


@pytest.mark.parametrize(
    "title", ["一、政府采购情况", "（三）国有资产占用情况", "三、国有资产占用情况表", "国有资产情况"]
)
def test_a_title_that_is_no_next_section_begins_a_table(title: str) -> None:
    lower = [[title], ["车辆数合计", "7", "7"]]
    assert rows_of(sheet(FIRST, 1, 0), sheet(lower, 2, 1)) == [FIRST, lower]


def test_the_same_title_over_a_table_that_begins_the_same_way_is_another_table() -> None:
    first = [["项目名称", "数字台账", "甲"], ["自评得分", "99", "优"]]
    other = [["项目名称", "线路整治", "乙"], ["自评得分", "98", "优"]]
    title = "项目支出绩效自评情况"
    tables = (sheet(first, 1, 0), sheet(other, 2, 1))
    found = stitch([*paragraphs([title], 1), tables[0], *paragraphs([title], 2), tables[1]])
    assert sum(isinstance(block, Table) for block in found.blocks) == 2


@pytest.mark.parametrize("texts", [["金额单位：万元", "一、政府采购情况"], ["收入 支出"], ["单位：万元", "收入  支出"]])
def test_the_top_of_a_header_that_stayed_on_the_page_before_is_a_doubt(texts: list[str]) -> None:
    found = stitch([*paragraphs(texts, 1), sheet([HEADER, *SECOND], 2, 0)])
    (doubt,) = found.doubts
    assert (doubt.code, doubt.table, doubt.page) == (DoubtCode.UNCLEAR_HEADER, 0, 2)
    assert [block.kind for block in found.blocks] == [*["paragraph"] * len(texts), "table"]


@pytest.mark.parametrize(
    "texts",
    [
        ["收入决算表", "公开02表", "金额单位：万元"],
        ["金额单位：万元", "公开02表"],
        ["单位：万元", "部门：某某局"],
        ["第二部分", "收支总体情况"],
        [],
    ],
)
def test_captions_on_the_page_before_are_no_part_of_a_header(texts: list[str]) -> None:
    assert stitch([*paragraphs(texts, 1), sheet([HEADER, *SECOND], 2, 0)]).doubts == ()
    assert stitch([*paragraphs([*texts, "收入 支出"], 2), sheet([HEADER, *SECOND], 2, 0)]).doubts == ()
