"""Contracts of holders with partner banks.

Going down forgets them; the financial functions stay as they are. A function that was opened before
there were contracts has none, and is closed as ever.

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "bank_contracts",
        sa.Column("contract_id", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("agreement", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("opened_at", sa.String(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("loaded_at", sa.String(), nullable=True),
        sa.Column("ended_at", sa.String(), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.card_id"], name=op.f("fk_bank_contracts_card_id")
        ),
        sa.PrimaryKeyConstraint("contract_id", name=op.f("pk_bank_contracts")),
    )
    goes_on = sa.text("state <> 'ended'")
    op.create_index(
        "uq_bank_contracts_of_card",
        "bank_contracts",
        ["card_id"],
        unique=True,
        sqlite_where=goes_on,
        postgresql_where=goes_on,
    )
    op.create_index("ix_bank_contracts_of_bank", "bank_contracts", ["bank", "contract_id"])
    op.create_table(
        "bank_contract_changes",
        sa.Column("contract_id", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["bank_contracts.contract_id"],
            name=op.f("fk_bank_contract_changes_contract_id"),
        ),
        sa.PrimaryKeyConstraint("contract_id", "step", name=op.f("pk_bank_contract_changes")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("bank_contract_changes")
    op.drop_table("bank_contracts")
