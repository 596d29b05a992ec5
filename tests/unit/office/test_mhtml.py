"""Web archives: encodings, frames, the sheets of a workbook; cut off, nested, with nothing in them."""

from __future__ import annotations

import base64
import quopri

import pytest

from services.extractor.office.archive import web_archive
from shared.contracts.document import DoubtCode, MediaType, Table
from shared.contracts.errors import Category, InvalidDocument
from tests.unit.office.cells import content_of, read_file, rows

_TABLE = "<table><tr><td>项目<td>金额<tr><td>合计<td>1,234.50</table>"


def part(body: bytes, kind: str = "text/html", encoding: str = "quoted-printable", headers: str = "") -> bytes:
    packed = body
    if encoding != "8bit":
        packed = base64.encodebytes(body) if encoding == "base64" else quopri.encodestring(body)
    return f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n{headers}\r\n".encode() + packed


def archive(*parts: bytes, boundary: str = "----=_Next.Part+1", kind: str = "multipart/related") -> bytes:
    head = f'MIME-Version: 1.0\r\nContent-Type: {kind};\r\n\ttype="text/html"; boundary="{boundary}"\r\n\r\n'.encode()
    line = b"\r\n--" + boundary.encode()
    return head + b"preface" + b"".join(line + b"\r\n" + one for one in parts) + line + b"--\r\nafter\r\n"


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
@pytest.mark.parametrize(
    ("charset", "codec"), [("gb2312", "gb18030"), ("GBK", "gb18030"), ("utf-8", "utf-8"), ("x-unknown", "utf-8")]
)
def test_every_encoding(encoding: str, charset: str, codec: str) -> None:
    page = part(
        f"<html><body>部门决算{_TABLE}</body></html>".encode(codec), f'text/html; charset="{charset}"', encoding
    )
    document = read_file(archive(page, part(b"GIF89a", "image/gif", "base64")), "决算.doc")
    assert document.media_type is MediaType.MHTML
    assert document.blocks[0].kind == "paragraph"
    assert rows(document) == [["项目", "金额"], ["合计", "1,234.50"]]
    assert document.doubts == ()


def test_a_page_that_is_its_own_archive() -> None:
    content = b"From: <Saved by Blink>\nSubject: =?utf-8?Q?=E5=86=B3=E7=AE=97?=\nMIME-Version: 1.0\n"
    document = read_file(content + part(_TABLE.encode(), "text/html; charset=utf-8"))
    assert rows(document)[1] == ["合计", "1,234.50"]


def test_pages_in_frames_follow_and_others_do_not() -> None:
    main = part(
        '<html><body>决算公开<iframe src="cid:frame-1@mhtml.blink"></iframe><iframe src="b.htm#x"></iframe>'.encode(),
        "text/html; charset=utf-8",
        headers="Content-Location: http://x/main.htm\r\n",
    )
    first = part(_TABLE.encode(), "text/html; charset=utf-8", headers="Content-ID: <frame-1@mhtml.blink>\r\n")
    second = part(
        _TABLE.replace("合计", "其他").encode(),
        "text/html; charset=utf-8",
        headers="Content-Location: http://x/b.htm\r\n",
    )
    advertised = part(
        "<p>广告</p>".encode(), "text/html; charset=utf-8", headers="Content-Location: http://y/z.htm\r\n"
    )
    document = read_file(archive(main, advertised, second, first))
    assert content_of(document)[0] == "决算公开"
    assert [rows(document, table)[1][0] for table in (0, 1)] == ["合计", "其他"]
    assert [block.index for block in document.blocks if isinstance(block, Table)] == [0, 1]
    assert len(document.blocks) == 3


def test_a_frame_that_holds_itself_is_read_once() -> None:
    page = part(
        f'<iframe src="a.htm"></iframe>{_TABLE}'.encode(),
        "text/html; charset=utf-8",
        headers="Content-Location: http://x/a.htm\r\n",
    )
    assert len(read_file(archive(page)).tables) == 1


