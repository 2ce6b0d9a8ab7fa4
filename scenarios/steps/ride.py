"""Riding the metro by card (CQ-7b), and being turned away at a gate."""

from __future__ import annotations

from scenarios.phrases import then, when
from scenarios.steps.card_life import card_of
from scenarios.terms import code_of
from scenarios.world import World
from virtual_cards.terminals import Admitted, TurnedAway


@when("居民“{name}”在“{station}”站刷卡进站", "resident “{name}” taps in at “{station}”")
def tap_in(world: World, name: str, station: str) -> None:
    place = world.gate_at(station)
    with world.readers.card_in(place.slot, card_of(world.holder(name))):
        world.passage = place.terminal.enter()


@when("居民“{name}”在“{station}”站刷卡出站", "resident “{name}” taps out at “{station}”")
def tap_out(world: World, name: str, station: str) -> None:
    place = world.gate_at(station)
    with world.readers.card_in(place.slot, card_of(world.holder(name))):
        world.passage = place.terminal.leave()


@then("闸机放行", "the gate opens")
def gate_opens(world: World) -> None:
    assert isinstance(world.passage, Admitted), world.passage
    passage = world.passage
    milliseconds = f"{passage.card_duration_s * 1000:.1f}"
    world.recorder.fact("卡端用时（毫秒）", "time at the card (ms)", milliseconds)
    world.recorder.fact("交易验证码 TAC", "TAC", passage.tap.tac)


@then("闸机拒绝，理由是“{reason}”", "the gate refuses because of “{reason}”")
def gate_refuses(world: World, reason: str) -> None:
    assert isinstance(world.passage, TurnedAway), world.passage
    assert world.passage.reason == code_of(reason)


@then("平台留有这次拒绝的记录", "the platform has the refusal on record")
def refusal_is_on_record(world: World) -> None:
    assert isinstance(world.passage, TurnedAway), world.passage
    serial = world.passage.refusal.application_serial
    holder = next(
        holder
        for holder in world.holders.values()
        if holder.card_id and world.desk.card(holder.card_id)["application_serial"] == serial
    )
    records = world.desk.transit(holder.card_id)["refusals"]
    assert [record["reason"] for record in records] == [world.passage.reason]
    world.recorder.fact("记录编号", "record", world.passage.refusal_id)


@then(
    "平台核验交易验证码，本次乘车计费{amount:f}元",
    "the platform finds the TAC right and prices the ride at {amount:f} yuan",
)
def ride_is_priced(world: World, amount: float) -> None:
    assert isinstance(world.passage, Admitted), world.passage
    receipt = world.passage.receipt
    assert receipt is not None, "the tap was not reported"
    assert receipt.tac == "right"
    assert receipt.ride is not None, "the platform found no ride"
    world.recorder.fact("记账凭证", "posting", receipt.ride.posting_id)
    assert receipt.ride.fare_fen == receipt.ride.charged_fen == round(amount * 100)
