"""Office files encrypted with the password that Excel tries by itself, so that they open for everybody unasked.

Excel encrypts what somebody only protects against changes ("read-only recommended", a locked structure) with this word
(MS-OFFCRYPTO 2.4.2.3). The ciphers are those of msoffcrypto-tool. Any other password is `ENCRYPTED`, as ever.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from io import BytesIO
from xml.parsers.expat import ExpatError

from services.extractor import ole
from services.extractor.zipsafe import encrypted
from shared.contracts.document import SourceFile

DEFAULT_PASSWORD = "VelvetSweatshop"  # noqa: S105 - known to every copy of Excel
#: The stream of an encrypted package, which holds the whole ZIP.
ENCRYPTED_PACKAGE = "EncryptedPackage"
#: Rounds of hashing that a file may ask for. Office writes 100,000, the format allows a hundred times as many.
_MAX_ROUNDS = 1_000_000

_HEAD = struct.Struct("<HH")
_FILE_PASS, _BOUND_SHEET = 0x002F, 0x0085
#: Records that are never encrypted: BOF, UsrExcl, FileLock, InterfaceHdr, RRDInfo, RRDHead (MS-XLS 2.2.10).
_READABLE = frozenset({0x0809, 0x0194, 0x0195, 0x00E1, 0x0196, 0x0138, _FILE_PASS})
#: Where a sheet stands is readable, too: the first bytes of BoundSheet8.
_READABLE_BYTES = 4
_RC4, _BLOCK = 1, 1024
_SHORTEST_KEY = 40  # bits, where none are told
_RC4_VERSION, _CRYPTO_API_VERSIONS = (1, 1), frozenset({(2, 2), (3, 2), (4, 2)})

#: What the library raises, besides its own errors, on streams that are cut off or contradict each other.
_BROKEN = (
    OSError,
    struct.error,
    AssertionError,
    AttributeError,
    ExpatError,
    IndexError,
    KeyError,
    NotImplementedError,
    OverflowError,
    TypeError,
    StopIteration,
    UnboundLocalError,
    ValueError,
)


class _OtherCipherError(ValueError):
    """Another cipher than the RC4 that Excel has written since 1997."""


def unlocked(source: SourceFile) -> SourceFile:
    """`source`, decrypted if it is an encrypted package (XLSX, DOCX). Raises `ENCRYPTED` for other passwords."""
    content = source.content
    if not content.startswith(ole.MAGIC) or ENCRYPTED_PACKAGE not in ole.root_names(content):
        return source
    return source.model_copy(update={"content": _decrypted(lambda: _package(content))})


def unlocked_workbook(stream: bytes) -> bytes:
    """`stream`, the stream "Workbook" of an encrypted XLS, with its records decrypted.

    Raises `ENCRYPTED` for other passwords, and other methods than the RC4 that Excel has written since 1997.
    """
    return _decrypted(lambda: _workbook(stream))


def _package(content: bytes) -> bytes:
    from msoffcrypto.format.ooxml import OOXMLFile  # type: ignore[import-untyped] # noqa: PLC0415 - takes 0.2 s

    file = OOXMLFile(BytesIO(content))
    rounds = file.info.get("spinValue", 0)
    if rounds > _MAX_ROUNDS:
        raise ValueError(f"{rounds} rounds of hashing")
    file.load_key(password=DEFAULT_PASSWORD, verify_password=True)
    out = BytesIO()
    file.decrypt(out)
    return out.getvalue()


def _workbook(stream: bytes) -> bytes:
    """The library decrypts whole files too, but none whose stream is padded, and byte by byte."""
    place, length = next((place, length) for place, kind, length in _records(stream) if kind == _FILE_PASS)
    clear = _rc4(stream, stream[place + _HEAD.size : place + _HEAD.size + length])
    plain = bytearray(stream)
    plain[place : place + 2] = bytes(2)  # now a record without meaning
    for start, kind, size in _records(stream):
        if kind not in _READABLE:
            begin = start + _HEAD.size + (_READABLE_BYTES if kind == _BOUND_SHEET else 0)
            end = start + _HEAD.size + size
            plain[begin:end] = clear[begin:end]
    return bytes(plain)


def _records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """Place, kind and length of each record."""
    place = 0
    while place + _HEAD.size <= len(stream):
        kind, length = _HEAD.unpack_from(stream, place)
        yield place, kind, length
        place += _HEAD.size + length


def _rc4(stream: bytes, file_pass: bytes) -> bytes:
    """`stream` with every byte decrypted, also those that are readable as they are. `file_pass` says how."""
    from msoffcrypto.method.rc4 import DocumentRC4  # type: ignore[import-untyped] # noqa: PLC0415 - takes 0.2 s
    from msoffcrypto.method.rc4_cryptoapi import DocumentRC4CryptoAPI  # type: ignore[import-untyped] # noqa: PLC0415

    sizes: tuple[int, ...] = ()
    method, *version = struct.unpack_from("<HHH", file_pass)
    if method != _RC4:
        raise _OtherCipherError(f"method {method}")
    if tuple(version) == _RC4_VERSION:
        salt, verifier, proof = struct.unpack_from("<16s16s16s", file_pass, 6)
        keys = DocumentRC4
    elif tuple(version) in _CRYPTO_API_VERSIONS:
        _, header_size, _, _, _, _, bits = struct.unpack_from("<7I", file_pass, 6)
        _, salt, verifier, _, proof = struct.unpack_from("<I16s16sI20s", file_pass, 14 + header_size)
        keys, sizes = DocumentRC4CryptoAPI, (bits or _SHORTEST_KEY,)
    else:
        raise _OtherCipherError(f"version {version}")
    if not keys.verifypw(DEFAULT_PASSWORD, salt, *sizes, verifier, proof):
        raise ValueError("another password")
    clear: BytesIO = keys.decrypt(DEFAULT_PASSWORD, salt, *sizes, BytesIO(stream), blocksize=_BLOCK)
    return clear.getvalue()


def _decrypted(decrypt: Callable[[], bytes]) -> bytes:
    from msoffcrypto import exceptions  # type: ignore[import-untyped] # noqa: PLC0415 - takes 0.2 s

    try:
        return decrypt()
    except (exceptions.DecryptionError, exceptions.FileFormatError, exceptions.ParseError, *_BROKEN) as fault:
        raise encrypted(f"{type(fault).__name__}: {fault}") from fault
