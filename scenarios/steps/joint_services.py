"""Services for another region's cards at a joint service point (CQ-11b, SC-k, YD-7b, YD-7c)."""

from __future__ import annotations

from typing import Any

import pytest

from scenarios.exchange_partners import link_regions
from scenarios.neighbourhood import (
    COLLECTION_SITE,
    REGIONS,
    Neighbourhood,
    align_clocks,
    wait_for,
)
from scenarios.phrases import given, then, when
from scenarios.regional_platforms import RegionalPlatforms
from scenarios.service_desk import ServiceDesk
from scenarios.steps.card_life import card_of
from scenarios.steps.card_services import ROLES
from scenarios.steps.pin_reset import NEW_PIN
from scenarios.terms import code_of
from scenarios.world import Holder, Refusal, World
from virtual_cards.personalisation import load_card
from virtual_cards.terminals import PlatformLine, ShownDocument
from virtual_cards.terminals.joint_clerk import JointClerk

TERMS_OF_SERVICES = {
    "申领": "apply",
    "激活": "activate",
    "挂失": "report-loss",
    "解挂": "restore",
    "换领": "exchange",
    "补领": "replace",
    "注销": "cancel",
    "信息变更": "change-data",
    "密码重置": "reset-pin",
    "信息查询": "look-up",
}

EVIDENCE = "注销户籍证明"


@pytest.fixture
def neighbourhood(platforms: RegionalPlatforms) -> Neighbourhood:
    """Nobody yet."""
    return Neighbourhood(platforms)


@given(
    "“{region}”平台与本地平台已互联",
    "the platform of “{region}” is linked with the one of this place",
)
def link(world: World, neighbourhood: Neighbourhood, region: str) -> None:
    desk = neighbourhood.platforms.desk_of(REGIONS[region][0])
    neighbourhood.desks[region] = desk
    align_clocks(world, neighbourhood)
    link_regions([world.desk, desk])


@when(
    "居民“{name}”在本地通办网点办理“{region}”社会保障卡的“{service}”",
    "resident “{name}” asks at a joint service point here for “{service}” of a card of “{region}”",
)
def ask_for_service(
    world: World, neighbourhood: Neighbourhood, name: str, region: str, service: str
) -> None:
    holder, code = world.holder(name), TERMS_OF_SERVICES.get(service, service)
    body = {
        "site_id": _joint_service_point(world, neighbourhood),
        "region": REGIONS[region][1],
        "service": code,
        "card_number": None if code == "apply" else holder.card_number,
        "request": _request_of(code, holder, neighbourhood.desks[region]),
    }

    def take_in() -> str:
        if code == "reset-pin":
            return _reset_pin(world, neighbourhood, holder, region, holder)
        return str(world.desk.post("clerk", "/v1/joint-services", body)["request_id"])

    taken = world.try_at_platform(take_in)
    if taken is not None:
        _hear_decision(world, neighbourhood, holder, code, taken)


@when(
    "居民“{other}”凭本人身份证在本地通办网点要求重置“{region}”居民“{name}”的卡的密码",
    "resident “{other}” asks by the own document at a joint service point here for a new PIN on the"
    " card of resident “{name}” of “{region}”",
)
def ask_for_anothers_pin(
    world: World, neighbourhood: Neighbourhood, other: str, region: str, name: str
) -> None:
    holder, shows = world.holder(name), world.holder(other)
    world.try_at_platform(lambda: _reset_pin(world, neighbourhood, holder, region, shows))


def _reset_pin(
    world: World, neighbourhood: Neighbourhood, holder: Holder, region: str, shows: Holder
) -> str:
    """The whole service: the command from that region, to the chip here, and its report."""
    line = PlatformLine(world.desk.access.url, world.desk.access.tokens["clerk"])
    line.tell_answers_to(world.recorder.hear)
    world.lines.append(line)
    clerk = JointClerk(
        line,
        site_id=_joint_service_point(world, neighbourhood),
        region=REGIONS[region][1],
        card_number=holder.card_number,
        document=ShownDocument(**shows.resident.document()),
    )
    slot, counter = world.counter_slot
    with world.readers.card_in(slot, card_of(holder)):
        counter.reset_pin(clerk, NEW_PIN)
    return clerk.report_pin_reset()


def _hear_decision(
    world: World, neighbourhood: Neighbourhood, holder: Holder, code: str, request_id: str
) -> None:
    path = f"/v1/joint-services/{request_id}"

    def decision() -> dict[str, Any] | None:
        told = world.desk.get("clerk", path)
        return told if told["state"] != "passed-on" else None

    neighbourhood.decided = wait_for(decision)
    world.recorder.fact("通办业务编号", "joint service", request_id)
    problem = neighbourhood.decided["problem"]
    if problem is not None:
        world.refusal = Refusal(problem["code"], problem["detail_zh"], problem["detail_en"])
        return
    if neighbourhood.decided["state"] == "waiting":
        return
    neighbourhood.done.add(code)
    answer = neighbourhood.decided["answer"]
    if answer["card_id"] != holder.card_id:
        holder.take_new_card(answer)


@then(
    "该业务在“{region}”等待主管人员决定",
    "the service waits in “{region}” for a supervisor",
)
def waits_there(neighbourhood: Neighbourhood, region: str) -> None:
    assert neighbourhood.decided["region"] == REGIONS[region][1]
    assert neighbourhood.decided["state"] == "waiting", neighbourhood.decided
    number = neighbourhood.decided["number_there"]
    path = f"/v1/services-from-regions/{number}"
    waiting = neighbourhood.desks[region].get("supervisor", path)
    assert waiting["service"]["state"] == "waiting"
    assert waiting["request"]["evidence"] == EVIDENCE


