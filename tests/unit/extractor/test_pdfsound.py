from __future__ import annotations

import zlib

import pytest

from services.extractor.extract import extract
from services.extractor.pdfsound import Faults, damage_doubts, faults
from shared.contracts.document import DoubtCode, SourceFile
from tests.fuzz.monsters.kit import WRITES, pdf, pdf_page, stream


def drawn(content: bytes, entries: str = "/Filter/FlateDecode") -> bytes:
    objects = pdf_page("")
    return pdf(*objects[:3], stream(content.decode("latin-1"), entries), objects[4])


WHOLE = zlib.compress((WRITES * 40).encode())
CHANGED = WHOLE[:30] + bytes([WHOLE[30] ^ 0x55]) + WHOLE[31:]


def test_a_sound_file_has_no_faults() -> None:
    for content in (drawn(WHOLE), pdf(*pdf_page(WRITES)), b"\n\n" + drawn(WHOLE), drawn(WHOLE) + b"\n\n"):
        assert faults(content) == Faults(moved=False, streams=0)
        assert damage_doubts(content) == []


@pytest.mark.parametrize("entries", ["/Filter/FlateDecode", "/Filter [ /FlateDecode ]", "/F[/Fl /DCT]"])
def test_a_changed_byte_in_a_packed_stream_is_seen(entries: str) -> None:
    assert faults(drawn(CHANGED, entries)) == Faults(moved=False, streams=1)
    assert faults(drawn(b"\0" * 40, entries)).streams == 1


@pytest.mark.parametrize("entries", ["", "/Filter/DCTDecode", "/Subtype/Image/Filter/FlateDecode", "/Filter/LZWDecode"])
def test_other_streams_are_left_alone(entries: str) -> None:
    assert faults(drawn(CHANGED, entries)).streams == 0


def test_what_a_password_hides_is_not_judged() -> None:
    assert faults(drawn(CHANGED) + b"% /Encrypt 9 0 R").streams == 0


def test_bytes_lost_or_added_move_the_table() -> None:
    content = drawn(WHOLE)
    middle = content.index(b"endstream")
    assert faults(content[:middle] + b"    " + content[middle:]).moved
    assert faults(content[:40] + content[44:]).moved
    assert faults(content[: content.index(b"startxref")]).moved


def test_a_damaged_file_is_read_with_a_doubt() -> None:
    content = drawn(WHOLE)
    document = extract(SourceFile(name="a.pdf", content=content[:9] + b"%\n" + content[9:]))
    assert [doubt.code for doubt in document.doubts] == [DoubtCode.TRUNCATED]
    assert "report" in str(document.blocks)


def test_a_stream_that_would_swell_is_not_unpacked_to_its_end() -> None:
    packer = zlib.compressobj(9)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(80)) + packer.flush()
    assert faults(drawn(bomb[:-6] + b"\0\0")).streams == 0


def test_one_byte_more_before_the_last_object_is_enough() -> None:
    content = drawn(WHOLE)
    place = content.index(b"5 0 obj")
    assert faults(content[:place] + b"%" + content[place:]).moved
    assert not faults(b"junk" + content).moved
