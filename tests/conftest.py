"""Fixtures of every world: a PostgreSQL server of the tests' own, once a session; at the end the
count of cards torn out.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import psycopg
import pytest

from scenarios import postgresql

CountTears = Callable[[str, int, int], None]
"""What was torn, at how many places, and in how many of them the card had acted already."""
TEARS = "tears"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    programs = postgresql.find_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server program is installed")
    with postgresql.cluster(programs, durable=False) as url:
        yield url


@pytest.fixture
def fresh_postgresql(postgresql_server: str) -> str:
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(f"{postgresql_server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload,unused-ignore]
    return f"{postgresql_server}/{name}"


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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The tears of the run."""
    told = [
        value
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == TEARS
    ]
    if told:
        terminalreporter.section("cards torn out after every byte of every command")
        for line in told:
            terminalreporter.write_line(line)
