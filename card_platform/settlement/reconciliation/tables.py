"""Tables of reconciliation."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, Integer, String, Table, text

from card_platform.storage.schema import METADATA

IS_LEFT = text("state IN ('open', 'proposed')")
"""A difference that is still to be worked off."""

MOVEMENTS = Table(
    "bank_movements",
    METADATA,
    Column("bank", String, primary_key=True),
    Column("reference", String, primary_key=True),
    Column("stage", String, primary_key=True),
    Column("day", String, nullable=False),
    Column("result", String, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("at", String, nullable=False),
    Index("ix_bank_movements_of_day", "bank", "day", "reference", "stage"),
)
STATEMENTS = Table(
    "bank_statements",
    METADATA,
    Column("bank", String, primary_key=True),
    Column("day", String, primary_key=True),
    Column("digest", String, nullable=False),
    Column("state", String, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("sum_fen", BigInteger, nullable=False),
    Column("brought_by", String, nullable=False),
    Column("brought_at", String, nullable=False),
    Column("read_to", Integer, nullable=False),
    Column("own_lines", Integer, nullable=False),
    Column("own_sum_fen", BigInteger, nullable=False),
    Column("matched", Integer, nullable=False),
    Column("closed_by", String),
    Column("closed_at", String),
)
STATEMENT_LINES = Table(
    "bank_statement_lines",
    METADATA,
    Column("bank", String, primary_key=True),
    Column("day", String, primary_key=True),
    Column("reference", String, primary_key=True),
    Column("stage", String, primary_key=True),
    Column("result", String, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("at", String, nullable=False),
    ForeignKeyConstraint(["bank", "day"], ["bank_statements.bank", "bank_statements.day"]),
)
DIFFERENCES = Table(
    "bank_differences",
    METADATA,
    Column("difference_id", String, primary_key=True),
    Column("bank", String, nullable=False),
    Column("day", String, nullable=False),
    Column("reference", String, nullable=False),
    Column("stage", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("own_result", String),
    Column("own_fen", BigInteger),
    Column("bank_result", String),
    Column("bank_fen", BigInteger),
    Column("state", String, nullable=False),
    Column("found_at", String, nullable=False),
    Column("account", String),
    Column("proposed_by", String),
    Column("transfer_id", String),
    Column("reason", String),
    Index("uq_bank_differences_line", "bank", "day", "reference", "stage", unique=True),
    Index(
        "ix_bank_differences_left",
        "difference_id",
        sqlite_where=IS_LEFT,
        postgresql_where=IS_LEFT,
    ),
)
