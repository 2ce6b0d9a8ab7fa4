"""Checkpoints of SQLite: what is in the log is copied into the database beside the writer.

Rules:
- SQLite's own checkpoint runs inside a commit: whoever asked for that one waits for thousands of
  pages of everybody's. Here a thread with a connection of its own copies (PASSIVE), which no writer
  waits for.
- Under steady writing a passive one never reaches the end of the log, which would grow for ever. So
  once it is long, the few pages left are copied in the writer's turn: the next writer then begins
  at its start, if nobody reads. RESTART did the same, and everybody waited 20 to 40 ms for it.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import Engine

from card_platform.errors import PlatformIsBusy

EVERY_S = 0.25
LOG_PAGES_MAX = 10_000
"""Pages in the log (40 MiB) from which it is begun again: a second of a full load. A file that is
written over is synced sooner than one that grows."""
_LOG = logging.getLogger(__name__)


Turn = Callable[[], AbstractContextManager[None]]


class Checkpoints:
    """The thread; `close` ends it.

    Args:
        engine: of a database in a file.
        turn: the writer's, while which nobody writes.
    """

    def __init__(self, engine: Engine, turn: Turn) -> None:
        self._engine = engine
        self._turn = turn
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="checkpoints", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread; the last connection of the database copies what is left."""
        self._ended.set()
        self._thread.join()

    def _serve(self) -> None:
        connection = self._engine.raw_connection()
        try:
            driver: sqlite3.Connection = connection.driver_connection  # type: ignore[assignment]
            while not self._ended.wait(EVERY_S):
                try:
                    checkpoint(driver, self._turn)
                except (sqlite3.OperationalError, PlatformIsBusy):
                    _LOG.warning("a checkpoint failed; the next is tried", exc_info=True)
        finally:
            connection.close()


def checkpoint(connection: sqlite3.Connection, turn: Turn) -> None:
    """Copy what there is; let the log begin again where it is long."""
    if _copy(connection) < LOG_PAGES_MAX:
        return
    _copy(connection)  # what came meanwhile: so little is left for the turn
    with turn():
        _copy(connection)


def _copy(connection: sqlite3.Connection) -> int:
    """Copy into the database; how many pages the log has."""
    _busy, pages, _copied = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    return int(pages)
