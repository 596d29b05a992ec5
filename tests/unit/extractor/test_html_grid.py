"""HTML tables as grids."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from services.extractor.html_grid import Grid, GridCell, lay_out, tile, visible_text
from shared.contracts.errors import Category, InvalidDocument


def grid_of(rows: str) -> Grid:
    return lay_out(html.fragment_fromstring(f"<table>{rows}</table>"))


def places(grid: Grid) -> list[tuple[int, int, int, int, str]]:
    return [(cell.row, cell.column, cell.rowspan, cell.colspan, cell.text) for cell in grid.cells]


def test_spans_push_later_cells_to_the_right() -> None:
    grid = grid_of(
        "<tr><th rowspan=2>编码</th><th colspan=2>本年支出</th></tr><tr><td>基本</td><td>项目</td></tr>"
        "<tr><td>201</td><td>1.00</td><td>2.00</td></tr>"
    )
    assert (grid.rows, grid.columns) == (3, 3)
    assert places(grid) == [
        (0, 0, 2, 1, "编码"),
        (0, 1, 1, 2, "本年支出"),
        (1, 1, 1, 1, "基本"),
        (1, 2, 1, 1, "项目"),
        (2, 0, 1, 1, "201"),
        (2, 1, 1, 1, "1.00"),
        (2, 2, 1, 1, "2.00"),
    ]


def test_spans_past_the_end_are_cut_and_missing_cells_are_blank() -> None:
    grid = grid_of("<tr><td rowspan=9>a<td>b</tr><tr><td>c<td>d</tr><tr></tr>")
    assert places(grid) == [
        (0, 0, 2, 1, "a"),
        (0, 1, 1, 1, "b"),
        (0, 2, 1, 1, ""),
        (1, 1, 1, 1, "c"),
        (1, 2, 1, 1, "d"),
    ]


def test_columns_in_which_no_cell_begins_are_dropped() -> None:
    grid = grid_of("<tr><td colspan=12>标题</td></tr><tr><td colspan=6>甲</td><td colspan=6>1</td></tr>")
    assert grid.columns == 2
    assert places(grid)[0] == (0, 0, 1, 2, "标题")


@pytest.mark.parametrize(("value", "columns"), [("0", 1), ("-3", 1), ("x", 1), ("2px", 2), (" 2", 2), ("", 1)])
def test_odd_span_values_are_read_as_browsers_do(value: str, columns: int) -> None:
    grid = grid_of(f'<tr><td colspan="{value}">a</td></tr><tr><td>b</td><td>c</td></tr>')
    assert grid.cells[0].colspan == columns


def test_hidden_rows_and_cells_are_left_out() -> None:
    grid = grid_of("<tr><td>a</td><td style='DISPLAY : none'>x</td><td>b</td></tr><tr hidden><td>y</td></tr>")
    assert [cell.text for cell in grid.cells] == ["a", "b"]


def test_a_table_inside_a_cell_is_text_of_the_cell() -> None:
    grid = grid_of("<tr><td>a</td><td><table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table></td></tr>")
    assert [cell.text for cell in grid.cells] == ["a", "1 2\n3"]


def test_text_keeps_breaks_and_loses_markup() -> None:
    cell = html.fragment_fromstring(
        "<td><p>公务\n用车<br>购置费&nbsp;</p><p>第 二\n word</p><!-- no --><script>no</script>尾</td>", parser=None
    )
    assert visible_text(cell) == "公务用车\n购置费\n第 二 word\n尾"


def test_too_many_cells_are_refused_at_once() -> None:
    rows = [[GridCell("a", rowspan=65_000, colspan=1_000), GridCell("b")]] * 3_000
    with pytest.raises(InvalidDocument) as error:
        tile(rows)
    assert error.value.category is Category.TOO_LARGE


CELLS = st.builds(GridCell, st.sampled_from(["", "a", "1.00"]), st.integers(0, 4), st.integers(1, 4))


@given(st.lists(st.lists(CELLS, max_size=5), max_size=6))
def test_every_layout_tiles_its_grid(rows: list[list[GridCell]]) -> None:
    grid = tile(rows)
    covered = [
        (cell.row + down, cell.column + right)
        for cell in grid.cells
        for down in range(cell.rowspan)
        for right in range(cell.colspan)
    ]
    assert sorted(covered) == [(row, column) for row in range(grid.rows) for column in range(grid.columns)]
    assert [(cell.row, cell.column) for cell in grid.cells] == sorted((cell.row, cell.column) for cell in grid.cells)
