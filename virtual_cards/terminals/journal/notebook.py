"""The file in which a journal stands: it outlives the terminal program, killed or not.

Rules: SQLite, one writer. What is written survives the end of the program at any moment; a sudden
loss of power may take the last writes (`synchronous=NORMAL`), as on the flash of a real terminal
without a capacitor. Without a path it is a notebook in memory. The file holds the private key of
the terminal: mode 0600.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from virtual_cards.terminals.journal.records import Entry, Link, Record, TerminalKey

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS owner (
    terminal_number BLOB, public BLOB NOT NULL, private BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS chain (sequence INTEGER NOT NULL, hash TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS waiting (
    number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, key TEXT NOT NULL,
    at TEXT NOT NULL, body TEXT NOT NULL, sequence INTEGER, previous TEXT, signature TEXT);
CREATE TABLE IF NOT EXISTS refused (
    number INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, at TEXT NOT NULL,
    body TEXT NOT NULL, code TEXT NOT NULL, detail_zh TEXT NOT NULL, detail_en TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS interrupted (
    card TEXT NOT NULL, act TEXT NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL,
    body TEXT NOT NULL, PRIMARY KEY (card, kind));
CREATE TABLE IF NOT EXISTS paid (
    number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, card TEXT NOT NULL,
    bill TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (kind, card, bill));
"""
PAID_MAX: Final = 10_000
"""How many paid bills are remembered; the oldest are forgotten first."""
_ENTRY: Final = "kind, key, at, body"
"""Columns of an entry; the statements below are made of it and of fixed text."""


class JournalIsAnothers(Exception):
    """The file is the journal of another terminal."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry that waits for the platform; `record` when it was signed for later."""

    number: int
    entry: Entry
    record: Record | None


@dataclass(frozen=True, slots=True)
class Interrupted:
    """An act whose answer the card did not give: the report without its TAC."""

    act: str
    at: str
    body: str


@dataclass(frozen=True, slots=True)
class RefusedEntry:
    """What the platform did not take, and why; kept for a person to look at."""

    entry: Entry
    code: str
    detail_zh: str
    detail_en: str


