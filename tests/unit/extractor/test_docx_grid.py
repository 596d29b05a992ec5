"""Word tables: spans, rows that start late or end early, slivers, nested tables; compared with a walk of its own."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from lxml import etree

from services.extractor.readers.docx import DocxReader
from services.extractor.word.grid import WordGrid, word_grid
from shared.contracts.document import Cell, SourceFile, Table
from shared.contracts.errors import Category, InvalidDocument

_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W = f'xmlns:w="{_NS}"'


def _tc(text: str = "", properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def _tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def _span(width: int) -> str:
    return f'<w:gridSpan w:val="{width}"/>'


_TOP = '<w:vMerge w:val="restart"/>'
_ON = "<w:vMerge/>"


def _grid(*rows: str, widths: tuple[int, ...] = ()) -> WordGrid:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    table = etree.fromstring(f"<w:tbl {_W}><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>")
    return word_grid(table, lambda cell: "".join(cell.itertext()))


def _shape(grid: WordGrid) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.column, c.rowspan, c.colspan, c.text) for c in grid.cells if c.text or c.rowspan * c.colspan > 1]


def _covers(grid: WordGrid) -> bool:
    """Whether the cells tile the grid."""
    seen: set[tuple[int, int]] = set()
    for cell in grid.cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            for column in range(cell.column, cell.column + cell.colspan):
                if (row, column) in seen:
                    return False
                seen.add((row, column))
    return len(seen) == grid.rows * grid.columns


def test_spans_both_ways() -> None:
    grid = _grid(
        _tr(_tc("项目", _span(2)), _tc("合计", _TOP), _tc("其中", _span(2) + _TOP)),
        _tr(_tc("编码"), _tc("名称"), _tc("藏", _ON), _tc("", _span(2) + _ON)),
        _tr(_tc("201"), _tc("服务"), _tc("1"), _tc("2"), _tc("3")),
    )
    assert (grid.rows, grid.columns) == (3, 5)
    assert _shape(grid) == [
        (0, 0, 1, 2, "项目"), (0, 2, 2, 1, "合计"), (0, 3, 2, 2, "其中"), (1, 0, 1, 1, "编码"), (1, 1, 1, 1, "名称"),
        (2, 0, 1, 1, "201"), (2, 1, 1, 1, "服务"), (2, 2, 1, 1, "1"), (2, 3, 1, 1, "2"), (2, 4, 1, 1, "3"),
    ]  # fmt: skip
    assert _covers(grid)


def test_rows_that_start_late_or_end_early() -> None:
    grid = _grid(
        _tr(_tc("a"), _tc("b"), _tc("c")),
        _tr(_tc("d"), _tc("e"), properties='<w:gridBefore w:val="1"/>'),
        _tr(_tc("f"), properties='<w:gridAfter w:val="2"/>'),
    )
    assert _shape(grid) == [
        (0, 0, 1, 1, "a"), (0, 1, 1, 1, "b"), (0, 2, 1, 1, "c"), (1, 1, 1, 1, "d"), (1, 2, 1, 1, "e"),
        (2, 0, 1, 1, "f"),
    ]  # fmt: skip
    assert Cell(row=1, column=0, text="") in grid.cells
    assert _covers(grid)


def test_a_merge_that_continues_nothing_is_a_cell() -> None:
    grid = _grid(
        _tr(_tc("a", _ON), _tc("b", _span(2) + _TOP)),
        _tr(_tc("c", _ON), _tc("d", _ON), _tc("e", _ON)),
        _tr(_tc("f"), _tc("g", _ON), _tc("h")),
    )
    assert _shape(grid) == [
        (0, 0, 2, 1, "a"), (0, 1, 1, 2, "b"), (1, 1, 2, 1, "d"), (1, 2, 1, 1, "e"),
        (2, 0, 1, 1, "f"), (2, 2, 1, 1, "h"),
    ]  # fmt: skip
    assert _covers(grid)


def test_borders_a_sliver_apart_are_one() -> None:
    grid = _grid(
        _tr(_tc("科目", _span(2)), _tc("金额", _span(1))),
        _tr(_tc("a"), _tc("1", _span(2))),
        widths=(2000, 30, 1500),
    )
    assert (grid.rows, grid.columns) == (2, 2)
    assert _shape(grid) == [(0, 0, 1, 1, "科目"), (0, 1, 1, 1, "金额"), (1, 0, 1, 1, "a"), (1, 1, 1, 1, "1")]


def test_a_narrow_cell_keeps_its_column() -> None:
    grid = _grid(_tr(_tc("a"), _tc("b"), _tc("c")), widths=(2000, 30, 1500))
    assert (grid.rows, grid.columns) == (1, 3)


def test_widths_of_zero_say_nothing() -> None:
    grid = _grid(_tr(_tc("a"), _tc("b"), _tc("c")), _tr(_tc("d", _span(3))), widths=(0, 0, 0))
    assert (grid.rows, grid.columns) == (2, 3)


def test_old_merges_sideways() -> None:
    grid = _grid(
        _tr(_tc("a", '<w:hMerge w:val="restart"/>'), _tc("", "<w:hMerge/>"), _tc("b")), _tr(_tc(), _tc(), _tc("c"))
    )
    assert _shape(grid)[:2] == [(0, 0, 1, 2, "a"), (0, 2, 1, 1, "b")]


def test_absurd_spans_are_cut_or_refused() -> None:
    assert _grid(_tr(_tc("a", _span(10**9)), _tc("b"))).columns == 1
    assert _grid(_tr(_tc("a", _span(-5)), _tc("b", '<w:gridSpan w:val="x"/>'))).columns == 2
    wide = _tr(*[_tc("1")] * 1_024)
    with pytest.raises(InvalidDocument) as caught:
        _grid(wide, *[_tr(_tc("a"))] * 2_000)
    assert caught.value.category is Category.TOO_LARGE


def test_no_rows_make_no_table() -> None:
    assert _grid() == WordGrid(0, 0, [])
    assert _grid("<w:tr/>") == WordGrid(0, 0, [])


def _read(document: docx.document.Document) -> tuple[Table, ...]:
    buffer = io.BytesIO()
    document.save(buffer)
    blocks = DocxReader().read(SourceFile(name="a.docx", content=buffer.getvalue())).blocks
    return tuple(block for block in blocks if isinstance(block, Table))


def test_line_breaks_and_blanks_in_cells() -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).text = "一般公共\n预算"
    table.cell(0, 0).add_paragraph("　财政拨款 ")
    table.cell(0, 0).add_paragraph("")
    table.cell(1, 0).text = " 　"
    table.cell(1, 1).text = "0.00"
    (found,) = _read(document)
    assert [cell.text for cell in found.cells] == ["一般公共\n预算\n财政拨款", "", "", "0.00"]


def test_a_frame_is_opened_and_other_inner_tables_follow() -> None:
    document = docx.Document()
    frame = document.add_table(rows=1, cols=1).cell(0, 0)
    frame.text = "收入决算表"
    inner = frame.add_table(rows=1, cols=2)
    inner.cell(0, 0).text = "a"
    inner.cell(0, 1).text = "1"
    outer = document.add_table(rows=1, cols=2)
    outer.cell(0, 0).text = "外"
    nested = outer.cell(0, 1).add_table(rows=1, cols=2)
    nested.cell(0, 0).text = "内"
    nested.cell(0, 1).text = "2"
    assert [[cell.text for cell in table.cells] for table in _read(document)] == [["a", "1"], ["外", ""], ["内", "2"]]


def test_a_running_number_column_is_printed() -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=2)
    for row in table.rows:
        row.cells[0].paragraphs[0].style = "List Number"
        row.cells[1].text = "甲"
    assert [cell.text for cell in _read(document)[0].cells] == ["1.", "甲", "2.", "甲"]


def test_every_cell_agrees_with_the_xml_as_it_stands() -> None:
    document = docx.Document()
    for size in range(2, 7):
        table = document.add_table(rows=size + 2, cols=size)
        for row in range(size + 2):
            for column in range(size):
                table.cell(row, column).text = f"{size}-{row}-{column}" if (row + column) % 3 else ""
        table.cell(0, 0).merge(table.cell(1, 1))
        table.cell(2, size - 1).merge(table.cell(3, size - 1))
    buffer = io.BytesIO()
    document.save(buffer)
    root = etree.fromstring(zipfile.ZipFile(buffer).read("word/document.xml"))
    tables = _read(document)
    assert len(tables) == 5
    for table, element in zip(tables, root.iter(f"{{{_NS}}}tbl"), strict=True):
        printed = [
            "".join(cell.itertext())
            for cell in element.iter(f"{{{_NS}}}tc")
            if (merge := cell.find(f"{{{_NS}}}tcPr/{{{_NS}}}vMerge")) is None or merge.get(f"{{{_NS}}}val") == "restart"
        ]
        assert [cell.text.replace("\n", "") for cell in table.cells] == printed
        assert sum(cell.rowspan * cell.colspan for cell in table.cells) == table.rows * table.columns
