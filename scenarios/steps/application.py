"""Applying for a card (CQ-5a, CQ-5b, CQ-12a) and having it made."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from scenarios.phrases import given, then, when
from scenarios.service_desk import PlatformRefused
from scenarios.terms import code_of
from scenarios.world import World
from virtual_cards.personalisation import load_card


@given(
    "一位重庆市户籍居民“{name}”，尚无社会保障卡",
    "a registered resident of Chongqing, “{name}”, without a social security card",
)
@given("一位居民“{name}”，尚无社会保障卡", "a person, “{name}”, without a social security card")
def make_resident(world: World, name: str) -> None:
    resident = world.holder(name).resident
    shown = resident.name[0] + "*" * (len(resident.name) - 1)
    world.recorder.fact("姓名（虚构）", "name (made up)", shown)
    world.recorder.fact("身份证号（虚构）", "identity number (made up)", _masked(resident.number))


@when(
    "居民“{name}”凭申领登记表和居民身份证申领社会保障卡",
    "resident “{name}” applies with form and resident identity card",
)
def apply(world: World, name: str) -> None:
    resident = world.holder(name).resident
    _apply(world, name, resident.form(), resident.document())


@when(
    "居民“{name}”未填申领登记表就申领社会保障卡",
    "resident “{name}” applies without the form",
)
def apply_without_form(world: World, name: str) -> None:
    _apply(world, name, None, world.holder(name).resident.document())


@when(
    "居民“{name}”未交验证件就申领社会保障卡",
    "resident “{name}” applies without a document",
)
def apply_without_document(world: World, name: str) -> None:
    _apply(world, name, world.holder(name).resident.form(), None)


@when(
    "居民“{name}”凭过期的居民身份证申领社会保障卡",
    "resident “{name}” applies with a resident identity card that has expired",
)
def apply_with_expired_document(world: World, name: str) -> None:
    resident = world.holder(name).resident
    _apply(world, name, resident.form(), resident.document() | {"valid_until": "2020-01-01"})


@when(
    "居民“{name}”以“{ground}”为由申领社会保障卡",
    "resident “{name}” applies for a card on the ground “{ground}”",
)
def apply_on_ground(world: World, name: str, ground: str) -> None:
    resident = world.holder(name).resident
    _apply(world, name, resident.form(), resident.document(), code_of(ground))


@when(
    "{count:d}处窗口同时为居民“{name}”申领社会保障卡",
    "{count:d} counters apply for resident “{name}” at once",
)
def apply_at_once(world: World, count: int, name: str) -> None:
    resident = world.holder(name).resident
    form, document = resident.form(), resident.document()

    def apply_once(_counter: int) -> dict[str, Any] | str:
        try:
            return world.desk.apply(form, document)
        except PlatformRefused as refused:
            return refused.code

    with ThreadPoolExecutor(count) as counters:
        answers = list(counters.map(apply_once, range(count)))
    world.granted = [answer for answer in answers if not isinstance(answer, str)]
    world.refused = [answer for answer in answers if isinstance(answer, str)]


@then(
    "只有{granted:d}处成功，其余{refused:d}处被拒绝，理由是“{reason}”",
    "{granted:d} of them succeeds and {refused:d} are refused because of “{reason}”",
)
def one_wins(world: World, granted: int, refused: int, reason: str) -> None:
    assert len(world.granted) == granted
    assert world.refused == [code_of(reason)] * refused


@then("平台拒绝，理由是“{reason}”", "the platform refuses because of “{reason}”")
def was_refused(world: World, reason: str) -> None:
    assert world.refusal is not None, "the platform did not refuse"
    world.recorder.fact("平台答复", "answer of the platform", world.refusal.zh)
    world.recorder.fact("代码", "code", world.refusal.code)
    assert world.refusal.code == code_of(reason)


@when(
    "制卡中心按平台的个人化映像制作居民“{name}”的卡",
    "the production centre makes the card of resident “{name}” from the platform's image",
)
def make(world: World, name: str) -> None:
    holder = world.holder(name)
    image = world.desk.personalisation_image(holder.card_id)
    holder.card = load_card(image)
    world.recorder.fact("复位应答", "answer to reset", holder.card.card.atr.hex().upper())
    historical_bytes = holder.card.card.atr[-13:]
    world.desk.report_production(holder.card_id, historical_bytes)


def _apply(
    world: World,
    name: str,
    form: dict[str, str] | None,
    document: dict[str, str] | None,
    ground: str | None = None,
) -> None:
    answer = world.try_at_platform(lambda: world.desk.apply(form, document, ground))
    if answer is not None:
        holder = world.holder(name)
        holder.take_new_card(answer)
        world.recorder.fact("社会保障卡卡号", "card number", holder.card_number)
        electronic = answer["electronic_card"]["electronic_card_id"]
        world.recorder.fact("电子社会保障卡", "electronic card", electronic)


def _masked(number: str) -> str:
    return f"{number[:6]}{'*' * (len(number) - 8)}{number[-2:]}"
