"""Word and Excel in their old and new forms, and what others call a spreadsheet."""

from __future__ import annotations

import struct

from tests.fuzz.damage import packed
from tests.fuzz.monsters.kit import OFFICE, Monster, away, docx, external, laughs, linked, xlsx

_RUN = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
_ROW = "<sheetData><row>{}</row></sheetData>"
_INLINE = "<c t='inlineStr'><is><t>{}</t></is></c>"
_2003 = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
_ODS = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
_RTF = r"{\rtf1\ansi "


def _nested_tables(times: int) -> bytes:
    return docx("<w:tbl><w:tr><w:tc>" * times + _RUN.format(1) + "</w:tc></w:tr></w:tbl>" * times)


def _word_cell(properties: str, before: str = "") -> bytes:
    cell = f"<w:tc><w:tcPr>{properties}</w:tcPr>{_RUN.format(1)}</w:tc>"
    return docx(f"<w:tbl><w:tr><w:trPr>{before}</w:trPr>{cell}</w:tr></w:tbl>")


def _word_linked(port: int) -> bytes:
    rels = linked(8, "aFChunk", port) + linked(9, "attachedTemplate", port) + linked(7, "image", port)
    return docx(_RUN.format("决算") + '<w:altChunk r:id="r8"/>', rels=rels)


def _own_style() -> bytes:
    return docx(_RUN.format(1), rels=f'<Relationship Id="r1" Type="{OFFICE}/styles" Target="document.xml"/>')


def _sheet_of(rows: int, columns: int) -> str:
    row = "<c><v>1.5</v></c>" * columns
    return f"<sheetData>{f'<row>{row}</row>' * rows}</sheetData>"


def _far_corner() -> bytes:
    first = '<row r="1"><c r="A1"><v>1</v></c></row>'
    return xlsx(f'<sheetData>{first}<row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData>')


def _merged() -> bytes:
    cells = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
    everything = '<mergeCell ref="A1:XFD1048576"/>' * 1000
    return xlsx(f"{cells}<mergeCells>{everything}</mergeCells>")


def _endless_numbers() -> bytes:
    return xlsx(_ROW.format("".join(f"<c><v>{value}</v></c>" for value in ("1e999", "nan", "9e307", "-", "1e-400"))))


def _long_string() -> bytes:
    return xlsx(_ROW.format("<c t='s'><v>0</v></c>"), strings=f"<si><t>{'决' * 20_000_000}</t></si>")


def _looping_sectors() -> bytes:
    head = struct.pack("<HHHHH6xLLLLLLLLLL", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 0, 0, 4096, 0, 1, 0, 1, 0)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + head + struct.pack("<109L", *([0] * 109)) + bytes(1024)


def _sheet_2003(row: str, cell: str, text: str, head: str = "") -> bytes:
    data = f'<Row {row}><Cell {cell}><Data ss:Type="String">{text}</Data></Cell></Row>'
    table = f'<Worksheet ss:Name="a"><Table>{data}</Table></Worksheet>'
    return f'<?xml version="1.0"?>{head}<Workbook {_2003}>{table}</Workbook>'.encode()


def _repeated_cells() -> bytes:
    cell = '<table:table-cell table:number-columns-repeated="2000000000"><text:p>1</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="2000000000">{cell}</table:table-row>'
    body = f'<office:spreadsheet><table:table table:name="a">{row}</table:table></office:spreadsheet>'
    content = f"<office:document-content {_ODS}><office:body>{body}</office:body></office:document-content>"
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return packed({"mimetype": kind, "content.xml": content.encode()})


def _rtf_picture(port: int) -> bytes:
    field = r"{\*\fldinst INCLUDEPICTURE " + f'"{away(port)}"' + "}"
    return (_RTF + r"{\field" + field + r"{\fldrslt 1}}}").encode()


OFFICE_FILES: tuple[Monster, ...] = (
    Monster("笑.docx", lambda _: docx(_RUN.format("&l11;"), head=laughs())),
    Monster("外部实体.docx", lambda port: docx(_RUN.format("&e;&f;"), head=external(port))),
    Monster("外链.docx", _word_linked),
    Monster("层层表格.docx", lambda _: _nested_tables(60)),
    Monster("万层表格.docx", lambda _: _nested_tables(10_000)),
    Monster("跨越.docx", lambda _: _word_cell('<w:gridSpan w:val="1000000000"/>')),
    Monster("前列.docx", lambda _: _word_cell("", '<w:gridBefore w:val="2000000000"/>')),
    Monster("长段.docx", lambda _: docx(_RUN.format(1) * 30_000)),
    Monster("空.docx", lambda _: docx("")),
    Monster("自指.docx", lambda _: _own_style()),
    Monster("百万格.xlsx", lambda _: xlsx(_sheet_of(10_000, 100))),
    Monster("三百万格.xlsx", lambda _: xlsx(_sheet_of(30_000, 100))),
    Monster("远角.xlsx", lambda _: _far_corner()),
    Monster("合并.xlsx", lambda _: _merged()),
    Monster("格式.xlsx", lambda _: xlsx(_ROW.format('<c s="999999999"><v>1e308</v></c><c t="s"><v>99</v></c>'))),
    Monster("无穷.xlsx", lambda _: _endless_numbers()),
    Monster("笑.xlsx", lambda _: xlsx(_ROW.format(_INLINE.format("&l11;")), head=laughs())),
    Monster("外部实体.xlsx", lambda port: xlsx(_ROW.format(_INLINE.format("&e;")), head=external(port))),
    Monster("外链.xlsx", lambda port: xlsx(_sheet_of(2, 2), rels=linked(5, "externalLink", port))),
    Monster("长串.xlsx", lambda _: _long_string()),
    Monster("环.xls", lambda _: _looping_sectors()),
    Monster("笑.xml", lambda _: _sheet_2003("", "", "&l11;", laughs())),
    Monster("外部实体.xml", lambda port: _sheet_2003("", "", "&e;&f;", external(port))),
    Monster("远行.xml", lambda _: _sheet_2003('ss:Index="1000000000"', 'ss:Index="1000000000"', "1")),
    Monster("跨越.xml", lambda _: _sheet_2003("", 'ss:MergeAcross="1000000000" ss:MergeDown="1000000000"', "1")),
    Monster("重复.ods", lambda _: _repeated_cells()),
    Monster("深.rtf", lambda _: (_RTF + "{" * 100_000 + "1" + "}" * 100_000 + "}").encode()),
    Monster("外链.rtf", _rtf_picture),
)
