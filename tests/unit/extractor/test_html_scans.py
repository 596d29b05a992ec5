"""Pictures that a web page holds itself are read as those of a Word document are."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from services.extractor import pasted
from services.extractor.extract import extract
from services.extractor.readers.html import embedded_picture
from shared.contracts.document import Document, DoubtCode, Paragraph, SourceFile, Table
from tests.unit.extractor.docx_pictures import ROWS, picture

ROW = "<tr><td>项目</td><td>金额</td></tr><tr><td>合计</td><td>8.00</td></tr>"
PAGE = "<html><body><p>以上是前言</p>{}<table>{}</table><p>以上为公开内容</p></body></html>"


def shown(content: bytes) -> str:
    """The picture as part of the page."""
    return f'<p><img src="data:image/png;base64,{base64.b64encode(content).decode()}"></p>'


def read(pictures: str) -> Document:
    return extract(SourceFile(name="决算.html", content=PAGE.format(pictures, ROW).encode()))


def rows(table: Table) -> list[tuple[str, ...]]:
    return [tuple(cell.text if cell else "" for cell in row) for row in table.grid]


def test_scans_and_tables_are_read_in_their_place() -> None:
    logo = io.BytesIO()
    Image.new("RGB", (1300, 1840), "white").save(logo, "PNG")
    document = read(shown(picture(high=22.6)) + shown(picture(high=8.0, ruled=False)) + shown(logo.getvalue()))
    assert [rows(table)[-1][-1] for table in document.tables] == ["", "8.00"]
    assert rows(document.tables[0]) == list(ROWS)
    assert [table.index for table in document.tables] == [0, 1]
    assert [table.page for table in document.tables] == [1, None]
    texts = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert (texts[0], texts[-1]) == ("以上是前言", "以上为公开内容")
    assert [doubt.code for doubt in document.doubts] == [DoubtCode.SCANNED_PAGE]


def test_pictures_of_a_web_archive() -> None:
    page = PAGE.format('<p><img src="cid:bild1"><img src="missing.png"></p>', ROW).encode()
    parts = [
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(page),
        b"Content-Type: image/png\r\nContent-ID: <bild1>\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(picture(high=6.0)),
    ]
    body = b"".join(b"--x\r\n" + part + b"\r\n" for part in parts) + b"--x--\r\n"
    content = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n' + body
    document = extract(SourceFile(name="决算.mht", content=content))
    assert rows(document.tables[0]) == list(ROWS)
    assert rows(document.tables[1])[-1] == ("合计", "8.00")


def test_addresses_that_hold_no_picture() -> None:
    for address in ("", "a.png", "https://example.org/a.png", "data:text/plain;base64,QQ==", "data:image/png;base64,?"):
        assert not embedded_picture(address)
    assert read('<img src="data:image/png;base64,AAAA"><img><img src="a.png">').doubts == ()


def test_more_pictures_than_any_report_has_are_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pasted, "MAX_PICTURES", 1)
    document = read(shown(picture(high=6.0)) * 3)
    assert [doubt.code for doubt in document.doubts] == [DoubtCode.SCANNED_PAGE, DoubtCode.SKIPPED_CONTENT]
    assert "2" in document.doubts[1].text.zh
