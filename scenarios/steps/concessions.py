"""Certificates on cards and what they take off at gate, bus, entrance and counter (NM-10c)."""

from __future__ import annotations

import secrets
from typing import Literal

import pytest

from scenarios.phrases import then, when
from scenarios.steps.card_life import card_of
from scenarios.steps.licences import Held
from scenarios.terms import code_of
from scenarios.world import World
from virtual_cards.readers import InProcessReader
from virtual_cards.terminals import Admitted, Charged, NotReceived, TurnedAway, read_concessions

Outcome = Charged | NotReceived | TurnedAway | None


class Served:
    """What a desk that takes fees did last."""

    outcome: Outcome = None


@pytest.fixture
def served() -> Served:
    """Nothing yet."""
    return Served()


@when("网点将“{kind}”写入居民“{name}”的卡", "the site writes “{kind}” on the card of “{name}”")
def write(world: World, held: Held, kind: str, name: str) -> None:
    world.recorder.fact("写卡", "writing", _write(world, held, kind, name))


@then("居民“{name}”的卡上载有“{kind}”", "the card of resident “{name}” carries “{kind}”")
def carries(world: World, name: str, kind: str) -> None:
    assert code_of(kind) in _on_card(world, name)


@when(
    "居民“{name}”回到网点，卡上的“{kind}”被注销",
    "“{kind}” is ended on the card of resident “{name}” at the site",
)
def end(world: World, held: Held, name: str, kind: str) -> None:
    assert _write(world, held, kind, name) == "end"


@then("居民“{name}”的卡上没有“{kind}”", "the card of resident “{name}” carries no “{kind}”")
def carries_not(world: World, name: str, kind: str) -> None:
    assert code_of(kind) not in _on_card(world, name)


@then("闸机扣款{amount:f}元，“{relief}”", "the gate takes {amount:f} yuan, “{relief}”")
def gate_takes(world: World, amount: float, relief: str) -> None:
    assert isinstance(world.passage, Admitted), world.passage
    _require_relief(world, world.passage, amount, relief)


@then("公交车载机收{amount:f}元，“{relief}”", "the bus takes {amount:f} yuan, “{relief}”")
def bus_takes(world: World, amount: float, relief: str) -> None:
    assert isinstance(world.outcome, Admitted), world.outcome
    _require_relief(world, world.outcome, amount, relief)


@when(
    "居民“{name}”凭卡购买{price:f}元的景区门票",
    "resident “{name}” buys by card a ticket of {price:f} yuan to a scenic area",
)
def buy_ticket(world: World, served: Served, name: str, price: float) -> None:
    served.outcome = _pay(world, "entry", name, price)


@when(
    "居民“{name}”凭卡在服务窗口缴费{price:f}元",
    "resident “{name}” pays by card a fee of {price:f} yuan at a service counter",
)
def pay_fee(world: World, served: Served, name: str, price: float) -> None:
    served.outcome = _pay(world, "counter", name, price)


@then("实收{amount:f}元", "{amount:f} yuan are taken")
def was_charged(world: World, served: Served, amount: float) -> None:
    assert isinstance(served.outcome, Charged), served.outcome
    offer, sold = served.outcome.offer, served.outcome.sold
    world.recorder.fact("优惠依据", "concession by", offer.kind or "-")
    assert offer.charged_fen == round(amount * 100)
    assert (sold.purchase.amount_fen if sold else 0) == offer.charged_fen


def _pay(world: World, where: Literal["entry", "counter"], name: str, price: float) -> Outcome:
    place = world.concession_desk(where)
    bill = secrets.token_hex(8)  # each payment is one of its own, though the step reads the same
    with world.readers.card_in(place.slot, card_of(world.holder(name))):
        paid: Outcome = place.terminal.take(bill, round(price * 100))
    return paid


def _write(world: World, held: Held, kind: str, name: str) -> str:
    slot, counter = world.counter_slot
    with world.readers.card_in(slot, card_of(world.holder(name))):
        return counter.write_certificate(held.licences[name, kind])


def _on_card(world: World, name: str) -> set[str]:
    """Certificates that hold today, as anybody reads them."""
    today = world.now().date()
    found = read_concessions(InProcessReader("reader", card_of(world.holder(name))))
    return {each.kind.name.lower() for each in found if each.holds_on(today)}


def _require_relief(world: World, passage: Admitted, amount: float, relief: str) -> None:
    reduction = passage.tap.reduction
    kind = reduction.kind if reduction else None
    world.recorder.fact("减免", "reduction", kind or "-")
    assert passage.receipt is not None, "the tap was not reported"
    assert passage.tap.amount_fen == round(amount * 100)
    assert (kind == "concession") is (code_of(relief) == "concession")
