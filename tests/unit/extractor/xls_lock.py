"""Encrypted XLS workbooks: RC4 with a key for every 1,024 bytes, as Excel 97 does it and as Excel 2002 and later do.

See MS-OFFCRYPTO 2.3.5 (CryptoAPI) and 2.3.6.
"""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Callable, Iterator
from functools import partial

import xlwt  # type: ignore[import-untyped]
from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher
from xlwt.CompoundDoc import XlsDoc  # type: ignore[import-untyped]

#: The key of a block by its number.
Key = Callable[[int], bytes]

_SALT, _VERIFIER = bytes(range(16)), bytes(range(100, 116))
_BLOCK = 1024
_BOF, _FILE_PASS, _BOUND_SHEET, _INTERFACE = 0x0809, 0x002F, 0x0085, 0x00E1
_HEAD = struct.Struct("<HH")


def locked(book: xlwt.Workbook, password: str, *, crypto_api: bool = False) -> bytes:
    """`book` as an encrypted file."""
    key = partial(_api_key if crypto_api else _key, password)
    plain = _with_file_pass(book.get_biff_data(), _api_proof(key) if crypto_api else _proof(key))
    hidden = _rc4(plain, key)
    stream = b"".join(
        plain[start : start + 4 + shown] + hidden[start + 4 + shown : end] for start, end, shown in _records(plain)
    )
    buffer = io.BytesIO()
    XlsDoc().save(buffer, stream)
    return buffer.getvalue()


def _proof(key: Key) -> bytes:
    return struct.pack("<HHH", 1, 1, 1) + _SALT + _rc4(_VERIFIER + hashlib.md5(_VERIFIER).digest(), key)


def _api_proof(key: Key) -> bytes:
    name = "Microsoft Enhanced Cryptographic Provider v1.0\0".encode("utf-16-le")
    header = struct.pack("<8I", 4, 0, 0x6801, 0x8004, 128, 1, 0, 0) + name
    proof = _rc4(_VERIFIER + hashlib.sha1(_VERIFIER).digest(), key)
    verifier = struct.pack("<I16s", 16, _SALT) + proof[:16] + struct.pack("<I", 20) + proof[16:]
    return struct.pack("<HHHII", 1, 4, 2, 4, len(header)) + header + verifier


def _with_file_pass(stream: bytes, content: bytes) -> bytes:
    """The stream with the record that says so after its first, and the places of its sheets moved on."""
    record = _HEAD.pack(_FILE_PASS, len(content)) + content
    parts = []
    for start, end, _ in _records(stream):
        part = stream[start:end]
        if _HEAD.unpack_from(part)[0] == _BOUND_SHEET:
            part = part[:4] + struct.pack("<I", struct.unpack_from("<I", part, 4)[0] + len(record)) + part[8:]
        parts.append(part + (record if start == 0 else b""))
    return b"".join(parts)


def _records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """Where each record starts and ends, and how many bytes of its content stay readable."""
    place = 0
    while place < len(stream):
        kind, length = _HEAD.unpack_from(stream, place)
        whole = kind in {_BOF, _FILE_PASS, _INTERFACE}
        yield place, place + 4 + length, length if whole else 4 if kind == _BOUND_SHEET else 0
        place += 4 + length


def _key(password: str, block: int) -> bytes:
    start = hashlib.md5(password.encode("utf-16-le")).digest()[:5]
    middle = hashlib.md5((start + _SALT) * 16).digest()[:5]
    return hashlib.md5(middle + struct.pack("<I", block)).digest()


def _api_key(password: str, block: int) -> bytes:
    start = hashlib.sha1(_SALT + password.encode("utf-16-le")).digest()
    return hashlib.sha1(start + struct.pack("<I", block)).digest()[:16]


def _rc4(data: bytes, key: Key) -> bytes:
    ciphers = (Cipher(ARC4(key(number)), mode=None).encryptor() for number in range(-(-len(data) // _BLOCK)))
    return b"".join(
        cipher.update(data[number * _BLOCK : (number + 1) * _BLOCK]) for number, cipher in enumerate(ciphers)
    )
