"""Orders to banks, and the book of the simulated banks.

Going down forgets the orders; their postings stay, so that the books balance: what was under way is
still on the clearing accounts.

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "bank_orders",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("contract_id", sa.String(), nullable=False),
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ordered_at", sa.String(), nullable=False),
        sa.Column("ordered_by", sa.String(), nullable=False),
        sa.Column("due_at", sa.String(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.card_id"], name=op.f("fk_bank_orders_card_id")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["bank_contracts.contract_id"],
            name=op.f("fk_bank_orders_contract_id"),
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_bank_orders")),
        sa.UniqueConstraint("client_id", name=op.f("uq_bank_orders_client_id")),
    )
    op.create_index("ix_bank_orders_due_at", "bank_orders", ["due_at"])
    op.create_table(
        "bank_order_changes",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["bank_orders.order_id"], name=op.f("fk_bank_order_changes_order_id")
        ),
        sa.PrimaryKeyConstraint("order_id", "step", name=op.f("pk_bank_order_changes")),
    )
    _add_simulated_banks()


def _add_simulated_banks() -> None:
    op.create_table(
        "simulated_bank_credits",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("contract_id", sa.String(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("refused_because", sa.String(), nullable=True),
        sa.Column("settles_at", sa.String(), nullable=False),
        sa.Column("returns_at", sa.String(), nullable=True),
        sa.Column("return_reason", sa.String(), nullable=True),
        sa.Column("told_return", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_simulated_bank_credits")),
    )
    op.create_index(
        "ix_simulated_bank_credits_returns",
        "simulated_bank_credits",
        ["bank", "told_return", "returns_at"],
    )
    op.create_table(
        "simulated_bank_conducts",
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("conduct", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("bank", name=op.f("pk_simulated_bank_conducts")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("simulated_bank_conducts")
    op.drop_table("simulated_bank_credits")
    op.drop_table("bank_order_changes")
    op.drop_table("bank_orders")
