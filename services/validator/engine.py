"""Runs every rule over a report and keeps what each single check came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from services.validator import rules
from services.validator.checks import Check, Equation, Passed, Skipped, Statement
from services.validator.registry import Rule, registered
from services.validator.tolerance import Verdict, judge
from services.validator.view import View
from shared.catalogue.rules import table_name
from shared.contracts.assessment import Outcome, RuleOutcome, Severity
from shared.contracts.base import Text

#: How the subjects of statements about printed words, not amounts, begin.
_OF_WORDS = ("code ", "purse ", "ordinal ", "T01 ")
#: From the worst to the least telling: what one check came to decides what its rule came to.
_ORDER = (
    Outcome.FAIL,
    Outcome.PARSE_DOUBT,
    Outcome.ROUNDING,
    Outcome.PASS,
    Outcome.INSUFFICIENT_DATA,
    Outcome.NOT_APPLICABLE,
)


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """An equation with its verdict."""

    rule: Rule
    equation: Equation
    verdict: Verdict

    @property
    def severity(self) -> Severity:
        """How much the broken equation matters."""
        if self.verdict.outcome is Outcome.ROUNDING:
            return Severity.ROUNDING
        if self.verdict.outcome is Outcome.PARSE_DOUBT:
            return Severity.REVIEW
        if self.equation.severity is not None:
            return self.equation.severity
        return self.verdict.severity or self.rule.info.severity

    @property
    def broken(self) -> bool:
        """Whether the two sides differ by more than rounding explains, be it because of a doubtful cell."""
        outcome = self.verdict.outcome
        return outcome is Outcome.FAIL or (outcome is Outcome.PARSE_DOUBT and self.verdict.residue != 0)


@dataclass(slots=True)
class Run:
    """Everything one rule said about a report."""

    rule: Rule
    counts: Counter[Outcome] = field(default_factory=Counter)
    equations: list[Judged] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    reasons: list[tuple[Outcome, Text]] = field(default_factory=list)

    def add(self, check: Check) -> None:
        """Take in one check."""
        if isinstance(check, Equation):
            verdict = judge(check)
            self.counts[verdict.outcome] += 1
            self.equations.append(Judged(self.rule, check, verdict))
            if verdict.reason:
                self.reasons.append((verdict.outcome, verdict.reason))
        elif isinstance(check, Statement):
            self.counts[check.outcome] += 1
            self.statements.append(check)
        elif isinstance(check, Skipped):
            self.counts[check.outcome] += 1
            self.reasons.append((check.outcome, check.reason))
        elif isinstance(check, Passed):
            self.counts[Outcome.PASS] += check.count

    def outcome(self) -> RuleOutcome:
        """What the rule came to as a whole: the worst of its checks; why, where it is not a plain pass or failure."""
        ended = next((outcome for outcome in _ORDER if self.counts[outcome]), Outcome.NOT_APPLICABLE)
        skipped = {Outcome.INSUFFICIENT_DATA, Outcome.NOT_APPLICABLE, Outcome.PARSE_DOUBT}
        telling = [ended] if ended in skipped else [Outcome.PARSE_DOUBT, Outcome.INSUFFICIENT_DATA]
        reasons = list(dict.fromkeys((text.zh, text.en) for outcome, text in self.reasons if outcome in telling))
        reason = None
        if reasons:
            more = len(reasons) - 1
            zh, en = reasons[0]
            reason = Text(
                zh=zh + (f"（另有 {more} 种原因）" if more else ""), en=en + (f" (and {more} more)" * bool(more))
            )
        elif not self.counts:
            reason = Text(zh="报告中没有可核对的内容", en="the report has nothing this rule looks at")
        counts = {outcome.value: self.counts[outcome] for outcome in Outcome if self.counts[outcome]}
        return RuleOutcome(rule=self.rule.info.id, outcome=ended, checks=counts, reason=reason)


def run_rules(view: View) -> list[Run]:
    """All registered rules over one report."""
    assert rules.__all__  # importing the package is what registers the rules
    return [_run(rule, view) for rule in registered()]


def _run(rule: Rule, view: View) -> Run:
    run = Run(rule)
    for check in _applicable(rule, view) or rule.body(view):
        run.add(_cautious(rule, check, view))
    return run


def _cautious(rule: Rule, check: Check, view: View) -> Check:
    """A statement about codes, names or numbers of lines on a scanned page: OCR may have read them wrong."""
    if not isinstance(check, Statement) or not check.subject.startswith(_OF_WORDS):
        return check
    if not any(view.is_scanned(cell) for cell in check.cells):
        return check
    severity = check.severity or rule.info.severity
    if severity not in {Severity.ERROR, Severity.WARNING}:
        return check
    text = Text(
        zh=check.text.zh + "；该页为扫描件，可能是识别有误，请对照原件",
        en=check.text.en + "; the page is a scan and may have been read wrong: compare it with the original",
    )
    return replace(check, text=text, severity=Severity.REVIEW, outcome=Outcome.PARSE_DOUBT)


def _applicable(rule: Rule, view: View) -> Iterator[Check] | None:
    """Why the rule cannot look at this report; None if it can."""
    missing = [table for table in rule.tables if not view.has(table)]
    if missing:
        return iter([_skip(Outcome.INSUFFICIENT_DATA, missing[0], "没有找到", "was not found")])
    empty = [table for table in rule.tables if not view.filled(table)]
    if empty and not rule.even_empty:
        return iter([_skip(Outcome.NOT_APPLICABLE, empty[0], "没有金额", "prints no amount")])
    return None


def _skip(outcome: Outcome, table: str, zh: str, en: str) -> Skipped:
    name = table_name(table)
    return Skipped(outcome, Text(zh=f"{name.zh}{zh}", en=f"{name.en} {en}"))
