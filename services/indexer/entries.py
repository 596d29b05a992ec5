"""What search finds: one entry per report, per line of a table with amounts, per table with notes, per finding."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from itertools import groupby

from services.indexer.rows import Values, clean, code_of
from services.indexer.tokens import tokens
from shared.catalogue.files import read_rows
from shared.contracts.assessment import Assessment, Finding
from shared.contracts.report import Fact, Report, ReportTable

#: PostgreSQL keeps no position beyond this; words further on are found, but no phrases of them.
_LAST_POSITION = 16383
#: of title and body; `about` has C
_WEIGHTS = ("A", "B")


class EntryKind(StrEnum):
    """What a search result is."""

    REPORT = "report"
    LINE = "line"
    NOTE = "note"
    FINDING = "finding"


@dataclass(frozen=True)
class Entry:
    """One thing to be found. `title` weighs most, then `body`, then `about` (the report it belongs to).

    `amounts` are (column, printed text, unit) of a line.
    """

    kind: EntryKind
    title: str
    body: str
    about: str
    table_id: str = ""
    row_code: str = ""
    row_name: str = ""
    page: int | None = None
    amounts: tuple[tuple[str, str, str], ...] = ()

    def row(self) -> Values:
        """The row of `search_entries`."""
        return clean(
            {
                "kind": self.kind.value,
                "table_id": self.table_id,
                "row_code": self.row_code,
                "row_name": self.row_name,
                "page": self.page,
                "title": self.title,
                "body": self.body,
                "amounts": json.dumps(self.amounts, ensure_ascii=False),
            }
        )

    def words(self) -> tuple[str, str, str]:
        """`about`, `title`, `body` as search words apart by blanks, for FTS5."""
        return " ".join(_about_words(self.about)), " ".join(tokens(self.title)), " ".join(tokens(self.body))

    def vector(self) -> str:
        """The same words with their positions and weights, for PostgreSQL."""
        found, position = _about_places(self.about)
        found = dict(found)
        for weight, text in zip(_WEIGHTS, (self.title, self.body), strict=True):
            for word in tokens(text):
                position += 1
                place = f"{min(position, _LAST_POSITION)}{weight}"
                found[word] = f"{found[word]},{place}" if word in found else place
            position += 1  # no phrase runs from one part into the next
        return " ".join([f"'{word}':{places}" for word, places in found.items()])


@lru_cache(maxsize=256)
def _about_places(text: str) -> tuple[dict[str, str], int]:
    """Words with positions and weights as PostgreSQL reads them, and the last position."""
    found: dict[str, list[str]] = {}
    words = _about_words(text)
    for position, word in enumerate(words, start=1):
        found.setdefault(word, []).append(f"{min(position, _LAST_POSITION)}C")
    return {word: ",".join(places) for word, places in found.items()}, len(words) + 1


@lru_cache(maxsize=256)
def _about_words(text: str) -> tuple[str, ...]:
    # The same for every entry of a report.
    return tuple(tokens(text))


@cache
def _division_names() -> dict[str, str]:
    return {row["code"]: row["name"] for row in read_rows("divisions")}


def _about(report: Report) -> str:
    identity = report.identity
    parts = [identity.entity or "", f"{identity.fiscal_year}年度" if identity.fiscal_year else ""]
    if identity.division:
        code, names = identity.division.code, _division_names()
        above = (f"{code[:2]}0000", f"{code[:4]}00")
        parts += [names.get(other, "") for other in above if other != code] + [identity.division.name]
    return " ".join(dict.fromkeys(part for part in parts if part))


def entries(report: Report, assessment: Assessment) -> list[Entry]:
    """Everything of this report that search should find, in reading order."""
    about = _about(report)
    return [
        _report_entry(report, about),
        *_lines(report, about),
        *(_note(table, about) for table in report.tables if table.notes),
        *(_finding_entry(finding, about) for finding in assessment.findings),
    ]


def _report_entry(report: Report, about: str) -> Entry:
    # The titles of other tables are found with their lines; here they would drown what the report is about.
    titles = [table.title for table in report.tables if table.id.startswith("T")]
    return Entry(
        kind=EntryKind.REPORT,
        title=about or report.document_name,
        body=" ".join([report.document_name, *titles]),
        about=about,
    )


def _lines(report: Report, about: str) -> Iterator[Entry]:
    titles = {table.id: table.title for table in report.tables}
    for (table, _, _, _), group in groupby(
        report.facts, lambda fact: (fact.table, fact.place.source_table, fact.place.row, fact.group)
    ):
        facts = list(group)
        yield _line(facts, titles.get(table, ""), about)


def _line(facts: list[Fact], table_title: str, about: str) -> Entry:
    first = facts[0]
    code = code_of(first) or ""
    official = first.code.official_name if first.code and first.code.official_name else ""
    columns = " ".join(dict.fromkeys(fact.column for fact in facts))
    names = [first.row_name] if official in {"", first.row_name} else [first.row_name, official]
    return Entry(
        kind=EntryKind.LINE,
        title=" ".join([code, *names]).strip(),
        body=" ".join(filter(None, [table_title, columns, *(fact.raw for fact in facts)])),
        about=about,
        table_id=first.table,
        row_code=first.row_code,
        row_name=first.row_name,
        page=first.place.page,
        amounts=tuple((fact.column, fact.raw, fact.unit.value) for fact in facts),
    )


def _note(table: ReportTable, about: str) -> Entry:
    return Entry(
        kind=EntryKind.NOTE,
        title=table.title,
        body=" ".join(table.notes),
        about=about,
        table_id=table.id,
        page=table.page,
    )


def _finding_entry(finding: Finding, about: str) -> Entry:
    cell = finding.cells[0] if finding.cells else None
    return Entry(
        kind=EntryKind.FINDING,
        title=f"{finding.rule} {finding.message.zh}",
        body=finding.message.en,
        about=about,
        table_id=cell.table if cell else "",
        row_code=cell.row_code if cell else "",
        row_name=cell.row_name if cell else "",
        page=cell.place.page if cell and cell.place else None,
    )
