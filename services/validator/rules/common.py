"""Checks that several tables have in common: cross-feet, column totals, hierarchy of codes, order and repeats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from services.validator.checks import Check, Equation, Passed, Statement, cannot, nothing, total
from services.validator.tolerance import judge
from services.validator.view import Row, View, row_name, row_ref
from shared.catalogue import keys
from shared.catalogue.rules import table_name
from shared.contracts.assessment import Outcome
from shared.contracts.base import Text
from shared.contracts.report import Measure, Side

PARTS = Text(zh="各组成部分合计", en="the sum of its parts")
CLASSES = Text(zh="各类（最上级科目）合计", en="the sum of the top-level rows")
DETAILS = Text(zh="下级合计", en="the sum of its sub-items")


def cross_foot(view: View, rows: Sequence[Row], whole: Measure, parts: Sequence[Measure]) -> Iterator[Check]:
    """In each row the first amount is the sum of the others."""
    used = [part for part in parts if rows and view.uses(rows[0].table, part)]
    if not used:
        yield cannot("各组成部分的栏目均无金额", "none of the columns of parts prints an amount")
        return
    for row in rows:
        yield total(view.at(row, whole), [view.at(row, part) for part in used], PARTS)


def table_rows(view: View, table: str) -> list[Row]:
    """The rows of amounts of T02, T03, T05, T07, T08: 合计 and every coded row."""
    first = view.named(table, keys.TOTAL)
    return ([first] if first else []) + view.coded(table)


def column_totals(view: View, table: str, measures: Sequence[Measure]) -> Iterator[Check]:
    """合计 of a column is the sum of its topmost codes."""
    tops = view.tops(table)
    if view.named(table, keys.TOTAL) is None:
        yield cannot("没有合计行", "the table has no total row")
        return
    for measure in _used(view, table, measures):
        yield total(view.cell(table, keys.TOTAL, measure), view.cells(tops, measure), CLASSES)


def hierarchy(view: View, table: str, measures: Sequence[Measure]) -> Iterator[Check]:
    """Each printed 类 and 款 is the sum of the codes printed under it; a row without details cannot be checked."""
    checked = False
    used = _used(view, table, measures)
    for row in view.coded(table):
        below = view.children(row)
        if not any(child.facts for child in below):
            if len(row.digits) < _leaf_length(row):
                yield cannot(f"“{row_name(row)}”没有列示下级科目", f"no sub-items are printed under {row_name(row)}")
            continue
        checked = True
        for measure in used:
            # a blank column under details that do print something is a contradiction, not missing detail
            yield total(view.at(row, measure), view.cells(below, measure), DETAILS, partial=False)
    if not checked and not view.coded(table):
        yield nothing("没有科目行", "the table has no coded rows")


def _used(view: View, table: str, measures: Sequence[Measure]) -> list[Measure]:
    return [measure for measure in measures if view.uses(table, measure)]


def _leaf_length(row: Row) -> int:
    return 5 if row.table == "T06" else 7


def orphans(view: View, table: str) -> Iterator[Check]:
    """Each 项 is printed under its 款 and each 款 under its 类, in ascending order."""
    rows = view.coded(table)
    if not rows:
        yield nothing("没有科目行", "the table has no coded rows")
        return
    codes = {row.digits for row in rows}
    lengths = {len(code) for code in codes}
    for row in rows:
        code = row.digits
        missing = [code[:n] for n in (5, 3) if len(code) > n and n in lengths and code[:n] not in codes]
        if missing:
            yield Statement(
                Text(
                    zh=f"{table_name(table).zh}“{row_name(row)}”的上级科目 {'、'.join(missing)} 没有列示",
                    en=f"{table_name(table).en}: {row_name(row)} is printed without its parent {', '.join(missing)}",
                ),
                cells=(row_ref(row),),
                subject=f"code {code}",
            )
        else:
            yield Passed()
    yield from _order(table, rows)


def _order(table: str, rows: Sequence[Row]) -> Iterator[Check]:
    """The classes come in ascending order: one statement for the first that does not."""
    for before, row in pairwise(rows):
        if row.digits[:3] < before.digits[:3]:
            yield Statement(
                Text(
                    zh=f"{table_name(table).zh}“{row_name(row)}”排在“{row_name(before)}”之后，科目未按编码排列",
                    en=f"{table_name(table).en}: {row_name(row)} stands after {row_name(before)}, out of code order",
                ),
                cells=(row_ref(row), row_ref(before)),
                subject=f"code {row.digits}",
            )
            return
    yield Passed()


def duplicates(view: View, table: str) -> Iterator[Check]:
    """A code is printed at most once in a table."""
    seen: dict[str, Row] = {}
    for row in view.rows(table):
        if not row.digits:
            continue
        first = seen.setdefault(row.digits, row)
        if first is row or not (row.facts and first.facts):
            yield Passed()
            continue
        yield Statement(
            Text(
                zh=f"{table_name(table).zh}编码 {row.digits} 出现两次：“{first.name}”和“{row.name}”",
                en=f"{table_name(table).en}: code {row.digits} is printed twice: {first.name} and {row.name}",
            ),
            cells=(row_ref(row), row_ref(first)),
            subject=f"code {row.digits}",
        )
    if not seen:
        yield nothing("没有科目行", "the table has no coded rows")


def sum_of_rows(view: View, table: str, side: Side, equation: Equation) -> Iterator[Check]:
    """A sum over the understood rows of one side of T01 or T04.

    If it fails while other rows were not understood, those may well be what is missing: then it cannot be judged.
    """
    facts = view.not_understood(table, side)
    if not facts or judge(equation).outcome is not Outcome.FAIL:
        yield equation
    else:
        names = "、".join(sorted({fact.row_name or fact.raw for fact in facts})[:3])
        yield cannot(f"有未能识别的行：{names}", f"some rows were not understood: {names}")
