"""Putting a report where it can be found, once: documents, revisions, derived rows, all in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from services.indexer import schema
from services.indexer.bulk import insert_all
from services.indexer.database import open_database
from services.indexer.entries import entries
from services.indexer.payload import Payload, payload_of
from services.indexer.rows import (
    Values,
    cause_rows,
    clean,
    fact_rows,
    finding_rows,
    outcome_rows,
    report_row,
    table_rows,
)
from shared.adapters.database import is_postgres, lock, writing
from shared.contracts.assessment import Assessment
from shared.contracts.errors import REFUSED, JuesuanError
from shared.contracts.outcome import DocumentOutcome
from shared.contracts.report import Report

_DERIVED = (
    schema.payloads,
    schema.report_tables,
    schema.facts,
    schema.findings,
    schema.causes,
    schema.rule_outcomes,
    schema.search_entries,
)


class Change(StrEnum):
    """What indexing did: a first or further revision, newer results for the same file, or nothing at all."""

    NEW = "new"
    REVISION = "revision"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Indexed:
    """Where a report stands now. `revision` counts the files of the same account from 1."""

    document_id: str
    revision: int
    facts: int
    change: Change


def _now() -> datetime:
    return datetime.now(UTC)


@cache
def _our_version() -> str:
    return version("juesuan")


class Indexer:
    """Writes to one database. `target`: a URL or the path of an SQLite file; opened (built, upgraded) at once.

    Every method is one transaction and may be repeated. Several processes may index into one database.
    """

    def __init__(self, target: str | Path | Engine, *, clock: Callable[[], datetime] = _now) -> None:
        self.engine = target if isinstance(target, Engine) else open_database(target)
        self._clock = clock

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    def begin(self, document_id: str, name: str) -> None:
        """Write down that work on this file has begun: as failed, until `index` or `fail` says otherwise.

        A document that is known keeps what is known of it.
        """
        unfinished = {
            "message_zh": "处理尚未完成。",
            "message_en": "Processing did not finish.",
            "phase": "intake",
            "category": "internal",
            "detail": "",
        }
        values = self._document(document_id, name, DocumentOutcome.FAILED, unfinished)
        with writing(self.engine) as connection:
            _insert(connection, schema.documents, values, updating=())

    def fail(self, document_id: str, name: str, error: JuesuanError) -> None:
        """Write down that this file was refused or failed, and why. An indexed report stays as it is."""
        outcome = DocumentOutcome.REFUSED if error.category in REFUSED else DocumentOutcome.FAILED
        reason = {
            "phase": error.phase.value,
            "category": error.category.value,
            "message_zh": error.text.zh,
            "message_en": error.text.en,
            "detail": error.detail,
        }
        with writing(self.engine) as connection:
            lock(connection, _lock_name(document_id))
            if _existing(connection, document_id) is None:
                self._put_document(connection, self._document(document_id, name, outcome, reason))

    def index(
        self,
        report: Report,
        assessment: Assessment,
        outcome: DocumentOutcome,
        payload: Payload | None = None,
        uploaded_at: datetime | None = None,
    ) -> Indexed:
        """Make the report and its assessment findable, as `ok` or `partial`.

        The same document with the same results changes nothing. With newer results it keeps its revision and its
        derived rows are replaced. Another file of the same account becomes the next revision. Of all revisions the one
        that was uploaded last is current, in whatever order they come; `uploaded_at` None is now for a new one, and for
        one that is known the time that is known. `payload` is what to keep for `show` where `report` is only the part
        that the index is made of.
        """
        if outcome not in {DocumentOutcome.OK, DocumentOutcome.PARTIAL}:
            raise ValueError(f"a report is ok or partial, not {outcome}")
        if report.document_id != assessment.document_id:
            raise ValueError("report and assessment are of different documents")
        kept = payload or payload_of(report, assessment)
        digest = hashlib.sha256(kept.report + kept.assessment).hexdigest()
        values = report_row(report, assessment) | {"outcome": outcome.value, "content_sha256": digest}
        with writing(self.engine) as connection:
            lock(connection, _lock_name(report.document_id))
            old = _existing(connection, report.document_id)
            if old is not None and (old.content_sha256, old.outcome) == (digest, outcome.value):
                if uploaded_at is not None and uploaded_at > old.uploaded_at:
                    lock(connection, old.lineage)
                    _uploaded_again(connection, old, uploaded_at)
                return Indexed(report.document_id, old.revision, old.facts, Change.UNCHANGED)
            lock(connection, values["lineage"], *([old.lineage] if old else []))
            self._put_document(
                connection, self._document(report.document_id, report.document_name, outcome, _NO_REASON)
            )
            values["indexed_at"] = self._clock()
            times = [time for time in (old and old.uploaded_at, uploaded_at) if time]
            values["uploaded_at"] = max(times, default=values["indexed_at"])
            report_id, revision = _put_report(connection, values, old)
            _put_derived(connection, report_id, report, assessment, kept)
        change = Change.REPLACED if old else Change.NEW if revision == 1 else Change.REVISION
        return Indexed(report.document_id, revision, len(report.facts), change)

    def forget(self, document_id: str) -> None:
        """Take back `begin` or `fail`: this file is no document of its own. A report stays as it is."""
        with writing(self.engine) as connection:
            lock(connection, _lock_name(document_id))
            if _existing(connection, document_id) is None:
                connection.execute(delete(schema.documents).where(schema.documents.c.document_id == document_id))

    def remove(self, document_id: str) -> bool:
        """Forget a document and all that came of it; the latest other one becomes current. False if unknown."""
        with writing(self.engine) as connection:
            lock(connection, _lock_name(document_id))
            old = _existing(connection, document_id)
            if old is not None:
                lock(connection, old.lineage)
                _delete_derived(connection, old.id)
                connection.execute(delete(schema.reports).where(schema.reports.c.id == old.id))
                _elect(connection, old.lineage)
            gone = connection.execute(delete(schema.documents).where(schema.documents.c.document_id == document_id))
            return gone.rowcount > 0

    def _document(self, document_id: str, name: str, outcome: DocumentOutcome, reason: Values) -> Values:
        now = self._clock()
        return clean(
            {
                "document_id": document_id,
                "name": name,
                "outcome": outcome.value,
                "version": _our_version(),
                "first_seen": now,
                "changed_at": now,
                **reason,
            }
        )

    def _put_document(self, connection: Connection, values: Values) -> None:
        kept = {"document_id", "first_seen"}
        _insert(connection, schema.documents, values, updating=tuple(values.keys() - kept))


_NO_REASON: Values = dict.fromkeys(("phase", "category", "message_zh", "message_en", "detail"))


class Standing(NamedTuple):
    """How a document stands in the database before it is indexed again."""

    id: int
    lineage: str
    revision: int
    facts: int
    content_sha256: str
    outcome: str
    uploaded_at: datetime


def _lock_name(document_id: str) -> str:
    return f"document {document_id}"


def _insert(connection: Connection, table: Table, values: Values, *, updating: tuple[str, ...]) -> None:
    """Insert a row; where its key exists, change the columns `updating` instead, or nothing."""
    statement = (postgresql if is_postgres(connection) else sqlite).insert(table).values(values)
    keys = [column.name for column in table.primary_key]
    if updating:
        changes = {name: statement.excluded[name] for name in sorted(updating)}
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes))
    else:
        connection.execute(statement.on_conflict_do_nothing(index_elements=keys))


def _existing(connection: Connection, document_id: str) -> Standing | None:
    table = schema.reports.c
    columns = [table[name] for name in Standing._fields]
    row = connection.execute(select(*columns).where(table.document_id == document_id)).one_or_none()
    return Standing(*row) if row else None


def _put_report(connection: Connection, values: Values, old: Standing | None) -> tuple[int, int]:
    """Write the row of `reports`; its id and revision. Keeps exactly one current revision per account."""
    table = schema.reports
    if old is not None and old.lineage == values["lineage"]:
        connection.execute(update(table).where(table.c.id == old.id).values(values))
        _delete_derived(connection, old.id)
        _elect(connection, old.lineage)
        return old.id, old.revision
    last = connection.execute(select(func.max(table.c.revision)).where(table.c.lineage == values["lineage"])).scalar()
    revision = (last or 0) + 1
    values = values | {"revision": revision, "is_current": False}
    if old is None:
        key = connection.execute(insert(table).values(values)).inserted_primary_key
        _elect(connection, values["lineage"])
        return (key[0] if key else 0), revision
    # A newer normalizer sees another entity or year in the same file: it moves to that account.
    connection.execute(update(table).where(table.c.id == old.id).values(values))
    _elect(connection, old.lineage)
    _elect(connection, values["lineage"])
    _delete_derived(connection, old.id)
    return old.id, revision


def _uploaded_again(connection: Connection, old: Standing, uploaded_at: datetime) -> None:
    """The same file came again, perhaps after another one of its account."""
    table = schema.reports
    connection.execute(update(table).where(table.c.id == old.id).values(uploaded_at=uploaded_at))
    _elect(connection, old.lineage)


def _elect(connection: Connection, lineage: str) -> None:
    """Make the revision of an account that was uploaded last the current one, of several at one time the latest."""
    table = schema.reports
    own = table.c.lineage == lineage
    latest = select(table.c.id).where(own).order_by(table.c.uploaded_at.desc(), table.c.revision.desc()).limit(1)
    chosen = connection.execute(latest).scalar()
    # One after the other: at no moment may an account have two.
    connection.execute(update(table).where(own, table.c.is_current, table.c.id != chosen).values(is_current=False))
    connection.execute(update(table).where(table.c.id == chosen, ~table.c.is_current).values(is_current=True))


def _delete_derived(connection: Connection, report_id: int) -> None:
    if not is_postgres(connection):
        connection.execute(
            text("DELETE FROM search_words WHERE rowid IN (SELECT id FROM search_entries WHERE report_id = :report)"),
            {"report": report_id},
        )
    for table in _DERIVED:
        connection.execute(delete(table).where(table.c.report_id == report_id))


def _put_derived(connection: Connection, report_id: int, report: Report, assessment: Assessment, kept: Payload) -> None:
    filled: tuple[tuple[Table, list[Values]], ...] = (
        (schema.payloads, [{"report": kept.report, "assessment": kept.assessment}]),
        (schema.report_tables, table_rows(report)),
        (schema.facts, fact_rows(report)),
        (schema.findings, finding_rows(assessment)),
        (schema.causes, cause_rows(assessment)),
        (schema.rule_outcomes, outcome_rows(assessment)),
    )
    for table, rows in filled:
        insert_all(connection, table, [{**row, "report_id": report_id} for row in rows])
    _put_entries(connection, report_id, report, assessment)


def _put_entries(connection: Connection, report_id: int, report: Report, assessment: Assessment) -> None:
    found = entries(report, assessment)
    if is_postgres(connection):
        rows = [{**entry.row(), "report_id": report_id, "tokens": entry.vector()} for entry in found]
        insert_all(connection, schema.postgres_entries, rows)
        return
    # A write transaction on SQLite is alone, so the next ids are ours.
    last = connection.execute(text("SELECT seq FROM sqlite_sequence WHERE name = 'search_entries'")).scalar() or 0
    numbered = list(enumerate(found, start=int(last) + 1))
    rows = [{**entry.row(), "id": key, "report_id": report_id} for key, entry in numbered]
    insert_all(connection, schema.search_entries, rows)
    connection.exec_driver_sql(
        "INSERT INTO search_words (rowid, about, title, body) VALUES (?, ?, ?, ?)",
        [(key, *entry.words()) for key, entry in numbered],
    )