class Notebook:
    """The tables of one terminal's journal."""

    def __init__(self, path: Path | None) -> None:
        """Open or make the file. Raises `OSError`, `sqlite3.DatabaseError`."""
        if path is not None:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._database = sqlite3.connect(
            ":memory:" if path is None else path, isolation_level=None, check_same_thread=False
        )
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.executescript(_TABLES)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def key(self) -> TerminalKey:
        """The terminal's key pair, made when first asked for."""
        row = self._one("SELECT public, private FROM owner")
        if row is None:
            key = TerminalKey.generate()
            self._run("INSERT INTO owner (public, private) VALUES (?, ?)", key.public, key.private)
            return key
        return TerminalKey(*row)

    def belong_to(self, terminal_number: bytes) -> None:
        """Write the owner's number into a new file. Raises `JournalIsAnothers`."""
        self.key()
        (owner,) = self._one("SELECT terminal_number FROM owner") or (None,)
        if owner is None:
            self._run("UPDATE owner SET terminal_number = ?", terminal_number)
        elif owner != terminal_number:
            raise JournalIsAnothers(
                f"this journal belongs to terminal {owner.hex()}, not to {terminal_number.hex()}"
            )

    def link(self) -> Link:
        """The end of the chain."""
        row = self._one("SELECT sequence, hash FROM chain")
        return Link() if row is None else Link(*row)

    def add(self, entry: Entry, card: str | None, bill: str | None) -> int:
        """A new entry; with a card, its interrupted act of that kind ends in the same moment, and
        with a bill, the bill is paid.
        """
        with self._together():
            if card is not None:
                self.forget_interrupted(card, entry.kind)
            if bill is not None:
                self._remember_paid(entry, card or "", bill)
            cursor = self._database.execute(
                f"INSERT INTO waiting ({_ENTRY}) VALUES (?, ?, ?, ?)",  # noqa: S608
                (entry.kind, entry.key, entry.at, entry.body),
            )
            return cursor.lastrowid or 0

    def count(self) -> int:
        """How many entries wait."""
        (count,) = self._one("SELECT COUNT(*) FROM waiting") or (0,)
        return int(count)

    def waiting(self, limit: int = -1) -> list[Waiting]:
        """The oldest entries, oldest first; without a limit all of them."""
        return self._waiting("ORDER BY number LIMIT ?", limit)

    def unsigned(self) -> list[Waiting]:
        """The entries that were not signed yet, oldest first."""
        return self._waiting("WHERE sequence IS NULL ORDER BY number")

    def sign(self, number: int, record: Record, link: Link) -> None:
        """Keep the signed form of an entry, and the new end of the chain."""
        with self._together():
            self._run(
                "UPDATE waiting SET sequence = ?, previous = ?, signature = ? WHERE number = ?",
                record.sequence,
                record.previous,
                record.signature,
                number,
            )
            self._run("DELETE FROM chain")
            self._run("INSERT INTO chain VALUES (?, ?)", link.sequence, link.hash)

    def settle(self, number: int) -> None:
        """The platform has heard of an entry."""
        self._run("DELETE FROM waiting WHERE number = ?", number)

    def refuse(self, number: int, code: str, detail_zh: str, detail_en: str) -> None:
        """The platform does not take an entry: set it aside."""
        with self._together():
            self._run(
                f"INSERT INTO refused SELECT number, {_ENTRY}, ?, ?, ? FROM waiting"  # noqa: S608
                " WHERE number = ?",
                code,
                detail_zh,
                detail_en,
                number,
            )
            self.settle(number)

    def refused(self) -> list[RefusedEntry]:
        """What was set aside, oldest first."""
        rows = self._database.execute(
            f"SELECT {_ENTRY}, code, detail_zh, detail_en FROM refused ORDER BY number"  # noqa: S608
        )
        return [RefusedEntry(Entry(*row[:4]), *row[4:]) for row in rows]

    def interrupt(self, card: str, kind: str, interrupted: Interrupted) -> None:
        """Remember an act before the card is asked to do it."""
        self._run(
            "INSERT OR REPLACE INTO interrupted (card, act, kind, at, body) VALUES (?, ?, ?, ?, ?)",
            card,
            interrupted.act,
            kind,
            interrupted.at,
            interrupted.body,
        )

    def interrupted(self, card: str, kind: str) -> Interrupted | None:
        """The act this card did not answer."""
        row = self._one(
            "SELECT act, at, body FROM interrupted WHERE card = ? AND kind = ?", card, kind
        )
        return None if row is None else Interrupted(*row)

    def forget_interrupted(self, card: str, kind: str) -> None:
        """The act did not happen, or was told."""
        self._run("DELETE FROM interrupted WHERE card = ? AND kind = ?", card, kind)

    def paid(self, kind: str, card: str, bill: str) -> str | None:
        """The body of what this card paid a bill with."""
        row = self._one(
            "SELECT body FROM paid WHERE kind = ? AND card = ? AND bill = ?", kind, card, bill
        )
        return None if row is None else str(row[0])

    def _remember_paid(self, entry: Entry, card: str, bill: str) -> None:
        self._run(
            "INSERT INTO paid (kind, card, bill, body) VALUES (?, ?, ?, ?)",
            entry.kind,
            card,
            bill,
            entry.body,
        )
        self._run("DELETE FROM paid WHERE number <= (SELECT MAX(number) FROM paid) - ?", PAID_MAX)

    def count_interrupted(self) -> int:
        """How many cards have not answered."""
        (count,) = self._one("SELECT COUNT(*) FROM interrupted") or (0,)
        return int(count)

    def _waiting(self, which: str, *values: object) -> list[Waiting]:
        rows = self._database.execute(
            f"SELECT number, {_ENTRY}, sequence, previous, signature"  # noqa: S608
            f" FROM waiting {which}",
            values,
        )
        return [_read_waiting(row) for row in rows]

    def _run(self, statement: str, *values: object) -> None:
        self._database.execute(statement, values)

    def _one(self, statement: str, *values: object) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._database.execute(statement, values).fetchone()
        return found

    @contextmanager
    def _together(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")


def _read_waiting(row: tuple[int, str, str, str, str, int | None, str, str]) -> Waiting:
    number, kind, key, at, body, sequence, previous, signature = row
    entry = Entry(kind, key, at, body)
    record = None
    if sequence is not None:
        record = Record(sequence, kind, key, at, body, previous, signature)
    return Waiting(number, entry, record)
