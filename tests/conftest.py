"""Fixtures of every world: a PostgreSQL server of the tests' own, once a session; at the end the
counts of cards torn out and of processes killed.
"""

from __future__ import annotations

import gc
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from scenarios import postgresql
from tests.books import excuse, require_all_whole, require_whole_database

CountTears = Callable[[str, int, int], None]
"""What was torn, at how many places, and in how many of them the card had acted already."""
CountKills = Callable[[str, int, str], None]
"""On which database, how often the process was killed, and what was under way."""
TEARS, KILLS = "tears", "kills"
MEMORY, ROOM_IN_MEMORY = Path("/dev/shm"), 3 << 30
"""A server of the tests needs less than 1 GiB there; each process of the tests has one."""
LONGEST = (
    "test_shipped_features.py",
    "test_openapi_holds.py",
    "test_main_job.py",
    "test_terminals.py",
    "test_money_survives.py",
    "test_readers_and_cards.py",
    "test_exchange_survives.py",
    "test_payouts_survive.py",
    "test_walk.py",
)
"""Files of about a minute and more each, the longest first."""


@pytest.fixture(scope="session", autouse=True)
def every_platform_left_whole_books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Set up first, so that it looks when every platform has ended."""
    yield
    require_all_whole(tmp_path_factory.getbasetemp())


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Whoever tampers with the books says so."""
    excuse(item)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    programs = postgresql.find_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server program is installed")
    with postgresql.cluster(programs, durable=False, parent=_memory()) as url:
        yield url


def _memory() -> Path | None:
    """A folder that never goes to a disk, where the machine has one with room.

    A database of the platform is more than a thousand files, and most tests make one.
    """
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK):
        return None
    return MEMORY if shutil.disk_usage(MEMORY).free >= ROOM_IN_MEMORY else None


@pytest.fixture
def fresh_postgresql(request: pytest.FixtureRequest, postgresql_server: str) -> Iterator[str]:
    """A database of the test's own; a platform that was in it has whole books in the end."""
    url = create_database(postgresql_server)
    yield url
    try:
        if not excuse(request.node):
            require_whole_database(url)
    finally:
        drop_database(url)


def create_database(server: str, like: str | None = None) -> str:
    """The URL of a new database of a server, empty or a copy of another that nobody has open."""
    name = f"test_{uuid.uuid4().hex}"
    copied = f" TEMPLATE {like.rpartition('/')[2]} STRATEGY FILE_COPY" if like else ""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}{copied}")  # type: ignore[call-overload,unused-ignore]
    return f"{server}/{name}"


def drop_database(url: str) -> None:
    """Have it gone: thousands of 13 MiB each would go to the disk otherwise."""
    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload,unused-ignore]


@pytest.fixture
def count_tears(request: pytest.FixtureRequest) -> CountTears:
    """Call it when every tear of a transaction was done and card and books agreed after each.

    Fails when the card never, or always, had acted: then the tears proved nothing.
    """

    def count(name: str, tears: int, acted: int) -> None:
        assert 0 < acted < tears
        told = f"{name}: {tears} tears, {acted} after the card had acted: 0 lost, 0 doubled"
        request.node.user_properties.append((TEARS, told))  # goes to whoever gathers the tests

    return count


@pytest.fixture
def count_kills(request: pytest.FixtureRequest) -> CountKills:
    """Call it when a process was killed under load and all was found whole."""

    def count(database: str, kills: int, load: str) -> None:
        told = f"{database}: {kills} kills; {load}: 0 lost, 0 doubled, the books balance"
        request.node.user_properties.append((KILLS, told))

    return count


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest come first, so that no processor is left with one at the end."""
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


def pytest_collection_finish() -> None:
    """What was imported and collected stays: no collection of garbage need walk through it again.

    Every test builds an app of thousands of objects, with the heap of a whole session behind it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The tears and kills of the run."""
    for property_name, title in (
        (TEARS, "cards torn out after every byte of every command"),
        (KILLS, "platforms killed at random moments under payments, payouts and taps"),
    ):
        told = [
            value
            for report in terminalreporter.getreports("passed")
            for name, value in report.user_properties
            if name == property_name
        ]
        if told:
            terminalreporter.section(title)
            for line in told:
                terminalreporter.write_line(line)
