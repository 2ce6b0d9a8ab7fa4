"""Who opened a risk case by hand, who froze a card for it, and until when it is decided.

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
    op.add_column("risk_cases", sa.Column("due_at", sa.String()))
    op.add_column("risk_cases", sa.Column("overdue_since", sa.String()))
    op.create_index("ix_risk_cases_due_at", "risk_cases", ["due_at"])


def downgrade() -> None:
    """Remove them."""
    op.drop_index("ix_risk_cases_due_at", "risk_cases")
    op.drop_column("risk_cases", "overdue_since")
    op.drop_column("risk_cases", "due_at")
    op.drop_column("risk_cases", "frozen_by")
    op.drop_column("risk_cases", "opened_by")
