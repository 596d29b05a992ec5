"""Where every uploaded document stands: one row each, and one per step it took, kept from the events of the chain."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    MetaData,
    Row,
    Table,
    Text,
    func,
    inspect,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects import postgresql, sqlite

from shared.adapters.database import Utc, is_postgres, reading, writing
from shared.contracts.errors import REFUSED
from shared.contracts.events import (
    DocumentExtracted,
    DocumentFailed,
    DocumentRetried,
    Event,
    ObjectCreated,
    ReportIndexed,
    ReportNormalized,
    ReportValidated,
)

METADATA = MetaData()

lifecycle = Table(
    "lifecycle",
    METADATA,
    Column("document_id", Text, primary_key=True),
    Column("bucket", Text, nullable=False),
    Column("object_key", Text, nullable=False),
    Column("tenant", Text, nullable=False),
    Column("batch", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("content_id", Text),
    Column("stage", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("category", Text),
    Column("message_zh", Text),
    Column("message_en", Text),
    Column("attempts", Integer, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("changed_at", Utc, nullable=False),
    Index("lifecycle_batch", "tenant", "batch"),
    Index("lifecycle_outcome", "outcome"),
    Index("lifecycle_content", "content_id"),
)

lifecycle_steps = Table(
    "lifecycle_steps",
    METADATA,
    Column("document_id", Text, primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("stage", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("at", Utc, nullable=False),
    Column("said", Text, nullable=False),
)

#: objects of this tenant prove that the path is open; they are no reports and are not indexed
CANARY_TENANT = "_canary"

PENDING, INDEXED, PARTIAL, REFUSED_, FAILED = "pending", "indexed", "partial", "refused", "failed"
OUTCOMES = (INDEXED, PARTIAL, REFUSED_, FAILED, PENDING)

#: a later stage never gives way to an earlier one of the same generation: events of different topics come in any order
_STEPS: dict[type[Event], tuple[str, int]] = {
    ObjectCreated: ("received", 10),
    DocumentExtracted: ("extracted", 20),
    ReportNormalized: ("normalized", 30),
    ReportValidated: ("validated", 40),
    DocumentFailed: ("failed", 90),
    ReportIndexed: ("indexed", 100),
}
_RANK_AFTER = {"intake": 11, "extractor": 12, "normalizer": 22, "validator": 32, "indexer": 42}
_CARRIED = {"kind", "document_id", "source", "stage_version", "at", "generation"}


@dataclass(frozen=True)
class Standing:
    """Where one document stands. `stage` is the last one it passed, or the one that gave it up."""

    document_id: str
    bucket: str
    key: str
    tenant: str
    batch: str
    name: str
    etag: str
    size: int
    content_id: str | None
    stage: str
    outcome: str
    category: str | None
    message_zh: str | None
    message_en: str | None
    attempts: int
    generation: int
    changed_at: datetime


def split_key(key: str) -> tuple[str, str, str]:
    """Tenant, batch and file of an object key `<tenant>/<batch>/<file>`; what is missing is ""."""
    parts = key.split("/", 2)
    if len(parts) == 3:  # noqa: PLR2004 - tenant, batch, file
        return parts[0], parts[1], parts[2]
    return (parts[0], "", parts[1]) if len(parts) == 2 else ("", "", key)  # noqa: PLR2004


def schema_ready(engine: Engine) -> bool:
    """Whether the database has these tables; False also when it does not answer."""
    try:
        with reading(engine) as connection:
            return inspect(connection).has_table(lifecycle.name)
    except Exception:  # noqa: BLE001 - a probe answers yes or no
        return False


def record_events(engine: Engine, events: Sequence[Event]) -> None:
    """Bring the rows up to date with these events; the same events again, or in another order, change nothing more."""
    steps = [_step(event) for event in events if not isinstance(event, DocumentRetried)]
    with writing(engine) as connection:
        for step in steps:
            _upsert(connection, lifecycle_steps, step, ("document_id", "generation", "stage"), newer=False)
        for event in sorted(events, key=lambda item: item.document_id):
            _upsert(connection, lifecycle, _standing(event), ("document_id",), newer=True)


def _step(event: Event) -> dict[str, Any]:
    said = event.model_dump(mode="json", exclude=_CARRIED)
    return {
        "document_id": event.document_id,
        "generation": event.generation,
        "stage": _STEPS[type(event)][0],
        "version": event.stage_version,
        "at": event.at,
        "said": json.dumps(said, ensure_ascii=False),
    }


def _standing(event: Event) -> dict[str, Any]:
    tenant, batch, name = split_key(event.source.key)
    values: dict[str, Any] = {
        "document_id": event.document_id,
        "bucket": event.source.bucket,
        "object_key": event.source.key,
        "tenant": tenant,
        "batch": batch,
        "name": name,
        "etag": event.source.etag,
        "size": event.source.size,
        "content_id": getattr(event, "content_id", None),
        "generation": event.generation,
        "changed_at": event.at,
        "outcome": PENDING,
        "category": None,
        "message_zh": None,
        "message_en": None,
        "attempts": 1,
    }
    if isinstance(event, DocumentFailed | DocumentRetried):
        values |= {
            "category": event.category.value,
            "message_zh": event.message.zh,
            "message_en": event.message.en,
            "attempts": event.attempts,
            "stage": event.service,
            "rank": _RANK_AFTER.get(event.service, 0),
        }
    if isinstance(event, DocumentFailed):
        values |= {"outcome": REFUSED_ if event.category in REFUSED else FAILED, "rank": 90}
    elif not isinstance(event, DocumentRetried):
        stage, rank = _STEPS[type(event)]
        values |= {"stage": stage, "rank": rank}
    if isinstance(event, ReportIndexed):
        values["outcome"] = PARTIAL if event.partial else INDEXED
    return values


def _upsert(
    connection: Connection, table: Table, values: Mapping[str, Any], key: tuple[str, ...], *, newer: bool
) -> None:
    insert = (postgresql if is_postgres(connection) else sqlite).insert(table).values(values)
    changed = {name: insert.excluded[name] for name in values if name not in key}
    if not newer:
        connection.execute(insert.on_conflict_do_update(index_elements=key, set_=changed))
        return
    changed["content_id"] = func.coalesce(insert.excluded.content_id, table.c.content_id)
    ours, theirs = (table.c.generation, table.c.rank), (insert.excluded.generation, insert.excluded.rank)
    again = (table.c.generation == insert.excluded.generation) & (table.c.rank == insert.excluded.rank)
    later = or_(tuple_(*theirs) > tuple_(*ours), again & (insert.excluded.attempts >= table.c.attempts))
    connection.execute(insert.on_conflict_do_update(index_elements=key, set_=changed, where=later))


def standings(
    engine: Engine, *, batch: str | None = None, tenant: str | None = None, outcome: str | None = None
) -> Iterator[Standing]:
    """Documents in the order of their keys; `batch` may be given as `<tenant>/<batch>`."""
    query = select(lifecycle).order_by(lifecycle.c.object_key)
    if batch is not None and "/" in batch:
        tenant, batch = batch.split("/", 1)
    for column, wanted in (("batch", batch), ("tenant", tenant), ("outcome", outcome)):
        if wanted is not None:
            query = query.where(lifecycle.c[column] == wanted)
    with reading(engine) as connection:
        yield from (_from_row(row) for row in connection.execute(query))


def known_ids(engine: Engine, bucket: str) -> set[str]:
    """The ids of every document of a bucket."""
    with reading(engine) as connection:
        query = select(lifecycle.c.document_id).where(lifecycle.c.bucket == bucket)
        return set(connection.execute(query).scalars())


def _from_row(row: Row[Any]) -> Standing:
    names = row._mapping  # noqa: SLF001 - SQLAlchemy's documented way to a row's columns by name
    values = {name: names[name] for name in Standing.__dataclass_fields__ if name != "key"}
    return Standing(key=names["object_key"], **values)
