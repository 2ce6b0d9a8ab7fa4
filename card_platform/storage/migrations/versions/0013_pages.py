"""Indexes in the order of pages: every list that can grow is read from where a page begins."""

from alembic import op

revision = "0013"
down_revision = "0011"
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


def downgrade() -> None:
    """The indexes as they were."""
    op.drop_index("ix_complaints_of_kind", table_name="complaints")
    op.drop_index("ix_complaints_of_state", table_name="complaints")
    for table, name, columns, after, _ in reversed(_WIDER):
        op.drop_index(after, table_name=table)
        op.create_index(name, table, columns)
