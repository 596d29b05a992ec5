"""The options of the commands, declared once. Built after the language is chosen: help texts are made here."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli import messages


class Lang(StrEnum):
    """Values of --lang."""

    ZH = "zh"
    EN = "en"


class RunFormat(StrEnum):
    """Values of --format of `run`."""

    TEXT = "text"
    JSON = "json"


class Format(StrEnum):
    """Values of --format of the queries."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class ExportFormat(StrEnum):
    """Values of --format of `export`."""

    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"


class SeverityName(StrEnum):
    """Values of --severity."""

    ERROR = "error"
    WARNING = "warning"
    REVIEW = "review"
    INFO = "info"
    ROUNDING = "rounding"


def decimal(value: str | None) -> Decimal | None:
    """An exact number from the command line; raises the parser's error otherwise."""
    if value is None:
        return None
    try:
        number = Decimal(value.replace(",", ""))
    except InvalidOperation:
        raise typer.BadParameter(messages.BAD_NUMBER(value=value)) from None
    if not number.is_finite():
        raise typer.BadParameter(messages.BAD_NUMBER(value=value))
    return number


LangOption = Annotated[Lang | None, typer.Option("--lang", help=messages.LANG(), show_default=False)]
DbOption = Annotated[str | None, typer.Option("--db", help=messages.DB(), metavar="URL", show_default=False)]
FormatOption = Annotated[Format, typer.Option("--format", help=messages.FORMAT())]
LimitOption = Annotated[int | None, typer.Option("--limit", min=1, help=messages.LIMIT(), show_default=False)]
YearOption = Annotated[int | None, typer.Option("--year", help=messages.YEAR(), show_default=False)]
DivisionOption = Annotated[str | None, typer.Option("--division", help=messages.DIVISION(), show_default=False)]
EntityOption = Annotated[str | None, typer.Option("--entity", help=messages.ENTITY(), show_default=False)]
TableOption = Annotated[str | None, typer.Option("--table", help=messages.TABLE(), show_default=False)]
AllOption = Annotated[bool, typer.Option("--all-revisions", help=messages.ALL_REVISIONS())]
CodeOption = Annotated[str | None, typer.Option("--code", help=messages.CODE(), show_default=False)]
MeasureOption = Annotated[str | None, typer.Option("--measure", help=messages.MEASURE(), show_default=False)]
MinimumOption = Annotated[str | None, typer.Option("--min", help=messages.MINIMUM(), show_default=False)]
MaximumOption = Annotated[str | None, typer.Option("--max", help=messages.MAXIMUM(), show_default=False)]
SeverityOption = Annotated[
    SeverityName | None, typer.Option("--severity", help=messages.SEVERITY(), show_default=False)
]
RuleOption = Annotated[str | None, typer.Option("--rule", help=messages.RULE(), show_default=False)]
PathsArgument = Annotated[list[Path], typer.Argument(help=messages.PATHS(), metavar="PATH...")]
FileArgument = Annotated[Path, typer.Argument(help=messages.FILE())]
WordsArgument = Annotated[list[str], typer.Argument(help=messages.WORDS(), metavar="WORDS...")]
OutOption = Annotated[Path | None, typer.Option("--out", help=messages.OUT(), metavar="DIR", show_default=False)]
NoDbOption = Annotated[bool, typer.Option("--no-db", help=messages.NO_DB())]
JobsOption = Annotated[int | None, typer.Option("--jobs", min=1, help=messages.JOBS(), show_default=False)]
RunFormatOption = Annotated[RunFormat, typer.Option("--format", help=messages.RUN_FORMAT())]
LogOption = Annotated[str | None, typer.Option("--log", help=messages.LOG(), metavar="LEVEL", show_default=False)]
FailedOption = Annotated[bool, typer.Option("--failed", help=messages.FAILED_FILES())]
ExportFormatOption = Annotated[ExportFormat, typer.Option("--format", help=messages.EXPORT_FORMAT())]
ExportOutOption = Annotated[Path, typer.Option("--out", help=messages.EXPORT_OUT(), metavar="DIR")]
