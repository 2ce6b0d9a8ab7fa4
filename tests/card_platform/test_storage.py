"""One transaction a request: neighbours, durability, failures, bounds."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection

from card_platform.errors import Refusal
from card_platform.installation import Installation
from card_platform.oversight.audit.store import add_record
from card_platform.storage import Batch, Database, Event, Statement, Transaction
from card_platform.storage.counters import last_number, next_number
from card_platform.storage.database import open_engine
from card_platform.storage.unit_of_work import run_batch
from card_platform.web.idempotency import ClientId, find_kept, keep_answers


class _Refused(Refusal):
    code = "test"


def _count(database: Database, name: str) -> int:
    return database.read_now(lambda tx: last_number(tx, name))


def test_a_refused_request_does_not_undo_its_neighbours(installation: Installation) -> None:
    database = installation.database

    def work(number: int) -> Any:
        def run(tx: Transaction) -> int:
            next_number(tx, "all")
            add_record(tx, at="", by="", action=str(number), card_id=None, detail="")
            if number % 3 == 0:
                raise _Refused
            return number

        return run

    async def many() -> list[Any]:
        works = [database.write(work(number)) for number in range(300)]
        return await asyncio.gather(*works, return_exceptions=True)

    results = asyncio.run(many())
    assert [type(each) for each in results] == [
        _Refused if number % 3 == 0 else int for number in range(300)
    ]
    assert _count(database, "all") == 200
    actions = Statement("SELECT action FROM audit_records")
    kept = database.read_now(lambda tx: tx.rows(actions, {}))
    assert {int(row[0]) for row in kept} == {n for n in range(300) if n % 3}


def test_a_database_error_of_one_request_does_not_undo_its_neighbours(
    installation: Installation,
) -> None:
    database = installation.database
    wrong = Statement("INSERT INTO counters (name, value) VALUES (NULL, NULL)")

    async def three() -> list[Any]:
        works = [
            database.write(lambda tx: next_number(tx, "n")),
            database.write(lambda tx: tx.run(wrong, {})),
            database.write(lambda tx: next_number(tx, "n")),
        ]
        return await asyncio.gather(*works, return_exceptions=True)

    results = asyncio.run(three())
    assert isinstance(results[1], Exception)
    assert sorted([results[0], results[2]]) == [1, 2]
    assert _count(database, "n") == 2


def test_an_event_handler_that_fails_fails_the_request(installation: Installation) -> None:
    def fail(_tx: Transaction, _event: Event) -> None:
        raise _Refused

    class Happened(Event, frozen=True):
        action = "happen"

    database = Database(installation.database.url, [fail])
    try:

        def work(tx: Transaction) -> None:
            next_number(tx, "n")
            tx.emit(Happened(at="", by="", card_id=None))

        with pytest.raises(_Refused):
            database.write_now(work)
    finally:
        database.close()
    assert _count(installation.database, "n") == 0


@contextmanager
def a_connection(installation: Installation) -> Iterator[Connection]:
    engine = open_engine(installation.database.url, for_batches=True)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


NASTY = [
    "",
    "NULL",
    '"',
    "\\",
    '\\"',
    "a,b",
    "{1,2}",
    "第一行\n第二行\t",
    " 前后 ",
    "O'Brien %s :x",
    "é\u0301🀄",
]
"""Texts that mean something to one notation or another."""


def test_rows_sent_together_come_back_as_they_were(installation: Installation) -> None:
    """On PostgreSQL they go as arrays, one text a column."""
    records = [
        {"at": each, "by": each, "action": str(place), "card_id": card, "detail": each}
        for place, (each, card) in enumerate((a, b) for a in NASTY for b in (None, *NASTY))
    ]
    keys = [
        (ClientId(each, str(place), bytes(range(place, 256))), each.encode())
        for place, each in enumerate(NASTY)
    ]

    def work(tx: Transaction) -> None:
        batch = Batch(tx)
        for record in records:
            add_record(batch, **record)
        keep_answers(batch, "now", keys)
        batch.send()

    with a_connection(installation) as connection:
        run_batch(connection, work, ())
    asked = Statement('SELECT at, "by", action, card_id, detail FROM audit_records ORDER BY number')
    read = installation.database.read_now
    assert read(lambda tx: tx.rows(asked, {})) == [tuple(each.values()) for each in records]
    for client, answer in keys:
        assert read(partial(find_kept, client=client)) == answer


def test_a_batch_that_fails_leaves_nothing_and_the_next_one_works(
    installation: Installation,
) -> None:
    def work(tx: Transaction, wrong: str | None) -> None:
        batch = Batch(tx)
        add_record(batch, at="", by="", action=wrong, card_id=None, detail="")
        keep_answers(batch, "", [(ClientId("caller", "key", b""), b"{}")])
        batch.send()

    with a_connection(installation) as connection:
        with pytest.raises(Exception, match=r"(?i)null"):
            run_batch(connection, partial(work, wrong=None), ())
        run_batch(connection, partial(work, wrong="fine"), ())
        with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
            run_batch(connection, partial(work, wrong="again"), ())
    actions = Statement("SELECT action FROM audit_records")
    assert installation.database.read_now(lambda tx: tx.rows(actions, {})) == [("fine",)]


def test_a_batch_whose_server_hung_up_works_again_the_next_time(
    installation: Installation,
) -> None:
    if installation.database.url.startswith("sqlite"):
        return  # nobody hangs up there

    def work(tx: Transaction) -> list[tuple[Any, ...]]:
        batch = Batch(tx)
        add_record(batch, at="", by="", action="done", card_id=None, detail="")
        batch.send()
        return tx.rows(Statement("SELECT pg_backend_pid()"), {})

    hang_up = Statement("SELECT pg_terminate_backend(:pid)")
    with a_connection(installation) as connection:
        ((pid,),) = run_batch(connection, work, ())
        installation.database.read_now(lambda tx: tx.rows(hang_up, {"pid": pid}))
        with pytest.raises(Exception, match=r"terminat|closed|lost"):
            run_batch(connection, work, ())
        ((another,),) = run_batch(connection, work, ())
    assert another != pid
    actions = Statement("SELECT action FROM audit_records")
    assert installation.database.read_now(lambda tx: tx.rows(actions, {})) == [("done",)] * 2


def test_reads_write_nothing(installation: Installation) -> None:
    database = installation.database
    database.read_now(lambda tx: next_number(tx, "n"))
    assert _count(database, "n") == 0


def test_sqlite_is_durable_and_in_wal_mode(sqlite_installation: Installation) -> None:
    with sqlite_installation.database._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_write_lock_of_another_process_fails_the_group_and_not_the_writer(
    sqlite_installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = sqlite_installation.database
    monkeypatch.setattr("card_platform.storage.database._BUSY_TIMEOUT_MS", 50)
    impatient = Database(database.url)
    other = sqlite3.connect(database.url.removeprefix("sqlite:///"), isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Exception, match="locked"):
            impatient.write_now(lambda tx: next_number(tx, "n"))
        other.execute("ROLLBACK")
        assert impatient.write_now(lambda tx: next_number(tx, "n")) == 1
    finally:
        other.close()
        impatient.close()


def test_a_full_queue_refuses_instead_of_growing(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("card_platform.storage.writers.WAITING_MAX", 5)
    database = Database(installation.database.url)

    async def flood() -> list[Any]:
        works = [database.write(lambda tx: next_number(tx, "n")) for _ in range(200)]
        return await asyncio.gather(*works, return_exceptions=True)

    try:
        results = asyncio.run(flood())
    finally:
        database.close()
    done = [each for each in results if isinstance(each, int)]
    refused = [each for each in results if isinstance(each, Refusal)]
    assert len(done) + len(refused) == 200
    assert refused
    assert {each.code for each in refused} == {"platform-is-busy"}
    assert _count(installation.database, "n") == len(done)


def test_the_questions_of_one_read_see_one_moment(installation: Installation) -> None:
    database = installation.database

    def twice(tx: Transaction) -> tuple[int, int]:
        first = last_number(tx, "seen")
        database.write_now(lambda other: next_number(other, "seen"))
        return first, last_number(tx, "seen")

    assert database.read_now(twice) == (0, 0)
    assert _count(database, "seen") == 1
