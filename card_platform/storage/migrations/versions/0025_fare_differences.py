"""An index of the rides that were charged otherwise than by the table.

Revision ID: 0025
Revises: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; rides charged as the table says are no part of it."""
    op.create_index(
        "ix_rides_charged_otherwise",
        "rides",
        ["ride_id"],
        sqlite_where=sa.text("charged_fen <> fare_fen"),
        postgresql_where=sa.text("charged_fen <> fare_fen"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_rides_charged_otherwise", "rides")
