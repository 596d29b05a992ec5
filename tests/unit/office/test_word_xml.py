"""Word in one XML file: sections, smart tags, changes, lists and merged cells of 2003; the package as XML."""

from __future__ import annotations

import pytest

from shared.contracts.document import MediaType
from shared.contracts.errors import Category, InvalidDocument
from tests.unit.office.cells import content_of, read_file

_NAMES = (
    'xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" '
    'xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint" '
    'xmlns:aml="http://schemas.microsoft.com/aml/2001/core" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:st1="urn:schemas-microsoft-com:office:smarttags"'
)


def word(body: str, before: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><?mso-application progid="Word.Document"?>'
        f"<w:wordDocument {_NAMES}>{before}<w:body>{body}</w:body></w:wordDocument>"
    ).encode()


def p(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def texts(body: str, before: str = "") -> list[object]:
    document = read_file(word(body, before), "决算.doc")
    assert document.media_type is MediaType.WORD_XML
    return list(content_of(document))


def test_sections_and_smart_tags_are_looked_through() -> None:
    inner = f"<wx:sub-section>{p('一、收入')}<wx:sub-section>{p('（一）本年')}</wx:sub-section></wx:sub-section>"
    tagged = (
        '<w:p><st1:chsdate w:st="on" Year="2024"><w:r><w:t>2024年</w:t></w:r></st1:chsdate>'
        "<w:r><w:t>度</w:t></w:r></w:p>"
    )
    assert texts(f"<wx:sect>{inner}{tagged}<w:sectPr/></wx:sect>") == ["一、收入", "（一）本年", "2024年度"]


def test_changes_are_settled_and_comments_left_out() -> None:
    def change(kind: str, content: str) -> str:
        return f'<aml:annotation w:type="Word.{kind}"><aml:content>{content}</aml:content></aml:annotation>'

    inserted = change("Insertion", "<w:r><w:t>新</w:t></w:r>")
    deleted = change("Deletion", "<w:r><w:delText>旧</w:delText></w:r>")
    comment = change("Comment", p("注意"))
    mark = '<aml:annotation aml:id="4" w:type="Word.Bookmark.Start" w:name="a"/>'
    body = f"<w:p><w:r><w:t>甲</w:t></w:r>{mark}{inserted}{deleted}<w:r>{comment}</w:r><w:r><w:t>乙</w:t></w:r></w:p>"
    assert texts(body) == ["甲新乙"]


def test_numbers_of_lists_are_printed_as_word_printed_them() -> None:
    listed = '<w:pPr><w:listPr><w:ilvl w:val="0"/><w:ilfo w:val="1"/><wx:t wx:val="一、"/></w:listPr></w:pPr>'
    bullet = '<w:pPr><w:listPr><w:ilvl w:val="0"/><w:ilfo w:val="2"/><wx:t wx:val="·"/></w:listPr></w:pPr>'
    assert texts(p("收入", listed) + p("支出", bullet)) == ["一、收入", "支出"]


def test_merged_cells_text_boxes_and_notes() -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text) if text else '<w:p/>'}</w:tc>"

    start, goes_on, wide = '<w:vmerge w:val="restart"/>', "<w:vmerge/>", '<w:gridSpan w:val="2"/>'
    rows = (
        f"<w:tr>{cell('项目', start)}{cell('金额', wide)}</w:tr>"
        f"<w:tr>{cell('', goes_on)}{cell('基本')}{cell('项目')}</w:tr>"
        f"<w:tr>{cell('甲')}{cell('1.00')}{cell('2.00')}</w:tr>"
    )
    columns = '<w:gridCol w:w="900"/>' * 3
    table = f"<w:tbl><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    box = (
        "<w:p><w:r><w:pict><w:binData w:name='a'>AAAA</w:binData><v:shape><v:textbox><w:txbxContent>"
        f"{p('公开01表')}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    )
    note = f"<w:p><w:r><w:t>合计</w:t></w:r><w:r><w:footnote>{p('含结转')}</w:footnote></w:r></w:p>"
    assert texts(box + table + note) == [
        "公开01表",
        [
            (0, 0, 2, 1, "项目"),
            (0, 1, 1, 2, "金额"),
            (1, 1, 1, 1, "基本"),
            (1, 2, 1, 1, "项目"),
            (2, 0, 1, 1, "甲"),
            (2, 1, 1, 1, "1.00"),
            (2, 2, 1, 1, "2.00"),
        ],
        "合计",
        "含结转",
    ]


def test_a_picture_of_any_size_does_no_harm() -> None:
    picture = f"<w:p><w:r><w:pict><w:binData w:name='a'>{'A' * 12_000_000}</w:binData></w:pict></w:r></w:p>"
    assert texts(picture + p("决算")) == ["决算"]


def test_the_package_as_xml() -> None:
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"

    def part(name: str, data: str) -> str:
        return f'<pkg:part pkg:name="/{name}">{data}</pkg:part>'

    content = (
        '<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">'
        + part(
            "_rels/.rels",
            f'<pkg:xmlData><Relationships xmlns="{relations}"><Relationship Id="rId1" Type="{kind}"'
            ' Target="word/document.xml"/></Relationships></pkg:xmlData>',
        )
        + part("word/media/image1.png", "<pkg:binaryData>AAAA</pkg:binaryData>")
        + part(
            "word/document.xml",
            f'<pkg:xmlData><w:document xmlns:w="{main}"><w:body>{p("决算")}</w:body></w:document></pkg:xmlData>',
        )
        + "</pkg:package>"
    )
    document = read_file(content.encode())
    assert (document.media_type, content_of(document)) == (MediaType.WORD_XML, ["决算"])


@pytest.mark.parametrize(
    "content",
    [
        word(p("甲"))[:-40],
        word("").replace(b"<w:body></w:body>", b""),
        b'<x xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml">x</x>',
        word("<wx:sect>" * 2_000 + p("甲") + "</wx:sect>" * 2_000),
        b'<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"/>',
    ],
    ids=["cut", "no body", "other root", "deep", "empty package"],
)
def test_what_cannot_be_read_is_damaged(content: bytes) -> None:
    with pytest.raises(InvalidDocument) as caught:
        read_file(content)
    assert caught.value.category is Category.DAMAGED
