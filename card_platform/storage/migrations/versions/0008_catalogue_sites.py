"""The application catalogue, schemes of cards and codes, sites, health of terminals."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "catalogue_items",
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("filed_at", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_catalogue_items")),
    )
    op.create_table(
        "catalogue_scenes",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_catalogue_scenes")),
    )
    op.create_table(
        "sites",
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("address_zh", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("equipment", sa.String(), nullable=False),
        sa.Column("hours", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_sites")),
        sa.UniqueConstraint("area", "name_zh", name="uq_sites_area"),
    )
    op.create_table(
        "card_schemes",
        sa.Column("scheme_id", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("scene", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=True),
        sa.Column("uses", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["catalogue_items.item_id"], name=op.f("fk_card_schemes_item_id")
        ),
        sa.PrimaryKeyConstraint("scheme_id", name=op.f("pk_card_schemes")),
    )
    op.create_table(
        "catalogue_changes",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("state_from", sa.String(), nullable=True),
        sa.Column("state_to", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"], ["catalogue_items.item_id"], name=op.f("fk_catalogue_changes_item_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_catalogue_changes")),
    )
    op.create_index(
        op.f("ix_catalogue_changes_item_id"), "catalogue_changes", ["item_id"], unique=False
    )
    op.create_table(
        "catalogue_versions",
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("effective_from", sa.String(), nullable=True),
        sa.Column("pilots", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["catalogue_items.item_id"], name=op.f("fk_catalogue_versions_item_id")
        ),
        sa.PrimaryKeyConstraint("item_id", "version", name=op.f("pk_catalogue_versions")),
    )

    _add_services_health_and_holders()


def _add_services_health_and_holders() -> None:
    op.create_table(
        "site_services",
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("since", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["catalogue_items.item_id"], name=op.f("fk_site_services_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.site_id"], name=op.f("fk_site_services_site_id")
        ),
        sa.PrimaryKeyConstraint("site_id", "item_id", name=op.f("pk_site_services")),
    )
    op.create_table(
        "terminal_health",
        sa.Column("terminal_number", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("fault", sa.String(), nullable=True),
        sa.Column("software", sa.String(), nullable=False),
        sa.Column("revocation_list_version", sa.Integer(), nullable=False),
        sa.Column("revocation_list_issued_at", sa.String(), nullable=False),
        sa.Column("reported_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["terminal_number"],
            ["terminals.terminal_number"],
            name=op.f("fk_terminal_health_terminal_number"),
        ),
        sa.PrimaryKeyConstraint("terminal_number", name=op.f("pk_terminal_health")),
    )
    op.create_table(
        "scheme_holders",
        sa.Column("scheme_id", sa.String(), nullable=False),
        sa.Column("scheme_number", sa.String(), nullable=False),
        sa.Column("card_number", sa.String(), nullable=True),
        sa.Column("moved_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["scheme_id"], ["card_schemes.scheme_id"], name=op.f("fk_scheme_holders_scheme_id")
        ),
        sa.PrimaryKeyConstraint("scheme_id", "scheme_number", name=op.f("pk_scheme_holders")),
        sa.UniqueConstraint("scheme_id", "card_number", name="uq_scheme_holders_card"),
    )


def downgrade() -> None:
    """Remove them with their data."""
    op.drop_table("scheme_holders")
    op.drop_table("terminal_health")
    op.drop_table("site_services")
    op.drop_table("catalogue_versions")
    op.drop_index(op.f("ix_catalogue_changes_item_id"), table_name="catalogue_changes")
    op.drop_table("catalogue_changes")
    op.drop_table("card_schemes")
    op.drop_table("sites")
    op.drop_table("catalogue_scenes")
    op.drop_table("catalogue_items")
