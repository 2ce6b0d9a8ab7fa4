"""Tables and SQL of claims on other regions, and of the statements of the days."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    String,
    Table,
    insert,
    select,
    update,
)

from card_platform.exchange.medical.model import (
    Claim,
    ClaimState,
    ClearingState,
    DayStatement,
    DayTotals,
)
from card_platform.storage import Page, Paged, Statement, Transaction, page_of
from card_platform.storage.schema import METADATA

MEDICAL_CLAIMS = Table(
    "medical_claims",
    METADATA,
    Column("visit_id", String, ForeignKey("medical_visits.visit_id"), primary_key=True),
    Column("region", String, nullable=False),
    Column("day", String, nullable=False),
    Column("state", String, nullable=False),
    Column("paid_fen", BigInteger, nullable=False),
    Column("reversed_day", String),
    Index("ix_medical_claims_day", "region", "day"),
    Index("ix_medical_claims_reversed_day", "region", "reversed_day"),
)

MEDICAL_CLEARINGS = Table(
    "medical_clearings",
    METADATA,
    Column("day", String, nullable=False),
    Column("region", String, nullable=False),
    Column("side", String, nullable=False),
    Column("own", String, nullable=False),
    Column("told", String),
    Column("state", String, nullable=False),
    Column("at", String, nullable=False),
    PrimaryKeyConstraint("day", "region", "side"),
    Index("ix_medical_clearings_state", "state", "day"),
)
_OPEN_DAY = Statement(
    "INSERT INTO medical_clearings (day, region, side, own, state, at)"
    " VALUES (:day, :region, 'treating', :own, 'open', :at)"
    " ON CONFLICT (day, region, side) DO NOTHING"
)
_NOTHING = msgspec.json.encode(
    DayTotals(settled=0, settled_fen=0, reversed=0, reversed_fen=0)
).decode()
_STATED = MEDICAL_CLEARINGS.c.state != ClearingState.OPEN.value


def find_claim(tx: Transaction, visit_id: str) -> Claim | None:
    """The claim for a visit; the visit is held."""
    query = select(MEDICAL_CLAIMS).where(MEDICAL_CLAIMS.c.visit_id == visit_id)
    row = tx.execute(query).one_or_none()
    return None if row is None else _claim(dict(row._mapping))


def save_claim(tx: Transaction, claim: Claim) -> None:
    """Save a claim, new or changed; the visit is held."""
    values = msgspec.structs.asdict(claim)
    if find_claim(tx, claim.visit_id) is None:
        tx.execute(insert(MEDICAL_CLAIMS).values(values))
        return
    by_id = MEDICAL_CLAIMS.c.visit_id == claim.visit_id
    tx.execute(update(MEDICAL_CLAIMS).where(by_id).values(values))


def open_day(tx: Transaction, region: str, day: str, at: str) -> None:
    """A day with a region has something to clear; its first claim or reversal opens it."""
    tx.run(_OPEN_DAY, {"day": day, "region": region, "own": _NOTHING, "at": at})


def open_days(tx: Transaction, before: str) -> list[tuple[str, str]]:
    """Region and day of what is open from before a day, the oldest first."""
    columns = MEDICAL_CLEARINGS.c
    query = select(columns.region, columns.day).where(
        columns.state == ClearingState.OPEN.value, columns.day < before
    )
    return [(region, day) for region, day in tx.select(query.order_by(columns.day))]


def claims_of(tx: Transaction, region: str, day: str) -> tuple[list[Claim], list[Claim]]:
    """What was asked of a region on a day, and what was asked back on it."""
    claims = MEDICAL_CLAIMS.c
    query = select(MEDICAL_CLAIMS).where(claims.region == region)
    found = [
        [_claim(dict(row._mapping)) for row in tx.execute(query.where(of_day))]
        for of_day in (claims.day == day, claims.reversed_day == day)
    ]
    return found[0], found[1]


def add_statement(tx: Transaction, statement: DayStatement) -> None:
    """Save the statement of a day."""
    tx.execute(insert(MEDICAL_CLEARINGS).values(_row(statement)))


def save_statement(tx: Transaction, statement: DayStatement) -> None:
    """Save what became of a day that was opened: stated, then what the other side told."""
    columns = MEDICAL_CLEARINGS.c
    one = (
        (columns.day == statement.day)
        & (columns.region == statement.region)
        & (columns.side == statement.side)
    )
    tx.execute(update(MEDICAL_CLEARINGS).where(one).values(_row(statement)))


def find_statement(tx: Transaction, region: str, day: str, side: str) -> DayStatement | None:
    """One side's statement of a day; None while there is none."""
    columns = MEDICAL_CLEARINGS.c
    query = select(MEDICAL_CLEARINGS).where(
        columns.day == day, columns.region == region, columns.side == side, _STATED
    )
    row = tx.execute(query).one_or_none()
    return None if row is None else _statement(dict(row._mapping))


def is_open(tx: Transaction, region: str, day: str) -> bool:
    """Whether visits of the day were asked of the region, and it is not stated yet."""
    columns = MEDICAL_CLEARINGS.c
    query = select(columns.day).where(columns.day == day, columns.region == region, ~_STATED)
    return bool(tx.select(query))


def page_of_statements(tx: Transaction, page: Page) -> Paged[DayStatement]:
    """A page of statements, the latest first."""
    columns = MEDICAL_CLEARINGS.c
    keys = [columns.day, columns.region, columns.side]
    found = page_of(tx, select(MEDICAL_CLEARINGS).where(_STATED), keys, page, latest_first=True)
    return found.made(_statement)


def _row(statement: DayStatement) -> dict[str, Any]:
    values = msgspec.structs.asdict(statement)
    for name in ("own", "told"):
        if values[name] is not None:
            values[name] = msgspec.json.encode(values[name]).decode()
    return values


def _claim(values: dict[str, Any]) -> Claim:
    return Claim(**{**values, "state": ClaimState(values["state"])})


def _statement(values: dict[str, Any]) -> DayStatement:
    told = values["told"]
    typed = {
        "own": msgspec.json.decode(values["own"], type=DayTotals),
        "told": None if told is None else msgspec.json.decode(told, type=DayTotals),
        "state": ClearingState(values["state"]),
    }
    return DayStatement(**{**values, **typed})
