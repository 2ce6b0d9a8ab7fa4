"""Tables and SQL of the ledger. An account is the sum of its entries, and nothing else."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    cast,
    func,
    select,
)

from card_platform.settlement.ledger.model import ENTRIES_MAX, Posting
from card_platform.storage import Page, Paged, Statement, Transaction, page_of
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
    Index("ix_entries_account", "account"),
)

_ADD_POSTING = Statement(
    "INSERT INTO postings (posting_id, client_id, purpose, at)"
    " VALUES (:posting_id, :client_id, :purpose, :at) ON CONFLICT (client_id) DO NOTHING"
)
_FIND_POSTING = Statement("SELECT posting_id FROM postings WHERE client_id = :client_id")
_ENTRIES_OF = Statement(
    "SELECT account, amount_fen FROM entries WHERE posting_id = :posting_id ORDER BY line"
)
_BALANCE = Statement(
    "SELECT CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) FROM entries WHERE account = :account"
)
_TOTALS = Statement(
    "SELECT (SELECT COUNT(*) FROM postings), COUNT(*), COUNT(DISTINCT account),"
    " CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) FROM entries"
)
_UNBALANCED = Statement(
    "SELECT postings.posting_id, COUNT(entries.line),"
    " CAST(COALESCE(SUM(entries.amount_fen), 0) AS BIGINT) FROM postings"
    " LEFT JOIN entries ON entries.posting_id = postings.posting_id"
    " GROUP BY postings.posting_id, postings.at"
    " HAVING COUNT(entries.line) < 2 OR COALESCE(SUM(entries.amount_fen), 0) <> 0"
    " ORDER BY postings.at, postings.posting_id LIMIT 1"
)
_ORPHAN = Statement(
    "SELECT entries.posting_id FROM entries LEFT JOIN postings"
    " ON postings.posting_id = entries.posting_id WHERE postings.posting_id IS NULL LIMIT 1"
)


def add_posting(transaction: Transaction, posting_id: str, posting: Posting, at: str) -> bool:
    """Save the posting; False where its client id is taken."""
    fresh = transaction.run(
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
    values: dict[str, object] = {"posting_id": posting_id}
    for line, entry in enumerate(posting.entries):
        values[f"account{line}"] = entry.account
        values[f"fen{line}"] = entry.amount_fen
    transaction.run(_add_entries(len(posting.entries)), values)
    return True


@lru_cache(ENTRIES_MAX)
def _add_entries(count: int) -> Statement:
    """All entries of a posting in one statement: half the cost of one each."""
    rows = (f"(:posting_id, {line}, :account{line}, :fen{line})" for line in range(count))
    head = "INSERT INTO entries (posting_id, line, account, amount_fen) VALUES "
    return Statement(head + ", ".join(rows))


def find_posting(transaction: Transaction, client_id: str) -> str:
    """The id of the posting of that client id."""
    posting_id: str = transaction.rows(_FIND_POSTING, {"client_id": client_id})[0][0]
    return posting_id


def entries_of(transaction: Transaction, posting_id: str) -> list[tuple[str, int]]:
    """Account and amount of each entry, in order."""
    return [(row[0], row[1]) for row in transaction.rows(_ENTRIES_OF, {"posting_id": posting_id})]


def balances(transaction: Transaction, page: Page) -> Paged[tuple[str, int]]:
    """A page of the accounts, by name, with their balances in fen."""
    account, total = ENTRIES.c.account, cast(func.sum(ENTRIES.c.amount_fen), BigInteger)
    query = select(account, total.label("fen")).group_by(account)
    found = page_of(transaction, query, [account], page)
    return found.made(lambda row: (row["account"], row["fen"]))


def balance_of(transaction: Transaction, account: str) -> int:
    """The balance of one account in fen; 0 where it has no entry."""
    return int(transaction.rows(_BALANCE, {"account": account})[0][0])


def totals(transaction: Transaction) -> tuple[int, int, int, int]:
    """Postings, entries, accounts, and the sum of all entries in fen."""
    postings, entries, accounts, sum_fen = transaction.rows(_TOTALS, {})[0]
    return postings, entries, accounts, sum_fen


def first_unbalanced(transaction: Transaction) -> tuple[str, int, int] | None:
    """The earliest posting with fewer than two entries or a sum other than zero."""
    rows = transaction.rows(_UNBALANCED, {})
    return (rows[0][0], rows[0][1], rows[0][2]) if rows else None


def first_orphan(transaction: Transaction) -> str | None:
    """A posting id that entries name and no posting has."""
    rows = transaction.rows(_ORPHAN, {})
    return rows[0][0] if rows else None
