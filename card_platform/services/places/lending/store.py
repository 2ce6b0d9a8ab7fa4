"""Table and SQL of returns; loans are acts."""

from __future__ import annotations

import msgspec
from sqlalchemy import Column, ForeignKey, Integer, String, Table, insert, select, update

from card_platform.services.places.lending.model import Return, ReturnState
from card_platform.storage import Transaction
from card_platform.storage.schema import METADATA

LOAN_RETURNS = Table(
    "loan_returns",
    METADATA,
    Column("return_id", String, primary_key=True),
    Column("copy", String, nullable=False),
    Column("region", String, nullable=False),
    Column("site_id", String, ForeignKey("sites.site_id"), nullable=False),
    Column("state", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("act_id", String, ForeignKey("offer_acts.act_id")),
    Column("overdue_days", Integer),
    Column("problem_code", String),
    Column("problem_zh", String),
    Column("problem_en", String),
)


def add(tx: Transaction, taken: Return) -> None:
    """Save a new return."""
    tx.execute(insert(LOAN_RETURNS).values(msgspec.structs.asdict(taken)))


def save(tx: Transaction, taken: Return) -> None:
    """Save what became of a return."""
    by_id = LOAN_RETURNS.c.return_id == taken.return_id
    tx.execute(update(LOAN_RETURNS).where(by_id).values(msgspec.structs.asdict(taken)))


def find(tx: Transaction, return_id: str, *, to_change: bool = False) -> Return | None:
    """The return of that id; with `to_change` locked until the transaction ends."""
    query = select(LOAN_RETURNS).where(LOAN_RETURNS.c.return_id == return_id)
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    if row is None:
        return None
    values = dict(row._mapping)
    return Return(**{**values, "state": ReturnState(values["state"])})
