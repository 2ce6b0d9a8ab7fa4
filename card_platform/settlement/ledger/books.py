"""The check over the whole book, independent of the code that posts.

It reads every posting and entry and names the first fault: a posting that does not sum to zero or
has fewer than two entries, entries of no posting or of another month than theirs, a closing that
its entries contradict, or a book whose sum is not zero.
"""

from __future__ import annotations

import msgspec

from card_platform.settings import with_driver
from card_platform.settlement.ledger import books_store
from card_platform.storage import Transaction
from card_platform.storage.database import open_engine
from card_platform.storage.unit_of_work import run_read


class BookCheck(msgspec.Struct, frozen=True, kw_only=True):
    """What the check found.

    Attributes:
        balanced: no fault was found.
        closings: months that are closed, and were checked against their entries.
        sum_fen: sum of all entries; 0 in a book without fault.
        first_fault: the first fault in words, or None.
    """

    balanced: bool
    postings: int
    entries: int
    accounts: int
    closings: int
    sum_fen: int
    first_fault: str | None


def check_book(transaction: Transaction) -> BookCheck:
    """Check the whole book in one snapshot."""
    postings, entries, accounts, sum_fen = books_store.totals(transaction)
    fault = _first_fault(transaction, sum_fen)
    return BookCheck(
        balanced=fault is None,
        postings=postings,
        entries=entries,
        accounts=accounts,
        closings=books_store.count_closings(transaction),
        sum_fen=sum_fen,
        first_fault=fault,
    )


def check_books(database_url: str) -> BookCheck:
    """The same for a command: opens the database, checks, closes."""
    engine = open_engine(with_driver(database_url), to_read=True)
    try:
        with engine.connect() as connection:
            checked: BookCheck = run_read(connection, check_book)
            return checked
    finally:
        engine.dispose()


def _first_fault(transaction: Transaction, sum_fen: int) -> str | None:
    unbalanced = books_store.first_unbalanced(transaction)
    if unbalanced is not None:
        posting_id, lines, posting_sum_fen = unbalanced
        return f"{posting_id}: {lines} entries that sum to {posting_sum_fen} fen"
    orphan = books_store.first_orphan(transaction)
    if orphan is not None:
        return f"{orphan}: entries without a posting"
    misdated = books_store.first_misdated(transaction)
    if misdated is not None:
        posting_id, line, month = misdated
        return f"{posting_id}: entry {line} is of the month {month}, its posting is not"
    otherwise = books_store.first_closed_otherwise(transaction)
    if otherwise is not None:
        month, account, entries_fen, closed_fen = otherwise
        return f"closing {month}, {account}: closed at {closed_fen} fen, entries say {entries_fen}"
    if sum_fen != 0:
        return f"all entries sum to {sum_fen} fen"
    return None
