"""The table of the audit. Rows are added, never changed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Table

from card_platform.storage import Statement, Transaction
from card_platform.storage.schema import METADATA

AUDIT_RECORDS = Table(
    "audit_records",
    METADATA,
    Column(
        "number",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("action", String, nullable=False),
    Column("card_id", String),
    Column("detail", String, nullable=False),
)

_ADD = Statement(
    'INSERT INTO audit_records (at, "by", action, card_id, detail)'
    " VALUES (:at, :by, :action, :card_id, :detail)"
)


def add_record(transaction: Transaction, **values: str | None) -> None:
    """Add one row."""
    transaction.run(_ADD, dict(values))
