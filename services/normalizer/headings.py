"""What is odd about the headings of a table, by what its form says of them: each finding is a doubt about the table.

A reader that puts a heading over the wrong column, or only a piece of it, leaves amounts that look right. The form
tells: it prints a total before its parts, each measure once, and in most rows the parts add up to the total.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from services.normalizer.recognise import View
from shared.catalogue.tables import TITLES
from shared.catalogue.text import fold
from shared.contracts.base import Text
from shared.contracts.document import Doubt, DoubtCode
from shared.contracts.report import Column, Fact, Measure, Phase, ReportTable

#: Per table the total and its parts.
_SPENDING = (Measure.TOTAL, (Measure.BASIC, Measure.PROJECT))
_PARTS: dict[str, tuple[Measure, tuple[Measure, ...]]] = {
    "T02": (
        Measure.INCOME_TOTAL,
        (
            Measure.FISCAL,
            Measure.UPPER_SUBSIDY,
            Measure.INSTITUTION,
            Measure.BUSINESS,
            Measure.SUBORDINATE_REMIT,
            Measure.OTHER_INCOME,
        ),
    ),
    "T03": (
        Measure.TOTAL,
        (
            Measure.BASIC,
            Measure.PROJECT,
            Measure.UPPER_REMIT,
            Measure.BUSINESS_EXPENDITURE,
            Measure.SUBORDINATE_SUBSIDY,
        ),
    ),
    "T05": _SPENDING,
    "T07": _SPENDING,
    "T08": _SPENDING,
}
#: What each of these tables measures at least.
_EXPECTED: dict[str, frozenset[Measure]] = {
    "T02": frozenset({Measure.INCOME_TOTAL, Measure.FISCAL}),
    "T03": frozenset({Measure.TOTAL, Measure.BASIC, Measure.PROJECT}),
    "T05": frozenset({Measure.TOTAL, Measure.BASIC, Measure.PROJECT}),
    "T09": frozenset({Measure.ABROAD, Measure.RECEPTION}),
}
#: Tables with columns under no heading of several.
_PLAIN = frozenset({"T01", "T04", "T06"})
_SUBTOTAL = "小计"
#: Headings that stand in tables of accounts only.
_ACCOUNT = re.compile(r"(?:收入|支出|合计|小计|决算数|预算数|结转和结余|经费|财政拨款|科目名称)(?:/|$|[|])")
#: Tables that print income and carry-over beside 本年支出, never below it.
_SIDES = frozenset({"T05", "T07", "T08"})
_OTHER = re.compile(r"本年收入|(?:年初|年末|上年).*(?:结转|结余)")
#: Rows with a total and parts of which fewer tell nothing.
_FEWEST_ROWS = 3


def heading_doubts(table: ReportTable, facts: Sequence[Fact]) -> tuple[Doubt, ...]:
    """At most one doubt about the headings of a table of the account with amounts (`facts`); T10 has no such form."""
    if not facts or table.id == "T10" or table.id not in TITLES:
        return ()
    used = {fact.place.column for fact in facts}
    columns = sorted(table.columns, key=lambda column: column.column)
    finding = next(_findings(table.id, columns, used, facts), None)
    return () if finding is None else (_doubt(table, *finding),)


def is_left_over(view: View) -> bool:
    """Whether a grid that was not recognised seems to be the rest of a table: nothing above it, headings of accounts.

    Only printed pages part a table like that.
    """
    segment = view.segment
    return segment.page is not None and not segment.title and not segment.lines and bool(_ACCOUNT.search(view.headings))


def left_over(page: int | None, table: int) -> Doubt:
    """The doubt about such a grid."""
    return Doubt(
        code=DoubtCode.UNKNOWN_TABLE,
        text=Text(
            zh=f"第 {page} 页的表没有表名，可能是前面某张表印在另一页上的其余各栏，其中的金额未采用",
            en=f"The table on page {page} has no title; it may be columns of a table before it that were printed on a "
            "page of their own, and its amounts are not used",
        ),
        page=page,
        table=table,
    )


_Finding = tuple[Text, int | None]


def _findings(table: str, columns: Sequence[Column], used: set[int], facts: Sequence[Fact]) -> Iterator[_Finding]:
    """What is odd, and the column that it is about."""
    yield from _fragments(table, columns)
    yield from _repeated(table, columns)
    yield from _not_understood(table, columns, used, facts)
    yield from _out_of_order(table, columns, used)
    if table in _PARTS and _mostly_unequal(table, facts):
        total = Text(zh="多数行的合计数不等于各分项之和", en="in most rows the parts do not add up to the total")
        yield total, None


def _fragments(table: str, columns: Sequence[Column]) -> Iterator[_Finding]:
    """Headings that are a piece of one (a single character, 小计 of nothing), or stand below one of another kind."""
    for column in columns:
        leaf = fold(column.path[-1]) if column.path else ""
        if (
            table in _SIDES
            and len(column.path) > 1
            and fold(column.path[0]).startswith("本年支出")
            and _OTHER.match(leaf)
        ):
            heading = "/".join(column.path)
            yield (
                Text(zh=f"“{heading}”一列的上下级表头不相属", en=f'"{heading}" is no heading of any form'),
                column.column,
            )
        if len(leaf) == 1 or (leaf == _SUBTOTAL and len(column.path) == 1 and table not in _PLAIN):
            yield Text(zh=f"有一列的表头只有“{leaf}”", en=f'one column is headed "{leaf}" only'), column.column


def _repeated(table: str, columns: Sequence[Column]) -> Iterator[_Finding]:
    """Two columns that say the same, where a form has one of each.

    Income and spending may be divided (财政拨款收入 by 小计, 一般公共预算, 政府性基金预算): the parts have other names.
    """
    seen: set[tuple[int, Measure, Phase, str]] = set()
    for column in columns:
        if column.measure in {Measure.UNCLASSIFIED, Measure.AMOUNT}:
            continue
        leaf = fold(column.path[-1]) if column.path and table != "T09" else ""
        kind = (column.group, column.measure, column.phase, leaf)
        if kind in seen:
            heading = "/".join(column.path)
            text = Text(zh=f"有两列的表头都读作“{heading}”一类", en=f'two columns are headed alike ("{heading}")')
            yield text, column.column
        seen.add(kind)


def _not_understood(table: str, columns: Sequence[Column], used: set[int], facts: Sequence[Fact]) -> Iterator[_Finding]:
    """A column of amounts whose heading says nothing known, while one that the form has is missing."""
    found = {fact.measure for fact in facts} | {column.measure for column in columns}
    unknown = {fact.place.column for fact in facts if fact.measure is Measure.UNCLASSIFIED} & used
    if table == "T09" and Measure.SAN_GONG_TOTAL not in found and unknown:  # some print none, with all others named
        yield Text(zh="找不到“合计”一列", en="it has no column of the total"), None
    if not _EXPECTED.get(table, frozenset()) - found:
        return
    for column in columns:
        if column.column in unknown:
            heading = "/".join(column.path)
            yield Text(zh=f"表头“{heading}”含义不明", en=f'the heading "{heading}" is not understood'), column.column


def _out_of_order(table: str, columns: Sequence[Column], used: set[int]) -> Iterator[_Finding]:
    """A total that stands behind one of its parts."""
    if table not in _PARTS:
        return
    total, parts = _PARTS[table]
    seen: set[tuple[int, Phase]] = set()
    for column in columns:
        if column.column not in used:
            continue
        place = (column.group, column.phase)
        if column.measure in parts:
            seen.add(place)
        elif column.measure is total and place in seen:
            text = Text(zh="合计列排在分项列之后", en="the column of the total stands behind those of its parts")
            yield text, column.column


def _mostly_unequal(table: str, facts: Sequence[Fact]) -> bool:
    """Whether in more than half of the rows the parts do not make the total; rounding is none of that."""
    total, parts = _PARTS[table]
    rows: dict[tuple[int, int, int, Phase], list[Fact]] = defaultdict(list)
    for fact in facts:
        rows[fact.place.source_table, fact.place.row, fact.group, fact.phase].append(fact)
    outcomes: Counter[bool] = Counter()
    for own in rows.values():
        totals = [fact for fact in own if fact.measure is total]
        addends = [fact for fact in own if fact.measure in parts]
        if len(totals) == 1:
            room = sum((fact.quantum for fact in (*totals, *addends)), Decimal(0))
            # A divided column comes with its 小计 before its parts, or with the parts alone.
            whole = {fact.measure: fact.amount for fact in reversed(addends)}
            sums = (sum(fact.amount for fact in addends), sum(whole.values()))
            outcomes[any(abs(totals[0].amount - each) <= room for each in sums)] += 1
    return outcomes.total() >= _FEWEST_ROWS and outcomes[False] > outcomes[True]


def _doubt(table: ReportTable, what: Text, column: int | None) -> Doubt:
    title = TITLES[table.id]
    return Doubt(
        code=DoubtCode.UNCLEAR_HEADER,
        text=Text(
            zh=f"《{title.zh}》的表头不清楚：{what.zh}。各列是什么金额，请对照原件核对",
            en=f"The headings of {title.en} are not clear: {what.en}. "
            "Compare what each column stands for with the original",
        ),
        page=table.page,
        table=table.source_table,
        column=column,
    )
