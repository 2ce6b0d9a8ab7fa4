"""Both databases through one fixture, and a platform over each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient

from card_platform.app import build_app
from card_platform.installation import Installation, open_installation
from card_platform.settings import Settings
from tests.books import fault_of
from tests.card_platform.city import City
from tests.conftest import create_database, drop_database

MakeDatabase = Callable[[Path], str | None]
"""Makes the database of a data folder and gives its URL; None stands for SQLite in the folder."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a new platform: its database is empty, or just installed for `installation`."""
    data, is_installed = tmp_path / "data", "installation" in request.fixturenames
    database = ("installed_" if is_installed else "empty_") + request.param
    url = request.getfixturevalue(database)(data)
    yield Settings(data, url, clock="virtual")
    if is_installed and url is not None:
        drop_database(url)


@pytest.fixture
def empty_sqlite() -> MakeDatabase:
    return lambda _data: None


@pytest.fixture
def empty_postgresql(fresh_postgresql: str) -> MakeDatabase:
    return lambda _data: fresh_postgresql


@pytest.fixture(scope="session")
def installed_sqlite(tmp_path_factory: pytest.TempPathFactory) -> MakeDatabase:
    """Copies of one installation: the migrations run once a session, not once a test."""
    model = tmp_path_factory.mktemp("installed") / "data"
    open_installation(Settings(model, clock="virtual")).database.close()

    def make(data: Path) -> None:
        shutil.copytree(model, data)

    return make


@pytest.fixture(scope="session")
def installed_postgresql(
    postgresql_server: str, tmp_path_factory: pytest.TempPathFactory
) -> MakeDatabase:
    """The same on PostgreSQL."""
    model = tmp_path_factory.mktemp("installed") / "data"
    url = create_database(postgresql_server)
    open_installation(Settings(model, url, clock="virtual")).database.close()

    def make(data: Path) -> str:
        shutil.copytree(model, data)
        return create_database(postgresql_server, url)

    return make


@pytest.fixture
def installation(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Installation]:
    """A platform on either database; when its test is done, its books must balance."""
    opened = open_installation(settings)
    yield opened
    marked = request.node.get_closest_marker
    try:
        fault = None if marked("no_books") else fault_of(opened, settings.data)
    finally:
        opened.database.close()
    assert (fault is not None) is bool(marked("faulty_books")), f"the books it left: {fault}"


@pytest.fixture
def sqlite_installation(tmp_path: Path) -> Iterator[Installation]:
    """For what only SQLite has."""
    opened = open_installation(Settings(tmp_path / "sqlite-data"))
    yield opened
    opened.database.close()


@pytest.fixture
def city(installation: Installation) -> Iterator[City]:
    """The platform's app, called without a network."""
    parts = installation
    app = build_app(parts.policy, parts.keys, parts.database, parts.access.tokens, parts.clock)
    with TestClient(app) as client:
        yield City(client, parts.access.tokens)
