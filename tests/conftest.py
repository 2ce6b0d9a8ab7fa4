"""Fixtures of every world: a PostgreSQL server of the tests' own, once a session."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import psycopg
import pytest

from scenarios import postgresql


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
