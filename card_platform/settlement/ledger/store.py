"""Tables and SQL of the ledger: postings, entries, accounts, transfers.

An account's balance is that of its last closing and the sum of its entries since. A row of
`ledger_accounts` says what may be done with an account and is locked by who takes money from it;
an account of cards and terminals has one only when a transfer first names it, so that a tap
touches no row another one has.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    insert,
    select,
    update,
)

from card_platform.settlement.ledger.accounts import AccountState
from card_platform.settlement.ledger.model import Posting, period_of
from card_platform.storage import Page, Paged, Statement, Transaction
from card_platform.storage.history import History
from card_platform.storage.schema import METADATA

POSTINGS = Table(
    "postings",
    METADATA,
    Column("posting_id", String, primary_key=True),
    Column("client_id", String, nullable=False, unique=True),
    Column("purpose", String, nullable=False),
    Column("at", String, nullable=False),
)

ENTRIES = Table(
    "entries",
    METADATA,
    Column("posting_id", String, ForeignKey("postings.posting_id"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("account", String, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("period", Integer, nullable=False),
    Index("ix_entries_of_account", "account", "period"),
)
"""`period` is the month of the posting, beside the account, so that a sum over the months since a
closing reads no older entry."""

LEDGER_ACCOUNTS = Table(
    "ledger_accounts",
    METADATA,
    Column("account", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("opened_at", String, nullable=False),
    Column("by", String, nullable=False),
)
ACCOUNT_CHANGES = History("ledger_account_changes", "ledger_accounts.account", "reason")

TRANSFERS = Table(
    "transfers",
    METADATA,
    Column("transfer_id", String, primary_key=True),
    Column("client_id", String, nullable=False, unique=True),
    Column("debit", String, nullable=False),
    Column("credit", String, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("purpose", String, nullable=False),
    Column("day", String),
    Column("posting_id", String, ForeignKey("postings.posting_id"), nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
)

_ADD_POSTING = Statement(
    "INSERT INTO postings (posting_id, client_id, purpose, at)"
    " VALUES (:posting_id, :client_id, :purpose, :at)"
)
_ADD_ENTRY = Statement(
    "INSERT INTO entries (posting_id, line, account, amount_fen, period)"
    " VALUES (:posting_id, :line, :account, :amount_fen, :period)"
)
_FIND_POSTING = Statement("SELECT posting_id FROM postings WHERE client_id = :client_id")
_ENTRIES_OF = Statement(
    "SELECT account, amount_fen FROM entries WHERE posting_id = :posting_id ORDER BY line"
)
_BALANCE = Statement(
    "WITH closed AS (SELECT COALESCE(MAX(period), 0) AS period FROM ledger_closings"
    " WHERE state = 'closed') SELECT CAST(COALESCE((SELECT balance_fen"
    " FROM ledger_closing_balances WHERE account = :account"
    " AND period <= (SELECT period FROM closed) ORDER BY period DESC LIMIT 1), 0)"
    " + COALESCE((SELECT SUM(amount_fen) FROM entries WHERE account = :account"
    " AND period > (SELECT period FROM closed)), 0) AS BIGINT)"
)
_NEXT_ACCOUNT = Statement(
    "SELECT MIN(account) FROM (SELECT MIN(account) AS account FROM entries"
    " WHERE account > :after UNION ALL SELECT MIN(account) AS account FROM ledger_accounts"
    " WHERE account > :after) AS found"
)
_STATE_TO_DEBIT = Statement(
    "SELECT state FROM ledger_accounts WHERE account = :account", locks_rows=True
)
_OPEN_ACCOUNT = Statement(
    'INSERT INTO ledger_accounts (account, state, opened_at, "by")'
    " VALUES (:account, 'open', :at, :by) ON CONFLICT (account) DO NOTHING"
)
_HAS_ENTRIES = Statement("SELECT 1 FROM entries WHERE account = :account LIMIT 1")


def add_posting(transaction: Transaction, posting_id: str, posting: Posting, at: str) -> bool:
    """Save the posting; False where its client id is taken."""
    fresh = transaction.add_once(
        _ADD_POSTING,
        {
            "posting_id": posting_id,
            "client_id": posting.client_id,
            "purpose": posting.purpose,
            "at": at,
        },
    )
    if not fresh:
        return False
    period = period_of(at)
    for line, entry in enumerate(posting.entries):
        values: dict[str, object] = {
            "posting_id": posting_id,
            "line": line,
            "account": entry.account,
            "amount_fen": entry.amount_fen,
            "period": period,
        }
        transaction.later(_ADD_ENTRY, values)
    return True


def add_postings(
    transaction: Transaction, postings: Sequence[tuple[str, Posting]], at: str
) -> None:
    """Save postings with new ids and client ids, all rows of a table together."""
    period = period_of(at)
    rows = ((posting_id, each.client_id, each.purpose, at) for posting_id, each in postings)
    transaction.add_ordered(_ADD_POSTING, rows)
    entries = (
        (posting_id, line, entry.account, entry.amount_fen, period)
        for posting_id, each in postings
        for line, entry in enumerate(each.entries)
    )
    transaction.add_ordered(_ADD_ENTRY, entries)


def find_posting(transaction: Transaction, client_id: str) -> str:
    """The id of the posting of that client id."""
    posting_id: str = transaction.rows(_FIND_POSTING, {"client_id": client_id})[0][0]
    return posting_id


def entries_of(transaction: Transaction, posting_id: str) -> list[tuple[str, int]]:
    """Account and amount of each entry, in order."""
    return [(row[0], row[1]) for row in transaction.rows(_ENTRIES_OF, {"posting_id": posting_id})]


def balance_of(transaction: Transaction, account: str) -> int:
    """The balance of one account in fen; 0 where it has no entry."""
    return int(transaction.rows(_BALANCE, {"account": account})[0][0])


def is_known(transaction: Transaction, account: str) -> bool:
    """Whether it was opened, or something was posted to it."""
    by_name = LEDGER_ACCOUNTS.c.account == account
    if transaction.select(select(LEDGER_ACCOUNTS.c.account).where(by_name)):
        return True
    return bool(transaction.rows(_HAS_ENTRIES, {"account": account}))


def page_of_accounts(transaction: Transaction, page: Page) -> Paged[str]:
    """A page of the names of all accounts, in their order.

    Each name is found by a step in the index, past all entries of the one before: a page costs its
    own accounts, whatever was posted to them.
    """
    after = str(page.after[0]) if page.after else ""
    names: list[str] = []
    while len(names) <= page.limit:
        found = transaction.rows(_NEXT_ACCOUNT, {"after": after})[0][0]
        if found is None:
            break
        names.append(found)
        after = found
    shown = names[: page.limit]
    return Paged(shown, [(name,) for name in shown], len(names) > page.limit)


def open_account(transaction: Transaction, account: str, at: str, by: str) -> bool:
    """Open it; False where it is there."""
    return bool(transaction.run(_OPEN_ACCOUNT, {"account": account, "at": at, "by": by}))


def state_of(transaction: Transaction, account: str) -> AccountState:
    """The state, without a lock; open where nothing is known of it."""
    query = select(LEDGER_ACCOUNTS.c.state).where(LEDGER_ACCOUNTS.c.account == account)
    rows = transaction.select(query)
    return AccountState(rows[0][0]) if rows else AccountState.OPEN


def hold(
    transaction: Transaction, account: str, at: str, by: str, *, to_debit: bool
) -> AccountState | None:
    """The state, kept from others until the transaction ends; None for an account nobody knows.

    Who takes money, or changes the state, has the account alone; who gives money shares it.
    """
    state = _held_state(transaction, account, to_debit=to_debit)
    if state is None and transaction.rows(_HAS_ENTRIES, {"account": account}):
        open_account(transaction, account, at, by)
        state = _held_state(transaction, account, to_debit=to_debit)
    return state


def _held_state(transaction: Transaction, account: str, *, to_debit: bool) -> AccountState | None:
    if to_debit:
        rows = transaction.rows(_STATE_TO_DEBIT, {"account": account})
    else:
        of_it = LEDGER_ACCOUNTS.c.account == account
        query = select(LEDGER_ACCOUNTS.c.state).where(of_it).with_for_update(read=True)
        rows = transaction.select(query)
    return AccountState(rows[0][0]) if rows else None


def save_state(transaction: Transaction, account: str, state: AccountState) -> None:
    """Save an account's state."""
    by_name = LEDGER_ACCOUNTS.c.account == account
    transaction.execute(update(LEDGER_ACCOUNTS).where(by_name).values(state=state.value))


def add_transfer(transaction: Transaction, **values: object) -> None:
    """Save a transfer."""
    transaction.execute(insert(TRANSFERS).values(values))


def find_transfer(transaction: Transaction, client_id: str) -> dict[str, Any] | None:
    """The transfer of that client id."""
    query = select(TRANSFERS).where(TRANSFERS.c.client_id == client_id)
    row = transaction.execute(query).one_or_none()
    return None if row is None else dict(row._mapping)
