"""A month is counted piece by piece before it is closed.

Going down forgets a closing that is under way; it is begun again.

Revision ID: 0043
Revises: 0042
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_UNDER_WAY = "SELECT period FROM ledger_closings WHERE state <> 'closed'"


def upgrade() -> None:
    """Add where a closing is; those that are there are closed."""
    for column in (
        sa.Column("state", sa.String(), nullable=False, server_default="closed"),
        sa.Column("last", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("reached", sa.String(), nullable=False, server_default=""),
        sa.Column("sum_fen", sa.BigInteger(), nullable=False, server_default="0"),
    ):
        op.add_column("ledger_closings", column)


def downgrade() -> None:
    """Remove it."""
    op.execute(f"DELETE FROM ledger_closing_balances WHERE period IN ({_UNDER_WAY})")  # noqa: S608
    op.execute("DELETE FROM ledger_closings WHERE state <> 'closed'")
    for name in ("sum_fen", "reached", "last", "state"):
        op.drop_column("ledger_closings", name)
