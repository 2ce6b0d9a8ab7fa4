"""Terminals of every kind: bus lines, keys, reductions, purchases, medical accounts, journals.

Going down keeps every row of the tables that stay; a program of version 0003 does not know the
terminals of the new kinds, and shows taps of the new kinds as it shows exits.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and tables."""
    op.add_column("terminals", sa.Column("bus_line", sa.String(), nullable=True))
    op.add_column("terminals", sa.Column("public_key", sa.String(), nullable=True))
    op.add_column("taps", sa.Column("reduction_kind", sa.String(), nullable=True))
    op.add_column("taps", sa.Column("reduction_fen", sa.BigInteger(), nullable=True))
    op.create_table(
        "purchases",
        sa.Column("purchase_id", sa.String(), nullable=False),
        sa.Column("posting_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["taps.tap_id"], name=op.f("fk_purchases_purchase_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["postings.posting_id"], name=op.f("fk_purchases_posting_id")
        ),
        sa.PrimaryKeyConstraint("purchase_id", name=op.f("pk_purchases")),
    )
    _add_medical()
    _add_journals()


def _add_journals() -> None:
    op.create_table(
        "terminal_journals",
        sa.Column("terminal_number", sa.String(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["terminal_number"],
            ["terminals.terminal_number"],
            name=op.f("fk_terminal_journals_terminal_number"),
        ),
        sa.PrimaryKeyConstraint("terminal_number", name=op.f("pk_terminal_journals")),
    )
    op.create_table(
        "journal_records",
        sa.Column("terminal_number", sa.String(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("problem", sa.LargeBinary(), nullable=True),
        sa.Column("taken_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["terminal_number"],
            ["terminal_journals.terminal_number"],
            name=op.f("fk_journal_records_terminal_number"),
        ),
        sa.PrimaryKeyConstraint("terminal_number", "sequence", name=op.f("pk_journal_records")),
    )


def _add_medical() -> None:
    op.create_table(
        "medical_credits",
        sa.Column("credit_id", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("posting_id", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.card_id"], name=op.f("fk_medical_credits_card_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["postings.posting_id"], name=op.f("fk_medical_credits_posting_id")
        ),
        sa.PrimaryKeyConstraint("credit_id", name=op.f("pk_medical_credits")),
    )
    op.create_table(
        "medical_loads",
        sa.Column("load_id", sa.String(), nullable=False),
        sa.Column("historical_bytes", sa.String(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("terminal_number", sa.String(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("balance_before_fen", sa.BigInteger(), nullable=False),
        sa.Column("online_sequence", sa.Integer(), nullable=False),
        sa.Column("date", sa.String(), nullable=False),
        sa.Column("time", sa.String(), nullable=False),
        sa.Column("posting_id", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["postings.posting_id"], name=op.f("fk_medical_loads_posting_id")
        ),
        sa.PrimaryKeyConstraint("load_id", name=op.f("pk_medical_loads")),
    )
    op.create_index("ix_medical_loads_historical_bytes", "medical_loads", ["historical_bytes"])
    op.create_index(
        "uq_medical_loads_confirmed",
        "medical_loads",
        ["historical_bytes", "online_sequence"],
        unique=True,
        sqlite_where=sa.text("posting_id IS NOT NULL"),
        postgresql_where=sa.text("posting_id IS NOT NULL"),
    )
    op.create_table(
        "medical_payments",
        sa.Column("payment_id", sa.String(), nullable=False),
        sa.Column("historical_bytes", sa.String(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("balance_after_fen", sa.BigInteger(), nullable=False),
        sa.Column("terminal_number", sa.String(), nullable=False),
        sa.Column("offline_sequence", sa.Integer(), nullable=False),
        sa.Column("terminal_sequence", sa.BigInteger(), nullable=False),
        sa.Column("date", sa.String(), nullable=False),
        sa.Column("time", sa.String(), nullable=False),
        sa.Column("tac", sa.String(), nullable=False),
        sa.Column("posting_id", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["postings.posting_id"], name=op.f("fk_medical_payments_posting_id")
        ),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_medical_payments")),
    )
    op.create_index(
        "uq_medical_payments_of_a_chip",
        "medical_payments",
        ["historical_bytes", "date", "offline_sequence"],
        unique=True,
    )


def downgrade() -> None:
    """Remove them with their data."""
    op.drop_table("journal_records")
    op.drop_table("terminal_journals")
    op.drop_table("medical_payments")
    op.drop_table("medical_loads")
    op.drop_table("medical_credits")
    op.drop_table("purchases")
    op.drop_column("taps", "reduction_fen")
    op.drop_column("taps", "reduction_kind")
    op.drop_column("terminals", "public_key")
    op.drop_column("terminals", "bus_line")
