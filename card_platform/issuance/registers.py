"""Registers of issuance: what was recorded of a card beside its state.

Functions and PIN, loss reports, freezes, successions (which card came after which), hand-overs
(accepted at one site, collected at another), mandates of agents, cancellations, destructions,
changes of holder data, commands that reset a PIN and are not reported yet. Each is a table with the
few statements it needs. A card has at most one successor: the old card is the key of its
succession.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Column, ForeignKey, Index, String, Table, select

from card_platform.issuance.lifecycle import FunctionState, PinState
from card_platform.storage import Page, Paged, Statement, Transaction, page_of
from card_platform.storage.schema import METADATA

Shape = TypeVar("Shape", bound=msgspec.Struct)


def _card_key() -> Column[str]:
    return Column("card_id", String, ForeignKey("cards.card_id"), primary_key=True)


CARD_FUNCTIONS = Table(
    "card_functions",
    METADATA,
    _card_key(),
    Column("pin", String, nullable=False),
    Column("social_security", String, nullable=False),
    Column("financial", String, nullable=False),
    Column("since", String, nullable=False),
)
LOSS_REPORTS = Table(
    "loss_reports",
    METADATA,
    Column("report_id", String, primary_key=True),
    Column("card_id", String, ForeignKey("cards.card_id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("ends_at", String),
    Column("ended_at", String),
    Index("ix_loss_reports_card_id", "card_id"),
    Index("ix_loss_reports_ends_at", "ends_at"),
)
FREEZES = Table(
    "freezes",
    METADATA,
    Column("freeze_id", String, primary_key=True),
    Column("card_id", String, ForeignKey("cards.card_id"), nullable=False),
    Column("ground", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("decision", String),
    Column("decided_at", String),
    Column("decided_by", String),
    Index("ix_freezes_card_id", "card_id"),
)
SUCCESSIONS = Table(
    "successions",
    METADATA,
    Column("old_card_id", String, ForeignKey("cards.card_id"), primary_key=True),
    Column("new_card_id", String, ForeignKey("cards.card_id"), nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
)
HAND_OVERS = Table(
    "hand_overs",
    METADATA,
    _card_key(),
    Column("channel", String, nullable=False),
    Column("accepted_at_site", String, nullable=False),
    Column("collection_site", String, nullable=False),
    Column("collected_at", String),
    Column("collected_by", String),
)
MANDATES = Table(
    "mandates",
    METADATA,
    Column("application_id", String, ForeignKey("applications.application_id"), primary_key=True),
    Column("agent_document_kind", String, nullable=False),
    Column("agent_document_number", String, nullable=False),
    Column("mandate_number", String, nullable=False),
    Column("valid_until", String, nullable=False),
)
CANCELLATIONS = Table(
    "cancellations",
    METADATA,
    _card_key(),
    Column("reason", String, nullable=False),
    Column("evidence", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
)
DESTRUCTIONS = Table(
    "destructions",
    METADATA,
    _card_key(),
    Column("method", String, nullable=False),
    Column("witness", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
)
HOLDER_CHANGES = Table(
    "holder_changes",
    METADATA,
    Column("change_id", String, primary_key=True),
    Column("person_id", String, ForeignKey("persons.person_id"), nullable=False),
    Column("fields", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Index("ix_holder_changes_person_id", "person_id"),
)
PIN_RESET_COMMANDS = Table(
    "pin_reset_commands",
    METADATA,
    _card_key(),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
)

_ADD_FUNCTIONS = Statement(
    "INSERT INTO card_functions (card_id, pin, social_security, financial, since)"
    " VALUES (:card_id, 'initial', 'closed', 'closed', :since)"
)


@dataclass(frozen=True, slots=True)
class CardFunctions:
    """Where PIN, social-security function and financial function of a card stand."""

    pin: PinState
    social_security: FunctionState
    financial: FunctionState


def add_functions(tx: Transaction, card_id: str, since: str) -> None:
    """The functions of a new card: closed, the PIN as made."""
    tx.run(_ADD_FUNCTIONS, {"card_id": card_id, "since": since})


def functions_of(tx: Transaction, card_id: str) -> CardFunctions:
    """The functions of a card that exists."""
    row = tx.execute(select(CARD_FUNCTIONS).where(CARD_FUNCTIONS.c.card_id == card_id)).one()
    return CardFunctions(
        PinState(row.pin), FunctionState(row.social_security), FunctionState(row.financial)
    )


def save_functions(tx: Transaction, card_id: str, held: CardFunctions, since: str) -> None:
    """Save where they stand."""
    tx.execute(
        CARD_FUNCTIONS.update()
        .where(CARD_FUNCTIONS.c.card_id == card_id)
        .values(
            pin=held.pin,
            social_security=held.social_security,
            financial=held.financial,
            since=since,
        )
    )


def add_row(tx: Transaction, register: Table, **values: str | None) -> None:
    """Add one row to a register."""
    tx.execute(register.insert().values(**values))


def keep_pin_reset_command(tx: Transaction, card_id: str, at: str, by: str) -> None:
    """A command that resets the PIN of this card was made; one made before is forgotten."""
    take_pin_reset_command(tx, card_id)
    add_row(tx, PIN_RESET_COMMANDS, card_id=card_id, at=at, by=by)


def take_pin_reset_command(tx: Transaction, card_id: str) -> bool:
    """Whether such a command was made and not reported yet; from now on it is reported."""
    of_card = PIN_RESET_COMMANDS.c.card_id == card_id
    return bool(tx.execute(PIN_RESET_COMMANDS.delete().where(of_card)).rowcount)


def end_loss_reports(tx: Transaction, card_id: str, at: str) -> None:
    """Every loss report of the card that was open has ended."""
    tx.execute(
        LOSS_REPORTS.update()
        .where(LOSS_REPORTS.c.card_id == card_id, LOSS_REPORTS.c.ended_at.is_(None))
        .values(ended_at=at)
    )


def cards_with_ended_oral_reports(tx: Transaction, now: str, most: int) -> list[str]:
    """Cards whose oral loss report is over by now, so many at most."""
    query = select(LOSS_REPORTS.c.card_id).where(
        LOSS_REPORTS.c.ends_at <= now, LOSS_REPORTS.c.ended_at.is_(None)
    )
    return list(tx.execute(query.order_by(LOSS_REPORTS.c.ends_at).limit(most)).scalars())


def decide_freezes(tx: Transaction, card_id: str, decision: str, at: str, by: str) -> None:
    """Write the decision to the card's freeze that has none."""
    tx.execute(
        FREEZES.update()
        .where(FREEZES.c.card_id == card_id, FREEZES.c.decided_at.is_(None))
        .values(decision=decision, decided_at=at, decided_by=by)
    )


