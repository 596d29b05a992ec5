"""Rows into files: CSV, Parquet, Excel. Rows pass through one batch at a time, so their number does not matter."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # type: ignore[import-untyped]
from openpyxl.styles import Font  # type: ignore[import-untyped]
from pyarrow import parquet

from services.indexer.fields import Field

_BATCH = 10_000
_SHEET_ROWS = 1_048_576
_LONGEST_CELL = 32_767
_FORMULA = re.compile(r"^[=+\-@\t\r]")
_NUMBER = re.compile(r"^[+-]?[\d,]*\.?\d+%?$")
_DECIMALS = 8
_WIDE = Context(prec=80)
_LARGEST = Decimal(10) ** (38 - _DECIMALS)


@dataclass(frozen=True)
class Sheet:
    """What is written: a name, its columns and its rows (typed, read once)."""

    name: str
    fields: tuple[Field[Any], ...]
    rows: Iterable[Any]


def write_csv(sheet: Sheet, path: Path) -> None:
    """UTF-8 with a byte order mark, so that Excel shows Chinese; exact decimals; no cell that Excel would execute."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow([field.name for field in sheet.fields])
        out.writerows([_csv_cell(field.value(row)) for field in sheet.fields] for row in sheet.rows)


def _csv_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if isinstance(value, str) and _FORMULA.match(text) and not _NUMBER.match(text) else text


_ARROW: dict[str, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.decimal128(38, _DECIMALS),
    "float": pa.float64(),
    "boolean": pa.bool_(),
    "datetime": pa.timestamp("us", tz="UTC"),
}


def write_parquet(sheet: Sheet, path: Path) -> None:
    """Decimals as decimal128(38, 8): beyond 8 decimals half to even, beyond 30 digits null (`raw` keeps the print)."""
    schema = pa.schema([pa.field(field.name, _ARROW[field.kind]) for field in sheet.fields])
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in _batches(sheet.rows):
            columns = [
                pa.array([_arrow_cell(field.value(row)) for row in batch], type=_ARROW[field.kind])
                for field in sheet.fields
            ]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))


def _arrow_cell(value: object) -> object:
    if not isinstance(value, Decimal):
        return value
    rounded = value.quantize(Decimal(1).scaleb(-_DECIMALS), ROUND_HALF_EVEN, _WIDE) if value.is_finite() else value
    return rounded if abs(rounded) < _LARGEST else None


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(rows)
    while batch := list(islice(source, _BATCH)):
        yield batch


def write_xlsx(sheets: Iterable[Sheet], path: Path) -> None:
    """One workbook: numbers as numbers, codes and all other text as text. A sheet that is full goes on in the next."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        rows = iter(sheet.rows)
        for number in range(1, 1_000):
            name = sheet.name if number == 1 else f"{sheet.name} {number}"
            if not _fill(book.create_sheet(name), sheet.fields, rows):
                break
    book.save(path)


def _fill(page: Any, fields: tuple[Field[Any], ...], rows: Iterator[Any]) -> bool:
    """Fill one sheet from `rows`; whether it is full."""
    page.freeze_panes = "A2"
    head = [WriteOnlyCell(page, field.name) for field in fields]
    for cell in head:
        cell.font = Font(bold=True)
    page.append(head)
    count = 1
    for row in islice(rows, _SHEET_ROWS - 1):
        page.append([_excel_cell(page, field.value(row)) for field in fields])
        count += 1
    return count == _SHEET_ROWS


def _excel_cell(page: Any, value: object) -> Any:
    if isinstance(value, Decimal):
        cell = WriteOnlyCell(page, value)
        cell.number_format = "0.00" if _exponent(value) >= -2 else "0." + "0" * -_exponent(value)  # noqa: PLR2004
        return cell
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)  # Excel knows no time zones
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)[:_LONGEST_CELL]
    if not _FORMULA.match(text):
        return text
    cell = WriteOnlyCell(page, text)
    cell.data_type = "s"  # else a text that begins with = becomes a formula
    return cell


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
