"""Tables and SQL of benefits: who is insured how, the years to date, settlements."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    insert,
    select,
    update,
)
from sqlalchemy.sql import ColumnElement

from card_platform.regions.medical_policy import Benefit, Insured
from card_platform.services.medical.benefits.model import (
    Insurance,
    MedicalSettlement,
    SettlementState,
    Shares,
    YearToDate,
)
from card_platform.settlement.ledger.accounts import AccountName
from card_platform.storage import Page, Paged, Statement, Transaction, page_of
from card_platform.storage.schema import METADATA

MEDICAL_INSURANCES = Table(
    "medical_insurances",
    METADATA,
    Column("insurance_id", String, primary_key=True),
    Column("person_id", String, ForeignKey("persons.person_id"), nullable=False),
    Column("insured", String, nullable=False),
    Column("from_day", String, nullable=False),
    Column("until", String),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Index("uq_medical_insurances_from", "person_id", "from_day", unique=True),
)

MEDICAL_YEARS = Table(
    "medical_years",
    METADATA,
    Column("person_id", String, ForeignKey("persons.person_id"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("benefit", String, nullable=False),
    Column("deductible_fen", BigInteger, nullable=False),
    Column("counted_fen", BigInteger, nullable=False),
    Column("fund_fen", BigInteger, nullable=False),
    Column("visits", Integer, nullable=False),
    PrimaryKeyConstraint("person_id", "year", "benefit"),
)
"""The year to date of a person: always the sum of the settlements that were not reversed."""

MEDICAL_SETTLEMENTS = Table(
    "medical_settlements",
    METADATA,
    Column("settlement_id", String, primary_key=True),
    Column("reference", String, nullable=False, unique=True),
    Column("card_id", String, ForeignKey("cards.card_id"), nullable=False),
    Column("person_id", String, ForeignKey("persons.person_id"), nullable=False),
    Column("benefit", String, nullable=False),
    Column("year", Integer, nullable=False),
    Column("day", String, nullable=False),
    Column("total_fen", BigInteger, nullable=False),
    Column("fund_fen", BigInteger, nullable=False),
    Column("personal_fen", BigInteger, nullable=False),
    Column("cash_fen", BigInteger, nullable=False),
    Column("shares", String, nullable=False),
    Column("payee", String, nullable=False),
    Column("treated_in", String),
    Column("state", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("reversed_day", String),
    Column("reversed_at", String),
    Index("ix_medical_settlements_of_card", "card_id", "settlement_id"),
    Index("ix_medical_settlements_elsewhere", "treated_in", "day"),
    Index("ix_medical_settlements_reversed", "treated_in", "reversed_day"),
)
"""`shares` is the whole of who pays what, as JSON; the sums stand beside it for who counts."""

_BEGIN_YEAR = Statement(
    "INSERT INTO medical_years (person_id, year, benefit, deductible_fen, counted_fen, fund_fen,"
    " visits) VALUES (:person_id, :year, :benefit, 0, 0, 0, 0)"
    " ON CONFLICT (person_id, year, benefit) DO NOTHING"
)
_YEAR = (
    "SELECT deductible_fen, counted_fen, fund_fen, visits FROM medical_years"
    " WHERE person_id = :person_id AND year = :year AND benefit = :benefit"
)
_LOOK_AT_YEAR, _HOLD_YEAR = Statement(_YEAR), Statement(_YEAR, locks_rows=True)
_ADD_TO_YEAR = Statement(
    "UPDATE medical_years SET deductible_fen = deductible_fen + :deductible_fen,"
    " counted_fen = counted_fen + :counted_fen, fund_fen = fund_fen + :fund_fen,"
    " visits = visits + :visits"
    " WHERE person_id = :person_id AND year = :year AND benefit = :benefit"
)


def add_insurance(tx: Transaction, insurance: Insurance) -> None:
    """Save an insurance."""
    tx.execute(insert(MEDICAL_INSURANCES).values(msgspec.structs.asdict(insurance)))


def end_insurance(tx: Transaction, insurance_id: str, until: str) -> None:
    """Save its last day."""
    by_id = MEDICAL_INSURANCES.c.insurance_id == insurance_id
    tx.execute(update(MEDICAL_INSURANCES).where(by_id).values(until=until))


def last_insurance(tx: Transaction, person_id: str) -> Insurance | None:
    """The one that began last."""
    columns = MEDICAL_INSURANCES.c
    query = select(MEDICAL_INSURANCES).where(columns.person_id == person_id)
    return _insurance(tx, query.order_by(columns.from_day.desc()))


def insurance_on(tx: Transaction, person_id: str, day: str) -> Insurance | None:
    """The insurance of a day."""
    columns = MEDICAL_INSURANCES.c
    query = select(MEDICAL_INSURANCES).where(
        columns.person_id == person_id,
        columns.from_day <= day,
        columns.until.is_(None) | (columns.until >= day),
    )
    return _insurance(tx, query)


def year_to_date(
    tx: Transaction, person_id: str, year: int, benefit: Benefit, *, to_change: bool = False
) -> YearToDate:
    """A person's year; with `to_change`, others wait until this transaction ends."""
    named = {"person_id": person_id, "year": year, "benefit": benefit.value}
    if to_change:
        tx.run(_BEGIN_YEAR, named)
    rows = tx.rows(_HOLD_YEAR if to_change else _LOOK_AT_YEAR, named)
    return YearToDate(*rows[0]) if rows else YearToDate()


