"""Who opened a risk case by hand and who froze a card for it.

Revision ID: 0062
Revises: 0061
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; of older cases nobody knows."""
    op.add_column("risk_cases", sa.Column("opened_by", sa.String()))
    op.add_column("risk_cases", sa.Column("frozen_by", sa.String()))


def downgrade() -> None:
    """Remove them."""
    op.drop_column("risk_cases", "frozen_by")
    op.drop_column("risk_cases", "opened_by")
