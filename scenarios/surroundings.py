"""Fixtures under every scenario: the platform of this run and a fresh row of readers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scenarios.reader_row import ReaderRow
from scenarios.recording import Recorder
from scenarios.service_desk import Access, ServiceDesk
from scenarios.settings import ScenarioSettings
from scenarios.world import World


@pytest.fixture(scope="session")
def desk(settings: ScenarioSettings) -> Iterator[ServiceDesk]:
    """The platform's people of this run."""
    if settings.access is None:
        pytest.fail("no platform: run scenarios with onecard scenarios run", pytrace=False)
    with ServiceDesk(Access.read(settings.access)) as desk:
        yield desk


@pytest.fixture
def readers(settings: ScenarioSettings) -> Iterator[ReaderRow]:
    """Readers, none of them taken."""
    with ReaderRow(settings.reader) as readers:
        yield readers


@pytest.fixture
def world(
    desk: ServiceDesk, readers: ReaderRow, recorder: Recorder, settings: ScenarioSettings
) -> Iterator[World]:
    """The surroundings of one scenario."""
    made = World(desk, readers, recorder, settings.seed)
    yield made
    made.close()
