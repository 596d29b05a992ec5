"""What is in the database, as typed rows: facts, findings, reports, documents that failed.

Every function takes an open engine (see `services.indexer.database.open_database`) and a frozen filter; all conditions
of a filter must hold, None means any. Rows come in a stable order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, and_, func, select

from services.indexer import schema
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
from shared.adapters.database import reading
from shared.contracts.assessment import Assessment
from shared.contracts.outcome import DocumentOutcome
from shared.contracts.report import Report

_BATCH = 2000


def reports(
    engine: Engine, chosen: ReportFilter | None = None, *, limit: int | None = None, offset: int = 0
) -> list[ReportRow]:
    """The reports, by year (latest first), division, entity, revision."""
    statement = _select(ReportRow, schema.reports).where(*_of_report(chosen or ReportFilter()))
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
) -> Iterator[FactRow]:
    """The facts one by one, however many there are, from one consistent read."""
    chosen = chosen or FactFilter()
    statement = (
        _select(FactRow, schema.facts)
        .where(*_of_report(chosen), *_of_fact(chosen))
        .order_by(schema.facts.c.report_id, schema.facts.c.seq)
    )
    for row in _stream(engine, statement.limit(limit).offset(offset)):
        yield FactRow(*row)


def count_facts(engine: Engine, chosen: FactFilter | None = None) -> int:
    """How many facts the filter finds."""
    chosen = chosen or FactFilter()
    statement = select(func.count()).select_from(_joined(schema.facts)).where(*_of_report(chosen), *_of_fact(chosen))
    with reading(engine) as connection:
        return connection.execute(statement).scalar_one()


def total_yuan(engine: Engine, chosen: FactFilter | None = None) -> Decimal:
    """The exact sum in 元 of the facts that the filter finds, counts left out; 0 if there are none."""
    chosen = chosen or FactFilter()
    statement = (
        select(func.sum(schema.facts.c.yuan_e4))
        .select_from(_joined(schema.facts))
        .where(*_of_report(chosen), *_of_fact(chosen))
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
) -> Iterator[FindingRow]:
    """The findings one by one, however many there are."""
    chosen = chosen or FindingFilter()
    statement = (
        _select(FindingRow, schema.findings)
        .where(*_of_report(chosen), *_of_finding(chosen))
        .order_by(schema.findings.c.report_id, schema.findings.c.seq)
    )
    for row in _stream(engine, statement.limit(limit).offset(offset)):
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


def _stream(engine: Engine, statement: Select[Any]) -> Iterator[tuple[Any, ...]]:
    with reading(engine) as connection:
        for row in connection.execution_options(stream_results=True, yield_per=_BATCH).execute(statement):
            yield tuple(row)


def _of_report(chosen: ReportFilter) -> list[ColumnElement[bool]]:
    table = schema.reports.c
    found: list[ColumnElement[bool]] = []
    if chosen.current:
        found.append(table.is_current)
    if chosen.year is not None:
        found.append(table.fiscal_year == chosen.year)
    if chosen.division is not None:
        # 140000 is the province, 140100 the prefecture: their own code stands for everything below.
        found.append(table.division_code.startswith(re.sub(r"(?:00){1,2}$", "", chosen.division), autoescape=True))
    if chosen.entity is not None:
        found.append(table.entity.contains(chosen.entity, autoescape=True))
    if chosen.document is not None:
        found.append(table.document_id.startswith(chosen.document, autoescape=True))
    if chosen.outcome is not None:
        found.append(table.outcome == chosen.outcome.value)
    return found


def _of_fact(chosen: FactFilter) -> list[ColumnElement[bool]]:
    table = schema.facts.c
    found: list[ColumnElement[bool]] = []
    if chosen.code is not None:
        found.append(_code(chosen.code))
    if chosen.table is not None:
        found.append(table.table_id == chosen.table.upper())
    for column, value in (
        (table.measure, chosen.measure),
        (table.phase, chosen.phase),
        (table.side, chosen.side),
        (table.fund, chosen.fund),
    ):
        if value is not None:
            found.append(column == value.value)
    if chosen.minimum is not None:
        found.append(table.yuan_e4 >= chosen.minimum)
    if chosen.maximum is not None:
        found.append(table.yuan_e4 <= chosen.maximum)
    return found


def _code(code: str) -> ColumnElement[bool]:
    column = schema.facts.c.code
    if not code.endswith("*"):
        return column == code
    stem = code.rstrip("*")
    if not (stem.isascii() and stem.isdigit()):
        return column.startswith(stem, autoescape=True)
    # A range of digits uses the index under any collation, which LIKE does not.
    after = str(int(stem) + 1)
    return column >= stem if len(after) > len(stem) else and_(column >= stem, column < after)


def _of_finding(chosen: FindingFilter) -> list[ColumnElement[bool]]:
    table = schema.findings.c
    found: list[ColumnElement[bool]] = []
    if chosen.severity is not None:
        found.append(table.severity == chosen.severity.value)
    if chosen.rule is not None:
        stem = chosen.rule.rstrip("*")
        found.append(table.rule == stem if stem == chosen.rule else table.rule.startswith(stem, autoescape=True))
    if chosen.table is not None:
        found.append(table.table_id == chosen.table.upper())
    return found
