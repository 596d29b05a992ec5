"""RAR and 7z by libarchive: its C functions called through ctypes, nothing written to disk.

Only the formats that are asked for are switched on; everything else that the library can do stays out of reach.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import locale
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.metadata import PackageNotFoundError, files
from typing import Any

from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase

#: the wheel whose libarchive is used unless JUESUAN_LIBARCHIVE names another
_WHEEL = "archi"
#: where the tools that complete wheels put libraries (Linux and Windows, macOS)
_LIBRARY_FOLDERS = (f"{_WHEEL}.libs", f"{_WHEEL}.dylibs", ".dylibs")
_EOF, _WARN = 1, -20
_BLOCK = 1024 * 1024
_REGULAR, _DIRECTORY, _KIND = 0o100000, 0o040000, 0o170000
_LOCALES = ("C.UTF-8", "en_US.UTF-8", "UTF-8", ".UTF-8")


class ArchiveFault(Exception):
    """libarchive could not go on; the message is its own. `encrypted`: because of a password."""

    def __init__(self, message: str, *, encrypted: bool = False) -> None:
        super().__init__(message)
        self.encrypted = encrypted


class Kind(Enum):
    """What an entry is."""

    FILE = "file"
    FOLDER = "folder"
    OTHER = "link or device"


@dataclass(frozen=True)
class Entry:
    """The header of a member. `name` is bytes where the archive does not say in which encoding; `size` if it is told.

    `read` may be called once, before the next entry is asked for.
    """

    name: str | bytes
    kind: Kind
    size: int | None
    encrypted: bool
    _archive: _Archive

    def read(self, limit: int) -> bytes:
        """At most `limit` + 1 bytes of content: more than `limit` means that there is more. Raises `ArchiveFault`."""
        return self._archive.data(limit)


@contextmanager
def entries(content: bytes, *formats: str) -> Iterator[Iterator[Entry]]:
    """The members of the archive in `content`, which is of one of `formats` (rar, rar5, 7zip, zip_streamable).

    Raises `ArchiveFault`, also from the iterator: what came before it is sound. `MISSING_PROGRAM` without the library.
    """
    with _utf8_names():
        archive = _Archive(_library(), content, formats)
        try:
            yield archive.entries()
        finally:
            archive.close()


class _Archive:
    def __init__(self, library: Any, content: bytes, formats: tuple[str, ...]) -> None:
        self._library, self._content = library, content  # the library reads from `content` until it is closed
        self._recognised = False
        self._handle = library.archive_read_new()
        if not self._handle:
            raise MemoryError
        try:
            for name in formats:
                self._check(getattr(library, f"archive_read_support_format_{name}")(self._handle))
            self._check(library.archive_read_open_memory(self._handle, content, len(content)))
            self._recognised = True
        except ArchiveFault:
            self.close()
            raise

    def entries(self) -> Iterator[Entry]:
        library, entry = self._library, ctypes.c_void_p()
        while True:
            status = library.archive_read_next_header(self._handle, ctypes.byref(entry))
            if status == _EOF:
                return
            self._check(status)
            mode = library.archive_entry_filetype(entry) & _KIND
            linked = library.archive_entry_hardlink_utf8(entry) or library.archive_entry_hardlink(entry)
            kind = {_REGULAR: Kind.FILE, _DIRECTORY: Kind.FOLDER}.get(mode, Kind.OTHER)
            yield Entry(
                name=self._name(entry),
                kind=Kind.OTHER if linked else kind,
                size=library.archive_entry_size(entry) if library.archive_entry_size_is_set(entry) else None,
                encrypted=bool(library.archive_entry_is_encrypted(entry)),
                _archive=self,
            )

    def data(self, limit: int) -> bytes:
        buffer = ctypes.create_string_buffer(min(_BLOCK, limit + 1))
        parts: list[bytes] = []
        size = 0
        while size <= limit:
            got = self._library.archive_read_data(self._handle, buffer, min(len(buffer), limit + 1 - size))
            if got == 0:
                break
            if got < 0:
                raise self._fault()
            parts.append(buffer.raw[:got])
            size += got
        return b"".join(parts)

    def close(self) -> None:
        self._library.archive_read_free(self._handle)

    def _name(self, entry: ctypes.c_void_p) -> str | bytes:
        told: bytes | None = self._library.archive_entry_pathname_utf8(entry)
        if told is not None:
            return told.decode("utf-8", "replace")
        raw: bytes | None = self._library.archive_entry_pathname(entry)
        return raw or b""

    def _check(self, status: int) -> None:
        if status < _WARN:
            raise self._fault()

    def _fault(self) -> ArchiveFault:
        message: bytes = self._library.archive_error_string(self._handle) or b"unknown fault"
        words = message.decode("utf-8", "replace")
        # Before a format is recognised the library reads from nowhere when it is asked this.
        told = self._recognised and self._library.archive_read_has_encrypted_entries(self._handle) > 0
        return ArchiveFault(words, encrypted=told or "encrypt" in words.lower() or "passphrase" in words.lower())


@contextmanager
def _utf8_names() -> Iterator[None]:
    """The library converts names to the character set of the C locale: it must be one that has all characters."""
    before = locale.setlocale(locale.LC_CTYPE)
    if locale.getlocale(locale.LC_CTYPE)[1] in {"UTF-8", "utf8"}:
        yield
        return
    for name in _LOCALES:
        try:
            locale.setlocale(locale.LC_CTYPE, name)
        except locale.Error:
            continue
        break
    try:
        yield
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


@cache
def _library() -> Any:
    for path in _places():
        try:
            return _declared(ctypes.CDLL(path))
        except (OSError, AttributeError):
            continue
    raise InvalidDocument(
        Category.MISSING_PROGRAM,
        Phase.EXTRACT,
        Text(
            zh="读取 RAR、7z 压缩包需要 libarchive：请重新安装 juesuan 的依赖（pip install archi），"
            "或安装系统的 libarchive 并用 JUESUAN_LIBARCHIVE 指明其路径；也可先解压，再提交其中的文件。",
            en="Reading RAR and 7z needs libarchive: install the dependencies of juesuan again (pip install archi), or "
            "the libarchive of the system and name its path in JUESUAN_LIBARCHIVE. Or unpack the archive and submit "
            "the files inside.",
        ),
        "no libarchive",
    )


def _places() -> Iterator[str]:
    """Where libarchive may be: named by the operator, in the wheel, in the system."""
    if named := os.environ.get("JUESUAN_LIBARCHIVE"):
        yield named
    try:
        held = files(_WHEEL) or []
    except PackageNotFoundError:
        held = []
    for file in held:
        if file.parts[0] in _LIBRARY_FOLDERS and "archive" in file.name:
            yield str(file.locate())
    if found := ctypes.util.find_library("archive"):
        yield found


def _declared(library: Any) -> Any:
    """`library` with the types of the functions that are used; `AttributeError` if one is missing (older than 3.4)."""
    handle, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    signatures: dict[str, tuple[Any, tuple[Any, ...]]] = {
        "archive_read_new": (handle, ()),
        "archive_read_support_format_rar": (number, (handle,)),
        "archive_read_support_format_rar5": (number, (handle,)),
        "archive_read_support_format_7zip": (number, (handle,)),
        "archive_read_support_format_zip_streamable": (number, (handle,)),
        "archive_read_open_memory": (number, (handle, text, ctypes.c_size_t)),
        "archive_read_next_header": (number, (handle, ctypes.POINTER(ctypes.c_void_p))),
        "archive_read_data": (ctypes.c_ssize_t, (handle, handle, ctypes.c_size_t)),
        "archive_read_has_encrypted_entries": (number, (handle,)),
        "archive_read_free": (number, (handle,)),
        "archive_error_string": (text, (handle,)),
        "archive_entry_pathname_utf8": (text, (handle,)),
        "archive_entry_pathname": (text, (handle,)),
        "archive_entry_hardlink_utf8": (text, (handle,)),
        "archive_entry_hardlink": (text, (handle,)),
        "archive_entry_filetype": (ctypes.c_uint, (handle,)),
        "archive_entry_size": (ctypes.c_int64, (handle,)),
        "archive_entry_size_is_set": (number, (handle,)),
        "archive_entry_is_encrypted": (number, (handle,)),
    }
    for name, (gives, takes) in signatures.items():
        function = getattr(library, name)
        function.restype, function.argtypes = gives, list(takes)
    return library
