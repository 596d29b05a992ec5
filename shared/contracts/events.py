"""What the services tell each other: CloudEvents types and their JSON bodies. Large payloads travel by key."""

from __future__ import annotations

from enum import StrEnum

from pydantic import AwareDatetime, Field

from shared.contracts.base import Contract, Text
from shared.contracts.errors import Category, Phase


class EventType(StrEnum):
    """CloudEvents `type` of each event."""

    OBJECT_CREATED = "cn.juesuan.object.created.v1"
    DOCUMENT_EXTRACTED = "cn.juesuan.document.extracted.v1"
    REPORT_NORMALIZED = "cn.juesuan.report.normalized.v1"
    REPORT_VALIDATED = "cn.juesuan.report.validated.v1"
    REPORT_INDEXED = "cn.juesuan.report.indexed.v1"
    DOCUMENT_FAILED = "cn.juesuan.document.failed.v1"


class ObjectRef(Contract):
    """An object in the store: the claim check that an event carries instead of the payload."""

    bucket: str
    key: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int


class Event(Contract):
    """What every event says: which document, from which uploaded object, made by which version of which stage."""

    document_id: str = Field(pattern=r"^[0-9a-f]{64}$")
    source: ObjectRef
    stage_version: str
    at: AwareDatetime


class ObjectCreated(Event):
    """A file landed in the bucket."""


class DocumentExtracted(Event):
    """The file was read; `document` is the stored `Document`."""

    document: ObjectRef
    doubts: int


class ReportNormalized(Event):
    """The document was understood; `report` is the stored `Report`."""

    report: ObjectRef
    facts: int
    doubts: int


class ReportValidated(Event):
    """The report was checked; `assessment` is the stored `Assessment`."""

    report: ObjectRef
    assessment: ObjectRef
    errors: int
    warnings: int


class ReportIndexed(Event):
    """The report can be queried; `revision` counts the files of this entity and year, from 1."""

    revision: int
    facts: int


class DocumentFailed(Event):
    """The document was refused or failed and is out of the chain."""

    phase: Phase
    category: Category
    message: Text
    attempts: int
