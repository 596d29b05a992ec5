"""A normalized report as an index of cells: what stands in the row with this key in the column of this measure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from shared.contracts.report import Column, Fact, Line, Measure, Phase, ReportTable, Side, Unit

ZERO = Decimal(0)
#: source table, row, column of a cell
Spot = tuple[int, int, int]
_Kind = tuple[Measure, Phase]


@dataclass(eq=False, slots=True)
class Term:
    """One cell in a sum. `value` and `quantum` are in 元, `value` 0 where nothing is printed.

    `fact` is the position of the fact in the report, None for a blank; `spot` is None where the form has no such cell.
    `scanned`: the cell was read by OCR. `doubted`: its reader was not sure of it. `exact` says that the printed figure
    shows as many decimals as the table does.
    """

    spot: Spot | None
    fact: int | None = None
    value: Decimal = ZERO
    quantum: Decimal = ZERO
    scanned: bool = False
    doubted: bool = False
    exact: bool = True

    @property
    def printed(self) -> bool:
        """Whether a number was read here."""
        return self.fact is not None


@dataclass(eq=False, slots=True)
class Row:
    """One line of a table with its facts (positions in the report) by measure and phase; `place` as in `Term.spot`."""

    table: str
    source: int
    at: int
    group: int
    key: str | None
    digits: str
    facts: dict[_Kind, int] = field(default_factory=dict)


class Cells:
    """The index over the tables and facts of one report.

    `scanned` and `doubted` tell of a spot whether it was read by OCR, and whether its reader doubts it.
    """

    def __init__(
        self,
        tables: Iterable[ReportTable],
        facts: Sequence[Fact],
        scanned: Callable[[Spot], bool],
        doubted: Callable[[Spot], bool],
    ) -> None:
        self._facts = facts
        self._scanned = scanned
        self._doubted = doubted
        self._tables = {table.id: table for table in tables}
        self._finest = _finest(facts)
        self._rows: dict[str, list[Row]] = {}
        self._terms: dict[tuple[int, _Kind], Term] = {}
        positions: dict[str, list[int]] = defaultdict(list)
        for number, fact in enumerate(facts):
            positions[fact.table].append(number)
        for table in self._tables.values():
            self._rows[table.id] = self._rows_of(table, positions[table.id])
        self._used = {
            (facts[n].table, *kind) for rows in self._rows.values() for r in rows for kind, n in r.facts.items()
        }

    def _rows_of(self, table: ReportTable, positions: Iterable[int]) -> list[Row]:
        rows: dict[tuple[int, int, int], Row] = {}
        for line in table.lines:
            source, at = line.printed_at or (table.source_table, line.row)
            rows[source, at, line.group] = Row(table.id, source, at, line.group, line.key, _digits(line))
        for number in positions:
            fact = self._facts[number]
            row = rows.get((fact.place.source_table, fact.place.row, fact.group))
            if row is not None and fact.measure is not Measure.UNCLASSIFIED:
                row.facts.setdefault((fact.measure, fact.phase), number)
        return sorted(rows.values(), key=lambda row: (row.group, row.source, row.at))

    def has(self, table: str) -> bool:
        """Whether the report has this table with an amount in it."""
        return any(row.facts for row in self._rows.get(table, ()))

    def rows(self, table: str) -> list[Row]:
        """The lines of a table, one group of columns after the other."""
        return self._rows.get(table, [])

    def coded(self, table: str) -> list[Row]:
        """The lines with a subject code; one that repeats another entirely counts once."""
        seen: dict[object, Row] = {}
        for row in self.rows(table):
            if row.digits:
                amounts = tuple(sorted((kind, self._facts[number].amount) for kind, number in row.facts.items()))
                seen.setdefault((row.digits, amounts), row)
        return list(seen.values())

    def uses(self, table: str, measure: Measure, phase: Phase = Phase.OUTTURN) -> bool:
        """Whether any amount is printed in this column."""
        return (table, measure, phase) in self._used

    def unnamed(self, table: str, side: Side, phase: Phase = Phase.OUTTURN) -> list[Term]:
        """The amounts on one side of T01 or T04 whose row was not understood."""
        rows = [row for row in self.rows(table) if row.key is None]
        found = [(row, kind) for row in rows for kind, n in row.facts.items() if self._facts[n].side in {None, side}]
        return [self.at(row, *kind) for row, kind in found if kind[1] is phase]

    def at(self, row: Row, measure: Measure, phase: Phase = Phase.OUTTURN) -> Term:
        """The cell of a line in the column of a measure: always the same object for the same cell."""
        key = (id(row), (measure, phase))
        if key not in self._terms:
            self._terms[key] = self._make(row, measure, phase)
        return self._terms[key]

    def cell(self, table: str, key: str, measure: Measure = Measure.AMOUNT, phase: Phase = Phase.OUTTURN) -> Term:
        """The cell of the line with this key; of several such lines the one that prints an amount there."""
        rows = [row for row in self.rows(table) if row.key == key]
        row = next((row for row in rows if (measure, phase) in row.facts), rows[0] if rows else None)
        return self.at(row, measure, phase) if row else Term(None)

    def _make(self, row: Row, measure: Measure, phase: Phase) -> Term:
        number = row.facts.get((measure, phase))
        if number is None:
            column = self._column(row, measure, phase)
            spot = None if column is None else (row.source, row.at, column.column)
            return Term(spot, scanned=spot is not None and self._scanned(spot))
        fact = self._facts[number]
        spot = (fact.place.source_table, fact.place.row, fact.place.column)
        factor = fact.unit.yuan or Decimal(1)
        finest = self._finest.get(fact.table, fact.quantum)
        return Term(
            spot,
            number,
            fact.amount * factor,
            ZERO if fact.unit in {Unit.YUAN, Unit.COUNT} else finest * factor,
            self._scanned(spot),
            self._doubted(spot),
            fact.unit in {Unit.YUAN, Unit.COUNT} or fact.quantum == finest < 1,
        )

    def _column(self, row: Row, measure: Measure, phase: Phase) -> Column | None:
        columns = self._tables[row.table].columns
        wanted = (column for column in columns if (column.measure, column.phase) == (measure, phase))
        return next((column for column in wanted if column.group == row.group), None)


def _digits(line: Line) -> str:
    return line.key if line.key is not None and line.key.isdigit() else line.printed_code


def _finest(facts: Iterable[Fact]) -> dict[str, Decimal]:
    """The unit of the last digit that each table shows, by its amounts other than 0."""
    finest: dict[str, Decimal] = {}
    for fact in facts:
        if fact.amount and fact.unit is not Unit.COUNT:
            finest[fact.table] = min(fact.quantum, finest.get(fact.table, fact.quantum))
    return finest
