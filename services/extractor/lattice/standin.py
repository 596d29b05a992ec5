"""A stand-in for Chinese fonts that a PDF names but does not embed.

PDFium drops text whose glyphs have no shape, and without a Chinese font on the machine those of such a font have none:
single characters (类, 款, 项), turned pages and files that place every character by itself lose text without a word.
Here every East Asian font that is not embedded is a font of boxes. Widths come from the PDF, so
the text and its places are the same on every machine. Pages are read, never painted.
"""

from __future__ import annotations

import ctypes
import struct
from functools import cache
from typing import Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from pypdfium2 import raw

_CHARSETS = frozenset(
    {
        raw.FXFONT_GB2312_CHARSET,
        raw.FXFONT_CHINESEBIG5_CHARSET,
        raw.FXFONT_SHIFTJIS_CHARSET,
        raw.FXFONT_HANGEUL_CHARSET,
    }
)
_EM, _ASCENT, _DESCENT = 1000, 880, -120
_NAME = b"Standin\0"


def _box(left: int, right: int) -> bytes:
    """A glyph: one contour of four points."""
    width, height = right - left, _ASCENT - _DESCENT
    outline = struct.pack(">5h", 1, left, _DESCENT, right, _ASCENT)
    outline += struct.pack(">2H4B", 3, 0, 1, 1, 1, 1)  # the last point, no instructions, all points on the curve
    outline += struct.pack(">8h", left, 0, width, 0, _DESCENT, height, 0, -height)
    return outline + b"\0" * (-len(outline) % 4)


def _tables() -> dict[bytes, bytes]:
    """What a TrueType font cannot do without. Latin characters have a narrow box that stays within their width."""
    glyphs = [_box(50, 950), _box(50, 200), _box(50, 950)]
    places = [sum(map(len, glyphs[:i])) for i in range(len(glyphs) + 1)]
    latin, wide = (0, 0x2FF, 1), (0x300, 0x10FFFF, 2)
    groups = struct.pack(">HHIII6I", 13, 0, 40, 0, 2, *latin, *wide)
    box = (50, _DESCENT, 950, _ASCENT)
    return {
        b"cmap": struct.pack(">HHHHI", 0, 1, 3, 10, 12) + groups,
        b"glyf": b"".join(glyphs),
        b"head": struct.pack(">4I2H2Q4h2H3h", 1 << 16, 1 << 16, 0, 0x5F0F3CF5, 0, _EM, 0, 0, *box, 0, 8, 2, 1, 0),
        b"hhea": struct.pack(">I3hH11hH", 1 << 16, _ASCENT, _DESCENT, 0, _EM, 50, 50, 950, *[0] * 8, 1),
        b"hmtx": struct.pack(">H3h", _EM, 50, 50, 50),
        b"loca": struct.pack(">4I", *places),
        b"maxp": struct.pack(">I14H", 1 << 16, len(glyphs), 4, 1, 0, 0, 1, *[0] * 8),
        b"post": struct.pack(">II2h5I", 3 << 16, 0, -100, 50, 0, 0, 0, 0, 0),
    }


@cache
def font() -> bytes:
    """The font file."""
    tables = _tables()
    head = struct.pack(">IHHHH", 0x10000, len(tables), 128, 3, 0)
    place = len(head) + 16 * len(tables)
    directory, body = b"", b""
    for tag, table in sorted(tables.items()):
        directory += tag + struct.pack(">III", 0, place + len(body), len(table))
        body += table + b"\0" * (-len(table) % 4)
    return head + directory + body


class _Fonts(pdfium.PdfSysfontBase):  # type: ignore[misc]
    """The fonts of the system, but for those of East Asian character sets."""

    _HANDLE = 1

    def MapFont(self, _: Any, weight: int, italic: int, charset: int, pitch: int, face: Any, ignored: Any) -> Any:  # noqa: N802
        """A handle of the font to use instead of `face`."""
        if charset in _CHARSETS:
            return self._HANDLE
        return self.default.MapFont(self.default, weight, italic, charset, pitch, face, ignored)

    def GetFontData(self, _: Any, handle: Any, table: int, buffer: Any, size: int) -> Any:  # noqa: N802
        """The bytes of a font (`table` 0: all of it) if they fit into `buffer`, and their number."""
        if handle != self._HANDLE:
            return self.default.GetFontData(self.default, handle, table, buffer, size)
        data = font() if table == 0 else _tables().get(table.to_bytes(4, "big"), b"")
        if buffer and size >= len(data):
            ctypes.memmove(buffer, data, len(data))
        return len(data)

    def GetFaceName(self, _: Any, handle: Any, buffer: Any, size: int) -> Any:  # noqa: N802
        """The name of a font."""
        if handle != self._HANDLE:
            return self.default.GetFaceName(self.default, handle, buffer, size)
        if buffer and size >= len(_NAME):
            ctypes.memmove(buffer, _NAME, len(_NAME))
        return len(_NAME)

    def GetFontCharset(self, _: Any, handle: Any) -> Any:  # noqa: N802
        """The character set of a font."""
        if handle != self._HANDLE:
            return self.default.GetFontCharset(self.default, handle)
        return raw.FXFONT_GB2312_CHARSET

    def DeleteFont(self, _: Any, handle: Any) -> Any:  # noqa: N802
        """Release a font."""
        if handle != self._HANDLE:
            self.default.DeleteFont(self.default, handle)


@cache
def install() -> None:
    """Make PDFium use the stand-in from now on in this process. Call before the first document is opened."""
    _Fonts().setup()
