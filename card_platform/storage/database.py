"""The database: opens SQLite or PostgreSQL with the settings durability needs.

Rules:
- SQLite: WAL and `synchronous=FULL`, so an answered write survives the loss of power. The sqlite3
  driver must not open transactions by itself (`isolation_level=None`); BEGIN is written out here,
  IMMEDIATE on the writer's engine so that two processes queue instead of failing half-way.
- PostgreSQL: psycopg 3, READ COMMITTED to write and REPEATABLE READ to read, so that the questions
  of one read see one moment, as on SQLite; `synchronous_commit` is left as the server has it (on).
- Reads have connections and threads of their own, bounded.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url

from card_platform.errors import PlatformIsBusy
from card_platform.settings import with_driver
from card_platform.storage.checkpoints import Checkpoints
from card_platform.storage.unit_of_work import Handler, Transaction, run_read
from card_platform.storage.writers import POOL_THREADS_MAX, GroupCommitWriter, PooledWriter, Writer

Answer = TypeVar("Answer")

READERS_MAX = 4
"""Queries that run at once."""
READS_WAITING_MAX = 4096
"""Most queries that wait for a reader."""
_BUSY_TIMEOUT_MS = 10_000
_CACHE_KIB = 64 * 1024
"""Pages SQLite keeps, a connection. With its own 2 MiB the indexes of a day's taps no longer fit,
and every group of commits reads its pages again."""
_CHECKPOINT_PAGES = 250_000
"""Pages in the log (1 GiB) before a commit itself copies them: it should never come to that."""
_MAPPED_BYTES_MAX = 2 << 30
"""What SQLite maps at most where it was not built otherwise."""
_CONNECT_TIMEOUT_S = 5


class Database:
    """An open database. `write` and `read` are all the rest of the platform sees.

    Args:
        url: `sqlite:///path` or `postgresql://...`.
        handlers: called with every event, inside its transaction.
    """

    def __init__(self, url: str, handlers: Sequence[Handler] = ()) -> None:
        self.url = with_driver(url)
        self._engine = open_engine(self.url)
        self._read_engine = open_engine(self.url, to_read=True)
        sqlite = self._engine.dialect.name == "sqlite"
        self._writer: Writer
        self._checkpoints: Checkpoints | None = None
        if sqlite:
            self._writer = writer = GroupCommitWriter(self._engine, handlers)
            self._checkpoints = Checkpoints(self._read_engine, writer.turn)
        else:
            self._writer = PooledWriter(self._engine, handlers)
        self._readers = ThreadPoolExecutor(READERS_MAX, thread_name_prefix="reader")
        self._waiting = threading.BoundedSemaphore(READS_WAITING_MAX)

    @property
    def is_shared(self) -> bool:
        """Whether other processes of the platform may answer requests from it too."""
        return self._engine.dialect.name != "sqlite"

    async def write(self, work: Callable[[Transaction], Answer]) -> Answer:
        """Run the work in one transaction; answers when it is durable, raises what it raised."""
        answer: Answer = await self._writer.write(work)
        return answer

    def lent(self) -> AbstractAsyncContextManager[None]:
        """While this lasts another process may write, and nobody waits for a lock of SQLite."""
        return self._writer.lent()

    def write_now(self, work: Callable[[Transaction], Answer]) -> Answer:
        """The same, blocking: for commands and start-up."""
        answer: Answer = self._writer.write_now(work)
        return answer

    async def read(self, query: Callable[[Transaction], Answer]) -> Answer:
        """Run the query on a connection of its own."""
        if not self._waiting.acquire(blocking=False):
            raise PlatformIsBusy
        future = self._readers.submit(self.read_now, query)
        future.add_done_callback(lambda _: self._waiting.release())
        return await asyncio.wrap_future(future)

    def read_now(self, query: Callable[[Transaction], Answer]) -> Answer:
        """The same, blocking."""
        with self._read_engine.connect() as connection:
            answer: Answer = run_read(connection, query)
            return answer

    def settle(self) -> None:
        """After a large load: PostgreSQL counts and tidies what is there, as its manual advises
        (14.4.9). It would do so by itself a minute later, for minutes, while requests come.
        """
        if self._engine.dialect.name == "sqlite":
            return
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM (ANALYZE)")

    def close(self) -> None:
        """Finish every write that waits and let go of all connections."""
        if self._checkpoints is not None:
            self._checkpoints.close()  # first: it may wait for the writer's turn
        self._writer.close()
        self._readers.shutdown(wait=True)
        self._read_engine.dispose()
        self._engine.dispose()


def open_engine(url: str, *, to_read: bool = False, for_batches: bool = False) -> Engine:
    """An engine with the pragmas and transaction rules of this file, to write or `to_read` only.

    One `for_batches` reads SQLite's file as memory: cheaper, and a disk that fails ends the
    process, so it is for one that others stand in for. On PostgreSQL it is for `run_batch`,
    whose statements are a transaction each, and finds rows by index even where a table is small:
    the server would compare each row of it with every value of a batch.
    """
    if make_url(url).get_backend_name() != "sqlite":
        by_index = {"options": "-c enable_seqscan=off"} if for_batches else {}
        isolation = "REPEATABLE READ" if to_read else "READ COMMITTED"
        return create_engine(
            url,
            isolation_level="AUTOCOMMIT" if for_batches else isolation,
            pool_size=POOL_THREADS_MAX + READERS_MAX,
            max_overflow=0,
            connect_args={"connect_timeout": _CONNECT_TIMEOUT_S, **by_index},
        )
    engine = create_engine(
        url, connect_args={"check_same_thread": False, "isolation_level": None}, pool_size=10
    )

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        connection.execute(f"PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES}")
        if for_batches:
            connection.execute(f"PRAGMA mmap_size={_MAPPED_BYTES_MAX}")

    @event.listens_for(engine, "begin")
    def write_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if to_read else "BEGIN IMMEDIATE")

    return engine
