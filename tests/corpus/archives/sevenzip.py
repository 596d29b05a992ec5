"""7z with LZMA2, written by hand: one solid block of all members (the format's description lies in the LZMA SDK)."""

from __future__ import annotations

import lzma
import struct
import zlib
from collections.abc import Mapping

_MAGIC = b"7z\xbc\xaf\x27\x1c\x00\x04"
_DICTIONARY = 20  # property byte: 4 MB


def sevenzip(files: Mapping[str, bytes]) -> bytes:
    """The archive; its header is not packed."""
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 4 << 20}]
    packed = lzma.compress(b"".join(files.values()), lzma.FORMAT_RAW, filters=filters)
    header = _header(files, len(packed))
    start = struct.pack("<QQI", len(packed), len(header), zlib.crc32(header))
    return _MAGIC + struct.pack("<I", zlib.crc32(start)) + start + packed + header


def _header(files: Mapping[str, bytes], packed: int) -> bytes:
    sizes = [len(content) for content in files.values()]
    streams = b"\x06" + _number(0) + _number(1) + b"\x09" + _number(packed) + b"\x00"
    folder = b"\x0b" + _number(1) + b"\x00" + _number(1) + b"\x21\x21" + _number(1) + bytes([_DICTIONARY])
    streams += b"\x07" + folder + b"\x0c" + _number(sum(sizes)) + b"\x00"
    streams += b"\x08\x0d" + _number(len(sizes)) + b"\x09" + b"".join(map(_number, sizes[:-1]))
    crcs = b"".join(struct.pack("<I", zlib.crc32(content)) for content in files.values())
    streams += b"\x0a\x01" + crcs + b"\x00\x00"
    names = b"\x00" + b"".join(f"{name}\0".encode("utf-16-le") for name in files)
    told = _number(len(sizes)) + b"\x11" + _number(len(names)) + names + b"\x00"
    return b"\x01\x04" + streams + b"\x05" + told + b"\x00"


def _number(value: int) -> bytes:
    """7z's numbers: the leading ones of the first byte count the bytes that follow, lowest first."""
    for extra in range(8):
        if value < 1 << (7 * (extra + 1)):
            mask = 0xFF00 >> extra & 0xFF
            low = value.to_bytes(8, "little")[:extra]
            return bytes([mask | value >> (8 * extra)]) + low
    return b"\xff" + value.to_bytes(8, "little")
