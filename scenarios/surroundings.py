"""Fixtures under every scenario: the platform of its region and a fresh row of readers.

The platform of the run serves Chongqing; a scenario tagged @region-NM gets one of Inner Mongolia,
started when first needed and ended with the run.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scenarios.reader_row import ReaderRow
from scenarios.recording import Recorder
from scenarios.regional_platforms import RegionalPlatforms, region_of
from scenarios.service_desk import ServiceDesk
from scenarios.settings import ScenarioSettings
from scenarios.world import World


@pytest.fixture(scope="session")
def platforms(settings: ScenarioSettings) -> Iterator[RegionalPlatforms]:
    """The platforms of this run, one a region."""
    if settings.access is None:
        pytest.fail("no platform: run scenarios with onecard scenarios run", pytrace=False)
    with RegionalPlatforms(settings.access, settings.database, settings.access_region) as platforms:
        yield platforms


@pytest.fixture
def desk(
    request: pytest.FixtureRequest,
    platforms: RegionalPlatforms,
    settings: ScenarioSettings,
    recorder: Recorder,
) -> ServiceDesk:
    """The people of the platform whose region the scenario is tagged with, or shown in."""
    platforms.tell_answers_to(recorder.hear)
    tagged = region_of({mark.name for mark in request.node.iter_markers()})
    return platforms.desk_of(settings.region or tagged)


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
