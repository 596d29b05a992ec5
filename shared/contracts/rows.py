"""Facts and findings as flat rows: one shape for every CSV, whether it comes from a report or from the database."""

from __future__ import annotations

from shared.contracts.assessment import Finding
from shared.contracts.base import Language
from shared.contracts.report import Fact

FACT_COLUMNS = (
    "table",
    "row_code",
    "row_name",
    "column",
    "measure",
    "amount",
    "unit",
    "raw",
    "page",
    "row",
    "col",
    "part",
)
FINDING_COLUMNS = (
    "rule",
    "severity",
    "group",
    "message",
    "expected",
    "found",
    "difference",
    "tolerance",
    "table",
    "row_code",
    "row_name",
    "column",
    "page",
    "part",
)


def fact_row(fact: Fact) -> dict[str, str]:
    """One line of facts.csv by `FACT_COLUMNS`; `row`, `col` 0-based in the source table, `page` 1-based or empty.

    `part` is the file within an archive or among several, empty for a report that is one file.
    """
    return {
        "table": fact.table,
        "row_code": fact.row_code,
        "row_name": fact.row_name,
        "column": fact.column,
        "measure": fact.measure.value,
        "amount": format(fact.amount, "f"),
        "unit": fact.unit.value,
        "raw": fact.raw,
        "page": _text(fact.place.page),
        "row": str(fact.place.row),
        "col": str(fact.place.column),
        "part": fact.place.part or "",
    }


def finding_row(finding: Finding, language: Language) -> dict[str, str]:
    """One line of findings.csv by `FINDING_COLUMNS`; the place is that of the first (likeliest) cell."""
    cell = finding.cells[0] if finding.cells else None
    place = cell.place if cell else None
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "group": finding.group,
        "message": finding.message.in_language(language),
        "expected": finding.expected,
        "found": finding.found,
        "difference": _text(finding.difference),
        "tolerance": _text(finding.tolerance),
        "table": cell.table if cell else "",
        "row_code": cell.row_code if cell else "",
        "row_name": cell.row_name if cell else "",
        "column": cell.column if cell else "",
        "page": _text(place.page if place else None),
        "part": (place.part or "") if place else "",
    }


def _text(value: object) -> str:
    return "" if value is None else format(value, "f") if hasattr(value, "as_tuple") else str(value)
