"""An archive in one go: opened, every file in it read, the files put together to reports."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from services.extractor.bundle.evidence import Evidence, evidence_of
from services.extractor.bundle.faults import lost_part, nothing_inside
from services.extractor.bundle.merge import Read, merge
from services.extractor.bundle.plan import Planned, plan
from services.extractor.bundle.unpack import Member, unpack
from shared.contracts.document import Document, Doubt, SourceFile
from shared.contracts.errors import InvalidDocument
from shared.runtime.progress import progress

ReadFile = Callable[[SourceFile], Document]


@dataclass(frozen=True)
class Found:
    """One result of an archive: its files, and `document()` once it is wanted. `name` is "" if it is the only one."""

    name: str
    members: tuple[Member, ...]
    document: Callable[[], Document]


def open_archive(source: SourceFile, read: ReadFile) -> tuple[list[Found], tuple[Doubt, ...]]:
    """The reports of the archive `source` and the doubts of the whole; each file in it is read with `read`.

    A file that cannot be read is a result of its own, whose `document` raises the reason, or a doubt of the report
    that it belongs to. Raises what `unpack` raises.
    """
    opened = unpack(source)
    looks = [_look(member, read) for member in opened.members]
    planned = plan([member.path for member in opened.members], [look.evidence for look in looks])
    if not planned:
        raise nothing_inside()
    found = [
        Found(
            name=one.name,
            members=tuple(opened.members[number] for number in (*one.parts, *one.lost)),
            document=_Making(one, looks, opened.doubts, source.name),
        )
        for one in planned
    ]
    return found, opened.doubts


def as_one(source: SourceFile, read: ReadFile) -> Document:
    """All readable files of an archive that is known to be one report, whatever they say of themselves."""
    opened = unpack(source)
    looks = [_look(member, read) for member in opened.members]
    parts = tuple(number for number, look in enumerate(looks) if look.error is None)
    lost = tuple(number for number, look in enumerate(looks) if look.error is not None)
    return _Making(Planned(parts, lost, ""), looks, opened.doubts, source.name)()


@dataclass(frozen=True)
class _Look:
    """A file that was read: what it says of itself, and the document, packed, since an archive may hold hundreds."""

    path: str
    evidence: Evidence | None = None
    packed: bytes = b""
    error: InvalidDocument | None = None


def _look(member: Member, read: ReadFile) -> _Look:
    progress()
    if member.error is not None:
        return _Look(member.path, error=member.error)
    try:
        document = read(SourceFile(name=member.path.rsplit("/", 1)[-1], content=member.content))
    except InvalidDocument as error:
        return _Look(member.path, error=error)
    return _Look(member.path, evidence_of(document, member.path), zlib.compress(pickle.dumps(document), 1))


@dataclass(frozen=True)
class _Making:
    """Makes the document of one result."""

    planned: Planned
    looks: Sequence[_Look]
    doubts: tuple[Doubt, ...]
    archive: str

    def __call__(self) -> Document:
        if not self.planned.parts:
            raise next(iter(self._errors()))[1]
        parts = [
            Read(look.path, pickle.loads(zlib.decompress(look.packed)))  # noqa: S301 - packed here a moment ago
            for look in (self.looks[number] for number in self.planned.parts)
        ]
        name = f"{self.archive}/{self.planned.name}" if self.planned.name else self.archive
        lost = [lost_part(path, error) for path, error in self._errors()]
        return merge(parts, name, (*self.doubts, *lost))

    def _errors(self) -> Iterator[tuple[str, InvalidDocument]]:
        for number in self.planned.lost:
            look = self.looks[number]
            if look.error is not None:
                yield look.path, look.error
