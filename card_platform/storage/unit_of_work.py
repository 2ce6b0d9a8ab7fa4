"""One request, one transaction: this is the only file that commits.

Rules:
- Work is a function of a `Transaction`. It returns its answer or raises; what raises leaves no
  trace in the database.
- On SQLite many requests share one commit (one fsync): each runs in its own SAVEPOINT, so that a
  refused one does not undo its neighbours, and all are answered after the commit.
- On PostgreSQL each request commits alone.
- A part of a work may be refused and undone by itself, where many reports come in one request.
- Events are handled inside the transaction, so that no use case can forget audit or the
  revocation list: a handler that fails fails the request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any, ClassVar, NamedTuple

import msgspec
from sqlalchemy import Connection, CursorResult, Executable

from card_platform.storage.statement import Statement


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to a card, a terminal or a purse, inside a transaction.

    Attributes:
        at: when, RFC 3339.
        by: who asked: the name of the token.
        card_id: the card concerned, if there is one.
    """

    action: ClassVar[str]
    at: str
    by: str
    card_id: str | None

    @property
    def detail(self) -> str:
        """What else is worth keeping; never personal data in the clear."""
        return ""


_ROWS_AT_ONCE = (1_000, 64, 16, 4, 1)
"""Rows of one INSERT on SQLite: few sizes, so that the driver keeps each text prepared; large,
since each copies the pages it changes, once."""
_VALUES_MAX = 32_766
"""Values of one statement of SQLite."""

Question = tuple[Statement, Mapping[str, object]]
"""A text that reads, and its values."""

Handler = Callable[["Transaction", Event], None]


class RowsAreRefused(Exception):
    """Rows that were added together break a constraint of the database."""


@contextmanager
def rows_refused(connection: Connection) -> Iterator[None]:
    """What the driver says of a broken constraint, as `RowsAreRefused`."""
    try:
        yield
    except connection.dialect.loaded_dbapi.IntegrityError as fault:
        raise RowsAreRefused(str(fault)) from fault


