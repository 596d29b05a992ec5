"""All tables stacked in one sheet; titles that leave out 决算."""

from __future__ import annotations

import io

import openpyxl  # type: ignore[import-untyped]
import pytest

from shared.contracts.report import Report
from tests.unit.layouts import test_provinces as provinces
from tests.unit.layouts.pages import Sheet, assert_sound, read, report_of

COVER = "平山区第三中学2023年度单位决算"
NAMES = (
    ("部门收支总表", provinces.T01),
    ("部门收入总表", provinces.T02),
    ("部门支出总表", provinces.T03),
    ("财政拨款收支总表", provinces.T04),
    ("一般公共预算支出表", provinces.T05),
    ("一般公共预算基本支出表", provinces.T06),
    ("政府性基金预算支出表", provinces.FUND),
    ("国有资本经营预算支出表", provinces.STATE),
    ("一般公共预算“三公”经费支出表", provinces.THREE),
)


def assert_nine(report: Report) -> None:
    """T01 to T09 in order, every amount found, nothing wrong."""
    assert [table.id for table in report.tables] == [f"T0{number}" for number in range(1, 10)]
    for table, drawing in provinces.WANTED.items():
        assert sum(1 for fact in report.facts if fact.table == table) == provinces.amounts(drawing), table
    assert_sound(report)


@pytest.mark.parametrize("form", ["html", "txt", "docx", "xls"])
def test_titles_without_the_word(form: str) -> None:
    """The names of the budget forms, in a document that says 决算 on its cover."""
    assert_nine(report_of([COVER, *(Sheet((title, "单位：万元"), drawing) for title, drawing in NAMES)], form))


@pytest.mark.parametrize("gap", [0, 1, 3])
def test_all_tables_in_one_sheet(gap: int) -> None:
    """Nine tables of different widths below one another, each with captions above and a note below."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = COVER
    top = 3
    for title, drawing in NAMES:
        drawn = Sheet((), drawing)
        sheet.cell(top, 1, title)
        sheet.cell(top + 1, 1, "部门：平山区第三中学")
        sheet.cell(top + 1, 4, "单位：万元")
        for row, column, down, right, text in drawn.cells():
            first, left = top + 2 + row, column + 1
            sheet.cell(first, left, text or None)
            if down > 1 or right > 1:
                sheet.merge_cells(None, first, left, first + down - 1, left + right - 1)
        top += 2 + len(drawn.rows)
        sheet.cell(top, 1, "注：本表反映本年度情况。")
        top += 1 + gap
    buffer = io.BytesIO()
    book.save(buffer)
    assert_nine(read(buffer.getvalue(), "决算.xlsx"))
