"""Reconciliation: what banks booked, their files of a day, and the differences.

Going down forgets all of it; what was booked for a difference stays in the ledger. Going up, days
before are not known: the platform kept what banks booked from then on.

Revision ID: 0034
Revises: 0033
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "bank_movements",
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("bank", "reference", "stage", name=op.f("pk_bank_movements")),
    )
    of_day = ["bank", "day", "reference", "stage"]
    op.create_index("ix_bank_movements_of_day", "bank_movements", of_day)
    _add_statements()
    _add_differences()


def _add_statements() -> None:
    op.create_table(
        "bank_statements",
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("sum_fen", sa.BigInteger(), nullable=False),
        sa.Column("brought_by", sa.String(), nullable=False),
        sa.Column("brought_at", sa.String(), nullable=False),
        sa.Column("read_to", sa.Integer(), nullable=False),
        sa.Column("own_lines", sa.Integer(), nullable=False),
        sa.Column("own_sum_fen", sa.BigInteger(), nullable=False),
        sa.Column("matched", sa.Integer(), nullable=False),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("closed_at", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("bank", "day", name=op.f("pk_bank_statements")),
    )
    op.create_table(
        "bank_statement_lines",
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank", "day"],
            ["bank_statements.bank", "bank_statements.day"],
            name=op.f("fk_bank_statement_lines_bank"),
        ),
        sa.PrimaryKeyConstraint(
            "bank", "day", "reference", "stage", name=op.f("pk_bank_statement_lines")
        ),
    )


def _add_differences() -> None:
    op.create_table(
        "bank_differences",
        sa.Column("difference_id", sa.String(), nullable=False),
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("own_result", sa.String(), nullable=True),
        sa.Column("own_fen", sa.BigInteger(), nullable=True),
        sa.Column("bank_result", sa.String(), nullable=True),
        sa.Column("bank_fen", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("found_at", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("proposed_by", sa.String(), nullable=True),
        sa.Column("transfer_id", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("difference_id", name=op.f("pk_bank_differences")),
    )
    of_line = ["bank", "day", "reference", "stage"]
    op.create_index("uq_bank_differences_line", "bank_differences", of_line, unique=True)
    is_left = sa.text("state IN ('open', 'proposed')")
    op.create_index(
        "ix_bank_differences_left",
        "bank_differences",
        ["difference_id"],
        sqlite_where=is_left,
        postgresql_where=is_left,
    )
    op.create_table(
        "bank_difference_changes",
        sa.Column("difference_id", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["difference_id"],
            ["bank_differences.difference_id"],
            name=op.f("fk_bank_difference_changes_difference_id"),
        ),
        sa.PrimaryKeyConstraint("difference_id", "step", name=op.f("pk_bank_difference_changes")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("bank_difference_changes")
    op.drop_table("bank_differences")
    op.drop_table("bank_statement_lines")
    op.drop_table("bank_statements")
    op.drop_table("bank_movements")
