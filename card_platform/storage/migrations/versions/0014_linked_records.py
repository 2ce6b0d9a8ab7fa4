"""What departments hold of cardholders (NX-13); keys of regions put in by hand go, since licences
are checked with those of the exchange.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the records of departments, drop the keys put in by hand."""
    op.create_table(
        "linked_records",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("document_number", sa.String(), nullable=False),
        sa.Column("institution", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("withheld", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "document_number", name=op.f("pk_linked_records")),
    )
    stopped = sa.text("refusal = 'linked-data-withheld'")
    op.create_index(
        "ix_data_reads_stopped",
        "data_reads",
        ["at", "read_id"],
        sqlite_where=stopped,
        postgresql_where=stopped,
    )
    op.drop_table("region_keys")


def downgrade() -> None:
    """Drop the records; put the keys by which the exchange knows regions in their place."""
    op.drop_index("ix_data_reads_stopped", "data_reads")
    op.drop_table("linked_records")
    op.create_table(
        "region_keys",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("region", name=op.f("pk_region_keys")),
    )
    op.execute(
        'INSERT INTO region_keys (region, public_key, at, "by")'
        ' SELECT participant_id, lower(public_key), enrolled_at, "by" FROM exchange_participants'
        " WHERE kind = 'region'"
    )
