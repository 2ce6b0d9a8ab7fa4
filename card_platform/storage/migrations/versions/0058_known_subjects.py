"""Subjects of the exchange that were known when a participant was enrolled.

What was known and not granted was withheld; what was not known yet an agreement may grant. Of those
enrolled before, nobody wrote down when: they knew every subject there was before the first that
came without an enrolment, `card-service-decision`, and those they were granted.

Revision ID: 0058
Revises: 0057
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

KNOWN = (
    "card-check card-service card-stop clearing-sheet complaint complaint-answer"
    " eligibility-certification employment-decision employment-matter licence-query loan-return"
    " medical-clearing medical-eligibility medical-preview medical-reversal medical-settlement"
)


def upgrade() -> None:
    """Add them."""
    column = sa.Column("known", sa.String(), nullable=False, server_default="")
    op.add_column("exchange_participants", column)
    op.execute(f"UPDATE exchange_participants SET known = '{KNOWN} ' || subjects")  # noqa: S608


def downgrade() -> None:
    """Remove them."""
    op.drop_column("exchange_participants", "known")
