"""Tables and SQL of matters and of enrolments in the five insurances."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Select,
    String,
    Table,
    UniqueConstraint,
    insert,
    select,
    text,
    update,
)

from card_platform.services.employment.kinds import Insurance
from card_platform.services.employment.model import Matter, MatterState
from card_platform.storage import Page, Paged, Statement, Transaction, page_of
from card_platform.storage.history import History
from card_platform.storage.schema import METADATA

MATTERS = Table(
    "employment_matters",
    METADATA,
    Column("number", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("person_id", String),
    Column("card_id", String),
    Column("means", String, nullable=False),
    Column("card_region", String, nullable=False),
    Column("facts", String, nullable=False),
    Column("state", String, nullable=False),
    Column("state_since", String, nullable=False),
    Column("filed_at", String, nullable=False),
    Column("due_at", String),
    Column("overdue_since", String),
    Column("text", String),
    Column("told", String),
    Column("origin", String),
    Column("origin_number", String),
    Column("number_there", String),
    UniqueConstraint("origin", "origin_number", name="uq_employment_matters_origin"),
    Index("ix_employment_matters_due_at", "due_at"),
    Index("ix_employment_matters_state", "state", "number"),
    Index("ix_employment_matters_card_id", "card_id", "number"),
)
CHANGES = History("employment_matter_changes", "employment_matters.number")
ENROLMENTS = Table(
    "insurance_enrolments",
    METADATA,
    Column("enrolment_id", String, primary_key=True),
    Column("person_id", String, nullable=False),
    Column("insurance", String, nullable=False),
    Column("employer", String, nullable=False),
    Column("wage_fen", BigInteger, nullable=False),
    Column("from_day", String, nullable=False),
    Column("until_day", String),
    Column("number", String, nullable=False),
    Index(
        "uq_insurance_enrolments_open",
        "person_id",
        "insurance",
        unique=True,
        sqlite_where=text("until_day IS NULL"),
        postgresql_where=text("until_day IS NULL"),
    ),
    Index("ix_insurance_enrolments_person_id", "person_id", "from_day"),
)
"""One open enrolment a person and insurance: two that race cannot both be."""


class Enrolment(msgspec.Struct, frozen=True):
    """Who is insured, against what, by whom; days as 2026-01-31, an amount a month in fen."""

    enrolment_id: str
    person_id: str
    insurance: Insurance
    employer: str
    wage_fen: int
    from_day: str
    until_day: str | None
    number: str


_ENROL = Statement(
    "INSERT INTO insurance_enrolments (enrolment_id, person_id, insurance, employer, wage_fen,"
    " from_day, until_day, number) VALUES (:enrolment_id, :person_id, :insurance, :employer,"
    " :wage_fen, :from_day, :until_day, :number) ON CONFLICT DO NOTHING"
)


def save(tx: Transaction, matter: Matter, *, is_new: bool) -> None:
    """Save a matter."""
    values = asdict(matter)
    if is_new:
        tx.execute(insert(MATTERS).values(values))
    else:
        tx.execute(update(MATTERS).where(MATTERS.c.number == matter.number).values(values))


def find(tx: Transaction, number: str) -> Matter | None:
    """The matter of that number, locked until the transaction ends."""
    return _one(tx, select(MATTERS).where(MATTERS.c.number == number).with_for_update())


def look_at(tx: Transaction, number: str) -> Matter | None:
    """The same without a lock."""
    return _one(tx, select(MATTERS).where(MATTERS.c.number == number))


def _one(tx: Transaction, query: Select[Any]) -> Matter | None:
    row = tx.execute(query).one_or_none()
    return None if row is None else _matter_of(dict(row._mapping))


def listed(
    tx: Transaction, state: MatterState | None, card_id: str | None, page: Page
) -> Paged[Matter]:
    """A page of the matters in a state and of a card, or of all, in the order of numbers."""
    query = select(MATTERS)
    if state is not None:
        query = query.where(MATTERS.c.state == state.value)
    if card_id is not None:
        query = query.where(MATTERS.c.card_id == card_id)
    return page_of(tx, query, [MATTERS.c.number], page).made(_matter_of)


def waiting_past(tx: Transaction, now: str) -> list[Matter]:
    """Those in hand whose deadline has passed and was not told yet."""
    query = select(MATTERS).where(
        MATTERS.c.due_at <= now,
        MATTERS.c.overdue_since.is_(None),
        MATTERS.c.state == MatterState.IN_HAND.value,
    )
    return [_matter_of(dict(row._mapping)) for row in tx.execute(query)]


def enrol(tx: Transaction, enrolment: Enrolment) -> bool:
    """Save a new enrolment; False where the person has an open one in that insurance."""
    values = {**msgspec.structs.asdict(enrolment), "insurance": enrolment.insurance.value}
    return bool(tx.run(_ENROL, values))


def end(tx: Transaction, enrolment_id: str, until_day: str) -> None:
    """An enrolment ends with that day."""
    by_id = ENROLMENTS.c.enrolment_id == enrolment_id
    tx.execute(update(ENROLMENTS).where(by_id).values(until_day=until_day))


def enrolments_of(
    tx: Transaction, person_id: str, insurances: Collection[Insurance] = tuple(Insurance)
) -> list[Enrolment]:
    """A person's enrolments in these insurances, the oldest first; locked where they may change."""
    columns = ENROLMENTS.c
    query = (
        select(ENROLMENTS)
        .where(columns.person_id == person_id)
        .where(columns.insurance.in_([each.value for each in insurances]))
        .order_by(columns.from_day, columns.insurance, columns.enrolment_id)
        .with_for_update()
    )
    return [
        Enrolment(**{**row._mapping, "insurance": Insurance(row._mapping["insurance"])})
        for row in tx.execute(query)
    ]


def _matter_of(values: dict[str, Any]) -> Matter:
    return Matter(**{**values, "state": MatterState(values["state"])})
