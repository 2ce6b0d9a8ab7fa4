"""Tables and SQL of schemes, their holders and the functions given to chips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Row,
    String,
    Table,
    UniqueConstraint,
    exists,
    func,
    select,
    update,
)

from card_platform.issuance.store import CARDS
from card_platform.regions.schemes.function_life import STANDING, FunctionState
from card_platform.regions.schemes.model import (
    Origin,
    Scheme,
    SchemeHolder,
    SchemeProgress,
    SchemeState,
)
from card_platform.storage import Page, Paged, Transaction, page_of
from card_platform.storage.schema import METADATA

SCHEMES = Table(
    "card_schemes",
    METADATA,
    Column("scheme_id", String, primary_key=True),
    Column("name_zh", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("scene", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("origin", String, nullable=False),
    Column("document", String),
    Column("state", String, nullable=False),
    Column("item_id", String, ForeignKey("catalogue_items.item_id")),
    Column("uses", String, nullable=False),
)
HOLDERS = Table(
    "scheme_holders",
    METADATA,
    Column("scheme_id", String, ForeignKey("card_schemes.scheme_id"), nullable=False),
    Column("scheme_number", String, nullable=False),
    Column("card_number", String),
    Column("moved_at", String),
    Column("function_state", String),
    Column("end_reason", String),
    PrimaryKeyConstraint("scheme_id", "scheme_number"),
    UniqueConstraint("scheme_id", "card_number", name="uq_scheme_holders_card"),
    Index("ix_scheme_holders_of_card", "card_number", "scheme_id"),
)
_SCHEME = [each for each in SCHEMES.c if each.name != "uses"]
FUNCTION_WRITINGS = Table(
    "function_writings",
    METADATA,
    Column("writing_id", String, primary_key=True),
    Column("scheme_id", String, nullable=False),
    Column("scheme_number", String, nullable=False),
    Column("card_id", String, ForeignKey("cards.card_id"), nullable=False),
    Column("what", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("status", String),
    Column("reported_at", String),
    ForeignKeyConstraint(
        ["scheme_id", "scheme_number"],
        ["scheme_holders.scheme_id", "scheme_holders.scheme_number"],
        name="fk_function_writings_holder",
    ),
    Index("ix_function_writings_of_card", "card_id", "scheme_id"),
)
_HOLDER = [
    HOLDERS.c.scheme_number,
    HOLDERS.c.card_number,
    HOLDERS.c.moved_at,
    HOLDERS.c.function_state,
    HOLDERS.c.end_reason,
]


class Chip(NamedTuple):
    """The card with a chip; `valid_until` is YYYY-MM-DD."""

    card_id: str
    card_number: str
    state: str
    valid_until: str


class FunctionWriting(NamedTuple):
    """A command given for a chip; `status` is what the card answered, None until it is told."""

    scheme_id: str
    scheme_number: str
    card_id: str
    what: str
    by: str
    status: str | None


def add_scheme(tx: Transaction, scheme: Scheme, uses: Sequence[str]) -> None:
    """Save a new scheme."""
    told = msgspec.json.encode(list(uses)).decode()
    tx.execute(SCHEMES.insert().values(**asdict(scheme), uses=told))


def find_scheme(tx: Transaction, scheme_id: str, *, to_change: bool = False) -> Scheme | None:
    """The scheme; with `to_change`, others wait until this request ends."""
    query = select(*_SCHEME).where(SCHEMES.c.scheme_id == scheme_id)
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    return _read(row) if row is not None else None


def schemes(tx: Transaction, page: Page) -> Paged[Scheme]:
    """A page of all schemes, oldest first."""
    return page_of(tx, select(*_SCHEME), [SCHEMES.c.scheme_id], page).made(_scheme)


def uses_of(tx: Transaction, scheme_id: str) -> list[str]:
    """What the scheme is used for."""
    text = tx.execute(select(SCHEMES.c.uses).where(SCHEMES.c.scheme_id == scheme_id)).scalar_one()
    return msgspec.json.decode(text, type=list[str])


def save_scheme(tx: Transaction, scheme: Scheme) -> None:
    """Save its state and the item it is merged into."""
    row = SCHEMES.c.scheme_id == scheme.scheme_id
    tx.execute(update(SCHEMES).where(row).values(state=scheme.state.value, item_id=scheme.item_id))


def add_holder(tx: Transaction, scheme_id: str, number: str) -> None:
    """Enter a holder, once."""
    if find_holder(tx, scheme_id, number) is None:
        tx.execute(HOLDERS.insert().values(scheme_id=scheme_id, scheme_number=number))


def find_holder(
    tx: Transaction, scheme_id: str, number: str, *, to_change: bool = False
) -> SchemeHolder | None:
    """Who holds the number of the scheme; with `to_change`, others wait for this request."""
    query = select(*_HOLDER).where(_holder(scheme_id, number))
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    return _holder_of(row) if row is not None else None


def find_loaded(tx: Transaction, scheme_id: str, card_number: str) -> SchemeHolder | None:
    """Whose function is loaded on the card."""
    mine = (HOLDERS.c.scheme_id == scheme_id) & (HOLDERS.c.card_number == card_number)
    row = tx.execute(select(*_HOLDER).where(mine)).one_or_none()
    return _holder_of(row) if row is not None else None


def move_holder(
    tx: Transaction, scheme_id: str, number: str, card_number: str, moved_at: str
) -> None:
    """The function is on the card from now on."""
    values = {"card_number": card_number, "moved_at": moved_at}
    bound = {"function_state": FunctionState.BOUND.value, "end_reason": None}
    tx.execute(update(HOLDERS).where(_holder(scheme_id, number)).values(values | bound))


def release_card(tx: Transaction, scheme_id: str, number: str) -> None:
    """A holder whose function ended leaves the card to another."""
    values = {"card_number": None, "function_state": FunctionState.ENDED.value}
    tx.execute(update(HOLDERS).where(_holder(scheme_id, number)).values(values))


def save_function_state(tx: Transaction, scheme_id: str, number: str, state: FunctionState) -> None:
    """Save how far the function of a holder went."""
    changed = update(HOLDERS).where(_holder(scheme_id, number))
    tx.execute(changed.values(function_state=state.value))


def save_end_reason(tx: Transaction, scheme_id: str, number: str, reason: str) -> None:
    """Save why the function of a holder ended."""
    tx.execute(update(HOLDERS).where(_holder(scheme_id, number)).values(end_reason=reason))


def find_chip(tx: Transaction, historical_bytes: str) -> Chip | None:
    """The card with these historical bytes."""
    cards = CARDS.c
    query = select(cards.card_id, cards.card_number, cards.state, cards.valid_until)
    rows = tx.select(query.where(cards.historical_bytes == historical_bytes))
    return Chip(*rows[0]) if rows else None


def card_of_number(tx: Transaction, card_number: str) -> str | None:
    """The id of the card with that number."""
    query = select(CARDS.c.card_id).where(CARDS.c.card_number == card_number)
    found: str | None = tx.execute(query).scalar()
    return found


def number_of_card(tx: Transaction, card_id: str) -> str | None:
    """The number of the card with that id."""
    query = select(CARDS.c.card_number).where(CARDS.c.card_id == card_id)
    found: str | None = tx.execute(query).scalar()
    return found


def add_writing(tx: Transaction, **values: str) -> None:
    """Save that a command for a chip was given."""
    tx.execute(FUNCTION_WRITINGS.insert().values(**values))


def find_writing(tx: Transaction, writing_id: str) -> FunctionWriting | None:
    """The command given, locked until the transaction ends."""
    columns = FUNCTION_WRITINGS.c
    query = select(*(columns[name] for name in FunctionWriting._fields))
    row = tx.execute(query.where(columns.writing_id == writing_id).with_for_update()).one_or_none()
    return FunctionWriting(**row._mapping) if row is not None else None


def save_answer(tx: Transaction, writing_id: str, status: str, reported_at: str) -> None:
    """Save what the card answered."""
    mine = FUNCTION_WRITINGS.c.writing_id == writing_id
    values = {"status": status, "reported_at": reported_at}
    tx.execute(update(FUNCTION_WRITINGS).where(mine).values(values))


def ended_on_chips(tx: Transaction) -> list[tuple[str, str]]:
    """Application serial and scheme of functions given to a chip, not known to be erased, that no
    holder stands behind any more.
    """
    given, later = FUNCTION_WRITINGS, FUNCTION_WRITINGS.alias("later")
    stands = (
        (HOLDERS.c.scheme_id == given.c.scheme_id)
        & (HOLDERS.c.card_number == CARDS.c.card_number)
        & HOLDERS.c.function_state.in_([each.value for each in STANDING])
    )
    erased = (
        (later.c.card_id == given.c.card_id)
        & (later.c.scheme_id == given.c.scheme_id)
        & (later.c.what == "end")
        & (later.c.status == "9000")
        & (later.c.at >= given.c.at)
    )
    query = (
        select(CARDS.c.application_serial, given.c.scheme_id)
        .join(CARDS, CARDS.c.card_id == given.c.card_id)
        .where((given.c.what == "load") & ~exists().where(stands) & ~exists().where(erased))
        .distinct()
        .order_by(CARDS.c.application_serial, given.c.scheme_id)
    )
    return [(serial, scheme_id) for serial, scheme_id in tx.select(query)]


def progress_of(tx: Transaction, scheme_id: str) -> SchemeProgress:
    """How many holders there are and how many have moved."""
    query = select(
        func.count().label("holders"), func.count(HOLDERS.c.moved_at).label("moved")
    ).where(HOLDERS.c.scheme_id == scheme_id)
    row = tx.execute(query).one()
    return SchemeProgress(row.holders, row.moved)


def _holder(scheme_id: str, number: str) -> ColumnElement[bool]:
    return (HOLDERS.c.scheme_id == scheme_id) & (HOLDERS.c.scheme_number == number)


def _holder_of(row: Row[Any]) -> SchemeHolder:
    values = dict(row._mapping)
    state = values["function_state"]
    return SchemeHolder(**{**values, "function_state": FunctionState(state) if state else None})


def _read(row: Row[Any]) -> Scheme:
    return _scheme(dict(row._mapping))


def _scheme(row: dict[str, Any]) -> Scheme:
    states = {"origin": Origin(row["origin"]), "state": SchemeState(row["state"])}
    return Scheme(**{**row, **states})
