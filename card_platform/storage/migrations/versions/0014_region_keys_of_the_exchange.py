"""Statements of licences are checked with the keys of the exchange; those put in by hand go.

Revision ID: 0014
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the keys put in by hand."""
    op.drop_table("region_keys")


def downgrade() -> None:
    """Put the keys by which the exchange knows regions in their place."""
    op.create_table(
        "region_keys",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("region", name=op.f("pk_region_keys")),
    )
    op.execute(
        'INSERT INTO region_keys (region, public_key, at, "by")'
        ' SELECT participant_id, lower(public_key), enrolled_at, "by" FROM exchange_participants'
        " WHERE kind = 'region'"
    )
