"""Tables and SQL of bills and of their payments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
    insert,
    select,
    update,
)

from card_platform.services.bills.model import Bill, BillPayment, BillState
from card_platform.storage import Page, Paged, Statement, Transaction, page_of
from card_platform.storage.history import History
from card_platform.storage.schema import METADATA

BILL_PAYMENTS = Table(
    "bill_payments",
    METADATA,
    Column("payment_id", String, primary_key=True),
    Column("utility", String, nullable=False),
    Column("person_id", String, ForeignKey("persons.person_id"), nullable=False),
    Column("card_id", String, ForeignKey("cards.card_id"), nullable=False),
    Column("card_number", String, nullable=False),
    Column("means", String, nullable=False),
    Column("total_fen", BigInteger, nullable=False),
    Column("transfer_id", String, nullable=False),
    Column("paid_at", String, nullable=False),
    Column("by", String, nullable=False),
    Index("ix_bill_payments_of_card", "card_id", "payment_id"),
)
BILLS = Table(
    "bills",
    METADATA,
    Column("bill_id", String, primary_key=True),
    Column("utility", String, nullable=False),
    Column("number", String, nullable=False),
    Column("account", String, nullable=False),
    Column("period", String, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("due_on", String, nullable=False),
    Column("state", String, nullable=False),
    Column("issued_at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("late_fee_fen", BigInteger, nullable=False),
    Column("payment_id", String, ForeignKey("bill_payments.payment_id")),
    UniqueConstraint("utility", "number", name="uq_bills_number"),
    Index("ix_bills_of_account", "utility", "account", "state"),
    Index("ix_bills_of_utility", "utility", "bill_id"),
    Index("ix_bills_of_payment", "payment_id"),
)
"""`uq_bills_number`: a utility's number stands for one bill, however often it is brought."""
CHANGES = History("bill_changes", "bills.bill_id", "reason")
_ADD = Statement(
    "INSERT INTO bills (bill_id, utility, number, account, period, amount_fen, due_on, state,"
    " issued_at, by, late_fee_fen) VALUES (:bill_id, :utility, :number, :account, :period,"
    " :amount_fen, :due_on, :state, :issued_at, :by, :late_fee_fen)"
    " ON CONFLICT (utility, number) DO NOTHING"
)


def add(tx: Transaction, bill: Bill) -> bool:
    """Save a new bill; False where its number stands for one already."""
    values = msgspec.structs.asdict(bill)
    del values["payment_id"]
    return tx.run(_ADD, values) == 1


def save(tx: Transaction, bill: Bill) -> None:
    """Save what became of a bill."""
    by_id = BILLS.c.bill_id == bill.bill_id
    tx.execute(update(BILLS).where(by_id).values(msgspec.structs.asdict(bill)))


def find(tx: Transaction, utility: str, number: str, *, to_change: bool = False) -> Bill | None:
    """The bill of that number; with `to_change` locked until the transaction ends."""
    query = select(BILLS).where(BILLS.c.utility == utility, BILLS.c.number == number)
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    return None if row is None else _bill(dict(row._mapping))


def hold_all(tx: Transaction, utility: str, bill_ids: Sequence[str]) -> list[Bill]:
    """The utility's bills of those ids in their order, locked until the transaction ends.

    All who pay lock in this order, so that no two of them wait for each other.
    """
    columns = BILLS.c
    query = select(BILLS).where(columns.utility == utility, columns.bill_id.in_(bill_ids))
    rows = tx.execute(query.order_by(columns.bill_id).with_for_update())
    return [_bill(dict(row._mapping)) for row in rows]


def open_of(tx: Transaction, utility: str, account: str, limit: int) -> list[Bill]:
    """Bills of an account nobody has paid, the oldest first."""
    columns = BILLS.c
    query = select(BILLS).where(
        columns.utility == utility, columns.account == account, columns.state == BillState.ISSUED
    )
    rows = tx.execute(query.order_by(columns.due_on, columns.bill_id).limit(limit))
    return [_bill(dict(row._mapping)) for row in rows]


def page_of_bills(
    tx: Transaction, utility: str, state: BillState | None, page: Page
) -> Paged[Bill]:
    """A page of a utility's bills, the latest first; of those in a state, or of all."""
    which: list[ColumnElement[bool]] = [BILLS.c.utility == utility]
    if state is not None:
        which.append(BILLS.c.state == state)
    query = select(BILLS).where(*which)
    return page_of(tx, query, [BILLS.c.bill_id], page, latest_first=True).made(_bill)


def add_payment(tx: Transaction, payment: BillPayment) -> None:
    """Save a payment."""
    tx.execute(insert(BILL_PAYMENTS).values(msgspec.structs.asdict(payment)))


def find_payment(tx: Transaction, payment_id: str) -> BillPayment | None:
    """The payment of that id."""
    query = select(BILL_PAYMENTS).where(BILL_PAYMENTS.c.payment_id == payment_id)
    row = tx.execute(query).one_or_none()
    return None if row is None else BillPayment(**row._mapping)


def page_of_payments(tx: Transaction, card_id: str, page: Page) -> Paged[BillPayment]:
    """A page of the payments by a card, the latest first."""
    query = select(BILL_PAYMENTS).where(BILL_PAYMENTS.c.card_id == card_id)
    keys = [BILL_PAYMENTS.c.payment_id]
    return page_of(tx, query, keys, page, latest_first=True).made(lambda row: BillPayment(**row))


def bills_of(tx: Transaction, payment_ids: Sequence[str]) -> dict[str, list[Bill]]:
    """The bills of payments, by payment."""
    query = select(BILLS).where(BILLS.c.payment_id.in_(payment_ids)).order_by(BILLS.c.bill_id)
    found: dict[str, list[Bill]] = {each: [] for each in payment_ids}
    for row in tx.execute(query):
        bill = _bill(dict(row._mapping))
        found[str(bill.payment_id)].append(bill)
    return found


def _bill(values: dict[str, Any]) -> Bill:
    return Bill(**{**values, "state": BillState(values["state"])})
