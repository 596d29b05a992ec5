"""What a file is, by its content."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
import xlwt

from services.extractor import ole
from services.extractor.detect import detect
from services.extractor.limits import MAX_FILE, MAX_TEXT, MEGABYTE
from services.extractor.office.wordxml import PACKAGE, WORD_2003
from shared.contracts.document import MediaType, SourceFile
from shared.contracts.errors import Category, InvalidDocument


def kind_of(content: bytes, name: str = "x.bin") -> MediaType:
    return detect(SourceFile(name=name, content=content))


def refusal(content: bytes, name: str = "x.bin") -> InvalidDocument:
    with pytest.raises(InvalidDocument) as error:
        kind_of(content, name)
    return error.value


def archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return buffer.getvalue()


def stored(content: bytes) -> bytes:
    """An archive with `content` as it is near its beginning."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("a.pdf", content)
    return buffer.getvalue()


def odf(kind: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        file.writestr("content.xml", "<x/>")
    return buffer.getvalue()


def compound(*names: str) -> bytes:
    """A minimal OLE file whose root holds empty streams called `names`, chained as siblings."""
    entries = [
        ("Root Entry", 5, 0xFFFFFFFF, 1),
        *((name, 2, number + 2, 0xFFFFFFFF) for number, name in enumerate(names)),
    ]
    directory = b""
    for number, (name, kind, following, child) in enumerate(entries):
        sibling = 0xFFFFFFFF if number in {0, len(names)} else following
        text = name.encode("utf-16-le")
        directory += struct.pack(
            "<64sHBBIII36sI8s", text, len(text) + 2, kind, 1, 0xFFFFFFFF, sibling, child, b"", 0xFFFFFFFE, b""
        )
    directory = directory.ljust(512, b"\0")
    header = ole.MAGIC + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    return header + fat + directory


def workbook() -> bytes:
    book = xlwt.Workbook()
    book.add_sheet("a").write(0, 0, "甲")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (b"%PDF-1.7\n", "a.txt", MediaType.PDF),
        (b"\r\n%PDF-1.4\n", "a", MediaType.PDF),
        (archive("[Content_Types].xml", "word/document.xml"), "a.zip", MediaType.DOCX),
        (archive("[Content_Types].xml", "word/document2.xml"), "a.docx", MediaType.DOCX),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "a.docx", MediaType.XLSX),
        (archive("OFD.xml", "Doc_0/Document.xml"), "a.zip", MediaType.OFD),
        (archive("a.txt"), "a.docx", MediaType.ZIP),
        (archive("word/决算.docx", "xl/决算.xlsx"), "a", MediaType.ZIP),
        (b"Rar!\x1a\x07\x00", "a.zip", MediaType.RAR),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "a", MediaType.SEVENZIP),
        (stored(b"%PDF-1.7\n"), "a.pdf", MediaType.ZIP),
        (b"\x89PNG\r\n\x1a\n", "a.pdf", MediaType.PNG),
        (b"\xff\xd8\xff\xe0", "a", MediaType.JPEG),
        (b"II*\x00\x08\0\0\0", "a.png", MediaType.TIFF),
        (b"MM\x00*\0\0\0\x08", "a.tif", MediaType.TIFF),
        (b"BM\x36\x0c\0\0\0\0\0\0\x36\0\0\0", "a", MediaType.BMP),
        (workbook(), "a.txt", MediaType.XLS),
        (compound("Workbook"), "a.xls", MediaType.XLS),
        ("收入\t支出\n1\t2\n".encode(), "a", MediaType.TEXT),
        ("收入\t支出\n1\t2\n".encode("gb18030"), "a.xls", MediaType.TEXT),
        ("收入\t支出\n1\t2\n".encode("utf-16"), "a", MediaType.TEXT),
        ("<b>收入</b>\n<!-- x -->".encode(), "a.txt", MediaType.TEXT),
        (b"<!DOCTYPE html><p>a", "a.txt", MediaType.HTML),
        ("\ufeff\n<!-- x --><HTML><body>".encode(), "a.xls", MediaType.HTML),
        ("<html><meta charset=gb2312>决算".encode("gb18030"), "a", MediaType.HTML),
        ("<table><tr><td>决算".encode("utf-16"), "a", MediaType.HTML),
        (compound("WordDocument", "1Table"), "a.wps", MediaType.DOC),
        (b"{\\rtf1 a", "a.doc", MediaType.RTF),
        (odf("text"), "a.doc", MediaType.ODT),
        (odf("spreadsheet"), "a.zip", MediaType.ODS),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n", "a.doc", MediaType.MHTML),
        (
            b"From: <Saved by Blink>\nSubject: a\n b\nMIME-Version: 1.0\nContent-Type: text/html\n\n",
            "a",
            MediaType.MHTML,
        ),
        (b"MIME-Version: 1.0\nX-Document-Type: Workbook\nContent-Type: multipart/mixed\n\n", "a.xls", MediaType.MHTML),
        ("备注: 甲\nContent-Type: 乙\n".encode(), "a.txt", MediaType.TEXT),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "a.xls",
            MediaType.XML_SPREADSHEET,
        ),
        (f'<?xml version="1.0"?>\n<pkg:package xmlns:pkg="{PACKAGE}">'.encode(), "a.doc", MediaType.WORD_XML),
        (f'<w:wordDocument xmlns:w="{WORD_2003}">'.encode("utf-16"), "a.doc", MediaType.WORD_XML),
        (b"# A\n\n| a | b |\n|---|---|\n| 1 | 2 |\n", "a.md", MediaType.MARKDOWN),
        (b"# A\n\n| a | b |\n|---|---|\n| 1 | 2 |\n", "a.txt", MediaType.TEXT),
        ("# 表\n\n项目\t金额\n甲\t1\n乙\t2\n".encode(), "a.md", MediaType.TEXT),
    ],
)
def test_content_decides(content: bytes, name: str, expected: MediaType) -> None:
    assert kind_of(content, name) is expected


