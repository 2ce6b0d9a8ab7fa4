"""Table and SQL of identity checks; the check is a hot path, hence prepared text."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Table

from card_platform.services.identity.model import Verdict
from card_platform.storage import Statement, Transaction
from card_platform.storage.filed_index import FiledIndex
from card_platform.storage.schema import METADATA

IDENTITY_CHECKS = Table(
    "identity_checks",
    METADATA,
    Column(
        "number",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    Column("check_id", String, nullable=False, unique=True),
    Column("card_id", String),
    Column("purpose", String, nullable=False),
    Column("result", String, nullable=False),
    Column("reason", String),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("carrier", String, nullable=False, server_default="card"),
)
CHECKS_OF_CARD = FiledIndex("identity_checks_of_card", IDENTITY_CHECKS, "card_id")

_ADD = Statement(
    'INSERT INTO identity_checks (check_id, card_id, purpose, result, reason, at, "by",'
    " carrier) VALUES (:check_id, :card_id, :purpose, :result, :reason, :at, :by, :carrier)"
)


def add_check(
    transaction: Transaction,
    *,
    check_id: str,
    card_id: str | None,
    purpose: str,
    verdict: Verdict,
    at: str,
    by: str,
    carrier: str,
) -> None:
    """Save one check."""
    transaction.later(
        _ADD,
        {
            "check_id": check_id,
            "card_id": card_id,
            "purpose": purpose,
            "result": verdict.result,
            "reason": verdict.reason,
            "at": at,
            "by": by,
            "carrier": carrier,
        },
    )
