"""ZIP-based files opened with limits, and XML parsed without entities, DTD or network.

A member is inflated only after the directory of the whole archive was found harmless, and never beyond the size that
the directory declares. Nothing is written to disk.
"""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase

MEGABYTE = 1024 * 1024

#: Members of an archive. A report with 200 pictures has fewer than 500.
MAX_MEMBERS = 10_000
#: Bytes of all members together when inflated.
MAX_INFLATED = 512 * MEGABYTE
#: Inflated bytes of one XML part that is read.
MAX_PART = 256 * MEGABYTE
#: Inflated size against packed size, looked at from `RATIO_FROM` bytes on: repetitive XML of office files reaches 100.
MAX_RATIO = 300
RATIO_FROM = 16 * MEGABYTE
MAX_NAME = 512

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_ENCRYPTED_FLAG = 0x1
#: what zipfile raises over broken archives
ARCHIVE_FAULTS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    ValueError,
    OSError,
    RuntimeError,
    IndexError,
)


class SafeZip:
    """An archive whose directory was checked. Part names compare without case and with "/" only, as in office files."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members: dict[str, zipfile.ZipInfo] = {}
        for info in archive.infolist():
            known = None if info.filename.endswith("/") else self._members.setdefault(_normal(info.filename), info)
            if known is not None and (known.CRC, known.file_size) != (info.CRC, info.file_size):
                raise damaged(f"member {info.filename!r} is there twice")  # which of them is meant?

    @property
    def names(self) -> tuple[str, ...]:
        """Normalised names of all members."""
        return tuple(self._members)

    def __contains__(self, name: str) -> bool:
        return _normal(name) in self._members

    def size(self, name: str) -> int:
        """Inflated bytes of member `name` as declared; `KeyError` if there is none."""
        return self._members[_normal(name)].file_size

    def read(self, name: str) -> bytes:
        """The bytes of member `name`; raises `DAMAGED` if it is missing or broken, `ZIP_BOMB` if it is too large."""
        info = self._members.get(_normal(name))
        if info is None:
            raise damaged(f"member {name} is missing")
        if info.file_size > MAX_PART:
            raise _bomb(f"{name}: {info.file_size} bytes")
        try:
            return self._archive.read(info)
        except ARCHIVE_FAULTS as fault:
            raise damaged(f"{name}: {fault}") from fault


def open_zip(content: bytes) -> SafeZip:
    """Check the directory of the archive in `content` and open it; nothing is inflated yet.

    Raises `DAMAGED` (cut off, not an archive, unsafe names), `ENCRYPTED` (password on the archive or on the office file
    that should be one), `ZIP_BOMB` (too many members, too large, or packed too well to be an office file).
    """
    if content.startswith(_OLE):
        raise _not_zip(content)
    try:
        archive = zipfile.ZipFile(BytesIO(content))
        members = archive.infolist()
    except ARCHIVE_FAULTS as fault:
        raise damaged(str(fault)) from fault
    if not members:
        raise damaged("empty archive")
    _check(members)
    return SafeZip(archive)


def zip_names(content: bytes) -> frozenset[str]:
    """Normalised names of all members, nothing checked but that there is a directory; raises `DAMAGED`, `ENCRYPTED`."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return frozenset(_normal(name) for name in archive.namelist())
    except ARCHIVE_FAULTS as fault:
        raise damaged(str(fault)) from fault


def parse_xml(data: bytes) -> Any:
    """The root element of `data`. Raises `DAMAGED` if it is not well-formed or carries a DTD (no office file does)."""
    try:
        root = etree.fromstring(data, etree.XMLParser(**XML_OPTIONS))
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise damaged(str(fault)) from fault
    refuse_dtd(root)
    return root


#: Options of every lxml parser over foreign XML.
XML_OPTIONS: dict[str, bool] = {
    "resolve_entities": False,
    "load_dtd": False,
    "dtd_validation": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


def refuse_dtd(root: Any) -> None:
    """Raise `DAMAGED` if the document of `root` has a DTD: its entities could swell without end or name files."""
    if root.getroottree().docinfo.internalDTD is not None:
        raise damaged("XML with a DTD")


def damaged(detail: str) -> InvalidDocument:
    """The error of a file that is cut off or broken."""
    return InvalidDocument(
        Category.DAMAGED,
        Phase.EXTRACT,
        Text(
            zh="文件已损坏或不完整，无法读取。请重新导出或重新上传原文件。",
            en="The file is damaged or incomplete and cannot be read. Export or upload the original again.",
        ),
        detail,
    )


def encrypted(detail: str) -> InvalidDocument:
    """The error of a file with a password."""
    return InvalidDocument(
        Category.ENCRYPTED,
        Phase.EXTRACT,
        Text(
            zh="文件设置了密码，无法读取。请去掉密码后重新上传。",
            en="The file is protected by a password. Remove the password and upload it again.",
        ),
        detail,
    )


def _check(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise _bomb(f"{len(members)} members")
    total = 0
    for info in members:
        if info.flag_bits & _ENCRYPTED_FLAG:
            raise encrypted(f"archive member {info.filename!r}")
        if len(info.filename) > MAX_NAME or ".." in _normal(info.filename).split("/"):
            raise damaged(f"unsafe member name {info.filename[:80]!r}")
        if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise _bomb(f"{info.filename}: {info.file_size} bytes from {info.compress_size}")
        total += info.file_size
    if total > MAX_INFLATED:
        raise _bomb(f"{total} bytes")


def _not_zip(content: bytes) -> InvalidDocument:
    if _ENCRYPTED_PACKAGE in content:
        return encrypted("OLE file with EncryptedPackage")
    return damaged("OLE file instead of an archive")


def _bomb(detail: str) -> InvalidDocument:
    return InvalidDocument(
        Category.ZIP_BOMB,
        Phase.EXTRACT,
        Text(
            zh="文件解压后大得异常（疑似压缩炸弹），已拒绝读取。请确认文件来源，或另存后重新上传。",
            en="The file would unpack to an abnormal size (a likely ZIP bomb) and was not opened. "
            "Check where it comes from, or save it anew and upload that.",
        ),
        detail,
    )


def _normal(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
