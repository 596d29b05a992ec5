"""Group L, first part: codes that exist, are in force and stand under their parents."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from services.validator.checks import Check, Passed, Statement, cannot, nothing
from services.validator.institutions import INSTITUTIONS
from services.validator.registry import rule
from services.validator.rules.l_names import CODED_TABLES, system_of
from services.validator.view import Row, View, row_name, row_ref
from shared.catalogue.codes import codes_named, level_of, resolve
from shared.catalogue.rules import table_name
from shared.contracts.assessment import Severity
from shared.contracts.base import Text
from shared.contracts.report import CodeStatus, CodeSystem, DocumentKind

_STANDARD_ITEMS = ("01", "02", "03", "50", "98", "99")
_NO_CODES = nothing("没有科目编码", "no codes are printed")


def occurrences(view: View) -> dict[tuple[str, str], list[Row]]:
    """Coded rows by classification and code: one finding per code, however many tables repeat it."""
    found: dict[tuple[str, str], list[Row]] = {}
    for table in CODED_TABLES:
        for row in view.rows(table):
            if row.digits:
                found.setdefault((system_of(table, row.digits).value, row.digits), []).append(row)
    return found


@rule("L01")
def exists(view: View) -> Iterator[Check]:
    """A code has a possible length and is known in the catalogue of the year.

    Most of the catalogue is unverified, so an unknown code is a reason to look; only an impossible one is an error.
    """
    found = occurrences(view)
    if not found:
        yield _NO_CODES
    for (_, code), rows in found.items():
        system = system_of(rows[0].table, rows[0].digits)
        if level_of(code, system) is None:
            yield _impossible(code, rows)
            continue
        known = resolve(code, system, view.year)
        if known is None or known.status is not CodeStatus.UNKNOWN:
            yield Passed()
            continue
        parent = resolve(known.parent, system, view.year) if known.parent else None
        usual = parent is not None and parent.status is not CodeStatus.UNKNOWN and code[-2:] in _STANDARD_ITEMS
        yield Statement(
            Text(
                zh=f"科目“{row_name(rows[0])}”不在{view.year or ''}年科目目录中，请核对编码",
                en=f"{row_name(rows[0])} is not in the catalogue of {view.year or 'any year'}: check the code",
            ),
            cells=tuple(row_ref(row) for row in rows),
            severity=Severity.INFO if usual else Severity.WARNING,
            found=code,
            subject=f"code {code}",
        )


@rule("L03")
def in_force(view: View) -> Iterator[Check]:
    """A code is in force in the fiscal year, and so is its name."""
    found = occurrences(view)
    if not found:
        yield _NO_CODES
    elif view.year is None:
        yield cannot("不知道决算年度", "the fiscal year is not known")
        return
    for (_, code), rows in found.items():
        system = system_of(rows[0].table, rows[0].digits)
        known = resolve(code, system, view.year)
        odd = {row.name for row in rows if row.name != (known.official_name if known else None)}
        outdated = {name for name in odd if _former_name(name, code, system, view.year)}
        former = [row for row in rows if row.name in outdated]
        if known is not None and known.status is CodeStatus.NOT_IN_FORCE:
            yield _not_in_force(code, rows, view)
        elif known is not None and former:
            yield _old_name(known.official_name or "", former, view)
        else:
            yield Passed()


@rule("L04")
def under_parent(view: View) -> Iterator[Check]:
    """A code begins with the code of the row it stands under.

    A 项 whose 款 is not printed is an orphan (C04, D04). This rule reports a 款 or 类 without any row of its own
    whose following rows belong to a parent that is not printed: then the parent's code is wrong.
    """
    tables = [table for table in CODED_TABLES if view.coded(table)]
    if not tables:
        yield _NO_CODES
    for table in tables:
        rows = view.coded(table)
        codes = {row.digits for row in rows}
        for above, row in pairwise(rows):
            n = len(above.digits)
            follows = len(row.digits) == n + 2 and not row.digits.startswith(above.digits)
            if not follows or row.digits[:n] in codes or view.children(above):
                yield Passed()
                continue
            yield Statement(
                Text(
                    zh=f"{table_name(table).zh}“{row_name(row)}”列在“{row_name(above)}”之下，编码前缀不一致",
                    en=f"{table_name(table).en}: {row_name(row)} stands under {row_name(above)}, the prefix differs",
                ),
                cells=(row_ref(above), row_ref(row)),
                expected=row.digits[:n],
                found=above.digits,
                subject=f"code {above.digits}",
            )


@rule("L05")
def confusion(view: View) -> Iterator[Check]:
    """Pairs that auditors find confused (行政/事业单位离退休, 行政运行/事业运行), against the kind of the unit.

    A department has units of both kinds, so only the account of a single unit of a clear kind is looked at.
    """
    identity = view.report.identity
    if identity.scope is not DocumentKind.UNIT_FINAL_ACCOUNT or not (identity.entity or "").endswith(INSTITUTIONS):
        yield nothing("不是性质明确的单位决算", "not the account of a single unit of a clear kind")
        return
    for row in view.coded("T03"):
        if row.digits in {"2080501", "2101101"} or (row.name == "行政运行" and row.facts):
            yield Statement(
                Text(
                    zh=f"{identity.entity}为事业单位，却使用行政单位科目“{row_name(row)}”，请核实",
                    en=f"{identity.entity} is an institution but uses {row_name(row)}, a code of administrations",
                ),
                cells=(row_ref(row),),
                severity=Severity.INFO,
                subject=f"code {row.digits}",
            )
        else:
            yield Passed()


@rule("L07")
def names_without_code(view: View) -> Iterator[Check]:
    """A row that prints only a name is one code of the catalogue, or stays without one."""
    found = False
    for table in CODED_TABLES:
        for row in view.rows(table):
            if row.printed_code or row.key not in {None, row.digits} or not row.facts:
                continue
            found = True
            if row.digits or len(codes_named(row.name, system_of(table), view.year)) == 1:
                yield Passed()
            else:
                yield cannot(f"“{row.name}”没有编码", f"{row.name} has no code and no unique name")
    if not found:
        yield nothing("各科目行均有编码", "every row has its code")


def _impossible(code: str, rows: list[Row]) -> Statement:
    doubtful = any(fact.doubts for row in rows for fact in row.facts.values())
    return Statement(
        Text(
            zh=f"“{row_name(rows[0])}”的编码 {code} 长度或字符不符合科目编码规则",
            en=f"{row_name(rows[0])}: {code} cannot be a subject code (length or characters)",
        ),
        cells=tuple(row_ref(row) for row in rows),
        severity=Severity.REVIEW if doubtful else None,
        found=code,
        subject=f"code {code}",
    )


def _former_name(name: str, code: str, system: CodeSystem, year: int | None) -> bool:
    """Whether the name once belonged to the code and no longer does."""
    now, ever = (any(entry.code == code for entry in codes_named(name, system, when)) for when in (year, None))
    return ever and not now


def _not_in_force(code: str, rows: list[Row], view: View) -> Statement:
    return Statement(
        Text(
            zh=f"科目“{row_name(rows[0])}”在 {view.year} 年不使用",
            en=f"{row_name(rows[0])} is not in force in {view.year}",
        ),
        cells=tuple(row_ref(row) for row in rows),
        # rows that only fill a form show that the form is old, nothing more
        severity=None if any(row.facts for row in rows) else Severity.INFO,
        found=code,
        subject=f"code {code}",
    )


def _old_name(official: str, rows: list[Row], view: View) -> Statement:
    return Statement(
        Text(
            zh=f"科目“{row_name(rows[0])}”用的是旧名称，{view.year} 年名称为“{official}”",
            en=f"{row_name(rows[0])} is a former name; in {view.year} it is {official}",
        ),
        cells=tuple(row_ref(row) for row in rows),
        severity=Severity.INFO,
        expected=official,
        found=rows[0].name,
        subject=f"code {rows[0].digits}",
    )
