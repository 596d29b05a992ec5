"""Archives become files: names, limits, nesting, damage."""

from __future__ import annotations

import io
import random
import stat
import zipfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from services.extractor.bundle import libarchive
from services.extractor.bundle import unpack as unpacking
from services.extractor.bundle.unpack import MAX_DEPTH, Unpacked, unpack
from shared.contracts.document import DoubtCode, SourceFile
from shared.contracts.errors import Category, InvalidDocument
from tests.corpus.archives import zipped
from tests.corpus.archives.rar import rar4, rar5
from tests.corpus.archives.sevenzip import sevenzip

Pack = Callable[[Mapping[str, bytes]], bytes]


def rar5_packed(files: Mapping[str, bytes]) -> bytes:
    return rar5(files, compress=True)


def rar4_packed(files: Mapping[str, bytes]) -> bytes:
    return rar4(files, compress=True)


PACKERS = [zipped.plain, zipped.gbk, rar5, rar4, rar5_packed, rar4_packed, sevenzip]
FILES = {
    "民政局/2024年度决算说明.docx": "说明".encode() * 400,
    "民政局/附件/公开01表.xls": bytes(range(256)) * 300,
    "读我.txt": b"1",
}


def opened(content: bytes, name: str = "一批.zip") -> Unpacked:
    return unpack(SourceFile(name=name, content=content))


def refused(content: bytes) -> InvalidDocument:
    with pytest.raises(InvalidDocument) as error:
        opened(content)
    assert error.value.text.zh
    assert error.value.text.en
    return error.value


def contents(found: Unpacked) -> dict[str, bytes]:
    return {member.path: member.content for member in found.members if member.error is None}


def inflating(size: int) -> bytes:
    return zipped.plain({"大.txt": b" " * size})


@pytest.mark.parametrize("pack", PACKERS, ids=lambda pack: pack.__name__)
def test_names_and_bytes_come_back(pack: Pack) -> None:
    found = opened(pack(FILES))
    assert contents(found) == FILES
    assert found.doubts == ()


@pytest.mark.parametrize("pack", PACKERS, ids=lambda pack: pack.__name__)
def test_litter_is_left_out(pack: Pack) -> None:
    litter = ["__MACOSX/._a.docx", "a/.DS_Store", "Thumbs.db", "a/~$说明.docx", "desktop.ini", "更多资源.url", ".git/x"]
    found = opened(pack({**dict.fromkeys(litter, b"x"), "a/说明.docx": b"y"}))
    assert contents(found) == {"a/说明.docx": b"y"}
    assert found.doubts == ()


def test_utf8_names_without_a_flag_and_the_unicode_path_field() -> None:
    assert contents(opened(zipped.raw({"决算表.xls".encode(): b"x"}))) == {"决算表.xls": b"x"}
    named = zipped.raw({"决算表.xls".encode("gb18030"): b"x"}, unicode_path=True)
    assert contents(opened(named)) == {"决算表.xls": b"x"}


def test_a_unicode_path_of_another_name_is_not_believed() -> None:
    raw = "决算表.xls".encode("gb18030")
    content = zipped.raw({raw: b"x"}, unicode_path=True)
    checksum = zlib.crc32(raw).to_bytes(4, "little")
    assert contents(opened(content.replace(checksum, bytes(4)))) == {"决算表.xls": b"x"}


@pytest.mark.parametrize("name", [b"../out.txt", b"/etc/passwd", b"C:\\a.txt", b"a/../../b.txt"])
def test_paths_that_lead_outside_are_passed_over_with_a_doubt(name: bytes) -> None:
    found = opened(zipped.raw({name: b"x", b"in.txt": b"y"}))
    assert contents(found) == {"in.txt": b"y"}
    assert [doubt.code for doubt in found.doubts] == [DoubtCode.SKIPPED_CONTENT]
    assert name.decode() in found.doubts[0].text.en


def test_links_and_devices_are_no_files() -> None:
    for kind in (stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO):
        assert refused(zipped.raw({b"a.txt": b"/etc/passwd"}, mode=kind | 0o777)).category is Category.NOTHING_FOUND


def test_archives_in_archives_are_opened() -> None:
    inner = sevenzip({"表.xls": b"1"})
    found = opened(zipped.plain({"市级/民政局.7z": inner, "县级.rar": rar5({"说明.docx": b"2"})}))
    assert contents(found) == {"市级/民政局.7z/表.xls": b"1", "县级.rar/说明.docx": b"2"}


