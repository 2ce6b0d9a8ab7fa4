"""Designated institutions, insurance, settlements, visits, filings for treatment elsewhere.

Going down forgets the visits; their postings stay, so that the books balance.

Revision ID: 0026
Revises: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    _add_institutions()
    _add_benefits()
    _add_filings()
    _add_visits()


def _add_institutions() -> None:
    op.create_table(
        "medical_designations",
        sa.Column("designation_id", sa.String(), nullable=False),
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("from_day", sa.String(), nullable=False),
        sa.Column("until", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.site_id"], name=op.f("fk_medical_designations_site_id")
        ),
        sa.PrimaryKeyConstraint("designation_id", name=op.f("pk_medical_designations")),
    )
    op.create_index(
        "uq_medical_designations_of_site",
        "medical_designations",
        ["site_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'ended'"),
        postgresql_where=sa.text("state <> 'ended'"),
    )
    op.create_table(
        "medical_designation_changes",
        sa.Column("designation_id", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["designation_id"],
            ["medical_designations.designation_id"],
            name=op.f("fk_medical_designation_changes_designation_id"),
        ),
        sa.PrimaryKeyConstraint(
            "designation_id", "step", name=op.f("pk_medical_designation_changes")
        ),
    )


def _add_benefits() -> None:
    op.create_table(
        "medical_insurances",
        sa.Column("insurance_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("insured", sa.String(), nullable=False),
        sa.Column("from_day", sa.String(), nullable=False),
        sa.Column("until", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.person_id"], name=op.f("fk_medical_insurances_person_id")
        ),
        sa.PrimaryKeyConstraint("insurance_id", name=op.f("pk_medical_insurances")),
    )
    op.create_index(
        "uq_medical_insurances_from", "medical_insurances", ["person_id", "from_day"], unique=True
    )
    op.create_table(
        "medical_years",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("benefit", sa.String(), nullable=False),
        sa.Column("deductible_fen", sa.BigInteger(), nullable=False),
        sa.Column("counted_fen", sa.BigInteger(), nullable=False),
        sa.Column("fund_fen", sa.BigInteger(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.person_id"], name=op.f("fk_medical_years_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "year", "benefit", name=op.f("pk_medical_years")),
    )
    op.create_table(
        "medical_settlements",
        sa.Column("settlement_id", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("benefit", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("fund_fen", sa.BigInteger(), nullable=False),
        sa.Column("personal_fen", sa.BigInteger(), nullable=False),
        sa.Column("cash_fen", sa.BigInteger(), nullable=False),
        sa.Column("shares", sa.String(), nullable=False),
        sa.Column("payee", sa.String(), nullable=False),
        sa.Column("treated_in", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reversed_day", sa.String(), nullable=True),
        sa.Column("reversed_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.card_id"], name=op.f("fk_medical_settlements_card_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.person_id"], name=op.f("fk_medical_settlements_person_id")
        ),
        sa.PrimaryKeyConstraint("settlement_id", name=op.f("pk_medical_settlements")),
        sa.UniqueConstraint("reference", name=op.f("uq_medical_settlements_reference")),
    )
    op.create_index(
        "ix_medical_settlements_elsewhere", "medical_settlements", ["treated_in", "day"]
    )
    op.create_index(
        "ix_medical_settlements_of_card", "medical_settlements", ["card_id", "settlement_id"]
    )
    op.create_index(
        "ix_medical_settlements_reversed", "medical_settlements", ["treated_in", "reversed_day"]
    )


def _add_filings() -> None:
    op.create_table(
        "medical_filings",
        sa.Column("filing_id", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("from_day", sa.String(), nullable=False),
        sa.Column("until", sa.String(), nullable=True),
        sa.Column("referral", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.card_id"], name=op.f("fk_medical_filings_card_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.person_id"], name=op.f("fk_medical_filings_person_id")
        ),
        sa.PrimaryKeyConstraint("filing_id", name=op.f("pk_medical_filings")),
    )
    op.create_index("ix_medical_filings_of_card", "medical_filings", ["card_id", "filing_id"])
    op.create_index("ix_medical_filings_of_person", "medical_filings", ["person_id", "filing_id"])
    op.create_table(
        "medical_filing_changes",
        sa.Column("filing_id", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["filing_id"],
            ["medical_filings.filing_id"],
            name=op.f("fk_medical_filing_changes_filing_id"),
        ),
        sa.PrimaryKeyConstraint("filing_id", "step", name=op.f("pk_medical_filing_changes")),
    )


def _add_visits() -> None:
    op.create_table(
        "medical_visits",
        sa.Column("visit_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("designation_id", sa.String(), nullable=False),
        sa.Column("operator", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("card_number", sa.String(), nullable=False),
        sa.Column("holder_name", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("registered_at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=True),
        sa.Column("department", sa.String(), nullable=True),
        sa.Column("diagnosis", sa.String(), nullable=True),
        sa.Column("prescription_id", sa.String(), nullable=True),
        sa.Column("agent_id", sa.String(), nullable=True),
        sa.Column("admitted_on", sa.String(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("settled_on", sa.String(), nullable=True),
        sa.Column("settled", sa.String(), nullable=True),
        sa.Column("problem_code", sa.String(), nullable=True),
        sa.Column("problem_zh", sa.String(), nullable=True),
        sa.Column("problem_en", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["designation_id"],
            ["medical_designations.designation_id"],
            name=op.f("fk_medical_visits_designation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.card_id"], name=op.f("fk_medical_visits_card_id")
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["card_agents.agent_id"], name=op.f("fk_medical_visits_agent_id")
        ),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_medical_visits")),
    )
    op.create_index("ix_medical_visits_of_card", "medical_visits", ["card_id", "visit_id"])
    op.create_table(
        "medical_visit_changes",
        sa.Column("visit_id", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["medical_visits.visit_id"],
            name=op.f("fk_medical_visit_changes_visit_id"),
        ),
        sa.PrimaryKeyConstraint("visit_id", "step", name=op.f("pk_medical_visit_changes")),
    )
    op.create_table(
        "medical_visit_lines",
        sa.Column("visit_id", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("priced", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["medical_visits.visit_id"], name=op.f("fk_medical_visit_lines_visit_id")
        ),
        sa.PrimaryKeyConstraint("visit_id", "line", name=op.f("pk_medical_visit_lines")),
    )
    op.create_table(
        "medical_prescriptions",
        sa.Column("prescription_id", sa.String(), nullable=False),
        sa.Column("visit_id", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("card_number", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("items", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("issued_at", sa.String(), nullable=False),
        sa.Column("valid_until", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["medical_visits.visit_id"],
            name=op.f("fk_medical_prescriptions_visit_id"),
        ),
        sa.PrimaryKeyConstraint("prescription_id", name=op.f("pk_medical_prescriptions")),
    )
    op.create_table(
        "medical_receipts",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("visit_id", sa.String(), nullable=False),
        sa.Column("reverses", sa.String(), nullable=True),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["medical_visits.visit_id"], name=op.f("fk_medical_receipts_visit_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_medical_receipts")),
    )
    op.create_index("ix_medical_receipts_of_visit", "medical_receipts", ["visit_id", "number"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("medical_receipts")
    op.drop_table("medical_prescriptions")
    op.drop_table("medical_visit_lines")
    op.drop_table("medical_visit_changes")
    op.drop_table("medical_visits")
    op.drop_table("medical_filing_changes")
    op.drop_table("medical_filings")
    op.drop_table("medical_settlements")
    op.drop_table("medical_years")
    op.drop_table("medical_insurances")
    op.drop_table("medical_designation_changes")
    op.drop_table("medical_designations")
