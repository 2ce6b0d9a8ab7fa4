"""Table and SQL of the bills of double stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Column, ForeignKey, String, Table, UniqueConstraint, select, update

from card_platform.services.medical.held_bills.model import HeldBill, HeldBillState
from card_platform.storage import Page, Paged, Statement, Transaction, page_of
from card_platform.storage.schema import METADATA

MEDICAL_HELD_BILLS = Table(
    "medical_held_bills",
    METADATA,
    Column("held_id", String, primary_key=True),
    Column("bill", String, nullable=False),
    Column("card_id", String, ForeignKey("cards.card_id"), nullable=False),
    Column("region", String, nullable=False),
    Column("admitted_on", String, nullable=False),
    Column("other_bill", String, nullable=False),
    Column("other_region", String, nullable=False),
    Column("state", String, nullable=False),
    Column("held_at", String, nullable=False),
    Column("examined_by", String),
    Column("finding", String),
    Column("decided_by", String),
    Column("decided_at", String),
    Column("reason", String),
    UniqueConstraint("bill", name="uq_medical_held_bills_bill"),
)
_COLUMNS = HeldBill.__struct_fields__
_ADD = Statement(
    f"INSERT INTO medical_held_bills ({', '.join(_COLUMNS)})"  # noqa: S608 - our own columns
    f" VALUES ({', '.join(f':{name}' for name in _COLUMNS)}) ON CONFLICT (bill) DO NOTHING"
)


def add(tx: Transaction, held: HeldBill) -> bool:
    """Keep a bill as held; False where it is on record already."""
    return tx.run(_ADD, _row(held)) == 1


def save(tx: Transaction, held: HeldBill) -> None:
    """Save what became of it."""
    by_id = MEDICAL_HELD_BILLS.c.held_id == held.held_id
    tx.execute(update(MEDICAL_HELD_BILLS).where(by_id).values(_row(held)))


def find_to_change(tx: Transaction, held_id: str) -> HeldBill | None:
    """The held bill of that id, locked until the transaction ends."""
    query = select(MEDICAL_HELD_BILLS).where(MEDICAL_HELD_BILLS.c.held_id == held_id)
    row = tx.execute(query.with_for_update()).one_or_none()
    return None if row is None else _held(dict(row._mapping))


def of_bill(tx: Transaction, bill: str) -> HeldBill | None:
    """What is on record of a bill."""
    query = select(MEDICAL_HELD_BILLS).where(MEDICAL_HELD_BILLS.c.bill == bill)
    row = tx.execute(query).one_or_none()
    return None if row is None else _held(dict(row._mapping))


def undecided(tx: Transaction, bills: Sequence[str]) -> list[HeldBill]:
    """Those of these bills on which nobody has decided, locked until the transaction ends."""
    columns = MEDICAL_HELD_BILLS.c
    states = [HeldBillState.HELD.value, HeldBillState.EXAMINED.value]
    query = select(MEDICAL_HELD_BILLS).where(columns.bill.in_(bills), columns.state.in_(states))
    rows = tx.execute(query.order_by(columns.held_id).with_for_update()).all()
    return [_held(dict(row._mapping)) for row in rows]


def page_of_all(tx: Transaction, page: Page) -> Paged[HeldBill]:
    """A page of all of them, the latest first."""
    keys = [MEDICAL_HELD_BILLS.c.held_id]
    return page_of(tx, select(MEDICAL_HELD_BILLS), keys, page, latest_first=True).made(_held)


def _row(held: HeldBill) -> dict[str, Any]:
    return {**msgspec.structs.asdict(held), "state": held.state.value}


def _held(values: dict[str, Any]) -> HeldBill:
    return HeldBill(**{**values, "state": HeldBillState(values["state"])})
