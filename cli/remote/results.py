"""Documents of the chain in the form of `juesuan run`, so that one summary serves both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cli.remote import messages
from cli.remote.failures import OUTCOMES, PHASES
from cli.work import Record
from services.indexer import queries
from services.indexer.records import ReportFilter, ReportRow
from shared.adapters.lifecycle import INDEXED, PARTIAL, UNPACKED, Standing, steps
from shared.contracts.assessment import Severity
from shared.contracts.base import Text
from shared.contracts.errors import Category, JuesuanError, Phase
from shared.contracts.outcome import DocumentOutcome

if TYPE_CHECKING:
    from sqlalchemy import Engine


def records(engine: Engine, found: Sequence[Standing]) -> list[Record]:
    """A record for each document, in their order; counts and causes from the index, reasons from the lifecycle.

    An archive whose reports are documents of their own is none.
    """
    found = [item for item in found if item.outcome != UNPACKED]
    doubts = {
        step.document_id: int(step.said["doubts"])
        for step in steps(engine, [item.document_id for item in found], ["validated"])
    }
    return [_record(engine, item, doubts.get(item.document_id, 0)) for item in found]


def indexed_report(engine: Engine, content_id: str) -> ReportRow | None:
    """The row of the report that came of this content, current or corrected since; None if there is none."""
    rows = queries.reports(engine, ReportFilter(document=content_id, current=False), limit=1)
    return rows[0] if rows else None


def error_of(item: Standing) -> JuesuanError | None:
    """Why a document was refused or failed, or that it has not ended; None for one that is indexed."""
    phase = PHASES.get(item.stage, Phase.INDEX)
    if item.outcome in {INDEXED, PARTIAL}:
        return None
    if item.outcome not in OUTCOMES:
        words = messages.STILL_ON_ITS_WAY
        text = Text(zh=words.zh.format(stage=item.stage), en=words.en.format(stage=item.stage))
        return JuesuanError(Category.SERVER, phase, text)
    text = Text(zh=item.message_zh or "", en=item.message_en or "")
    return JuesuanError(Category(item.category or Category.INTERNAL), phase, text)


def _record(engine: Engine, item: Standing, doubts: int) -> Record:
    outcome, path = OUTCOMES.get(item.outcome, DocumentOutcome.FAILED), Path(item.name)
    row = indexed_report(engine, item.content_id) if item.content_id else None
    if (error := error_of(item)) is not None or row is None:
        return Record(path, outcome, item.content_id, error, doubts=doubts)
    findings = {
        Severity.ERROR: row.errors,
        Severity.WARNING: row.warnings,
        Severity.REVIEW: row.reviews,
        Severity.INFO: row.infos,
        Severity.ROUNDING: row.roundings,
    }
    # The causes stand in the assessment alone, which is worth its loading only where there is an error to explain.
    stored = queries.load(engine, row.document_id) if row.errors else None
    return Record(
        path,
        outcome,
        row.document_id,
        kind=row.scope,
        entity=row.entity,
        division=row.division_name,
        year=row.fiscal_year,
        tables=row.tables,
        facts=row.facts,
        doubts=doubts,
        findings=findings,
        causes=stored.assessment.causes if stored else (),
        rules={finding.id: finding.rule for finding in stored.assessment.findings} if stored else {},
    )
