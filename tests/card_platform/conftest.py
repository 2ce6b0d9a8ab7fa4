"""Both databases through one fixture, and a platform over each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient

from card_platform.app import build_app
from card_platform.installation import Installation, open_installation
from card_platform.settings import Settings
from tests.card_platform.city import City


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of a new platform on an empty database."""
    url = None
    if request.param == "postgresql":
        url = request.getfixturevalue("fresh_postgresql")
    return Settings(tmp_path / "data", url, clock="virtual")


@pytest.fixture
def installation(settings: Settings) -> Iterator[Installation]:
    opened = open_installation(settings)
    yield opened
    opened.database.close()


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
