"""The indexer in the chain: `report.validated` in, rows in the database and `report.indexed` out."""

from __future__ import annotations

from importlib.metadata import version

from services.indexer.index import Indexer
from services.indexer.needed import NeededReport
from services.indexer.payload import payload_of_json
from shared.adapters.bus import Record
from shared.adapters.lifecycle import CANARY_TENANT, schema_ready, split_key
from shared.contracts.assessment import Assessment
from shared.contracts.errors import TransientFault
from shared.contracts.events import ReportIndexed, ReportValidated
from shared.contracts.outcome import DocumentOutcome
from shared.runtime.cloudevents import expect, follow
from shared.runtime.connections import fetch, opened_once, read, settings
from shared.runtime.results import Produced
from shared.runtime.service import Service
from shared.runtime.topics import Topic

VERSION = version("juesuan")


@opened_once
def indexer() -> Indexer:
    """The database in force, built or upgraded when first opened."""
    return Indexer(settings().database)


def database_ready() -> bool:
    """Whether the database answers and has its tables."""
    try:
        return schema_ready(indexer().engine)
    except TransientFault:
        return False


def work(record: Record) -> Produced:
    """Index the report of one event; a repeat changes nothing. Raises `TransientFault` when the database is away."""
    event = expect(record, ReportValidated)
    if split_key(event.source.key)[0] == CANARY_TENANT:
        said = {"content_id": event.content_id, "revision": 0, "facts": 0, "partial": False}
        return Produced((follow(event, ReportIndexed, VERSION, **said),))
    written, assessed = fetch(event.report), fetch(event.assessment)
    report, assessment = read(written, NeededReport), read(assessed, Assessment)
    outcome = DocumentOutcome.PARTIAL if event.doubts else DocumentOutcome.OK
    indexed = indexer().index(
        report, assessment, outcome, payload_of_json(report, written, assessed), event.uploaded_at
    )
    said = {
        "content_id": event.content_id,
        "revision": indexed.revision,
        "facts": indexed.facts,
        "partial": bool(event.doubts),
    }
    return Produced((follow(event, ReportIndexed, VERSION, **said),))


SERVICE = Service(
    name="indexer",
    version=VERSION,
    topics=(Topic.REPORT_VALIDATED,),
    work=work,
    fetches=True,
    needs=(("database", database_ready),),
)
