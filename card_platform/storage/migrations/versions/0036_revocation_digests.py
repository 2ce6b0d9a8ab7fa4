"""Each version of the revocation list keeps the digest of the list.

Where the list has no digest yet, it is computed with the next change, or when a terminal asks.

Revision ID: 0036
Revises: 0034
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("revocation_changes", sa.Column("digest", sa.String))


def downgrade() -> None:
    """Drop it again."""
    op.drop_column("revocation_changes", "digest")
