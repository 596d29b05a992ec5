"""Inserting many rows of one table at once, without the per-row cost of building a statement's parameters."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table

from shared.adapters.database import is_postgres

Processor = Callable[[Any], Any]


def insert_all(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert `rows`, all with the same keys (names of columns). Values pass through the types of their columns."""
    if not rows:
        return
    names = tuple(rows[0])
    processors = _processors(table, names, connection.dialect)
    place = "%s" if is_postgres(connection) else "?"
    quote = connection.dialect.identifier_preparer.quote
    columns, places = ", ".join(map(quote, names)), ", ".join([place] * len(names))
    values = [
        tuple(row[name] if process is None else process(row[name]) for name, process in processors) for row in rows
    ]
    # Names come from the schema, values are bound.
    connection.exec_driver_sql(f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({places})", values)  # noqa: S608


@lru_cache(maxsize=64)
def _processors(table: Table, names: tuple[str, ...], dialect: Dialect) -> tuple[tuple[str, Processor | None], ...]:
    return tuple((name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names)
