"""Bills of utilities, and how they were paid.

Going down forgets both; what was paid stays in the ledger.

Revision ID: 0033
Revises: 0032
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "bill_payments",
        sa.Column("payment_id", sa.String(), nullable=False),
        sa.Column("utility", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("card_number", sa.String(), nullable=False),
        sa.Column("means", sa.String(), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("transfer_id", sa.String(), nullable=False),
        sa.Column("paid_at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.person_id"], name=op.f("fk_bill_payments_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.card_id"], name=op.f("fk_bill_payments_card_id")
        ),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_bill_payments")),
    )
    op.create_index("ix_bill_payments_of_card", "bill_payments", ["card_id", "payment_id"])
    _add_bills()


def _add_bills() -> None:
    op.create_table(
        "bills",
        sa.Column("bill_id", sa.String(), nullable=False),
        sa.Column("utility", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("issued_at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("late_fee_fen", sa.BigInteger(), nullable=False),
        sa.Column("payment_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["bill_payments.payment_id"], name=op.f("fk_bills_payment_id")
        ),
        sa.PrimaryKeyConstraint("bill_id", name=op.f("pk_bills")),
        sa.UniqueConstraint("utility", "number", name="uq_bills_number"),
    )
    op.create_index("ix_bills_of_account", "bills", ["utility", "account", "state"])
    op.create_index("ix_bills_of_utility", "bills", ["utility", "bill_id"])
    op.create_index("ix_bills_of_payment", "bills", ["payment_id"])
    op.create_table(
        "bill_changes",
        sa.Column("bill_id", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bill_id"], ["bills.bill_id"], name=op.f("fk_bill_changes_bill_id")
        ),
        sa.PrimaryKeyConstraint("bill_id", "step", name=op.f("pk_bill_changes")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("bill_changes")
    op.drop_table("bills")
    op.drop_table("bill_payments")
