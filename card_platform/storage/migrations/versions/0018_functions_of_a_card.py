"""The functions of a card are looked up by its number: when it is renewed, and at the counter.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The index by card."""
    op.create_index("ix_scheme_holders_of_card", "scheme_holders", ["card_number", "scheme_id"])


def downgrade() -> None:
    """None, as before."""
    op.drop_index("ix_scheme_holders_of_card", table_name="scheme_holders")
