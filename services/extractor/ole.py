"""The root of an OLE compound file and the first bytes of its streams: enough to tell a workbook from a letter."""

from __future__ import annotations

import struct
from typing import NamedTuple

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = 512
_ENTRY = 128
_END = 0xFFFFFFFA  # this and all above are marks, no sector or entry numbers
_NONE = 0xFFFFFFFF
_SLICE = 64


class Entry(NamedTuple):
    """A stream or storage: its first sector, and its size in bytes."""

    start: int
    size: int


def root_names(content: bytes) -> frozenset[str]:
    """Names of the streams and storages directly under the root; empty if the directory cannot be read."""
    return frozenset(_children(_entries(content)))


def stream_head(content: bytes, name: str, length: int) -> bytes:
    """The first `length` bytes, at most a sector, of the stream `name` in the root; b"" if there is none."""
    entries = _entries(content)
    entry = _children(entries).get(name)
    if entry is None:
        return b""
    length = min(length, entry.size)
    if entry.size >= struct.unpack_from("<I", content, 56)[0]:
        return _sector(content, entry.start, _sector_size(content))[:length]
    # Small streams lie in slices of 64 bytes in a stream of their own, which the root entry names.
    size = _sector_size(content)
    fat = _fat(content, size)
    sector = struct.unpack_from("<I", entries[0], 116)[0]
    for _ in range(min(entry.start * _SLICE // size, len(fat))):
        sector = fat[sector] if sector < len(fat) else _NONE
    return (
        _sector(content, sector, size)[entry.start * _SLICE % size :][: min(length, _SLICE)] if sector < _END else b""
    )


def _entries(content: bytes) -> list[bytes]:
    directory = _directory(content)
    return [directory[start : start + _ENTRY] for start in range(0, len(directory) - _ENTRY + 1, _ENTRY)]


def _children(entries: list[bytes]) -> dict[str, Entry]:
    if not entries:
        return {}
    found: dict[str, Entry] = {}
    seen: set[int] = set()
    waiting = [struct.unpack_from("<I", entries[0], 76)[0]]
    while waiting:
        number = waiting.pop()
        if number in seen or number >= len(entries):
            continue
        seen.add(number)
        entry = entries[number]
        length = min(max(struct.unpack_from("<H", entry, 64)[0] - 2, 0), 62)
        name = entry[:length].decode("utf-16-le", errors="replace")
        found[name] = Entry(*struct.unpack_from("<II", entry, 116))
        waiting += struct.unpack_from("<II", entry, 68)
    return found


def _sector_size(content: bytes) -> int:
    return 1 << int(struct.unpack_from("<H", content, 30)[0])


def _directory(content: bytes) -> bytes:
    if len(content) < _HEADER or not content.startswith(MAGIC):
        return b""
    size = _sector_size(content)
    if size not in {512, 4096}:
        return b""
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
