"""What other sides of the exchange do not take.

Revision ID: 0061
Revises: 0060
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it."""
    op.create_table(
        "exchange_lacking",
        sa.Column("participant_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("since", sa.String(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("participant_id", "subject", name=op.f("pk_exchange_lacking")),
    )


def downgrade() -> None:
    """Remove it."""
    op.drop_table("exchange_lacking")
