"""Terminals, identity checks and transit."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "gate_refusals",
        sa.Column("refusal_id", sa.String(), nullable=False),
        sa.Column("application_serial", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("station", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("revocation_list_version", sa.BigInteger(), nullable=False),
        sa.Column("terminal_number", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("refusal_id", name=op.f("pk_gate_refusals")),
    )
    op.create_index(
        "ix_gate_refusals_application_serial", "gate_refusals", ["application_serial"], unique=False
    )
    op.create_table(
        "identity_checks",
        sa.Column("check_id", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("check_id", name=op.f("pk_identity_checks")),
    )
    op.create_index("ix_identity_checks_card_id", "identity_checks", ["card_id"], unique=False)
    op.create_table(
        "revoked_purses",
        sa.Column("application_serial", sa.String(), nullable=False),
        sa.Column("since", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("application_serial", name=op.f("pk_revoked_purses")),
    )
    op.create_table(
        "taps",
        sa.Column("tap_id", sa.String(), nullable=False),
        sa.Column("application_serial", sa.String(), nullable=False),
        sa.Column("date", sa.String(), nullable=False),
        sa.Column("offline_sequence", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("station", sa.String(), nullable=False),
        sa.Column("entry_station", sa.String(), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("balance_after_fen", sa.BigInteger(), nullable=False),
        sa.Column("terminal_number", sa.String(), nullable=False),
        sa.Column("terminal_sequence", sa.String(), nullable=False),
        sa.Column("time", sa.String(), nullable=False),
        sa.Column("tac", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("tap_id", name=op.f("pk_taps")),
    )
    op.create_index(
        "uq_taps_of_a_card", "taps", ["application_serial", "date", "offline_sequence"], unique=True
    )
    op.create_table(
        "terminals",
        sa.Column("terminal_number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("operator", sa.String(), nullable=False),
        sa.Column("station", sa.String(), nullable=True),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("psam_serial", sa.String(), nullable=False),
        sa.Column("token_sha256", sa.String(), nullable=False),
        sa.Column("enrolled_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("terminal_number", name=op.f("pk_terminals")),
        sa.UniqueConstraint("psam_serial", name=op.f("uq_terminals_psam_serial")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_terminals_token_sha256")),
    )
    op.create_table(
        "rides",
        sa.Column("ride_id", sa.String(), nullable=False),
        sa.Column("application_serial", sa.String(), nullable=False),
        sa.Column("exit_tap_id", sa.String(), nullable=False),
        sa.Column("start_station", sa.String(), nullable=False),
        sa.Column("end_station", sa.String(), nullable=False),
        sa.Column("fare_fen", sa.BigInteger(), nullable=False),
        sa.Column("charged_fen", sa.BigInteger(), nullable=False),
        sa.Column("posting_id", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exit_tap_id"], ["taps.tap_id"], name=op.f("fk_rides_exit_tap_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["postings.posting_id"], name=op.f("fk_rides_posting_id")
        ),
        sa.PrimaryKeyConstraint("ride_id", name=op.f("pk_rides")),
        sa.UniqueConstraint("exit_tap_id", name=op.f("uq_rides_exit_tap_id")),
    )
    op.create_index("ix_rides_application_serial", "rides", ["application_serial"], unique=False)
    op.create_table(
        "transit_loads",
        sa.Column("load_id", sa.String(), nullable=False),
        sa.Column("application_serial", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("terminal_number", sa.String(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("balance_before_fen", sa.BigInteger(), nullable=False),
        sa.Column("online_sequence", sa.String(), nullable=False),
        sa.Column("date", sa.String(), nullable=False),
        sa.Column("time", sa.String(), nullable=False),
        sa.Column("posting_id", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["postings.posting_id"], name=op.f("fk_transit_loads_posting_id")
        ),
        sa.PrimaryKeyConstraint("load_id", name=op.f("pk_transit_loads")),
    )
    op.create_index(
        "ix_transit_loads_application_serial", "transit_loads", ["application_serial"], unique=False
    )
    op.create_index(
        "uq_transit_loads_confirmed",
        "transit_loads",
        ["application_serial", "online_sequence"],
        unique=True,
        sqlite_where=sa.text("posting_id IS NOT NULL"),
        postgresql_where=sa.text("posting_id IS NOT NULL"),
    )


def downgrade() -> None:
    """Remove them with their data."""
    op.drop_index(
        "uq_transit_loads_confirmed",
        table_name="transit_loads",
        sqlite_where=sa.text("posting_id IS NOT NULL"),
        postgresql_where=sa.text("posting_id IS NOT NULL"),
    )
    op.drop_index("ix_transit_loads_application_serial", table_name="transit_loads")
    op.drop_table("transit_loads")
    op.drop_index("ix_rides_application_serial", table_name="rides")
    op.drop_table("rides")
    op.drop_table("terminals")
    op.drop_index("uq_taps_of_a_card", table_name="taps")
    op.drop_table("taps")
    op.drop_table("revoked_purses")
    op.drop_index("ix_identity_checks_card_id", table_name="identity_checks")
    op.drop_table("identity_checks")
    op.drop_index("ix_gate_refusals_application_serial", table_name="gate_refusals")
    op.drop_table("gate_refusals")
