"""Archives are opened within limits, and foreign XML cannot reach outside itself."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from services.extractor import zipsafe
from services.extractor.package import stream
from services.extractor.zipsafe import open_zip, parse_xml
from shared.contracts.errors import Category, InvalidDocument, Phase
from tests.fuzz.damage import packed

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _archive(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _category(content: bytes) -> Category:
    with pytest.raises(InvalidDocument) as caught:
        open_zip(content)
    assert caught.value.phase is Phase.EXTRACT
    assert caught.value.text.zh
    assert caught.value.text.en
    return caught.value.category


def test_members_are_found_whatever_their_case_and_slashes() -> None:
    archive = open_zip(_archive({"Word\\Document.xml": b"<a/>", "[Content_Types].xml": b"<b/>"}))
    assert archive.read("word/document.xml") == b"<a/>"
    assert "/word/DOCUMENT.xml" in archive
    assert archive.size("[content_types].xml") == 4
    assert len(archive.names) == 2


def test_a_missing_member_is_damage() -> None:
    archive = open_zip(_archive({"a": b"1"}))
    with pytest.raises(InvalidDocument) as caught:
        archive.read("b")
    assert caught.value.category is Category.DAMAGED


def test_a_bomb_is_refused_before_it_is_inflated(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = _archive({"word/document.xml": b"\0" * (zipsafe.RATIO_FROM + 1)})
    assert len(bomb) < 100_000

    def never(*_: object) -> bytes:
        raise AssertionError("a member was inflated")

    monkeypatch.setattr(zipfile.ZipFile, "read", never)
    monkeypatch.setattr(zipfile.ZipFile, "open", never)
    assert _category(bomb) is Category.ZIP_BOMB


def test_too_many_members_are_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipsafe, "MAX_MEMBERS", 3)
    assert _category(_archive({str(n): b"" for n in range(4)})) is Category.ZIP_BOMB


def test_members_that_are_large_together_are_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipsafe, "MAX_INFLATED", 1_000)
    assert _category(_archive({str(n): b"x" * 300 for n in range(4)})) is Category.ZIP_BOMB


def test_a_part_beyond_its_limit_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipsafe, "MAX_PART", 10)
    with pytest.raises(InvalidDocument) as caught:
        open_zip(_archive({"a": b"x" * 11})).read("a")
    assert caught.value.category is Category.ZIP_BOMB


def test_a_size_that_lies_is_damage() -> None:
    content = bytearray(_archive({"a.xml": b"x" * 5_000}))
    directory = content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", content, directory + 24, 10)
    with pytest.raises(InvalidDocument) as caught:
        open_zip(bytes(content)).read("a.xml")
    assert caught.value.category is Category.DAMAGED


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/../../b", "x" * 600, "..\\evil"])
def test_names_that_lead_outside_are_refused(name: str) -> None:
    assert _category(_archive({name: b"1"})) is Category.DAMAGED


def test_a_password_on_a_member_is_seen() -> None:
    content = bytearray(_archive({"a.xml": b"abc"}, zipfile.ZIP_STORED))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    assert _category(bytes(content)) is Category.ENCRYPTED


def test_office_files_with_a_password_are_ole() -> None:
    assert _category(_OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")) is Category.ENCRYPTED
    assert _category(_OLE + b"\0" * 600) is Category.DAMAGED


def test_an_archive_cut_anywhere_is_damage() -> None:
    whole = _archive({f"part{n}.xml": bytes(range(256)) * 9 for n in range(4)})
    for end in range(0, len(whole) - 1, 37):
        assert _category(whole[:end]) is Category.DAMAGED


def test_broken_data_inside_an_archive_is_damage() -> None:
    content = bytearray(_archive({"a.xml": bytes(range(256)) * 40}))
    content[60:90] = b"\xff" * 30
    with pytest.raises(InvalidDocument) as caught:
        open_zip(bytes(content)).read("a.xml")
    assert caught.value.category is Category.DAMAGED


_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'
)


@pytest.mark.parametrize(
    "data",
    [
        _LAUGHS,
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "http://localhost:1/a.dtd"><a/>',
        b"<a><b></a>",
        b"",
        b"\xff\xfe\x00",
    ],
)
def test_xml_with_a_dtd_or_broken_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidDocument) as caught:
        parse_xml(data)
    assert caught.value.category is Category.DAMAGED
    with pytest.raises(InvalidDocument) as caught:
        list(stream(data, "a"))
    assert caught.value.category is Category.DAMAGED


def test_plain_xml_is_parsed() -> None:
    assert parse_xml("<a><!-- c --><b>数</b></a>".encode()).findtext("b") == "数"
    assert [element.text for element in stream(b"<r><i>1</i><j/><i>2</i></r>", "i")] == ["1", "2"]


def test_a_member_that_is_there_twice_and_differs_is_damage() -> None:
    with pytest.raises(InvalidDocument) as error:
        open_zip(packed({"a.xml": b"1"}, extra=(("A.xml", b"2"),)))
    assert error.value.category is Category.DAMAGED
    assert open_zip(packed({"a.xml": b"1"}, extra=(("a.xml", b"1"),))).read("a.xml") == b"1"
