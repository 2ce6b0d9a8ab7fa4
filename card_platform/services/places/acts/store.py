"""Tables and SQL of acts, of the places taken in slots, and of what a holder's limits hang on."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError

from card_platform.services.places.acts.model import UNDONE, Act, ActState
from card_platform.storage import Page, Paged, Statement, Transaction, page_of
from card_platform.storage.history import History
from card_platform.storage.schema import METADATA

_LENT = text("state = 'lent'")

OFFER_ACTS = Table(
    "offer_acts",
    METADATA,
    Column("act_id", String, primary_key=True),
    Column("offer_id", String, ForeignKey("offers.offer_id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("holder", String, nullable=False),
    Column("region", String, nullable=False),
    Column("card_number", String, nullable=False),
    Column("card_id", String, ForeignKey("cards.card_id")),
    Column("means", String, nullable=False),
    Column("agreement", String),
    Column("state", String, nullable=False),
    Column("day", String, nullable=False),
    Column("begun_at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("opens", String),
    Column("listed_fen", BigInteger, nullable=False),
    Column("concession", String),
    Column("percent", Integer, nullable=False),
    Column("subsidy_fen", BigInteger, nullable=False),
    Column("payer", String),
    Column("charged_fen", BigInteger, nullable=False),
    Column("pay", String),
    Column("copy", String),
    Column("due_on", String),
    Column("renewals", Integer, nullable=False),
    Column("ended_at", String),
    Column("returned_in", String),
    Index("ix_offer_acts_of_holder", "offer_id", "holder", "day"),
    Index("ix_offer_acts_of_card", "card_id", "act_id"),
    Index("uq_offer_acts_lent", "copy", unique=True, sqlite_where=_LENT, postgresql_where=_LENT),
)
"""`uq_offer_acts_lent`: a copy is lent to one reader at a time, whoever is quicker."""
CHANGES = History("offer_act_changes", "offer_acts.act_id", "reason")

OFFER_SLOTS = Table(
    "offer_slots",
    METADATA,
    Column("offer_id", String, ForeignKey("offers.offer_id"), nullable=False),
    Column("day", String, nullable=False),
    Column("opens", String, nullable=False),
    Column("taken", Integer, nullable=False),
    PrimaryKeyConstraint("offer_id", "day", "opens"),
)
OFFER_HOLDERS = Table(
    "offer_holders",
    METADATA,
    Column("offer_id", String, ForeignKey("offers.offer_id"), nullable=False),
    Column("holder", String, nullable=False),
    Column("registered_at", String),
    PrimaryKeyConstraint("offer_id", "holder"),
)
"""A row for each holder an offer has seen: held while a limit is asked; of a reader with since when
they are registered.
"""
_SEE_HOLDER = Statement(
    "INSERT INTO offer_holders (offer_id, holder) VALUES (:offer_id, :holder)"
    " ON CONFLICT (offer_id, holder) DO NOTHING"
)
_HOLD_HOLDER = Statement(
    "SELECT registered_at FROM offer_holders WHERE offer_id = :offer_id AND holder = :holder",
    locks_rows=True,
)
_OPEN_SLOT = Statement(
    "INSERT INTO offer_slots (offer_id, day, opens, taken) VALUES (:offer_id, :day, :opens, 0)"
    " ON CONFLICT (offer_id, day, opens) DO NOTHING"
)
_TAKE_PLACE = Statement(
    "UPDATE offer_slots SET taken = taken + 1"
    " WHERE offer_id = :offer_id AND day = :day AND opens = :opens AND taken < :places"
)
_GIVE_PLACE = Statement(
    "UPDATE offer_slots SET taken = taken - 1"
    " WHERE offer_id = :offer_id AND day = :day AND opens = :opens"
)


def add(tx: Transaction, act: Act) -> bool:
    """Save a new act; False where its copy is lent already (the transaction must be refused)."""
    try:
        tx.execute(insert(OFFER_ACTS).values(msgspec.structs.asdict(act)))
    except IntegrityError:
        return False
    return True


def save(tx: Transaction, act: Act) -> None:
    """Save what became of an act."""
    by_id = OFFER_ACTS.c.act_id == act.act_id
    tx.execute(update(OFFER_ACTS).where(by_id).values(msgspec.structs.asdict(act)))


def find(tx: Transaction, act_id: str, *, to_change: bool = False) -> Act | None:
    """The act of that id; with `to_change` locked until the transaction ends."""
    return _one(tx, OFFER_ACTS.c.act_id == act_id, to_change=to_change)


def find_lent(tx: Transaction, copy: str) -> Act | None:
    """The loan of a copy that is lent, locked until the transaction ends."""
    return _one(tx, OFFER_ACTS.c.copy == copy, OFFER_ACTS.c.state == ActState.LENT, to_change=True)


def booked_of(tx: Transaction, offer_id: str, holder: str, day: str) -> list[Act]:
    """A holder's bookings of a day, in the order of their slots; the holder is held."""
    columns = OFFER_ACTS.c
    query = (
        select(OFFER_ACTS)
        .where(columns.offer_id == offer_id, columns.holder == holder, columns.day == day)
        .where(columns.state == ActState.BOOKED)
        .order_by(columns.opens)
        .with_for_update()
    )
    return [_act(dict(row._mapping)) for row in tx.execute(query)]


