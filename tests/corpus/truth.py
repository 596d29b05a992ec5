"""What must come out: facts as rows, and the comparison of two lots of rows, a row counting as often as it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from shared.contracts.report import Fact, Report
from tests.corpus.grid import Printed

Row = tuple[str, ...]
COLUMNS = ("table", "row_code", "row_name", "column", "measure", "amount", "unit", "raw")


@dataclass(frozen=True)
class Score:
    """Rows that were expected, that were found, that agree; `missed` and `extra` are the difference."""

    expected: int
    found: int
    hits: int
    missed: tuple[Row, ...]
    extra: tuple[Row, ...]

    @property
    def precision(self) -> float:
        """Hits over found; 1 where nothing was found and nothing expected."""
        return self.hits / self.found if self.found else float(not self.expected)

    @property
    def recall(self) -> float:
        """Hits over expected; 1 where nothing was expected."""
        return self.hits / self.expected if self.expected else 1.0


def compare(expected: Iterable[Row], found: Iterable[Row]) -> Score:
    """Both as multisets."""
    left, right = Counter(expected), Counter(found)
    hits = left & right
    return Score(
        expected=left.total(),
        found=right.total(),
        hits=hits.total(),
        missed=tuple(sorted((left - right).elements())),
        extra=tuple(sorted((right - left).elements())),
    )


def true_rows(printed: Printed) -> list[Row]:
    """Every fact of T01 to T10 in the columns of facts.csv."""
    return [
        (f.table, f.row_code, f.row_name, f.column, f.measure, format(f.amount, "f"), f.unit, f.raw)
        for f in printed.facts()
        if f.table.startswith("T")
    ]


def found_rows(report: Report) -> list[Row]:
    """The same of a normalized report."""
    return [_row(fact) for fact in report.facts if fact.table.startswith("T")]


def _row(fact: Fact) -> Row:
    return (
        fact.table,
        fact.row_code,
        fact.row_name,
        fact.column,
        fact.measure.value,
        format(fact.amount, "f"),
        fact.unit.value,
        fact.raw,
    )


def unknown_amounts(printed: Printed) -> Counter[str]:
    """The printed amounts of the tables that are none of the ten."""
    return Counter(fact.raw for fact in printed.facts() if fact.table in ("XP", "XL"))


def found_unknown(report: Report) -> Counter[str]:
    """The same of a normalized report."""
    return Counter(fact.raw for fact in report.facts if fact.table.startswith("X"))
