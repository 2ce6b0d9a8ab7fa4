"""Rides with the transport function in other regions, and their clearing (YD-11, CQ-7c, NX-9c)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from scenarios.neighbourhood import (
    COLLECTION_SITE,
    REGIONS,
    Neighbourhood,
    let_time_pass_everywhere,
    wait_for,
)
from scenarios.phrases import given, then, when
from scenarios.service_desk import ServiceDesk
from scenarios.steps.card_life import card_of, load_purse
from scenarios.steps.daily_life import board
from scenarios.world import World
from virtual_cards.personalisation import load_card
from virtual_cards.terminals.card_dialogue import CardRefusesCommand

_PAST_MIDNIGHT, _A_WHILE = timedelta(minutes=5), timedelta(minutes=10)
"""A region clears a day once it has ended ten minutes ago, which is to spare those whose clocks
are behind: all are brought past midnight before any is brought past the ten minutes.
"""


@dataclass
class Abroad:
    """The terminals of other regions, by region, the day that was cleared, and what failed."""

    worlds: dict[str, World] = field(default_factory=dict)
    day: str = ""
    refused_by_chip: bool = False


@pytest.fixture
def abroad() -> Abroad:
    """Nowhere yet."""
    return Abroad()


@given(
    "“{region}”居民“{name}”持有交通联合卡，钱包内有{amount:f}元",
    "resident “{name}” of “{region}” holds a T-Union card with {amount:f} yuan",
)
def holds_card(  # noqa: PLR0917 - as many as the phrase has
    world: World,
    neighbourhood: Neighbourhood,
    abroad: Abroad,
    region: str,
    name: str,
    amount: float,
) -> None:
    there = _world_of(world, neighbourhood, abroad, region)
    holder, desk = world.holder(name), there.desk
    application = {
        "region": REGIONS[region][1],
        "site": COLLECTION_SITE,
        "entitlement": desk.entitlements[0],
        "form": holder.resident.form(),
        "document": holder.resident.document(),
    }
    holder.take_new_card(desk.post("clerk", "/v1/applications", application))
    holder.card = load_card(desk.personalisation_image(holder.card_id))
    desk.report_production(holder.card_id, holder.card.card.atr[-13:])
    desk.activate(holder.card_id, holder.resident.document())
    load_purse(there, name, amount)


@when(
    "居民“{name}”刷卡乘坐“{region}”的“{line}”路公交",
    "resident “{name}” rides bus “{line}” of “{region}”",
)
def ride(  # noqa: PLR0917 - as many as the phrase has
    world: World,
    neighbourhood: Neighbourhood,
    abroad: Abroad,
    name: str,
    region: str,
    line: str,
) -> None:
    there = _world_of(world, neighbourhood, abroad, region)
    world.try_at_platform(lambda: board(there, name, line))
    world.refusal, world.outcome = world.refusal or there.refusal, there.outcome


@when(
    "次日，“{one}”与“{other}”各自清算前一日",
    "the next day “{one}” and “{other}” each clear the day before",
)
def clear(world: World, neighbourhood: Neighbourhood, abroad: Abroad, one: str, other: str) -> None:
    now = world.now()
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    abroad.day = now.date().isoformat()
    for duration in (midnight + _PAST_MIDNIGHT - now, _A_WHILE):
        let_time_pass_everywhere(world, neighbourhood, duration)
    for region in (one, other):
        desk = _world_of(world, neighbourhood, abroad, region).desk
        run = desk.post("operator", "/v1/clearing/days", {"day": abroad.day})
        assert run["state"] == "closed", run


@then(
    "“{one}”应向“{other}”收取{claimed:f}元、支付{owed:f}元，双方清算单分毫不差",
    "“{one}” is owed {claimed:f} yuan by “{other}” and owes it {owed:f}, and both sides' "
    "statements agree to the fen",
)
def statements_agree(  # noqa: PLR0917 - as many as the phrase has
    world: World,
    neighbourhood: Neighbourhood,
    abroad: Abroad,
    one: str,
    other: str,
    claimed: float,
    owed: float,
) -> None:
    ours = _world_of(world, neighbourhood, abroad, one).desk
    theirs = _world_of(world, neighbourhood, abroad, other).desk
    here, there = REGIONS[one][1], REGIONS[other][1]
    claimed_fen, owed_fen = round(claimed * 100), round(owed * 100)

    def agreed() -> tuple[dict[str, Any], dict[str, Any]] | None:
        both = _statement(ours, abroad.day, there), _statement(theirs, abroad.day, here)
        told = [each["total"] for each in both]
        is_whole = told[0]["owed_fen"] == owed_fen and told[1]["owed_fen"] == claimed_fen
        return both if is_whole and all(each["agreed"] for each in told) else None

    statement, counterpart = wait_for(agreed)
    total, turned = statement["total"], counterpart["total"]
    world.recorder.fact("清算日", "day", abroad.day)
    world.recorder.fact("轧差净额（分）", "net (fen)", total["net_fen"])
    assert (total["claimed_fen"], total["owed_fen"]) == (claimed_fen, owed_fen)
    assert total["net_fen"] == -turned["net_fen"] == claimed_fen - owed_fen
    assert statement["claimed"] == counterpart["owed"]
    assert statement["owed"] == counterpart["claimed"]
    for desk in (ours, theirs):
        check = desk.check_books()
        assert check["balanced"], check["first_fault"]
        assert check["sum_fen"] == 0


@given(
    "居民“{name}”持有已激活但未加载交通功能的社会保障卡",
    "resident “{name}” holds an active card without the transport function",
)
def holds_card_without_transport(world: World, name: str) -> None:
    holder, desk = world.holder(name), world.desk
    holder.take_new_card(desk.apply(holder.resident.form(), holder.resident.document()))
    image = desk.personalisation_image(holder.card_id)
    holder.card = load_card({part: each for part, each in image.items() if part != "transit"})
    desk.report_production(holder.card_id, holder.card.card.atr[-13:])
    desk.activate(holder.card_id, holder.resident.document())


@when("居民“{name}”以该卡乘“{line}”路公交", "resident “{name}” tries bus “{line}” with that card")
def try_bus(world: World, abroad: Abroad, name: str, line: str) -> None:
    place = world.bus_of(line)
    try:
        with world.readers.card_in(place.slot, card_of(world.holder(name))):
            place.terminal.board()
    except CardRefusesCommand as refused:
        abroad.refused_by_chip = True
        world.recorder.fact("卡片答复", "answer of the card", str(refused))


@then(
    "公交车载机不受理，卡上无交通应用", "the bus takes nothing: the card has no transport function"
)
def nothing_taken(abroad: Abroad) -> None:
    assert abroad.refused_by_chip


@then(
    "居民“{name}”询价：“{line}”路公交{amount:f}元，依据逐条列明",
    "resident “{name}” asks what bus “{line}” costs: {amount:f} yuan, each rule told",
)
def fare_is_told(world: World, name: str, line: str, amount: float) -> None:
    assert world.holder(name)
    body = {"day": world.now().date().isoformat(), "bus_line": line}
    told = world.desk.ask("POST", "/v1/transit/fare-questions", "", body)
    for each in told["steps"]:
        world.recorder.fact(each["detail_zh"], each["detail_en"], each["fen"])
    assert told["fare_fen"] == round(amount * 100)
    assert told["steps"]
    assert all(each["source"] for each in told["steps"])


def _statement(desk: ServiceDesk, day: str, region: str) -> dict[str, Any]:
    return desk.get("operator", f"/v1/clearing/days/{day}/regions/{region}")


def _world_of(world: World, neighbourhood: Neighbourhood, abroad: Abroad, region: str) -> World:
    """The terminals and desk of a region: those here, or its own."""
    desk = neighbourhood.desks.get(region)
    if desk is None:
        return world
    if region not in abroad.worlds:
        abroad.worlds[region] = replace(world, desk=desk, places={})
    return abroad.worlds[region]
