"""Tables and SQL of the closings of periods."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)

from card_platform.settlement.ledger.closing_life import ClosingState
from card_platform.storage import Page, Paged, Statement, Transaction, page_of
from card_platform.storage.schema import METADATA

CLOSINGS = Table(
    "ledger_closings",
    METADATA,
    Column("period", Integer, primary_key=True, autoincrement=False),
    Column("accounts", BigInteger, nullable=False),
    Column("entries", BigInteger, nullable=False),
    Column("closed_at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("state", String, nullable=False, server_default="closed"),
    Column("last", Integer, nullable=False, server_default="0"),
    Column("reached", String, nullable=False, server_default=""),
    Column("sum_fen", BigInteger, nullable=False, server_default="0"),
)
"""`last` is the period closed before, `reached` the last account that was counted. While a month is
counted, `closed_at` and `by` tell when and by whom that was begun."""

_IS_CLOSED = CLOSINGS.c.state == ClosingState.CLOSED.value

CLOSING_BALANCES = Table(
    "ledger_closing_balances",
    METADATA,
    Column("account", String, primary_key=True),
    Column(
        "period",
        Integer,
        ForeignKey("ledger_closings.period"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("balance_fen", BigInteger, nullable=False),
)
"""What each account that moved in the period stood at when it ended; counts once it is closed."""

_LAST = Statement("SELECT COALESCE(MAX(period), 0) FROM ledger_closings WHERE state = 'closed'")
_LAST_BEGUN = Statement("SELECT COALESCE(MAX(period), 0) FROM ledger_closings")
_READ = Statement(
    "WITH RECURSIVE named (account, place) AS"
    " (SELECT MIN(account), 1 FROM entries WHERE account > :after UNION ALL"
    " SELECT (SELECT MIN(account) FROM entries WHERE account > named.account), named.place + 1"
    " FROM named WHERE named.account IS NOT NULL AND named.place < :most)"
    " SELECT named.account, COUNT(entries.account),"
    " CAST(COALESCE(SUM(entries.amount_fen), 0) AS BIGINT),"
    " COALESCE((SELECT balance_fen FROM ledger_closing_balances AS earlier"
    " WHERE earlier.account = named.account AND earlier.period <= :last"
    " ORDER BY earlier.period DESC LIMIT 1), 0) FROM named LEFT JOIN entries"
    " ON entries.account = named.account AND entries.period > :last"
    " AND entries.period <= :period WHERE named.account IS NOT NULL"
    " GROUP BY named.account ORDER BY named.account"
)
"""Each name is found by a step in the index, past all entries of the one before: a piece costs its
own accounts and their entries of the month, not those of the years before."""
_ADD_BALANCE = Statement(
    "INSERT INTO ledger_closing_balances (account, period, balance_fen)"
    " VALUES (:account, :period, :balance_fen)"
)
_ADVANCE = Statement(
    "UPDATE ledger_closings SET accounts = accounts + :accounts, entries = entries + :entries,"
    " sum_fen = sum_fen + :sum_fen, reached = :reached, state = :state WHERE period = :period"
)
_FORGET = Statement(
    "DELETE FROM ledger_closing_balances WHERE period = :period AND account IN (SELECT account"
    " FROM ledger_closing_balances WHERE period = :period LIMIT :most)"
)


class Counting(msgspec.Struct, frozen=True):
    """A closing and how far it was counted."""

    period: int
    state: ClosingState
    last: int
    reached: str
    accounts: int
    entries: int
    sum_fen: int

    @property
    def is_wrong(self) -> bool:
        """Whether all was counted and does not balance."""
        return self.state is ClosingState.COUNTED and self.sum_fen != 0


class Counted(NamedTuple):
    """An account: its entries in the months that are closed, their sum, what it stood at before."""

    account: str
    entries: int
    fen: int
    before_fen: int


class Piece(NamedTuple):
    """The accounts behind one, counted; none where there are no more."""

    period: int
    after: str
    counted: list[Counted]


def last_closed(tx: Transaction) -> int:
    """The period closed last; 0 where none is."""
    return int(tx.rows(_LAST, {})[0][0])


def last_begun(tx: Transaction) -> int:
    """The last period that is closed or being counted; 0 where none is."""
    return int(tx.rows(_LAST_BEGUN, {})[0][0])


def find(tx: Transaction, period: int, *, to_change: bool = False) -> Counting | None:
    """The closing of a period; with `to_change` locked until the transaction ends."""
    query = select(*(CLOSINGS.c[name] for name in Counting.__struct_fields__))
    query = query.where(CLOSINGS.c.period == period)
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    if row is None:
        return None
    found = dict(row._mapping)
    return Counting(**{**found, "state": ClosingState(found["state"])})


def begin(tx: Transaction, period: int, last: int, *, at: str, by: str) -> None:
    """Save that a month is counted from now on."""
    row = {"period": period, "last": last, "accounts": 0, "entries": 0, "closed_at": at, "by": by}
    tx.execute(insert(CLOSINGS).values(**row, state=ClosingState.COUNTING.value))


def read_piece(tx: Transaction, closing: Counting, most: int) -> Piece:
    """Count the next accounts, so many at most."""
    tx.keep_to_indexes()
    asked = {"after": closing.reached, "most": most}
    rows = tx.rows(_READ, asked | {"last": closing.last, "period": closing.period})
    return Piece(closing.period, closing.reached, [Counted(*row) for row in rows])


def add_piece(tx: Transaction, piece: Piece, state: ClosingState) -> None:
    """Save what the accounts of a piece stood at, and how far the closing has come."""
    moved = [each for each in piece.counted if each.entries]
    rows = ((each.account, piece.period, each.before_fen + each.fen) for each in moved)
    tx.add_ordered(_ADD_BALANCE, rows)
    reached = piece.counted[-1].account if piece.counted else piece.after
    sums = {"entries": sum(each.entries for each in moved), "accounts": len(moved)}
    place = {"period": piece.period, "reached": reached, "state": state.value}
    tx.run(_ADVANCE, {**sums, **place, "sum_fen": sum(each.fen for each in moved)})


def forget(tx: Transaction, period: int, most: int) -> bool:
    """Forget so many balances of a period, at last its closing; whether there is more."""
    if tx.run(_FORGET, {"period": period, "most": most}):
        return True
    tx.execute(delete(CLOSINGS).where(CLOSINGS.c.period == period))
    return False


def close(tx: Transaction, period: int, state: ClosingState, *, at: str, by: str) -> None:
    """Save that it is closed: what was counted is what its accounts stood at."""
    row = {"state": state.value, "closed_at": at, "by": by}
    tx.execute(update(CLOSINGS).where(CLOSINGS.c.period == period).values(row))


def periods(tx: Transaction) -> list[int]:
    """Every closed month: twelve a year."""
    return [row[0] for row in tx.select(select(CLOSINGS.c.period).where(_IS_CLOSED))]


def page_of_closings(tx: Transaction, page: Page) -> Paged[dict[str, Any]]:
    """A page of the closings, the latest first."""
    told = ("period", "accounts", "entries", "closed_at", "by")
    query = select(*(CLOSINGS.c[name] for name in told)).where(_IS_CLOSED)
    return page_of(tx, query, [CLOSINGS.c.period], page, latest_first=True)


def balances_at(tx: Transaction, period: int, page: Page) -> Paged[dict[str, Any]]:
    """A page of what the accounts that moved in a closed period stood at, by name."""
    query = select(CLOSING_BALANCES.c.account, CLOSING_BALANCES.c.balance_fen)
    query = query.where(CLOSING_BALANCES.c.period == period)
    return page_of(tx, query, [CLOSING_BALANCES.c.account], page)
