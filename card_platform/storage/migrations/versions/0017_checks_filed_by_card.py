"""Identity checks are numbered, and filed by card afterwards (see `storage/filed_index`).

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_KEPT = 'check_id, card_id, purpose, result, reason, at, "by", carrier'
_INDEX = "ix_identity_checks_of_card"


def upgrade() -> None:
    """Number the checks in the order of their moments; due work files them."""
    op.drop_index(_INDEX, table_name="identity_checks")
    op.rename_table("identity_checks", "identity_checks_before")
    _free_the_names()
    op.create_table(
        "identity_checks",
        sa.Column("number", _number(), autoincrement=True, nullable=False),
        *_columns(),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_identity_checks")),
        sa.UniqueConstraint("check_id", name=op.f("uq_identity_checks_check_id")),
    )
    _move()
    op.create_table(
        "filed_runs",
        sa.Column("index_name", sa.String(), nullable=False),
        sa.Column("run", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_number", sa.BigInteger(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("placed", sa.Integer(), nullable=False),
        sa.Column("is_whole", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("index_name", "run", name=op.f("pk_filed_runs")),
    )
    op.create_table(
        "identity_checks_of_card",
        sa.Column("run", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("run", "key", "number", name=op.f("pk_identity_checks_of_card")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """The checks by their ids, with an ordinary index."""
    op.drop_table("identity_checks_of_card")
    op.drop_table("filed_runs")
    op.rename_table("identity_checks", "identity_checks_before")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint("uq_identity_checks_check_id", "identity_checks_before", type_="unique")
    _free_the_names()
    op.create_table(
        "identity_checks",
        *_columns(),
        sa.PrimaryKeyConstraint("check_id", name=op.f("pk_identity_checks")),
    )
    _move()
    op.create_index(_INDEX, "identity_checks", ["card_id", "at", "check_id"])


def _columns() -> list[sa.Column[str]]:
    return [
        sa.Column("check_id", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("carrier", sa.String(), nullable=False, server_default="card"),
    ]


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _free_the_names() -> None:
    """PostgreSQL keeps the name of a primary key for the renamed table."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint("pk_identity_checks", "identity_checks_before", type_="primary")


def _move() -> None:
    op.execute(
        f"INSERT INTO identity_checks ({_KEPT}) SELECT {_KEPT} FROM identity_checks_before"  # noqa: S608
        " ORDER BY at, check_id"
    )
    op.drop_table("identity_checks_before")
