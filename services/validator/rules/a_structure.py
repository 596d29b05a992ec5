"""Group A, second part: the set of tables, empty tables and their notes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.validator.checks import Check, Passed, Statement, cannot, nothing
from services.validator.registry import rule
from services.validator.rules.a_identity import known_tables, title_ref
from services.validator.view import View
from shared.catalogue.rules import table_name
from shared.contracts.assessment import Outcome, Severity
from shared.contracts.base import Text
from shared.contracts.document import DoubtCode
from shared.contracts.report import ReportTable

_REQUIRED = ("T01", "T02", "T03", "T04", "T05", "T06", "T07", "T09")
_STATE_CAPITAL_SINCE = 2020
_ONE_FORM_SINCE = 2019
_NOTHING = re.compile(
    r"无数据|(?:无|没有|未发生|不涉及)[^。；;]{0,40}(?:收入|支出|收支|经费|数据|拨款|此项|预算)|为空表|空表列示"
)
_CONDITION = re.compile(r"如果|如无|若|如本|无数据时|如没有|应当?列示|请")
_LOST = frozenset(
    {
        DoubtCode.EMPTY_PAGE,
        DoubtCode.TRUNCATED,
        DoubtCode.SKIPPED_CONTENT,
        DoubtCode.DUPLICATE_TABLE,
        DoubtCode.UNKNOWN_TABLE,
    }
)


def declared_empty(table: ReportTable) -> str | None:
    """The note that says the table has nothing to show; a note that only tells how to fill in the form is none."""
    notes = (note for note in table.notes if _NOTHING.search(note) and not _CONDITION.search(note))
    return next(notes, None)


@rule("A05")
def complete_set(view: View) -> Iterator[Check]:
    """T01 to T09 are all published, be it empty (财预〔2016〕143号; T08 with the forms from 2020).

    The forms before 2019 differed from place to place, so there a missing table is a warning.
    """
    present = {table.id for table in known_tables(view)}
    missing = [table for table in _REQUIRED if table not in present]
    for _ in present & {*_REQUIRED, "T08"}:
        yield Passed()
    if missing:
        # a page that could not be read may well hold the table: then somebody has to look
        lost = any(doubt.code in _LOST for doubt in view.report.doubts)
        old = view.year is None or view.year < _ONE_FORM_SINCE
        yield Statement(
            Text(
                zh="缺少" + "、".join(table_name(table).zh for table in missing),
                en="missing: " + ", ".join(table_name(table).en for table in missing),
            ),
            outcome=Outcome.PARSE_DOUBT if lost else Outcome.FAIL,
            severity=Severity.REVIEW if lost else Severity.WARNING if old else None,
            expected="、".join(missing),
            subject="tables",
        )
    if "T08" not in present and view.year is not None and view.year >= _STATE_CAPITAL_SINCE:
        name = table_name("T08")
        yield Statement(
            Text(zh=f"缺少{name.zh}", en=f"missing: {name.en}"),
            severity=Severity.WARNING,
            expected="T08",
            subject="table T08",
        )


@rule("A06")
def empty_table_explained(view: View) -> Iterator[Check]:
    """A table without any amount says why; the sentence may also stand in the narrative, which is not read here."""
    empty = [table for table in known_tables(view) if not view.filled(table.id)]
    if not empty:
        yield nothing("没有空表", "no table is empty")
    for table in empty:
        if declared_empty(table):
            yield Passed()
        else:
            name = table_name(table.id)
            yield cannot(f"{name.zh}为空，表下没有说明", f"{name.en} is empty and has no note under it")


@rule("A07")
def note_contradicted(view: View) -> Iterator[Check]:
    """A table that is said to have no data prints no amount other than 0."""
    declared = [table for table in known_tables(view) if declared_empty(table)]
    if not declared:
        yield nothing("没有“本表无数据”说明", "no table is declared empty")
    for table in declared:
        facts = [fact for fact in view.amounts(table.id) if fact.amount]
        note = declared_empty(table) or ""
        if not facts or not _denies_all(table.id, note):
            yield Passed()
            continue
        name = table_name(table.id)
        yield Statement(
            Text(
                zh=f"{name.zh}注明“{note}”，表中却有金额 {facts[0].raw}",
                en=f"{name.en} is declared empty, but prints {facts[0].raw}",
            ),
            cells=(title_ref(table),),
            found=facts[0].raw,
            subject=f"empty {table.id}",
        )


def _denies_all(table: str, note: str) -> bool:
    """Whether the note leaves no room for any amount: some only deny income, or a carry-over."""
    if "无数据" in note or "空表" in note:
        return True
    if table == "T07":
        return "收支" in note or ("收入" in note and "支出" in note)
    return table == "T08" and "支出" in note
