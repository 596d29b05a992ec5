"""Parts of a table that were cut at page breaks are one table again; different tables stay apart."""

from __future__ import annotations

from services.extractor.word.joined import join_parts
from shared.contracts.document import Block, Cell, Paragraph, Table

_HEAD = ["科目编码", "科目名称", "合计", "基本支出"]


def _table(index: int, *rows: list[str]) -> Table:
    cells = tuple(Cell(row=r, column=c, text=text) for r, row in enumerate(rows) for c, text in enumerate(row))
    return Table(index=index, rows=len(rows), columns=len(rows[0]), cells=cells)


def _texts(blocks: tuple[Block, ...]) -> list[list[list[str]]]:
    return [
        [[cell.text if cell else "?" for cell in row] for row in block.grid]
        for block in blocks
        if isinstance(block, Table)
    ]


_FIRST = ["201", "一般公共服务支出", "5.00", "5.00"]
_SECOND = ["20103", "政府办公厅", "3.00", "3.00"]
_THIRD = ["2010301", "行政运行", "2.00", "2.00"]


def test_parts_with_and_without_a_repeated_head_are_joined() -> None:
    joined = join_parts([_table(0, _HEAD, _FIRST), _table(1, _SECOND), _table(2, _HEAD, _THIRD)])
    assert _texts(joined.blocks) == [[_HEAD, _FIRST, _SECOND, _THIRD]]
    assert not joined.doubts
    assert all(block.page is None for block in joined.blocks)


def test_text_between_keeps_tables_apart() -> None:
    blocks = [_table(0, _HEAD, _FIRST), Paragraph(text="支出决算表"), _table(1, _HEAD, _SECOND)]
    assert len(_texts(join_parts(blocks).blocks)) == 2


def test_a_title_or_another_head_in_the_grid_keeps_tables_apart() -> None:
    titled = _table(
        1, ["支出决算表", "", "", ""], ["", "", "", "公开03表"], ["部门：某局", "", "", "万元"], _HEAD, _SECOND
    )
    other = _table(2, ["科目编码", "科目名称", "本年收入", "年末结转"], _THIRD)
    assert len(_texts(join_parts([_table(0, _HEAD, _FIRST), titled, other]).blocks)) == 3


def test_other_columns_keep_tables_apart() -> None:
    assert len(_texts(join_parts([_table(0, _HEAD, _FIRST), _table(1, ["202", "外交支出", "1.00"])]).blocks)) == 2


def test_nothing_is_nothing() -> None:
    assert join_parts([]).blocks == ()
