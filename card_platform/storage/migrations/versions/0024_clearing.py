"""Clearing: days, their sums, sheets for other regions, and those other regions sent.

Going down forgets days and sheets; their postings stay, so that the books balance.

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "clearing_days",
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("from_mark", sa.String(), nullable=False),
        sa.Column("to_mark", sa.String(), nullable=False),
        sa.Column("reached", sa.String(), nullable=False),
        sa.Column("taps", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.String(), nullable=False),
        sa.Column("begun_by", sa.String(), nullable=False),
        sa.Column("closed_at", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_clearing_days")),
    )
    op.create_table(
        "clearing_sums",
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("operator", sa.String(), nullable=False),
        sa.Column("ride_day", sa.String(), nullable=False),
        sa.Column("taps", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["day"], ["clearing_days.day"], name=op.f("fk_clearing_sums_day")),
        sa.PrimaryKeyConstraint(
            "day", "region", "operator", "ride_day", name=op.f("pk_clearing_sums")
        ),
    )
    _add_sheets()


def _add_sheets() -> None:
    op.create_table(
        "clearing_sheets",
        sa.Column("sheet_id", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("taps", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["day"], ["clearing_days.day"], name=op.f("fk_clearing_sheets_day")
        ),
        sa.PrimaryKeyConstraint("sheet_id", name=op.f("pk_clearing_sheets")),
    )
    op.create_index("ix_clearing_sheets_of_day", "clearing_sheets", ["day", "region"])
    op.create_index("ix_clearing_sheets_state", "clearing_sheets", ["state", "sheet_id"])
    op.create_table(
        "clearing_sheet_changes",
        sa.Column("sheet_id", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sheet_id"],
            ["clearing_sheets.sheet_id"],
            name=op.f("fk_clearing_sheet_changes_sheet_id"),
        ),
        sa.PrimaryKeyConstraint("sheet_id", "step", name=op.f("pk_clearing_sheet_changes")),
    )
    op.create_table(
        "clearing_booked_sheets",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("taps", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.String(), nullable=False),
        sa.Column("booked_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("region", "day", "number", name=op.f("pk_clearing_booked_sheets")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("clearing_booked_sheets")
    op.drop_table("clearing_sheet_changes")
    op.drop_table("clearing_sheets")
    op.drop_table("clearing_sums")
    op.drop_table("clearing_days")
