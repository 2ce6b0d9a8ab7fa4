"""The platforms and departments around the one a scenario is about."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from scenarios.exchange_partners import DepartmentSystem
from scenarios.regional_platforms import RegionalPlatforms
from scenarios.service_desk import ServiceDesk
from scenarios.world import World

REGIONS = {
    "内蒙古": ("NM", "150000"),
    "上海": ("SH", "310000"),
    "江苏": ("JS", "320000"),
    "浙江": ("ZJ", "330000"),
    "安徽": ("AH", "340000"),
    "重庆": ("CQ", "500000"),
    "四川": ("SC", "510000"),
    "宁夏": ("NX", "640000"),
}
"""Abbreviation and GB/T 2260 code by the name in features."""
WITHIN_S = 90.0
"""How long a scenario waits for what travels between two platforms."""
COLLECTION_SITE = "发卡地服务网点"


@dataclass
class Neighbourhood:
    """The other platforms of one scenario, and what travelled."""

    platforms: RegionalPlatforms
    desks: dict[str, ServiceDesk] = field(default_factory=dict)
    points: dict[str, str] = field(default_factory=dict)
    decided: dict[str, Any] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    """Codes of the joint services that were done."""
    checked: dict[str, Any] = field(default_factory=dict)
    complaint: dict[str, Any] = field(default_factory=dict)
    departments: dict[str, DepartmentSystem] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)


def align_clocks(world: World, neighbourhood: Neighbourhood) -> None:
    """Bring the clocks of all platforms to that which is furthest ahead, but for a second."""
    desks = [world.desk, *neighbourhood.desks.values()]
    furthest = max(desk.clock_ahead() for desk in desks)
    for desk in desks:
        behind = furthest - desk.clock_ahead()
        if behind < timedelta(seconds=1):
            continue
        if desk is world.desk:
            world.let_time_pass(behind)
        else:
            desk.advance_clock(behind)


def let_time_pass_everywhere(
    world: World, neighbourhood: Neighbourhood, duration: timedelta
) -> None:
    """Move the clock of every platform, one after the other."""
    for desk in neighbourhood.desks.values():
        desk.advance_clock(duration)
    world.let_time_pass(duration)


def wait_for(look: Callable[[], Any]) -> Any:
    """What the look finds, once it finds something; fails when it takes too long."""
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {WITHIN_S:g} s")
