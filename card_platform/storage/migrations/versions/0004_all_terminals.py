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


def downgrade() -> None:
    """Remove them with their data."""
    op.drop_column("terminals", "public_key")
    op.drop_column("terminals", "bus_line")
