"""What `run` says at the end: one line per file, why files failed, what the errors come from, totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from rich import box
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cli import messages
from cli.console import WIDE_WINDOW
from cli.language import language
from cli.outputs import error_data
from cli.work import Record
from shared.contracts.assessment import Cause, CellRef, Severity
from shared.contracts.outcome import DocumentOutcome

_STYLES = {"ok": "green", "partial": "yellow", "refused": "magenta", "failed": "red"}
_SUSPECTS = 3


def print_summary(console: Console, records: Sequence[Record], seconds: float, read: int | None = None) -> None:
    """The whole summary for people; `read` files made these results (None: one each)."""
    console.print(_files(records, wide=console.width >= WIDE_WINDOW))
    console.print()
    if any(record.error for record in records):
        console.print(_failures(records))
    if causes := important_causes(records):
        console.print(_causes(causes))
    if read is not None and read != len(records):
        console.print(Text(messages.FILES_READ(read=read, results=len(records)), style="bold"))
    console.print(Text(messages.TOTALS(**_totals(records), seconds=seconds), style="bold"))


def as_data(records: Sequence[Record], seconds: float, read: int | None = None) -> dict[str, Any]:
    """The summary for programs: `files` (results) as they were stored, `causes` most important first, `totals`."""
    return {
        "files": [_file(record) for record in records],
        "causes": [
            {"path": str(record.path), **cause.model_dump(mode="json")} for record, cause in important_causes(records)
        ],
        "totals": {**_totals(records), "read": len(records) if read is None else read, "seconds": round(seconds, 3)},
    }


def important_causes(records: Sequence[Record]) -> list[tuple[Record, Cause]]:
    """The causes of error findings: those with most findings first, then the order of files."""
    found = [(record, cause) for record in records for cause in record.causes if cause.severity is Severity.ERROR]
    return sorted(found, key=lambda pair: -len(pair[1].findings))


def count(record: Record, severity: Severity) -> int:
    """How many findings of `severity` a file has."""
    return record.findings.get(severity, 0)


def _totals(records: Sequence[Record]) -> dict[str, int]:
    outcomes = Counter(record.outcome for record in records)
    return {
        "files": len(records),
        **{outcome.value: outcomes[outcome] for outcome in DocumentOutcome},
        "facts": sum(record.facts for record in records),
        "errors": sum(count(record, Severity.ERROR) for record in records),
        "warnings": sum(count(record, Severity.WARNING) for record in records),
        "reviews": sum(count(record, Severity.REVIEW) for record in records),
        "roundings": sum(count(record, Severity.ROUNDING) for record in records),
    }


def _file(record: Record) -> dict[str, Any]:
    return {
        "path": str(record.path),
        "name": record.name,
        "parts": list(record.parts),
        "document_id": record.document_id,
        "outcome": record.outcome.value,
        "kind": record.kind,
        "entity": record.entity,
        "division": record.division,
        "year": record.year,
        "tables": record.tables,
        "facts": record.facts,
        "doubts": record.doubts,
        "findings": {severity.value: count(record, severity) for severity in Severity},
        "error": error_data(record.error) if record.error else None,
        "out": str(record.folder) if record.folder else None,
        "milliseconds": {stage: round(1000 * value, 1) for stage, value in record.timings.items()},
    }


def _files(records: Sequence[Record], *, wide: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=True)
    table.add_column(messages.FILES(), overflow="fold")
    table.add_column(messages.WHOSE(), overflow="fold")
    if wide:
        table.add_column(messages.KIND(), no_wrap=True)
    table.add_column(messages.YEAR_HEAD(), no_wrap=True)
    for head in ("TABLES",) * wide + ("FACTS_HEAD", "ERRORS", "WARNINGS") + ("REVIEWS", "ROUNDINGS") * wide:
        table.add_column(getattr(messages, head)(), justify="right", no_wrap=True)
    table.add_column(messages.OUTCOME(), no_wrap=True)
    for record in records:
        table.add_row(*_line(record, wide=wide))
    return table


def _line(record: Record, *, wide: bool) -> Iterator[Text]:
    errors = count(record, Severity.ERROR)
    yield Text(record.name)
    yield Text(_whose(record))
    if wide:
        yield Text(messages.KINDS[record.kind]() if record.kind else "")
    yield Text(str(record.year or ""))
    if wide:
        yield Text(_number(record.tables))
    yield Text(_number(record.facts))
    yield Text(_number(errors), style="bold red" if errors else "")
    yield Text(_number(count(record, Severity.WARNING)))
    if wide:
        yield Text(_number(count(record, Severity.REVIEW)))
        yield Text(_number(count(record, Severity.ROUNDING)))
    yield Text(messages.OUTCOMES[record.outcome.value](), style=_STYLES[record.outcome.value])


def _whose(record: Record) -> str:
    return "" if record.kind is None else record.entity or messages.UNKNOWN()


def _number(value: int) -> str:
    return f"{value:,}" if value else "·"


def _failures(records: Sequence[Record]) -> Group:
    lines = [Text(messages.NOT_PROCESSED(), style="bold")]
    for record in records:
        if record.error is not None:
            name = Text(f"{record.name}: ", style=_STYLES[record.outcome.value])
            lines.append(name.append(record.error.text.in_language(language()), style="default"))
    return Group(*(Padding(line, (0, 0, 0, 2), expand=False) if n else line for n, line in enumerate(lines)), Text())


def _causes(causes: Sequence[tuple[Record, Cause]]) -> Group:
    parts: list[Any] = [Text(messages.CAUSES(), style="bold")]
    for number, (record, cause) in enumerate(causes, 1):
        first = Text(f"{number}. ").append(record.name, style="cyan").append(" ")
        first.append(cause.message.in_language(language()))
        rules = ", ".join(sorted({record.rules[finding] for finding in cause.findings if finding in record.rules}))
        if len(cause.findings) > 1:
            first.append(messages.FINDINGS_OF_CAUSE(count=len(cause.findings), rules=rules), style="dim")
        parts.append(Padding(first, (0, 0, 0, 2), expand=False))
        parts.extend(Padding(line, (0, 0, 0, 5), expand=False) for line in cause_details(cause))
    return Group(*parts, Text())


def cause_details(cause: Cause) -> list[Text]:
    """The suspect cells of a cause, and its suggestion if its message has not given it, a line each."""
    lines = []
    if cause.cells:
        cells = "；".join(cell_name(cell) for cell in cause.cells[:_SUSPECTS])
        lines.append(Text(messages.SUSPECT() + cells))
    if cause.suggestion is not None and cause.suggestion.value not in cause.message.in_language(language()):
        reason = cause.suggestion.reason.in_language(language())
        lines.append(Text(messages.SUGGESTS(value=cause.suggestion.value, reason=reason), style="green"))
    return lines


def cell_name(cell: CellRef) -> str:
    """A cell as people name it: table, row, column, printed value, page, file if there are several."""
    name = " ".join(part for part in (cell.table, cell.row_code, cell.row_name, cell.column) if part)
    raw = cell.raw or (format(cell.amount, "f") if isinstance(cell.amount, Decimal) else "")
    raw = "" if raw in {cell.row_code, cell.row_name} else raw
    page = f", {messages.PAGE(page=cell.place.page)}" if cell.place and cell.place.page else ""
    part = f", {cell.place.part}" if cell.place and cell.place.part else ""
    return f"{name}{f' = {raw}' if raw else ''}{page}{part}"
