"""The validator in the chain: `report.normalized` in, the stored `Assessment` and `report.validated` out."""

from __future__ import annotations

from importlib.metadata import version

from services.validator.needed import NeededReport
from services.validator.validate import validate
from shared.adapters.bus import Record
from shared.contracts.assessment import Severity
from shared.contracts.events import ReportNormalized, ReportValidated
from shared.runtime.cloudevents import expect, follow
from shared.runtime.connections import load, save
from shared.runtime.results import Produced
from shared.runtime.service import Service
from shared.runtime.topics import Topic

VERSION = version("juesuan")


def work(record: Record) -> Produced:
    """Check the report of one event."""
    event = expect(record, ReportNormalized)
    assessment = validate(load(event.report, NeededReport))
    made_by = f"{VERSION}-{assessment.ruleset}"
    stored = save("assessments", event.content_id, event.document_id, made_by, assessment)
    said = {
        "content_id": event.content_id,
        "report": event.report,
        "assessment": stored,
        "facts": event.facts,
        "doubts": event.doubts,
        "errors": assessment.count(Severity.ERROR),
        "warnings": assessment.count(Severity.WARNING),
    }
    return Produced((follow(event, ReportValidated, VERSION, **said),))


SERVICE = Service(name="validator", version=VERSION, topics=(Topic.REPORT_NORMALIZED,), work=work, fetches=True)
