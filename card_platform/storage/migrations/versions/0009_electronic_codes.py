"""Signings of electronic cards, codes, uses of codes; by what an identity check was made."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NOT_ENDED = sa.text("state <> 'ended'")
_BURNS = sa.text("burns = 1")


def upgrade() -> None:
    """Add the tables and the column."""
    op.add_column(
        "identity_checks",
        sa.Column("carrier", sa.String(), nullable=False, server_default="card"),
    )
    op.create_table(
        "ecard_signings",
        sa.Column("signing_id", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_since", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.card_id"], name=op.f("fk_ecard_signings_card_id")
        ),
        sa.PrimaryKeyConstraint("signing_id", name=op.f("pk_ecard_signings")),
    )
    op.create_index(
        "uq_ecard_signings_one_of_a_card",
        "ecard_signings",
        ["card_id"],
        unique=True,
        sqlite_where=_NOT_ENDED,
        postgresql_where=_NOT_ENDED,
    )
    op.create_index("ix_ecard_signings_card_id", "ecard_signings", ["card_id"])
    op.create_table(
        "ecard_codes",
        sa.Column("code_number", sa.String(), nullable=False),
        sa.Column("signing_id", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("issued_at", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["signing_id"], ["ecard_signings.signing_id"], name=op.f("fk_ecard_codes_signing_id")
        ),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.card_id"], name=op.f("fk_ecard_codes_card_id")
        ),
        sa.PrimaryKeyConstraint("code_number", name=op.f("pk_ecard_codes")),
        sa.UniqueConstraint("digest", name=op.f("uq_ecard_codes_digest")),
    )
    op.create_index("uq_ecard_codes_request", "ecard_codes", ["signing_id", "nonce"], unique=True)
    op.create_index("ix_ecard_codes_expires_at", "ecard_codes", ["expires_at"])
    op.create_table(
        "ecard_code_uses",
        sa.Column("use_id", sa.String(), nullable=False),
        sa.Column("code_number", sa.String(), nullable=True),
        sa.Column("card_id", sa.String(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("burns", sa.Integer(), nullable=False),
        sa.Column("offline", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("use_id", name=op.f("pk_ecard_code_uses")),
    )
    op.create_index(
        "uq_ecard_code_uses_burnt",
        "ecard_code_uses",
        ["code_number"],
        unique=True,
        sqlite_where=_BURNS,
        postgresql_where=_BURNS,
    )
    op.create_index("ix_ecard_code_uses_card_id", "ecard_code_uses", ["card_id"])
    _add_settlements()


def _add_settlements() -> None:
    op.create_table(
        "medical_code_settlements",
        sa.Column("settlement_id", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("operator", sa.String(), nullable=False),
        sa.Column("terminal_number", sa.String(), nullable=False),
        sa.Column("bill", sa.String(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("unpaid_fen", sa.BigInteger(), nullable=False),
        sa.Column("posting_id", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.card_id"], name=op.f("fk_medical_code_settlements_card_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"],
            ["postings.posting_id"],
            name=op.f("fk_medical_code_settlements_posting_id"),
        ),
        sa.PrimaryKeyConstraint("settlement_id", name=op.f("pk_medical_code_settlements")),
    )
    op.create_index(
        "uq_medical_code_settlements_bill",
        "medical_code_settlements",
        ["card_id", "operator", "bill"],
        unique=True,
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_table("medical_code_settlements")
    op.drop_table("ecard_code_uses")
    op.drop_table("ecard_codes")
    op.drop_table("ecard_signings")
    op.drop_column("identity_checks", "carrier")
