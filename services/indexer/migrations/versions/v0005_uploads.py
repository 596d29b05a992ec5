"""When each report was uploaded: the one uploaded last is current, whichever was indexed last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of what is there already the time of indexing is all that is known."""
    op.add_column("reports", sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE reports SET uploaded_at = indexed_at")
