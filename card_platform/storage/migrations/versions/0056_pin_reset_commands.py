"""Commands that reset a PIN and are not reported yet.

A reset whose command was made before, and is reported after, is refused: it is asked for again.

Revision ID: 0056
Revises: 0055
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "pin_reset_commands",
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.card_id"], name=op.f("fk_pin_reset_commands_card_id")
        ),
        sa.PrimaryKeyConstraint("card_id", name=op.f("pk_pin_reset_commands")),
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_table("pin_reset_commands")
