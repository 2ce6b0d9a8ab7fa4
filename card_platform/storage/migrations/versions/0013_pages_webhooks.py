"""Indexes in the order of pages, and webhooks.

Every list that can grow is read from where a page begins.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_WIDER = [
    (
        "consents",
        "ix_consents_card_id",
        ["card_id"],
        "ix_consents_of_card",
        ["card_id", "consent_id"],
    ),
    (
        "data_reads",
        "ix_data_reads_card_id",
        ["card_id", "at"],
        "ix_data_reads_of_card",
        ["card_id", "at", "read_id"],
    ),
    (
        "identity_checks",
        "ix_identity_checks_card_id",
        ["card_id"],
        "ix_identity_checks_of_card",
        ["card_id", "at", "check_id"],
    ),
    (
        "paper_requests",
        "ix_paper_requests_result",
        ["result", "at"],
        "ix_paper_requests_of_result",
        ["result", "at", "request_id"],
    ),
    (
        "catalogue_changes",
        "ix_catalogue_changes_item_id",
        ["item_id"],
        "ix_catalogue_changes_of_item",
        ["item_id", "number"],
    ),
]
"""Table, the index before and its columns, the index now and its columns."""


def upgrade() -> None:
    """Each index goes on with the key of its rows."""
    for table, before, _, name, columns in _WIDER:
        op.drop_index(before, table_name=table)
        op.create_index(name, table, columns)
    op.create_index("ix_complaints_of_state", "complaints", ["state", "number"])
    op.create_index("ix_complaints_of_kind", "complaints", ["kind", "number"])
    op.create_table(
        "webhooks",
        sa.Column("webhook_id", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("kinds", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.Column("delivered", sa.BigInteger(), nullable=False),
        sa.Column("delivered_at", sa.String()),
        sa.Column("failing_since", sa.String()),
        sa.Column("last_fault", sa.String()),
        sa.PrimaryKeyConstraint("webhook_id"),
    )
    op.create_index("ix_webhooks_of_owner", "webhooks", ["owner", "webhook_id"])
    op.create_index("ix_webhooks_of_state", "webhooks", ["state", "webhook_id"])


def downgrade() -> None:
    """The indexes as they were, and no webhooks."""
    op.drop_table("webhooks")
    op.drop_index("ix_complaints_of_kind", table_name="complaints")
    op.drop_index("ix_complaints_of_state", table_name="complaints")
    for table, name, columns, after, _ in reversed(_WIDER):
        op.drop_index(after, table_name=table)
        op.create_index(name, table, columns)
