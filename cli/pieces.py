"""Files that may be part of something: what a worker makes of archives, their files, and what belongs together."""

from __future__ import annotations

import hashlib
import pickle
import time
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePosixPath

from cli.work import Job, Record, digest, read, recorded
from services.extractor.bundle.evidence import Evidence, evidence_of
from services.extractor.bundle.faults import lost_part
from services.extractor.bundle.group import stands_alone
from services.extractor.bundle.merge import Read, bundle_id, merge
from shared.contracts.document import Document, Doubt, SourceFile
from shared.contracts.errors import InvalidDocument, JuesuanError, Phase
from shared.runtime.local import Processed, attempt, outcome_of, process_document
from shared.runtime.worker import entering


class Waits(Enum):
    """Whether a file that was read waits for the others of its folder or archive."""

    NEVER = "there are none"
    UNLESS_TABLES = "not if it has most of the tables: no other file is named like it"
    UNLESS_WHOLE = "not if it has most of the tables and a narrative"
    ALWAYS = "whatever is in it"


@dataclass(frozen=True)
class Piece:
    """A file that may be an archive or a part of a report. `path` in `job` is where it lies, `inner` what it is called.

    `spool` is the name of a file (or folder) that may be made for what comes out of it.
    """

    job: Job
    inner: str
    spool: Path
    waits: Waits


@dataclass(frozen=True)
class Opened:
    """An archive was: its files by path, each with where it lies now or why it cannot be read."""

    members: tuple[tuple[str, Path | InvalidDocument], ...]
    doubts: tuple[Doubt, ...]
    document_id: str


@dataclass(frozen=True)
class Held:
    """A file was read and waits for others: its document lies in `spool`."""

    inner: str
    spool: Path
    evidence: Evidence
    document_id: str
    seconds: float


@dataclass(frozen=True)
class Lost:
    """A file of an archive that cannot be read."""

    path: str
    error: JuesuanError
    document_id: str | None = None


@dataclass(frozen=True)
class Joining:
    """What was found to be one result. `lost` are files of it that cannot be read; without `parts` it is just that.

    `bundled`: the document tells of its parts, which it does not where a file in a folder was found to be alone.
    """

    job: Job
    parts: tuple[Held, ...]
    lost: tuple[Lost, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    bundled: bool = True

    @property
    def document_id(self) -> str | None:
        """The id of the document that it becomes."""
        return bundle_id([part.document_id for part in self.parts]) if self.parts else self.lost[0].document_id


Task = Piece | Joining
Result = Record | Opened | Held


def carry_out(task: Task) -> Result:
    """Do one task, in a worker."""
    return join(task) if isinstance(task, Joining) else take(task)


def take(piece: Piece) -> Result:
    """Open an archive, or read a file: to the end if it is a report by itself, else as far as to know what it is."""
    from services.extractor.detect import ARCHIVES, detect  # noqa: PLC0415 - loaded where it runs, in the worker

    job = piece.job
    try:
        content = read(job.path)
        source = SourceFile(name=PurePosixPath(piece.inner).name, content=content)
        archive = detect(source) in ARCHIVES
    except InvalidDocument as error:
        return recorded(job, digest(job.path), Processed(outcome_of(error), error))
    if not archive:
        return _look(piece, source)
    fault, result = attempt(lambda value: _open(value, piece.spool), source, Phase.EXTRACT)
    if fault is not None:
        return recorded(job, hashlib.sha256(content).hexdigest(), Processed(outcome_of(fault), fault))
    opened: Opened = result
    return opened


def join(task: Joining) -> Record:
    """Put the parts together and go on with them as with one file."""
    from cli.chain import CHAIN  # noqa: PLC0415 - the stages are loaded where they run, in the worker

    if not task.parts:
        reason = task.lost[0].error
        return recorded(task.job, task.document_id, Processed(outcome_of(reason), reason))
    seconds = {CHAIN.extractor.name: sum(part.seconds for part in task.parts)}
    error, document = attempt(_document, task, Phase.EXTRACT)
    if error is not None:
        return recorded(task.job, task.document_id, Processed(outcome_of(error), error, timings=seconds))
    return recorded(task.job, task.document_id, process_document(CHAIN, document, seconds))


def _open(source: SourceFile, spool: Path) -> Opened:
    """The files inside, written under numbers: what they are called is no path of ours."""
    from services.extractor.bundle.unpack import unpack  # noqa: PLC0415 - as above

    unpacked = unpack(source)
    spool.mkdir()
    members: list[tuple[str, Path | InvalidDocument]] = []
    for number, member in enumerate(unpacked.members):
        if member.error is not None:
            members.append((member.path, member.error))
            continue
        place = spool / str(number)
        place.write_bytes(member.content)
        members.append((member.path, place))
    return Opened(tuple(members), unpacked.doubts, hashlib.sha256(source.content).hexdigest())


def _look(piece: Piece, source: SourceFile) -> Record | Held:
    from cli.chain import CHAIN  # noqa: PLC0415 - as above

    job = piece.job
    entering(Phase.EXTRACT)
    started = time.perf_counter()
    error, document = attempt(CHAIN.extractor.handle, source, Phase.EXTRACT)
    seconds = time.perf_counter() - started
    if error is not None:
        timings = {CHAIN.extractor.name: seconds}
        identity = hashlib.sha256(source.content).hexdigest()
        return recorded(job, identity, Processed(outcome_of(error), error, timings=timings))
    evidence = evidence_of(document, piece.inner)
    if not _waits(piece.waits, evidence):
        processed = process_document(CHAIN, document, {CHAIN.extractor.name: seconds})
        return recorded(job, document.document_id, processed)
    piece.spool.write_bytes(pickle.dumps(document))
    return Held(piece.inner, piece.spool, evidence, document.document_id, seconds)


def _waits(waits: Waits, evidence: Evidence) -> bool:
    if waits is Waits.UNLESS_WHOLE:
        return not stands_alone(evidence)
    return waits is Waits.ALWAYS or (waits is Waits.UNLESS_TABLES and not stands_alone(evidence, named=True))


def _document(task: Joining) -> Document:
    documents = [pickle.loads(part.spool.read_bytes()) for part in task.parts]  # noqa: S301 - written by `_look`
    if not task.bundled and len(documents) == 1:
        only: Document = documents[0]
        return only
    parts = [Read(part.inner, document) for part, document in zip(task.parts, documents, strict=True)]
    lost = [lost_part(one.path, one.error) for one in task.lost]
    return merge(parts, task.job.name or task.job.path.name, (*task.doubts, *lost))
