"""What is in the database, as typed rows: facts, findings, reports, documents that failed.

Every function takes an open engine (see `services.indexer.database.open_database`) and a frozen filter; all conditions
of a filter must hold, None means any. Rows come in a stable order.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import fields
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, Select, func, select

from services.indexer import schema
from services.indexer.conditions import of_fact, of_finding, of_report
from services.indexer.payload import unpack
from services.indexer.records import (
    DocumentRow,
    FactFilter,
    FactRow,
    FindingFilter,
    FindingRow,
    ReportFilter,
    ReportRow,
    Source,
    Stored,
)
from shared.adapters.database import reading, unhurried
from shared.contracts.assessment import Assessment
from shared.contracts.outcome import DocumentOutcome
from shared.contracts.report import Report

_BATCH = 2000


def reports(
    engine: Engine, chosen: ReportFilter | None = None, *, limit: int | None = None, offset: int = 0
) -> list[ReportRow]:
    """The reports, by year (latest first), division, entity, revision."""
    statement = _select(ReportRow, schema.reports).where(*of_report(chosen or ReportFilter()))
    with reading(engine) as connection:
        return [
            ReportRow(*row)
            for row in connection.execute(statement.order_by(*_REPORT_ORDER).limit(limit).offset(offset))
        ]


def facts(
    engine: Engine, chosen: FactFilter | None = None, *, limit: int | None = None, offset: int = 0
) -> list[FactRow]:
    """The facts, by report and reading order."""
    return list(stream_facts(engine, chosen, limit=limit, offset=offset))


def stream_facts(
    engine: Engine, chosen: FactFilter | None = None, *, limit: int | None = None, offset: int = 0
) -> Generator[FactRow]:
    """The facts one by one, however many there are, from one consistent read."""
    chosen = chosen or FactFilter()
    statement = (
        _select(FactRow, schema.facts)
        .where(*of_report(chosen), *of_fact(chosen))
        .order_by(schema.facts.c.report_id, schema.facts.c.seq)
    )
    with closing(_stream(engine, statement.limit(limit).offset(offset))) as rows:
        for row in rows:
            yield FactRow(*row)


def count_facts(engine: Engine, chosen: FactFilter | None = None) -> int:
    """How many facts the filter finds."""
    chosen = chosen or FactFilter()
    statement = select(func.count()).select_from(_joined(schema.facts)).where(*of_report(chosen), *of_fact(chosen))
    with reading(engine) as connection:
        return connection.execute(statement).scalar_one()


def total_yuan(engine: Engine, chosen: FactFilter | None = None) -> Decimal:
    """The exact sum in 元 of the facts that the filter finds, counts left out; 0 if there are none."""
    chosen = chosen or FactFilter()
    statement = (
        select(func.sum(schema.facts.c.yuan_e4))
        .select_from(_joined(schema.facts))
        .where(*of_report(chosen), *of_fact(chosen))
    )
    with reading(engine) as connection:
        return connection.execute(statement).scalar_one() or Decimal(0)


def findings(
    engine: Engine, chosen: FindingFilter | None = None, *, limit: int | None = None, offset: int = 0
) -> list[FindingRow]:
    """The findings, by report and the validator's order."""
    return list(stream_findings(engine, chosen, limit=limit, offset=offset))


def stream_findings(
    engine: Engine, chosen: FindingFilter | None = None, *, limit: int | None = None, offset: int = 0
) -> Generator[FindingRow]:
    """The findings one by one, however many there are."""
    chosen = chosen or FindingFilter()
    statement = (
        _select(FindingRow, schema.findings)
        .where(*of_report(chosen), *of_finding(chosen))
        .order_by(schema.findings.c.report_id, schema.findings.c.seq)
    )
    with closing(_stream(engine, statement.limit(limit).offset(offset))) as rows:
        for row in rows:
            yield FindingRow(*row)


def documents(
    engine: Engine, *, outcomes: tuple[DocumentOutcome, ...] = (), limit: int | None = None, offset: int = 0
) -> list[DocumentRow]:
    """The files by name; `outcomes` limits them, e.g. to refused and failed ones."""
    table = schema.documents
    statement = select(*(table.c[field.name] for field in fields(DocumentRow)))
    if outcomes:
        statement = statement.where(table.c.outcome.in_([outcome.value for outcome in outcomes]))
    statement = statement.order_by(table.c.name, table.c.document_id).limit(limit).offset(offset)
    with reading(engine) as connection:
        return [DocumentRow(*row) for row in connection.execute(statement)]


def failures(engine: Engine) -> list[DocumentRow]:
    """The files that were refused or failed, and why."""
    return documents(engine, outcomes=(DocumentOutcome.REFUSED, DocumentOutcome.FAILED))


def load(engine: Engine, document_id: str) -> Stored | None:
    """The report of `document_id` and its assessment as they were indexed; None if there is none."""
    payloads = schema.payloads
    statement = (
        _select(ReportRow, schema.reports)
        .add_columns(payloads.c.report, payloads.c.assessment)
        .join(payloads, payloads.c.report_id == schema.reports.c.id)
        .where(schema.reports.c.document_id == document_id)
    )
    with reading(engine) as connection:
        row = connection.execute(statement).one_or_none()
    if row is None:
        return None
    *columns, report, assessment = row
    source = ReportRow(*columns)
    return Stored(
        source,
        unpack(Report, report).model_copy(update={"document_name": source.document_name}),
        unpack(Assessment, assessment),
    )


def revisions(engine: Engine, document_id: str) -> list[ReportRow]:
    """All revisions of the account that `document_id` is one of, oldest first; empty if it is not indexed."""
    table = schema.reports
    lineage = select(table.c.lineage).where(table.c.document_id == document_id).scalar_subquery()
    statement = _select(ReportRow, table).where(table.c.lineage == lineage).order_by(table.c.revision)
    with reading(engine) as connection:
        return [ReportRow(*row) for row in connection.execute(statement)]


_REPORT_ORDER = (
    schema.reports.c.fiscal_year.desc(),
    schema.reports.c.division_code,
    schema.reports.c.entity,
    schema.reports.c.revision,
    schema.reports.c.id,
)


def _joined(table: Any) -> Any:
    return table.join(schema.reports, schema.reports.c.id == table.c.report_id)


def _select(row: type, table: Any) -> Select[Any]:
    own = {field.name for field in fields(row)} - {field.name for field in fields(Source)}
    columns = [(table if field.name in own else schema.reports).c[field.name] for field in fields(row)]
    return select(*columns).select_from(table if table is schema.reports else _joined(table))


def _stream(engine: Engine, statement: Select[Any]) -> Generator[tuple[Any, ...]]:
    streaming = {"stream_results": True, "yield_per": _BATCH}
    with reading(engine) as connection:
        unhurried(connection)  # whoever takes the rows may be a pager
        with connection.execute(statement, execution_options=streaming) as result:
            for row in result:
                yield tuple(row)