class Transaction:
    """What the work of one request may do with the database."""

    __slots__ = ("_driver", "_handlers", "_sqlite", "connection")

    def __init__(self, connection: Connection, handlers: Sequence[Handler] = ()) -> None:
        self.connection = connection
        self._handlers = handlers
        self._driver: Any = connection.connection.dbapi_connection
        self._sqlite = connection.dialect.name == "sqlite"

    def execute(self, statement: Executable) -> CursorResult[Any]:
        """Run a SQLAlchemy Core statement."""
        return self.connection.execute(statement)

    def select(self, statement: Executable) -> list[tuple[Any, ...]]:
        """The rows of a SQLAlchemy Core query."""
        found: Any = self.connection.execute(statement)
        return [tuple(row) for row in found]

    def rows(self, statement: Statement, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """Run a prepared text and give its rows."""
        rows: list[tuple[Any, ...]] = self._execute(statement, values).fetchall()
        return rows

    def rows_of_each(
        self, statement: Statement, values: Mapping[str, object]
    ) -> list[tuple[Any, ...]]:
        """The same of a text with `IN EACH(:name)` or `LISTED(:name)`, whose value is a list."""
        return self.rows(statement, self._with_lists(values))

    def run_of_each(self, statement: Statement, values: Mapping[str, object]) -> int:
        """As `run`, of such a text."""
        return self.run(statement, self._with_lists(values))

    def _with_lists(self, values: Mapping[str, object]) -> Mapping[str, object]:
        """The values as the driver takes them: SQLite has no arrays, but reads JSON."""
        if not self._sqlite:
            return values
        return {
            name: msgspec.json.encode(value).decode() if isinstance(value, list) else value
            for name, value in values.items()
        }

    def keep_to_indexes(self) -> None:
        """Until this transaction ends, find rows by index: right where a few thousand of millions
        are asked for by key, whatever PostgreSQL's statistics of a table that just grew say.
        """
        if not self._sqlite:
            for way in ("seqscan", "hashjoin", "mergejoin"):
                self._driver.execute(f"SET LOCAL enable_{way} = off")

    def expect_whole_tables(self) -> None:
        """Until this transaction ends, join whole tables: right for a check of all there is."""
        if not self._sqlite:
            self._driver.execute("SET LOCAL enable_nestloop = off")

    def run(self, statement: Statement, values: Mapping[str, object]) -> int:
        """Run a prepared text that gives no rows; the count of rows it touched."""
        touched: int = self._execute(statement, values).rowcount
        return touched

    def add_once(self, statement: Statement, values: Mapping[str, object]) -> bool:
        """Run an INSERT of one row, without ON CONFLICT; False where a key of it is taken.

        In a `Batch` the row waits for `send`, where a taken key fails the whole batch: each of its
        works is done alone then, and told so here.
        """
        return self.run(statement.or_nothing, values) > 0

    def later(self, statement: Statement, values: Mapping[str, object]) -> None:
        """Run a text that gives no rows and that this work does not read again.

        At once, but in a `Batch`, which sends the rows of many works together.
        """
        self._execute(statement, values)

    def add_many(self, statement: Statement, rows: Iterable[Mapping[str, object]]) -> None:
        """Run an INSERT of one row, without ON CONFLICT, for each of these rows."""
        self.add_ordered(statement, map(statement.in_order, rows))

    def add_ordered(self, statement: Statement, rows: Iterable[Sequence[object]]) -> None:
        """The same with the values of each row in the order of the text.

        Raises:
            RowsAreRefused: one of them breaks a constraint; the transaction is lost.
        """
        with rows_refused(self.connection):
            if self._sqlite:
                self._add_to_sqlite(statement, iter(rows))
                return
            # A row through COPY costs a tenth of one through INSERT, on both sides.
            with self._driver.cursor().copy(statement.copy) as copy:
                for row in rows:
                    copy.write_row(row)

    def _add_to_sqlite(self, statement: Statement, rows: Iterator[Sequence[object]]) -> None:
        sizes = [n for n in _ROWS_AT_ONCE if n * len(statement.names) <= _VALUES_MAX]
        while waiting := list(islice(rows, sizes[0])):
            for count in sizes:
                while len(waiting) >= count:
                    values = list(chain.from_iterable(waiting[:count]))
                    self._driver.execute(statement.sqlite_of_rows(count), values)
                    del waiting[:count]

    def _execute(self, statement: Statement, values: Mapping[str, object]) -> Any:
        if self._sqlite:
            return self._driver.execute(statement.sqlite, statement.in_order(values))
        return self._driver.execute(statement.postgresql, values)

    @contextmanager
    def part(self) -> Iterator[None]:
        """A part of the work: what it raises goes on, but its traces are gone."""
        self._driver.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self._driver.execute("ROLLBACK TO SAVEPOINT part")
            self._driver.execute("RELEASE SAVEPOINT part")
            raise
        self._driver.execute("RELEASE SAVEPOINT part")

    def emit(self, event: Event) -> None:
        """Tell every handler, now, in this transaction."""
        for handle in self._handlers:
            handle(self, event)


Work = Callable[[Transaction], Any]


class Outcome(NamedTuple):
    """What became of one piece of work: its answer, or what it raised."""

    answer: Any = None
    error: BaseException | None = None


def run_group(
    connection: Connection, works: Sequence[Work], handlers: Sequence[Handler]
) -> list[Outcome]:
    """Run each work in its own savepoint and commit all of them together.

    Where the commit itself fails, every work of the group has failed.
    """
    try:
        with connection.begin() as whole:
            transaction = Transaction(connection, handlers)
            outcomes = [_in_savepoint(transaction, work) for work in works]
            whole.commit()
    except Exception as fault:  # noqa: BLE001 - handed to every request that waits for it
        return [Outcome(error=fault) for _ in works]
    return outcomes


def _in_savepoint(transaction: Transaction, work: Work) -> Outcome:
    driver = transaction.connection.connection.dbapi_connection
    assert driver is not None  # noqa: S101 - a connection that began has a driver
    execute: Callable[[str], object] = driver.execute
    execute("SAVEPOINT request")
    try:
        answer = work(transaction)
    except Exception as refused:  # noqa: BLE001 - handed to the request that waits for it
        execute("ROLLBACK TO request")
        execute("RELEASE request")
        return Outcome(error=refused)
    execute("RELEASE request")
    return Outcome(answer)


def run_alone(connection: Connection, work: Work, handlers: Sequence[Handler]) -> Any:
    """Run one work and commit it; whatever it raises rolls it back."""
    with connection.begin() as whole:
        answer = work(Transaction(connection, handlers))
        whole.commit()
    return answer


def run_batch(connection: Connection, work: Work, handlers: Sequence[Handler]) -> Any:
    """As `run_alone`, on a connection that is for batches, for work that writes by `Batch.send`
    alone: on PostgreSQL that is one statement, which is a transaction by itself, and what was read
    before it needs none. The server is waited for twice.
    """
    if connection.dialect.name == "sqlite":
        return run_alone(connection, work, handlers)
    driver: Any = connection.connection.dbapi_connection
    try:
        return work(Transaction(connection, handlers))
    finally:
        if driver.closed:  # the server is away; the next one asks for another connection
            connection.invalidate()
        connection.rollback()  # nothing, but that it was used


def run_read(connection: Connection, query: Work) -> Any:
    """Run a query on a snapshot and end it; a query writes nothing."""
    with connection.begin() as whole:
        answer = query(Transaction(connection))
        whole.rollback()
    return answer
