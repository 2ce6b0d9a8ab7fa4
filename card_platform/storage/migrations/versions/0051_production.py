"""Orders to the card maker, deliveries, cards made on the spot, and applications made online.

Going down forgets them; the cards stay as they are, and those applied for online keep the site that
accepted them.

Revision ID: 0051
Revises: 0044
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, and an index of the cards that wait for production."""
    op.create_index(
        "ix_cards_applied",
        "cards",
        ["card_serial"],
        sqlite_where=sa.text("state = 'applied'"),
        postgresql_where=sa.text("state = 'applied'"),
    )
    _add_orders()
    _add_deliveries()
    op.create_table(
        "cards_made_on_the_spot",
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("finished_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.card_id"], name=op.f("fk_cards_made_on_the_spot_card_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.site_id"], name=op.f("fk_cards_made_on_the_spot_site_id")
        ),
        sa.PrimaryKeyConstraint("card_id", name=op.f("pk_cards_made_on_the_spot")),
    )
    _add_online_applications()


def _add_orders() -> None:
    op.create_table(
        "production_orders",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("collection_site", sa.String(), nullable=True),
        sa.Column("cards", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_production_orders")),
    )
    op.create_table(
        "ordered_cards",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["production_orders.order_id"], name=op.f("fk_ordered_cards_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.card_id"], name=op.f("fk_ordered_cards_card_id")
        ),
        sa.PrimaryKeyConstraint("order_id", "card_id", name=op.f("pk_ordered_cards")),
    )


def _add_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("delivery_id", sa.String(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("consignment", sa.String(), nullable=False),
        sa.Column("cards", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.String(), nullable=False),
        sa.Column("sent_by", sa.String(), nullable=False),
        sa.Column("counted_at", sa.String(), nullable=True),
        sa.Column("counted_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_deliveries")),
    )
    op.create_table(
        "delivered_cards",
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("delivery_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_since", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.card_id"], name=op.f("fk_delivered_cards_card_id")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["deliveries.delivery_id"],
            name=op.f("fk_delivered_cards_delivery_id"),
        ),
        sa.PrimaryKeyConstraint("card_id", name=op.f("pk_delivered_cards")),
    )
    op.create_index("ix_delivered_cards_delivery_id", "delivered_cards", ["delivery_id", "card_id"])


def _add_online_applications() -> None:
    op.create_table(
        "online_applications",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_since", sa.String(), nullable=False),
        sa.Column("filed_at", sa.String(), nullable=False),
        sa.Column("due_at", sa.String(), nullable=False),
        sa.Column("collection_site", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("card_id", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.card_id"], name=op.f("fk_online_applications_card_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_online_applications")),
    )
    op.create_index("ix_online_applications_state", "online_applications", ["state", "number"])


def downgrade() -> None:
    """Remove them."""
    for table in (
        "online_applications",
        "cards_made_on_the_spot",
        "delivered_cards",
        "deliveries",
        "ordered_cards",
        "production_orders",
    ):
        op.drop_table(table)
    op.drop_index("ix_cards_applied", "cards")
