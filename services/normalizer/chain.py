"""The normalizer in the chain: `document.extracted` in, the stored `Report` and `report.normalized` out."""

from __future__ import annotations

from importlib.metadata import version

from services.normalizer.normalize import normalize
from shared.adapters.bus import Record
from shared.contracts.document import Document
from shared.contracts.events import DocumentExtracted, ReportNormalized
from shared.runtime.cloudevents import expect, follow
from shared.runtime.connections import load, save
from shared.runtime.results import Produced
from shared.runtime.service import Service
from shared.runtime.topics import Topic

VERSION = version("juesuan")


def work(record: Record) -> Produced:
    """Understand the document of one event. Raises what `normalize` raises."""
    event = expect(record, DocumentExtracted)
    report = normalize(load(event.document, Document))
    stored = save("reports", event.content_id, event.document_id, VERSION, report)
    said = {"content_id": event.content_id, "report": stored, "facts": len(report.facts)}
    doubts = event.doubts + len(report.doubts)
    return Produced((follow(event, ReportNormalized, VERSION, doubts=doubts, **said),))


SERVICE = Service(name="normalizer", version=VERSION, topics=(Topic.DOCUMENT_EXTRACTED,), work=work, fetches=True)
