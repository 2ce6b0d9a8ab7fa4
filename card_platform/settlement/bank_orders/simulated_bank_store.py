"""Tables and SQL of the simulated banks: a book of their own, and how they behave."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    String,
    Table,
    func,
    insert,
    select,
    update,
)

from card_platform.storage import Statement, Transaction
from card_platform.storage.schema import METADATA

CREDITS = Table(
    "simulated_bank_credits",
    METADATA,
    Column("order_id", String, primary_key=True),
    Column("bank", String, nullable=False),
    Column("contract_id", String, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("refused_because", String),
    Column("settles_at", String, nullable=False),
    Column("returns_at", String),
    Column("return_reason", String),
    Column("told_return", Integer, nullable=False),
    Index("ix_simulated_bank_credits_returns", "bank", "told_return", "returns_at"),
)
CONDUCTS = Table(
    "simulated_bank_conducts",
    METADATA,
    Column("bank", String, primary_key=True),
    Column("conduct", String, nullable=False),
)
_KEEP = Statement(
    "INSERT INTO simulated_bank_conducts (bank, conduct) VALUES (:bank, :conduct)"
    " ON CONFLICT (bank) DO UPDATE SET conduct = :conduct"
)


def add(tx: Transaction, **row: object) -> None:
    """Enter an order."""
    tx.execute(insert(CREDITS).values(row))


def find(tx: Transaction, order_id: str) -> dict[str, Any] | None:
    """The order as the bank has it."""
    row = tx.execute(select(CREDITS).where(CREDITS.c.order_id == order_id)).one_or_none()
    return None if row is None else dict(row._mapping)


def take_returns(tx: Transaction, bank: str, now: str) -> list[tuple[str, str, int, str]]:
    """Orders that come back by now: why, how much, when; each is told once."""
    due = (CREDITS.c.bank == bank, CREDITS.c.told_return == 0, CREDITS.c.returns_at <= now)
    told = (CREDITS.c.order_id, CREDITS.c.return_reason, CREDITS.c.amount_fen, CREDITS.c.returns_at)
    query = select(*told).where(*due)
    found = tx.select(query.order_by(CREDITS.c.order_id))
    if found:
        taken = CREDITS.c.order_id.in_([row[0] for row in found])
        tx.execute(update(CREDITS).where(taken).values(told_return=1))
    return [(row[0], row[1], row[2], row[3]) for row in found]


def booked_on(
    tx: Transaction, bank: str, day: str
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """What it booked on a day: orders (id, fen, why refused, moment), returns (id, fen, moment)."""
    of_bank = CREDITS.c.bank == bank
    orders = select(
        CREDITS.c.order_id, CREDITS.c.amount_fen, CREDITS.c.refused_because, CREDITS.c.settles_at
    ).where(of_bank, func.substr(CREDITS.c.settles_at, 1, 10) == day)
    returns = select(CREDITS.c.order_id, CREDITS.c.amount_fen, CREDITS.c.returns_at)
    returns = returns.where(of_bank, func.substr(CREDITS.c.returns_at, 1, 10) == day)
    return tx.select(orders), tx.select(returns)


def find_conduct(tx: Transaction, bank: str) -> str | None:
    """How it behaves, as kept."""
    rows = tx.select(select(CONDUCTS.c.conduct).where(CONDUCTS.c.bank == bank))
    return rows[0][0] if rows else None


def keep_conduct(tx: Transaction, bank: str, conduct: str) -> None:
    """Keep how it behaves."""
    tx.run(_KEEP, {"bank": bank, "conduct": conduct})
