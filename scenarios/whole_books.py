"""The books of a platform whose scenarios are over: the ledger, and the books beside it.

Read by the platform's own check, from its database: what `onecard books` tells. A scenario asks
the ledger of its own region alone; the other regions it touched are looked at when the run ends.
"""

from __future__ import annotations

from pathlib import Path


class BooksAreNotWhole(Exception):
    """The scenarios left a fault in the books of a region."""


def require_whole_books(region: str, data: Path, database: str | None) -> None:
    """Look at a platform that has ended; `database` None is SQLite in its folder.

    Raises:
        BooksAreNotWhole: with the region and the first fault.
    """
    # loaded where it is needed: a run that starts no other region goes without the database's code
    from card_platform.settings import Settings  # noqa: PLC0415
    from card_platform.settlement.beside_the_ledger import first_fault_beside  # noqa: PLC0415
    from card_platform.settlement.ledger import check_books  # noqa: PLC0415

    url = Settings(data, database).sqlalchemy_url
    fault = check_books(url).first_fault or first_fault_beside(url)
    if fault is not None:
        raise BooksAreNotWhole(f"{region} 账目有误 the books of {region} are not whole: {fault}")
