"""Short questions about an assessment."""

from __future__ import annotations

from services.validator.validate import validate
from shared.contracts.assessment import Assessment, Cause, Finding, Outcome, Severity
from tests.unit.validator.builder import Account

OPEN = (Severity.ERROR, Severity.WARNING, Severity.REVIEW)


def check(account: Account) -> Assessment:
    """The assessment of the account as built."""
    return validate(account.build())


def outcome(assessment: Assessment, rule: str) -> Outcome:
    """How the rule ended."""
    return next(each.outcome for each in assessment.outcomes if each.rule == rule)


def of_rule(assessment: Assessment, rule: str) -> list[Finding]:
    """The findings of the rule."""
    return [finding for finding in assessment.findings if finding.rule == rule]


def open_causes(assessment: Assessment) -> list[Cause]:
    """The causes that somebody has to look at."""
    return [cause for cause in assessment.causes if cause.severity in OPEN]
