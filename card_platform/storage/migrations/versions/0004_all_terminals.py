"""Terminals of every kind: bus lines and public keys, reductions and purchases.

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


def downgrade() -> None:
    """Remove them with their data."""
    op.drop_table("purchases")
    op.drop_column("taps", "reduction_fen")
    op.drop_column("taps", "reduction_kind")
    op.drop_column("terminals", "public_key")
    op.drop_column("terminals", "bus_line")
