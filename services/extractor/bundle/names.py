"""Names of members: decoded, made safe, told apart from litter, in the order in which people count."""

from __future__ import annotations

import re
import struct
import zlib
from zipfile import ZipInfo

_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075
#: The last character that UTF-8 writes in two bytes.
_TWO_BYTES = 0x7FF
_LITTER = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"})
_LITTER_ENDS = (".url", ".lnk", ".tmp")
_LITTER_FOLDERS = frozenset({"__macosx", "$recycle.bin", "system volume information"})
_NUMERALS = {character: str(number) for number, character in enumerate("一二三四五六七八九", start=1)} | {"十": "10"}
_DIGITS = re.compile(r"(\d+)")


def zip_name(info: ZipInfo) -> str:
    """The name of a ZIP member as its maker meant it.

    Without the UTF-8 flag the name is in the code page of the machine that packed it: the Unicode path field (APPNOTE
    4.6.9) decides where there is one; else UTF-8 (macOS sets no flag) if it is that, else the code page of China.
    """
    name = info.orig_filename
    if info.flag_bits & _UTF8_FLAG or name.isascii():
        return name
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    return _unicode_path(info.extra, raw) or decoded(raw)


def decoded(raw: bytes) -> str:
    """A name of unknown encoding: UTF-8 if it can be that, else GB18030, else byte for byte.

    Chinese takes three bytes a character in UTF-8. What would be Greek or Arabic there, two bytes each, is Chinese in
    the other: 图 is the same bytes as ͼ.
    """
    text = _as(raw, "utf-8")
    if text is None or (not text.isascii() and max(map(ord, text)) <= _TWO_BYTES):
        text = _as(raw, "gb18030") or text
    return raw.decode("cp437") if text is None else text


def _as(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    position = 0
    while position + 4 <= len(extra):
        field, size = struct.unpack_from("<HH", extra, position)
        body = extra[position + 4 : position + 4 + size]
        position += 4 + size
        if field == _UNICODE_PATH and len(body) > 5 and body[0] == 1:  # noqa: PLR2004 - version, CRC, then the name
            (checksum,) = struct.unpack_from("<I", body, 1)
            if checksum == zlib.crc32(raw):
                return body[5:].decode("utf-8", "replace")
    return None


def safe_path(name: str) -> str | None:
    """`name` with "/" between folders; None where it points out of the archive (absolute, a drive, ..)."""
    plain = name.replace("\\", "/").split("\0", 1)[0]
    parts = [part for part in plain.split("/") if part not in {"", "."}]
    if not parts or plain.startswith("/") or ".." in parts or re.match(r"[A-Za-z]:", parts[0]):
        return None
    return "/".join(parts)


def is_litter(path: str) -> bool:
    """Whether a member is what systems and office programs leave behind: hidden, locks, thumbnails, links."""
    *folders, name = path.lower().split("/")
    return (
        name.startswith((".", "~$"))
        or name in _LITTER
        or name.endswith(_LITTER_ENDS)
        or any(folder in _LITTER_FOLDERS or folder.startswith(".") for folder in folders)
    )


def counting(path: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts 表2 before 表10 and 附件二 before 附件三."""
    folded = "".join(_NUMERALS.get(character, character) for character in path.casefold())
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in _DIGITS.split(folded) if part)
