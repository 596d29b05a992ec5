"""Whether the records of an XLS workbook follow each other without a gap: xlrd passes over a gap without a word."""

from __future__ import annotations

import struct

_BEGINS, _ENDS = frozenset({0x0809, 0x0409, 0x0209, 0x0009}), 0x000A
_HEAD = struct.Struct("<HH")


def has_gaps(stream: bytes) -> bool:
    """Whether zeros stand where a record should, or the stream stops within a sheet.

    `stream` is the whole stream "Workbook" or "Book". After the end of the last sheet anything may follow.
    """
    place = depth = 0
    while place + _HEAD.size <= len(stream):
        kind, length = _HEAD.unpack_from(stream, place)
        if kind in _BEGINS and length:
            depth += 1
        elif kind == _ENDS and length == 0:
            depth = max(0, depth - 1)
        elif kind == 0 and length == 0:
            return depth > 0
        place += _HEAD.size + length
    return depth > 0
