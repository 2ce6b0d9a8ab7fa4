"""How far the virtual clock is ahead: one row, none while it was never moved."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import BigInteger, Column, String, Table, delete, insert, select

from card_platform.storage import Transaction
from card_platform.storage.schema import METADATA

VIRTUAL_CLOCK = Table(
    "virtual_clock",
    METADATA,
    Column("name", String, primary_key=True),
    Column("ahead_ms", BigInteger, nullable=False),
)
_NAME = "platform"


def ahead(tx: Transaction) -> timedelta:
    """How far the clock is ahead."""
    found = tx.execute(select(VIRTUAL_CLOCK.c.ahead_ms)).scalar()
    return timedelta(milliseconds=found or 0)


def keep_ahead(tx: Transaction, value: timedelta) -> None:
    """Keep it."""
    tx.execute(delete(VIRTUAL_CLOCK))
    milliseconds = value // timedelta(milliseconds=1)
    tx.execute(insert(VIRTUAL_CLOCK).values(name=_NAME, ahead_ms=milliseconds))
