"""Functions of merged schemes on the chip: loaded at a counter, used at a desk on line and off line
(NM-7d, CQ-6b, NX-7c).
"""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from scenarios.listings import Listings
from scenarios.phrases import then, when
from scenarios.steps.card_life import card_of
from scenarios.steps.electronic_card import NOBODY
from scenarios.terms import code_of
from scenarios.world import FUNCTION_DESK, InPlace
from virtual_cards.readers import InProcessReader
from virtual_cards.terminals import (
    FunctionDesk,
    FunctionWorks,
    MergedScheme,
    NotReceived,
    PlatformLine,
    read_functions,
)


class Used:
    """What a desk for a function did last."""

    outcome: FunctionWorks | NotReceived | None = None


@pytest.fixture
def used() -> Used:
    """Nothing yet."""
    return Used()


@when(
    "柜面将“{name}”持有人“{number}”的功能写入居民“{person}”的卡",
    "the counter writes the function of “{name}” number “{number}” on the card of “{person}”",
)
def write(listings: Listings, name: str, number: str, person: str) -> None:
    world = listings.world
    slot, counter = world.counter_slot
    scheme_id = listings.schemes[name]
    with world.readers.card_in(slot, card_of(world.holder(person))):
        stands = world.try_at_platform(lambda: counter.write_function(scheme_id, number))
    if stands is not None:
        world.recorder.fact("功能状态", "function", stands.state)


@when(
    "部门终止“{name}”持有人“{number}”的功能",
    "the department ends the function of “{name}” number “{number}”",
)
def end(listings: Listings, name: str, number: str) -> None:
    path = f"/v1/card-schemes/{listings.schemes[name]}/function-ends"
    body = {"number": number, "reason": "注销"}
    listings.world.try_at_platform(lambda: listings.world.desk.post("department", path, body))


@then(
    "居民“{person}”的卡上载有“{name}”的功能",
    "the card of resident “{person}” carries the function of “{name}”",
)
def is_on_card(listings: Listings, person: str, name: str) -> None:
    assert _scheme(listings, name).number_on_card in _on_card(listings, person)


@then(
    "居民“{person}”的卡上没有“{name}”的功能",
    "the card of resident “{person}” carries no function of “{name}”",
)
def is_not_on_card(listings: Listings, person: str, name: str) -> None:
    assert _scheme(listings, name).number_on_card not in _on_card(listings, person)


@then(
    "平台告知居民“{person}”的“{name}”功能待柜面写入新卡",
    "the platform tells that the function of “{name}” waits to be loaded on the new card of"
    " “{person}”",
)
def waits_to_be_loaded(listings: Listings, person: str, name: str) -> None:
    told = _functions_of(listings, person)[listings.schemes[name]]
    assert (told["state"], told["waits_for"]) == ("bound", "load"), told


@then(
    "居民“{person}”的“{name}”功能无待办事项",
    "nothing waits of the function of “{name}” on the card of “{person}”",
)
def nothing_waits(listings: Listings, person: str, name: str) -> None:
    told = _functions_of(listings, person)[listings.schemes[name]]
    assert (told["state"], told["waits_for"]) == ("on_chip", None), told


@when(
    "“{name}”的验卡台取得最新名单后与平台断开",
    "the desk for “{name}” fetches its lists and loses its line to the platform",
)
def go_off_line(listings: Listings, name: str) -> None:
    place = _desk(listings, name)
    place.terminal.use_parameters(place.line.terminal_parameters())
    dead = PlatformLine(NOBODY)
    listings.world.lines.append(dead)
    place.terminal.line = dead
    place.terminal.journal.use_line(None)


@when("“{name}”的验卡台恢复联机", "the desk for “{name}” is on line again")
def go_on_line(listings: Listings, name: str) -> None:
    place = _desk(listings, name)
    place.terminal.line = place.line
    place.terminal.journal.use_line(place.line)


@when(
    "居民“{person}”在“{name}”的验卡台刷卡",
    "resident “{person}” taps the card at the desk for “{name}”",
)
def tap(listings: Listings, used: Used, person: str, name: str) -> None:
    world, place = listings.world, _desk(listings, name)
    with world.readers.card_in(place.slot, card_of(world.holder(person))):
        used.outcome = place.terminal.use()


@then("验卡台联机认可该功能", "the desk lets the function work, on line")
def works_on_line(used: Used) -> None:
    assert isinstance(used.outcome, FunctionWorks), used.outcome
    assert not used.outcome.received.is_offline


@then(
    "验卡台脱机凭芯片认可该功能",
    "the desk lets the function work by the chip, without the platform",
)
def works_by_chip(listings: Listings, used: Used) -> None:
    assert isinstance(used.outcome, FunctionWorks), used.outcome
    assert used.outcome.received.is_offline
    on_card = used.outcome.on_card
    assert on_card is not None
    listings.world.recorder.fact("有效期至", "valid until", f"{on_card.valid_until:%Y-%m-%d}")


@then("验卡台不予使用，理由是“{reason}”", "the desk refuses: “{reason}”")
def is_refused(used: Used, reason: str) -> None:
    assert isinstance(used.outcome, NotReceived), used.outcome
    assert used.outcome.reason == code_of(reason)


def _functions_of(listings: Listings, person: str) -> dict[str, dict[str, Any]]:
    """What is bound to the person's card, by scheme."""
    world = listings.world
    path = f"/v1/cards/{world.holder(person).card_id}/scheme-functions"
    told = world.desk.get("clerk", path)["functions"]
    return {each["scheme_id"]: each for each in told}


def _scheme(listings: Listings, name: str) -> MergedScheme:
    told = listings.world.desk.get("inspector", f"/v1/card-schemes/{listings.schemes[name]}")
    return MergedScheme(told["scheme_id"], told["number_on_card"])


def _desk(listings: Listings, name: str) -> InPlace[FunctionDesk]:
    make = partial(FunctionDesk, scheme=_scheme(listings, name))
    return listings.world.desk_of("entrance", FUNCTION_DESK, make, f"function {name}")


def _on_card(listings: Listings, person: str) -> set[str]:
    """Schemes whose function holds today, as anybody reads them."""
    world = listings.world
    found = read_functions(InProcessReader("reader", card_of(world.holder(person))))
    return {each.scheme for each in found if each.holds_on(world.now().date())}
