"""Certificates of terminals' keys.

Going down forgets them: the keys stay, and terminals send their journals as before.

Revision ID: 0052
Revises: 0051
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "terminal_certificates",
        sa.Column("certificate_id", sa.String(), nullable=False),
        sa.Column("terminal_number", sa.String(), nullable=False),
        sa.Column("valid_from", sa.String(), nullable=False),
        sa.Column("valid_until", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["terminal_number"],
            ["terminals.terminal_number"],
            name=op.f("fk_terminal_certificates_terminal_number"),
        ),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_terminal_certificates")),
    )
    op.create_index(
        "ix_terminal_certificates_terminal_number",
        "terminal_certificates",
        ["terminal_number", "certificate_id"],
    )


def downgrade() -> None:
    """Remove it."""
    op.drop_table("terminal_certificates")