@when(
    "“{region}”的“{role}”批准该业务",
    "the “{role}” of “{region}” grants the service",
)
def grant_there(world: World, neighbourhood: Neighbourhood, region: str, role: str) -> None:
    _decide_there(world, neighbourhood, region, role, {"decision": "grant"})


@when(
    "“{region}”的“{role}”以“{reason}”为由不批准该业务",
    "the “{role}” of “{region}” refuses the service because “{reason}”",
)
def refuse_there(
    world: World, neighbourhood: Neighbourhood, region: str, role: str, reason: str
) -> None:
    _decide_there(world, neighbourhood, region, role, {"decision": "refuse", "reason": reason})


@then(
    "本地得知“{region}”不予办理，理由是“{reason}”",
    "it is told here that “{region}” refuses it because “{reason}”",
)
def was_refused(neighbourhood: Neighbourhood, region: str, reason: str) -> None:
    assert neighbourhood.decided["region"] == REGIONS[region][1]
    assert neighbourhood.decided["state"] == "refused", neighbourhood.decided
    problem = neighbourhood.decided["problem"]
    assert problem["code"] == "refused-by-issuing-region"
    assert reason in problem["detail_zh"]


def _decide_there(
    world: World,
    neighbourhood: Neighbourhood,
    region: str,
    role: str,
    decision: dict[str, str],
) -> None:
    waiting, there = neighbourhood.decided, neighbourhood.desks[region]
    path = f"/v1/services-from-regions/{waiting['number_there']}/decision"
    if world.try_at_platform(lambda: there.post(ROLES[code_of(role)], path, decision)) is None:
        return

    def end() -> dict[str, Any] | None:
        told = world.desk.get("clerk", f"/v1/joint-services/{waiting['request_id']}")
        return told if told["state"] != "waiting" else None

    neighbourhood.decided = wait_for(end)
    if neighbourhood.decided["state"] == "done":
        neighbourhood.done.add(waiting["service"])


@then(
    "“{region}”平台办结，卡状态为“{state}”",
    "the platform of “{region}” has done it, the card is “{state}”",
)
def was_done(neighbourhood: Neighbourhood, region: str, state: str) -> None:
    assert neighbourhood.decided["region"] == REGIONS[region][1]
    assert neighbourhood.decided["state"] == "done", neighbourhood.decided
    assert neighbourhood.decided["answer"]["card_state"] == code_of(state)


@when("“{region}”制成居民“{name}”的卡", "“{region}” makes the card of resident “{name}”")
def make_there(world: World, neighbourhood: Neighbourhood, region: str, name: str) -> None:
    holder, desk = world.holder(name), neighbourhood.desks[region]
    image = desk.personalisation_image(holder.card_id)
    desk.report_production(holder.card_id, bytes.fromhex(image["historical_bytes"]))
    holder.card = load_card(image)


@then(
    "居民“{name}”的卡在“{region}”领取，受理地为本地",
    "the card of resident “{name}” is collected in “{region}”, though it was taken in here",
)
def collected_there(world: World, neighbourhood: Neighbourhood, name: str, region: str) -> None:
    record = neighbourhood.desks[region].record(world.holder(name).card_id)["hand_over"]
    assert record["collection_site"] == COLLECTION_SITE
    assert record["accepted_at_site"] != COLLECTION_SITE


@when(
    "本地经办人自行为“{region}”居民“{name}”的卡挂失",
    "a clerk here reports the card of resident “{name}” of “{region}” lost without passing it on",
)
def decide_here(world: World, region: str, name: str) -> None:
    assert region in REGIONS
    world.try_at_platform(lambda: world.desk.report_loss(world.holder(name).card_id))


def _joint_service_point(world: World, neighbourhood: Neighbourhood) -> str:
    region = world.desk.get("operator", "/health")["region"]
    if region not in neighbourhood.points:
        site = {
            "area": region,
            "kind": "joint-service-point",
            "name_zh": f"通办网点 {world.mark}",
            "address_zh": "测试路 1 号",
            "phone": "12333",
            "equipment": [],
            "hours": [{"weekday": day, "opens": "09:00", "closes": "17:00"} for day in (1, 2, 3)],
        }
        answer = world.desk.post("operator", "/v1/sites", site)
        neighbourhood.points[region] = answer["site"]["site_id"]
    return neighbourhood.points[region]


def _request_of(service: str, holder: Holder, there: ServiceDesk) -> dict[str, Any]:
    papers = {"document": holder.resident.document()}
    new_card = papers | {"site": "异地受理网点", "collection_site": COLLECTION_SITE}
    requests: dict[str, dict[str, Any]] = {
        "apply": {
            "region": there.region,
            "site": "异地受理网点",
            "collection_site": COLLECTION_SITE,
            "entitlement": there.entitlements[0],
            "form": holder.resident.form(),
            "document": holder.resident.document(),
        },
        "report-loss": {"kind": "formal"},
        "restore": papers | {"reason": "已找到"},
        "exchange": new_card | {"reason": "unreadable"},
        "replace": new_card,
        "cancel": {"reason": "emigration", "evidence": EVIDENCE},
        "change-data": papers | {"phone": "13900000000"},
    }
    return requests.get(service, papers)
