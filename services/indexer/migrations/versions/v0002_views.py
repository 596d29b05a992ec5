"""Views for analysts: the facts and findings of current revisions beside the report they belong to.

`yuan` is for reading; sums are exact on `yuan_e4` (1/10000 元, a whole number).
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_REPORT = """
    r.document_id, r.document_name, r.entity, r.division_code, r.division_name, r.fiscal_year, r.scope, r.revision
"""


def upgrade() -> None:
    """Create both views."""
    op.execute(
        f"""
        CREATE VIEW current_facts AS
        SELECT {_REPORT}, f.seq, f.table_id, f.row_key, f.row_code, f.row_name, f.column_path, f.measure, f.phase,
               f.side, f.fund, f.code, f.code_system, f.code_level, f.code_name, f.amount, f.unit, f.raw, f.yuan_e4,
               f.yuan_e4 / 10000.0 AS yuan, f.page, f.source_table, f."row", f.col
        FROM facts f JOIN reports r ON r.id = f.report_id
        WHERE r.is_current
        """  # noqa: S608 - constants only
    )
    op.execute(
        f"""
        CREATE VIEW current_findings AS
        SELECT {_REPORT}, f.seq, f.rule, f.severity, f.cause_group, f.message_zh, f.message_en, f.expected, f.found,
               f.difference, f.tolerance, f.table_id, f.row_code, f.row_name, f.column_path, f.page, f.suggested
        FROM findings f JOIN reports r ON r.id = f.report_id
        WHERE r.is_current
        """  # noqa: S608 - constants only
    )
