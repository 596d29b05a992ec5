"""What the head of a Word document says: its age and whether it has a password ([MS-DOC] 2.5.1, FibBase)."""

from __future__ import annotations

import struct

from services.extractor import ole

_LENGTH = 32
_WORD_97 = 0xA5EC
_FIRST_97 = 0xC1
_ENCRYPTED = 0x0100


def is_encrypted(content: bytes) -> bool:
    """Whether the text of this .doc is encrypted or obfuscated; False where the head cannot be read."""
    head = _head(content)
    return head is not None and bool(struct.unpack_from("<H", head, 10)[0] & _ENCRYPTED)


def is_word_97(content: bytes) -> bool:
    """Whether Word 97 or later, or WPS, wrote this .doc; False for Word 6 and 95 and what cannot be read."""
    head = _head(content)
    if head is None:
        return False
    identity, version = struct.unpack_from("<HH", head)
    return bool(identity == _WORD_97 and version >= _FIRST_97)


def _head(content: bytes) -> bytes | None:
    head = ole.stream_head(content, "WordDocument", _LENGTH)
    return head if len(head) == _LENGTH else None
