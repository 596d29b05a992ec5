"""A report and its assessment as database rows. Pure: no connection, no clock."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from services.indexer.tokens import fold
from shared.contracts.assessment import Assessment, Cause, CellRef, Finding, Severity, Suggestion
from shared.contracts.base import Contract
from shared.contracts.report import Confidence, Fact, Report, Unit

Values = dict[str, Any]

#: A division that was only guessed must not tie two accounts together, nor keep them apart.
_SURE = frozenset({Confidence.PRINTED, Confidence.INFERRED})


def lineage(report: Report) -> str:
    """What all revisions of one account have in common: entity, division, scope, year.

    Where entity or year is unknown, nothing ties two files together, so the account is the document itself.
    """
    identity = report.identity
    if identity.entity is None or identity.fiscal_year is None:
        return f"document:{report.document_id}"
    division = identity.division
    code = division.code if division and division.confidence in _SURE else ""
    return "|".join((fold(identity.entity), code, identity.scope.value, str(identity.fiscal_year)))


def report_row(report: Report, assessment: Assessment) -> Values:
    """The row of `reports`, without what depends on the database (revision, current, time, outcome)."""
    identity = report.identity
    division = identity.division
    severities = Counter(finding.severity for finding in assessment.findings)
    return clean(
        {
            "document_id": report.document_id,
            "document_name": report.document_name,
            "lineage": lineage(report),
            "entity": identity.entity,
            "division_code": division.code if division else None,
            "division_name": division.name if division else None,
            "division_confidence": division.confidence.value if division else None,
            "fiscal_year": identity.fiscal_year,
            "scope": identity.scope.value,
            "unit": identity.unit.value if identity.unit else None,
            "normalizer": report.normalizer,
            "ruleset": assessment.ruleset,
            "tables": len(report.tables),
            "facts": len(report.facts),
            "doubts": len(report.doubts),
            "errors": severities[Severity.ERROR],
            "warnings": severities[Severity.WARNING],
            "reviews": severities[Severity.REVIEW],
            "infos": severities[Severity.INFO],
            "roundings": severities[Severity.ROUNDING],
        }
    )


def table_rows(report: Report) -> list[Values]:
    """The rows of `report_tables`."""
    counts = Counter(fact.table for fact in report.facts)
    return [
        clean(
            {
                "table_id": table.id,
                "title": table.title,
                "number": table.number,
                "source_table": table.source_table,
                "page": table.page,
                "unit": table.unit.value if table.unit else None,
                "entity": table.entity,
                "year": table.year,
                "notes": "\n".join(table.notes),
                "is_empty": table.empty,
                "facts": counts[table.id],
            }
        )
        for table in report.tables
    ]


def fact_rows(report: Report) -> list[Values]:
    """The rows of `facts` in the order of the report; `seq` counts from 0."""
    return [clean(_fact(seq, fact)) for seq, fact in enumerate(report.facts)]


def code_of(fact: Fact) -> str | None:
    """The code that a fact is found by: the resolved one, else the printed one, else the class of a row of T01/T04."""
    if fact.code:
        return fact.code.code
    if fact.row_code:
        return fact.row_code
    return fact.key if fact.key and fact.key.isdigit() else None


def _fact(seq: int, fact: Fact) -> Values:
    code, place, box = fact.code, fact.place, fact.place.box
    return {
        "seq": seq,
        "table_id": fact.table,
        "row_key": fact.key,
        "row_code": fact.row_code,
        "row_name": fact.row_name,
        "column_path": fact.column,
        "measure": fact.measure.value,
        "phase": fact.phase.value,
        "side": fact.side.value if fact.side else None,
        "fund": fact.fund.value if fact.fund else None,
        "code": code_of(fact),
        "code_system": code.system.value if code else None,
        "code_level": code.level if code else None,
        "code_parent": code.parent if code else None,
        "code_name": code.official_name if code else None,
        "code_status": code.status.value if code else None,
        "amount": fact.amount,
        "yuan_e4": None if fact.unit is Unit.COUNT else fact.amount_yuan,
        "unit": fact.unit.value,
        "quantum": fact.quantum,
        "raw": fact.raw,
        "page": place.page,
        "source_table": place.source_table,
        "row": place.row,
        "col": place.column,
        "x0": box.x0 if box else None,
        "y0": box.y0 if box else None,
        "x1": box.x1 if box else None,
        "y1": box.y1 if box else None,
        "col_group": fact.group,
        "doubts": " ".join(fact.doubts),
        "part": place.part,
    }


def finding_rows(assessment: Assessment) -> list[Values]:
    """The rows of `findings` in the order of the assessment."""
    return [clean(_finding(seq, finding)) for seq, finding in enumerate(assessment.findings)]


def _finding(seq: int, finding: Finding) -> Values:
    place = finding.cells[0].place if finding.cells else None
    return {
        "seq": seq,
        "finding_id": finding.id,
        "rule": finding.rule,
        "severity": finding.severity.value,
        "outcome": finding.outcome.value,
        "cause_group": finding.group,
        "message_zh": finding.message.zh,
        "message_en": finding.message.en,
        "expected": finding.expected,
        "found": finding.found,
        "difference": finding.difference,
        "tolerance": finding.tolerance,
        "cells": _json(finding.cells),
        "part": place.part if place else None,
        **_where(finding.cells),
        **_suggestion(finding.suggestion),
    }


def cause_rows(assessment: Assessment) -> list[Values]:
    """The rows of `causes` in the order of the assessment."""
    return [clean(_cause(seq, cause)) for seq, cause in enumerate(assessment.causes)]


def _cause(seq: int, cause: Cause) -> Values:
    return {
        "seq": seq,
        "cause_group": cause.group,
        "severity": cause.severity.value,
        "message_zh": cause.message.zh,
        "message_en": cause.message.en,
        "findings": len(cause.findings),
        "found": cause.cells[0].raw if cause.cells else "",
        **_where(cause.cells),
        **_suggestion(cause.suggestion),
    }


def outcome_rows(assessment: Assessment) -> list[Values]:
    """The rows of `rule_outcomes`."""
    return [
        clean(
            {
                "rule": outcome.rule,
                "outcome": outcome.outcome.value,
                "checks": json.dumps(outcome.checks, sort_keys=True),
                "reason_zh": outcome.reason.zh if outcome.reason else None,
                "reason_en": outcome.reason.en if outcome.reason else None,
            }
        )
        for outcome in assessment.outcomes
    ]


def _where(cells: tuple[CellRef, ...]) -> Values:
    cell = cells[0] if cells else None
    return {
        "table_id": cell.table if cell else "",
        "row_code": cell.row_code if cell else "",
        "row_name": cell.row_name if cell else "",
        "column_path": cell.column if cell else "",
        "page": cell.place.page if cell and cell.place else None,
    }


def _suggestion(suggestion: Suggestion | None) -> Values:
    return {
        "suggested": suggestion.value if suggestion else None,
        "suggestion_zh": suggestion.reason.zh if suggestion else None,
        "suggestion_en": suggestion.reason.en if suggestion else None,
    }


def _json(values: tuple[Contract, ...]) -> str:
    return json.dumps([value.model_dump(mode="json") for value in values], ensure_ascii=False)


def clean(values: Values) -> Values:
    """`values` with every NUL shown as U+FFFD: PDF text may hold one, PostgreSQL takes none."""
    for name, value in values.items():
        if type(value) is str and "\x00" in value:
            values[name] = value.replace("\x00", "\ufffd")
    return values
