"""What rides cost by age, month, operator and a missing end, and money back (CQ-7b, NX-9c)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from scenarios.phrases import given, then, when
from scenarios.residents import check_character
from scenarios.steps.card_life import card_of
from scenarios.steps.ride import tap_in, tap_out
from scenarios.terms import code_of
from scenarios.world import World
from virtual_cards.terminals import Admitted, StationDesk, TurnedAway


class Returned:
    """What the platform gave back last, and the ride that was paid at a desk."""

    told: dict[str, Any] | None = None
    ride_id = ""


@pytest.fixture
def returned() -> Returned:
    """Nothing yet."""
    return Returned()


@given("居民“{name}”已满{age:d}周岁", "resident “{name}” is {age:d} years old")
def is_of_age(world: World, name: str, age: int) -> None:
    today = world.now().date()
    _born(world, name, date(today.year - age, today.month, 1))


@given(
    "居民“{name}”还有{days:d}天满{age:d}周岁", "resident “{name}” will be {age:d} in {days:d} days"
)
def comes_of_age(world: World, name: str, days: int, age: int) -> None:
    birthday = world.now().date() + timedelta(days=days)
    _born(world, name, date(birthday.year - age, birthday.month, min(birthday.day, 28)))


@when(
    "居民“{name}”从“{start}”站到“{end}”站乘坐{count:d}次",
    "resident “{name}” rides from “{start}” to “{end}” {count:d} times",
)
def ride_often(world: World, name: str, start: str, end: str, count: int) -> None:
    for _ in range(count):
        tap_in(world, name, start)
        tap_out(world, name, end)
        assert isinstance(world.passage, Admitted), world.passage


@then("闸机扣款{amount:f}元，依据是“{rule}”", "the gate takes {amount:f} yuan by “{rule}”")
def gate_takes_by(world: World, amount: float, rule: str) -> None:
    assert isinstance(world.passage, Admitted), world.passage
    tap = world.passage.tap
    assert tap.amount_fen == round(amount * 100)
    assert tap.reduction is not None
    assert tap.reduction.kind == code_of(rule)


@when(
    "居民“{name}”在“{station}”站人工通道补进站票",
    "resident “{name}” pays for a missing entry at the staffed lane of “{station}”",
)
def pay_missing_entry(world: World, returned: Returned, name: str, station: str) -> None:
    _go_to_lane(world, returned, name, station, StationDesk.let_out)


@when(
    "居民“{name}”在“{station}”站人工通道补出站票",
    "resident “{name}” pays for a missing exit at the staffed lane of “{station}”",
)
def pay_missing_exit(world: World, returned: Returned, name: str, station: str) -> None:
    _go_to_lane(world, returned, name, station, StationDesk.end_ride)


@then("补票扣款{amount:f}元", "the staffed lane takes {amount:f} yuan")
def lane_takes(world: World, amount: float) -> None:
    assert isinstance(world.passage, Admitted), world.passage
    assert world.passage.tap.amount_fen == round(amount * 100)


@when(
    "网点凭证据更正居民“{name}”的该次行程为“{station}”站进站",
    "the site corrects that ride of “{name}” on evidence: the entry was at “{station}”",
)
def correct_entry(world: World, returned: Returned, name: str, station: str) -> None:
    _correct(world, returned, name, station)


@when(
    "网点凭证据更正居民“{name}”的该次行程为“{station}”站出站",
    "the site corrects that ride of “{name}” on evidence: the exit was at “{station}”",
)
def correct_exit(world: World, returned: Returned, name: str, station: str) -> None:
    _correct(world, returned, name, station)


def _correct(world: World, returned: Returned, name: str, station: str) -> None:
    path = f"/v1/cards/{world.holder(name).card_id}/transit/rides/{returned.ride_id}/correction"
    body = {"station": world.gate_at(station).terminal.station, "evidence": "车站监控录像"}
    returned.told = world.try_at_platform(lambda: world.desk.post("clerk", path, body))


@when(
    "居民“{name}”申请退还当月多收车费",
    "resident “{name}” asks for what the rides of this month cost too much",
)
def ask_refund(world: World, returned: Returned, name: str) -> None:
    path = f"/v1/cards/{world.holder(name).card_id}/transit/fare-refunds"
    body = {"month": f"{world.now():%Y-%m}"}
    returned.told = world.try_at_platform(lambda: world.desk.post("clerk", path, body))


@then("退还车费{amount:f}元", "{amount:f} yuan of fares are given back")
def is_given_back(world: World, returned: Returned, amount: float) -> None:
    assert returned.told is not None, world.refusal
    world.recorder.fact("退还编号", "refund", returned.told["refund_id"])
    assert returned.told["refund_fen"] == round(amount * 100)


@then(
    "“{operator}”的“{line}”路公交询价为{amount:f}元，依据逐条列明",
    "bus “{line}” of “{operator}” costs {amount:f} yuan, each rule told",
)
def operators_fare(world: World, operator: str, line: str, amount: float) -> None:
    body = {"day": world.now().date().isoformat(), "bus_line": line, "operator": operator}
    told = world.desk.ask("POST", "/v1/transit/fare-questions", "", body)
    for each in told["steps"]:
        world.recorder.fact(each["detail_zh"], each["detail_en"], each["fen"])
    assert told["fare_fen"] == round(amount * 100)
    assert all(each["source"] for each in told["steps"])


def _go_to_lane(
    world: World,
    returned: Returned,
    name: str,
    station: str,
    settle: Callable[[StationDesk], Admitted | TurnedAway],
) -> None:
    """Show the card at the staffed lane; what was paid there is a ride of its own."""
    place = world.gate_at(station)
    gate = place.terminal
    kit = gate.dialogue.reader, gate.module, gate.parameters
    desk = StationDesk(*kit, station=gate.station, clock=world.now, line=place.line)
    with world.readers.card_in(place.slot, card_of(world.holder(name))):
        world.passage = settle(desk)
    if isinstance(world.passage, TurnedAway):
        return
    receipt = world.passage.receipt
    assert receipt is not None, "the tap was not reported"
    assert receipt.ride is not None
    returned.ride_id = receipt.ride.ride_id


def _born(world: World, name: str, birth_date: date) -> None:
    """The same made-up person, born on that day."""
    holder = world.holder(name)
    old = holder.resident
    digits = f"{old.number[:6]}{birth_date:%Y%m%d}{old.number[14:17]}"
    holder.resident = replace(
        old, number=digits + check_character(digits), birth_date=birth_date.isoformat()
    )
