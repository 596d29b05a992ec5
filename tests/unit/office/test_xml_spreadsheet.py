"""XML spreadsheets of 2003: places, spans, number formats and dates as printed; what is hidden, what is odd."""

from __future__ import annotations

import pytest

from services.extractor.sheets import sheet as sheets
from shared.contracts.document import DoubtCode, MediaType, Table
from shared.contracts.errors import Category, InvalidDocument
from tests.unit.office.cells import content_of, read_file, rows

_STYLES = """
<Style ss:ID="Default" ss:Name="Normal"><NumberFormat/></Style>
<Style ss:ID="money"><NumberFormat ss:Format="Standard"/></Style>
<Style ss:ID="bold" ss:Parent="money"><Font ss:Bold="1"/></Style>
<Style ss:ID="dash"><NumberFormat ss:Format="_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * &quot;-&quot;??_ ;_ @_ "/></Style>
<Style ss:ID="day"><NumberFormat ss:Format="Short Date"/></Style>
<Style ss:ID="share"><NumberFormat ss:Format="Percent"/></Style>
"""


def book(sheets: str, encoding: str = "utf-8", declared: str = "UTF-8") -> bytes:
    return (
        f'<?xml version="1.0" encoding="{declared}"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:x="urn:schemas-microsoft-com:office:excel"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:html="http://www.w3.org/TR/REC-html40">'
        f"<Styles>{_STYLES}</Styles>{sheets}</Workbook>"
    ).encode(encoding)


def sheet(body: str, name: str = "公开01表", after: str = "") -> str:
    return f'<Worksheet ss:Name="{name}"><Table>{body}</Table>{after}</Worksheet>'


def cell(value: str, kind: str = "String", attributes: str = "") -> str:
    return f'<Cell {attributes}><Data ss:Type="{kind}">{value}</Data></Cell>'


def test_numbers_look_as_their_styles_say() -> None:
    values = [
        ("1234567.8", "Number", "money", "1,234,567.80"),
        ("-3.456", "Number", "bold", "-3.46"),
        ("0", "Number", "dash", "-"),
        ("926.1", "Number", "Default", "926.1"),
        ("0.1234", "Number", "share", "12.34%"),
        ("2024-03-05T00:00:00.000", "DateTime", "day", "2024/3/5"),
        ("1", "Boolean", "Default", "TRUE"),
        ("合计&#10;（元）", "String", "Default", "合计\n（元）"),
    ]
    row = "".join(cell(value, kind, f'ss:StyleID="{style}"') for value, kind, style, _ in values)
    document = read_file(book(sheet(f"<Row>{row}</Row>")), "a.xls")
    assert document.media_type is MediaType.XML_SPREADSHEET
    assert rows(document) == [[printed for *_, printed in values]]
    assert document.doubts == ()


def test_a_cell_has_the_style_of_its_row_and_that_of_its_column() -> None:
    five, day = cell("5", "Number"), cell("5", "Number", 'ss:StyleID="day"')
    columns = '<Column ss:Index="2" ss:Span="1" ss:StyleID="money"/>'
    body = f"{columns}<Row>{five * 3}</Row><Row ss:StyleID='share'>{cell('甲')}{five}{day}</Row>"
    assert rows(read_file(book(sheet(body)))) == [["5", "5.00", "5.00"], ["甲", "500.00%", "1900/1/5"]]


def test_places_and_merged_cells() -> None:
    down, across = cell("项目", attributes='ss:MergeDown="1"'), cell("金额", attributes='ss:MergeAcross="1"')
    second, third = cell("基本", attributes='ss:Index="2"'), cell("1", "Number", 'ss:Index="3"')
    body = f"<Row>{down}{across}</Row><Row>{second}{cell('项目')}</Row><Row ss:Index='4'>{cell('甲')}{third}</Row>"
    (table,) = content_of(read_file(book(sheet(body))))
    assert [entry for entry in table if entry[4]] == [
        (0, 0, 2, 1, "项目"),
        (0, 1, 1, 2, "金额"),
        (1, 1, 1, 1, "基本"),
        (1, 2, 1, 1, "项目"),
        (3, 0, 1, 1, "甲"),
        (3, 2, 1, 1, "1"),
    ]


