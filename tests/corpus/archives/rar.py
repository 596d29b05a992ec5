"""RAR 4 and RAR 5 with stored or compressed members, after the published descriptions of the two formats."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

from tests.corpus.archives.rarpack import packed3, packed5


def rar5(files: Mapping[str, bytes], *, compress: bool = False) -> bytes:
    """Version 5: UTF-8 names, variable-length numbers."""
    archive = b"Rar!\x1a\x07\x01\x00" + _block5(_number(1) + _number(0) + _number(0))
    for name, content in files.items():
        told = name.encode()
        data = packed5(content) if compress else content
        body = (
            _number(2)  # a file
            + _number(2)  # its data follows
            + _number(len(data))
            + _number(4)  # with its CRC
            + _number(len(content))
            + _number(0o100644)
            + struct.pack("<I", zlib.crc32(content))
            + _number(3 << 7 if compress else 0)
            + _number(1)  # from Unix
            + _number(len(told))
            + told
        )
        archive += _block5(body) + data
    return archive + _block5(_number(5) + _number(0) + _number(0))


def rar4(files: Mapping[str, bytes], *, compress: bool = False) -> bytes:
    """Version 4 as made on a Chinese Windows by programs that write no Unicode names."""
    archive = b"Rar!\x1a\x07\x00" + _block4(0x73, 0, b"\0" * 6)
    for name, content in files.items():
        told = name.replace("/", "\\").encode("gb18030")
        data = packed3(content) if compress else content
        how = 0x33 if compress else 0x30
        body = struct.pack("<IIBIIBBHI", len(data), len(content), 2, zlib.crc32(content), 0, 29, how, len(told), 0x20)
        archive += _block4(0x74, 0x8000, body + told) + data
    return archive + _block4(0x7B, 0x4000, b"")


def _number(value: int) -> bytes:
    parts = []
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def _block5(body: bytes) -> bytes:
    sized = _number(len(body)) + body
    return struct.pack("<I", zlib.crc32(sized)) + sized


def _block4(kind: int, flags: int, body: bytes) -> bytes:
    head = struct.pack("<BHH", kind, flags, len(body) + 7) + body
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head
