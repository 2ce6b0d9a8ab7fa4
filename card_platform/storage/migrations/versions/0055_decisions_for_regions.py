"""Services other regions took in that wait for a decision here, and their numbers where they wait.

Going down forgets those that wait. A service that waits elsewhere is passed on again in the eyes of
the version before, which knows no waiting.

Revision ID: 0055
Revises: 0054
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both."""
    op.add_column("joint_services", sa.Column("number_there", sa.String(), nullable=True))
    op.create_table(
        "services_from_regions",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("region_number", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("taken_at", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("decided_at", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.card_id"], name=op.f("fk_services_from_regions_card_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_services_from_regions")),
    )
    op.create_index("ix_services_from_regions_state", "services_from_regions", ["state", "number"])


def downgrade() -> None:
    """Remove them."""
    op.drop_table("services_from_regions")
    op.execute("UPDATE joint_services SET state = 'passed-on' WHERE state = 'waiting'")
    op.drop_column("joint_services", "number_there")
