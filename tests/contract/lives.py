"""What the chain tells of one document, from its upload to its end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from shared.contracts.base import Text
from shared.contracts.errors import Category, Phase
from shared.contracts.events import (
    DocumentExtracted,
    DocumentFailed,
    DocumentRetried,
    Event,
    ObjectCreated,
    ObjectRef,
    ReportIndexed,
    ReportNormalized,
    ReportValidated,
    SourceObject,
    document_id,
)

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
CONTENT = "c" * 64
REF = ObjectRef(bucket="outputs", key="some/key.json")
SORRY = Text(zh="出错了。", en="Went wrong.")


def source(name: str = "甲.xlsx", etag: str = "e1") -> SourceObject:
    return SourceObject(bucket="incoming", key=f"县/2024/{name}", etag=etag, size=7)


def history(
    origin: SourceObject, generation: int = 0, *, tries: int = 1, ends: str = "indexed", content: str = CONTENT
) -> list[Event]:
    """What the chain tells of one document: `tries` of the extractor, then the end."""
    moment = [START + timedelta(hours=generation)]
    said = {"document_id": document_id(origin), "source": origin, "generation": generation, "stage_version": "0.1.0"}

    def now() -> datetime:
        moment[0] += timedelta(seconds=1)
        return moment[0]

    trouble = {"service": "extractor", "phase": Phase.EXTRACT, "category": Category.SERVER, "message": SORRY}
    events: list[Event] = [ObjectCreated(**said, at=now())]
    events += [
        DocumentRetried(**said, **trouble, attempts=n, at=now(), next_at=now() + timedelta(seconds=9))
        for n in range(1, tries)
    ]
    if ends == "failed":
        return [*events, DocumentFailed(**said, **trouble, attempts=tries, at=now())]
    counts = {"content_id": content, "doubts": 0}
    events.append(DocumentExtracted(**said, **counts, document=REF, at=now()))
    events.append(ReportNormalized(**said, **counts, report=REF, facts=5, at=now()))
    checked = {"report": REF, "assessment": REF, "facts": 5, "errors": 1, "warnings": 0}
    events.append(ReportValidated(**said, **counts, **checked, at=now()))
    if ends == "indexed":
        events.append(ReportIndexed(**said, content_id=content, revision=1, facts=5, partial=False, at=now()))
    return events
