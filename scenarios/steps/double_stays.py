"""Bills of stays that overlap: held by the region that insures, examined, decided (YD-13)."""

from __future__ import annotations

from typing import Any

from scenarios.clinic import Clinic
from scenarios.neighbourhood import wait_for
from scenarios.phrases import then, when
from scenarios.service_desk import Role
from scenarios.terms import code_of
from scenarios.world import World

BILLS = "/v1/medical/held-bills"
_TOLD = {"release": "medical-bill-released", "refuse": "medical-bill-of-double-stay"}


@then(
    "“{place}”的住院费用因重叠住院列为暂缓结算",
    "the bill of the stay at “{place}” is held, for it overlaps another",
)
def is_held(world: World, clinic: Clinic, place: str) -> None:
    held = wait_for(lambda: _held(clinic, place))
    world.recorder.fact("重叠住院地区", "region of the other stay", held["other_region"])
    assert held["state"] == "held"


@when(
    "经办人核实“{place}”的重叠住院，主管决定“{decision}”",
    "a clerk examines the double stay at “{place}”, and a supervisor decides “{decision}”",
)
def examine_and_decide(world: World, clinic: Clinic, place: str, decision: str) -> None:
    _examine(world, clinic, place, "clerk")
    _decide(world, clinic, place, decision)


@when(
    "主管自己核实“{place}”的重叠住院，又自己决定“{decision}”",
    "a supervisor examines the double stay at “{place}” and decides “{decision}” as well",
)
def decide_ones_own(world: World, clinic: Clinic, place: str, decision: str) -> None:
    _examine(world, clinic, place, "supervisor")
    _decide(world, clinic, place, decision)


@when(
    "主管未经核实即对“{place}”的重叠住院决定“{decision}”",
    "a supervisor decides “{decision}” on the double stay at “{place}” before it was examined",
)
def decide_unexamined(world: World, clinic: Clinic, place: str, decision: str) -> None:
    _decide(world, clinic, place, decision)


@then(
    "“{place}”得知该次住院的费用“{outcome}”",
    "“{place}” is told that the bill of the stay is “{outcome}”",
)
def is_told(clinic: Clinic, place: str, outcome: str) -> None:
    code = _TOLD[code_of(outcome)]
    at = clinic.places[place]
    path = f"/v1/medical/visits/{at.visit['visit_id']}"

    def look() -> bool:
        return bool(at.desk.ask("GET", path, at.token)["problem_code"] == code)

    assert wait_for(look)


def _examine(world: World, clinic: Clinic, place: str, role: Role) -> None:
    body = {"finding": "已核对两院病案"}
    _take_step(world, clinic, place, role, step="examination", body=body)


def _decide(world: World, clinic: Clinic, place: str, decision: str) -> None:
    body = {"decision": code_of(decision), "reason": "已核对两院病案"}
    _take_step(world, clinic, place, "supervisor", step="decision", body=body)


def _take_step(
    world: World, clinic: Clinic, place: str, role: Role, *, step: str, body: dict[str, str]
) -> None:
    held = _held(clinic, place)
    assert held is not None, "the bill is not held"
    path = f"{BILLS}/{held['held_id']}/{step}"
    world.try_at_platform(lambda: _insurer(clinic, place).post(role, path, body))


def _held(clinic: Clinic, place: str) -> dict[str, Any] | None:
    """What the region that insures has on record of the last stay at a place."""
    visit, there = clinic.places[place].visit, clinic.places[place].desk.region
    bill = visit["visit_id"] if there == visit["region"] else f"{there}:{visit['visit_id']}"
    found = _insurer(clinic, place).gather("auditor", BILLS, "bills")
    return next((each for each in found if each["bill"] == bill), None)


def _insurer(clinic: Clinic, place: str) -> Any:
    """The desk of the region that insures who lies there."""
    region = clinic.places[place].visit["region"]
    homes = [clinic.world.desk, *(desk for _, desk in clinic.homes.values())]
    return next(each for each in homes if each.region == region)
