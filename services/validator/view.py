"""A report as the rules want to look at it: rows by key, cells by row and measure, children of a code."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from services.validator.units import Scale
from shared.catalogue.amounts import read_amount
from shared.contracts.assessment import CellRef
from shared.contracts.document import Doubt, DoubtCode
from shared.contracts.report import (
    AmountState,
    Code,
    Column,
    Fact,
    Line,
    Measure,
    NotUnderstood,
    Phase,
    Place,
    Report,
    ReportTable,
    Side,
    Unit,
)

ZERO = Decimal(0)
#: what is doubtful about an amount that OCR read
SCAN_DOUBTS = frozenset({DoubtCode.SCANNED_TEXT, DoubtCode.SCANNED_SUM})
_LEVELS = {3: 1, 5: 2, 7: 3}


@dataclass(eq=False, slots=True)
class Row:
    """One labelled line of a table. `place` is (grid row, group of columns); `key` as in `shared.catalogue.keys`."""

    table: str
    place: tuple[int, int]
    key: str | None
    printed_code: str
    name: str
    code: Code | None
    section: str = ""
    facts: dict[tuple[Measure, Phase], Fact] = field(default_factory=dict)
    other: list[Fact] = field(default_factory=list)

    @property
    def level(self) -> int:
        """1 类, 2 款, 3 项 by the length of the code; 0 where that is no level."""
        return _LEVELS.get(len(self.digits), 0)

    @property
    def digits(self) -> str:
        """The subject code of the row, "" if it has none."""
        return self.key if self.key is not None and self.key.isdigit() else self.printed_code


@dataclass(eq=False, slots=True)
class Slot:
    """The position where an amount belongs.

    `row` is None where the table prints no such row, `fact` where it prints no amount there. `value` is in the report's
    unit, 0 if nothing is printed; `quantum` is the unit of its last digit, what rounding may hide.
    """

    table: str
    key: str
    measure: Measure
    phase: Phase
    row: Row | None
    fact: Fact | None
    value: Decimal
    quantum: Decimal
    column: str
    unreadable: bool = False
    suspect: bool = False

    @property
    def doubtful(self) -> bool:
        """Whether the extractor or the normalizer was not sure of this cell, or of a blank that it is one."""
        return self.unreadable or self.suspect or bool(self.fact and self.fact.doubts)

    @property
    def printed(self) -> str:
        """What is printed here; blank is a dash."""
        return self.fact.raw if self.fact else "—"

    def ref(self) -> CellRef:
        """The cell as evidence."""
        if self.fact:
            return fact_ref(self.fact)
        return CellRef(
            table=self.table,
            row_code=self.row.printed_code if self.row else "",
            row_name=self.row.name if self.row else "",
            column=self.column,
            raw="",
        )


def fact_ref(fact: Fact) -> CellRef:
    """A printed amount as evidence."""
    return CellRef(
        table=fact.table,
        row_code=fact.row_code,
        row_name=fact.row_name,
        column=fact.column,
        raw=fact.raw,
        amount=fact.amount,
        place=fact.place,
    )


def cell_subject(fact: Fact) -> str:
    """What statements and equations about one cell have in common."""
    return f"cell {fact.table} {fact.place.row} {fact.place.column}"


def row_name(row: Row) -> str:
    """Code and name of a row as people read them."""
    return " ".join(part for part in (row.printed_code, row.name) if part)


def row_ref(row: Row) -> CellRef:
    """The label of a row as evidence."""
    facts = [*row.facts.values(), *row.other]
    place = None
    if facts:
        first = facts[0].place
        place = Place(source_table=first.source_table, row=first.row, column=0, page=first.page, part=first.part)
    return CellRef(
        table=row.table, row_code=row.printed_code, row_name=row.name, column="", raw=row.printed_code, place=place
    )


class View:
    """The index over one report. Built once; every rule reads from it."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.year = report.identity.fiscal_year
        self.scale = Scale.of(report)
        self._rows: dict[str, list[Row]] = {}
        self._slots: dict[tuple[int, Measure, Phase], Slot] = {}
        self._absent: dict[tuple[str, str, Measure, Phase], Slot] = {}
        self._unreadable: set[tuple[str, int, int]] = set()
        self._suspect = _suspect_blanks(report)
        self._scanned_pages = {
            (_file_of(report, doubt), doubt.page) for doubt in report.doubts if doubt.code is DoubtCode.SCANNED_PAGE
        }
        self._index()

    def _index(self) -> None:
        facts: dict[str, list[Fact]] = defaultdict(list)
        for fact in self.report.facts:
            facts[fact.table].append(fact)
        unreadable: dict[str, list[Place]] = defaultdict(list)
        for missed, where in self.unreadable():
            unreadable[missed.table].append(where)
        for table in self.report.tables:
            lines: dict[tuple[int, int, int], Row] = {}
            for line in table.lines:
                lines[*(line.printed_at or (table.source_table, line.row)), line.group] = _row_of(table.id, line)
            for fact in facts[table.id]:
                place = (fact.place.source_table, fact.place.row, fact.group)
                row = lines.get(place)
                if row is None:
                    row = lines[place] = Row(table.id, place[1:], fact.key, fact.row_code, fact.row_name, fact.code)
                if (fact.measure, fact.phase) in row.facts or fact.measure is Measure.UNCLASSIFIED:
                    row.other.append(fact)
                else:
                    row.facts[fact.measure, fact.phase] = fact
            rows = {place[:2]: row.place[0] for place, row in lines.items()}
            self._unreadable |= {
                (table.id, rows[at], where.column)
                for where in unreadable[table.id]
                if (at := (where.source_table, where.row)) in rows
            }
            self._rows[table.id] = sorted(lines.values(), key=lambda row: (row.place[1], row.place[0]))

    def unreadable(self) -> Iterator[tuple[NotUnderstood, Place]]:
        """What stands in columns of amounts of the tables by meaning and is none, and where."""
        for missed in self.report.not_understood:
            by_meaning = missed.table.startswith("T")
            if by_meaning and missed.place and read_amount(missed.raw).state is AmountState.UNREADABLE:
                yield missed, missed.place

    # tables and rows

    def has(self, table: str) -> bool:
        """Whether the report contains the table, be it empty."""
        return table in self.report.by_table

    def table(self, table: str) -> ReportTable:
        """The table itself. Raises KeyError when the report has none."""
        return self.report.by_table[table]

    def filled(self, table: str) -> bool:
        """Whether the table is there and prints an amount."""
        return any(row.facts or row.other for row in self._rows.get(table, ()))

    def rows(self, table: str) -> list[Row]:
        """The rows of a table, one group of columns after the other."""
        return self._rows.get(table, [])

    @cached_property
    def _by_key(self) -> dict[tuple[str, str], list[Row]]:
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for rows in self._rows.values():
            for row in rows:
                if row.key is not None:
                    found[row.table, row.key].append(row)
        return found

    def named(self, table: str, key: str) -> Row | None:
        """The row with this key; the first that prints an amount where the key occurs more than once."""
        rows = self._by_key.get((table, key), [])
        return next((row for row in rows if row.facts), rows[0] if rows else None)

    def coded(self, table: str) -> list[Row]:
        """The rows with a subject code in printed order; a row that repeats another one entirely counts once."""
        return self._coded.get(table, [])

    @cached_property
    def _coded(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for table, rows in self._rows.items():
            seen: dict[tuple[object, ...], Row] = {}
            for row in rows:
                if row.digits:
                    amounts = tuple(sorted((key, fact.amount) for key, fact in row.facts.items()))
                    seen.setdefault((row.digits, amounts), row)
            found[table] = list(seen.values())
        return found

    @cached_property
    def _family(self) -> dict[str, dict[str, list[Row]]]:
        """Per table: rows by the code of the nearest printed ancestor, "" for the topmost."""
        families: dict[str, dict[str, list[Row]]] = {}
        for table, rows in self._coded.items():
            codes = {row.digits for row in rows}
            family: dict[str, list[Row]] = defaultdict(list)
            for row in rows:
                lengths = range(len(row.digits) - 1, 2, -1)
                parent = next((row.digits[:n] for n in lengths if row.digits[:n] in codes), "")
                family[parent].append(row)
            families[table] = family
        return families

    def children(self, row: Row) -> list[Row]:
        """The rows one step below `row`: those whose nearest printed ancestor it is."""
        return self._family.get(row.table, {}).get(row.digits, [])

    def tops(self, table: str) -> list[Row]:
        """The coded rows without a printed ancestor, as a rule the 类."""
        return self._family.get(table, {}).get("", [])

    # cells

    def at(self, row: Row, measure: Measure = Measure.AMOUNT, phase: Phase = Phase.OUTTURN) -> Slot:
        """The cell of a row."""
        key = (id(row), measure, phase)
        slot = self._slots.get(key)
        if slot is None:
            slot = self._slots[key] = self._make(row.table, row.key or row.digits, measure, phase, row)
        return slot

    def cell(self, table: str, key: str, measure: Measure = Measure.AMOUNT, phase: Phase = Phase.OUTTURN) -> Slot:
        """The cell of the row with this key (of several such rows, the one that prints an amount there).

        A blank cell if the table prints no such row.
        """
        rows = self._by_key.get((table, key), [])
        row = next((row for row in rows if (measure, phase) in row.facts), None) or self.named(table, key)
        if row is not None:
            return self.at(row, measure, phase)
        place = (table, key, measure, phase)
        slot = self._absent.get(place)
        if slot is None:
            slot = self._absent[place] = self._make(table, key, measure, phase, None)
        return slot

    def cells(self, rows: Iterable[Row], measure: Measure, phase: Phase = Phase.OUTTURN) -> list[Slot]:
        """The cells of several rows in one column."""
        return [self.at(row, measure, phase) for row in rows]

    def _make(self, table: str, key: str, measure: Measure, phase: Phase, row: Row | None) -> Slot:
        fact = row.facts.get((measure, phase)) if row else None
        if fact:
            value, quantum = self.scale.value(fact), self.scale.quantum(fact)
            return Slot(table, key, measure, phase, row, fact, value, quantum, fact.column)
        column = self._column(table, row.place[1] if row else None, measure, phase)
        label = "/".join(column.path) if column else ""
        unreadable = bool(row and column and (table, row.place[0], column.column) in self._unreadable)
        suspect = bool(row and column and (table, row.place[0], column.column) in self._suspect)
        return Slot(table, key, measure, phase, row, None, ZERO, ZERO, label, unreadable, suspect)

    @cached_property
    def _columns(self) -> dict[tuple[str, Measure, Phase], list[Column]]:
        found: dict[tuple[str, Measure, Phase], list[Column]] = defaultdict(list)
        for table in self.report.tables:
            for column in table.columns:
                found[table.id, column.measure, column.phase].append(column)
        return found

    def _column(self, table: str, group: int | None, measure: Measure, phase: Phase) -> Column | None:
        columns = self._columns.get((table, measure, phase), [])
        same_group = [column for column in columns if column.group == group]
        return next(iter(same_group or columns), None)

    @cached_property
    def _used(self) -> Counter[tuple[str, Measure, Phase]]:
        return Counter((fact.table, fact.measure, fact.phase) for fact in self.report.facts)

    def uses(self, table: str, measure: Measure, phase: Phase = Phase.OUTTURN) -> bool:
        """Whether any amount is printed in this column of the table."""
        return self._used[table, measure, phase] > 0

    def amounts(self, *tables: str) -> Iterator[Fact]:
        """The printed amounts of the tables, all tables by meaning (T01..T10) if none is named."""
        for fact in self.report.facts:
            if fact.table in tables or (not tables and fact.table.startswith("T")):
                yield fact

    def is_scanned(self, cell: CellRef) -> bool:
        """Whether the cell stands on a scanned page; one without a place, on the page where its table begins."""
        if cell.place is not None:
            return (cell.place.part, cell.place.page) in self._scanned_pages
        table = self.report.by_table.get(cell.table)
        return table is not None and (self._file_of_table[table.id], table.page) in self._scanned_pages

    @cached_property
    def _file_of_table(self) -> dict[str, str | None]:
        found = dict.fromkeys(self.report.by_table)
        return found | {fact.table: fact.place.part for fact in self.report.facts}

    def not_understood(self, table: str, side: Side | None = None) -> list[Fact]:
        """Amounts other than 0 whose row or column the normalizer could not name."""
        return [
            fact
            for fact in self.amounts(table)
            if (fact.key is None or fact.measure is Measure.UNCLASSIFIED)
            and fact.amount
            and fact.unit is not Unit.COUNT
            and (side is None or fact.side in {None, side})
        ]


def _file_of(report: Report, doubt: Doubt) -> str | None:
    """The path of the file that a doubt is about, as in the places of facts."""
    return None if doubt.part is None else report.parts[doubt.part]


def _suspect_blanks(report: Report) -> set[tuple[str, int, int]]:
    """The cells (table, row, column) that OCR may have taken for blank: by its own doubt or by that of the sums."""
    names = {table.source_table: table.id for table in report.tables}
    return {
        (names[doubt.table], doubt.row, doubt.column)
        for doubt in report.doubts
        if doubt.code in SCAN_DOUBTS and doubt.table in names and doubt.row is not None and doubt.column is not None
    }


def _row_of(table: str, line: Line) -> Row:
    return Row(table, (line.row, line.group), line.key, line.printed_code, line.name, line.code, line.section)
