"""Verifications of identity, e-licences, certificates on cards, requests for paper, region keys.

Revision ID: 0010
Revises: 0011 (to be put after 0009 when the branches have joined)
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    _verifications()
    _licences()
    op.create_table(
        "paper_requests",
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("matter", sa.String(), nullable=False),
        sa.Column("institution", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("licence_id", sa.String(), nullable=True),
        sa.Column("case_id", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.card_id"], name=op.f("fk_paper_requests_card_id")
        ),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licences.licence_id"], name=op.f("fk_paper_requests_licence_id")
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_paper_requests")),
    )
    op.create_index("ix_paper_requests_result", "paper_requests", ["result", "at"])
    op.create_table(
        "region_keys",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("region", name=op.f("pk_region_keys")),
    )


def _verifications() -> None:
    op.create_table(
        "identity_verifications",
        sa.Column("verification_id", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=True),
        sa.Column("activity", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("means", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("verification_id", name=op.f("pk_identity_verifications")),
    )
    op.create_index("ix_identity_verifications_card_id", "identity_verifications", ["card_id"])
    op.create_table(
        "identity_challenges",
        sa.Column("challenge_id", sa.String(), nullable=False),
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("original", sa.String(), nullable=False),
        sa.Column("ends_at", sa.String(), nullable=False),
        sa.Column("used_at", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("challenge_id", name=op.f("pk_identity_challenges")),
    )


def _licences() -> None:
    op.create_table(
        "licences",
        sa.Column("licence_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("holder_document", sa.String(), nullable=False),
        sa.Column("holder_name", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("valid_from", sa.String(), nullable=False),
        sa.Column("valid_until", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_since", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("stated_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.person_id"], name=op.f("fk_licences_person_id")
        ),
        sa.PrimaryKeyConstraint("licence_id", name=op.f("pk_licences")),
    )
    op.create_index("uq_licences_number", "licences", ["region", "kind", "number"], unique=True)
    op.create_index("ix_licences_person_id", "licences", ["person_id"])
    op.create_index("ix_licences_holder_document", "licences", ["holder_document"])
    op.create_table(
        "licence_changes",
        sa.Column("licence_id", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licences.licence_id"], name=op.f("fk_licence_changes_licence_id")
        ),
        sa.PrimaryKeyConstraint("licence_id", "step", name=op.f("pk_licence_changes")),
    )
    op.create_table(
        "certificate_writings",
        sa.Column("writing_id", sa.String(), nullable=False),
        sa.Column("licence_id", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.card_id"], name=op.f("fk_certificate_writings_card_id")
        ),
        sa.ForeignKeyConstraint(
            ["licence_id"],
            ["licences.licence_id"],
            name=op.f("fk_certificate_writings_licence_id"),
        ),
        sa.PrimaryKeyConstraint("writing_id", name=op.f("pk_certificate_writings")),
    )
    op.create_index("ix_certificate_writings_card_id", "certificate_writings", ["card_id"])


def downgrade() -> None:
    """Remove the tables."""
    for table in (
        "region_keys",
        "paper_requests",
        "certificate_writings",
        "licence_changes",
        "licences",
        "identity_challenges",
        "identity_verifications",
    ):
        op.drop_table(table)
