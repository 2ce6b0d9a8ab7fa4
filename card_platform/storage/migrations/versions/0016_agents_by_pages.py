"""The agents of a card are read by pages: their index goes on with the keys of the list.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The index with the moment and the id of each mandate."""
    op.drop_index("ix_card_agents_card_id", table_name="card_agents")
    op.create_index("ix_card_agents_of_card", "card_agents", ["card_id", "at", "agent_id"])


def downgrade() -> None:
    """The index as it was."""
    op.drop_index("ix_card_agents_of_card", table_name="card_agents")
    op.create_index("ix_card_agents_card_id", "card_agents", ["card_id"])
