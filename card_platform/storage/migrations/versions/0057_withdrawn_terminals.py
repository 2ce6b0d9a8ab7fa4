"""Terminals that were lost or stolen.

Going down keeps them out: the version before knows no withdrawal, so their token is made one that
nobody can hold.

Revision ID: 0057
Revises: 0056
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add when a terminal was withdrawn."""
    op.add_column("terminals", sa.Column("withdrawn_at", sa.String(), nullable=True))


def downgrade() -> None:
    """Remove it."""
    op.execute(
        "UPDATE terminals SET token_sha256 = 'withdrawn-' || terminal_number"
        " WHERE withdrawn_at IS NOT NULL"
    )
    op.drop_column("terminals", "withdrawn_at")
