"""Patients who lie in a hospital are found by their card: nobody is taken in twice.

Revision ID: 0044
Revises: 0043
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

_ADMITTED = sa.text("state = 'admitted'")


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_medical_visits_admitted",
        "medical_visits",
        ["region", "card_number"],
        sqlite_where=_ADMITTED,
        postgresql_where=_ADMITTED,
    )


def downgrade() -> None:
    """Drop it again."""
    op.drop_index("ix_medical_visits_admitted", "medical_visits")
