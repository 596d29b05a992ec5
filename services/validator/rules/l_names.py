"""Group L, second part: a code and its name belong together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from services.validator.checks import Check, Passed, Statement, nothing
from services.validator.registry import rule
from services.validator.view import Row, View, row_ref
from shared.catalogue.codes import Entry, codes_named, entries_of, parent_of
from shared.catalogue.text import fold
from shared.contracts.assessment import CellRef, Severity, Suggestion
from shared.contracts.base import Text
from shared.contracts.report import CodeSystem

FUNCTIONAL_TABLES = ("T02", "T03", "T05", "T07", "T08")
CODED_TABLES = (*FUNCTIONAL_TABLES, "T06")
_ALIKE = 0.6  # share of common characters above which a name is another wording rather than another subject


def system_of(table: str, code: str = "") -> CodeSystem:
    """The classification that the codes of a table belong to; 501 to 599 in T06 are those of the government budget."""
    if table == "T06" and code.startswith("5"):
        return CodeSystem.ECONOMIC_GOVERNMENT
    return CodeSystem.ECONOMIC_DEPARTMENT if table == "T06" else CodeSystem.FUNCTIONAL


@rule("L02")
def names(view: View) -> Iterator[Check]:
    """The printed name of a functional code is its official name or a former one."""
    yield from name_checks(view, FUNCTIONAL_TABLES, CodeSystem.FUNCTIONAL)


@rule("L06")
def one_name(view: View) -> Iterator[Check]:
    """The same code has the same name in all tables."""
    first: dict[str, Row] = {}
    told: set[tuple[str, str]] = set()
    for table in FUNCTIONAL_TABLES:
        for row in view.coded(table):
            known = first.setdefault(row.digits, row)
            if known is row:
                continue
            if fold(known.name) == fold(row.name) or (row.digits, fold(row.name)) in told:
                yield Passed()
                continue
            told.add((row.digits, fold(row.name)))
            yield Statement(
                Text(
                    zh=f"编码 {row.digits} 在不同表中名称不同：“{known.name}”和“{row.name}”",
                    en=f"code {row.digits} has different names: {known.name} and {row.name}",
                ),
                cells=(row_ref(row), row_ref(known)),
                expected=known.name,
                found=row.name,
                subject=f"code {row.digits}",
            )
    if not first:
        yield nothing("没有科目编码", "no codes are printed")


def name_checks(view: View, tables: Sequence[str], system: CodeSystem) -> Iterator[Check]:
    """One check per code and printed name: the catalogue knows the name for this code, of whatever year."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for table in tables:
        for row in view.rows(table):
            if row.digits and row.name:
                groups.setdefault((row.digits, fold(row.name)), []).append(row)
    if not groups:
        yield nothing("没有科目编码", "no codes are printed")
    for (code, name), rows in groups.items():
        entries = entries_of(code, system)
        if not entries or name in {fold(entry.name) for entry in entries}:
            yield Passed()
        else:
            yield _mismatch(view, rows, system, entries)


def _mismatch(view: View, rows: list[Row], system: CodeSystem, entries: Sequence[Entry]) -> Statement:
    row = rows[0]
    official = next((entry for entry in entries if entry.in_force(view.year)), entries[0])
    owners = [entry for entry in codes_named(row.name, system, view.year) if len(entry.code) == len(row.digits)]
    siblings = [entry for entry in owners if parent_of(entry.code, system) == parent_of(row.digits, system)]
    owner = siblings[0] if len(siblings) == 1 else owners[0] if len(owners) == 1 else None
    cells = tuple(row_ref(each) for each in rows)
    hint_zh = f"；“{row.name}”的编码是 {owner.code}，编码或名称有一处错误" if owner else ""
    hint_en = f"; {row.name} is {owner.code}, so either the code or the name is wrong" if owner else ""
    return Statement(
        Text(
            zh=f"编码 {row.digits} 的名称应为“{official.name}”，印的是“{row.name}”{hint_zh}",
            en=f"code {row.digits} is called {official.name}, but {row.name} is printed{hint_en}",
        ),
        cells=cells,
        severity=_severity(row, official, owner, rows),
        expected=official.name,
        found=row.name,
        subject=f"code {row.digits}",
        suggestion=_suggest(cells[0], row, owner) if owner else None,
    )


def _severity(row: Row, official: Entry, owner: Entry | None, rows: Sequence[Row]) -> Severity:
    """A warning where the name clearly belongs elsewhere; another wording of the same thing is only worth knowing."""
    if not any(each.facts for each in rows):
        return Severity.INFO
    if owner is not None:
        return Severity.WARNING
    printed, known = fold(row.name), fold(official.name)
    alike = printed in known or known in printed or SequenceMatcher(None, printed, known).ratio() >= _ALIKE
    return Severity.WARNING if official.verified and not alike else Severity.INFO


def _suggest(cell: CellRef, row: Row, owner: Entry) -> Suggestion:
    return Suggestion(
        cell=cell,
        value=owner.code,
        reason=Text(
            zh=f"科目目录中“{row.name}”的编码是 {owner.code}（或者名称应改）",
            en=f"the catalogue has {row.name} as {owner.code} (unless the name is to be corrected)",
        ),
    )