@pytest.mark.parametrize(
    ("content", "category", "words"),
    [
        (b"", Category.EMPTY_FILE, "空"),
        (b" \r\n\t\n", Category.EMPTY_FILE, "空"),
        (b"\xef\xbb\xbf\n", Category.EMPTY_FILE, "空"),
        (bytes(100_000), Category.EMPTY_FILE, "空"),
        (archive("mimetype", "content.xml"), Category.UNSUPPORTED_TYPE, "OpenDocument"),
        (archive("ppt/presentation.xml"), Category.UNSUPPORTED_TYPE, "演示"),
        (archive("xl/workbook.bin"), Category.UNSUPPORTED_TYPE, "xlsb"),
        (archive("word/document.xml")[:60], Category.DAMAGED, "损坏"),
        (compound("EncryptionInfo", "EncryptedPackage"), Category.ENCRYPTED, "密码"),
        (compound("__substg1.0_0037001F"), Category.UNSUPPORTED_TYPE, "附件"),
        (compound("PowerPoint Document"), Category.UNSUPPORTED_TYPE, "PDF"),
        (compound("Anything"), Category.UNSUPPORTED_TYPE, "Office"),
        (ole.MAGIC + b"\0" * 50, Category.DAMAGED, "损坏"),
        (b"RIFF\0\0\0\0WEBP", Category.UNSUPPORTED_TYPE, "文字层"),
        (bytes(range(256)) * 20, Category.UNSUPPORTED_TYPE, "不认识"),
        (
            b"Received: from a\nMIME-Version: 1.0\nContent-Type: multipart/mixed; x\n\n",
            Category.UNSUPPORTED_TYPE,
            "附件",
        ),
        (b"From: a\nContent-Type: text/plain\n\nx", Category.UNSUPPORTED_TYPE, "附件"),
    ],
    # Archives carry the time of day, and workers must agree on the names of tests.
    ids=lambda value: "content" if isinstance(value, bytes) else None,
)
def test_what_cannot_be_read_is_refused_with_advice(content: bytes, category: Category, words: str) -> None:
    error = refusal(content)
    assert error.category is category
    assert words in error.text.zh
    assert error.text.en


def test_a_huge_text_is_refused_before_it_is_decoded() -> None:
    line = "一、收入\t1,000.00\n".encode()
    error = refusal(line * (MAX_TEXT // len(line) + 2), "a.txt")
    assert error.category is Category.TOO_LARGE
    assert f"{MAX_TEXT // MEGABYTE} MB" in error.text.en


def test_no_file_may_be_larger_than_the_limit() -> None:
    assert refusal(b"%PDF-" + bytes(MAX_FILE), "a.pdf").category is Category.TOO_LARGE


def test_names_in_a_damaged_directory_do_not_loop() -> None:
    content = bytearray(compound("A", "B"))
    struct.pack_into("<I", content, 1024 + 2 * 128 + 72, 1)  # B points back to A
    assert ole.root_names(bytes(content)) == {"A", "B"}
