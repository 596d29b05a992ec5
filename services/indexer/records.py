"""What a query asks for and what it answers: frozen filters and typed rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shared.contracts.assessment import Assessment, Severity
from shared.contracts.outcome import DocumentOutcome
from shared.contracts.report import Fund, Measure, Phase, Report, Side, Unit


@dataclass(frozen=True, kw_only=True)
class ReportFilter:
    """Which reports. `division` is a prefix of the code (14 finds all of the province); `entity` a part of the name."""

    year: int | None = None
    division: str | None = None
    entity: str | None = None
    document: str | None = None
    outcome: DocumentOutcome | None = None
    current: bool = True


@dataclass(frozen=True, kw_only=True)
class FactFilter(ReportFilter):
    """Which facts. `code`: exact, "208*" finds all codes below; `minimum`, `maximum` in 元, both included."""

    code: str | None = None
    table: str | None = None
    measure: Measure | None = None
    phase: Phase | None = None
    side: Side | None = None
    fund: Fund | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class FindingFilter(ReportFilter):
    """Which findings. `rule`: exact, "K*" finds a family."""

    severity: Severity | None = None
    rule: str | None = None
    table: str | None = None


@dataclass(frozen=True)
class Source:
    """The report that a row belongs to."""

    document_id: str
    document_name: str
    entity: str | None
    division_code: str | None
    division_name: str | None
    fiscal_year: int | None
    scope: str
    revision: int
    is_current: bool


@dataclass(frozen=True)
class ReportRow(Source):
    """A report with its counts; `errors` to `roundings` count findings by severity."""

    unit: str | None
    outcome: str
    normalizer: str
    ruleset: str
    tables: int
    facts: int
    doubts: int
    errors: int
    warnings: int
    reviews: int
    infos: int
    roundings: int
    indexed_at: datetime


@dataclass(frozen=True)
class FactRow(Source):
    """A fact. `amount` is in `unit` as printed, `amount_yuan` in 元 (None for counts); the box is in points."""

    seq: int
    table_id: str
    row_key: str | None
    row_code: str
    row_name: str
    column_path: str
    measure: str
    phase: str
    side: str | None
    fund: str | None
    code: str | None
    code_system: str | None
    code_level: int | None
    code_name: str | None
    code_status: str | None
    amount: Decimal
    unit: str
    quantum: Decimal
    raw: str
    page: int | None
    source_table: int
    row: int
    col: int
    x0: float | None
    y0: float | None
    x1: float | None
    y1: float | None
    part: str | None = None

    @property
    def amount_yuan(self) -> Decimal | None:
        """The amount in 元; None for counts."""
        factor = Unit(self.unit).yuan
        return None if factor is None else self.amount * factor


@dataclass(frozen=True)
class FindingRow(Source):
    """A finding with the place of its likeliest cell."""

    seq: int
    finding_id: str
    rule: str
    severity: str
    outcome: str
    cause_group: str
    message_zh: str
    message_en: str
    expected: str
    found: str
    difference: Decimal | None
    tolerance: Decimal | None
    table_id: str
    row_code: str
    row_name: str
    column_path: str
    page: int | None
    suggested: str | None
    suggestion_zh: str | None
    suggestion_en: str | None
    part: str | None = None


@dataclass(frozen=True)
class DocumentRow:
    """A file and how it ended; the message says why a refused or failed one did."""

    document_id: str
    name: str
    outcome: str
    phase: str | None
    category: str | None
    message_zh: str | None
    message_en: str | None
    detail: str | None
    version: str
    first_seen: datetime
    changed_at: datetime


@dataclass(frozen=True)
class Stored:
    """A report and its assessment exactly as they were indexed."""

    source: ReportRow
    report: Report
    assessment: Assessment
