"""A PIN that is locked and given back at a counter: the platform commands it, the chip decides."""

from __future__ import annotations

from scenarios.phrases import then, when
from scenarios.steps.card_life import card_of
from scenarios.terms import code_of, term_in_chinese
from scenarios.world import Holder, World
from virtual_cards.terminals import CardRefusesCommand, Clerk, PlatformLine, ShownDocument

WRONG_PIN, NEW_PIN = "000000", "246810"
PIN_IS_BLOCKED = 0x6983
TRIES_MAX = 15
"""More than any card gives."""
PROCESS, ORIGINAL = bytes(range(8)), bytes(range(8, 16))


@when(
    "居民“{name}”在柜面连续输错密码，直至卡片锁定密码",
    "resident “{name}” enters a wrong PIN at the counter until the card locks it",
)
def lock_pin(world: World, name: str) -> None:
    holder = world.holder(name)
    answers: list[int | None] = []
    while PIN_IS_BLOCKED not in answers and len(answers) < TRIES_MAX:
        answers.append(_try_pin(world, holder, WRONG_PIN))
    world.recorder.fact("卡片的最后应答", "last answer of the card", f"{answers[-1]:04X}")
    assert answers[-1] == PIN_IS_BLOCKED
    world.desk.serve_card(holder.card_id, "pin-reports", {"action": "lock"})


@when(
    "居民“{name}”凭身份证在柜面重置密码",
    "resident “{name}” has the PIN reset at the counter by document",
)
def reset_pin(world: World, name: str) -> None:
    _reset(world, world.holder(name), world.holder(name))


@when(
    "居民“{other}”凭本人身份证要求重置居民“{name}”的卡的密码",
    "resident “{other}” asks by the own document for a new PIN on the card of resident “{name}”",
)
def ask_for_anothers_pin(world: World, other: str, name: str) -> None:
    _reset(world, world.holder(name), world.holder(other))


@then(
    "居民“{name}”的卡的密码状态为“{state}”", "the PIN of the card of resident “{name}” is “{state}”"
)
def pin_is(world: World, name: str, state: str) -> None:
    found = world.desk.record(world.holder(name).card_id)["functions"]["pin"]
    assert found == code_of(state), term_in_chinese(found)


@then(
    "居民“{name}”的卡接受新密码，不接受原密码",
    "the card of resident “{name}” takes the new PIN and not the former one",
)
def card_takes_new_pin(world: World, name: str) -> None:
    holder = world.holder(name)
    assert _try_pin(world, holder, _former_pin(holder)) is not None
    assert _try_pin(world, holder, NEW_PIN) is None


@then("居民“{name}”的卡仍接受原密码", "the card of resident “{name}” still takes its former PIN")
def card_keeps_its_pin(world: World, name: str) -> None:
    holder = world.holder(name)
    assert _try_pin(world, holder, _former_pin(holder)) is None


@then("居民“{name}”的卡仍不接受任何密码", "the card of resident “{name}” still takes no PIN")
def card_takes_no_pin(world: World, name: str) -> None:
    holder = world.holder(name)
    for pin in (_former_pin(holder), NEW_PIN):
        assert _try_pin(world, holder, pin) == PIN_IS_BLOCKED


def serve_reset(world: World, holder: Holder, shows_document: Holder, token: str) -> None:
    """The whole service: the command asked for, given to the chip, and reported once it took it."""
    line = PlatformLine(world.desk.access.url, token)
    line.tell_answers_to(world.recorder.hear)
    world.lines.append(line)
    document = ShownDocument(**shows_document.resident.document())
    clerk = Clerk(line, holder.card_id, document)
    slot, counter = world.counter_slot
    with world.readers.card_in(slot, card_of(holder)):
        counter.reset_pin(clerk, NEW_PIN)
        clerk.report_pin_reset()


def _reset(world: World, holder: Holder, shows_document: Holder) -> None:
    token = world.desk.access.tokens["clerk"]
    world.try_at_platform(lambda: serve_reset(world, holder, shows_document, token))


def _try_pin(world: World, holder: Holder, pin: str) -> int | None:
    """What the card answers to a PIN: a status word where it refuses."""
    slot, counter = world.counter_slot
    with world.readers.card_in(slot, card_of(holder)):
        try:
            counter.answer_challenge(PROCESS, ORIGINAL, pin)
        except CardRefusesCommand as refuses:
            return refuses.status
    return None


def _former_pin(holder: Holder) -> str:
    assert holder.card is not None, "the card is not made yet"
    return str(holder.card.image["pin"])
