"""Tables and SQL of issuance: persons, cards, electronic cards, applications, changes.

One person one card (CQ-5a) is a unique index over the cards that have not ended, so that of
racing applications only one can win, on either database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, select, text

from card_platform.issuance.lifecycle import ENDED_STATES
from card_platform.issuance.model import (
    Card,
    CardId,
    CardOfNumber,
    CardState,
    Person,
    PersonId,
    Step,
)
from card_platform.storage import Page, Paged, Question, Statement, Transaction, page_of
from card_platform.storage.schema import METADATA

_NOT_ENDED = "state <> 'cancelled' AND state <> 'superseded'"
_APPLIED, _ACTIVE = "state = 'applied'", "state = 'active'"
_CANCELLED = "state = 'cancelled'"


def _only(rows: str) -> dict[str, Any]:
    """An index of these rows only, on either database."""
    return {"sqlite_where": text(rows), "postgresql_where": text(rows)}


PERSONS = Table(
    "persons",
    METADATA,
    Column("person_id", String, primary_key=True),
    Column("document_kind", String, nullable=False),
    Column("document_number", String, nullable=False),
    Column("name", String, nullable=False),
    Column("sex", String, nullable=False),
    Column("ethnicity", String, nullable=False),
    Column("birth_date", String, nullable=False),
    Column("birth_place", String, nullable=False),
    Column("phone", String, nullable=False),
    Column("address", String, nullable=False),
    Index("uq_persons_document", "document_kind", "document_number", unique=True),
)

CARDS = Table(
    "cards",
    METADATA,
    Column("card_id", String, primary_key=True),
    Column("person_id", String, ForeignKey("persons.person_id"), nullable=False),
    Column("card_number", String, nullable=False, unique=True),
    Column("card_serial", BigInteger, nullable=False, unique=True),
    Column("region", String, nullable=False),
    Column("state", String, nullable=False),
    Column("state_since", String, nullable=False),
    Column("historical_bytes", String, nullable=False, unique=True),
    Column("application_serial", String, nullable=False, unique=True),
    Column("issue_date", String, nullable=False),
    Column("valid_until", String, nullable=False),
    Index(
        "uq_cards_one_of_a_person",
        "person_id",
        unique=True,
        **_only(_NOT_ENDED),
    ),
    Index("ix_cards_cancelled_of_person", "person_id", **_only(_CANCELLED)),
    Index("ix_cards_applied", "card_serial", **_only(_APPLIED)),
    Index("ix_cards_active_until", "valid_until", **_only(_ACTIVE)),
)

ELECTRONIC_CARDS = Table(
    "electronic_cards",
    METADATA,
    Column("electronic_card_id", String, primary_key=True),
    Column("card_id", String, ForeignKey("cards.card_id"), nullable=False, unique=True),
    Column("state", String, nullable=False),
    Column("state_since", String, nullable=False),
)

APPLICATIONS = Table(
    "applications",
    METADATA,
    Column("application_id", String, primary_key=True),
    Column("card_id", String, ForeignKey("cards.card_id"), nullable=False),
    Column("person_id", String, ForeignKey("persons.person_id"), nullable=False),
    Column("entitlement", String, nullable=False),
    Column("site", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
)

CARD_CHANGES = Table(
    "card_changes",
    METADATA,
    Column("card_id", String, ForeignKey("cards.card_id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("action", String, nullable=False),
    Column("before", String),
    Column("after", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
)

_SAVE_PERSON = Statement(
    "INSERT INTO persons (person_id, document_kind, document_number, name, sex, ethnicity,"
    " birth_date, birth_place, phone, address) VALUES (:person_id, :document_kind,"
    " :document_number, :name, :sex, :ethnicity, :birth_date, :birth_place, :phone, :address)"
    " ON CONFLICT (document_kind, document_number) DO UPDATE SET name = excluded.name,"
    " phone = excluded.phone, address = excluded.address RETURNING person_id"
)
_ADD_CARD = Statement(
    "INSERT INTO cards (card_id, person_id, card_number, card_serial, region, state, state_since,"
    " historical_bytes, application_serial, issue_date, valid_until) VALUES (:card_id, :person_id,"
    " :card_number, :card_serial, :region, :state, :state_since, :historical_bytes,"
    " :application_serial, :issue_date, :valid_until)"
    " ON CONFLICT (person_id) WHERE state <> 'cancelled' AND state <> 'superseded' DO NOTHING"
)
_STATE_OF_APPLICATION = Statement(
    "SELECT card_id, state FROM cards WHERE application_serial = :application_serial"
)
_LOCK_APPLICATION = Statement(
    "SELECT card_id, state FROM cards WHERE application_serial = :application_serial",
    locks_rows=True,
)
_HOLDER_OF_NUMBER = Statement(
    "SELECT cards.card_id, cards.state, persons.name, cards.historical_bytes FROM cards"
    " JOIN persons ON persons.person_id = cards.person_id WHERE card_number = :card_number"
)
_CARD_OF_CHIP = Statement("SELECT card_id FROM cards WHERE historical_bytes = :historical_bytes")
_STATE_OF_CHIP = Statement(
    "SELECT card_id, state, region FROM cards WHERE historical_bytes = :historical_bytes"
)
_LOCK_CHIP = Statement(
    "SELECT card_id, state, region FROM cards WHERE historical_bytes = :historical_bytes",
    locks_rows=True,
)
_ADD_CHANGE = Statement(
    'INSERT INTO card_changes (card_id, number, action, before, after, at, "by")'
    " SELECT CAST(:card_id AS VARCHAR), COUNT(*), :action, :before, :after, :at, :by"
    " FROM card_changes WHERE card_id = CAST(:card_id AS VARCHAR)"
)


def save_person(transaction: Transaction, person: Person) -> PersonId:
    """Save what the form says of a person; the id of the one who holds that document."""
    values = {**asdict(person), "birth_date": person.birth_date.isoformat()}
    return PersonId(transaction.rows(_SAVE_PERSON, values)[0][0])


def get_person(transaction: Transaction, person_id: PersonId) -> Person:
    """The person of that id."""
    row = transaction.execute(select(PERSONS).where(PERSONS.c.person_id == person_id)).one()
    values: dict[str, Any] = dict(row._mapping)
    return Person(**{**values, "birth_date": date.fromisoformat(values["birth_date"])})


def add_card(transaction: Transaction, card: Card) -> bool:
    """Save a new card and its electronic twin; False where the person holds one already."""
    values = asdict(card)
    electronic_card_id = values.pop("electronic_card_id")
    values["issue_date"] = card.issue_date.isoformat()
    values["valid_until"] = card.valid_until.isoformat()
    if not transaction.run(_ADD_CARD, values):
        return False
    transaction.execute(
        ELECTRONIC_CARDS.insert().values(
            electronic_card_id=electronic_card_id,
            card_id=card.card_id,
            state=card.electronic_state,
            state_since=card.state_since,
        )
    )
    return True


def find_card(transaction: Transaction, card_id: str, *, to_change: bool = False) -> Card | None:
    """The card of that id; locked until the transaction ends where it is to change."""
    query = (
        select(CARDS, ELECTRONIC_CARDS.c.electronic_card_id)
        .join(ELECTRONIC_CARDS, ELECTRONIC_CARDS.c.card_id == CARDS.c.card_id)
        .where(CARDS.c.card_id == card_id)
    )
    row = transaction.execute(query.with_for_update() if to_change else query).one_or_none()
    if row is None:
        return None
    values: dict[str, Any] = dict(row._mapping)
    for day in ("issue_date", "valid_until"):
        values[day] = date.fromisoformat(values[day])
    return Card(**{**values, "state": CardState(values["state"])})


def active_cards_past(transaction: Transaction, day: date, most: int) -> list[str]:
    """Active cards whose last day is before that day; locked until the transaction ends."""
    query = (
        select(CARDS.c.card_id)
        .where(text(_ACTIVE), CARDS.c.valid_until < day.isoformat())  # as the index has it
        .order_by(CARDS.c.valid_until)
        .limit(most)
    )
    return list(transaction.execute(query.with_for_update()).scalars())


def save_state(transaction: Transaction, card: Card) -> None:
    """Save the state of a card and of its electronic twin."""
    transaction.execute(
        CARDS.update()
        .where(CARDS.c.card_id == card.card_id)
        .values(state=card.state, state_since=card.state_since)
    )
    transaction.execute(
        ELECTRONIC_CARDS.update()
        .where(ELECTRONIC_CARDS.c.card_id == card.card_id)
        .values(state=card.electronic_state, state_since=card.state_since)
    )


def change_person(transaction: Transaction, person_id: PersonId, **values: str) -> None:
    """Save what has changed of a person."""
    transaction.execute(PERSONS.update().where(PERSONS.c.person_id == person_id).values(**values))


def entitlement_of(transaction: Transaction, card_id: str) -> str:
    """What the application for a card named as entitlement."""
    query = select(APPLICATIONS.c.entitlement).where(APPLICATIONS.c.card_id == card_id)
    return str(transaction.execute(query).scalar_one())


def add_application(transaction: Transaction, **values: str) -> None:
    """Save an application that was granted."""
    transaction.execute(APPLICATIONS.insert().values(**values))


def add_change(transaction: Transaction, card_id: CardId, step: Step) -> None:
    """Add one row to a card's history."""
    transaction.run(_ADD_CHANGE, {"card_id": card_id, **asdict(step)})


