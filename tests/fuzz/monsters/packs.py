"""Archives."""

from __future__ import annotations

import io
import struct
import zipfile

from tests.fuzz.damage import packed
from tests.fuzz.monsters.kit import MEGABYTE, Monster

_LINE = "决算\t1\n".encode()


def _deep(levels: int = 60) -> bytes:
    """An archive in an archive in an archive, deeper than anyone would go."""
    content = _LINE
    for level in range(levels):
        content = packed({f"{level}.zip" if level else "决算.txt": content})
    return content


def _tree(levels: int = 6, width: int = 16) -> bytes:
    """A few kilobytes that would be sixteen million files."""
    content = packed({f"{number}.txt": _LINE * 1000 for number in range(width)})
    for _ in range(levels - 1):
        content = packed({f"{number}.zip": content for number in range(width)})
    return content


def _overlapping(copies: int = 5_000) -> bytes:
    """Every entry of the directory names the same packed bytes: thousands of files of a megabyte out of one."""
    inner = packed({"a.html": b"<html><body><p>x</p></body></html>" + b" " * MEGABYTE})
    with zipfile.ZipFile(io.BytesIO(inner)) as archive:
        info, start = archive.infolist()[0], archive.start_dir
    entries = b"".join(_entry(info, f"{number:05d}.html".encode()) for number in range(copies))
    return (
        inner[:start] + entries + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, copies, copies, len(entries), start, 0)
    )


def _entry(info: zipfile.ZipInfo, name: bytes) -> bytes:
    sizes = (info.CRC, info.compress_size, info.file_size, len(name))
    return struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 3, 20, 0, 0, 8, 0, 33, *sizes, *[0] * 6) + name


PACKS: tuple[Monster, ...] = (
    Monster("六十层.zip", lambda _: _deep()),
    Monster("树.zip", lambda _: _tree()),
    Monster("重叠.zip", lambda _: _overlapping()),
    Monster("多员.zip", lambda _: packed({f"{number}.txt": b"x" for number in range(20_000)})),
    Monster("越界.zip", lambda _: packed({"../../etc/passwd": _LINE, "/abs.txt": _LINE, "C:\\a.txt": _LINE})),
    Monster("空.zip", lambda _: packed({})),
)
