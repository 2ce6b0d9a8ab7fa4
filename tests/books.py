"""The check of the books that every platform of the suite stands when its user is done with it.

Whoever tampers with the books on purpose is marked `faulty_books`, and must have left a fault.
"""

from __future__ import annotations

from pathlib import Path

from card_platform.installation import Installation
from card_platform.settings import DATABASE_FILE, Settings
from card_platform.settlement.beside_the_ledger import first_fault, first_fault_beside
from card_platform.settlement.ledger import check_books
from card_platform.settlement.ledger.books import check_book
from card_platform.storage import Transaction


def fault_of(opened: Installation) -> str | None:
    """The first fault in the books of a platform that is open."""

    def look(tx: Transaction) -> str | None:
        return check_book(tx).first_fault or first_fault(tx)

    return opened.database.read_now(look)


def require_whole_books(data: Path, database: str | None = None) -> None:
    """The books of a platform that has ended, or runs: its folder, and the URL of PostgreSQL."""
    if database is None and not (data / DATABASE_FILE).exists():
        return  # it never started
    url = Settings(data, database).sqlalchemy_url
    fault = check_books(url).first_fault or first_fault_beside(url)
    assert fault is None, f"the books of {url}: {fault}"