def changes_of(transaction: Transaction, card_id: str, page: Page) -> Paged[Step]:
    """A page of a card's history, in order."""
    columns = [CARD_CHANGES.c[name] for name in ("action", "before", "after", "at", "by")]
    query = select(*columns).where(CARD_CHANGES.c.card_id == card_id)
    return page_of(transaction, query, [CARD_CHANGES.c.number], page).made(lambda row: Step(**row))


def find_state_of_application(
    transaction: Transaction, application_serial: str, *, to_change: bool = False
) -> tuple[CardId, CardState] | None:
    """The card of a purse and its state; on the hot path of the gates.

    With `to_change` the card is locked until the transaction ends.
    """
    statement = _LOCK_APPLICATION if to_change else _STATE_OF_APPLICATION
    rows = transaction.rows(statement, {"application_serial": application_serial})
    return (CardId(rows[0][0]), CardState(rows[0][1])) if rows else None


def questions_of_state(serials: Iterable[str]) -> list[Question]:
    """What `find_state_of_application` asks of each of these purses, for a batch to foresee."""
    return [(_STATE_OF_APPLICATION, {"application_serial": serial}) for serial in serials]


def living_card_of_document(transaction: Transaction, document_number: str) -> CardId | None:
    """The card of the person with this resident id that has not ended."""
    ended = [each.value for each in ENDED_STATES]
    query = (
        select(CARDS.c.card_id)
        .join(PERSONS, PERSONS.c.person_id == CARDS.c.person_id)
        .where(
            PERSONS.c.document_kind == "resident-id",
            PERSONS.c.document_number == document_number,
            CARDS.c.state.not_in(ended),
        )
    )
    rows = transaction.select(query)
    return CardId(rows[0][0]) if rows else None


