"""The last change of each payee's account, and which lines of payouts detection has seen.

Going down forgets both: nothing is held for a change any more, and detection sees lines again once
it is back, by ids it knows.

Revision ID: 0039
Revises: 0038
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the column."""
    op.create_table(
        "payout_account_changes",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("changed_at", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("told_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.person_id"], name=op.f("fk_payout_account_changes_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_payout_account_changes")),
    )
    op.add_column(
        "risk_watch",
        sa.Column("paid_to", sa.String(), nullable=False, server_default=""),
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_column("risk_watch", "paid_to")
    op.drop_table("payout_account_changes")
