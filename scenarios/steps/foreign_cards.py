"""Other regions' cards here: checked under agreements, stopped where they were stopped there."""

from __future__ import annotations

import time

from scenarios.neighbourhood import COLLECTION_SITE, REGIONS, Neighbourhood, wait_for
from scenarios.phrases import given, then, when
from scenarios.service_desk import ENTITLEMENTS
from scenarios.steps.joint_services import make_there
from scenarios.terms import code_of
from scenarios.world import World


@given(
    "“{region}”居民“{name}”持有已激活的社会保障卡",
    "resident “{name}” of “{region}” holds an active card",
)
def holds_card_there(world: World, neighbourhood: Neighbourhood, region: str, name: str) -> None:
    holder, desk = world.holder(name), neighbourhood.desks[region]
    application = {
        "region": REGIONS[region][1],
        "site": COLLECTION_SITE,
        "entitlement": ENTITLEMENTS.get(REGIONS[region][1], "household-registration"),
        "form": holder.resident.form(),
        "document": holder.resident.document(),
    }
    granted = desk.post("clerk", "/v1/applications", application)
    holder.take_new_card(granted)
    make_there(world, neighbourhood, region, name)
    desk.activate(holder.card_id, holder.resident.document())


@when(
    "本地柜面在“{field}”领域核验“{region}”居民“{name}”的社会保障卡",
    "the counter here checks the card of resident “{name}” of “{region}” in the field “{field}”",
)
def check_here(
    world: World, neighbourhood: Neighbourhood, field: str, region: str, name: str
) -> None:
    holder = world.holder(name)
    body = {
        "region": REGIONS[region][1],
        "field": code_of(field),
        "card_number": holder.card_number,
        "name": holder.resident.name,
        "purpose": "counter",
    }
    answer = world.try_at_platform(
        lambda: world.desk.post("clerk", "/v1/foreign-card-checks", body)
    )
    neighbourhood.checked = answer or {}


@then("核验通过，依据协议“{agreement}”", "the check is passed, under the agreement “{agreement}”")
def check_is_passed(world: World, neighbourhood: Neighbourhood, agreement: str) -> None:
    assert neighbourhood.checked["result"] == "valid", neighbourhood.checked or world.refusal
    assert neighbourhood.checked["agreement"] == agreement


@then("核验不通过，卡状态为“{state}”", "the check fails, the card is “{state}”")
def check_fails(neighbourhood: Neighbourhood, state: str) -> None:
    assert neighbourhood.checked["result"] == "refused"
    assert neighbourhood.checked["card_state"] == code_of(state)


@when(
    "“{region}”以“{ground}”为由冻结居民“{name}”的卡",
    "“{region}” freezes the card of resident “{name}” because of “{ground}”",
)
def freeze_there(
    world: World, neighbourhood: Neighbourhood, region: str, ground: str, name: str
) -> None:
    card_id, body = world.holder(name).card_id, {"ground": code_of(ground)}
    neighbourhood.desks[region].serve_card(card_id, "freeze", body, "supervisor")


@when(
    "“{region}”解除对居民“{name}”的卡的冻结",
    "“{region}” lifts the freeze of the card of resident “{name}”",
)
def lift_there(world: World, neighbourhood: Neighbourhood, region: str, name: str) -> None:
    card_id, body = world.holder(name).card_id, {"decision": "经核实解除冻结"}
    neighbourhood.desks[region].serve_card(card_id, "freeze-lift", body, "supervisor")


@then(
    "数秒内居民“{name}”的卡列入本地终端名单",
    "within seconds the card of resident “{name}” is on the list of the terminals here",
)
def is_listed(world: World, neighbourhood: Neighbourhood, name: str) -> None:
    _listed(world, neighbourhood, name, listed=True)


@then(
    "数秒内居民“{name}”的卡移出本地终端名单",
    "within seconds the card of resident “{name}” is off the list of the terminals here",
)
def is_off_the_list(world: World, neighbourhood: Neighbourhood, name: str) -> None:
    _listed(world, neighbourhood, name, listed=False)


def _listed(world: World, neighbourhood: Neighbourhood, name: str, *, listed: bool) -> None:
    card_id = world.holder(name).card_id
    (home,) = neighbourhood.desks.values()
    serial = home.card(card_id)["application_serial"]
    terminal = world.desk.enrol_terminal("counter", None)["token"]

    def as_wanted() -> str | None:
        told = world.desk.ask("GET", "/v1/transit/terminal-parameters", terminal)
        found = serial in told["revocation_list"]["application_serials"]
        return "yes" if found == listed else None

    began = time.monotonic()
    wait_for(as_wanted)
    world.recorder.fact("用时（秒）", "took (s)", f"{time.monotonic() - began:.1f}")
