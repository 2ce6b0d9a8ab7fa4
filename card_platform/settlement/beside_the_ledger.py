"""The books beside the ledger: lines of payouts, and days of clearing. Each answers for sums that
the ledger holds, and has a check of its own.
"""

from __future__ import annotations

from card_platform.settings import with_driver
from card_platform.settlement.clearing import checking as clearing
from card_platform.settlement.payouts import checking as payouts
from card_platform.storage import Transaction
from card_platform.storage.database import open_engine
from card_platform.storage.unit_of_work import run_read


def first_fault_beside(database_url: str) -> str | None:
    """The first fault of these books, in words; None where they agree with what they stand for."""
    engine = open_engine(with_driver(database_url), begin="BEGIN")
    try:
        with engine.connect() as connection:
            found: str | None = run_read(connection, _first_fault)
            return found
    finally:
        engine.dispose()


def _first_fault(tx: Transaction) -> str | None:
    return payouts.first_fault(tx) or clearing.first_fault(tx)
