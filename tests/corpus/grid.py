"""What a report looks like, whatever the file format: blocks in reading order, tables as grids with spans and truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from shared.catalogue.text import squeeze

Kind = Literal["header", "ordinal", "code", "label", "amount", "blank", "caption", "text"]


@dataclass(frozen=True)
class TrueFact:
    """One fact as facts.csv must say it. `key` names the row for planted errors; it is no column of the file."""

    table: str
    row_code: str
    row_name: str
    column: str
    measure: str
    amount: Decimal
    unit: str
    raw: str
    key: str
    phase: str = "outturn"
    side: str = ""


@dataclass(frozen=True)
class GridCell:
    """A printed cell at its top left position; `fact` where an amount is printed."""

    row: int
    column: int
    text: str
    kind: Kind
    rowspan: int = 1
    colspan: int = 1
    fact: TrueFact | None = None


@dataclass
class Grid:
    """A table under construction: put cells, then `cells()` gives them row by row with blanks filled in."""

    table: str
    unit: str
    width: int
    placed: dict[tuple[int, int], GridCell] = field(default_factory=dict)
    covered: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    header_rows: int = 0
    section: str = ""

    def put(self, row: int, column: int, text: str, kind: Kind, *, down: int = 1, right: int = 1) -> None:
        """Print `text` at a position, spanning `down` rows and `right` columns."""
        spots = {(r, c) for r in range(row, row + down) for c in range(column, column + right)}
        if spots & self.covered.keys() or column + right > self.width:
            raise ValueError(f"{self.table}: {text!r} at {row},{column} overlaps or sticks out")
        self.covered.update(dict.fromkeys(spots, (row, column)))
        self.placed[row, column] = GridCell(row, column, text, kind, down, right)

    def amount(self, row: int, column: int, text: str, measure: str, row_id: RowId, *, right: int = 1) -> None:
        """Print an amount (or a blank, a dash) of the row `row_id`; a fact if `text` is a number."""
        self.put(row, column, text, "amount", right=right)
        number = parse(text)
        if number is None:
            return
        path = self.section + "/" + self._lowest(column) if self.section else "/".join(self.path(column))
        fact = TrueFact(
            table=self.table,
            row_code=row_id.code,
            row_name=squeeze(row_id.name),
            column=path,
            measure=measure,
            amount=number,
            unit=row_id.unit or self.unit,
            raw=text,
            key=row_id.key,
            phase=row_id.phase,
            side=row_id.side,
        )
        self.placed[row, column] = replace(self.placed[row, column], fact=fact)

    def path(self, column: int) -> tuple[str, ...]:
        """The printed header above `column`, top down, each merged cell once; T06 says only its lowest heading."""
        words: list[str] = []
        seen: set[tuple[int, int]] = set()
        for row in range(self.header_rows):
            cell = self.at(row, column)
            if cell is None or cell.kind != "header" or (cell.row, cell.column) in seen:
                continue
            seen.add((cell.row, cell.column))
            if squeeze(cell.text):
                words.append(squeeze(cell.text))
        return (words[-1],) if self.table == "T06" else tuple(words)

    def _lowest(self, column: int) -> str:
        return self.path(column)[-1]

    def at(self, row: int, column: int) -> GridCell | None:
        """The cell that covers a position."""
        origin = self.covered.get((row, column))
        return None if origin is None else self.placed[origin]

    @property
    def height(self) -> int:
        """The number of rows so far."""
        return max((row for row, _ in self.covered), default=-1) + 1

    def cells(self) -> list[GridCell]:
        """All cells in order of row and column; positions that nothing covers are blank cells."""
        blanks = [
            GridCell(row, column, "", "blank")
            for row in range(self.height)
            for column in range(self.width)
            if (row, column) not in self.covered
        ]
        return sorted((*self.placed.values(), *blanks), key=lambda cell: (cell.row, cell.column))

    def by_row(self) -> list[list[GridCell]]:
        """The cells that begin in each row."""
        rows: list[list[GridCell]] = [[] for _ in range(self.height)]
        for cell in self.cells():
            rows[cell.row].append(cell)
        return rows


@dataclass(frozen=True)
class RowId:
    """Which row an amount belongs to, as facts.csv names it."""

    code: str
    name: str
    key: str
    unit: str = ""
    phase: str = "outturn"
    side: str = ""


@dataclass(frozen=True)
class Line:
    """A heading (`level` 1 to 4) or a paragraph (`level` 0)."""

    text: str
    level: int = 0


@dataclass(frozen=True)
class TableBlock:
    """A table with what stands around it. `captions` are 公开01表, 部门：…, 金额单位：… in the order printed."""

    id: str
    title: str
    captions: tuple[str, ...]
    grid: Grid
    notes: tuple[str, ...] = ()
    landscape: bool = False


@dataclass(frozen=True)
class Planted:
    """An error put into a printed cell on purpose, and the rules of which at least one must find it."""

    name: str
    table: str
    row_code: str
    row_name: str
    column: str
    published: str
    right: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Printed:
    """A whole report ready to be written in any format, with its truth."""

    name: str
    layout: str
    entity: str
    division: str
    year: int
    unit_account: bool
    blocks: tuple[Line | TableBlock, ...]
    planted: tuple[Planted, ...] = ()

    def tables(self) -> Iterator[TableBlock]:
        """The tables in reading order."""
        return (block for block in self.blocks if isinstance(block, TableBlock))

    def facts(self) -> list[TrueFact]:
        """Every printed amount in reading order."""
        return [cell.fact for block in self.tables() for cell in block.grid.cells() if cell.fact is not None]


def parse(text: str) -> Decimal | None:
    """The number that `text` prints (thousands commas allowed), None for blanks, dashes and words."""
    plain = text.strip().replace(",", "")
    if not plain or not plain.lstrip("-").replace(".", "", 1).isdigit():
        return None
    return Decimal(plain)
