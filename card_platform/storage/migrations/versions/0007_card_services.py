"""Registers of the card services, and one card not ended for each person.

Going down: a superseded card is cancelled, an orally lost one lost, a frozen one frozen, as a
program of version 0005 knows them; the registers are dropped.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ONE_CARD = "uq_cards_one_of_a_person"
_NOT_ENDED = "state <> 'cancelled' AND state <> 'superseded'"
_NOT_CANCELLED = "state <> 'cancelled'"
_FUNCTIONS_OF_CARDS_ALREADY_THERE = """
    INSERT INTO card_functions (card_id, pin, social_security, financial, since)
    SELECT card_id, 'initial',
        CASE WHEN state = 'active' THEN 'open'
             WHEN state IN ('lost', 'frozen') THEN 'suspended' ELSE 'closed' END,
        'closed', state_since FROM cards
"""


def upgrade() -> None:
    """Add the registers; cards already there get their functions by their state."""
    _one_card_of_those(_NOT_ENDED)
    _register("card_functions", "pin", "social_security", "financial", "since")
    op.execute(_FUNCTIONS_OF_CARDS_ALREADY_THERE)
    _register("cancellations", "reason", "evidence", "at", "by")
    _register("destructions", "method", "witness", "at", "by")
    _register(
        "hand_overs",
        "channel",
        "accepted_at_site",
        "collection_site",
        optional=("collected_at", "collected_by"),
    )
    op.create_table(
        "successions",
        sa.Column("old_card_id", sa.String(), nullable=False),
        sa.Column("new_card_id", sa.String(), nullable=False),
        *_texts("kind", "reason", "at", "by"),
        sa.ForeignKeyConstraint(
            ["old_card_id"], ["cards.card_id"], name=op.f("fk_successions_old_card_id")
        ),
        sa.ForeignKeyConstraint(
            ["new_card_id"], ["cards.card_id"], name=op.f("fk_successions_new_card_id")
        ),
        sa.PrimaryKeyConstraint("old_card_id", name=op.f("pk_successions")),
        sa.UniqueConstraint("new_card_id", name=op.f("uq_successions_new_card_id")),
    )
    op.create_table(
        "mandates",
        sa.Column("application_id", sa.String(), nullable=False),
        *_texts("agent_document_kind", "agent_document_number", "mandate_number", "valid_until"),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.application_id"],
            name=op.f("fk_mandates_application_id"),
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_mandates")),
    )
    _log("loss_reports", "report_id", "card_id", "cards", "kind", optional=("ends_at", "ended_at"))
    op.create_index("ix_loss_reports_ends_at", "loss_reports", ["ends_at"])
    decided = ("decision", "decided_at", "decided_by")
    _log("freezes", "freeze_id", "card_id", "cards", "ground", optional=decided)
    _log("holder_changes", "change_id", "person_id", "persons", "fields")


def downgrade() -> None:
    """Remove the registers."""
    op.drop_index("ix_holder_changes_person_id", table_name="holder_changes")
    op.drop_index("ix_freezes_card_id", table_name="freezes")
    op.drop_index("ix_loss_reports_ends_at", table_name="loss_reports")
    op.drop_index("ix_loss_reports_card_id", table_name="loss_reports")
    for name in (
        "holder_changes",
        "freezes",
        "loss_reports",
        "mandates",
        "successions",
        "hand_overs",
        "destructions",
        "cancellations",
        "card_functions",
    ):
        op.drop_table(name)
    op.execute("UPDATE cards SET state = 'cancelled' WHERE state = 'superseded'")
    op.execute("UPDATE cards SET state = 'lost' WHERE state = 'orally_lost'")
    op.execute("UPDATE cards SET state = 'frozen' WHERE state IN ('frozen_ready', 'frozen_lost')")
    _one_card_of_those(_NOT_CANCELLED)


def _one_card_of_those(condition: str) -> None:
    op.drop_index(_ONE_CARD, table_name="cards")
    op.create_index(
        _ONE_CARD,
        "cards",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )


def _texts(*names: str, nullable: bool = False) -> "list[sa.Column[str]]":
    return [sa.Column(name, sa.String(), nullable=nullable) for name in names]


def _register(name: str, *columns: str, optional: tuple[str, ...] = ()) -> None:
    """A register with one row a card."""
    op.create_table(
        name,
        sa.Column("card_id", sa.String(), nullable=False),
        *_texts(*columns),
        *_texts(*optional, nullable=True),
        sa.ForeignKeyConstraint(["card_id"], ["cards.card_id"], name=op.f(f"fk_{name}_card_id")),
        sa.PrimaryKeyConstraint("card_id", name=op.f(f"pk_{name}")),
    )


def _log(
    name: str, key: str, of: str, table: str, column: str, *, optional: tuple[str, ...] = ()
) -> None:
    """A register with any number of rows of a card or a person."""
    op.create_table(
        name,
        *_texts(key, of, column, "at", "by"),
        *_texts(*optional, nullable=True),
        sa.ForeignKeyConstraint([of], [f"{table}.{of}"], name=op.f(f"fk_{name}_{of}")),
        sa.PrimaryKeyConstraint(key, name=op.f(f"pk_{name}")),
    )
    op.create_index(f"ix_{name}_{of}", name, [of])
