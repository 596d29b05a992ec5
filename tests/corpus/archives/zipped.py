"""ZIP as Chinese programs write it: names in the code page of the machine, with or without a flag that says so."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO


def plain(files: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP with UTF-8 names and the flag for them."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=method)
    return buffer.getvalue()


def raw(files: Mapping[bytes, bytes], *, flags: int = 0, unicode_path: bool = False, mode: int = 0) -> bytes:
    """A ZIP of stored members whose names are the given bytes; `mode` are their Unix attributes.

    With `unicode_path` the names stand once more in UTF-8, in the field that Info-ZIP added; `files` are GB18030 then.
    """
    body, directory = b"", b""
    for name, content in files.items():
        extra = _unicode_path(name) if unicode_path else b""
        sizes = (zlib.crc32(content), len(content), len(content), len(name), len(extra))
        offset = len(body)
        body += struct.pack("<4s5H3I2H", b"PK\3\4", 20, flags, 0, 0, 33, *sizes) + name + extra + content
        head = struct.pack("<4s6H3I", b"PK\1\2", (3 << 8) | 20, 20, flags, 0, 0, 33, *sizes[:3])
        head += struct.pack("<5H2I", len(name), len(extra), 0, 0, 0, mode << 16, offset)
        directory += head + name + extra
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, len(files), len(files), len(directory), len(body), 0)
    return body + directory + end


def gbk(files: Mapping[str, bytes]) -> bytes:
    """A ZIP as WinRAR and Explorer write it on a Chinese Windows: GBK names, no flag."""
    return raw({name.encode("gb18030"): content for name, content in files.items()})


def _unicode_path(name: bytes) -> bytes:
    body = struct.pack("<BI", 1, zlib.crc32(name)) + name.decode("gb18030").encode()
    return struct.pack("<HH", 0x7075, len(body)) + body
