"""Tables and SQL of orders to banks."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    select,
    update,
)

from card_platform.settlement.bank_orders.model import BankOrder, BankOrderChanged, OrderState
from card_platform.storage import Page, Paged, Statement, Transaction, page_of
from card_platform.storage.history import History
from card_platform.storage.schema import METADATA

BANK_ORDERS = Table(
    "bank_orders",
    METADATA,
    Column("order_id", String, primary_key=True),
    Column("client_id", String, nullable=False, unique=True),
    Column("card_id", String, ForeignKey("cards.card_id"), nullable=False),
    Column("contract_id", String, ForeignKey("bank_contracts.contract_id"), nullable=False),
    Column("bank", String, nullable=False),
    Column("source", String, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("purpose", String, nullable=False),
    Column("state", String, nullable=False),
    Column("ordered_at", String, nullable=False),
    Column("ordered_by", String, nullable=False),
    Column("due_at", String),
    Column("tries", Integer, nullable=False),
    Column("reason", String),
    Index("ix_bank_orders_due_at", "due_at"),
)
CHANGES = History("bank_order_changes", "bank_orders.order_id", "reason")


_COLUMNS = BankOrder.__struct_fields__
_ADD = Statement(
    f"INSERT INTO bank_orders ({', '.join(_COLUMNS)})"  # noqa: S608 - names of our own columns
    f" VALUES ({', '.join(f':{name}' for name in _COLUMNS)}) ON CONFLICT (client_id) DO NOTHING"
)


def add(tx: Transaction, order: BankOrder) -> bool:
    """Save a new order; False where another has its client id."""
    return bool(tx.run(_ADD, msgspec.structs.asdict(order)))


def save(tx: Transaction, order: BankOrder) -> None:
    """Save what became of an order."""
    by_id = BANK_ORDERS.c.order_id == order.order_id
    tx.execute(update(BANK_ORDERS).where(by_id).values(msgspec.structs.asdict(order)))


def record(
    tx: Transaction, order: BankOrder, action: str, before: str | None, *, at: str, by: str
) -> None:
    """Put a step on record, and tell of it."""
    after = order.state.value
    told = {"action": action, "before": before, "after": after, "reason": order.reason}
    CHANGES.add(tx, order.order_id, **told, at=at, by=by)
    tx.emit(
        BankOrderChanged(
            at=at,
            by=by,
            card_id=order.card_id,
            order_id=order.order_id,
            step=action,
            after=after,
            amount_fen=order.amount_fen,
        )
    )


def find(tx: Transaction, order_id: str) -> BankOrder | None:
    """The order of that id."""
    return _one(tx, select(BANK_ORDERS).where(BANK_ORDERS.c.order_id == order_id))


def find_to_change(tx: Transaction, order_id: str) -> BankOrder | None:
    """The same, locked until the transaction ends."""
    query = select(BANK_ORDERS).where(BANK_ORDERS.c.order_id == order_id)
    return _one(tx, query.with_for_update())


def find_by_client(tx: Transaction, client_id: str) -> BankOrder | None:
    """The order of that client id."""
    return _one(tx, select(BANK_ORDERS).where(BANK_ORDERS.c.client_id == client_id))


def due(tx: Transaction, now: str, most: int) -> list[BankOrder]:
    """Orders whose bank is to be asked by now, the longest due first; locked, none twice."""
    query = select(BANK_ORDERS).where(BANK_ORDERS.c.due_at <= now)
    query = query.order_by(BANK_ORDERS.c.due_at, BANK_ORDERS.c.order_id).limit(most)
    rows: list[Any] = list(tx.execute(query.with_for_update(skip_locked=True)))
    return [_order_of(dict(row._mapping)) for row in rows]


def page_of_orders(tx: Transaction, page: Page) -> Paged[BankOrder]:
    """A page of all orders, in the order they were made."""
    return page_of(tx, select(BANK_ORDERS), [BANK_ORDERS.c.order_id], page).made(_order_of)


def _one(tx: Transaction, query: Any) -> BankOrder | None:
    row = tx.execute(query).one_or_none()
    return None if row is None else _order_of(dict(row._mapping))


def _order_of(values: dict[str, Any]) -> BankOrder:
    return BankOrder(**{**values, "state": OrderState(values["state"])})
