"""Regions of one area on one exchange, whichever of them asks (CQ-17, YD-2, YD-17)."""

from __future__ import annotations

from scenarios.exchange_partners import link_regions
from scenarios.neighbourhood import REGIONS, Neighbourhood, wait_for
from scenarios.phrases import given, then, when
from scenarios.service_desk import ServiceDesk
from scenarios.steps.joint_services import link
from scenarios.terms import code_of
from scenarios.world import World


@given(
    "“{regions}”平台与本地平台全部互联",
    "the platforms of “{regions}” and the one of this place are all linked",
)
def link_all(world: World, neighbourhood: Neighbourhood, regions: str) -> None:
    for region in regions.split("、"):
        link(world, neighbourhood, region)
    link_regions([world.desk, *neighbourhood.desks.values()])


@then(
    "“{region}”平台与本地平台提供同一套接口和交换事项",
    "the platform of “{region}” has the interface and the subjects of the one here",
)
def is_one_interface(world: World, neighbourhood: Neighbourhood, region: str) -> None:
    other = neighbourhood.desks[region]
    here, there = (
        (
            desk.ask("GET", "/openapi.json", ""),
            desk.ask("GET", "/v1/exchange/identity", "")["subjects"],
        )
        for desk in (world.desk, other)
    )
    world.recorder.fact("接口数", "paths", len(here[0]["paths"]))
    world.recorder.fact("交换事项", "subjects", ", ".join(here[1]["region"]))
    assert here[1]["region"], "nothing travels between regions"
    assert here == there


@when(
    "“{place}”柜面在“{field}”领域核验“{region}”居民“{name}”的社会保障卡",
    "the counter of “{place}” checks the card of resident “{name}” of “{region}” in the field "
    "“{field}”",
)
def check_at(  # noqa: PLR0917 - as many as the phrase has
    world: World, neighbourhood: Neighbourhood, place: str, field: str, region: str, name: str
) -> None:
    holder = world.holder(name)
    body = {
        "region": REGIONS[region][1],
        "field": code_of(field),
        "card_number": holder.card_number,
        "name": holder.resident.name,
        "purpose": "counter",
    }
    desk = _desk_at(world, neighbourhood, place)
    answer = world.try_at_platform(lambda: desk.post("clerk", "/v1/foreign-card-checks", body))
    neighbourhood.checked = answer or {}


@then(
    "数秒内居民“{name}”的卡列入“{place}”终端名单",
    "within seconds the card of resident “{name}” is on the list of the terminals of “{place}”",
)
def is_listed_at(world: World, neighbourhood: Neighbourhood, name: str, place: str) -> None:
    serial = world.desk.card(world.holder(name).card_id)["application_serial"]
    desk = _desk_at(world, neighbourhood, place)
    terminal = desk.enrol_terminal("counter", None)["token"]

    def listed() -> bool:
        told = desk.ask("GET", "/v1/transit/terminal-parameters", terminal)
        return serial in told["revocation_list"]["application_serials"]

    wait_for(listed)


def _desk_at(world: World, neighbourhood: Neighbourhood, place: str) -> ServiceDesk:
    return neighbourhood.desks.get(place, world.desk)
