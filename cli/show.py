"""`juesuan show`: the tables of a file as they are printed, offending cells marked, findings as footnotes."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from cli import console, messages
from cli.grid_view import Marks, render
from cli.language import language
from cli.run import ERRORS_STAND, NOT_PROCESSED, OK, read_one
from cli.scan_notes import reading_notes
from cli.summary import cause_details, cell_name
from services.validator.wording import likely
from shared.contracts.assessment import Assessment, Cause, Finding, Severity
from shared.contracts.document import Document
from shared.contracts.report import Report, ReportTable

STYLES = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "yellow",
    Severity.REVIEW: "magenta",
    Severity.INFO: "cyan",
    Severity.ROUNDING: "dim",
}


def show(path: Path, table: str | None) -> int:
    """Print the tables of `path` (or one of them); the exit status is that of `run`. Raises `JuesuanError`."""
    if not path.is_file():
        console.complain((messages.IS_FOLDER if path.is_dir() else messages.NOT_THERE)(path=path))
        return NOT_PROCESSED
    processed = read_one(path).processed
    assert processed is not None
    document, report, assessment = processed.document, processed.report, processed.assessment
    assert document is not None
    assert report is not None
    assert assessment is not None
    wanted = table.upper() if table else None
    if wanted is not None and wanted not in report.by_table:
        console.complain(messages.NO_SUCH_TABLE(table=wanted, tables=", ".join(sorted(report.by_table))))
        return NOT_PROCESSED
    out = console.out()
    notes = number_notes(assessment, wanted)
    _head(out, report)
    marks = marks_of(notes)
    for one in report.tables:
        if wanted in {None, one.id}:
            _table(out, document, one, marks)
    _footnotes(out, assessment, notes)
    return ERRORS_STAND if assessment.count(Severity.ERROR) else OK


class Note:
    """One footnote: a cause with its findings, or a finding that has no cause group."""

    def __init__(self, number: int, findings: list[Finding], cause: Cause | None) -> None:
        self.number = number
        self.findings = findings
        self.cause = cause

    @property
    def severity(self) -> Severity:
        """The gravest severity among its findings."""
        order = list(Severity)
        return min((finding.severity for finding in self.findings), key=order.index)


def number_notes(assessment: Assessment, table: str | None) -> list[Note]:
    """The footnotes from 1, gravest first; rounding residues get none. With `table`, only those that touch it."""
    causes = {cause.group: cause for cause in assessment.causes}
    groups: dict[str, list[Finding]] = {}
    for finding in assessment.findings:
        if finding.severity is not Severity.ROUNDING:
            groups.setdefault(finding.group or finding.id, []).append(finding)
    if table is not None:
        groups = {
            group: found
            for group, found in groups.items()
            if any(cell.table == table for finding in found for cell in finding.cells)
        }
    notes = [Note(0, found, causes.get(group)) for group, found in groups.items()]
    notes.sort(key=lambda note: list(Severity).index(note.severity))
    for number, note in enumerate(notes, 1):
        note.number = number
    return notes


def marks_of(notes: list[Note]) -> Marks:
    """Where the notes point: (source table, row, column) -> numbers and style; the likeliest cell is reversed."""
    marks: Marks = {}
    for note in notes:
        # A cause names its suspects; the cells that its findings merely added up would hide them.
        suspects = note.cause.cells if note.cause else ()
        others = () if suspects else tuple(cell for finding in note.findings for cell in finding.cells)
        style = STYLES[note.severity]
        for strength, group in ((" reverse", suspects or others[:1]), (" underline", others)):
            for cell in group:
                if cell.place is None:
                    continue
                place = (cell.place.source_table, cell.place.row, cell.place.column)
                numbers, present = marks.get(place, ((), style + strength))
                if note.number not in numbers:
                    marks[place] = ((*numbers, note.number), present)
    return marks


def _head(out: Console, report: Report) -> None:
    identity = report.identity
    parts = [
        identity.entity or messages.UNKNOWN(),
        str(identity.fiscal_year or messages.UNKNOWN()),
        messages.KINDS[identity.scope.value](),
        identity.division.name if identity.division else "",
    ]
    out.print(Text("  ".join(part for part in parts if part), style="bold"))
    for line in reading_notes(report.doubts, report.parts):
        out.print(line)


def _table(out: Console, document: Document, table: ReportTable, marks: Marks) -> None:
    title = Text(f"\n{table.id} {table.title}", style="bold cyan")
    if table.unit_printed or table.unit:
        unit = table.unit_printed or (table.unit.value if table.unit else "")
        title.append(f"  {messages.UNIT(unit=unit)}", style="not bold default")
    out.print(title)
    if table.empty:
        out.print(Text(messages.EMPTY_TABLE(), style="dim"))
    else:
        for part in render(document.tables[table.source_table], table, marks, out.width):
            out.print(part)
    for note in table.notes:
        out.print(Text(note, style="dim"))


def _footnotes(out: Console, assessment: Assessment, notes: list[Note]) -> None:
    out.print(Text("\n" + (messages.NOTES() if notes else messages.NO_FINDINGS()), style="bold"))
    for note in notes:
        style = STYLES[note.severity]
        first = Text(f"[{note.number}] ", style=style).append(messages.SEVERITIES[note.severity.value](), style=style)
        if note.cause is not None and len(note.findings) > 1:
            out.print(first.append(f" {note.cause.message.in_language(language())}", style="default"))
        else:
            out.print(first)
        for finding in note.findings:
            line = Text(f"{finding.rule} ", style="dim")
            line.append(_message(note, finding), style="not dim")
            out.print(Padding(line, (0, 0, 0, 4), expand=False))
        for detail in _details(note):
            out.print(Padding(detail, (0, 0, 0, 4), expand=False))
    if rounding := assessment.count(Severity.ROUNDING):
        out.print(Text(messages.ROUNDING_NOTE(count=rounding), style="dim"))


def _message(note: Note, finding: Finding) -> str:
    """What the finding says; the likely value, which its cause has named already, is not said again."""
    message = finding.message.in_language(language())
    if note.cause is None or len(note.findings) == 1 or finding.suggestion is None:
        return message
    return message.removesuffix(likely(finding.suggestion).in_language(language()))


def _details(note: Note) -> list[Text]:
    if note.cause is not None:
        return cause_details(note.cause)
    finding = note.findings[0]
    lines = [Text(messages.SUSPECT() + cell_name(finding.cells[0]))] if finding.cells else []
    if finding.suggestion is not None:
        reason = finding.suggestion.reason.in_language(language())
        lines.append(Text(messages.SUGGESTS(value=finding.suggestion.value, reason=reason), style="green"))
    return lines
