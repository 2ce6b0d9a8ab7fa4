"""Table and SQL of stays in other regions' hospitals, as those regions told of them."""

from __future__ import annotations

import msgspec
from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    String,
    Table,
    select,
    update,
)

from card_platform.exchange.medical.stays_model import StayElsewhere
from card_platform.storage import Page, Paged, Statement, Transaction, page_of
from card_platform.storage.schema import METADATA

MEDICAL_STAYS_ELSEWHERE = Table(
    "medical_stays_elsewhere",
    METADATA,
    Column("region", String, nullable=False),
    Column("reference", String, nullable=False),
    Column("person_id", String, ForeignKey("persons.person_id"), nullable=False),
    Column("card_id", String, ForeignKey("cards.card_id"), nullable=False),
    Column("admitted_on", String, nullable=False),
    Column("ended_on", String),
    Column("double_with", String),
    Column("at", String, nullable=False),
    PrimaryKeyConstraint("region", "reference"),
    Index("ix_medical_stays_elsewhere_person", "person_id"),
)
_COLUMNS = StayElsewhere.__struct_fields__
_ADD = Statement(
    f"INSERT INTO medical_stays_elsewhere ({', '.join(_COLUMNS)})"  # noqa: S608 - our own columns
    f" VALUES ({', '.join(f':{name}' for name in _COLUMNS)})"
    " ON CONFLICT (region, reference) DO NOTHING"
)
_END = Statement(
    "UPDATE medical_stays_elsewhere SET ended_on = :ended_on"
    " WHERE region = :region AND reference = :reference AND ended_on IS NULL"
)
_OPEN = Statement(
    "SELECT region FROM medical_stays_elsewhere WHERE person_id = :person_id AND ended_on IS NULL"
    " AND NOT (region = :region AND reference = :reference) ORDER BY at, region LIMIT 1"
)


def add(tx: Transaction, stay: StayElsewhere) -> None:
    """Keep a stay that has begun."""
    tx.run(_ADD, msgspec.structs.asdict(stay))


def end(tx: Transaction, region: str, reference: str, ended_on: str) -> None:
    """A stay has ended; harmless where none is known."""
    tx.run(_END, {"region": region, "reference": reference, "ended_on": ended_on})


def forget_double(tx: Transaction, region: str, reference: str) -> None:
    """A stay turned out to overlap no other."""
    columns = MEDICAL_STAYS_ELSEWHERE.c
    stay = (columns.region == region, columns.reference == reference)
    tx.execute(update(MEDICAL_STAYS_ELSEWHERE).where(*stay).values(double_with=None))


def open_in(tx: Transaction, person_id: str, besides: tuple[str, str] = ("", "")) -> str | None:
    """The region where this person lies in a hospital, besides the stay of that region and
    reference.
    """
    region, reference = besides
    rows = tx.rows(_OPEN, {"person_id": person_id, "region": region, "reference": reference})
    return rows[0][0] if rows else None


def find(tx: Transaction, region: str, reference: str) -> StayElsewhere | None:
    """The stay of that region and reference."""
    columns = MEDICAL_STAYS_ELSEWHERE.c
    query = select(MEDICAL_STAYS_ELSEWHERE).where(
        columns.region == region, columns.reference == reference
    )
    row = tx.execute(query).one_or_none()
    return None if row is None else StayElsewhere(**row._mapping)


def stays_of(tx: Transaction, person_id: str) -> list[StayElsewhere]:
    """All of a person's stays elsewhere, the first told first."""
    columns = MEDICAL_STAYS_ELSEWHERE.c
    query = select(MEDICAL_STAYS_ELSEWHERE).where(columns.person_id == person_id)
    rows = tx.execute(query.order_by(columns.at, columns.region)).all()
    return [StayElsewhere(**row._mapping) for row in rows]


def page_of_stays(tx: Transaction, page: Page) -> Paged[StayElsewhere]:
    """A page of all stays, the latest first."""
    columns = MEDICAL_STAYS_ELSEWHERE.c
    keys = [columns.at, columns.region, columns.reference]
    found = page_of(tx, select(MEDICAL_STAYS_ELSEWHERE), keys, page, latest_first=True)
    return found.made(lambda values: StayElsewhere(**values))
