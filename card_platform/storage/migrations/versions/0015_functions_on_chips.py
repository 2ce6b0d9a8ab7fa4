"""Functions of merged schemes on chips: how far each went, and the commands given for cards.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Holders that have moved are bound: no chip was written yet; who left the card has ended."""
    for name in ("function_state", "end_reason"):
        op.add_column("scheme_holders", sa.Column(name, sa.String(), nullable=True))
    op.execute(
        "UPDATE scheme_holders SET function_state ="
        " CASE WHEN card_number IS NULL THEN 'ended' ELSE 'bound' END WHERE moved_at IS NOT NULL"
    )
    op.create_table(
        "function_writings",
        sa.Column("writing_id", sa.String(), nullable=False),
        sa.Column("scheme_id", sa.String(), nullable=False),
        sa.Column("scheme_number", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("reported_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.card_id"], name=op.f("fk_function_writings_card_id")
        ),
        sa.ForeignKeyConstraint(
            ["scheme_id", "scheme_number"],
            ["scheme_holders.scheme_id", "scheme_holders.scheme_number"],
            name="fk_function_writings_holder",
        ),
        sa.PrimaryKeyConstraint("writing_id", name=op.f("pk_function_writings")),
    )
    op.create_index("ix_function_writings_of_card", "function_writings", ["card_id", "scheme_id"])


def downgrade() -> None:
    """Holders stay moved; one whose function ended leaves the card, so that it stays ended."""
    op.execute(
        "UPDATE scheme_holders SET card_number = NULL WHERE function_state IN ('ending', 'ended')"
    )
    op.drop_table("function_writings")
    for name in ("end_reason", "function_state"):
        op.drop_column("scheme_holders", name)
