"""The index of places in the fold leaves out the events that have none yet.

With them in it, SQLite looked for those that wait by it and sorted all of them for every piece, and
an event that came cost one entry more. Going down puts them back.

Revision ID: 0038
Revises: 0037
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the index."""
    with op.batch_alter_table("risk_events") as table:
        table.drop_constraint("uq_risk_events_position", type_="unique")
    op.create_index(
        "uq_risk_events_placed",
        "risk_events",
        ["position"],
        unique=True,
        sqlite_where=sa.text("position IS NOT NULL"),
        postgresql_where=sa.text("position IS NOT NULL"),
    )


def downgrade() -> None:
    """Put the old one back."""
    op.drop_index("uq_risk_events_placed", "risk_events")
    with op.batch_alter_table("risk_events") as table:
        table.create_unique_constraint("uq_risk_events_position", ["position"])
