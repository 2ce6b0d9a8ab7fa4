"""Employment and insurance matters, and enrolments in the five insurances.

Going down forgets both.

Revision ID: 0032
Revises: 0031
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    _add_matters()
    _add_enrolments()


def _add_matters() -> None:
    op.create_table(
        "employment_matters",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("card_id", sa.String(), nullable=True),
        sa.Column("means", sa.String(), nullable=False),
        sa.Column("card_region", sa.String(), nullable=False),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_since", sa.String(), nullable=False),
        sa.Column("filed_at", sa.String(), nullable=False),
        sa.Column("due_at", sa.String(), nullable=True),
        sa.Column("overdue_since", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("told", sa.String(), nullable=True),
        sa.Column("origin", sa.String(), nullable=True),
        sa.Column("origin_number", sa.String(), nullable=True),
        sa.Column("number_there", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_employment_matters")),
        sa.UniqueConstraint("origin", "origin_number", name="uq_employment_matters_origin"),
    )
    op.create_index("ix_employment_matters_due_at", "employment_matters", ["due_at"])
    op.create_index("ix_employment_matters_state", "employment_matters", ["state", "number"])
    op.create_index("ix_employment_matters_card_id", "employment_matters", ["card_id", "number"])
    op.create_table(
        "employment_matter_changes",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"],
            ["employment_matters.number"],
            name=op.f("fk_employment_matter_changes_number"),
        ),
        sa.PrimaryKeyConstraint("number", "step", name=op.f("pk_employment_matter_changes")),
    )


def _add_enrolments() -> None:
    op.create_table(
        "insurance_enrolments",
        sa.Column("enrolment_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("insurance", sa.String(), nullable=False),
        sa.Column("employer", sa.String(), nullable=False),
        sa.Column("wage_fen", sa.BigInteger(), nullable=False),
        sa.Column("from_day", sa.String(), nullable=False),
        sa.Column("until_day", sa.String(), nullable=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("pk_insurance_enrolments")),
    )
    op.create_index(
        "uq_insurance_enrolments_open",
        "insurance_enrolments",
        ["person_id", "insurance"],
        unique=True,
        sqlite_where=sa.text("until_day IS NULL"),
        postgresql_where=sa.text("until_day IS NULL"),
    )
    op.create_index(
        "ix_insurance_enrolments_person_id", "insurance_enrolments", ["person_id", "from_day"]
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("insurance_enrolments")
    op.drop_table("employment_matter_changes")
    op.drop_table("employment_matters")
