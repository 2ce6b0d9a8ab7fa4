"""How far the virtual clock is ahead of the machine's."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "virtual_clock",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("ahead_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_virtual_clock")),
    )


def downgrade() -> None:
    """Remove the table: the clock is the machine's again."""
    op.drop_table("virtual_clock")
