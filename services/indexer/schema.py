"""The tables of the database, the same on SQLite and PostgreSQL. The migrations build them; a test keeps the two equal.

Every table but `documents` hangs on a report and goes with it. Amounts: `amount` is the printed number as exact text in
`unit`, `yuan_e4` the same in 1/10000 元 as a whole number, for comparing and adding (NULL for counts).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from shared.adapters.database import ExactText, Utc, Yuan

METADATA = MetaData()
BIG_KEY = BigInteger().with_variant(Integer, "sqlite")
CURRENT = text("is_current")


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def _number(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=null)


def _report_key() -> Column[int]:
    return Column("report_id", BIG_KEY, ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True)


def _sequence() -> Column[int]:
    return Column("seq", Integer, primary_key=True, autoincrement=False)


documents = Table(
    "documents",
    METADATA,
    Column("document_id", Text, primary_key=True),
    _text("name"),
    _text("outcome"),
    _text("phase", null=True),
    _text("category", null=True),
    _text("message_zh", null=True),
    _text("message_en", null=True),
    _text("detail", null=True),
    _text("version"),
    Column("first_seen", Utc, nullable=False),
    Column("changed_at", Utc, nullable=False),
    Index("documents_outcome", "outcome"),
)

reports = Table(
    "reports",
    METADATA,
    Column("id", BIG_KEY, primary_key=True),
    Column("document_id", Text, ForeignKey("documents.document_id"), nullable=False, unique=True),
    _text("document_name"),
    _text("lineage"),
    _number("revision"),
    Column("is_current", Boolean, nullable=False),
    _text("entity", null=True),
    _text("division_code", null=True),
    _text("division_name", null=True),
    _text("division_confidence", null=True),
    Column("fiscal_year", SmallInteger, nullable=True),
    _text("scope"),
    _text("unit", null=True),
    _text("outcome"),
    _text("normalizer"),
    _text("ruleset"),
    _text("content_sha256"),
    _number("tables"),
    _number("facts"),
    _number("doubts"),
    _number("errors"),
    _number("warnings"),
    _number("reviews"),
    _number("infos"),
    _number("roundings"),
    Column("indexed_at", Utc, nullable=False),
    Column("uploaded_at", Utc, nullable=True),  # by SQL only: SQLite adds no other column; every row has it
    UniqueConstraint("lineage", "revision", name="reports_revision"),
    Index("reports_current", "lineage", unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT),
    Index("reports_year_division", "fiscal_year", "division_code"),
    Index("reports_entity", "entity"),
    sqlite_autoincrement=True,
)

payloads = Table(
    "payloads",
    METADATA,
    _report_key(),
    Column("report", LargeBinary, nullable=False),
    Column("assessment", LargeBinary, nullable=False),
)

report_tables = Table(
    "report_tables",
    METADATA,
    _report_key(),
    Column("table_id", Text, primary_key=True),
    _text("title"),
    _text("number", null=True),
    _number("source_table"),
    _number("page", null=True),
    _text("unit", null=True),
    _text("entity", null=True),
    Column("year", SmallInteger, nullable=True),
    _text("notes"),
    Column("is_empty", Boolean, nullable=False),
    _number("facts"),
)

facts = Table(
    "facts",
    METADATA,
    _report_key(),
    _sequence(),
    _text("table_id"),
    _text("row_key", null=True),
    _text("row_code"),
    _text("row_name"),
    _text("column_path"),
    _text("measure"),
    _text("phase"),
    _text("side", null=True),
    _text("fund", null=True),
    _text("code", null=True),
    _text("code_system", null=True),
    Column("code_level", SmallInteger, nullable=True),
    _text("code_parent", null=True),
    _text("code_name", null=True),
    _text("code_status", null=True),
    Column("amount", ExactText, nullable=False),
    Column("yuan_e4", Yuan, nullable=True),
    _text("unit"),
    Column("quantum", ExactText, nullable=False),
    _text("raw"),
    _number("page", null=True),
    _number("source_table"),
    _number("row"),
    _number("col"),
    Column("x0", Double, nullable=True),
    Column("y0", Double, nullable=True),
    Column("x1", Double, nullable=True),
    Column("y1", Double, nullable=True),
    _number("col_group"),
    _text("doubts"),
    _text("part", null=True),
    Index("facts_code", "code", "report_id"),
)

findings = Table(
    "findings",
    METADATA,
    _report_key(),
    _sequence(),
    _text("finding_id"),
    _text("rule"),
    _text("severity"),
    _text("outcome"),
    _text("cause_group"),
    _text("message_zh"),
    _text("message_en"),
    _text("expected"),
    _text("found"),
    Column("difference", ExactText, nullable=True),
    Column("tolerance", ExactText, nullable=True),
    _text("table_id"),
    _text("row_code"),
    _text("row_name"),
    _text("column_path"),
    _number("page", null=True),
    _text("suggested", null=True),
    _text("suggestion_zh", null=True),
    _text("suggestion_en", null=True),
    _text("cells"),
    _text("part", null=True),
    Index("findings_rule", "rule", "severity"),
    Index("findings_severity", "severity"),
)

causes = Table(
    "causes",
    METADATA,
    _report_key(),
    _sequence(),
    _text("cause_group"),
    _text("severity"),
    _text("message_zh"),
    _text("message_en"),
    _number("findings"),
    _text("table_id"),
    _text("row_code"),
    _text("row_name"),
    _text("column_path"),
    _number("page", null=True),
    _text("found"),
    _text("suggested", null=True),
    _text("suggestion_zh", null=True),
    _text("suggestion_en", null=True),
)

rule_outcomes = Table(
    "rule_outcomes",
    METADATA,
    _report_key(),
    Column("rule", Text, primary_key=True),
    _text("outcome"),
    _text("checks"),
    _text("reason_zh", null=True),
    _text("reason_en", null=True),
    Index("rule_outcomes_outcome", "outcome", "rule"),
)

search_entries = Table(
    "search_entries",
    METADATA,
    Column("id", BIG_KEY, primary_key=True),
    Column("report_id", BIG_KEY, ForeignKey("reports.id", ondelete="CASCADE"), nullable=False),
    _text("kind"),
    _text("table_id"),
    _text("row_code"),
    _text("row_name"),
    _number("page", null=True),
    _text("title"),
    _text("body"),
    _text("amounts"),
    Index("search_entries_report", "report_id"),
    sqlite_autoincrement=True,
)
#: The index proper: on PostgreSQL one more column, on SQLite the FTS5 table `search_words` (rowid = search_entries.id).
postgres_entries = search_entries.to_metadata(MetaData())
postgres_entries.append_column(Column("tokens", TSVECTOR, nullable=False))
