"""XLSX: sheets that claim to be larger than what is in them, and sheets that are too large."""

from __future__ import annotations

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from services.extractor.sheets import sheet as sheets
from shared.contracts.errors import Category, InvalidDocument
from tests.unit.extractor.xlsx_kit import content_of, income, read, rewritten, tables_in, texts_of


def test_rows_formatted_to_the_end_of_the_sheet_cost_nothing() -> None:
    rows = "".join(f'<row r="{n}" s="1" customFormat="1"><c r="A{n}" s="0"/></row>' for n in range(3, 200_000))

    def fill(ws: Worksheet) -> None:
        ws.append(["合计", 1])
        ws.append(["其他", 2])

    content = rewritten(
        content_of(fill),
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(b"</sheetData>", rows.encode() + b"</sheetData>"),
    )
    (table,) = tables_in(read(content))
    assert (table.rows, table.columns) == (2, 2)


def test_a_merge_over_whole_columns_is_cut_to_what_is_used() -> None:
    def fill(ws: Worksheet) -> None:
        ws.append(["标题", None, 5])
        ws.append(["甲", 1, 2])

    content = rewritten(
        content_of(fill),
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(
            b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="C1:XFD1048576"/></mergeCells>'
        ),
    )
    (table,) = tables_in(read(content))
    assert texts_of(table) == [["标题", "", "5"], ["甲", "1", "5"]]


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_SHEET_CELLS", 10)
    with pytest.raises(InvalidDocument) as caught:
        read(content_of(income))
    assert caught.value.category is Category.TOO_LARGE


def test_a_lone_cell_far_away_does_not_blow_up_the_grid() -> None:
    def fill(ws: Worksheet) -> None:
        ws.append(["甲", 1])
        for row in range(2, 60):
            ws.cell(row, 1, "乙")
            ws.cell(row, 2, 1)
        ws["XFD30"] = "远"

    with pytest.raises(InvalidDocument) as caught:
        read(content_of(fill))
    assert caught.value.category is Category.TOO_LARGE
