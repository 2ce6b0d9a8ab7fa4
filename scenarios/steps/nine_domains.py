"""What the nine domains need beside the steps of their rooms: the same by every carrier (NM-2)."""

from __future__ import annotations

from datetime import timedelta

from scenarios.carriers import CARD, Carriers
from scenarios.phrases import when
from scenarios.steps.card_life import card_of
from scenarios.steps.payouts import CERTIFICATIONS
from scenarios.terms import code_of
from scenarios.world import Refusal

_REFUSED = "refused"


@when(
    "居民“{name}”持“{carrier}”办理待遇资格认证",
    "resident “{name}” has the eligibility certified with “{carrier}”",
)
def certify(carriers: Carriers, name: str, carrier: str) -> None:
    world = carriers.world
    if code_of(carrier) == CARD:
        slot, counter = world.counter_slot
        with world.readers.card_in(slot, card_of(world.holder(name))):
            read = counter.read_card()
        body = {
            "card_number": read.card_number,
            "name": read.name,
            "historical_bytes": read.historical_bytes,
        }
    else:
        body = {"code": carriers.show(name, code_of(carrier))}
    made = world.try_at_platform(lambda: world.desk.post("clerk", CERTIFICATIONS, body))
    if made is not None and made["state"] == _REFUSED:
        problem = made["problem"]
        world.refusal = Refusal(problem, problem, problem)
    world.let_time_pass(timedelta(seconds=1))
