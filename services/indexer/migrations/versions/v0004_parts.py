"""Which file of a report that came as several a fact or a finding was printed in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_REPORT = """
    r.document_id, r.document_name, r.entity, r.division_code, r.division_name, r.fiscal_year, r.scope, r.revision
"""


def upgrade() -> None:
    """Add the column to both tables and to their views."""
    for table in ("facts", "findings"):
        op.execute(f"DROP VIEW current_{table}")
        op.add_column(table, sa.Column("part", sa.Text(), nullable=True))
    op.execute(
        f"""
        CREATE VIEW current_facts AS
        SELECT {_REPORT}, f.seq, f.table_id, f.row_key, f.row_code, f.row_name, f.column_path, f.measure, f.phase,
               f.side, f.fund, f.code, f.code_system, f.code_level, f.code_name, f.amount, f.unit, f.raw, f.yuan_e4,
               f.yuan_e4 / 10000.0 AS yuan, f.page, f.source_table, f."row", f.col, f.part
        FROM facts f JOIN reports r ON r.id = f.report_id
        WHERE r.is_current
        """  # noqa: S608 - constants only
    )
    op.execute(
        f"""
        CREATE VIEW current_findings AS
        SELECT {_REPORT}, f.seq, f.rule, f.severity, f.cause_group, f.message_zh, f.message_en, f.expected, f.found,
               f.difference, f.tolerance, f.table_id, f.row_code, f.row_name, f.column_path, f.page, f.suggested, f.part
        FROM findings f JOIN reports r ON r.id = f.report_id
        WHERE r.is_current
        """  # noqa: S608 - constants only
    )
