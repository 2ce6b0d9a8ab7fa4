"""Payouts: batches, lines, faults, credit files, and files in the books of the simulated banks.

Going down forgets the batches; their postings stay, so that the books balance: what was under way
is still on the clearing accounts.

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    _add_batches()
    _add_files()
    _add_simulated_banks()


def _add_batches() -> None:
    op.create_table(
        "payout_batches",
        sa.Column("batch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("campaign", sa.Integer(), nullable=False),
        sa.Column("fund", sa.String(), nullable=False),
        sa.Column("told_lines", sa.Integer(), nullable=False),
        sa.Column("told_sum_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("uploaded_by", sa.String(), nullable=False),
        sa.Column("uploaded_at", sa.String(), nullable=False),
        sa.Column("read_lines", sa.Integer(), nullable=False),
        sa.Column("read_to", sa.Integer(), nullable=False),
        sa.Column("read_sum_fen", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("sum_fen", sa.BigInteger(), nullable=False),
        sa.Column("faulty_lines", sa.Integer(), nullable=False),
        sa.Column("unread_amounts", sa.Integer(), nullable=False),
        sa.Column("done_to", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("batch", name=op.f("pk_payout_batches")),
        sa.UniqueConstraint("message_id", name=op.f("uq_payout_batches_message_id")),
    )
    op.create_index("ix_payout_batches_due_at", "payout_batches", ["due_at"])
    op.create_table(
        "payout_campaigns",
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("campaign", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("programme", "period", name=op.f("pk_payout_campaigns")),
        sa.UniqueConstraint("campaign", name=op.f("uq_payout_campaigns_campaign")),
    )
    op.create_table(
        "payout_lines",
        sa.Column("batch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("claim", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("batch", "line", name=op.f("pk_payout_lines")),
    )
    op.create_index("uq_payout_lines_claim", "payout_lines", ["claim", "person_id"], unique=True)
    op.create_table(
        "payout_faults",
        sa.Column("batch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("found", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch"], ["payout_batches.batch"], name=op.f("fk_payout_faults_batch")
        ),
        sa.PrimaryKeyConstraint("batch", "line", "place", name=op.f("pk_payout_faults")),
    )
    op.create_table(
        "payout_other_accounts",
        sa.Column("batch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("approved_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch"], ["payout_batches.batch"], name=op.f("fk_payout_other_accounts_batch")
        ),
        sa.PrimaryKeyConstraint("batch", "line", name=op.f("pk_payout_other_accounts")),
    )


def _add_files() -> None:
    op.create_table(
        "payout_files",
        sa.Column("file", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("fund", sa.String(), nullable=False),
        sa.Column("first_line", sa.Integer(), nullable=False),
        sa.Column("last_line", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("sum_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ordered_at", sa.String(), nullable=False),
        sa.Column("due_at", sa.String(), nullable=True),
        sa.Column("back_fen", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch"], ["payout_batches.batch"], name=op.f("fk_payout_files_batch")
        ),
        sa.PrimaryKeyConstraint("file", name=op.f("pk_payout_files")),
    )
    op.create_index("ix_payout_files_due_at", "payout_files", ["due_at"])
    op.create_index("ix_payout_files_of_batch", "payout_files", ["batch", "first_line"])
    op.create_table(
        "payout_credits",
        sa.Column("file", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_ref", sa.String(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("file", "line", name=op.f("pk_payout_credits")),
    )
    op.create_table(
        "payout_exceptions",
        sa.Column("batch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch"], ["payout_batches.batch"], name=op.f("fk_payout_exceptions_batch")
        ),
        sa.PrimaryKeyConstraint("batch", "line", name=op.f("pk_payout_exceptions")),
    )
    op.create_index(
        "ix_payout_exceptions_due",
        "payout_exceptions",
        ["batch", "line"],
        sqlite_where=sa.text("state = 'due'"),
        postgresql_where=sa.text("state = 'due'"),
    )
    op.create_index("ix_payout_exceptions_of_person", "payout_exceptions", ["person_id"])
    op.create_table(
        "payout_exception_changes",
        sa.Column("change_id", sa.String(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_payout_exception_changes")),
    )
    op.create_index(
        "ix_payout_exception_changes_of_line", "payout_exception_changes", ["batch", "line"]
    )


def _add_simulated_banks() -> None:
    op.create_table(
        "simulated_bank_files",
        sa.Column("file", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("sum_fen", sa.BigInteger(), nullable=False),
        sa.Column("settles_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("file", name=op.f("pk_simulated_bank_files")),
    )
    op.create_table(
        "simulated_bank_file_credits",
        sa.Column("file", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("refused_because", sa.String(), nullable=True),
        sa.Column("returns_at", sa.String(), nullable=True),
        sa.Column("return_reason", sa.String(), nullable=True),
        sa.Column("told_return", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file"],
            ["simulated_bank_files.file"],
            name=op.f("fk_simulated_bank_file_credits_file"),
        ),
        sa.PrimaryKeyConstraint("file", "line", name=op.f("pk_simulated_bank_file_credits")),
    )
    op.create_index(
        "ix_simulated_bank_file_credits_returns",
        "simulated_bank_file_credits",
        ["bank", "told_return", "returns_at"],
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("simulated_bank_file_credits")
    op.drop_table("simulated_bank_files")
    op.drop_table("payout_exception_changes")
    op.drop_table("payout_exceptions")
    op.drop_table("payout_credits")
    op.drop_table("payout_files")
    op.drop_table("payout_other_accounts")
    op.drop_table("payout_faults")
    op.drop_table("payout_lines")
    op.drop_table("payout_campaigns")
    op.drop_table("payout_batches")
