"""The queries on one batch: its facts, findings and reports, document by document in the order of the keys."""

from __future__ import annotations

import csv
import dataclasses
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from cli import queries as local
from cli.options import Format
from cli.remote.connect import answered, chain_settings
from cli.remote.failures import failure
from services.indexer import queries as q
from services.indexer.database import open_database
from services.indexer.records import FactFilter, FactRow, FindingFilter, ReportFilter
from shared.adapters.lifecycle import FAILED, REFUSED_, Standing, standings
from shared.contracts.rows import FACT_COLUMNS

if TYPE_CHECKING:
    from sqlalchemy import Engine

Row = TypeVar("Row")
Chosen = TypeVar("Chosen", bound=ReportFilter)


def facts(batch: str, database: str | None, chosen: FactFilter, limit: int | None, output: Format) -> int:
    """Print the facts of a batch; as CSV in the very columns of the facts.csv of `juesuan run`."""
    with _opened(database) as engine:
        rows = _rows(engine, batch, chosen, q.stream_facts)
        if output is not Format.CSV:
            return local.print_rows(local.FACTS, rows, limit, output)
        writer = csv.DictWriter(sys.stdout, FACT_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(map(fact_line, islice(rows, limit)))
    return local.OK


def findings(batch: str, database: str | None, chosen: FindingFilter, limit: int | None, output: Format) -> int:
    """Print the findings of a batch."""
    with _opened(database) as engine:
        return local.print_rows(local.FINDINGS, _rows(engine, batch, chosen, q.stream_findings), limit, output)


def reports(batch: str, database: str | None, chosen: ReportFilter, limit: int | None, output: Format) -> int:
    """Print the reports of a batch."""
    with _opened(database) as engine:
        return local.print_rows(local.REPORTS, _rows(engine, batch, chosen, q.reports), limit, output)


def failures(batch: str, database: str | None, limit: int | None, output: Format) -> int:
    """Print the documents of a batch that were refused or failed."""
    with _opened(database) as engine:
        found = [item for item in _standings(engine, batch) if item.outcome in {FAILED, REFUSED_}]
        return local.print_rows(local.FAILURES, map(failure, found), limit, output)


def fact_line(row: FactRow) -> dict[str, str]:
    """A fact of the index as a line of facts.csv, as `shared.contracts.rows.fact_row` makes it of the report."""
    return {
        "table": row.table_id,
        "row_code": row.row_code,
        "row_name": row.row_name,
        "column": row.column_path,
        "measure": row.measure,
        "amount": format(row.amount, "f"),
        "unit": row.unit,
        "raw": row.raw,
        "page": "" if row.page is None else str(row.page),
        "row": str(row.row),
        "col": str(row.col),
        "part": row.part or "",
    }


def _rows(
    engine: Engine, batch: str, chosen: Chosen, ask: Callable[[Engine, Chosen], Iterator[Row] | list[Row]]
) -> Iterator[Row]:
    for item in _standings(engine, batch):
        if item.content_id is not None:
            # A report that another one corrected since still is what this document says.
            yield from ask(engine, dataclasses.replace(chosen, document=item.content_id, current=False))


def _standings(engine: Engine, batch: str) -> list[Standing]:
    return list(standings(engine, batch=batch, superseded=False))


@contextmanager
def _opened(database: str | None) -> Iterator[Engine]:
    with answered():
        engine = open_database(database or chain_settings().database)
        try:
            yield engine
        finally:
            engine.dispose()
