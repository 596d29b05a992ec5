"""Where every uploaded document stands: one row each, and one per step it took, kept from the events of the chain."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Index,
    Integer,
    MetaData,
    Row,
    Table,
    Text,
    and_,
    case,
    delete,
    func,
    inspect,
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
    DocumentUnpacked,
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
#: an archive whose reports are documents of their own: it is none itself
UNPACKED = "unpacked"
OUTCOMES = (INDEXED, PARTIAL, REFUSED_, FAILED, PENDING)

#: a later stage never gives way to an earlier one of the same generation: events of different topics come in any order;
#: between two stages there is room for the tries of the one that comes next
_STEPS: dict[type[Event], tuple[str, int]] = {
    ObjectCreated: ("received", 10_000),
    DocumentExtracted: ("extracted", 20_000),
    ReportNormalized: ("normalized", 30_000),
    ReportValidated: ("validated", 40_000),
    DocumentFailed: ("failed", 90_000),
    DocumentUnpacked: ("unpacked", 95_000),
    ReportIndexed: ("indexed", 100_000),
}
_TRYING = {"extractor": 12_000, "normalizer": 22_000, "validator": 32_000, "indexer": 42_000}
_RANK_FAILED = _STEPS[DocumentFailed][1]
_AT_ONCE = 500
#: a replayed upload is no upload
_REPLAYED = '%"replayed": true%'
_CARRIED = {"kind", "document_id", "source", "stage_version", "at", "generation"}


@dataclass(frozen=True)
class Standing:
    """Where one document stands. `stage` is the last one it passed, or the one that gave it up.

    `attempts`: the most tries that any stage needed since the document was last replayed. `superseded`: another content
    was uploaded under the same key later.
    """

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
    received_at: datetime | None = None
    superseded: bool = False


@dataclass(frozen=True)
class Step:
    """A step that a document took: `said` is what the event told beside the document itself, `version` who made it."""

    document_id: str
    generation: int
    stage: str
    version: str
    at: datetime
    said: dict[str, Any]


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
    """Bring the rows up to date with these events; the same events again, or in another order, end in the same rows."""
    # In the order of the keys, so that two writers of the same rows wait for each other only one way round.
    standing = sorted(map(_standing, events), key=lambda row: str(row["document_id"]))
    steps = [_step(event) for event in events if not isinstance(event, DocumentRetried)]
    steps.sort(key=lambda row: (row["document_id"], row["generation"], row["stage"]))
    with writing(engine) as connection:
        if steps:
            connection.execute(_step_upsert(connection), steps)
        if standing:
            connection.execute(_standing_upsert(connection), standing)


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
            "stage": event.service,
        }
    if isinstance(event, DocumentRetried):
        # The next try is the one it is at.
        return values | {"attempts": event.attempts + 1, "rank": _TRYING.get(event.service, 0) + event.attempts}
    if isinstance(event, DocumentFailed):
        outcome = REFUSED_ if event.category in REFUSED else FAILED
        return values | {"attempts": event.attempts, "rank": _RANK_FAILED, "outcome": outcome}
    stage, rank = _STEPS[type(event)]
    values |= {"stage": stage, "rank": rank}
    if isinstance(event, DocumentUnpacked):
        values["outcome"] = UNPACKED
    if isinstance(event, ReportIndexed):
        values["outcome"] = PARTIAL if event.partial else INDEXED
    return values


def _insert(connection: Connection, table: Table) -> Any:
    return (postgresql if is_postgres(connection) else sqlite).insert(table)


def _step_upsert(connection: Connection) -> Any:
    """Of two events of one step the later stays."""
    insert = _insert(connection, lifecycle_steps)
    changed = {name: insert.excluded[name] for name in ("version", "at", "said")}
    later = insert.excluded.at > lifecycle_steps.c.at
    return insert.on_conflict_do_update(
        index_elements=["document_id", "generation", "stage"], set_=changed, where=later
    )


def _standing_upsert(connection: Connection) -> Any:
    """Generation, stage and time decide which event tells; tries and content come from whichever knows of them."""
    insert = _insert(connection, lifecycle)
    old, new = lifecycle.c, insert.excluded
    order = ("generation", "rank", "changed_at")
    later = tuple_(*(new[name] for name in order)) > tuple_(*(old[name] for name in order))
    changed: dict[str, Any] = {
        column.name: case((later, new[column.name]), else_=old[column.name])
        for column in lifecycle.columns
        if not column.primary_key
    }
    more = and_(new.generation == old.generation, new.attempts > old.attempts)
    changed["attempts"] = case(
        (new.generation > old.generation, new.attempts), (more, new.attempts), else_=old.attempts
    )
    changed["content_id"] = func.coalesce(old.content_id, new.content_id)
    return insert.on_conflict_do_update(index_elements=["document_id"], set_=changed)


def standings(
    engine: Engine,
    *,
    batch: str | None = None,
    tenant: str | None = None,
    outcome: str | None = None,
    superseded: bool = True,
) -> Iterator[Standing]:
    """Documents in the order of their keys; `batch` may be given as `<tenant>/<batch>`.

    Without `superseded` only the latest content of each key.
    """
    if batch is not None and "/" in batch:
        tenant, batch = batch.split("/", 1)
    # Contents of one key are of one tenant and batch, which are parts of it: those of others need no place. How a
    # document ended says nothing of the others of its key.
    asked = ((lifecycle.c.batch, batch), (lifecycle.c.tenant, tenant))
    every = _latest_first(*(column == wanted for column, wanted in asked if wanted is not None))
    query = select(every).order_by(every.c.object_key, every.c.received_at, every.c.document_id)
    if outcome is not None:
        query = query.where(every.c.outcome == outcome)
    if not superseded:
        query = query.where(every.c.place == 1)
    with reading(engine) as connection:
        found = connection.execute(query).all()
    # After the transaction: whoever takes the rows may be a pager.
    yield from map(_from_row, found)


def _latest_first(*among: ColumnElement[bool]) -> Any:
    """Every row with the time of its last upload and its place among the contents of its key, the latest first.

    `among` narrows the rows down; it must hold for all contents of a key or for none.
    """
    step = lifecycle_steps.c
    received = (
        select(func.max(step.at))
        .where(step.document_id == lifecycle.c.document_id, step.stage == "received", step.said.not_like(_REPLAYED))
        .correlate(lifecycle)
        .scalar_subquery()
    )
    received_at = func.coalesce(received, lifecycle.c.changed_at, type_=Utc).label("received_at")
    timed = select(lifecycle, received_at).where(*among).subquery()
    latest = [timed.c.received_at.desc(), timed.c.document_id]
    place = func.row_number().over(partition_by=[timed.c.bucket, timed.c.object_key], order_by=latest)
    return select(timed, place.label("place")).subquery()


def standings_of(engine: Engine, document_ids: Sequence[str]) -> Iterator[Standing]:
    """The standings of these documents; those that nobody heard of are left out."""
    place = (lifecycle.c.bucket, lifecycle.c.object_key)
    for start in range(0, len(document_ids), _AT_ONCE):
        wanted = document_ids[start : start + _AT_ONCE]
        every = _latest_first(tuple_(*place).in_(select(*place).where(lifecycle.c.document_id.in_(wanted))))
        with reading(engine) as connection:
            found = connection.execute(select(every).where(every.c.document_id.in_(wanted))).all()
        yield from map(_from_row, found)


def steps(engine: Engine, document_ids: Sequence[str], stages: Sequence[str] | None = None) -> Iterator[Step]:
    """The steps of these documents, of `stages` only if given, by document, generation and time."""
    table = lifecycle_steps.c
    for start in range(0, len(document_ids), _AT_ONCE):
        query = select(lifecycle_steps).where(table.document_id.in_(document_ids[start : start + _AT_ONCE]))
        if stages is not None:
            query = query.where(table.stage.in_(stages))
        with reading(engine) as connection:
            found = connection.execute(query.order_by(table.document_id, table.generation, table.at)).all()
        for row in found:
            yield Step(row.document_id, row.generation, row.stage, row.version, row.at, json.loads(row.said))


def forget_steps(engine: Engine, document_id: str, before: int) -> None:
    """Forget the steps that a document took in generations before this one."""
    step = lifecycle_steps.c
    with writing(engine) as connection:
        connection.execute(delete(lifecycle_steps).where(step.document_id == document_id, step.generation < before))


def known_ids(engine: Engine, bucket: str) -> set[str]:
    """The ids of the latest document of every key of a bucket."""
    every = _latest_first(lifecycle.c.bucket == bucket)
    with reading(engine) as connection:
        query = select(every.c.document_id).where(every.c.place == 1)
        return set(connection.execute(query).scalars())


def _from_row(row: Row[Any]) -> Standing:
    names = row._mapping  # noqa: SLF001 - SQLAlchemy's documented way to a row's columns by name
    values = {name: names[name] for name in Standing.__dataclass_fields__ if name not in {"key", "superseded"}}
    return Standing(key=names["object_key"], superseded=names["place"] > 1, **values)
