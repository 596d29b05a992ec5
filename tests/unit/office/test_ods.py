"""ODS workbooks: the printed text beside each value, repeated cells and rows, what is hidden, a password."""

from __future__ import annotations

import io
import zipfile

import pytest

from shared.contracts.document import DoubtCode, MediaType
from shared.contracts.errors import Category, InvalidDocument
from tests.unit.office.cells import content_of, read_file, rows

_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
)


def workbook(tables: str, styles: str = "", manifest: str | None = None) -> bytes:
    content = (
        f"<office:document-content {_NAMES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        if manifest is not None:
            archive.writestr("META-INF/manifest.xml", manifest)
    return buffer.getvalue()


def sheet(body: str, attributes: str = 'table:name="公开01表"') -> str:
    return f"<table:table {attributes}>{body}</table:table>"


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def cell(text: str, attributes: str = "") -> str:
    lines = "".join(f"<text:p>{line}</text:p>" for line in text.split("\n"))
    return f"<table:table-cell {attributes}>{lines if text else ''}</table:table-cell>"


def test_what_is_printed_and_not_the_value() -> None:
    document = read_file(
        workbook(
            sheet(
                row(cell("合计<text:s text:c='2'/>（<text:span>元</text:span>）"), cell("一般\n公共"))
                + row(cell("1,234.50", 'office:value-type="float" office:value="1234.5"'), cell("—"))
            )
        )
    )
    assert document.media_type is MediaType.ODS
    assert rows(document) == [["合计  （元）", "一般\n公共"], ["1,234.50", "—"]]
    assert document.doubts == ()


def test_repeated_cells_and_rows_and_spans() -> None:
    tables = sheet(
        row(
            cell("项目", 'table:number-rows-spanned="2"'),
            cell("金额", 'table:number-columns-spanned="2"'),
            "<table:covered-table-cell/>",
        )
        + row("<table:covered-table-cell/>", cell("基本"), cell("项目"))
        + row(cell("0.00", 'table:number-columns-repeated="3"'), attributes='table:number-rows-repeated="2"')
        + row(cell("", 'table:number-columns-repeated="16384"'), attributes='table:number-rows-repeated="1048000"')
    )
    (table,) = content_of(read_file(workbook(tables)))
    assert table[:4] == [(0, 0, 2, 1, "项目"), (0, 1, 1, 2, "金额"), (1, 1, 1, 1, "基本"), (1, 2, 1, 1, "项目")]
    assert table[4:] == [(place, column, 1, 1, "0.00") for place in (2, 3) for column in range(3)]


def test_what_is_hidden_is_left_out_with_a_doubt() -> None:
    line = row(cell("甲"), cell("1"), cell("2"))
    columns = '<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>'
    styles = (
        '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/>'
        "</style:style>"
    )
    tables = sheet(
        columns + line + line.replace("<table:table-row ", '<table:table-row table:visibility="collapse" ') + line
    ) + sheet(line, 'table:name="藏" table:style-name="ta2"')
    document = read_file(workbook(tables, styles))
    assert rows(document) == [["甲", "1"], ["甲", "1"]]
    assert [doubt.code for doubt in document.doubts] == [DoubtCode.SKIPPED_CONTENT] * 2


def test_errors_and_values_without_their_text_are_doubts() -> None:
    bare = '<table:table-cell office:value-type="float" office:value="12.5"/>'
    document = read_file(workbook(sheet(row(cell("甲"), cell("#DIV/0!"), cell("Err:502"), bare))))
    assert rows(document) == [["甲", "#DIV/0!", "Err:502", "12.5"]]
    assert [doubt.column for doubt in document.doubts] == [1, 2, 3]
    assert {doubt.code for doubt in document.doubts} == {DoubtCode.UNREAD_NUMBER}


def test_comments_are_not_text_of_the_cell() -> None:
    noted = (
        "<table:table-cell><office:annotation><text:p>看这里</text:p></office:annotation><text:p>甲</text:p>"
        "</table:table-cell>"
    )
    assert rows(read_file(workbook(sheet(row(noted, cell("1")))))) == [["甲", "1"]]


@pytest.mark.parametrize(
    ("content", "category"),
    [
        (workbook(sheet(row(cell("甲"))), manifest="<m:encryption-data/>"), Category.ENCRYPTED),
        (workbook(sheet("<table:table-row>")), Category.DAMAGED),
        (
            workbook(sheet(row(cell("甲", 'table:number-columns-repeated="9999999"')))),
            Category.TOO_LARGE,
        ),
        (
            workbook(sheet(row(cell("甲"), cell("乙"), attributes='table:number-rows-repeated="9999999"'))),
            Category.TOO_LARGE,
        ),
    ],
    ids=["password", "damaged", "wide", "long"],
)
def test_what_cannot_be_read_is_refused(content: bytes, category: Category) -> None:
    with pytest.raises(InvalidDocument) as caught:
        read_file(content)
    assert caught.value.category is category