def add_to_year(
    tx: Transaction, person_id: str, year: int, benefit: Benefit, more: YearToDate
) -> None:
    """Add to a year that is held; a reversal adds what is negative."""
    named = {"person_id": person_id, "year": year, "benefit": benefit.value}
    tx.run(_ADD_TO_YEAR, {**named, **msgspec.structs.asdict(more)})


def add_settlement(tx: Transaction, settlement: MedicalSettlement) -> None:
    """Save a settlement."""
    shares = settlement.shares
    values = {
        **msgspec.structs.asdict(settlement),
        "shares": msgspec.json.encode(shares).decode(),
        "total_fen": shares.split.total_fen,
        "fund_fen": shares.fund_fen,
        "personal_fen": sum(shares.personal_fen.values()),
        "cash_fen": shares.cash_fen,
    }
    tx.execute(insert(MEDICAL_SETTLEMENTS).values(values))


def is_settled(tx: Transaction, reference: str) -> bool:
    """Whether there is a settlement of that reference."""
    return find_by_reference(tx, reference) is not None


def find_by_reference(
    tx: Transaction, reference: str, *, to_change: bool = False
) -> MedicalSettlement | None:
    """The settlement of that reference; with `to_change` locked until the transaction ends."""
    return _one(tx, MEDICAL_SETTLEMENTS.c.reference == reference, to_change=to_change)


def save_reversal(tx: Transaction, settlement: MedicalSettlement) -> None:
    """Save that it was reversed."""
    by_id = MEDICAL_SETTLEMENTS.c.settlement_id == settlement.settlement_id
    tx.execute(
        update(MEDICAL_SETTLEMENTS)
        .where(by_id)
        .values(
            state=settlement.state.value,
            reversed_day=settlement.reversed_day,
            reversed_at=settlement.reversed_at,
        )
    )


def page_of_card(tx: Transaction, card_id: str, page: Page) -> Paged[MedicalSettlement]:
    """A page of a card's settlements, the latest first."""
    columns = MEDICAL_SETTLEMENTS.c
    query = select(MEDICAL_SETTLEMENTS).where(columns.card_id == card_id)
    found = page_of(tx, query, [columns.settlement_id], page, latest_first=True)
    return found.made(_settlement)


def settlements_elsewhere(
    tx: Transaction, region: str, day: str
) -> tuple[list[MedicalSettlement], list[MedicalSettlement]]:
    """What was settled for treatment in a region on a day, and what was reversed on it."""
    columns = MEDICAL_SETTLEMENTS.c
    query = select(MEDICAL_SETTLEMENTS).where(columns.treated_in == region)
    query = query.order_by(columns.settlement_id)
    found = [
        [_settlement(dict(row._mapping)) for row in tx.execute(query.where(of_day))]
        for of_day in (columns.day == day, columns.reversed_day == day)
    ]
    return found[0], found[1]


def _insurance(tx: Transaction, query: Any) -> Insurance | None:
    row = tx.execute(query.limit(1)).one_or_none()
    if row is None:
        return None
    values = dict(row._mapping)
    return Insurance(**{**values, "insured": Insured(values["insured"])})


def _one(
    tx: Transaction, which: ColumnElement[bool], *, to_change: bool
) -> MedicalSettlement | None:
    query = select(MEDICAL_SETTLEMENTS).where(which)
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    return None if row is None else _settlement(dict(row._mapping))


def _settlement(values: dict[str, Any]) -> MedicalSettlement:
    known = {name: values[name] for name in MedicalSettlement.__struct_fields__}
    typed = {
        "benefit": Benefit(values["benefit"]),
        "shares": msgspec.json.decode(values["shares"], type=Shares),
        "payee": AccountName(values["payee"]),
        "state": SettlementState(values["state"]),
    }
    return MedicalSettlement(**{**known, **typed})
