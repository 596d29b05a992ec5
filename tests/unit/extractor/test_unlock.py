"""Files encrypted with the password that Excel tries by itself open; all others say that they have a password."""

from __future__ import annotations

import hashlib
import io

import pytest
import xlwt  # type: ignore[import-untyped]
from msoffcrypto.method.ecma376_agile import ECMA376Agile  # type: ignore[import-untyped]

from services.extractor.extract import extract
from services.extractor.unlock import DEFAULT_PASSWORD
from shared.contracts.document import MediaType, SourceFile
from shared.contracts.errors import Category, InvalidDocument
from tests.corpus.archives import zipped
from tests.corpus.compose import report
from tests.corpus.layouts import LAYOUTS
from tests.corpus.writers import docx, xlsx
from tests.unit.extractor.xls_lock import locked

PRINTED = report(LAYOUTS[0], 1)


def source(content: bytes, name: str = "决算.xlsx") -> SourceFile:
    return SourceFile(name=name, content=content)


def package(content: bytes, password: str) -> bytes:
    locked_up: bytes = ECMA376Agile.encrypt(password, io.BytesIO(content))
    return locked_up


def workbook() -> xlwt.Workbook:
    book = xlwt.Workbook()
    sheet = book.add_sheet("收入支出决算总表")
    for row in range(400):
        sheet.write(row, 0, f"第{row}项支出")
        sheet.write(row, 1, row + 0.25)
    return book


def plain(book: xlwt.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def refused(content: bytes) -> InvalidDocument:
    with pytest.raises(InvalidDocument) as error:
        extract(source(content))
    return error.value


@pytest.mark.parametrize(("write", "media_type"), [(xlsx.write, MediaType.XLSX), (docx.write, MediaType.DOCX)])
def test_a_package_with_the_default_password_is_what_is_in_it(write: object, media_type: MediaType) -> None:
    assert callable(write)
    content = package(write(PRINTED), DEFAULT_PASSWORD)
    document = extract(source(content))
    assert document.blocks == extract(source(write(PRINTED))).blocks
    assert document.doubts == ()
    assert (document.media_type, document.size) == (media_type, len(content))
    assert document.document_id == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("crypto_api", [False, True])
def test_a_workbook_with_the_default_password_is_read(crypto_api: bool) -> None:
    document = extract(source(locked(workbook(), DEFAULT_PASSWORD, crypto_api=crypto_api)))
    assert document.blocks == extract(source(plain(workbook()))).blocks
    assert len(document.tables[0].cells) == 800
    assert document.doubts == ()


def test_they_are_read_in_an_archive_too() -> None:
    files = {"甲/决算.xlsx": package(xlsx.write(PRINTED), DEFAULT_PASSWORD)}
    document = extract(SourceFile(name="甲.zip", content=zipped.plain(files)))
    assert [part.media_type for part in document.parts] == [MediaType.XLSX]


@pytest.mark.parametrize(
    "content",
    [
        package(xlsx.write(PRINTED), "secret"),
        locked(workbook(), "secret"),
        locked(workbook(), "secret", crypto_api=True),
        package(zipped.plain({"a.txt": b"x"}), DEFAULT_PASSWORD),
    ],
)
def test_any_other_password_is_said(content: bytes) -> None:
    error = refused(content)
    assert error.category is Category.ENCRYPTED
    assert "密码" in error.text.zh


def test_a_cut_or_changed_package_is_never_anything_else() -> None:
    whole = package(xlsx.write(PRINTED), DEFAULT_PASSWORD)
    info = whole.index(b"<?xml")
    hostile = [whole[: len(whole) // 2], whole.replace(b'spinCount="100000"', b'spinCount="9999999"', 1)]
    hostile += [whole[: info + at] + b"<" + whole[info + at + 1 :] for at in range(7, 600, 90)]
    assert hostile[1] != whole
    allowed = {Category.ENCRYPTED, Category.DAMAGED, Category.UNSUPPORTED_TYPE}
    assert {refused(content).category for content in hostile} <= allowed
