"""The sums that the form demands of its figures: across a row, down a column, between tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.normalizer.proof.cells import Cells, Row, Term
from shared.catalogue import keys
from shared.contracts.report import Measure, Phase, Side

M = Measure


@dataclass(eq=False, slots=True)
class Sum:
    """`left` and `right` add up to the same. `spare` are amounts of rows that nobody understood: they may be terms.

    `partial`: a side without any figure was not disclosed, so nothing can be said; otherwise blank is 0.
    """

    left: tuple[Term, ...]
    right: tuple[Term, ...]
    partial: bool = True
    spare: tuple[Term, ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        """The cells of both sides."""
        return self.left + self.right


_FISCAL = (keys.FISCAL_GENERAL, keys.FISCAL_FUND, keys.FISCAL_SOE)
_CARRY_IN = (keys.CARRY_IN_GENERAL, keys.CARRY_IN_FUND, keys.CARRY_IN_SOE)
_OTHER_INCOME = (
    (keys.UPPER_SUBSIDY, M.UPPER_SUBSIDY),
    (keys.INSTITUTION_INCOME, M.INSTITUTION),
    (keys.BUSINESS_INCOME, M.BUSINESS),
    (keys.SUBORDINATE_REMIT, M.SUBORDINATE_REMIT),
    (keys.OTHER_INCOME, M.OTHER_INCOME),
)
_FUNDS = (M.GENERAL, M.FUND, M.SOE)
#: table -> (the whole, its parts) in each row; 教育收费 is a memo column and no part
_ACROSS: dict[str, tuple[Measure, tuple[Measure, ...]]] = {
    "T02": (M.INCOME_TOTAL, (M.FISCAL, *(measure for _, measure in _OTHER_INCOME))),
    "T03": (M.TOTAL, (M.BASIC, M.PROJECT, M.UPPER_REMIT, M.BUSINESS_EXPENDITURE, M.SUBORDINATE_SUBSIDY)),
    "T05": (M.TOTAL, (M.BASIC, M.PROJECT)),
    "T07": (M.TOTAL, (M.BASIC, M.PROJECT)),
    "T08": (M.TOTAL, (M.BASIC, M.PROJECT)),
}
_BALANCE = (M.CARRY_IN, M.INCOME, M.CARRY_OUT)
_STAFF = ("301", "303")
_OPERATING = ("302", "307", "309", "310", "311", "312", "313", "399")


def sums(cells: Cells) -> list[Sum]:
    """Every sum of the form whose tables the report has."""
    found: list[Sum] = []
    if cells.has("T01"):
        found += _first(cells)
    for table in _ACROSS:
        if cells.has(table):
            found += _coded(cells, table)
    if cells.has("T04"):
        found += _fourth(cells)
    if cells.has("T06"):
        found += _sixth(cells)
    found += _ninth(cells)
    found += _between(cells)
    return found


def _first(cells: Cells) -> Iterator[Sum]:
    """T01: 本年收入合计, 本年支出合计, the two 总计, which are the same; in each phase that the form prints."""
    for phase in Phase:

        def one(key: str, phase: Phase = phase) -> Term:
            return cells.cell("T01", key, M.AMOUNT, phase)

        income = (*_fiscal(cells, "T01"), *(key for key, _ in _OTHER_INCOME))
        spare = cells.unnamed("T01", Side.INCOME, phase)
        yield _total(one(keys.TOTAL_INCOME_CURRENT), [one(key) for key in income], spare)
        classes = [cells.at(row, M.AMOUNT, phase) for row in _classes(cells, "T01")]
        yield _total(one(keys.TOTAL_EXP_CURRENT), classes, cells.unnamed("T01", Side.EXPENDITURE, phase))
        adds = (keys.TOTAL_INCOME_CURRENT, keys.NONFISCAL_BALANCE_USED, keys.CARRY_IN)
        yield _total(one(keys.GRAND_TOTAL_INCOME), [one(key) for key in adds])
        adds = (keys.TOTAL_EXP_CURRENT, keys.SURPLUS_ALLOCATION, keys.CARRY_OUT)
        yield _total(one(keys.GRAND_TOTAL_EXP), [one(key) for key in adds])
        yield _same(one(keys.GRAND_TOTAL_INCOME), one(keys.GRAND_TOTAL_EXP))


def _fourth(cells: Cells) -> Iterator[Sum]:
    """T04: the same by fund; each fund balances, each expenditure row is the sum of its funds."""
    current = cells.cell("T04", keys.TOTAL_INCOME_CURRENT)
    yield _total(current, [cells.cell("T04", key) for key in _fiscal(cells, "T04")], cells.unnamed("T04", Side.INCOME))
    yield _total(cells.cell("T04", keys.CARRY_IN), [cells.cell("T04", key) for key in _CARRY_IN])
    yield _total(cells.cell("T04", keys.GRAND_TOTAL_INCOME), [current, cells.cell("T04", keys.CARRY_IN)])
    yield _same(cells.cell("T04", keys.GRAND_TOTAL_INCOME), cells.cell("T04", keys.GRAND_TOTAL_EXP, M.TOTAL))
    classes = _classes(cells, "T04")
    closing = [row for row in cells.rows("T04") if row.group == 1 and row.key in _CLOSING]
    if any(cells.uses("T04", fund) for fund in _FUNDS):
        for row in (*classes, *closing):
            yield _total(cells.at(row, M.TOTAL), [cells.at(row, fund) for fund in _FUNDS])
    carried = any(cells.cell("T04", keys.CARRY_OUT, fund).printed for fund in _FUNDS)
    for column in (M.TOTAL, *_FUNDS):
        spent = cells.cell("T04", keys.TOTAL_EXP_CURRENT, column)
        spare = cells.unnamed("T04", Side.EXPENDITURE) if column is M.TOTAL else []
        yield _total(spent, [cells.at(row, column) for row in classes], spare)
        left_over = cells.cell("T04", keys.CARRY_OUT, column)
        if column is M.TOTAL or carried or not cells.cell("T04", keys.CARRY_OUT, M.TOTAL).value:
            yield _total(cells.cell("T04", keys.GRAND_TOTAL_EXP, column), [spent, left_over])
    if _split(cells, keys.CARRY_IN, [cells.cell("T04", key) for key in _CARRY_IN]) and (
        carried or not cells.cell("T04", keys.CARRY_OUT, M.TOTAL).value
    ):
        for income, opening, fund in zip(_FISCAL, _CARRY_IN, _FUNDS, strict=True):
            right = (cells.cell("T04", keys.TOTAL_EXP_CURRENT, fund), cells.cell("T04", keys.CARRY_OUT, fund))
            yield Sum((cells.cell("T04", income), cells.cell("T04", opening)), right)


_CLOSING = frozenset({keys.TOTAL_EXP_CURRENT, keys.CARRY_OUT, keys.GRAND_TOTAL_EXP})


def _split(cells: Cells, whole: str, parts: Iterable[Term]) -> bool:
    return not cells.cell("T04", whole).value or any(part.printed for part in parts)


def _coded(cells: Cells, table: str) -> Iterator[Sum]:
    """T02, T03, T05, T07, T08: across each row, down each column by the tree of codes, balance of the funds."""
    whole, parts = _ACROSS[table]
    used = [part for part in parts if cells.uses(table, part)]
    heads = [row for row in cells.rows(table) if row.key == keys.TOTAL][:1]
    coded = cells.coded(table)
    for row in (*heads, *coded):
        if used:
            yield _total(cells.at(row, whole), [cells.at(row, part) for part in used])
        if cells.uses(table, M.INCOME):
            opening, income, closing = (cells.at(row, measure) for measure in _BALANCE)
            yield Sum((opening, income), (cells.at(row, whole), closing), partial=False)
    family = _family(coded)
    for column in (whole, *used, *(measure for measure in _BALANCE if cells.uses(table, measure))):
        for row in coded:
            below = family.get(row.digits, [])
            if any(child.facts for child in below):
                yield Sum((cells.at(row, column),), tuple(cells.at(child, column) for child in below), partial=False)
        for head in heads:
            yield _total(cells.at(head, column), [cells.at(top, column) for top in family.get("", [])])


def _family(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Rows by the code of the nearest printed ancestor, "" for the topmost."""
    codes = {row.digits for row in rows}
    family: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        above = (row.digits[:n] for n in range(len(row.digits) - 1, 2, -1))
        family[next((code for code in above if code in codes), "")].append(row)
    return family


