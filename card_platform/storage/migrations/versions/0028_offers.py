"""Offers of sites, acts on them, places taken in slots, and what limits hang on.

Going down forgets the acts; their postings stay, so that the books balance.

Revision ID: 0028
Revises: 0027
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    _add_offers()
    _add_acts()
    _add_limits()


def _add_offers() -> None:
    op.create_table(
        "offers",
        sa.Column("offer_id", sa.String(), nullable=False),
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("operator", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=True),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("terms", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.site_id"], name=op.f("fk_offers_site_id")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["catalogue_items.item_id"], name=op.f("fk_offers_item_id")
        ),
        sa.PrimaryKeyConstraint("offer_id", name=op.f("pk_offers")),
    )
    op.create_index("ix_offers_of_site", "offers", ["site_id", "offer_id"])
    _add_history("offer_changes", "offer_id", "offers")


def _add_acts() -> None:
    op.create_table(
        "offer_acts",
        sa.Column("act_id", sa.String(), nullable=False),
        sa.Column("offer_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("card_number", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=True),
        sa.Column("means", sa.String(), nullable=False),
        sa.Column("agreement", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("begun_at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("opens", sa.String(), nullable=True),
        sa.Column("listed_fen", sa.BigInteger(), nullable=False),
        sa.Column("concession", sa.String(), nullable=True),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("subsidy_fen", sa.BigInteger(), nullable=False),
        sa.Column("payer", sa.String(), nullable=True),
        sa.Column("charged_fen", sa.BigInteger(), nullable=False),
        sa.Column("pay", sa.String(), nullable=True),
        sa.Column("copy", sa.String(), nullable=True),
        sa.Column("due_on", sa.String(), nullable=True),
        sa.Column("renewals", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.String(), nullable=True),
        sa.Column("returned_in", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offers.offer_id"], name=op.f("fk_offer_acts_offer_id")
        ),
        sa.ForeignKeyConstraint(["card_id"], ["cards.card_id"], name=op.f("fk_offer_acts_card_id")),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_offer_acts")),
    )
    op.create_index("ix_offer_acts_of_holder", "offer_acts", ["offer_id", "holder", "day"])
    op.create_index("ix_offer_acts_of_card", "offer_acts", ["card_id", "act_id"])
    op.create_index(
        "uq_offer_acts_lent",
        "offer_acts",
        ["copy"],
        unique=True,
        sqlite_where=sa.text("state = 'lent'"),
        postgresql_where=sa.text("state = 'lent'"),
    )
    _add_history("offer_act_changes", "act_id", "offer_acts")


def _add_limits() -> None:
    op.create_table(
        "offer_slots",
        sa.Column("offer_id", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("opens", sa.String(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offers.offer_id"], name=op.f("fk_offer_slots_offer_id")
        ),
        sa.PrimaryKeyConstraint("offer_id", "day", "opens", name=op.f("pk_offer_slots")),
    )
    op.create_table(
        "offer_holders",
        sa.Column("offer_id", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("registered_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offers.offer_id"], name=op.f("fk_offer_holders_offer_id")
        ),
        sa.PrimaryKeyConstraint("offer_id", "holder", name=op.f("pk_offer_holders")),
    )


def _add_history(table: str, owner: str, of: str) -> None:
    op.create_table(
        table,
        sa.Column(owner, sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint([owner], [f"{of}.{owner}"], name=op.f(f"fk_{table}_{owner}")),
        sa.PrimaryKeyConstraint(owner, "step", name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    """Drop them."""
    for table in (
        "offer_holders",
        "offer_slots",
        "offer_act_changes",
        "offer_acts",
        "offer_changes",
        "offers",
    ):
        op.drop_table(table)
