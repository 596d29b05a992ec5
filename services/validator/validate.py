"""`validate`: a report becomes an assessment."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from services.validator.causes import RANK, Group, explain, group, suggestion
from services.validator.checks import Statement
from services.validator.engine import Judged, Run, run_rules
from services.validator.registry import Rule
from services.validator.repair import find_repairs
from services.validator.view import Slot, View
from services.validator.wording import likely, sentence, sides
from shared.catalogue.rules import RULESET
from shared.contracts.assessment import Assessment, Cause, CellRef, Finding, Outcome, RuleOutcome, Severity, Suggestion
from shared.contracts.base import Text
from shared.contracts.report import Report

ROUNDING_GROUP = "rounding"
_SHOWN_CELLS = 40


def validate(report: Report) -> Assessment:
    """Check `report` against every table rule.

    Pure: the same report gives the same assessment. Every rule has an outcome, also one that could not run. Every
    broken check is a finding in the cause it belongs to; residues of rounding are findings of their own severity, in
    one group.
    """
    runs = run_rules(View(report))
    statements = [(run.rule, statement) for run in runs for statement in run.statements]
    absorbed: frozenset[Slot] = frozenset().union(*(statement.absorbs for _, statement in statements))
    equations = [judged for run in runs for judged in run.equations if absorbed.isdisjoint(judged.equation.slots)]
    repairs, unsolved = find_repairs(equations)
    findings: list[Finding] = []
    causes: list[Cause] = []
    for number, found in enumerate(group(repairs, unsolved, statements), 1):
        cause, members = _cause(f"C{number:02d}", found)
        causes.append(cause)
        findings.extend(members)
    residues = [_residue(judged) for judged in equations if judged.verdict.outcome is Outcome.ROUNDING]
    if residues:
        findings.extend(residues)
        causes.append(_rounding(residues))
    return Assessment(
        document_id=report.document_id,
        ruleset=RULESET,
        outcomes=tuple(_outcome(run, absorbed) for run in runs),
        findings=tuple(findings),
        causes=tuple(causes),
    )


def _outcome(run: Run, absorbed: frozenset[Slot]) -> RuleOutcome:
    outcome = run.outcome()
    explained = any(judged.broken and not absorbed.isdisjoint(judged.equation.slots) for judged in run.equations)
    if explained and outcome.reason is None:
        reason = Text(zh="由金额整体错行造成，见相应问题", en="caused by the offset column, see that finding")
        return outcome.model_copy(update={"reason": reason})
    return outcome


def _cause(name: str, found: Group) -> tuple[Cause, list[Finding]]:
    suggested, suspects = suggestion(found), found.suspects
    members = [_equation(judged, name, suspects, suggested) for judged in found.equations]
    members += [_statement(rule, each, name, suspects, suggested) for rule, each in found.statements]
    members.sort(key=lambda finding: (RANK.index(finding.severity), finding.rule))
    cause = Cause(
        group=name,
        message=explain(found, suggested),
        severity=found.severity,
        findings=tuple(finding.id for finding in members),
        cells=suspects[:_SHOWN_CELLS],
        suggestion=suggested,
    )
    return cause, members


def _equation(judged: Judged, name: str, suspects: Sequence[CellRef], suggested: Suggestion | None) -> Finding:
    text = sentence(judged)
    if suggested:
        more = likely(suggested)
        text = Text(zh=text.zh + more.zh, en=text.en + more.en)
    expected, found = sides(judged.equation)
    own = [slot.ref() for slot in judged.equation.slots if slot.fact]
    return Finding(
        id=_identifier(judged.rule, own),
        rule=judged.rule.info.id,
        severity=judged.severity,
        outcome=judged.verdict.outcome,
        message=text,
        expected=expected,
        found=found,
        difference=judged.verdict.residue,
        tolerance=judged.verdict.bound,
        cells=_with_first(suspects, own),
        group=name,
        suggestion=suggested,
    )


def _statement(
    rule: Rule, statement: Statement, name: str, suspects: Sequence[CellRef], suggested: Suggestion | None
) -> Finding:
    return Finding(
        id=_identifier(rule, statement.cells, statement.text.zh),
        rule=rule.info.id,
        severity=statement.severity or rule.info.severity,
        outcome=statement.outcome,
        message=statement.text,
        expected=statement.expected,
        found=statement.found,
        cells=_with_first(suspects, statement.cells),
        group=name,
        suggestion=suggested,
    )


def _residue(judged: Judged) -> Finding:
    expected, found = sides(judged.equation)
    cells = [slot.ref() for slot in judged.equation.slots if slot.fact]
    return Finding(
        id=_identifier(judged.rule, cells),
        rule=judged.rule.info.id,
        severity=Severity.ROUNDING,
        outcome=Outcome.ROUNDING,
        message=sentence(judged),
        expected=expected,
        found=found,
        difference=judged.verdict.residue,
        tolerance=judged.verdict.bound,
        cells=tuple(cells[:_SHOWN_CELLS]),
        group=ROUNDING_GROUP,
    )


def _rounding(residues: Sequence[Finding]) -> Cause:
    number = len(residues)
    return Cause(
        group=ROUNDING_GROUP,
        message=Text(
            zh=f"{number} 处尾差由四舍五入造成，无须更正",
            en=f"{number} residues that rounding explains; nothing to mend",
        ),
        severity=Severity.ROUNDING,
        findings=tuple(finding.id for finding in residues),
    )


def _with_first(suspects: Sequence[CellRef], own: Sequence[CellRef]) -> tuple[CellRef, ...]:
    """The likeliest suspect of the cause, then the other suspects among the cells of the check, then the rest."""
    mine = set(own)
    cells = [*suspects[:1], *(cell for cell in suspects if cell in mine), *own]
    return tuple(dict.fromkeys(cells))[:_SHOWN_CELLS]


def _identifier(rule: Rule, cells: Sequence[CellRef], extra: str = "") -> str:
    """The same for the same rule over the same cells, whatever else the report says."""
    places = [
        f"{cell.table}/{cell.row_code}/{cell.row_name}/{cell.column}/{cell.place.row if cell.place else ''}"
        for cell in cells
    ]
    return hashlib.sha256("|".join([rule.info.id, extra, *places]).encode()).hexdigest()[:12]
