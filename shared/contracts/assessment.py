"""Whether it holds: one outcome per rule, findings with evidence, causes. Made by the validator."""

from __future__ import annotations

from shared.contracts.base import Contract, Exact, Text, Word
from shared.contracts.report import Place


class Outcome(Word):
    """How a check or a whole rule ended. A rule that could not run says so; it never counts as passed."""

    PASS = "pass"
    FAIL = "fail"
    ROUNDING = "rounding"
    NOT_APPLICABLE = "not_applicable"
    INSUFFICIENT_DATA = "insufficient_data"
    PARSE_DOUBT = "parse_doubt"


class Severity(Word):
    """How much a finding matters.

    `review` is for findings that rest on an uncertain cell, `rounding` for residues that the rounding of printed
    figures explains.
    """

    ERROR = "error"
    WARNING = "warning"
    REVIEW = "review"
    INFO = "info"
    ROUNDING = "rounding"


class CellRef(Contract):
    """A printed cell (or a missing one: `raw` is "" and `place` may be None) that a finding speaks of."""

    table: str
    row_code: str
    row_name: str
    column: str
    raw: str
    amount: Exact | None = None
    place: Place | None = None


class Suggestion(Contract):
    """A likely right value beside the published one. Never applied to the data."""

    cell: CellRef
    value: str
    reason: Text


class Finding(Contract):
    """One broken check. `expected`, `found` are printed texts; `difference` = found - expected in the report's unit."""

    id: str
    rule: str
    severity: Severity
    outcome: Outcome
    message: Text
    expected: str = ""
    found: str = ""
    difference: Exact | None = None
    tolerance: Exact | None = None
    cells: tuple[CellRef, ...] = ()
    group: str = ""
    suggestion: Suggestion | None = None


class Cause(Contract):
    """What a group of findings has in common. `cells` are the suspects, likeliest first."""

    group: str
    message: Text
    severity: Severity
    findings: tuple[str, ...]
    cells: tuple[CellRef, ...] = ()
    suggestion: Suggestion | None = None


class RuleOutcome(Contract):
    """How one rule ended over the whole report; `checks` counts its single checks by outcome value."""

    rule: str
    outcome: Outcome
    checks: dict[str, int]
    reason: Text | None = None


class Assessment(Contract):
    """All outcomes, findings and causes of one report. `ruleset` is the version of the rules that made it."""

    document_id: str
    ruleset: str
    outcomes: tuple[RuleOutcome, ...]
    findings: tuple[Finding, ...]
    causes: tuple[Cause, ...] = ()

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(1 for finding in self.findings if finding.severity is severity)
