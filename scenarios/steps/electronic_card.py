"""Electronic card and code beside the card (CQ-2, CQ-16, NX-2): shown, scanned, the same result."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from scenarios.carriers import CARD, Carriers
from scenarios.listings import Listings
from scenarios.phrases import given, then, when
from scenarios.steps.card_life import card_of
from scenarios.steps.daily_life import PIN
from scenarios.terms import code_of
from scenarios.world import World
from virtual_cards.applets.social_security.medical.commands import Account
from virtual_cards.terminals import CodeRefused, PlatformLine, Received

NOBODY = "http://127.0.0.1:9"
"""Nothing listens on this port (discard)."""


@pytest.fixture
def carriers(world: World) -> Carriers:
    return Carriers(world)


@given(
    "居民“{name}”在手机上签发了电子社会保障卡",
    "resident “{name}” has signed the electronic card on a phone",
)
@when(
    "居民“{name}”在手机上签发电子社会保障卡",
    "resident “{name}” signs the electronic card on a phone",
)
def sign(carriers: Carriers, name: str) -> None:
    carriers.sign(name)


@given(
    "居民“{name}”仅以实名等级签发了电子社会保障卡",
    "resident “{name}” has signed the electronic card by name only",
)
def sign_by_name(carriers: Carriers, name: str) -> None:
    carriers.sign(name, "real-name")


@when(
    "居民“{name}”持“{carrier}”在“{service}”办理",
    "resident “{name}” is served with the “{carrier}” at “{service}”",
)
def be_served(carriers: Carriers, name: str, carrier: str, service: str) -> None:
    carriers.served = carriers.serve(name, code_of(carrier), code_of(service))


@when(
    "有人再次出示刚才的码在“{service}”办理",
    "somebody shows at “{service}” the same code again",
)
def show_again(carriers: Carriers, service: str) -> None:
    carriers.served = carriers.serve_code(carriers.code, code_of(service))


@when(
    "居民“{name}”出示用于“{purpose}”的码在“{service}”办理",
    "resident “{name}” shows a code for “{purpose}” at “{service}”",
)
def show_for(carriers: Carriers, name: str, purpose: str, service: str) -> None:
    code = carriers.show(name, "electronic-card", code_of(purpose))
    carriers.served = carriers.serve_code(code, code_of(service))


@when(
    "有人出示改动过的居民“{name}”的码在“{service}”办理",
    "somebody shows at “{service}” a code of resident “{name}” that was changed",
)
def show_changed(carriers: Carriers, name: str, service: str) -> None:
    code = carriers.show(name, "electronic-card")
    other = "A" if code[60] != "A" else "B"
    carriers.served = carriers.serve_code(code[:60] + other + code[61:], code_of(service))


@when("过去{seconds:d}秒", "{seconds:d} seconds pass")
def seconds_pass(world: World, seconds: int) -> None:
    world.let_time_pass(timedelta(seconds=seconds))


@then(
    "办理成功，核验到居民“{name}”本人",
    "it is done, and resident “{name}” is who was found",
)
def was_served(carriers: Carriers, name: str) -> None:
    served, holder = carriers.served, carriers.world.holder(name)
    assert served is not None, "nobody was served"
    assert served.valid, served.reason
    resident = holder.resident
    assert served.learnt == (holder.card_number, resident.name, resident.number)


@then("不予办理，理由是“{reason}”", "it is not done because of “{reason}”")
def was_not_served(carriers: Carriers, reason: str) -> None:
    served = carriers.served
    assert served is not None, "nobody was served"
    assert not served.valid
    assert served.learnt is None
    assert served.reason == code_of(reason)


@when(
    "居民“{name}”持“{carrier}”在医院结算{amount:f}元",
    "resident “{name}” settles in the hospital {amount:f} yuan with the “{carrier}”",
)
def settle(carriers: Carriers, name: str, carrier: str, amount: float) -> None:
    world, amount_fen = carriers.world, round(amount * 100)
    bill = _bill(world)
    desk = world.hospital.terminal
    if code_of(carrier) != CARD:
        code = carriers.show(name, code_of(carrier), "medical")
        world.outcome = desk.settle_by_code(code, bill, amount_fen)
        return
    holder = world.holder(name)
    credit_fen = world.desk.medical(holder.card_id)["credit_fen"]["1"]
    slot, counter = world.counter_slot
    with world.readers.card_in(slot, card_of(holder)):  # a card pays from its purse
        counter.load_medical(Account.CURRENT_YEAR, credit_fen, PIN)
    with world.readers.card_in(world.hospital.slot, card_of(holder)):
        patient = desk.register()
        assert isinstance(patient, Received), patient
        world.outcome = desk.settle(patient.holder, bill, amount_fen, PIN)


@when("有人再次用刚才的码在医院结算{amount:f}元", "the same code settles {amount:f} yuan again")
def settle_again(carriers: Carriers, amount: float) -> None:
    world = carriers.world
    bill = _bill(world)
    desk = world.hospital.terminal
    world.outcome = desk.settle_by_code(carriers.code, bill, round(amount * 100))


@then("医院不予结算，理由是“{reason}”", "the hospital does not settle because of “{reason}”")
def was_not_settled(world: World, reason: str) -> None:
    assert isinstance(world.outcome, CodeRefused), world.outcome
    world.recorder.fact("终端提示", "what the terminal says", world.outcome.detail_zh)
    assert world.outcome.reason == code_of(reason)


@when(
    "居民“{name}”的手机刷新用于“{purpose}”的码",
    "the phone of resident “{name}” asks for a fresh code for “{purpose}”",
)
def refresh(carriers: Carriers, name: str, purpose: str) -> None:
    phone = carriers.phones[name]
    carriers.world.try_at_platform(lambda: phone.refresh(code_of(purpose)))


@then(
    "居民“{name}”持“{carrier}”使用“{scheme}”的功能，结果为“{result}”",
    "the function of “{scheme}” works for resident “{name}” with the “{carrier}”: “{result}”",
)
def function_works(
    carriers: Carriers, listings: Listings, *, name: str, carrier: str, scheme: str, result: str
) -> None:
    world = carriers.world
    if code_of(carrier) == CARD:
        slot, counter = world.counter_slot
        with world.readers.card_in(slot, card_of(world.holder(name))):
            body = {"card_number": counter.read_card().card_number}
    else:
        body = {"code": carriers.show(name, code_of(carrier))}
    path = f"/v1/card-schemes/{listings.schemes[scheme]}/checks"
    told = world.desk.post("clerk", path, body)
    world.recorder.fact("理由", "reason", told["reason"] or "-")
    assert told["result"] == code_of(result), told


@then(
    "“{scheme}”的旧号码“{number}”结果为“{result}”",
    "the former number “{number}” of “{scheme}” is “{result}”",
)
def former_number_works(listings: Listings, scheme: str, number: str, result: str) -> None:
    path = f"/v1/card-schemes/{listings.schemes[scheme]}/checks"
    told = listings.world.desk.post("clerk", path, {"number": number})
    assert told["result"] == code_of(result), told


@then(
    "居民“{name}”持“{carrier}”办理目录中在{government}生效的每个事项，都核验到本人",
    "with the “{carrier}” resident “{name}” is known at every item in effect in {government}",
)
def serves_every_item(
    carriers: Carriers, listings: Listings, name: str, carrier: str, government: str
) -> None:
    items = listings.in_effect(government)
    assert items, "nothing is listed"
    carriers.world.recorder.fact("事项", "items", "、".join(items))
    codes = set()
    for item in items:
        carriers.served = carriers.serve(name, code_of(carrier), item)
        was_served(carriers, name)
        codes.add(carriers.code)
    assert len(codes) == 1, "one code serves them all"


def _bill(world: World) -> str:
    """A bill of its own for every step."""
    step = f"{world.recorder.scenario} {world.recorder.step}"
    return f"B-{hashlib.sha256(step.encode()).hexdigest()[:16]}"


@when("医院终端与平台断开", "the hospital has lost its line to the platform")
def cut_the_line(carriers: Carriers) -> None:
    place = carriers.world.hospital
    dead = PlatformLine(NOBODY)
    carriers.world.lines.append(dead)
    place.terminal.line = dead
    place.terminal.journal.use_line(None)


@when("医院终端恢复联机并上送", "the hospital is on line again and sends")
def mend_the_line(world: World) -> None:
    place = world.hospital
    place.terminal.line = place.line
    place.terminal.journal.use_line(place.line)
    place.terminal.journal.send_unsent()


@then(
    "医院脱机办理，只知道居民“{name}”的卡号",
    "the hospital serves without a line and knows of resident “{name}” the card number alone",
)
def served_offline(carriers: Carriers, name: str) -> None:
    served = carriers.served
    assert served is not None, "nobody was served"
    assert served.valid, served.reason
    assert served.learnt == (carriers.world.holder(name).card_number, "", "")


@then(
    "平台记有居民“{name}”的{count:d}次脱机用码，无异常",
    "{count:d} uses without a line of codes of resident “{name}” are on record, all in order",
)
def offline_uses_are_on_record(world: World, name: str, count: int) -> None:
    path = f"/v1/cards/{world.holder(name).card_id}/electronic-card"
    uses = [each for each in world.desk.get("clerk", path)["uses"] if each["offline"]]
    assert [each["finding"] for each in uses] == ["right"] * count
