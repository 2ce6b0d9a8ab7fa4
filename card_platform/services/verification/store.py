"""Tables and SQL of verifications and challenges."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Index, Select, String, Table, insert, select, update

from card_platform.issuance.lifecycle import CardState
from card_platform.issuance.store import CARDS, ELECTRONIC_CARDS, PERSONS
from card_platform.services.verification.model import Challenge, FoundHolder
from card_platform.storage import Transaction
from card_platform.storage.schema import METADATA

VERIFICATIONS = Table(
    "identity_verifications",
    METADATA,
    Column("verification_id", String, primary_key=True),
    Column("card_id", String),
    Column("activity", String, nullable=False),
    Column("place", String, nullable=False),
    Column("means", String, nullable=False),
    Column("result", String, nullable=False),
    Column("reason", String),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Index("ix_identity_verifications_card_id", "card_id"),
)
CHALLENGES = Table(
    "identity_challenges",
    METADATA,
    Column("challenge_id", String, primary_key=True),
    Column("process", String, nullable=False),
    Column("original", String, nullable=False),
    Column("ends_at", String, nullable=False),
    Column("used_at", String),
)

_HOLDERS = select(
    CARDS.c.card_id,
    CARDS.c.card_number,
    CARDS.c.historical_bytes,
    CARDS.c.state,
    CARDS.c.person_id,
    PERSONS.c.name,
).join(PERSONS, PERSONS.c.person_id == CARDS.c.person_id)


def find_by_number(tx: Transaction, card_number: str) -> FoundHolder | None:
    """The holder of the card of that number."""
    return _holder(tx, _HOLDERS.where(CARDS.c.card_number == card_number))


def find_by_electronic_card(tx: Transaction, electronic_card_id: str) -> FoundHolder | None:
    """The holder of that electronic card."""
    joined = _HOLDERS.join(ELECTRONIC_CARDS, ELECTRONIC_CARDS.c.card_id == CARDS.c.card_id)
    named = ELECTRONIC_CARDS.c.electronic_card_id == electronic_card_id
    return _holder(tx, joined.where(named))


def find_chip(tx: Transaction, historical_bytes: str) -> tuple[str, str] | None:
    """Card and region of the chip with these historical bytes."""
    query = select(CARDS.c.card_id, CARDS.c.region)
    rows = tx.select(query.where(CARDS.c.historical_bytes == historical_bytes))
    return (rows[0][0], rows[0][1]) if rows else None


def add_verification(tx: Transaction, **values: str | None) -> None:
    """Save one verification."""
    tx.execute(insert(VERIFICATIONS).values(**values))


def add_challenge(tx: Transaction, challenge: Challenge) -> None:
    """Save a challenge."""
    tx.execute(
        insert(CHALLENGES).values(
            challenge_id=challenge.challenge_id,
            process=challenge.process.hex(),
            original=challenge.original.hex(),
            ends_at=challenge.ends_at,
        )
    )


def use_challenge(tx: Transaction, challenge_id: str, now: str) -> Challenge | None:
    """The challenge, used up by this; None where it is unknown, used or past its end."""
    named = (CHALLENGES.c.challenge_id == challenge_id) & CHALLENGES.c.used_at.is_(None)
    fresh = named & (CHALLENGES.c.ends_at >= now)
    if not tx.execute(update(CHALLENGES).where(fresh).values(used_at=now)).rowcount:
        return None
    query = select(CHALLENGES).where(CHALLENGES.c.challenge_id == challenge_id)
    row = tx.execute(query).one()
    return Challenge(
        row.challenge_id, bytes.fromhex(row.process), bytes.fromhex(row.original), row.ends_at
    )


def _holder(tx: Transaction, query: Select[Any]) -> FoundHolder | None:
    rows = tx.select(query)
    if not rows:
        return None
    card_id, card_number, chip, state, person_id, name = rows[0]
    return FoundHolder(card_id, card_number, chip, CardState(state), person_id, name)
