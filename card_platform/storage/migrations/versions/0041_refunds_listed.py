"""The rides of a refund are found by the refund, now that refunds are listed.

Revision ID: 0041
Revises: 0039
"""

from __future__ import annotations

from alembic import op

revision = "0041"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_fare_refund_rides_of_refund", "fare_refund_rides", ["refund_id"])


def downgrade() -> None:
    """Drop it again."""
    op.drop_index("ix_fare_refund_rides_of_refund", "fare_refund_rides")
