"""Cases out of alerts, the credit file, emergencies.

Going down forgets them: what must be kept by law is to be exported before.

Revision ID: 0031
Revises: 0030
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    _add_risk_cases()
    _add_risk_case_changes()
    _add_credit_entries()
    _add_emergencies()
    _add_emergency_steps()


def _add_risk_cases() -> None:
    op.create_table(
        "risk_cases",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("typology", sa.String(), nullable=False),
        sa.Column("alert_id", sa.String(), nullable=True),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=True),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_since", sa.String(), nullable=False),
        sa.Column("opened_at", sa.String(), nullable=False),
        sa.Column("assigned_to", sa.String(), nullable=True),
        sa.Column("frozen", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("notice", sa.String(), nullable=True),
        sa.Column("appeal_until", sa.String(), nullable=True),
        sa.Column("appeal", sa.String(), nullable=True),
        sa.Column("appeal_decision", sa.String(), nullable=True),
        sa.Column("referred_to", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_risk_cases")),
    )
    op.create_index("ix_risk_cases_card_id", "risk_cases", ["card_id", "case_id"])
    op.create_index("ix_risk_cases_state", "risk_cases", ["state", "case_id"])


def _add_risk_case_changes() -> None:
    op.create_table(
        "risk_case_changes",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["risk_cases.case_id"], name=op.f("fk_risk_case_changes_case_id")
        ),
        sa.PrimaryKeyConstraint("case_id", "step", name=op.f("pk_risk_case_changes")),
    )


def _add_credit_entries() -> None:
    op.create_table(
        "credit_entries",
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("conduct", sa.String(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_since", sa.String(), nullable=False),
        sa.Column("entered_at", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["risk_cases.case_id"], name=op.f("fk_credit_entries_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.person_id"], name=op.f("fk_credit_entries_person_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_credit_entries")),
        sa.UniqueConstraint("case_id", name=op.f("uq_credit_entries_case_id")),
    )
    op.create_index("ix_credit_entries_expires_at", "credit_entries", ["state", "expires_at"])
    op.create_index("ix_credit_entries_person_id", "credit_entries", ["person_id", "entry_id"])


def _add_emergencies() -> None:
    op.create_table(
        "emergencies",
        sa.Column("emergency_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_since", sa.String(), nullable=False),
        sa.Column("raised_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("emergency_id", name=op.f("pk_emergencies")),
    )
    op.create_index(
        "uq_emergencies_one_of_a_kind",
        "emergencies",
        ["kind"],
        unique=True,
        sqlite_where=sa.text("state <> 'closed' AND state <> 'stood_down'"),
        postgresql_where=sa.text("state <> 'closed' AND state <> 'stood_down'"),
    )


def _add_emergency_steps() -> None:
    op.create_table(
        "emergency_steps",
        sa.Column("emergency_id", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("done", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["emergency_id"],
            ["emergencies.emergency_id"],
            name=op.f("fk_emergency_steps_emergency_id"),
        ),
        sa.PrimaryKeyConstraint("emergency_id", "step", name=op.f("pk_emergency_steps")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("emergency_steps")
    op.drop_table("emergencies")
    op.drop_table("credit_entries")
    op.drop_table("risk_case_changes")
    op.drop_table("risk_cases")
