"""Services of the card agency (CQ-11a to CQ-13b, CQ-20b): loss, renewal, freeze, cancellation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from scenarios.phrases import given, then, when
from scenarios.service_desk import SITE, Role
from scenarios.steps.application import apply, make, make_resident
from scenarios.steps.card_life import activate
from scenarios.terms import code_of, term_in_chinese
from scenarios.world import Holder, World

ROLES: dict[str, Role] = {
    role: role
    for role in ("supervisor", "clerk", "department", "operator", "production", "inspector")
}
NEW_NAME = "新名甲"


@given(
    "居民“{name}”持有已激活的社会保障卡", "resident “{name}” holds an active social security card"
)
def hold_active_card(world: World, name: str) -> None:
    make_resident(world, name)
    apply(world, name)
    make(world, name)
    activate(world, name)
    assert world.refusal is None, world.refusal


@when("过去{days:d}天", "{days:d} days pass")
def days_pass(world: World, days: int) -> None:
    world.let_time_pass(timedelta(days=days))


@when("居民“{name}”电话口头挂失", "resident “{name}” reports the card lost by telephone")
def report_loss_orally(world: World, name: str) -> None:
    _serve(world, world.holder(name), "loss-report", {"kind": "oral"})


@when("居民“{name}”凭身份证解除挂失", "resident “{name}” takes the loss report back by document")
def restore(world: World, name: str) -> None:
    holder = world.holder(name)
    body = {"document": holder.resident.document(), "reason": "找到了"}
    _serve(world, holder, "restoration", body)


@when(
    "居民“{name}”用居民“{other}”的身份证解除挂失",
    "resident “{name}” takes the loss report back by the document of “{other}”",
)
def restore_with_anothers_document(world: World, name: str, other: str) -> None:
    document = world.holder(other).resident.document()
    body = {"document": document, "reason": "找到了"}
    _serve(world, world.holder(name), "restoration", body)


@when(
    "居民“{name}”交回旧卡换领，理由是“{reason}”",
    "resident “{name}” hands the card in for a new one because of “{reason}”",
)
def exchange(world: World, name: str, reason: str) -> None:
    _exchange(world, name, code_of(reason), NEW_NAME)


@when(
    "居民“{name}”未改名却以姓名变更为由换领",
    "resident “{name}”, whose name is the same, asks for a new card for a changed name",
)
def exchange_without_new_name(world: World, name: str) -> None:
    _exchange(world, name, "name-changed", world.holder(name).resident.name)


@when("居民“{name}”补领社会保障卡", "resident “{name}” asks for a card in place of the lost one")
def replace(world: World, name: str) -> None:
    holder = world.holder(name)
    body = {"document": holder.resident.document(), "site": SITE}
    _take(holder, _serve(world, holder, "replacement", body))


@when("居民“{name}”开通金融功能", "resident “{name}” opens the financial function")
def open_financial_function(world: World, name: str) -> None:
    holder = world.holder(name)
    bank = world.desk.partner_banks()[0]["code"]
    body = {"action": "open", "document": holder.resident.document(), "bank": bank}
    _serve(world, holder, "financial-function", body)


@then(
    "居民“{name}”的金融功能为“{state}”", "the financial function of resident “{name}” is “{state}”"
)
def financial_function_is(world: World, name: str, state: str) -> None:
    found = world.desk.record(world.holder(name).card_id)["functions"]["financial"]
    assert found == code_of(state), term_in_chinese(found)


@when(
    "“{who}”冻结居民“{name}”的卡，事由是“{ground}”",
    "“{who}” freezes the card of resident “{name}” because it is “{ground}”",
)
def freeze(world: World, who: str, name: str, ground: str) -> None:
    _serve(world, world.holder(name), "freeze", {"ground": code_of(ground)}, who)


@when(
    "“{who}”经核查决定，解除居民“{name}”的冻结",
    "“{who}” lifts the freeze of resident “{name}” after a decision",
)
def lift_freeze(world: World, who: str, name: str) -> None:
    body = {"decision": "核查后予以解除"}
    _serve(world, world.holder(name), "freeze-lift", body, who)


@when(
    "“{who}”注销居民“{name}”的卡，理由是“{reason}”",
    "“{who}” cancels the card of resident “{name}” because of “{reason}”",
)
def cancel(world: World, who: str, name: str, reason: str) -> None:
    body = {"reason": code_of(reason), "evidence": "证明材料"}
    _serve(world, world.holder(name), "cancellation", body, who)


@when("网点销毁居民“{name}”的卡并登记", "the site destroys the card of resident “{name}”")
def destroy(world: World, name: str) -> None:
    body = {"method": "剪断芯片", "witness": "经办人"}
    _serve(world, world.holder(name), "destruction", body)


@then("居民“{name}”的卡的销毁记录在案", "the destruction of the card of “{name}” is on record")
def destruction_is_on_record(world: World, name: str) -> None:
    found = world.desk.record(world.holder(name).card_id)["destruction"]
    assert found is not None, "no destruction is on record"
    world.recorder.fact("销毁时间", "destroyed at", found["at"])


@then("平台受理", "the platform grants it")
def was_granted(world: World) -> None:
    assert world.refusal is None, world.refusal


@then("居民“{name}”的旧卡状态为“{state}”", "the former card of resident “{name}” is “{state}”")
def former_card_is(world: World, name: str, state: str) -> None:
    found = world.desk.card(world.holder(name).former_card_id)["state"]
    assert found == code_of(state), term_in_chinese(found)


@when(
    "有人持居民“{name}”的旧卡在“{station}”站刷卡进站",
    "somebody taps in at “{station}” with the former card of resident “{name}”",
)
def tap_in_with_former_card(world: World, name: str, station: str) -> None:
    former = world.holder(name).former_card
    assert former is not None, "there is no former card"
    place = world.gate_at(station)
    with world.readers.card_in(place.slot, former.card):
        world.passage = place.terminal.enter()


@then(
    "凭居民“{name}”的卡核验身份，结果为“{result}”",
    "checking identity by the card of resident “{name}” finds “{result}”",
)
def identity_check_finds(world: World, name: str, result: str) -> None:
    holder = world.holder(name)
    checked = world.desk.check_identity("hotel", holder.card_number, holder.resident.name)
    assert checked["result"] == code_of(result), checked


def _exchange(world: World, name: str, reason: str, new_name: str) -> None:
    holder = world.holder(name)
    body = {"reason": reason, "document": holder.resident.document(), "site": SITE}
    if reason == "name-changed":
        body["new_name"] = new_name
    _take(holder, _serve(world, holder, "exchange", body))


def _serve(
    world: World, holder: Holder, service: str, body: dict[str, Any], who: str = "clerk"
) -> dict[str, Any] | None:
    role = ROLES[code_of(who)]
    return world.try_at_platform(lambda: world.desk.serve_card(holder.card_id, service, body, role))


def _take(holder: Holder, answer: dict[str, Any] | None) -> None:
    if answer is not None:
        holder.take_new_card(answer)
