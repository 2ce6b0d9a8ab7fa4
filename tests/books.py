"""The check of the books that every platform of the suite stands when its user is done with it.

Rules: a platform of the fixture `installation` is checked when its test is done, so is a database
of PostgreSQL before it is dropped; whatever else a session leaves in its temporary folders, by
whatever process, is looked for at its end. The platforms that scenarios start for other regions
are looked at by their run before their data goes (`scenarios/whole_books.py`): a fault fails it.
Whoever tampers with the books on purpose is marked `faulty_books` with the reason, and must have
left a fault where the fixture looks. A file that is no installed platform of the present schema has
no books to check.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from card_platform.installation import Installation
from card_platform.settings import DATABASE_FILE, Settings, with_driver
from card_platform.settlement.beside_the_ledger import first_fault, first_fault_beside
from card_platform.settlement.ledger import check_books
from card_platform.settlement.ledger.books import check_book
from card_platform.storage import Transaction, migrations
from card_platform.storage.database import open_engine

_PRESENT = max(each.name[:4] for each in Path(migrations.__path__[0]).glob("versions/0*.py"))
_SQLITE = b"SQLite format 3\0"
MARKS = ("faulty_books", "no_books")
_done: set[Path] = set()
"""Folders whose books were checked, or that a mark excuses."""


def excuse(item: pytest.Item) -> bool:
    """Whether the test is marked; its folder is not looked at then. A mark gives its reason."""
    marks = [mark for mark in map(item.get_closest_marker, MARKS) if mark is not None]
    for mark in marks:
        assert mark.args, f"{item.nodeid}: the mark {mark.name} gives no reason"
    folder = getattr(item, "funcargs", {}).get("tmp_path")
    if marks and folder is not None:
        _done.add(folder)
    return bool(marks)


def fault_of(opened: Installation, data: Path) -> str | None:
    """The first fault in the books of a platform that is open, over its folder."""
    _done.add(data)

    def look(tx: Transaction) -> str | None:
        return check_book(tx).first_fault or first_fault(tx)

    return opened.database.read_now(look)


def require_whole_books(data: Path, database: str | None = None) -> None:
    """The books of a platform that has ended, or runs: its folder, and the URL of PostgreSQL."""
    _done.add(data)
    if database is None and not (data / DATABASE_FILE).exists():
        return  # it never started
    url = Settings(data, database).sqlalchemy_url
    fault = _fault_in(url)
    assert fault is None, f"the books of {url}: {fault}"


def require_all_whole(folder: Path) -> None:
    """The books of every platform below a folder that were not checked yet; all faults at once."""
    faults = []
    for file in sorted(folder.rglob(DATABASE_FILE)):
        is_damaged = _begin_of(file) != _SQLITE  # on purpose: it is told at a start
        if not is_damaged and _done.isdisjoint({file.parent, *file.parents}):
            url = Settings(file.parent).sqlalchemy_url
            fault = _fault_in(url)
            faults += [f"{file.parent}: {fault}"] if fault else []
    assert not faults, "\n".join(["the books that were left:", *faults])


def _begin_of(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(len(_SQLITE))


def require_whole_database(url: str) -> None:
    """The books in a database, if it is a platform's."""
    fault = _fault_in(url)
    assert fault is None, f"the books of {url}: {fault}"


def _fault_in(url: str) -> str | None:
    if not _is_installed(url):
        return None
    return check_books(url).first_fault or first_fault_beside(url)


def _is_installed(url: str) -> bool:
    engine = open_engine(with_driver(url), to_read=True)
    try:
        with engine.connect() as connection:
            if not {"alembic_version", "installation"} <= set(
                inspect(connection).get_table_names()
            ):
                return False
            version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return bool(version == _PRESENT)
    finally:
        engine.dispose()
