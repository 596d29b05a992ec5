"""The names in the root of an OLE compound file: enough to tell a workbook from a letter."""

from __future__ import annotations

import struct

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = 512
_ENTRY = 128
_END = 0xFFFFFFFA  # this and all above are marks, no sector or entry numbers
_NONE = 0xFFFFFFFF


def root_names(content: bytes) -> frozenset[str]:
    """Names of the streams and storages directly under the root; empty if the directory cannot be read."""
    directory = _directory(content)
    entries = [directory[start : start + _ENTRY] for start in range(0, len(directory) - _ENTRY + 1, _ENTRY)]
    if not entries:
        return frozenset()
    names: set[str] = set()
    seen: set[int] = set()
    waiting = [struct.unpack_from("<I", entries[0], 76)[0]]
    while waiting:
        number = waiting.pop()
        if number in seen or number >= len(entries):
            continue
        seen.add(number)
        entry = entries[number]
        length = min(max(struct.unpack_from("<H", entry, 64)[0] - 2, 0), 62)
        names.add(entry[:length].decode("utf-16-le", errors="replace"))
        waiting += struct.unpack_from("<II", entry, 68)
    return frozenset(names)


def _directory(content: bytes) -> bytes:
    if len(content) < _HEADER or not content.startswith(MAGIC):
        return b""
    shift = struct.unpack_from("<H", content, 30)[0]
    if shift not in {9, 12}:
        return b""
    size = 1 << shift
    fat = _fat(content, size)
    sector = struct.unpack_from("<I", content, 48)[0]
    parts: list[bytes] = []
    seen: set[int] = set()
    while sector < _END and sector not in seen:
        seen.add(sector)
        parts.append(_sector(content, sector, size))
        sector = fat[sector] if sector < len(fat) else _NONE
    return b"".join(parts)


def _fat(content: bytes, size: int) -> list[int]:
    """The allocation table; the first 109 of its sectors (7 MB and more) are enough to find the directory."""
    table: list[int] = []
    for number in struct.unpack_from("<109I", content, 76):
        if number < _END:
            data = _sector(content, number, size)
            table += struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])
    return table


def _sector(content: bytes, number: int, size: int) -> bytes:
    start = (number + 1) * size
    return content[start : start + size]
