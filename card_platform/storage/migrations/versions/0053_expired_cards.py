"""Cards expire: an index of the last days of active cards.

Going down, cards that had expired are active again, as they were before there was such a state;
they stay on the revocation list, for their chips are out of date.

Revision ID: 0053
Revises: 0052
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None
_DOWN = (
    "UPDATE electronic_cards SET state = 'active'"
    " WHERE card_id IN (SELECT card_id FROM cards WHERE state = 'expired')",
    "UPDATE card_functions SET social_security = 'open' WHERE social_security = 'suspended'"
    " AND card_id IN (SELECT card_id FROM cards WHERE state = 'expired')",
    "UPDATE card_functions SET financial = 'open' WHERE financial = 'suspended'"
    " AND card_id IN (SELECT card_id FROM cards WHERE state = 'expired')",
    "UPDATE cards SET state = 'active' WHERE state = 'expired'",
)


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_cards_active_until",
        "cards",
        ["valid_until"],
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )


def downgrade() -> None:
    """Remove it, and the state."""
    op.drop_index("ix_cards_active_until", "cards")
    for statement in _DOWN:
        op.execute(statement)
