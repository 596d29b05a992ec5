"""Precision and recall on real published accounts: `python -m tests.real.score [FOLDER]`.

The reports are not part of this repository: FOLDER (by default `shared` beside the checkout) holds `reports/` and, with
the exact facts of some of them, `gold/`. Without it the script says so and ends with status 0.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path

from rich.console import Console
from rich.table import Table

from services.extractor.extract import extract
from services.normalizer.normalize import normalize
from services.validator.validate import validate
from shared.contracts.assessment import Assessment, Severity
from shared.contracts.document import SourceFile
from shared.contracts.errors import InvalidDocument
from shared.contracts.report import Report
from tests.corpus.truth import Row, Score, compare

FOLDER = Path(__file__).resolve().parents[3] / "shared"
#: report -> file of exact facts
KEYS = {
    "001_4e01ce28b13e0aa4.txt": "facts-001.csv",
    "003_a6b8f70e670f2841.txt": "facts-003.csv",
    "puto-finance-bureau-2024.pdf": "facts-P1.csv",
}
REFUSED = ("blank-template-shanghai.pdf", "budget-not-final-account-jiangsu-2018.pdf")
SLIPS = "shiquan-road-2025-tables.txt"


@dataclass(frozen=True)
class Outcome:
    """What became of one file: a report with its assessment, or the reason why not."""

    name: str
    report: Report | None = None
    assessment: Assessment | None = None
    refusal: InvalidDocument | None = None


@dataclass
class Result:
    """Scores of one report: by table, overall, and of the pages."""

    tables: dict[str, Score] = field(default_factory=dict)
    total: Score = field(default_factory=lambda: compare((), ()))
    pages: Score | None = None


@cache
def process(path: Path) -> Outcome:
    """Extract, normalize and validate one file."""
    try:
        report = normalize(extract(SourceFile(name=path.name, content=path.read_bytes())))
    except InvalidDocument as refusal:
        return Outcome(path.name, refusal=refusal)
    return Outcome(path.name, report=report, assessment=validate(report))


def expected_facts(path: Path) -> tuple[list[Row], list[Row]]:
    """The rows (table, row code, row name, column, amount) of a key, and the same with the page if it has pages."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    plain = [_row(r["table"], r["row_code"], r["row_name"], r["column"], Decimal(r["amount_wan"])) for r in rows]
    paged = [(*row, r["page"]) for row, r in zip(plain, rows, strict=True)] if "page" in (rows or [{}])[0] else []
    return plain, paged


def found_facts(report: Report) -> tuple[list[Row], list[Row]]:
    """The same rows as the chain found them, T01 to T10."""
    facts = [fact for fact in report.facts if fact.table.startswith("T")]
    plain = [_row(f.table, f.row_code, f.row_name, f.column, f.amount) for f in facts]
    paged = [(*row, "" if f.place.page is None else str(f.place.page)) for row, f in zip(plain, facts, strict=True)]
    return plain, paged


def _row(table: str, code: str, name: str, column: str, amount: Decimal) -> Row:
    return table, code, name, column, format(amount, "f")


def score(report: Report, key: Path) -> Result:
    """Compare a report with its key, table by table."""
    expected, expected_paged = expected_facts(key)
    found, found_paged = found_facts(report)
    result = Result(total=compare(expected, found))
    by_table = {
        name: (_of(expected, name), _of(found, name)) for name in sorted({row[0] for row in (*expected, *found)})
    }
    result.tables = {name: compare(*rows) for name, rows in by_table.items()}
    if expected_paged:
        result.pages = compare(expected_paged, found_paged)
    return result


def _of(rows: Iterable[Row], table: str) -> list[Row]:
    return [row for row in rows if row[0] == table]


def _print_scores(console: Console, folder: Path) -> bool:
    good = True
    for name, key in KEYS.items():
        outcome = process(folder / "reports" / name)
        if outcome.report is None:
            console.print(f"[red]{name}: {outcome.refusal}[/red]")
            good = False
            continue
        result = score(outcome.report, folder / "gold" / key)
        table = Table("table", "expected", "found", "right", "precision", "recall", title=name)
        for label, one in (*result.tables.items(), ("all", result.total), ("pages", result.pages)):
            if one is not None:
                numbers = (str(one.expected), str(one.found), str(one.hits))
                table.add_row(label, *numbers, f"{one.precision:.3f}", f"{one.recall:.3f}")
        console.print(table)
        for word, rows in (("missed", result.total.missed), ("extra", result.total.extra)):
            for row in rows:
                console.print(f"  {word}: {' | '.join(row)}", markup=False)
        good = good and not result.total.missed and not result.total.extra
        good = good and (result.pages is None or not (result.pages.missed or result.pages.extra))
    return good


def _print_findings(console: Console, folder: Path) -> None:
    table = Table("report", *(severity.value for severity in Severity), title="findings")
    details: dict[str, list[str]] = defaultdict(list)
    for path in sorted((folder / "reports").iterdir()):
        outcome = process(path)
        if outcome.assessment is None:
            table.add_row(path.name, *[""] * len(Severity))
            details[path.name].append(f"refused: {outcome.refusal}")
            continue
        counts = Counter(finding.severity for finding in outcome.assessment.findings)
        table.add_row(path.name, *(str(counts[severity]) for severity in Severity))
        details[path.name] = [
            f"{finding.severity.value} {finding.rule} [{finding.group}] {finding.message.zh}"
            for finding in outcome.assessment.findings
            if finding.severity in (Severity.ERROR, Severity.WARNING)
        ]
    console.print(table)
    for name, lines in details.items():
        console.print(name, style="bold")
        for line in lines:
            console.print(f"  {line}", markup=False)


def main(arguments: list[str]) -> int:
    """Print the tables; status 1 if a fact or a page is wrong or a refusal is missing."""
    console = Console(width=160)
    folder = Path(arguments[0]) if arguments else FOLDER
    if not (folder / "reports").is_dir():
        console.print(f"No real reports in {folder}: nothing to score. Give their folder as an argument.")
        return 0
    good = _print_scores(console, folder)
    _print_findings(console, folder)
    for name in REFUSED:
        refusal = process(folder / "reports" / name).refusal
        good = good and refusal is not None and refusal.refused
    console.print("[green]All facts right.[/green]" if good else "[red]Something is wrong.[/red]")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
