"""Employment and insurance business by card or code (NM-14a, CQ-7a, NX-9a, YD-10, CQ-7c)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from scenarios.carriers import Carriers
from scenarios.neighbourhood import Neighbourhood, wait_for
from scenarios.phrases import given, then, when
from scenarios.service_desk import ServiceDesk
from scenarios.steps.card_life import card_of
from scenarios.terms import code_of
from scenarios.world import World

MATTERS, KINDS = "/v1/employment/matters", "/v1/employment/kinds"
STATED = {
    "amount_fen": "120000",
    "born_on": "2026-02-01",
    "employer": "测试机械厂（虚构）",
    "from_day": "2026-01-01",
    "injured_on": "2026-03-01",
    "owed_fen": "800000",
    "since_day": "2026-04-01",
    "to_region": "330000",
    "until_day": "2026-03-31",
    "wage_fen": "600000",
}
"""What a holder states; what stands not here is text."""


@dataclass
class Office:
    """The matter a scenario is about, and the desk that took it in."""

    neighbours: Neighbourhood
    matter: dict[str, Any] = field(default_factory=dict)
    desk: ServiceDesk | None = None


@pytest.fixture
def employment_office(neighbourhood: Neighbourhood) -> Office:
    """Nothing taken in yet."""
    return Office(neighbourhood)


@given("居民“{name}”已参加五项社会保险", "resident “{name}” is enrolled in the five insurances")
def is_enrolled(world: World, employment_office: Office, name: str) -> None:
    file_by_card(world, employment_office, name, "社会保险参保登记")
    decide(world, employment_office, "办结")
    assert employment_office.matter["state"] == "granted", employment_office.matter


@when("居民“{name}”持卡办理“{kind}”", "resident “{name}” files “{kind}” by card")
def file_by_card(world: World, employment_office: Office, name: str, kind: str) -> None:
    _file(world, employment_office, world.desk, kind, _of_card(world, name))


@when(
    "居民“{name}”凭“{carrier}”办理“{kind}”",
    "resident “{name}” files “{kind}” with “{carrier}”",
)
def file_by_code(
    carriers: Carriers, employment_office: Office, name: str, carrier: str, kind: str
) -> None:
    shown = {"code": carriers.show(name, code_of(carrier))}
    _file(carriers.world, employment_office, carriers.world.desk, kind, shown)


@when(
    "居民“{name}”在“{region}”网点持卡办理“{kind}”",
    "resident “{name}” files “{kind}” by card at a site of “{region}”",
)
def file_there(world: World, employment_office: Office, name: str, region: str, kind: str) -> None:
    shown = _of_card(world, name) | {"region": world.desk.region}
    _file(world, employment_office, employment_office.neighbours.desks[region], kind, shown)


@when("人社部门“{decision}”该业务", "the department decides the matter: “{decision}”")
def decide(world: World, employment_office: Office, decision: str) -> None:
    matter = employment_office.matter
    number = matter["number"]
    if employment_office.desk is not world.desk:
        number = _known_there(employment_office)
    action = {"办结": "grant", "退回": "refuse", "要求补正": "ask", "收到补正": "supplement"}
    body = {"action": action.get(decision, decision), "text": decision}
    decided = world.try_at_platform(
        lambda: world.desk.post("supervisor", f"{MATTERS}/{number}/steps", body)
    )
    if employment_office.desk is world.desk and decided:
        employment_office.matter = decided


@then("该业务“{state}”", "the matter is “{state}”")
def matter_is(world: World, employment_office: Office, state: str) -> None:
    wanted = {
        "已办结": "granted",
        "未通过": "refused",
        "办理中": "in_hand",
        "待补正": "supplement_asked",
    }
    desk, number = employment_office.desk, employment_office.matter["number"]
    assert desk is not None

    def look() -> dict[str, Any] | None:
        told = desk.get("clerk", f"{MATTERS}/{number}")
        return None if told["state"] == "passed_on" else told

    told = wait_for(look)
    employment_office.matter = told
    world.recorder.fact("办理时限", "due", told["due_at"] or "-")
    assert told["state"] == wanted.get(state, state), told


@then("告知的参保险种共{count:d}项", "{count:d} insurances are told")
def told_insurances(employment_office: Office, count: int) -> None:
    told = employment_office.matter["enrolments"]
    assert len({each["insurance"] for each in told if each["until_day"] is None}) == count, told


@then(
    "人社业务涵盖“{fields}”，其中{count:d}项可跨地区通办",
    "the business covers “{fields}”, {count:d} kinds of it are joint",
)
def business_covers(world: World, fields: str, count: int) -> None:
    told = world.desk.get("clerk", KINDS)
    assert {each["field"] for each in told["kinds"]} >= {code_of(one) for one in fields.split("、")}
    assert told["joint"] == count


def _of_card(world: World, name: str) -> dict[str, Any]:
    """What the counter reads from the card of a person."""
    slot, counter = world.counter_slot
    with world.readers.card_in(slot, card_of(world.holder(name))):
        held = counter.read_card()
    return {
        "card_number": held.card_number,
        "name": held.name,
        "historical_bytes": held.historical_bytes,
    }


def _file(
    world: World, office: Office, desk: ServiceDesk, kind: str, shown: dict[str, Any]
) -> None:
    kinds = {each["name_zh"]: each for each in desk.get("clerk", KINDS)["kinds"]}
    asked = kinds[kind] if kind in kinds else next(k for k in kinds.values() if k["code"] == kind)
    facts = {fact: STATED.get(fact, "测试事由（虚构）") for fact in asked["facts"]}
    body = {"kind": asked["code"], "facts": facts} | shown
    taken = world.try_at_platform(lambda: desk.post("clerk", MATTERS, body))
    if taken:
        office.matter, office.desk = taken, desk


def _known_there(office: Office) -> str:
    """The number of a matter that was passed on, where it is decided."""
    desk, number = office.desk, office.matter["number"]
    assert desk is not None

    def look() -> str | None:
        found = desk.get("clerk", f"{MATTERS}/{number}")["number_there"]
        return str(found) if found else None

    return str(wait_for(look))
