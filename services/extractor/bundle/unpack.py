"""An archive becomes its files, in memory, within limits; what cannot be read costs that file and no other."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath

from services.extractor.bundle import libarchive
from services.extractor.bundle.checksums import checksums, has_end
from services.extractor.bundle.faults import (
    bomb,
    damaged_part,
    encrypted_part,
    nothing_inside,
    rest_lost,
    skipped,
    too_deep,
    unsupported_method,
)
from services.extractor.bundle.names import decoded, is_litter, safe_path, zip_name
from services.extractor.detect import ARCHIVES, detect
from services.extractor.zipsafe import ARCHIVE_FAULTS, MAX_INFLATED, MAX_MEMBERS, MAX_RATIO, RATIO_FROM, damaged
from shared.contracts.document import Doubt, MediaType, SourceFile
from shared.contracts.errors import Category, InvalidDocument
from shared.runtime.progress import progress

#: How deep archives may lie in archives; the outermost is the first.
MAX_DEPTH = 3
#: What stands for the files of a damaged archive that nobody will ever know.
REST = "…"
_MAX_NAME = 512
_ENCRYPTED_FLAG = 0x1
#: what is wrong with the whole, wherever it shows
_WHOLE = frozenset({Category.ZIP_BOMB, Category.MISSING_PROGRAM})
_FORMATS = {MediaType.RAR: ("rar", "rar5"), MediaType.SEVENZIP: ("7zip",)}
#: RAR 4, whose names may be in the code page of the machine that packed them; the library takes what it can for UTF-8.
_RAR_4 = b"Rar!\x1a\x07\x00"


@dataclass(frozen=True)
class Member:
    """A file of an archive: its path with "/" between folders and archives, and its bytes, or why there are none."""

    path: str
    content: bytes = field(default=b"", repr=False)
    error: InvalidDocument | None = None


@dataclass(frozen=True)
class Unpacked:
    """The files of an archive in its own order, litter left out; `doubts` tell of what was passed over."""

    members: tuple[Member, ...]
    doubts: tuple[Doubt, ...] = ()


def unpack(source: SourceFile) -> Unpacked:
    """Open the archive `source` with all archives inside of it.

    Raises `InvalidDocument`: ZIP_BOMB (too many members, too large, packed too well), DAMAGED or ENCRYPTED when no
    member can be read at all for that reason, NOTHING_FOUND for an archive without files, MISSING_PROGRAM.
    """
    opener = _Opener(len(source.content))
    opener.open(source, "", 1)
    if not opener.members:
        raise nothing_inside()
    errors = [member.error for member in opener.members if member.error is not None]
    if len(errors) == len(opener.members):
        raise errors[0]
    return Unpacked(tuple(opener.members), tuple(opener.doubts))


class _Opener:
    """What was found so far, and what is left of the limits, which all archives inside of one share."""

    def __init__(self, packed: int) -> None:
        self.members: list[Member] = []
        self.doubts: list[Doubt] = []
        self._paths: set[str] = set()
        self._allowed = min(MAX_INFLATED, max(RATIO_FROM, MAX_RATIO * packed))
        self._inflated = self._seen = 0

    def open(self, source: SourceFile, prefix: str, depth: int) -> None:
        """Take the files of one archive; `prefix` is the path of it."""
        media_type = detect(source)
        walk = self._zip(source, prefix) if media_type is MediaType.ZIP else self._other(source, prefix, media_type)
        for member in walk:
            if member.error is None and _is_archive(member):
                self._inside(member, depth)
            else:
                self.members.append(member)

    def _inside(self, member: Member, depth: int) -> None:
        if depth == MAX_DEPTH:
            self.members.append(Member(member.path, error=too_deep(MAX_DEPTH)))
            return
        before = len(self.members)
        try:
            self.open(
                SourceFile(name=member.path.rsplit("/", 1)[-1], content=member.content), f"{member.path}/", depth + 1
            )
        except InvalidDocument as error:
            if error.category in _WHOLE:
                raise
            self.members.append(Member(member.path, error=error))
        else:
            if len(self.members) == before:
                self.members.append(Member(member.path, error=nothing_inside()))

    def _zip(self, source: SourceFile, prefix: str) -> Iterator[Member]:
        try:
            archive = zipfile.ZipFile(BytesIO(source.content))
            infos = archive.infolist()
        except ARCHIVE_FAULTS as fault:
            raise damaged(str(fault)) from fault
        with archive:
            for info in infos:
                kind = stat.S_IFMT(info.external_attr >> 16)
                plain = kind in {0, stat.S_IFREG, stat.S_IFDIR}
                path = self._wanted(zip_name(info), prefix, folder=info.filename.endswith("/"), plain=plain)
                if path is not None:
                    yield self._inflated_member(archive, info, path)

    def _inflated_member(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str) -> Member:
        if info.flag_bits & _ENCRYPTED_FLAG:
            return Member(path, error=encrypted_part(path))
        room = self._room(info.file_size)
        try:
            with archive.open(info) as file:
                content = file.read(room + 1)
        except NotImplementedError as fault:
            return Member(path, error=unsupported_method(path, str(fault)))
        except ARCHIVE_FAULTS as fault:
            return Member(path, error=damaged_part(path, str(fault)))
        return self._taken(path, content)

    def _other(self, source: SourceFile, prefix: str, media_type: MediaType) -> Iterator[Member]:
        found = 0
        noted = checksums(source.content)
        told = not source.content.startswith(_RAR_4)
        try:
            with libarchive.entries(source.content, *_FORMATS[media_type]) as walk:
                for entry in walk:
                    found += 1
                    checksum = next(noted, None)
                    name = entry.name if isinstance(entry.name, str) and told else decoded(_raw(entry.name))
                    folder, plain = entry.kind is libarchive.Kind.FOLDER, entry.kind is not libarchive.Kind.OTHER
                    path = self._wanted(name, prefix, folder=folder, plain=plain)
                    if path is not None:
                        yield self._read_member(entry, path, checksum)
        except libarchive.ArchiveFault as fault:
            if not found:
                raise (encrypted_part(source.name) if fault.encrypted else damaged(str(fault))) from fault
            yield Member(f"{prefix}{REST}", error=rest_lost(str(fault)))
        else:
            if found and not has_end(source.content):
                yield Member(f"{prefix}{REST}", error=rest_lost("no end of the archive"))

    def _read_member(self, entry: libarchive.Entry, path: str, checksum: int | None) -> Member:
        if entry.encrypted:
            return Member(path, error=encrypted_part(path))
        try:
            member = self._taken(path, entry.read(self._room(entry.size or 0)))
        except libarchive.ArchiveFault as fault:
            if fault.encrypted:
                return Member(path, error=encrypted_part(path))
            return Member(path, error=damaged_part(path, str(fault)))
        if checksum is not None and checksum != zlib.crc32(member.content):
            return Member(path, error=damaged_part(path, "CRC"))
        return member

    def _wanted(self, name: str, prefix: str, *, folder: bool, plain: bool) -> str | None:
        """The path of a member that is to be read, None for what is passed over."""
        progress()
        self._seen += 1
        if self._seen > MAX_MEMBERS:
            raise bomb(f"more than {MAX_MEMBERS} members")
        path = safe_path(name)
        if folder or (path is not None and is_litter(path)):
            return None
        if path is None or not plain or len(name) > _MAX_NAME:
            self.doubts.append(skipped(name[:80]))
            return None
        return self._unlike(prefix + path)

    def _unlike(self, path: str) -> str:
        """`path`, with ~2, ~3 behind the name where the archive has it more than once."""
        number, told = 1, path
        while told in self._paths:
            number += 1
            name = PurePosixPath(path)
            told = str(name.with_name(f"{name.stem}~{number}{name.suffix}"))
        self._paths.add(told)
        return told

    def _room(self, declared: int) -> int:
        left = self._allowed - self._inflated
        if declared > left:
            raise bomb(f"{declared} bytes where {left} are left")
        return left

    def _taken(self, path: str, content: bytes) -> Member:
        self._inflated += len(content)
        if self._inflated > self._allowed:
            raise bomb(f"more than {self._allowed} bytes")
        return Member(path, content)


def _raw(name: str | bytes) -> bytes:
    return name.encode() if isinstance(name, str) else name


def _is_archive(member: Member) -> bool:
    try:
        return detect(SourceFile(name=member.path, content=member.content)) in ARCHIVES
    except InvalidDocument:
        return False  # its reader will say what is wrong with it
