"""Fare refunds and what was given back of each ride.

Going down forgets both; the money stays where the ledger has it.

Revision ID: 0037
Revises: 0036
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "fare_refunds",
        sa.Column("refund_id", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("refund_fen", sa.BigInteger(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.card_id"], name=op.f("fk_fare_refunds_card_id")
        ),
        sa.PrimaryKeyConstraint("refund_id", name=op.f("pk_fare_refunds")),
    )
    op.create_index("ix_fare_refunds_of_card", "fare_refunds", ["card_id", "refund_id"])
    op.create_table(
        "fare_refund_rides",
        sa.Column("ride_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("refund_id", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("refund_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ride_id"], ["rides.ride_id"], name=op.f("fk_fare_refund_rides_ride_id")
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"], ["fare_refunds.refund_id"], name=op.f("fk_fare_refund_rides_refund_id")
        ),
        sa.PrimaryKeyConstraint("ride_id", "number", name=op.f("pk_fare_refund_rides")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("fare_refund_rides")
    op.drop_table("fare_refunds")