def in_state(tx: Transaction, offer_id: str, holder: str, state: ActState) -> list[Act]:
    """A holder's acts on an offer in one state; the holder is held."""
    columns = OFFER_ACTS.c
    query = select(OFFER_ACTS).where(
        columns.offer_id == offer_id, columns.holder == holder, columns.state == state
    )
    return [_act(dict(row._mapping)) for row in tx.execute(query.order_by(columns.act_id))]


def count_of(
    tx: Transaction, offer_id: str, holder: str, day_or_year: str, *, subsidised: bool = False
) -> int:
    """A holder's acts on an offer in a day or a year that were not undone; the holder is held."""
    columns = OFFER_ACTS.c
    query = select(func.count()).where(
        columns.offer_id == offer_id,
        columns.holder == holder,
        columns.day.startswith(day_or_year),
        columns.state.not_in(UNDONE),
    )
    if subsidised:
        query = query.where(columns.subsidy_fen > 0)
    return int(tx.execute(query).scalar_one())


def page_of_card(tx: Transaction, card_id: str, page: Page) -> Paged[Act]:
    """A page of a card's acts, the latest first."""
    columns = OFFER_ACTS.c
    query = select(OFFER_ACTS).where(columns.card_id == card_id)
    return page_of(tx, query, [columns.act_id], page, latest_first=True).made(_act)


def hold_holder(tx: Transaction, offer_id: str, holder: str) -> str | None:
    """Since when a holder is registered; the holder's limits are kept until the request ends."""
    named = {"offer_id": offer_id, "holder": holder}
    tx.run(_SEE_HOLDER, named)
    registered_at: str | None = tx.rows(_HOLD_HOLDER, named)[0][0]
    return registered_at


def save_registration(tx: Transaction, offer_id: str, holder: str, at: str) -> None:
    """A holder is a reader from now on; the holder is held."""
    one = (OFFER_HOLDERS.c.offer_id == offer_id) & (OFFER_HOLDERS.c.holder == holder)
    tx.execute(update(OFFER_HOLDERS).where(one).values(registered_at=at))


def take_place(tx: Transaction, offer_id: str, day: str, opens: str, places: int) -> bool:
    """Take one of so many places; False where none is left."""
    named = {"offer_id": offer_id, "day": day, "opens": opens}
    tx.run(_OPEN_SLOT, named)
    return tx.run(_TAKE_PLACE, {**named, "places": places}) == 1


def give_place_back(tx: Transaction, act: Act) -> None:
    """The place of an act is free again."""
    tx.run(_GIVE_PLACE, {"offer_id": act.offer_id, "day": act.day, "opens": act.opens})


def taken_on(tx: Transaction, offer_id: str, day: str) -> dict[str, int]:
    """Places taken of each slot of a day."""
    columns = OFFER_SLOTS.c
    query = select(columns.opens, columns.taken).where(
        columns.offer_id == offer_id, columns.day == day
    )
    return {str(row[0]): int(row[1]) for row in tx.select(query)}


def _one(tx: Transaction, *which: ColumnElement[bool], to_change: bool) -> Act | None:
    query = select(OFFER_ACTS).where(*which)
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    return None if row is None else _act(dict(row._mapping))


def _act(values: dict[str, Any]) -> Act:
    return Act(**{**values, "state": ActState(values["state"])})
