"""Table and SQL of the last change of each person's payout account."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table

from card_platform.storage import Statement, Transaction
from card_platform.storage.schema import METADATA

ACCOUNT_CHANGES = Table(
    "payout_account_changes",
    METADATA,
    Column("person_id", String, ForeignKey("persons.person_id"), primary_key=True),
    Column("changed_at", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("told_by", String, nullable=False),
)
"""`channel` is `counter` or `online`; `told_by` who reported it."""
_NOTE = Statement(
    "INSERT INTO payout_account_changes (person_id, changed_at, channel, told_by)"
    " VALUES (:person_id, :changed_at, :channel, :told_by)"
    " ON CONFLICT (person_id) DO UPDATE SET changed_at = excluded.changed_at,"
    " channel = excluded.channel, told_by = excluded.told_by"
    " WHERE excluded.changed_at >= payout_account_changes.changed_at"
)
_SINCE = Statement(
    "SELECT person_id, changed_at, channel FROM payout_account_changes"
    " WHERE person_id IN EACH(:persons) AND changed_at >= :since"
)
_BEFORE = Statement(
    "SELECT card.person_id FROM cards AS card"
    " JOIN cards AS other ON other.person_id = card.person_id"
    " JOIN bank_contracts ON bank_contracts.card_id = other.card_id"
    " WHERE card.card_id = :card_id AND bank_contracts.loaded_at IS NOT NULL"
    " AND bank_contracts.contract_id <> :contract_id LIMIT 1"
)


def note(tx: Transaction, person_id: str, changed_at: str, channel: str, by: str) -> None:
    """Keep the latest change of a person's account."""
    values = {"person_id": person_id, "changed_at": changed_at, "channel": channel}
    tx.run(_NOTE, values | {"told_by": by})


def changed_since(tx: Transaction, persons: list[str], since: str) -> list[tuple[str, str, str]]:
    """Person, moment and channel of changes since then, of these people."""
    rows = tx.rows_of_each(_SINCE, {"persons": persons, "since": since})
    return [(row[0], row[1], row[2]) for row in rows]


def holder_with_another_account(tx: Transaction, card_id: str, contract_id: str) -> str | None:
    """The holder of the card, if they had an account before that of this contract."""
    rows = tx.rows(_BEFORE, {"card_id": card_id, "contract_id": contract_id})
    return rows[0][0] if rows else None
