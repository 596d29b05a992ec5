"""The standing of every document of the chain."""

from __future__ import annotations

from alembic import op

from shared.adapters.lifecycle import METADATA

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the two tables."""
    METADATA.create_all(op.get_bind())
