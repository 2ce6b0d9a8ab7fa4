"""The books beside the ledger: lines of payouts, days of clearing, what banks booked. Each answers
for sums that the ledger holds, and has a check of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from card_platform.settings import with_driver
from card_platform.settlement.clearing import checking as clearing
from card_platform.settlement.payouts import checking as payouts
from card_platform.settlement.reconciliation import checking as reconciliation
from card_platform.storage import Transaction
from card_platform.storage.database import open_engine
from card_platform.storage.unit_of_work import run_read

Answer = TypeVar("Answer")


def first_fault_beside(database_url: str) -> str | None:
    """The first fault of these books, in words; None where they agree with what they stand for."""
    return _asked(database_url, first_fault)


def first_fault(tx: Transaction) -> str | None:
    """The same in a transaction of the caller's."""
    return payouts.first_fault(tx) or clearing.first_fault(tx) or reconciliation.first_fault(tx)


def differences_left(database_url: str) -> int:
    """Differences with banks that are still to be worked off."""
    return _asked(database_url, reconciliation.left)


def _asked(database_url: str, question: Callable[[Transaction], Answer]) -> Answer:
    engine = open_engine(with_driver(database_url), to_read=True)
    try:
        with engine.connect() as connection:
            found: Answer = run_read(connection, question)
            return found
    finally:
        engine.dispose()
