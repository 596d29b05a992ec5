"""Rows of a query as a table for people, as CSV or as JSON for programs."""

from __future__ import annotations

import csv
import dataclasses
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Generic, Literal, TypeVar

from rich import box
from rich.table import Table
from rich.text import Text

from cli import console, messages
from cli.language import Words
from cli.options import Format

Row = TypeVar("Row")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column for people: its heading and what it shows of a row. A `wide` one is left out of a narrow window."""

    heading: Words
    value: Callable[[Row], str | Text]
    justify: Literal["left", "right"] = "left"
    wide: bool = False


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """How rows (dataclasses) of one kind are printed. Programs get every field, people the `columns`."""

    columns: tuple[Column[Row], ...]

    def print(self, rows: Iterator[Row], output: Format) -> int:
        """Print `rows`; 0, also when there are none: an empty answer is an answer."""
        if output is Format.TABLE:
            self._print_table(rows)
        elif output is Format.CSV:
            _print_csv(rows)
        else:
            _print_json(rows)
        return 0

    def _print_table(self, rows: Iterator[Row]) -> None:
        out = console.out()
        columns = [column for column in self.columns if out.width >= console.WIDE_WINDOW or not column.wide]
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for column in columns:
            number = column.justify == "right"
            table.add_column(column.heading(), justify=column.justify, overflow="fold", no_wrap=number)
        for row in rows:
            values = (column.value(row) for column in columns)
            table.add_row(*(Text(value) if isinstance(value, str) else value for value in values))
        if table.row_count:
            out.print(table)
        else:
            console.err().print(messages.NOTHING(), markup=False)


def as_data(row: Any) -> dict[str, Any]:
    """All fields of a row as plain data; a fact's `amount_yuan` too."""
    data = {field.name: _plain(getattr(row, field.name)) for field in dataclasses.fields(row)}
    if hasattr(row, "amount_yuan"):
        data["amount_yuan"] = _plain(row.amount_yuan)
    return data


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if dataclasses.is_dataclass(value):
        return as_data(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value


def _print_csv(rows: Iterator[Any]) -> None:
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        data = {name: json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
                for name, value in as_data(row).items()}  # fmt: skip
        if writer is None:
            writer = csv.DictWriter(sys.stdout, list(data), lineterminator="\n")
            writer.writeheader()
        writer.writerow(data)


def _print_json(rows: Iterator[Any]) -> None:
    # Written row by row: the answer may be larger than memory.
    before = "["
    for row in rows:
        sys.stdout.write(before + "\n  " + json.dumps(as_data(row), ensure_ascii=False))
        before = ","
    sys.stdout.write("[]\n" if before == "[" else "\n]\n")
