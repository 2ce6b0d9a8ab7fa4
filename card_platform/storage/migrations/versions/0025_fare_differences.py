"""An index of the rides that were charged otherwise than by the table, and the changes of the
revocation list.

Changes from before are not known; terminals that ask since then are told the whole list.

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
    """Add both; rides charged as the table says are no part of the index."""
    op.create_index(
        "ix_rides_charged_otherwise",
        "rides",
        ["ride_id"],
        sqlite_where=sa.text("charged_fen <> fare_fen"),
        postgresql_where=sa.text("charged_fen <> fare_fen"),
    )
    op.create_table(
        "revocation_changes",
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("application_serial", sa.String(), nullable=False),
        sa.Column("revoked", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_revocation_changes")),
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_table("revocation_changes")
    op.drop_index("ix_rides_charged_otherwise", "rides")
