"""The CRC-32 that a RAR archive notes for each of its files: libarchive does not look at those of stored members."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from enum import Enum

_MAGIC4, _MAGIC5 = b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"
_FILE4, _END4, _LONG4, _BIG4 = 0x74, 0x7B, 0x8000, 0x100
_FILE5, _END5, _ENCRYPTED5 = 2, 5, 4
_EXTRA5, _DATA5, _TIME5, _CRC5 = 1, 2, 2, 4


def checksums(content: bytes) -> Iterator[int | None]:
    """The CRC-32 of each file of the archive in order, None where none is noted; ends where headers are broken."""
    return (checksum for kind, checksum in _blocks(content) if kind is _Block.FILE)


def has_end(content: bytes) -> bool:
    """Whether a RAR archive is there to its end; libarchive takes one that was cut between two files for whole."""
    return not content.startswith((_MAGIC4, _MAGIC5)) or any(kind is _Block.END for kind, _ in _blocks(content))


class _Block(Enum):
    FILE = "file"
    END = "end"


def _blocks(content: bytes) -> Iterator[tuple[_Block, int | None]]:
    try:
        if content.startswith(_MAGIC5):
            yield from _of_version5(content)
        elif content.startswith(_MAGIC4):
            yield from _of_version4(content)
    except (IndexError, struct.error):
        return  # cut off


def _of_version4(content: bytes) -> Iterator[tuple[_Block, int | None]]:
    place = len(_MAGIC4)
    while place + 7 <= len(content):
        kind, flags, size = struct.unpack_from("<BHH", content, place + 2)
        if kind == _END4:
            yield _Block.END, None
            return
        if size < 7:  # noqa: PLR2004 - the length of the shortest header
            return
        packed = 0
        if flags & _LONG4 or kind == _FILE4:
            (packed,) = struct.unpack_from("<I", content, place + 7)
        if kind == _FILE4:
            (checksum,) = struct.unpack_from("<I", content, place + 16)
            if flags & _BIG4:
                packed += struct.unpack_from("<I", content, place + 32)[0] << 32
            yield _Block.FILE, checksum
        place += size + packed


def _of_version5(content: bytes) -> Iterator[tuple[_Block, int | None]]:
    place = len(_MAGIC5)
    while place + 7 <= len(content):
        size, at = _number(content, place + 4)
        behind = at + size
        kind, at = _number(content, at)
        flags, at = _number(content, at)
        if kind == _END5:
            yield _Block.END, None
        if kind in {_END5, _ENCRYPTED5} or size == 0:
            return
        packed = 0
        if flags & _EXTRA5:
            _, at = _number(content, at)
        if flags & _DATA5:
            packed, at = _number(content, at)
        if kind == _FILE5:
            yield _Block.FILE, _file5(content, at)
        place = behind + packed


def _file5(content: bytes, at: int) -> int | None:
    flags, at = _number(content, at)
    for _ in range(2):  # the size when unpacked, the attributes
        _, at = _number(content, at)
    at += 4 if flags & _TIME5 else 0
    return int(struct.unpack_from("<I", content, at)[0]) if flags & _CRC5 else None


def _number(content: bytes, at: int) -> tuple[int, int]:
    """A number of variable length and the place behind it."""
    value = shift = 0
    while True:
        byte = content[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not byte & 0x80 or shift > 63:  # noqa: PLR2004 - more has no number of 64 bits
            return value, at
