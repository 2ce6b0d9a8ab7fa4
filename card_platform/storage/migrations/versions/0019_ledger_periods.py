"""Accounts with a state, transfers, months that are closed; an entry has the month of its posting.

Going down keeps every posting and entry; what is closed is open again, and the states of accounts
are forgotten.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the month to the entries, and the tables."""
    op.drop_index("ix_entries_account", table_name="entries")
    with op.batch_alter_table("entries") as entries:
        entries.add_column(sa.Column("period", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE entries SET period = (SELECT CAST(SUBSTR(postings.at, 1, 4)"
        " || SUBSTR(postings.at, 6, 2) AS INTEGER) FROM postings"
        " WHERE postings.posting_id = entries.posting_id)"
    )
    with op.batch_alter_table("entries") as entries:
        entries.alter_column("period", existing_type=sa.Integer(), nullable=False)
    op.create_index("ix_entries_of_account", "entries", ["account", "period"])
    _add_accounts()
    _add_transfers()
    _add_closings()


def _add_accounts() -> None:
    op.create_table(
        "ledger_accounts",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_ledger_accounts")),
    )
    op.create_table(
        "ledger_account_changes",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"],
            ["ledger_accounts.account"],
            name=op.f("fk_ledger_account_changes_account"),
        ),
        sa.PrimaryKeyConstraint("account", "step", name=op.f("pk_ledger_account_changes")),
    )


def _add_transfers() -> None:
    op.create_table(
        "transfers",
        sa.Column("transfer_id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("debit", sa.String(), nullable=False),
        sa.Column("credit", sa.String(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=True),
        sa.Column("posting_id", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["postings.posting_id"], name=op.f("fk_transfers_posting_id")
        ),
        sa.PrimaryKeyConstraint("transfer_id", name=op.f("pk_transfers")),
        sa.UniqueConstraint("client_id", name=op.f("uq_transfers_client_id")),
    )


def _add_closings() -> None:
    op.create_table(
        "ledger_closings",
        sa.Column("period", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("accounts", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_ledger_closings")),
    )
    op.create_table(
        "ledger_closing_balances",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("period", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("balance_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["period"],
            ["ledger_closings.period"],
            name=op.f("fk_ledger_closing_balances_period"),
        ),
        sa.PrimaryKeyConstraint("account", "period", name=op.f("pk_ledger_closing_balances")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("ledger_closing_balances")
    op.drop_table("ledger_closings")
    op.drop_table("transfers")
    op.drop_table("ledger_account_changes")
    op.drop_table("ledger_accounts")
    op.drop_index("ix_entries_of_account", table_name="entries")
    with op.batch_alter_table("entries") as entries:
        entries.drop_column("period")
    op.create_index("ix_entries_account", "entries", ["account"])
