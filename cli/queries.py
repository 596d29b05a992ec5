"""The commands that ask the database: search, facts, findings, reports, export."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from rich.text import Text

from cli import console, messages, places
from cli.language import language
from cli.listing import Column, Listing
from cli.options import Format
from cli.remote.failures import all_failures
from services.indexer import queries as q
from services.indexer import search as full_text
from services.indexer.database import open_database
from services.indexer.records import (
    DocumentRow,
    FactFilter,
    FactRow,
    FindingFilter,
    FindingRow,
    ReportFilter,
    ReportRow,
    Source,
)
from services.indexer.tokens import QueryError
from shared.contracts.assessment import Severity
from shared.contracts.base import Text as Sentence
from shared.contracts.errors import Category, JuesuanError, Phase
from shared.contracts.report import Measure

if TYPE_CHECKING:
    from sqlalchemy import Engine

Row = TypeVar("Row")

_ON_SCREEN = 200
_HITS = 20
_SEVERITY_STYLE = {"error": "bold red", "warning": "yellow", "review": "magenta", "info": "cyan", "rounding": "dim"}

OK, NOT_PROCESSED = 0, 2


@dataclass(frozen=True)
class SearchQuery:
    """What to search for, and in which reports."""

    words: str
    year: int | None
    division: str | None
    limit: int | None


def search(database: str, query: SearchQuery, output: Format) -> int:
    """Print what matches all words, best first."""
    with _opened(database) as engine:
        limit = query.limit or _HITS
        chosen = ReportFilter(year=query.year, division=query.division)
        try:
            hits = full_text.search(engine, query.words, chosen, limit=limit)
        except QueryError as error:
            console.complain(error.text.in_language(language()))
            return NOT_PROCESSED
        return _HIT_LISTING.print(iter(hits), output)


def facts(database: str, chosen: FactFilter, limit: int | None, output: Format) -> int:
    """Print the facts that `chosen` finds."""
    with _opened(database) as engine:
        return print_rows(FACTS, q.stream_facts(engine, chosen, limit=_one_more(limit, output)), limit, output)


def findings(database: str, chosen: FindingFilter, limit: int | None, output: Format) -> int:
    """Print the findings that `chosen` finds."""
    with _opened(database) as engine:
        rows = q.stream_findings(engine, chosen, limit=_one_more(limit, output))
        return print_rows(FINDINGS, rows, limit, output)


def reports(database: str, chosen: ReportFilter, limit: int | None, output: Format) -> int:
    """Print the reports that `chosen` finds."""
    with _opened(database) as engine:
        rows = q.reports(engine, chosen, limit=_one_more(limit, output))
        return print_rows(REPORTS, iter(rows), limit, output)


def failures(database: str, limit: int | None, output: Format) -> int:
    """Print the files that were refused or failed, and why."""
    with _opened(database) as engine:
        return print_rows(FAILURES, all_failures(engine), limit, output)


def export(database: str, chosen: ReportFilter, form: str, out: Path) -> int:
    """Write facts, findings and reports to `out`."""
    from services.indexer import export as exporting  # noqa: PLC0415 - pyarrow is slow to load

    with _opened(database) as engine:
        try:
            written = exporting.export(engine, out, exporting.ExportFormat(form), chosen)
        except OSError as error:
            console.complain(messages.OUT_IS_FILE(path=out, reason=error.strerror or error))
            return NOT_PROCESSED
    for path in written:
        console.out().print(messages.EXPORTED(path=path), markup=False, soft_wrap=True)
    return OK


def measure(name: str | None) -> Measure | None:
    """The measure called `name`; raises `JuesuanError` with the list of them."""
    if name is None:
        return None
    try:
        return Measure(name)
    except ValueError as error:
        known = ", ".join(value.value for value in Measure)
        text = Sentence(zh=f"没有指标“{name}”。可用：{known}", en=f'There is no measure "{name}". Known: {known}')
        raise JuesuanError(Category.NOTHING_FOUND, Phase.INDEX, text) from error


def severity(name: str | None) -> Severity | None:
    """The severity called `name`, which the command line has checked."""
    return None if name is None else Severity(name)


@contextmanager
def _opened(database: str) -> Iterator[Engine]:
    if "://" not in database and not Path(database).exists():
        shown = places.shown(database)
        text = Sentence(
            zh=messages.NO_DATABASE.zh.format(database=shown), en=messages.NO_DATABASE.en.format(database=shown)
        )
        raise JuesuanError(Category.NOTHING_FOUND, Phase.INDEX, text)
    engine = open_database(database)
    try:
        yield engine
    finally:
        engine.dispose()


def _one_more(limit: int | None, output: Format) -> int | None:
    """One row beyond what is shown, so that it can be said that there are more."""
    shown = _shown(limit, output)
    return None if shown is None else shown + 1


def _shown(limit: int | None, output: Format) -> int | None:
    return limit or (_ON_SCREEN if output is Format.TABLE else None)


def print_rows(listing: Listing[Row], rows: Iterator[Row], limit: int | None, output: Format) -> int:
    """Print as many of `rows` as fit, and say so when there are more."""
    shown = _shown(limit, output)
    status = listing.print(islice(rows, shown), output)
    if shown is not None and next(rows, None) is not None:
        console.err().print(messages.MORE(limit=shown), style="dim", markup=False)
    return status


def _entity(row: Source) -> str:
    return row.entity or row.document_name


def _amount(row: FactRow) -> str:
    return format(row.amount, ",f")


def _row_name(row: Any) -> str:
    return " ".join(part for part in (row.row_code, row.row_name) if part)


def _page(row: Any) -> str:
    return str(row.page or "")


def _message(row: FindingRow) -> str:
    return row.message_zh if language() == "zh" else row.message_en


def _severity_text(row: FindingRow) -> Text:
    return Text(messages.SEVERITIES[row.severity](), style=_SEVERITY_STYLE[row.severity])


def _hit_text(hit: full_text.Hit) -> Text:
    text = Text(hit.snippet.text)
    for start, end in hit.snippet.marks:
        text.stylize("bold reverse", start, end)
    for amount in hit.amounts[:4]:
        text.append(f"\n  {amount.column} {amount.raw} {amount.unit}", style="dim")
    return text


def _reason(row: DocumentRow) -> str:
    return (row.message_zh if language() == "zh" else row.message_en) or ""


_YEAR: Column[Any] = Column(messages.YEAR_HEAD, lambda row: str(row.fiscal_year or ""))
_WHOSE: Column[Any] = Column(messages.WHOSE, _entity)
_DIVISION: Column[Any] = Column(messages.COL_DIVISION, lambda row: row.division_name or row.division_code or "")
_TABLE: Column[Any] = Column(messages.COL_TABLE, lambda row: row.table_id)
_ROW: Column[Any] = Column(messages.COL_NAME, _row_name)
_PAGE: Column[Any] = Column(messages.COL_PAGE, _page, "right")

FACTS: Listing[FactRow] = Listing(
    (
        _YEAR,
        _WHOSE,
        _TABLE,
        _ROW,
        Column(messages.COL_COLUMN, lambda row: row.column_path),
        Column(messages.COL_AMOUNT, _amount, "right"),
        Column(messages.COL_UNIT, lambda row: row.unit),
        replace(_PAGE, wide=True),
    )
)
FINDINGS: Listing[FindingRow] = Listing(
    (
        Column(messages.COL_SEVERITY, _severity_text),
        Column(messages.COL_RULE, lambda row: row.rule),
        _YEAR,
        _WHOSE,
        Column(messages.COL_MESSAGE, _message),
        replace(_TABLE, wide=True),
        replace(_ROW, wide=True),
        replace(_PAGE, wide=True),
    )
)
REPORTS: Listing[ReportRow] = Listing(
    (
        _YEAR,
        replace(_DIVISION, wide=True),
        _WHOSE,
        Column(messages.FILES, lambda row: row.document_name, wide=True),
        Column(messages.COL_REVISION, lambda row: str(row.revision), "right", wide=True),
        Column(messages.TABLES, lambda row: str(row.tables), "right", wide=True),
        Column(messages.FACTS_HEAD, lambda row: f"{row.facts:,}", "right"),
        Column(messages.ERRORS, lambda row: str(row.errors), "right"),
        Column(messages.WARNINGS, lambda row: str(row.warnings), "right"),
        Column(messages.REVIEWS, lambda row: str(row.reviews), "right", wide=True),
        Column(messages.ROUNDINGS, lambda row: str(row.roundings), "right", wide=True),
        Column(messages.OUTCOME, lambda row: messages.OUTCOMES[row.outcome]()),
    )
)
FAILURES: Listing[DocumentRow] = Listing(
    (
        Column(messages.FILES, lambda row: row.name),
        Column(messages.OUTCOME, lambda row: messages.OUTCOMES[row.outcome]()),
        Column(messages.COL_REASON, _reason),
    )
)
_HIT_LISTING: Listing[full_text.Hit] = Listing((_YEAR, _WHOSE, _TABLE, Column(messages.COL_HIT, _hit_text), _PAGE))
