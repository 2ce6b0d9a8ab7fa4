"""Eligibility certifications, and the cancelled cards of a person, found without reading all cards.

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    _add_certifications()
    op.create_index(
        "ix_cards_cancelled_of_person",
        "cards",
        ["person_id"],
        sqlite_where=sa.text("state = 'cancelled'"),
        postgresql_where=sa.text("state = 'cancelled'"),
    )


def _add_certifications() -> None:
    op.create_table(
        "eligibility_certifications",
        sa.Column("certification_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("card_region", sa.String(), nullable=False),
        sa.Column("means", sa.String(), nullable=False),
        sa.Column("certified_on", sa.String(), nullable=True),
        sa.Column("valid_until", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("certification_id", name=op.f("pk_eligibility_certifications")),
    )
    op.create_index(
        "ix_eligibility_certifications_of_person", "eligibility_certifications", ["person_id", "at"]
    )
    op.create_table(
        "eligibilities",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("valid_until", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_eligibilities")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_cards_cancelled_of_person", table_name="cards")
    op.drop_table("eligibilities")
    op.drop_table("eligibility_certifications")