def test_nesting_ends() -> None:
    content = b"x"
    for _ in range(MAX_DEPTH):
        content = zipped.plain({"a.zip" if content != b"x" else "a.txt": content})
    assert len(contents(opened(content))) == 1
    assert refused(zipped.plain({"a.zip": content})).category is Category.ZIP_BOMB
    found = opened(zipped.plain({"a.zip": content, "b.txt": b"y"}))
    assert contents(found) == {"b.txt": b"y"}
    assert [member.error.category for member in found.members if member.error] == [Category.ZIP_BOMB]


def test_office_files_are_no_archives() -> None:
    office = zipped.plain({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x/>"})
    assert list(contents(opened(zipped.plain({"a.docx": office})))) == ["a.docx"]


def test_too_much_is_refused_before_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(inflating(unpacking.RATIO_FROM + 1)).category is Category.ZIP_BOMB
    assert len(opened(inflating(unpacking.RATIO_FROM - 1)).members) == 1
    monkeypatch.setattr(unpacking, "MAX_INFLATED", 1000)
    for pack in PACKERS:
        assert refused(pack({"a": b"x" * 600, "b": b"x" * 600})).category is Category.ZIP_BOMB
    nested = zipped.plain({"a.zip": zipped.plain({"b": b"x" * 600}), "c": b"x" * 600})
    assert refused(nested).category is Category.ZIP_BOMB


def test_a_member_larger_than_it_says_is_damaged_or_a_bomb() -> None:
    content = bytearray(zipped.plain({"a.txt": b" " * 5000}))
    for signature, offset in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        start = content.index(signature) + offset
        content[start : start + 4] = (10).to_bytes(4, "little")
    assert refused(bytes(content)).category in {Category.DAMAGED, Category.ZIP_BOMB}


def test_too_many_members_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MAX_MEMBERS", 3)
    assert refused(zipped.plain({f"{number}.txt": b"x" for number in range(4)})).category is Category.ZIP_BOMB


def test_a_damaged_member_costs_that_member() -> None:
    files = {"好.txt": b"a" * 300, "坏.txt": b"b" * 300}
    for pack in (zipped.gbk, rar5, rar4):
        content = bytearray(pack(files))
        content[content.index(b"b" * 300) + 100] ^= 0xFF
        found = opened(bytes(content))
        assert contents(found) == {"好.txt": files["好.txt"]}, pack.__name__
        assert [member.error.category for member in found.members if member.error] == [Category.DAMAGED]


@pytest.mark.parametrize("pack", [rar5_packed, rar4_packed])
def test_compressed_members_are_whole_or_damaged(pack: Pack) -> None:
    rng = random.Random(7)
    lines = (f"20{number:03d}\t一般公共服务支出\t{number * 37 % 1000}.{number % 100:02d}\n" for number in range(4000))
    table = "".join(lines)
    noise = bytes(rng.randrange(256) for _ in range(20_000))
    files = {"表.txt": table.encode(), "图.bin": noise + table.encode()[:70_000] + noise}
    whole = pack(files)
    assert contents(opened(whole)) == files
    assert len(whole) < sum(map(len, files.values())) / 2
    for _ in range(40):
        content = bytearray(whole)
        content[rng.randrange(200, len(content))] ^= 1 << rng.randrange(8)
        with suppress(InvalidDocument):
            for name, one in contents(opened(bytes(content))).items():
                assert one == files[name]


def test_a_cut_archive_gives_what_is_there() -> None:
    files = {"好.txt": b"a" * 300, "后.txt": b"b" * 300}
    content = rar5(files)
    found = opened(content[: content.index(b"b" * 300) + 100])
    assert contents(found) == {"好.txt": files["好.txt"]}
    assert found.members[-1].error is not None
    cut = opened(zipped.plain({"里.rar": content[:-3], "外.txt": b"y"}))
    assert contents(cut) == {f"里.rar/{name}": one for name, one in files.items()} | {"外.txt": b"y"}
    assert [member.path for member in cut.members if member.error] == ["里.rar/…"]
    for pack in (rar4, rar5):
        between = pack(files)
        between = between[: between.index(b"a" * 300) + 300]
        assert [member.path for member in opened(between).members] == ["好.txt", "…"], pack.__name__
    assert refused(zipped.plain(files)[:200]).category is Category.DAMAGED
    assert refused(sevenzip(files)[:-40]).category is Category.DAMAGED


def test_nothing_but_damage_is_damage() -> None:
    content = bytearray(rar5({"坏.txt": b"b" * 300}))
    content[content.index(b"b" * 300) + 100] ^= 0xFF
    assert refused(bytes(content)).category is Category.DAMAGED
    for head in (b"Rar!\x1a\x07\x01\x00", b"Rar!\x1a\x07\x017", b"7z\xbc\xaf\x27\x1c\x00\x04"):
        assert refused(head + b"\xff" * 100).category is Category.DAMAGED


def test_a_password_is_told() -> None:
    assert refused(zipped.raw({b"a.txt": b"x"}, flags=1)).category is Category.ENCRYPTED
    content = rar4({"a.txt": b"x" * 50})
    header = content.index(b"\x74")
    end = header + 35  # the header but for its CRC
    body = bytearray(content[header:end])
    body[1] |= 0x04  # the flag of a password
    sealed = zlib.crc32(bytes(body)).to_bytes(4, "little")[:2]
    assert refused(content[: header - 2] + sealed + bytes(body) + content[end:]).category is Category.ENCRYPTED


def test_an_empty_archive_says_so() -> None:
    assert refused(zipped.plain({})).category is Category.NOTHING_FOUND
    assert refused(zipped.plain({"__MACOSX/a": b"x"})).category is Category.NOTHING_FOUND


def test_without_the_library_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libarchive, "_places", lambda: iter(["/nowhere/libarchive.so"]))
    libarchive._library.cache_clear()
    try:
        error = refused(rar5({"a": b"x"}))
        inside = refused(zipped.plain({"a.rar": rar5({"a": b"x"})}))
    finally:
        libarchive._library.cache_clear()
    assert error.category is inside.category is Category.MISSING_PROGRAM
    assert "libarchive" in error.text.zh


def test_the_library_of_an_operator_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JUESUAN_LIBARCHIVE", str(tmp_path / "libarchive.so"))
    places = list(libarchive._places())
    assert places[0] == str(tmp_path / "libarchive.so")
    assert len(places) > 1


@pytest.mark.parametrize("pack", PACKERS, ids=lambda pack: pack.__name__)
def test_damaged_copies_end_with_files_doubts_or_a_sentence(pack: Pack) -> None:
    chance = random.Random(pack.__name__)
    said: list[str] = []
    sound = pack({**FILES, "里/包.zip": zipped.plain({"c.txt": b"x" * 500})})
    for _ in range(150):
        copy = bytearray(sound)
        for _ in range(chance.randrange(1, 12)):
            copy[chance.randrange(len(copy))] = chance.randrange(256)
        if chance.random() < 0.3:
            del copy[chance.randrange(len(copy)) :]
        try:
            found = opened(bytes(copy))
        except InvalidDocument as error:
            said.append(error.text.zh)
            continue
        for path, content in contents(found).items():
            # A name may be damaged unseen, content may not: every format has checksums of it.
            assert path not in FILES or content == FILES[path]
        assert len(found.members) + len(found.doubts) >= 1
    assert said
    assert all(said)


def test_a_member_without_a_name_is_passed_over() -> None:
    found = opened(zipped.raw({b"": b"x", b"a.txt": b"y"}))
    assert contents(found) == {"a.txt": b"y"}
    assert [doubt.code for doubt in found.doubts] == [DoubtCode.SKIPPED_CONTENT]


def test_members_of_one_name_are_told_apart() -> None:
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as archive:
        archive.writestr("a/表.xls", b"1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a/表.xls", b"2")
    assert contents(opened(twice.getvalue())) == {"a/表.xls": b"1", "a/表~2.xls": b"2"}


def test_names_of_one_character_are_no_greek() -> None:
    names = ["图.pdf", "表/图.pdf", "é.txt"]
    files = dict.fromkeys(names[:2], b"1")
    for pack in (zipped.gbk, rar4):
        assert sorted(contents(opened(pack(files)))) == sorted(files), pack.__name__
    assert list(contents(opened(rar5({names[2]: b"1"})))) == [names[2]]