def holder_question(card_number: str) -> Question:
    """What `find_holder` asks."""
    return _HOLDER_OF_NUMBER, {"card_number": card_number}


def find_holder(transaction: Transaction, card_number: str) -> CardOfNumber | None:
    """The card of a card number; on the hot path of identity checks."""
    rows = transaction.rows(*holder_question(card_number))
    if not rows:
        return None
    card_id, state, holder_name, historical_bytes = rows[0]
    return CardOfNumber(CardId(card_id), CardState(state), holder_name, historical_bytes)


def find_card_of_chip(transaction: Transaction, historical_bytes: str) -> CardId | None:
    """The card whose chip has these historical bytes."""
    rows = transaction.rows(_CARD_OF_CHIP, {"historical_bytes": historical_bytes})
    return CardId(rows[0][0]) if rows else None


def find_state_of_chip(
    transaction: Transaction, historical_bytes: str, *, to_change: bool = False
) -> tuple[CardId, CardState, str] | None:
    """Card, state and region of a chip; with `to_change` locked until the transaction ends."""
    statement = _LOCK_CHIP if to_change else _STATE_OF_CHIP
    rows = transaction.rows(statement, {"historical_bytes": historical_bytes})
    return (CardId(rows[0][0]), CardState(rows[0][1]), rows[0][2]) if rows else None
