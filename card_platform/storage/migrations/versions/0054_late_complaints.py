"""Whether a complaint was passed on too late, and an index for lists of cases by state.

Going down forgets the first; complaints passed on before have none.

Revision ID: 0054
Revises: 0053
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both."""
    op.add_column("complaints", sa.Column("passed_late", sa.Integer(), nullable=True))
    op.create_index("ix_accountability_cases_state", "accountability_cases", ["state", "case_id"])


def downgrade() -> None:
    """Remove them."""
    op.drop_index("ix_accountability_cases_state", "accountability_cases")
    op.drop_column("complaints", "passed_late")
