"""Workbooks for the tests of XLSX: made in memory, changed part by part, read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from services.extractor.readers.base import Reading
from services.extractor.readers.xlsx import XlsxReader
from shared.contracts.document import SourceFile, Table

ACCOUNTING = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def content_of(fill: Callable[[Worksheet], None], title: str = "公开02表") -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = title
    fill(book.active)
    return saved(book)


def read(content: bytes) -> Reading:
    return XlsxReader().read(SourceFile(name="表.xlsx", content=content))


def tables_in(reading: Reading) -> list[Table]:
    return [block for block in reading.blocks if isinstance(block, Table)]


def texts_of(table: Table) -> list[list[str]]:
    return [[cell.text if cell else "?" for cell in row] for row in table.grid]


def rewritten(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return buffer.getvalue()


def income(ws: Worksheet) -> None:
    rows = [
        ["收入决算表"],
        [None, None, None, None, "公开02表"],
        ["部门：某局", None, None, None, "金额单位：万元"],
        ["项目", None, "本年收入合计", "财政拨款收入", "其他收入"],
        ["科目代码", "科目名称"],
        [201, "一般公共服务支出", 926.1, 1649.56, 0],
        ["2010301", "行政\n运行", "1,649.56", None, -3],
    ]
    for row in rows:
        ws.append(row)
    for ref in ("A1:E1", "A4:B4", "C4:C5", "D4:D5", "E4:E5"):
        ws.merge_cells(ref)
    ws["C6"].number_format = "0.00"
    ws["D6"].number_format = "#,##0.00"
    ws["E6"].number_format = ACCOUNTING
    ws["E7"].number_format = ACCOUNTING
