"""Somebody on the line between two platforms plays an old answer again.

Rule: an answer is believed only as one to what was asked just now: it names its request
(`answer_to`), and its signature covers that.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from scenarios.exchange_partners import enrol_region, link_regions
from scenarios.in_between import Does, InBetween
from scenarios.neighbourhood import Neighbourhood
from scenarios.phrases import given, when
from scenarios.world import World


class Listener:
    """Who stands on the line from this place to another, once somebody does."""

    between: InBetween


@pytest.fixture
def listener() -> Listener:
    """Nobody yet."""
    return Listener()


@pytest.fixture
def lines() -> Iterator[ExitStack]:
    """What is mended when the scenario has ended."""
    with ExitStack() as mended:
        yield mended


@given(
    "有人侵入本地平台通往“{region}”平台的线路",
    "somebody has broken into the line from the platform of this place to that of “{region}”",
)
def break_in(
    world: World, neighbourhood: Neighbourhood, listener: Listener, lines: ExitStack, region: str
) -> None:
    there = neighbourhood.desks[region]
    lines.callback(link_regions, [world.desk, there])
    listener.between = lines.enter_context(InBetween(there.access.url))
    enrol_region(world.desk, there, listener.between.url)


@when(
    "侵入者截下本地平台的询问，以旧答复充作答复",
    "who broke in takes what the platform asks and gives an old answer to it",
)
def replay(listener: Listener) -> None:
    listener.between.begin(Does.REPLAYS)


@when("侵入者放行本地平台的询问", "who broke in lets what the platform asks pass")
def pass_on(listener: Listener) -> None:
    listener.between.begin(Does.PASSES_ON)
