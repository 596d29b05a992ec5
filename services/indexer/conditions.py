"""Filters as SQL conditions. Values are always bound, never written into the statement."""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, and_

from services.indexer import schema
from services.indexer.records import FactFilter, FindingFilter, ReportFilter


def of_report(chosen: ReportFilter) -> list[ColumnElement[bool]]:
    """The conditions on `reports`."""
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


def of_fact(chosen: FactFilter) -> list[ColumnElement[bool]]:
    """The conditions on `facts`."""
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


def of_finding(chosen: FindingFilter) -> list[ColumnElement[bool]]:
    """The conditions on `findings`."""
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
