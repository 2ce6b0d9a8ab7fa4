"""An index that is made afterwards, for tables that only grow: the rows of one card among millions.

Why not an ordinary one: each new row then touches a page at a random place. Identity checks of a
million cards had four fifths of what a commit writes, and most of what a checkpoint must copy,
from one index (decision 0019).

Rules:
- Rows are filed by due work, a run of many at a time: sorted by key before they are placed, so that
  the places of a run lie side by side. Rows of no run yet are looked through.
- Which rows a run has is fixed when it is opened, when no transaction is under way that could add
  a lower number. So whoever files, and however often it was broken off, sorts the same rows in the
  same order, and goes on behind those that are placed.
- A key is 32 bits of a hash: rows that are found are compared with the value itself.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Integer,
    String,
    Table,
    and_,
    func,
    select,
    text,
    union_all,
)

from card_platform.storage.schema import METADATA
from card_platform.storage.statement import Statement
from card_platform.storage.unit_of_work import Transaction

RUN_ROWS: Final = 32_768
"""Rows of a run. They are sorted in memory; twice as many, at times, are looked through; and a
hundred million rows are three thousand runs, each one descent of the index."""
ROWS_READ_MAX: Final = 500
ROWS_PLACED_MAX: Final = 250
"""Rows of one transaction: a millisecond or two, since on SQLite everybody waits for it."""
WHERE_NOBODY_WAITS: Final = 4
"""So many times as many on PostgreSQL: each transaction costs six waits and a sync."""
_NUMBER_BITS: Final = 40
"""A trillion rows; key and number are sorted as one integer."""

FILED_RUNS = Table(
    "filed_runs",
    METADATA,
    Column("index_name", String, primary_key=True),
    Column("run", Integer, primary_key=True, autoincrement=False),
    Column("first_number", BigInteger, nullable=False),
    Column("last_number", BigInteger, nullable=False),
    Column("placed", Integer, nullable=False),
    Column("is_whole", Integer, nullable=False),
)
"""The runs of every index: the numbers of their rows, and how many places are written."""


_RUN = "SELECT run, first_number, last_number, placed, is_whole FROM filed_runs"
_LATEST_RUN = Statement(
    f"{_RUN} WHERE index_name = :name ORDER BY run DESC LIMIT 1", locks_rows=True
)
_OPEN_RUN = Statement(
    "INSERT INTO filed_runs (index_name, run, first_number, last_number, placed, is_whole)"
    " VALUES (:name, :run, :first, :last, 0, 0) ON CONFLICT DO NOTHING"
)
_SAVE_RUN = Statement(
    "UPDATE filed_runs SET placed = :placed, is_whole = :is_whole"
    " WHERE index_name = :name AND run = :run"
)


class _Run(NamedTuple):
    run: int
    first: int
    last: int
    placed: int
    is_whole: int


@dataclass(slots=True)
class _Sorting:
    """What this process has read of a run; every process reads and sorts the same."""

    run: int = -1
    read_to: int = 0
    places: list[int] = field(default_factory=list)


class FiledIndex:
    """The index of one table by one column.

    Args:
        name: of the table of its places.
        table: has a growing whole `number` as primary key; no row is changed or removed.
        column: what rows are looked for by; rows without a value are not filed.
    """

    def __init__(self, name: str, table: Table, column: str) -> None:
        self.name, self.table = name, table
        self._number, self._value = table.c.number, table.c[column]
        self._places = Table(
            name,
            METADATA,
            Column("run", Integer, primary_key=True, autoincrement=False),
            Column("key", BigInteger, primary_key=True, autoincrement=False),
            Column("number", BigInteger, primary_key=True, autoincrement=False),
            sqlite_with_rowid=False,
        )
        self.add = Statement(
            f"INSERT INTO {name} (run, key, number)"  # noqa: S608 - names of our own tables
            " VALUES (:run, :key, :number)"
        )
        self.read = Statement(
            f"SELECT number, {column} FROM {table.name}"  # noqa: S608
            " WHERE number > :after AND number <= :last ORDER BY number LIMIT :most"
        )

    def has(self, value: str) -> ColumnElement[bool]:
        """The condition that a row of the table has this value in the column."""
        runs, places = FILED_RUNS.c, self._places.c
        whole = and_(runs.index_name == self.name, runs.is_whole == 1)
        filed = select(places.number).join(FILED_RUNS, runs.run == places.run)
        filed_to = select(func.coalesce(func.max(runs.last_number), 0)).where(whole)
        newest = select(func.max(self._number)).scalar_subquery()  # PostgreSQL plans for a range
        waiting = select(self._number).where(
            self._number > filed_to.scalar_subquery(), self._number <= newest, self._value == value
        )
        found = union_all(filed.where(whole, places.key == _key_of(value)), waiting)
        return and_(self._number.in_(found), self._value == value)


class Filing:
    """Files the rows of one database.

    Args:
        index: where.
        run_rows: rows of a run.
    """

    def __init__(self, index: FiledIndex, run_rows: int = RUN_ROWS) -> None:
        self._index, self._run_rows = index, run_rows
        self._sorting = _Sorting()

    def file(self, tx: Transaction, _now: datetime) -> bool:
        """Due work: the next piece of filing; whether there is more."""
        rows = tx.rows(_LATEST_RUN, {"name": self._index.name})
        run = _Run(*rows[0]) if rows else _Run(-1, 0, 0, 0, is_whole=1)
        if run.is_whole:
            return self._open(tx, run.run + 1, run.last + 1)
        if self._sorting.run != run.run:
            self._sorting = _Sorting(run.run, run.first - 1)
        if self._sorting.read_to < run.last:
            self._read_on(tx, run)
        else:
            self._place_on(tx, run)
        return True

    def _open(self, tx: Transaction, run: int, first: int) -> bool:
        last = first + self._run_rows - 1
        if self._newest(tx) < last:
            return False
        if tx.connection.dialect.name != "sqlite":
            # Until every transaction that adds rows has ended: none brings a lower number later.
            tx.execute(text(f"LOCK TABLE {self._index.table.name} IN SHARE MODE"))
        tx.run(_OPEN_RUN, {"name": self._index.name, "run": run, "first": first, "last": last})
        return True

    def _newest(self, tx: Transaction) -> int:
        return int(
            tx.execute(select(func.coalesce(func.max(self._index.table.c.number), 0))).scalar_one()
        )

    def _read_on(self, tx: Transaction, run: _Run) -> None:
        sorting = self._sorting
        most = _at_once(tx, ROWS_READ_MAX)
        asked = {"after": sorting.read_to, "last": run.last, "most": most}
        rows = tx.rows(self._index.read, asked)
        sorting.places += [
            _key_of(value) << _NUMBER_BITS | number for number, value in rows if value is not None
        ]
        sorting.read_to = rows[-1][0] if len(rows) == most else run.last
        if sorting.read_to == run.last:
            sorting.places.sort()

    def _place_on(self, tx: Transaction, run: _Run) -> None:
        end = run.placed + _at_once(tx, ROWS_PLACED_MAX)
        places = self._sorting.places
        number_of = (1 << _NUMBER_BITS) - 1
        tx.add_ordered(
            self._index.add,
            [
                (run.run, place >> _NUMBER_BITS, place & number_of)
                for place in places[run.placed : end]
            ],
        )
        is_whole = end >= len(places)
        saved = {"name": self._index.name, "run": run.run, "placed": min(end, len(places))}
        tx.run(_SAVE_RUN, {**saved, "is_whole": int(is_whole)})
        if is_whole:
            self._sorting = _Sorting()


def _at_once(tx: Transaction, rows: int) -> int:
    return rows if tx.connection.dialect.name == "sqlite" else rows * WHERE_NOBODY_WAITS


def _key_of(value: str) -> int:
    return zlib.crc32(value.encode())
