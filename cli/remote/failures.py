"""Documents that the chain refused or failed, beside those that this very program could not process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from services.indexer import queries
from services.indexer.records import DocumentRow
from shared.adapters.lifecycle import CANARY_TENANT, FAILED, INDEXED, PARTIAL, REFUSED_, Standing, standings
from shared.contracts.errors import Phase
from shared.contracts.outcome import DocumentOutcome

if TYPE_CHECKING:
    from sqlalchemy import Engine

OUTCOMES = {
    INDEXED: DocumentOutcome.OK,
    PARTIAL: DocumentOutcome.PARTIAL,
    REFUSED_: DocumentOutcome.REFUSED,
    FAILED: DocumentOutcome.FAILED,
}
PHASES = {
    "intake": Phase.INTAKE,
    "extractor": Phase.EXTRACT,
    "normalizer": Phase.NORMALIZE,
    "validator": Phase.VALIDATE,
    "indexer": Phase.INDEX,
}


def failure(item: Standing) -> DocumentRow:
    """A document that the chain refused or failed, as the index lists its own."""
    return DocumentRow(
        document_id=item.content_id or item.document_id,
        name=item.key,
        outcome=OUTCOMES.get(item.outcome, DocumentOutcome.FAILED).value,
        phase=PHASES[item.stage].value if item.stage in PHASES else None,
        category=item.category,
        message_zh=item.message_zh,
        message_en=item.message_en,
        detail=None,
        version="",
        first_seen=item.received_at or item.changed_at,
        changed_at=item.changed_at,
    )


def all_failures(engine: Engine) -> Iterator[DocumentRow]:
    """What this very program could not process, then what the chain could not."""
    yield from queries.failures(engine)
    for outcome in (REFUSED_, FAILED):
        found = standings(engine, outcome=outcome, superseded=False)
        yield from (failure(item) for item in found if item.tenant != CANARY_TENANT)
