"""Errors put into a report on purpose: which cell, what it should say, which rules must find it.

Every error is one that real accounts have: a digit left out, two digits exchanged, a total that does not follow its
parts, a figure on the wrong row, a name beside another's code, a lost sign. `plant` returns a new report; the given one
is spent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from shared.catalogue import keys
from shared.catalogue.text import squeeze
from tests.corpus.grid import Grid, GridCell, Planted, Printed, TrueFact, parse

_BIG = Decimal(100)


class NotPossible(LookupError):
    """The report has no cell that this error needs."""


@dataclass(frozen=True)
class Spot:
    """An amount cell of a grid with its fact."""

    grid: Grid
    cell: GridCell
    fact: TrueFact


def plant(printed: Printed, name: str) -> Printed:
    """`printed` with the error `name` in it; raises `NotPossible` if it has no place for it."""
    planted = PLANTS[name](printed, name)
    return replace(printed, planted=(*printed.planted, *planted))


def _spots(printed: Printed, table: str, measure: str = "", phase: str = "outturn") -> Iterator[Spot]:
    for block in printed.tables():
        for cell in block.grid.cells():
            fact = cell.fact
            if fact and fact.table == table and fact.phase == phase and measure in ("", fact.measure):
                yield Spot(block.grid, cell, fact)


def _first(spots: Iterator[Spot], wanted: Callable[[Spot], bool]) -> Spot:
    for spot in spots:
        if wanted(spot):
            return spot
    raise NotPossible


def _rewrite(spot: Spot, text: str) -> None:
    number = parse(text)
    fact = None if number is None else replace(spot.fact, raw=text, amount=number)
    spot.grid.placed[spot.cell.row, spot.cell.column] = replace(spot.cell, text=text, fact=fact)


def _mistake(name: str, spot: Spot, published: str, rules: tuple[str, ...]) -> Planted:
    fact = spot.fact
    _rewrite(spot, published)
    return Planted(name, fact.table, fact.row_code, fact.row_name, fact.column, published, fact.raw, rules)


def _like(amount: Decimal, raw: str) -> str:
    """`amount` printed in the manner of `raw`."""
    return format(amount, ",.2f" if "," in raw or amount < 1000 else ".2f")


def _without_digit(raw: str) -> str:
    """`raw` without its third digit, commas set anew: 10,661.51 -> 1,061.51."""
    digits = raw.replace(",", "")
    return _like(Decimal(digits[:2] + digits[3:]), raw)


def _exchanged(raw: str) -> str:
    """`raw` with the first two neighbouring digits exchanged that differ (never to a leading zero)."""
    digits = raw.replace(",", "")
    for n in range(len(digits) - 1):
        left, right = digits[n], digits[n + 1]
        if left.isdigit() and right.isdigit() and left != right and not (n == 0 and right == "0"):
            return _like(Decimal(digits[:n] + right + left + digits[n + 2 :]), raw)
    raise NotPossible


def _dropped_digit(printed: Printed, name: str) -> tuple[Planted, ...]:
    def wanted(spot: Spot) -> bool:
        return len(spot.fact.row_code) == 5 and spot.fact.amount >= _BIG * 10

    spot = _first(_spots(printed, "T03", "basic"), wanted)
    return (_mistake(name, spot, _without_digit(spot.fact.raw), ("D01", "D03")),)


def _exchanged_digits(printed: Printed, name: str) -> tuple[Planted, ...]:
    def wanted(spot: Spot) -> bool:
        return len(spot.fact.row_code) == 7 and spot.fact.amount >= _BIG

    spot = _first(_spots(printed, "T05", "total"), wanted)
    return (_mistake(name, spot, _exchanged(spot.fact.raw), ("F01", "F03", "K14")),)


def _wrong_total(printed: Printed, name: str) -> tuple[Planted, ...]:
    spot = _first(_spots(printed, "T02", "income_total"), lambda spot: spot.fact.key == keys.TOTAL)
    wrong = _like(spot.fact.amount + 9, spot.fact.raw)
    return (_mistake(name, spot, wrong, ("C01", "C02", "K01")),)


def _wrong_row(printed: Printed, name: str) -> tuple[Planted, ...]:
    """The figure of 住房公积金 (mirrored by 2210201) stands one row lower."""
    spots = {(spot.cell.row, spot.cell.column): spot for spot in _spots(printed, "T06")}
    for (row, column), spot in spots.items():
        below = spot.grid.at(row + 1, column)
        if spot.fact.row_code == "30113" and below and below.kind == "amount" and below.text == "":
            code, label = _lead(spot.grid, row + 1, column)
            moved = replace(spot.fact, row_code=code, row_name=squeeze(label), key=code)
            spot.grid.placed[row + 1, column] = replace(below, text=spot.fact.raw, fact=moved)
            return (_mistake(name, spot, "", ("K15",)),)
    raise NotPossible


def _lead(grid: Grid, row: int, column: int) -> tuple[str, str]:
    """Code and label to the left of an amount of T06."""
    code, label = "", ""
    for at in range(column - 1, -1, -1):
        cell = grid.at(row, at)
        if cell is None or cell.kind == "amount":
            break
        if cell.kind == "label":
            label = cell.text
        elif cell.kind == "code":
            code = cell.text + code
    return code, label


def _wrong_name(printed: Printed, name: str) -> tuple[Planted, ...]:
    spot = _first(_spots(printed, "T03", "total"), lambda spot: spot.fact.row_code == "2080505")
    wrong = "死亡抚恤"
    for (row, column), cell in list(spot.grid.placed.items()):
        if row != spot.cell.row:
            continue
        if cell.kind == "label":
            spot.grid.placed[row, column] = replace(cell, text=wrong)
        elif cell.fact:
            spot.grid.placed[row, column] = replace(cell, fact=replace(cell.fact, row_name=wrong))
    fact = spot.fact
    return (Planted(name, "T03", fact.row_code, wrong, "", wrong, fact.row_name, ("L02", "L06")),)


def _lost_sign(printed: Printed, name: str) -> tuple[Planted, ...]:
    spot = _first(_spots(printed, "T01"), lambda spot: spot.fact.key == "208" and spot.fact.amount > 0)
    return (_mistake(name, spot, "-" + spot.fact.raw, ("B03", "K04", "K06", "A15")),)


def _unbalanced(printed: Printed, name: str) -> tuple[Planted, ...]:
    spot = _first(_spots(printed, "T04", "total"), lambda spot: spot.fact.key == keys.GRAND_TOTAL_EXP)
    return (_mistake(name, spot, _exchanged(spot.fact.raw), ("E02", "E06", "E07")),)


def _wrong_operating(printed: Printed, name: str) -> tuple[Planted, ...]:
    spot = _first(_spots(printed, "T06"), lambda spot: spot.fact.key == keys.OPERATING_TOTAL and spot.fact.amount > 0)
    return (_mistake(name, spot, _like(spot.fact.amount * 10, spot.fact.raw), ("G03", "K09", "J04")),)


def _wrong_sub_total(printed: Printed, name: str) -> tuple[Planted, ...]:
    spot = _first(_spots(printed, "T09", "san_gong_total"), lambda spot: spot.fact.amount > 0)
    return (_mistake(name, spot, _like(spot.fact.amount + Decimal("1.5"), spot.fact.raw), ("I03",)),)


def _carry(printed: Printed, name: str) -> tuple[Planted, ...]:
    spot = _first(_spots(printed, "T07", "income"), lambda spot: spot.fact.key == keys.TOTAL and spot.fact.amount > 0)
    return (_mistake(name, spot, _exchanged(spot.fact.raw), ("H01", "H03", "K11")),)


PLANTS: dict[str, Callable[[Printed, str], tuple[Planted, ...]]] = {
    "dropped digit": _dropped_digit,
    "exchanged digits": _exchanged_digits,
    "wrong total": _wrong_total,
    "figure on the wrong row": _wrong_row,
    "name of another code": _wrong_name,
    "lost sign": _lost_sign,
    "sides out of balance": _unbalanced,
    "wrong running costs": _wrong_operating,
    "wrong total of T09": _wrong_sub_total,
    "fund that does not add up": _carry,
}
