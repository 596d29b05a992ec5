"""Whole columns that slipped by one row: amounts that stand beside the code above or below their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.validator.checks import Check, Passed, Statement, cannot
from services.validator.view import Row, Slot, View, row_name
from shared.catalogue import keys
from shared.catalogue.rules import table_name
from shared.contracts.base import Text
from shared.contracts.report import Measure

_ZERO = Decimal(0)
_FEWEST = 3  # fewer displaced amounts are single slips, which the search for causes explains better
_SHARE = 0.7  # of the amounts that must agree once they are moved
_MIRRORS = {
    "30212": Measure.ABROAD,
    "30217": Measure.RECEPTION,
    "30231": Measure.VEHICLE_OPERATION,
}


@dataclass(frozen=True)
class _Shift:
    """Amounts from row `start` to row `end` (exclusive) belong `offset` rows further down."""

    start: int
    end: int
    offset: int
    score: int


def shifted_rows(view: View, table: str, other: str, measures: Sequence[Measure], foreign: tuple[str, ...]) -> Check:
    """Compare the amounts of `table` with those of `other` under the same code, then one row up and down.

    `foreign` are code prefixes of `other` that `table` cannot have. Columns are tried together, then each alone.
    """
    rows = view.coded(table)
    known = {row.digits: row for row in view.coded(other) if not row.digits.startswith(foreign)}
    if len(rows) <= _FEWEST or not known:
        return cannot("科目行太少，无法判断错位", "too few rows to tell an offset")
    for group in (tuple(measures), *((measure,) for measure in measures)):
        shift = _best_shift(view, rows, known, group)
        if shift is None:
            continue
        moved = rows[shift.start : shift.end]
        slots = [view.at(row, measure) for row in moved for measure in group]
        return _statement(table, moved, slots, shift.offset)
    return Passed()


def _best_shift(view: View, rows: list[Row], known: dict[str, Row], measures: Sequence[Measure]) -> _Shift | None:
    def amounts(row: Row | None) -> tuple[Decimal, ...]:
        return tuple(view.at(row, measure).value if row else _ZERO for measure in measures)

    here = [amounts(row) for row in rows]
    there = [amounts(known.get(row.digits)) for row in rows]
    counted = [index for index, values in enumerate(here) if any(values)]
    plain = [any(here[i]) and here[i] == there[i] for i in range(len(rows))]
    best: _Shift | None = None
    for offset in (1, -1):
        moved = [
            any(here[i]) and 0 <= i + offset < len(rows) and here[i] == there[i + offset] for i in range(len(rows))
        ]
        for start in range(len(rows)):
            score = sum(plain[:start]) + sum(moved[start:])
            if best is None or score > best.score:
                best = _Shift(start, len(rows), offset, score)
    if best is None or best.score - sum(plain) < _FEWEST:
        return None
    # rows before the offset may differ for good reason (other money), so only the moved ones have to agree
    moved_rows = [index for index in counted if index >= best.start]
    agreeing = best.score - sum(plain[: best.start])
    return best if agreeing >= _SHARE * len(moved_rows) else None


def _statement(table: str, rows: Sequence[Row], slots: Sequence[Slot], offset: int) -> Statement:
    name = table_name(table)
    zh, en = ("上", "up") if offset > 0 else ("下", "down")
    filled = [slot for slot in slots if slot.fact]
    return Statement(
        Text(
            zh=f"{name.zh}自“{row_name(rows[0])}”起，金额整体向{zh}错了一行，与科目不对应",
            en=f"{name.en}: from {row_name(rows[0])} on, the amounts stand one row too far {en} beside their codes",
        ),
        cells=tuple(slot.ref() for slot in filled),
        subject=f"shift {table}",
        absorbs=frozenset(slots),
    )


def shifted_column(view: View) -> Iterator[Check]:
    """Try the amounts of each block of T06 one row up and down where its classes do not add up."""
    blocks: dict[int, list[Row]] = {}
    for row in view.rows("T06"):
        blocks.setdefault(row.place[1], []).append(row)
    for rows in blocks.values():
        slots = view.cells(rows, Measure.AMOUNT)
        values = [slot.value for slot in slots]
        if not any(values):
            continue
        shift = None if _adds_up(rows, values, slots) else _column_shift(view, rows, values, slots)
        if shift is None:
            yield Passed()
        else:
            moved = rows[shift.start : shift.end]
            heads = {row.digits[:3] for row in moved if row.digits}
            totals = [view.cell("T06", head) for head in sorted(heads)]
            statement = _statement("T06", moved, slots[shift.start : shift.end], shift.offset)
            yield Statement(
                statement.text,
                cells=statement.cells,
                subject=statement.subject,
                absorbs=statement.absorbs | frozenset(totals),
            )


def _column_shift(view: View, rows: list[Row], values: list[Decimal], slots: list[Slot]) -> _Shift | None:
    ends = [index for index, row in enumerate(rows) if row.level == 1 and index] + [len(rows)]
    for offset in (1, -1):
        for end in reversed(ends):
            for start in range(end - _FEWEST):
                moved = _move(values, start, end, offset)
                if moved is None or sum(map(bool, moved[start:end])) < _FEWEST or moved == values:
                    continue
                if _adds_up(rows, moved, slots) and _mirrors_agree(view, rows, moved):
                    return _Shift(start, end, offset, 0)
    return None


def _move(values: list[Decimal], start: int, end: int, offset: int) -> list[Decimal] | None:
    """The column with the amounts of [start, end) one row further down (1) or up (-1); None if one would fall out."""
    part = values[start:end]
    if offset > 0:
        return None if part[-1] else [*values[:start], _ZERO, *part[:-1], *values[end:]]
    return None if part[0] else [*values[:start], *part[1:], _ZERO, *values[end:]]


def _adds_up(rows: list[Row], values: list[Decimal], slots: list[Slot]) -> bool:
    """Whether every class printed in this block is the sum of its items printed there."""
    quantum = max(slot.quantum for slot in slots)
    for index, row in enumerate(rows):
        if row.level != 1:
            continue
        below = [value for other, value in zip(rows, values, strict=True) if _is_item_of(other, row)]
        terms = sum(map(bool, below))
        if (terms or values[index]) and abs(values[index] - sum(below, _ZERO)) > quantum / 2 * (terms + 1):
            return False
    return True


def _is_item_of(row: Row, head: Row) -> bool:
    return len(row.digits) > len(head.digits) and row.digits.startswith(head.digits)


def _mirrors_agree(view: View, rows: list[Row], values: list[Decimal]) -> bool:
    """Whether the items that T09 repeats stay within its outturn."""
    for row, value in zip(rows, values, strict=True):
        measure = _MIRRORS.get(row.digits)
        if measure is None or not value or not view.filled("T09"):
            continue
        cell = view.cell("T09", keys.SAN_GONG, measure)
        if value > cell.value + cell.quantum:
            return False
    return True
