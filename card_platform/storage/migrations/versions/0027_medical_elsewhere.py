"""Claims on other regions for treatment here, and the clearing of each day.

Going down forgets the claims; what regions owe stays on their accounts.

Revision ID: 0027
Revises: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    _add_claims()
    _add_clearings()


def _add_claims() -> None:
    op.create_table(
        "medical_claims",
        sa.Column("visit_id", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("reversed_day", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["medical_visits.visit_id"], name=op.f("fk_medical_claims_visit_id")
        ),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_medical_claims")),
    )
    op.create_index("ix_medical_claims_day", "medical_claims", ["region", "day"])
    op.create_index("ix_medical_claims_reversed_day", "medical_claims", ["region", "reversed_day"])


def _add_clearings() -> None:
    op.create_table(
        "medical_clearings",
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("own", sa.String(), nullable=False),
        sa.Column("told", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("day", "region", "side", name=op.f("pk_medical_clearings")),
    )
    op.create_index("ix_medical_clearings_state", "medical_clearings", ["state", "day"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("medical_clearings")
    op.drop_table("medical_claims")
