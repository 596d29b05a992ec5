"""The declaration of the validator."""

from __future__ import annotations

from services.validator.validate import validate
from shared.contracts.assessment import Assessment
from shared.contracts.errors import Phase
from shared.contracts.events import ReportNormalized, ReportValidated
from shared.contracts.report import Report
from shared.runtime.stage import Stage

STAGE = Stage(
    name="validator",
    phase=Phase.VALIDATE,
    handle=validate,
    takes=Report,
    gives=Assessment,
    consumes=ReportNormalized,
    produces=ReportValidated,
)