def _sixth(cells: Cells) -> Iterator[Sum]:
    """T06: each 类 is the sum of its 款; 人员经费合计 and 公用经费合计 are the sums of their classes."""
    family = _family(cells.coded("T06"))
    tops = family.get("", [])
    for row in tops:
        below = [cells.at(child, M.AMOUNT) for child in family.get(row.digits, [])]
        yield _total(cells.at(row, M.AMOUNT), below)
    staff, operating = cells.cell("T06", keys.STAFF_TOTAL), cells.cell("T06", keys.OPERATING_TOTAL)
    yield _total(staff, [cells.at(row, M.AMOUNT) for row in tops if row.digits.startswith(_STAFF)])
    yield _total(operating, [cells.at(row, M.AMOUNT) for row in tops if row.digits.startswith(_OPERATING)])
    yield _total(cells.cell("T06", keys.TOTAL), [cells.at(row, M.AMOUNT) for row in tops])
    if staff.printed or operating.printed:
        yield _total(cells.cell("T06", keys.TOTAL), [staff, operating])


def _ninth(cells: Cells) -> Iterator[Sum]:
    """T09: budget and outturn are sums of their parts, vehicles of purchase and operation. T10: procurement."""
    for phase in Phase:
        parts = [cells.cell("T09", keys.SAN_GONG, part, phase) for part in (M.ABROAD, M.VEHICLE, M.RECEPTION)]
        yield _total(cells.cell("T09", keys.SAN_GONG, M.SAN_GONG_TOTAL, phase), parts)
        parts = [cells.cell("T09", keys.SAN_GONG, part, phase) for part in (M.VEHICLE_PURCHASE, M.VEHICLE_OPERATION)]
        yield _total(cells.cell("T09", keys.SAN_GONG, M.VEHICLE, phase), parts)
    bought = (keys.PROCUREMENT_GOODS, keys.PROCUREMENT_WORKS, keys.PROCUREMENT_SERVICES)
    yield _total(cells.cell("T10", keys.PROCUREMENT_TOTAL), [cells.cell("T10", key) for key in bought])


