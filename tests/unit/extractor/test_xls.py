"""XLS: the same sight of a sheet as XLSX, and damage at any byte."""

from __future__ import annotations

import io
import random
from datetime import date

import pytest
import xlwt

from services.extractor.readers.base import Reading
from services.extractor.readers.xls import XlsReader
from shared.contracts.document import DoubtCode, SourceFile, Table
from shared.contracts.errors import Category, InvalidDocument


def _style(code: str) -> xlwt.XFStyle:
    return xlwt.easyxf(num_format_str=code)


def _book() -> xlwt.Workbook:
    book = xlwt.Workbook()
    sheet = book.add_sheet("公开02表")
    sheet.write_merge(0, 0, 0, 4, "收入决算表")
    sheet.write(1, 0, "部门：某局")
    sheet.write(1, 4, "金额单位：万元")
    sheet.write_merge(2, 2, 0, 1, "项目")
    for column, name in enumerate(("本年收入合计", "财政拨款收入", "其他\n收入"), start=2):
        sheet.write_merge(2, 3, column, column, name)
    sheet.write(3, 0, "科目代码")
    sheet.write(3, 1, "科目名称")
    sheet.write(4, 0, 201)
    sheet.write(4, 1, " 一般公共服务支出　")
    sheet.write(4, 2, 926.1, _style("0.00"))
    sheet.write(4, 3, 1649.56, _style("#,##0.00"))
    sheet.write(4, 4, 0, _style('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '))
    sheet.write(5, 1, date(2025, 8, 27), _style('yyyy"年"m"月"d"日"'))
    sheet.write(5, 2, True)
    sheet.write(5, 3, 0.284, _style("0.00%"))
    return book


def _bytes(book: xlwt.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _read(content: bytes) -> Reading:
    return XlsReader().read(SourceFile(name="表.xls", content=content))


def _table(reading: Reading) -> Table:
    (table,) = (block for block in reading.blocks if isinstance(block, Table))
    return table


def test_a_table_with_titles_spans_and_formats() -> None:
    reading = _read(_bytes(_book()))
    table = _table(reading)
    assert (table.rows, table.columns, table.name) == (6, 5, "公开02表")
    assert [[cell.text if cell else "?" for cell in row] for row in table.grid][1:] == [
        ["部门：某局", "", "", "", "金额单位：万元"],
        ["项目", "项目", "本年收入合计", "财政拨款收入", "其他\n收入"],
        ["科目代码", "科目名称", "本年收入合计", "财政拨款收入", "其他\n收入"],
        ["201", "一般公共服务支出", "926.10", "1,649.56", "-"],
        ["", "2025年8月27日", "TRUE", "28.40%", ""],
    ]
    assert {(c.row, c.column): (c.rowspan, c.colspan) for c in table.cells if c.rowspan * c.colspan > 1} == {
        (0, 0): (1, 5), (2, 0): (1, 2), (2, 2): (2, 1), (2, 3): (2, 1), (2, 4): (2, 1),
    }  # fmt: skip
    assert not reading.doubts


def test_hidden_parts_are_skipped_with_a_doubt() -> None:
    book = _book()
    sheet = book.get_sheet(0)
    sheet.row(4).hidden = True
    sheet.col(4).hidden = True
    hidden = book.add_sheet("隐藏")
    hidden.write(0, 0, 1)
    hidden.visibility = 1
    reading = _read(_bytes(book))
    assert (_table(reading).rows, _table(reading).columns) == (5, 4)
    assert [doubt.code for doubt in reading.doubts] == [DoubtCode.SKIPPED_CONTENT] * 2


def test_errors_are_doubts() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write(0, 0, "合计")
    sheet.row(0).set_cell_error(1, "#DIV/0!")
    reading = _read(_bytes(book))
    assert [cell.text for cell in _table(reading).cells] == ["合计", "#DIV/0!"]
    assert [(d.code, d.row, d.column) for d in reading.doubts] == [(DoubtCode.UNREAD_NUMBER, 0, 1)]


def test_zeros_that_the_sheet_does_not_show_are_blank() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    for column, value in enumerate(("合计", 0, 5)):
        sheet.write(0, column, value)
    sheet.show_zero_values = False
    assert [cell.text for cell in _table(_read(_bytes(book))).cells] == ["合计", "", "5"]


def test_a_file_cut_or_changed_anywhere_never_raises_anything_else() -> None:
    whole = _bytes(_book())
    rng = random.Random(5)
    outcomes = set()
    for step in range(250):
        content = bytearray(whole)
        if step % 2:
            for _ in range(8):
                content[rng.randrange(len(content))] = rng.randrange(256)
        else:
            del content[rng.randrange(len(content)) :]
        try:
            outcomes.add(type(_read(bytes(content))).__name__)
        except InvalidDocument as fault:
            outcomes.add(fault.category.value)
    assert Category.DAMAGED.value in outcomes
    assert outcomes <= {"Reading", Category.DAMAGED.value, Category.ENCRYPTED.value, Category.TOO_LARGE.value}


def test_half_a_file_is_damaged() -> None:
    whole = _bytes(_book())
    with pytest.raises(InvalidDocument) as caught:
        _read(whole[: len(whole) // 2])
    assert caught.value.category is Category.DAMAGED


def test_a_password_is_seen() -> None:
    whole = _bytes(_book())
    # A FILEPASS record (0x2F) right after the first BOF of the workbook stream: all that follows is encrypted.
    start = whole.index(b"\x09\x08\x10\x00") + 20
    content = bytearray(whole)
    content[start : start + 4 + 54] = b"\x2f\x00\x36\x00" + b"\x01\x00" + b"\x00" * 52
    with pytest.raises(InvalidDocument) as caught:
        _read(bytes(content))
    assert caught.value.category is Category.ENCRYPTED