def test_a_place_that_is_none_is_the_first() -> None:
    first = cell("甲", attributes='ss:Index="0"')
    body = f"<Row ss:Index='0'>{first}{cell('1')}</Row>"
    assert rows(read_file(book(sheet(body)))) == [["甲", "1"]]


def test_text_in_runs_of_html_is_text() -> None:
    rich = (
        '<Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>合<I>计</I></B>数</ss:Data></Cell>'
    )
    assert rows(read_file(book(sheet(f"<Row>{rich}{cell('1', 'Number')}</Row>")))) == [["合计数", "1"]]


def test_what_is_hidden_is_left_out_with_a_doubt() -> None:
    line = f"<Row>{cell('甲')}{cell('1', 'Number')}{cell('2', 'Number')}</Row>"
    hidden = (
        f"<Worksheet ss:Name='藏'><Table>{line}</Table><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible>"
        "</x:WorksheetOptions></Worksheet>"
    )
    unseen = line.replace("<Row>", "<Row ss:Hidden='1'>")
    body = f"<Column ss:Index='3' ss:Hidden='1'/>{line}{unseen}{line}"
    document = read_file(book(sheet(body) + hidden))
    assert rows(document) == [["甲", "1"], ["甲", "1"]]
    assert [doubt.code for doubt in document.doubts] == [DoubtCode.SKIPPED_CONTENT] * 2


def test_zeros_that_the_sheet_does_not_show_are_blank() -> None:
    options = "<x:WorksheetOptions><x:DoNotDisplayZeros/></x:WorksheetOptions>"
    body = f"<Row>{cell('甲')}{cell('0', 'Number')}{cell('2', 'Number')}</Row>"
    assert rows(read_file(book(sheet(body, after=options)))) == [["甲", "", "2"]]


def test_errors_and_formulas_without_a_value_are_doubts() -> None:
    body = f"<Row>{cell('甲')}{cell('#REF!', 'Error')}<Cell ss:Formula='=R1C1'/>{cell('x', 'Number')}</Row>"
    document = read_file(book(sheet(body)))
    assert rows(document) == [["甲", "#REF!", "", "x"]]
    assert [(doubt.code, doubt.column) for doubt in document.doubts] == [
        (DoubtCode.UNREAD_NUMBER, 1),
        (DoubtCode.UNREAD_NUMBER, 2),
        (DoubtCode.UNREAD_NUMBER, 3),
    ]


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("gb18030", "GB2312"), ("gb18030", "UTF-8"), ("utf-8", "gb2312"), ("utf-16", "UTF-16"), ("utf-8-sig", "UTF-8")],
)
def test_the_encoding_may_be_another_than_is_declared(encoding: str, declared: str) -> None:
    content = book(sheet(f"<Row>{cell('部门决算')}{cell('1', 'Number')}</Row>"), encoding, declared)
    assert rows(read_file(content)) == [["部门决算", "1"]]


def test_the_sheet_gives_the_table_its_name() -> None:
    line = f"<Row>{cell('甲')}{cell('1', 'Number')}</Row>"
    document = read_file(book(sheet(line, "公开01表") + sheet(line, "公开&amp;02表")))
    assert [block.name for block in document.blocks if isinstance(block, Table)] == ["公开01表", "公开&02表"]


@pytest.mark.parametrize(
    ("content", "category"),
    [
        (book(sheet(f"<Row>{cell('甲')}"))[:-200], Category.DAMAGED),
        (b'<!DOCTYPE x [<!ENTITY a "b">]>' + book(sheet(f"<Row>{cell('甲')}</Row>"))[90:], Category.DAMAGED),
        (book(sheet("<Row>" + cell("1", "Number") * 101 + "</Row>")), Category.TOO_LARGE),
        (book(sheet('<Column ss:Span="9999999"/><Row/>')), Category.TOO_LARGE),
    ],
    ids=["cut", "entities", "wide", "columns"],
)
def test_what_cannot_be_read_is_refused(content: bytes, category: Category, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_SHEET_CELLS", 100)
    with pytest.raises(InvalidDocument) as caught:
        read_file(content)
    assert caught.value.category is category
