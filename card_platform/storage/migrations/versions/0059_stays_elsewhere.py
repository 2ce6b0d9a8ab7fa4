"""Stays of this region's holders in hospitals of other regions; orders to banks that are held.

Going down forgets the stays. An order that is held stays on the clearing account, `unknown` and
asked of nobody in the eyes of the version before, and is held again on the way up.

Revision ID: 0059
Revises: 0058
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None
_HELD = "reason = 'account-changed-lately' AND due_at IS NULL"


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "medical_stays_elsewhere",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("admitted_on", sa.String(), nullable=False),
        sa.Column("ended_on", sa.String(), nullable=True),
        sa.Column("double_with", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.person_id"], name=op.f("fk_medical_stays_elsewhere_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.card_id"], name=op.f("fk_medical_stays_elsewhere_card_id")
        ),
        sa.PrimaryKeyConstraint("region", "reference", name=op.f("pk_medical_stays_elsewhere")),
    )
    op.create_index("ix_medical_stays_elsewhere_person", "medical_stays_elsewhere", ["person_id"])
    op.execute(f"UPDATE bank_orders SET state = 'held' WHERE state = 'unknown' AND {_HELD}")  # noqa: S608 - our own words


def downgrade() -> None:
    """Remove them."""
    op.execute("UPDATE bank_orders SET state = 'unknown' WHERE state = 'held'")
    op.execute("UPDATE bank_orders SET state = 'refused' WHERE state = 'dropped'")
    op.drop_table("medical_stays_elsewhere")
