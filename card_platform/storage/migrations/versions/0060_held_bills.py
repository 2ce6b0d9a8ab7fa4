"""Bills of double stays, held until somebody has decided.

Going down forgets them: what was held is settled by the version before, as it always was there.

Revision ID: 0060
Revises: 0059
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "medical_held_bills",
        sa.Column("held_id", sa.String(), nullable=False),
        sa.Column("bill", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("admitted_on", sa.String(), nullable=False),
        sa.Column("other_bill", sa.String(), nullable=False),
        sa.Column("other_region", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("held_at", sa.String(), nullable=False),
        sa.Column("examined_by", sa.String(), nullable=True),
        sa.Column("finding", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.card_id"], name=op.f("fk_medical_held_bills_card_id")
        ),
        sa.PrimaryKeyConstraint("held_id", name=op.f("pk_medical_held_bills")),
        sa.UniqueConstraint("bill", name="uq_medical_held_bills_bill"),
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_table("medical_held_bills")