def collection_site_of(tx: Transaction, card_id: str) -> str | None:
    """Where the card is to be collected; None for a card of before such records."""
    query = select(HAND_OVERS.c.collection_site).where(HAND_OVERS.c.card_id == card_id)
    return tx.execute(query).scalar()


def collection_sites_of(tx: Transaction, card_ids: Sequence[str]) -> dict[str, str]:
    """Where each of these cards is to be collected; one of before such records is left out."""
    columns = HAND_OVERS.c
    query = select(columns.card_id, columns.collection_site).where(columns.card_id.in_(card_ids))
    return {row.card_id: row.collection_site for row in tx.execute(query)}


def hand_over(tx: Transaction, card_id: str, at: str, by: str) -> None:
    """The card was collected."""
    tx.execute(
        HAND_OVERS.update()
        .where(HAND_OVERS.c.card_id == card_id)
        .values(collected_at=at, collected_by=by)
    )


def is_destroyed(tx: Transaction, card_id: str) -> bool:
    """Whether the destruction of the card is on record."""
    query = select(DESTRUCTIONS.c.card_id).where(DESTRUCTIONS.c.card_id == card_id)
    return tx.execute(query).first() is not None


def rows_of(tx: Transaction, register: Table, card_id: str, shape: type[Shape]) -> list[Shape]:
    """What a register holds of a card, oldest first, as that struct (by column names)."""
    query = select(register).where(register.c.card_id == card_id)
    ordered = query.order_by(register.c.at) if "at" in register.c else query
    return [_shaped(row._mapping, shape) for row in tx.execute(ordered)]


def page_of_rows(
    tx: Transaction, register: Table, card_id: str, page: Page, shape: type[Shape]
) -> Paged[Shape]:
    """A page of what a register holds of a card, the latest first."""
    query = select(register).where(register.c.card_id == card_id)
    keys = [register.c.at, *register.primary_key.columns]
    found = page_of(tx, query, keys, page, latest_first=True)
    return found.made(lambda row: _shaped(row, shape))


def succession_of(tx: Transaction, card_id: str) -> tuple[str | None, str | None]:
    """The card this one came after, and the one that came after it."""
    before = select(SUCCESSIONS.c.old_card_id).where(SUCCESSIONS.c.new_card_id == card_id)
    after = select(SUCCESSIONS.c.new_card_id).where(SUCCESSIONS.c.old_card_id == card_id)
    return tx.execute(before).scalar(), tx.execute(after).scalar()


def _shaped(row: Mapping[Any, Any], shape: type[Shape]) -> Shape:
    return msgspec.convert({str(name): value for name, value in row.items()}, shape)
