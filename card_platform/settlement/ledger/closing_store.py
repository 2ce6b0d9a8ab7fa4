"""Tables and SQL of the closings of periods."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, insert, select

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
)

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
"""What each account that moved in the period stood at when it ended."""

_LAST = Statement("SELECT COALESCE(MAX(period), 0) FROM ledger_closings")
_COUNT = Statement(
    "SELECT COUNT(DISTINCT account), COUNT(*), CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT)"
    " FROM entries WHERE period > :last AND period <= :period"
)
_FIX = Statement(
    "INSERT INTO ledger_closing_balances (account, period, balance_fen)"
    " SELECT moved.account, CAST(:period AS INTEGER), moved.fen + COALESCE((SELECT balance_fen"
    " FROM ledger_closing_balances AS earlier WHERE earlier.account = moved.account"
    " ORDER BY earlier.period DESC LIMIT 1), 0)"
    " FROM (SELECT account, CAST(SUM(amount_fen) AS BIGINT) AS fen FROM entries"
    " WHERE period > :last AND period <= :period GROUP BY account) AS moved"
)


def last_closed(tx: Transaction) -> int:
    """The period closed last; 0 where none is."""
    return int(tx.rows(_LAST, {})[0][0])


def moved_in(tx: Transaction, last: int, period: int) -> tuple[int, int, int]:
    """Accounts, entries and their sum in fen, after the one period and up to the other."""
    accounts, entries, sum_fen = tx.rows(_COUNT, {"last": last, "period": period})[0]
    return int(accounts), int(entries), int(sum_fen)


def close(tx: Transaction, last: int, **row: object) -> None:
    """Save the closing and what each account that moved stood at."""
    tx.execute(insert(CLOSINGS).values(row))
    tx.run(_FIX, {"period": row["period"], "last": last})


def periods(tx: Transaction) -> list[int]:
    """Every closed month: twelve a year."""
    return [row[0] for row in tx.select(select(CLOSINGS.c.period))]


def page_of_closings(tx: Transaction, page: Page) -> Paged[dict[str, Any]]:
    """A page of the closings, the latest first."""
    return page_of(tx, select(CLOSINGS), [CLOSINGS.c.period], page, latest_first=True)


def balances_at(tx: Transaction, period: int, page: Page) -> Paged[dict[str, Any]]:
    """A page of what the accounts that moved in a closed period stood at, by name."""
    query = select(CLOSING_BALANCES.c.account, CLOSING_BALANCES.c.balance_fen)
    query = query.where(CLOSING_BALANCES.c.period == period)
    return page_of(tx, query, [CLOSING_BALANCES.c.account], page)