def _workbook(*sheets: tuple[str, str, str]) -> bytes:
    listed = "".join(
        f"<x:ExcelWorksheet><x:Name>{name}</x:Name><x:WorksheetSource HRef=3D'b.files/s{number}.htm'/>{more}"
        "</x:ExcelWorksheet>"
        for number, (name, _, more) in enumerate(sheets)
    ).replace("=3D", "=")
    frame = f"<html><!--[if gte mso 9]><xml><x:ExcelWorksheets>{listed}</x:ExcelWorksheets></xml><![endif]--><frameset>"
    pages = [
        part(
            body.encode(), "text/html; charset=utf-8", headers=f"Content-Location: file:///C:/b.files/s{number}.htm\r\n"
        )
        for number, (_, body, _) in enumerate(sheets)
    ]
    first = part(frame.encode(), "text/html; charset=utf-8", headers="Content-Location: file:///C:/b.htm\r\n")
    return archive(first, *reversed(pages))


def test_sheets_come_in_the_order_of_the_workbook() -> None:
    cover = "<table><tr><td><td>某部门</table>"
    stacked = "<table><tr><td>收入决算表</td></tr>{0}<tr><td>支出决算表</td></tr>{0}</table>".format(
        "<tr><td>科目<td>金额<tr><td>甲<td>1.00"
    )
    document = read_file(
        _workbook(("封面", cover, ""), ("公开01表", _TABLE, ""), ("公开&amp;02表", stacked, "")), "a.xls"
    )
    assert content_of(document)[0] == "某部门"
    assert [(block.name, block.rows) for block in document.tables] == [
        ("公开01表", 2),
        ("公开&02表", 3),
        ("公开&02表", 3),
    ]
    assert document.doubts == ()


def test_a_hidden_sheet_is_a_doubt() -> None:
    hidden = ("藏", _TABLE, "<x:Visible>SheetHidden</x:Visible>")
    document = read_file(_workbook(("公开01表", _TABLE, ""), hidden))
    assert len(document.tables) == 1
    assert [doubt.code for doubt in document.doubts] == [DoubtCode.SKIPPED_CONTENT]


def test_an_archive_that_is_cut_off_gives_what_is_there() -> None:
    page = part(_TABLE.encode(), "text/html; charset=utf-8", "base64")
    whole = archive(page, part(b"x" * 500, "image/png", "base64"))
    document = read_file(whole[: whole.rindex(b"Content-Type: image")])
    assert rows(document) == [["项目", "金额"], ["合计", "1,234.50"]]
    assert [doubt.code for doubt in document.doubts] == [DoubtCode.TRUNCATED]


def test_damaged_base64_is_a_doubt() -> None:
    page = part(_TABLE.encode() + b" " * 200, "text/html; charset=utf-8", "base64")
    document = read_file(archive(page[:-20] + "。".encode() + page[-20:]))
    assert rows(document)[1] == ["合计", "1,234.50"]
    assert [doubt.code for doubt in document.doubts] == [DoubtCode.TRUNCATED]


@pytest.mark.parametrize(
    "content",
    [
        archive(part(b"x", "image/png", "base64")),
        archive(),
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\nnothing",
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\nno boundary",
    ],
    ids=["picture", "empty", "no part", "no boundary"],
)
def test_without_a_page_it_is_damaged(content: bytes) -> None:
    with pytest.raises(InvalidDocument) as caught:
        read_file(content)
    assert caught.value.category is Category.DAMAGED


def test_nested_archives_end_somewhere() -> None:
    content = part(_TABLE.encode(), "text/html; charset=utf-8")
    for level in range(3):
        content = archive(content, boundary=f"b{level}")
    assert len(read_file(content).tables) == 1
    for level in range(3, 300):
        content = archive(content, boundary=f"b{level}")
    assert [one.media_type for one in web_archive(content).parts] == ["multipart/related"]


def test_many_parts_are_cut() -> None:
    content = archive(*([b"Content-Type: text/css\r\n\r\na"] * 10_500))
    assert len(web_archive(content).parts) == 10_000
