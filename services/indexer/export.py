"""The database as files that other programs read: CSV with a data package, Parquet, Excel."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Engine

from services.indexer import queries
from services.indexer.datapackage import descriptor
from services.indexer.fields import FACTS, FINDINGS, REPORTS
from services.indexer.records import FactFilter, FindingFilter, ReportFilter
from services.indexer.writers import Sheet, write_csv, write_parquet, write_xlsx


class ExportFormat(StrEnum):
    """What an export may be written as."""

    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"


def export(engine: Engine, folder: Path, form: ExportFormat, chosen: ReportFilter | None = None) -> tuple[Path, ...]:
    """Write facts, findings and reports into `folder`; the paths of the files.

    CSV makes facts.csv, findings.csv, reports.csv and datapackage.json, Parquet the three tables, Excel one workbook
    juesuan.xlsx. A `FactFilter` also limits the facts. Files appear when they are complete and replace older ones;
    raises `OSError` when `folder` cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sheets = _sheets(engine, chosen or ReportFilter())
    if form is ExportFormat.XLSX:
        path = folder / "juesuan.xlsx"
        with _complete(path) as part:
            write_xlsx(sheets, part)
        return (path,)
    write = write_csv if form is ExportFormat.CSV else write_parquet
    written = []
    for sheet in sheets:
        path = folder / f"{sheet.name}.{form.value}"
        with _complete(path) as part:
            write(sheet, part)
        written.append(path)
    if form is ExportFormat.CSV:
        path = folder / "datapackage.json"
        created = datetime.now(UTC).isoformat(timespec="seconds")
        with _complete(path) as part:
            part.write_text(json.dumps(descriptor(created), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        written.append(path)
    return tuple(written)


def _sheets(engine: Engine, chosen: ReportFilter) -> tuple[Sheet, ...]:
    common = {field.name: getattr(chosen, field.name) for field in fields(ReportFilter)}
    of_facts = chosen if isinstance(chosen, FactFilter) else FactFilter(**common)
    of_findings = chosen if isinstance(chosen, FindingFilter) else FindingFilter(**common)
    return (
        Sheet("facts", FACTS, queries.stream_facts(engine, of_facts)),
        Sheet("findings", FINDINGS, queries.stream_findings(engine, of_findings)),
        Sheet("reports", REPORTS, queries.reports(engine, ReportFilter(**common))),
    )


@contextmanager
def _complete(path: Path) -> Iterator[Path]:
    """A path beside `path` that takes its place at the end, or vanishes when something goes wrong."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
