"""The life of a card (CQ-11a): read at a counter, activated, loaded, reported lost."""

from __future__ import annotations

from scenarios.phrases import then, when
from scenarios.terms import code_of, term_in_chinese
from scenarios.world import Holder, World
from virtual_cards.card_os.card import Card


@then("居民“{name}”的实体卡状态为“{state}”", "the card of resident “{name}” is “{state}”")
def card_is(world: World, name: str, state: str) -> None:
    found = world.desk.card(world.holder(name).card_id)
    assert found["state"] == code_of(state), term_in_chinese(found["state"])


@then(
    "居民“{name}”的电子社会保障卡状态为“{state}”",
    "the electronic card of resident “{name}” is “{state}”",
)
def electronic_card_is(world: World, name: str, state: str) -> None:
    found = world.desk.card(world.holder(name).card_id)["electronic_card"]
    assert found["state"] == code_of(state), term_in_chinese(found["state"])


@when("柜面终端读取居民“{name}”的卡", "the counter reads the card of resident “{name}”")
def read_at_counter(world: World, name: str) -> None:
    slot, counter = world.counter_slot
    with world.readers.card_in(slot, card_of(world.holder(name))):
        world.card_data = counter.read_card()


@then(
    "卡内信息与居民“{name}”的申领登记一致",
    "what the card says is what resident “{name}” applied with",
)
def card_says_what_was_applied_with(world: World, name: str) -> None:
    holder, data = world.holder(name), world.card_data
    assert data is not None, "no card was read"
    world.recorder.fact("规范版本", "specification version", data.spec_version)
    world.recorder.fact("发卡日期", "issue date", data.issue_date)
    world.recorder.fact("有效期至", "valid until", data.valid_until)
    assert data.name == holder.resident.name
    assert data.social_security_number == holder.resident.number
    assert data.card_number == holder.card_number


@when("居民“{name}”在柜面激活社会保障卡", "resident “{name}” activates the card at the counter")
def activate(world: World, name: str) -> None:
    holder = world.holder(name)
    world.try_at_platform(lambda: world.desk.activate(holder.card_id, holder.resident.document()))


@when("居民“{name}”挂失社会保障卡", "resident “{name}” reports the card lost")
def report_loss(world: World, name: str) -> None:
    world.try_at_platform(lambda: world.desk.report_loss(world.holder(name).card_id))


@when(
    "居民“{name}”在柜面为卡上钱包充值{amount:f}元",
    "resident “{name}” loads {amount:f} yuan onto the purse at the counter",
)
def load_purse(world: World, name: str, amount: float) -> None:
    slot, counter = world.counter_slot
    with world.readers.card_in(slot, card_of(world.holder(name))):
        receipt = world.try_at_platform(lambda: counter.load(round(amount * 100)))
    if receipt is not None:
        world.recorder.fact("交易验证码 TAC", "TAC", receipt.tac)
        world.recorder.fact("记账凭证", "posting", receipt.posting_id)


@then(
    "居民“{name}”的卡上余额为{amount:f}元", "the purse of resident “{name}” holds {amount:f} yuan"
)
def purse_holds(world: World, name: str, amount: float) -> None:
    holder = world.holder(name)
    slot, counter = world.counter_slot
    with world.readers.card_in(slot, card_of(holder)):
        on_card_fen = counter.read_purse().balance_fen
    on_platform_fen = world.desk.transit(holder.card_id)["balance_fen"]
    world.recorder.fact("卡上余额（元）", "on the card (yuan)", f"{on_card_fen / 100:.2f}")
    world.recorder.fact("平台账（元）", "in the books (yuan)", f"{on_platform_fen / 100:.2f}")
    assert on_card_fen == on_platform_fen == round(amount * 100)


def card_of(holder: Holder) -> Card:
    """The card in the holder's hand."""
    assert holder.card is not None, "the card is not made yet"
    return holder.card.card