def _between(cells: Cells) -> Iterator[Sum]:
    """What two tables print alike."""

    def grand(table: str, measure: Measure) -> Term:
        return cells.cell(table, keys.TOTAL, measure)

    yield _same(cells.cell("T01", keys.TOTAL_INCOME_CURRENT), grand("T02", M.INCOME_TOTAL))
    yield _total(grand("T02", M.FISCAL), [cells.cell("T01", key) for key in _fiscal(cells, "T01")])
    for key, measure in _OTHER_INCOME:
        yield _same(cells.cell("T01", key), grand("T02", measure))
    yield _same(cells.cell("T01", keys.TOTAL_EXP_CURRENT), grand("T03", M.TOTAL))
    for key in (keys.FISCAL_TOTAL, *_FISCAL):
        yield _same(cells.cell("T01", key), cells.cell("T04", key))
    yield _same(grand("T02", M.FISCAL), cells.cell("T04", keys.TOTAL_INCOME_CURRENT))
    yield _same(cells.cell("T04", keys.TOTAL_EXP_CURRENT, M.GENERAL), grand("T05", M.TOTAL))
    staff, operating = cells.cell("T06", keys.STAFF_TOTAL), cells.cell("T06", keys.OPERATING_TOTAL)
    if staff.printed or operating.printed:
        yield _total(grand("T05", M.BASIC), [staff, operating])
    else:
        yield _same(grand("T05", M.BASIC), cells.cell("T06", keys.TOTAL))
    for table, fund, income, opening in (
        ("T07", M.FUND, keys.FISCAL_FUND, keys.CARRY_IN_FUND),
        ("T08", M.SOE, keys.FISCAL_SOE, keys.CARRY_IN_SOE),
    ):
        yield _same(grand(table, M.INCOME), cells.cell("T04", income))
        yield _same(grand(table, M.CARRY_IN), cells.cell("T04", opening))
        yield _same(grand(table, M.TOTAL), cells.cell("T04", keys.TOTAL_EXP_CURRENT, fund))
        yield _same(grand(table, M.CARRY_OUT), cells.cell("T04", keys.CARRY_OUT, fund))
    for summary, fund, table in (
        ("T01", M.AMOUNT, "T03"),
        ("T04", M.GENERAL, "T05"),
        ("T04", M.FUND, "T07"),
        ("T04", M.SOE, "T08"),
    ):
        tops = {row.digits: row for row in cells.coded(table) if len(row.digits) == 3}  # noqa: PLR2004 - 类
        for row in _classes(cells, summary):
            if row.key in tops:
                yield _same(cells.at(row, fund), cells.at(tops[row.key], M.TOTAL))


def _fiscal(cells: Cells, table: str) -> tuple[str, ...]:
    """The rows of fiscal income that add up: 财政拨款收入 in forms up to 2019, else one row per fund."""
    return (keys.FISCAL_TOTAL,) if cells.cell(table, keys.FISCAL_TOTAL).printed else _FISCAL


def _classes(cells: Cells, table: str) -> list[Row]:
    return [row for row in cells.rows(table) if row.key and row.key.isdigit()]


def _total(whole: Term, parts: Iterable[Term], spare: Iterable[Term] = ()) -> Sum:
    return Sum((whole,), tuple(parts), spare=tuple(spare))


def _same(one: Term, other: Term) -> Sum:
    return Sum((one,), (other,))
