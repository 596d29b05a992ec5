"""What the services tell each other: CloudEvents types and their JSON bodies. Large payloads travel by key."""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

from pydantic import AwareDatetime, ConfigDict, Field

from shared.contracts.base import Contract, Text, Word
from shared.contracts.errors import Category, Phase


class EventType(Word):
    """CloudEvents `type` of each event."""

    OBJECT_CREATED = "cn.juesuan.object.created.v1"
    DOCUMENT_EXTRACTED = "cn.juesuan.document.extracted.v1"
    REPORT_NORMALIZED = "cn.juesuan.report.normalized.v1"
    REPORT_VALIDATED = "cn.juesuan.report.validated.v1"
    REPORT_INDEXED = "cn.juesuan.report.indexed.v1"
    DOCUMENT_UNPACKED = "cn.juesuan.document.unpacked.v1"
    DOCUMENT_FAILED = "cn.juesuan.document.failed.v1"
    DOCUMENT_RETRIED = "cn.juesuan.document.retried.v1"


Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class SourceObject(Contract):
    """The uploaded object: where it lies and which of its contents is meant (`etag`, without quotes)."""

    bucket: str
    key: str
    etag: str
    size: int


def document_id(source: SourceObject) -> str:
    """The same bucket, key and content is the same document, however often and by whomever it is announced."""
    return hashlib.sha256(f"{source.bucket}\0{source.key}\0{source.etag}".encode()).hexdigest()


class ObjectRef(Contract):
    """A stage's output in the store: the claim check that an event carries instead of the payload."""

    bucket: str
    key: str


class Event(Contract):
    """What every event says: which document, from which uploaded object, made by which version of which stage.

    `document_id` is the SHA-256 of bucket, key and etag: the same upload is the same document, however often it is
    told of. `uploaded_at` is when the store took it, by its clock (None from services that did not say so yet).
    `generation` is 0, or counts the replays that were asked for and the times that the content came back to its key.
    Readers pass over fields that they do not know, so that a newer service may say more than an older one understands.
    """

    model_config = ConfigDict(extra="ignore")

    document_id: Sha256
    source: SourceObject
    stage_version: str
    at: AwareDatetime
    generation: int = 0
    uploaded_at: AwareDatetime | None = None


class ObjectCreated(Event):
    """A file landed in the bucket. `replayed`: no new upload, somebody asked for it to be read again."""

    kind: Literal[EventType.OBJECT_CREATED] = EventType.OBJECT_CREATED
    replayed: bool = False


class DocumentExtracted(Event):
    """The file was read; `document` is the stored `Document`, `content_id` the SHA-256 of the file."""

    kind: Literal[EventType.DOCUMENT_EXTRACTED] = EventType.DOCUMENT_EXTRACTED
    content_id: Sha256
    document: ObjectRef
    doubts: int


class DocumentUnpacked(Event):
    """An archive of several reports was opened: each of `objects` is one of them and a document of its own.

    One of size 0 stands for a file that could not be taken out, of which a `document.failed` tells. `content_id` is the
    SHA-256 of the archive; `doubts` counts what was passed over in it.
    """

    kind: Literal[EventType.DOCUMENT_UNPACKED] = EventType.DOCUMENT_UNPACKED
    content_id: Sha256
    objects: tuple[SourceObject, ...]
    doubts: int


class ReportNormalized(Event):
    """The document was understood; `report` is the stored `Report`."""

    kind: Literal[EventType.REPORT_NORMALIZED] = EventType.REPORT_NORMALIZED
    content_id: Sha256
    report: ObjectRef
    facts: int
    doubts: int


class ReportValidated(Event):
    """The report was checked; `assessment` is the stored `Assessment`."""

    kind: Literal[EventType.REPORT_VALIDATED] = EventType.REPORT_VALIDATED
    content_id: Sha256
    report: ObjectRef
    assessment: ObjectRef
    facts: int
    doubts: int
    errors: int
    warnings: int


class ReportIndexed(Event):
    """The report can be queried; `revision` counts the files of this entity and year, from 1."""

    kind: Literal[EventType.REPORT_INDEXED] = EventType.REPORT_INDEXED
    content_id: Sha256
    revision: int
    facts: int
    partial: bool


class DocumentFailed(Event):
    """The document was refused or failed and is out of the chain until somebody replays it."""

    kind: Literal[EventType.DOCUMENT_FAILED] = EventType.DOCUMENT_FAILED
    service: str
    phase: Phase
    category: Category
    message: Text
    attempts: int


class DocumentRetried(Event):
    """A try failed for a passing reason; the next one is due at `next_at`."""

    kind: Literal[EventType.DOCUMENT_RETRIED] = EventType.DOCUMENT_RETRIED
    service: str
    phase: Phase
    category: Category
    message: Text
    attempts: int
    next_at: AwareDatetime


AnyEvent = (
    ObjectCreated
    | DocumentExtracted
    | ReportNormalized
    | ReportValidated
    | ReportIndexed
    | DocumentUnpacked
    | DocumentFailed
    | DocumentRetried
)

MODELS: dict[EventType, type[Event]] = {
    EventType.OBJECT_CREATED: ObjectCreated,
    EventType.DOCUMENT_EXTRACTED: DocumentExtracted,
    EventType.REPORT_NORMALIZED: ReportNormalized,
    EventType.REPORT_VALIDATED: ReportValidated,
    EventType.REPORT_INDEXED: ReportIndexed,
    EventType.DOCUMENT_UNPACKED: DocumentUnpacked,
    EventType.DOCUMENT_FAILED: DocumentFailed,
    EventType.DOCUMENT_RETRIED: DocumentRetried,
}
