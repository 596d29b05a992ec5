"""XLSX: every cell as it is printed, spans, hidden parts, several tables on a sheet, damage."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from shared.contracts.document import DoubtCode, Heading, Paragraph
from shared.contracts.errors import Category, InvalidDocument
from tests.unit.extractor.xlsx_kit import content_of, income, read, rewritten, saved, tables_in, texts_of


def test_a_table_with_titles_spans_and_formats() -> None:
    reading = read(content_of(income))
    (table,) = tables_in(reading)
    assert (table.rows, table.columns, table.name) == (7, 5, "公开02表")
    assert texts_of(table)[2:] == [
        ["部门：某局", "", "", "", "金额单位：万元"],
        ["项目", "项目", "本年收入合计", "财政拨款收入", "其他收入"],
        ["科目代码", "科目名称", "本年收入合计", "财政拨款收入", "其他收入"],
        ["201", "一般公共服务支出", "926.10", "1,649.56", "-"],
        ["2010301", "行政\n运行", "1,649.56", "", "-3.00"],
    ]
    spans = {
        (cell.row, cell.column): (cell.rowspan, cell.colspan) for cell in table.cells if cell.rowspan * cell.colspan > 1
    }
    assert spans == {(0, 0): (1, 5), (3, 0): (1, 2), (3, 2): (2, 1), (3, 3): (2, 1), (3, 4): (2, 1)}
    assert sum(cell.rowspan * cell.colspan for cell in table.cells) == 35
    assert not reading.doubts


def test_stacked_tables_are_cut_at_their_titles() -> None:
    def fill(ws: Worksheet) -> None:
        for title, number in (("收入决算表", "公开02表"), ("支出决算表（续）", "公开03表")):
            ws.append([None, None, number])
            ws.append([title])
            ws.append(["科目", "合计", "其他"])
            ws.append(["201", 1.5, 2])
            ws.append(["注：本表反映收入决算表"])
            ws.append([])

    tables = tables_in(read(content_of(fill)))
    assert [table.index for table in tables] == [0, 1]
    assert [texts_of(table)[1][0] for table in tables] == ["收入决算表", "支出决算表（续）"]
    assert [texts_of(table)[0][2] for table in tables] == ["公开02表", "公开03表"]
    assert texts_of(tables[0])[-1] == ["注：本表反映收入决算表", "", ""]


def test_a_title_may_share_its_row_with_captions() -> None:
    def fill(ws: Worksheet) -> None:
        for title, number in (("收入决算表", "公开02表"), ("支出决算表", "公开03表")):
            ws.append([title, None, number, "金额单位：万元"])
            ws.append(["科目", "合计", "其他", "备注"])
            ws.append(["201", 1.5, 2, "见附表"])

    assert [texts_of(table)[0][0] for table in tables_in(read(content_of(fill)))] == ["收入决算表", "支出决算表"]


def test_far_apart_is_another_table() -> None:
    def fill(ws: Worksheet) -> None:
        ws.append(["甲", 1])
        ws["A1048576"] = "乙"
        ws["B1048576"] = 2

    assert [texts_of(table) for table in tables_in(read(content_of(fill)))] == [[["甲", "1"]], [["乙", "2"]]]


def test_a_sheet_without_a_table_is_text() -> None:
    def fill(ws: Worksheet) -> None:
        ws["B2"] = "2024年度部门决算"
        ws["B4"] = "第一部分 概况"
        ws["A5"] = "负责全部工作。\n负责其他工作。"

    blocks = read(content_of(fill)).blocks
    assert blocks == (
        Paragraph(text="2024年度部门决算"),
        Heading(text="第一部分 概况", level=1),
        Paragraph(text="负责全部工作。"),
        Paragraph(text="负责其他工作。"),
    )


def test_hidden_rows_columns_and_sheets_are_skipped_with_a_doubt() -> None:
    book = openpyxl.Workbook()
    ws = book.active
    assert ws is not None
    for row in (["项目", "甲", "乙"], ["a", 1, 2], ["b", 3, 4], ["c", 5, 6]):
        ws.append(row)
    ws.merge_cells("A3:A4")
    ws.row_dimensions[3].hidden = True
    ws.column_dimensions["B"].hidden = True
    ws.column_dimensions["F"].hidden = True
    secret = book.create_sheet("隐藏")
    secret["A1"] = 1
    secret.sheet_state = "veryHidden"
    book.create_sheet("空").sheet_state = "hidden"
    reading = read(saved(book))
    (table,) = tables_in(reading)
    assert texts_of(table) == [["项目", "乙"], ["a", "2"], ["b", "6"]]
    assert [doubt.code for doubt in reading.doubts] == [DoubtCode.SKIPPED_CONTENT] * 2
    assert "5" in reading.doubts[0].text.zh


def test_formulas_without_value_and_errors_are_doubts() -> None:
    def fill(ws: Worksheet) -> None:
        ws.append(["合计", "=SUM(C1:C2)", 3])
        ws.append(["其他", "#REF!", 4])

    reading = read(content_of(fill))
    (table,) = tables_in(reading)
    assert texts_of(table) == [["合计", "", "3"], ["其他", "#REF!", "4"]]
    assert [(d.code, d.table, d.row, d.column) for d in reading.doubts] == [
        (DoubtCode.UNREAD_NUMBER, 0, 0, 1),
        (DoubtCode.UNREAD_NUMBER, 0, 1, 1),
    ]
    assert [cell.doubts for cell in table.cells if cell.doubts] == [(DoubtCode.UNREAD_NUMBER,)] * 2


def test_a_calculated_formula_is_its_value() -> None:
    content = content_of(lambda ws: ws.append(["合计", "=1+2", 3]))
    content = rewritten(
        content,
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(b"<v></v>", b"<v>3.5</v>").replace(b"<v />", b"<v>3.5</v>"),
    )
    assert texts_of(tables_in(read(content))[0]) == [["合计", "3.5", "3"]]


def test_dates_percents_booleans_and_escapes() -> None:
    def fill(ws: Worksheet) -> None:
        ws.append([date(2025, 8, 27), 0.284, True, "a_x000D_\nb", " 　合计 "])
        ws["A1"].number_format = 'yyyy"年"m"月"d"日"'
        ws["B1"].number_format = "0.00%"

    (table,) = tables_in(read(content_of(fill)))
    assert texts_of(table) == [["2025年8月27日", "28.40%", "TRUE", "a\nb", "合计"]]


def test_zeros_that_the_sheet_does_not_show_are_blank() -> None:
    def fill(ws: Worksheet) -> None:
        ws.append(["合计", 0, 1])
        ws.sheet_view.showZeros = False

    assert texts_of(tables_in(read(content_of(fill)))[0]) == [["合计", "", "1"]]


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def _by_hand(rows: str, strings: str) -> bytes:
    """A workbook as Excel writes it, with shared strings and without styles; openpyxl may write strings into cells."""
    relation = '<Relationship Id="{id}" Type="' + _OFFICE + '/{kind}" Target="{target}"/>'
    workbook = relation.format(id="r1", kind="worksheet", target="/xl/worksheets/s.xml") + relation.format(
        id="r2", kind="sharedStrings", target="sharedStrings.xml"
    )
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}">'
        + relation.format(id="r1", kind="officeDocument", target="xl/workbook.xml")
        + "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="公开01表" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}">{workbook}</Relationships>',
        "xl/worksheets/s.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{strings}</sst>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


_TWO = "<si><r><t>一般</t></r><r><t>公共</t></r><rPh><t>yiban</t></rPh></si><si><t>乙</t></si>"


def test_shared_strings_in_runs_without_their_phonetic_guide() -> None:
    content = _by_hand('<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="b"><v>0</v></c></row>', _TWO)
    (table,) = tables_in(read(content))
    assert texts_of(table) == [["一般公共", "乙", "FALSE"]]
    assert table.name == "公开01表"


def test_cells_without_a_place_follow_each_other() -> None:
    content = _by_hand(
        '<row><c t="s"><v>1</v></c><c r="C1"><v>5</v></c><c><v>6</v></c></row><row r="3"><c><v>7</v></c></row>', _TWO
    )
    assert texts_of(tables_in(read(content))[0]) == [["乙", "", "5", "6"], ["", "", "", ""], ["7", "", "", ""]]


@pytest.mark.parametrize(
    ("rows", "strings"),
    [
        ('<row><c t="s"><v>2</v></c></row>', _TWO),
        ('<row><c t="s"><v>x</v></c></row>', _TWO),
        ("<row>", _TWO),
        ('<row><c t="s"><v>0</v></c></row>', "<si>"),
    ],
)
def test_parts_that_contradict_each_other_are_damage(rows: str, strings: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        read(_by_hand(rows, strings))
    assert caught.value.category is Category.DAMAGED


def test_strict_workbooks_are_the_same() -> None:
    content = content_of(income)
    for part in (
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
        "_rels/.rels",
    ):
        content = rewritten(
            content,
            part,
            lambda data: data.replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            ).replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                b"http://purl.oclc.org/ooxml/officeDocument/relationships",
            ),
        )
    assert texts_of(tables_in(read(content))[0]) == texts_of(tables_in(read(content_of(income)))[0])


def test_odd_styles_do_no_harm() -> None:
    styles = f'<styleSheet xmlns="{_MAIN}"><fonts count="x"><font><sz val="?"/></font></fonts></styleSheet>'
    content = rewritten(content_of(income), "xl/styles.xml", lambda _: styles.encode())
    assert texts_of(tables_in(read(content))[0])[5] == ["201", "一般公共服务支出", "926.1", "1649.56", "0"]


def test_values_agree_with_openpyxl() -> None:
    book = openpyxl.load_workbook(io.BytesIO(content_of(income)))
    expected = {
        (c.row - 1, c.column - 1): c.value for row in book.worksheets[0].iter_rows() for c in row if c.value is not None
    }
    (table,) = tables_in(read(content_of(income)))
    found = {(cell.row, cell.column): cell.text for cell in table.cells if cell.text}
    assert found.keys() == expected.keys()
    texts = {place: value for place, value in expected.items() if isinstance(value, str)}
    assert {place: found[place] for place in texts} == texts


def test_a_file_cut_anywhere_is_damaged() -> None:
    content = content_of(income)
    for end in [*range(0, len(content), 97), len(content) - 1]:
        with pytest.raises(InvalidDocument) as caught:
            read(content[:end])
        assert caught.value.category is Category.DAMAGED


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/worksheets/sheet1.xml", b"</sheetData>", b""),
        ("xl/workbook.xml", b"<sheets>", b"<!DOCTYPE x><sheets>"),
    ],
)
def test_broken_parts_are_damage(part: str, old: bytes, new: bytes) -> None:
    content = rewritten(content_of(income), part, lambda data: data.replace(old, new))
    with pytest.raises(InvalidDocument) as caught:
        read(content)
    assert caught.value.category is Category.DAMAGED


def test_odd_numbers_are_doubts_not_crashes() -> None:
    content = rewritten(
        content_of(lambda ws: ws.append([1, 2, 3])),
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(b"<v>1</v>", b"<v>x1</v>").replace(b"<v>2</v>", b"<v>1E999</v>"),
    )
    reading = read(content)
    assert texts_of(tables_in(reading)[0]) == [["x1", "1E999", "3"]]
    assert len(reading.doubts) == 2


def test_a_sheet_of_nothing_but_pictures_is_a_doubt() -> None:
    book = openpyxl.Workbook()
    book.active.title = "扫描"
    book.create_sheet("公开01表").append(["合计", 1])
    buffer = io.BytesIO(saved(book))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(buffer, "a") as archive:
        for part, name, target in (
            ("worksheets/_rels/sheet1.xml.rels", "drawing", "../drawings/d1.xml"),
            ("worksheets/_rels/sheet2.xml.rels", "drawing", "../drawings/d1.xml"),
            ("drawings/_rels/d1.xml.rels", "image", "../media/i1.png"),
        ):
            relation = f'<Relationship Id="rId1" Type="{kind}/{name}" Target="{target}"/>'
            archive.writestr(f"xl/{part}", f'<Relationships xmlns="{_RELATIONS}">{relation}</Relationships>')
        archive.writestr("xl/drawings/d1.xml", "<wsDr/>")
        archive.writestr("xl/media/i1.png", b"")
    (doubt,) = read(buffer.getvalue()).doubts
    assert doubt.code is DoubtCode.SKIPPED_CONTENT
    assert "扫描" in doubt.text.zh
