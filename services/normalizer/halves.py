"""T01 and T04 printed as one narrow list: income above, expenditure below. Read as the two sides they are."""

from __future__ import annotations

import re
from dataclasses import replace

from services.normalizer.columns import column_uses, groups, heading_text
from services.normalizer.header import Head, RowKind, read_head, row_kind
from services.normalizer.merge import with_head_of
from services.normalizer.recognise import View, lists_income, lists_spending
from services.normalizer.segments import Segment
from shared.catalogue import keys
from shared.catalogue.rows import bare_label, class_code, expenditure_key, income_key
from shared.catalogue.text import fold

_SUMMARY = frozenset({"T01", "T04"})
_SIDE = re.compile(r"(?:[一二(][、.二)]*)?(?:本年)?支出(?:部分|项目|情况|科目)?")


def halves(view: View, table: str | None) -> tuple[View, View | None]:
    """`view` cut where expenditure begins, if `table` is a summary in one list; else `view` and None.

    The second view has the headings of the first if it prints none of its own; its group of columns has number 1.
    """
    if table not in _SUMMARY or len(view.groups) != 1 or view.groups[0].label is None:
        return view, None
    row = _second_side(view, view.groups[0].label)
    if row is None:
        return view, None
    grid = view.segment.grid
    upper = replace(view, segment=replace(view.segment, grid=grid.part(grid.start, row)))
    return upper, _lower(view, replace(view.segment, grid=grid.part(row, grid.end), preamble=()))


def completes(first: View, second: View, table: str | None) -> View | None:
    """`second` as the expenditure side of `first`, where the two sides are printed as tables of their own."""
    if table not in _SUMMARY or second.segment.match is not None or len(second.groups) != 1:
        return None
    if not lists_income(first) or not lists_spending(second):
        return None
    return replace(second, groups=(replace(second.groups[0], number=1),))


def _lower(view: View, segment: Segment) -> View | None:
    head: Head = read_head(segment.grid)
    found = groups(column_uses(segment.grid, head))
    below = replace(view, segment=segment, head=head, groups=tuple(found), headings=heading_text(head))
    below = with_head_of(view, below)
    if len(below.groups) != 1:
        return None
    return replace(below, groups=(replace(below.groups[0], number=1),))


def _second_side(view: View, label: int) -> int | None:
    """The first row of the expenditure side: its heading, or the first label of an expenditure class after income."""
    grid = view.segment.grid
    income = False
    for row in range(view.head.body, grid.end):
        words = [fold(word) for word in grid.words(row)]
        if not words:
            continue
        if _SIDE.fullmatch(words[0]) and row_kind(grid, row) is RowKind.HEADER:
            return row
        name = grid.word(row, label)
        key = income_key(name, under_carry_in=False)
        income = income or (key is not None and key != keys.GRAND_TOTAL_INCOME)
        if income and key is None and (class_code(bare_label(name), None) or _ends(name)):
            return row
    return None


def _ends(name: str) -> bool:
    return expenditure_key(name, None) == keys.TOTAL_EXP_CURRENT
