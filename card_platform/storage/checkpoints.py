"""Checkpoints of SQLite: what is in the log is copied into the database beside the writer.

Rules:
- SQLite's own checkpoint runs inside a commit: whoever asked for that one waits for thousands of
  pages of everybody's. Here a thread with a connection of its own copies (PASSIVE), which no writer
  waits for.
- Under steady writing a passive one never reaches the end of the log, which would grow for ever. So
  once it is long, RESTART copies the few pages left and lets the next writer begin at its start;
  writers wait for that, and it gives up at once where anybody still reads.
"""

from __future__ import annotations

import logging
import sqlite3
import threading

from sqlalchemy import Engine

EVERY_S = 1.0
LOG_PAGES_MAX = 4_000
"""Pages in the log (16 MiB) from which it is begun again."""
_GIVES_UP_AFTER_MS = 20
_LOG = logging.getLogger(__name__)


class Checkpoints:
    """The thread; `close` ends it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
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
            driver.execute(f"PRAGMA busy_timeout={_GIVES_UP_AFTER_MS}")
            while not self._ended.wait(EVERY_S):
                try:
                    checkpoint(driver)
                except sqlite3.OperationalError:
                    _LOG.warning("a checkpoint failed; the next is tried", exc_info=True)
        finally:
            connection.close()


def checkpoint(connection: sqlite3.Connection) -> None:
    """Copy what there is; begin the log again where it is long."""
    _busy, pages, _copied = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    if pages >= LOG_PAGES_MAX:
        connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()
