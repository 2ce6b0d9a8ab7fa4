"""SQLite's log is copied beside the writer, begun again when it is long, and loses nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, nullcontext
from pathlib import Path

import pytest

from card_platform.storage.checkpoints import LOG_PAGES_MAX, checkpoint

PAGE = 4_096


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data.sqlite"


@pytest.fixture
def writer(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.execute("CREATE TABLE pages (number INTEGER PRIMARY KEY, content BLOB)")
        yield connection


@pytest.fixture
def beside(file: Path, writer: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    assert writer
    with closing(sqlite3.connect(file, isolation_level=None, timeout=0.02)) as connection:
        yield connection


def write(writer: sqlite3.Connection, pages: int) -> None:
    rows = ((bytes(PAGE),) for _ in range(pages))
    writer.execute("BEGIN")
    writer.executemany("INSERT INTO pages (content) VALUES (?)", rows)
    writer.execute("COMMIT")


def pages_in_log(beside: sqlite3.Connection) -> tuple[int, int]:
    """Pages in the log, and those of them that are in the database."""
    _busy, pages, copied = beside.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    return pages, copied


def test_what_is_written_is_copied_while_the_writer_goes_on(
    writer: sqlite3.Connection, beside: sqlite3.Connection
) -> None:
    write(writer, 100)
    writer.execute("BEGIN IMMEDIATE")
    checkpoint(beside, nullcontext)
    pages, copied = pages_in_log(beside)
    assert pages == copied >= 100
    writer.execute("COMMIT")


def test_a_long_log_is_begun_again(writer: sqlite3.Connection, beside: sqlite3.Connection) -> None:
    write(writer, LOG_PAGES_MAX)
    checkpoint(beside, nullcontext)
    write(writer, 1)
    assert pages_in_log(beside)[0] < 10


def test_where_somebody_reads_it_gives_up_and_comes_back(
    file: Path, writer: sqlite3.Connection, beside: sqlite3.Connection
) -> None:
    write(writer, LOG_PAGES_MAX)
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT COUNT(*) FROM pages").fetchone() == (LOG_PAGES_MAX,)
        write(writer, 50)
        checkpoint(beside, nullcontext)
        write(writer, 1)
        assert pages_in_log(beside)[0] > LOG_PAGES_MAX
        reader.execute("COMMIT")
    checkpoint(beside, nullcontext)
    write(writer, 1)
    assert pages_in_log(beside)[0] < 10
    assert writer.execute("SELECT COUNT(*) FROM pages").fetchone() == (LOG_PAGES_MAX + 52,)
