"""Copies brought back to libraries, of this region and of others.

Going down forgets where copies were brought back; the loans stay ended.

Revision ID: 0029
Revises: 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "loan_returns",
        sa.Column("return_id", sa.String(), nullable=False),
        sa.Column("copy", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("act_id", sa.String(), nullable=True),
        sa.Column("overdue_days", sa.Integer(), nullable=True),
        sa.Column("problem_code", sa.String(), nullable=True),
        sa.Column("problem_zh", sa.String(), nullable=True),
        sa.Column("problem_en", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.site_id"], name=op.f("fk_loan_returns_site_id")
        ),
        sa.ForeignKeyConstraint(
            ["act_id"], ["offer_acts.act_id"], name=op.f("fk_loan_returns_act_id")
        ),
        sa.PrimaryKeyConstraint("return_id", name=op.f("pk_loan_returns")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("loan_returns")
