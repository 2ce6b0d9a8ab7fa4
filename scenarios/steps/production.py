"""Cards applied for online and by lists, made by the order or on the spot, brought to their sites.

Sources: CQ-11a, YD-7b.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from scenarios.phrases import then, when
from scenarios.terms import code_of
from scenarios.world import Holder, World
from virtual_cards.personalisation import load_card

FIRST_SITE = "单位所在地网点"


@dataclass
class CardOrders:
    """What this scenario ordered and filed."""

    delivery_id: str = ""
    filings: dict[str, dict[str, Any]] = field(default_factory=dict)


@pytest.fixture
def card_orders() -> CardOrders:
    """Nothing yet."""
    return CardOrders()


def _site(world: World, name: str) -> str:
    """A site of this scenario's own, so that nobody else's cards go there."""
    return f"{name} {world.mark}"


@when(
    "单位为居民“{first}”和居民“{second}”批量申领，在“{site}”领取",
    "a unit applies for residents “{first}” and “{second}” at once, who collect at “{site}”",
)
def apply_for_two(world: World, first: str, second: str, site: str) -> None:
    holders = [world.holder(first), world.holder(second)]
    people = [
        {"form": each.resident.form(), "document": each.resident.document()} for each in holders
    ]
    body = {
        "unit": "某单位（虚构）",
        "region": world.desk.region,
        "site": FIRST_SITE,
        "entitlement": world.desk.entitlements[0],
        "people": people,
        "collection_site": _site(world, site),
    }
    told = world.desk.post("clerk", "/v1/application-lists", body)
    world.recorder.fact("批量申领成功", "granted of the list", str(told["granted"]))
    for holder, line in zip(holders, told["lines"], strict=True):
        assert line["problem"] is None, line["problem"]
        holder.take_new_card(line)


@when(
    "制卡中心成批制作领取网点为“{site}”的卡，配送到该网点",
    "the production centre makes the cards collected at “{site}” together and sends them there",
)
def make_and_send(world: World, card_orders: CardOrders, site: str) -> None:
    body = {"cards_max": 200, "collection_site": _site(world, site)}
    placed = world.desk.post("production", "/v1/production-orders", body)
    at = f"/v1/production-orders/{placed['order_id']}"
    by_card = {each.card_id: each for each in world.holders.values() if each.card_id}
    reports = []
    for each in list(world.desk.gather("production", f"{at}/images", "images")):
        read = _make(by_card[each["card_id"]], each["image"])
        reports.append({"card_id": each["card_id"], "historical_bytes": read})
    answer = world.desk.post("production", f"{at}/reports", {"reports": reports})
    assert answer == {"taken": len(reports), "refused": []}
    sending = {
        "site": _site(world, site),
        "consignment": f"PS-{world.mark}",
        "card_ids": [each["card_id"] for each in reports],
    }
    delivery = world.desk.post("production", "/v1/deliveries", sending)
    card_orders.delivery_id = delivery["delivery_id"]
    world.recorder.fact("制卡批次卡数", "cards of the order", str(placed["cards"]))


@when(
    "领取网点清点，缺居民“{name}”的卡",
    "the site of collection counts and misses the card of resident “{name}”",
)
def count_with_one_missing(world: World, card_orders: CardOrders, name: str) -> None:
    _count(world, card_orders, [world.holder(name).card_id])


@when("领取网点清点无缺", "the site of collection counts and misses none")
def count_all(world: World, card_orders: CardOrders) -> None:
    _count(world, card_orders, [])


@when(
    "居民“{name}”在“{site}”领取社会保障卡",
    "resident “{name}” collects the card at “{site}”",
)
def collect(world: World, name: str, site: str) -> None:
    holder = world.holder(name)
    body = {"document": holder.resident.document(), "site": _site(world, site)}
    path = f"/v1/cards/{holder.card_id}/activation"
    world.try_at_platform(lambda: world.desk.post("clerk", path, body))


@when(
    "居民“{name}”不到网点，在网上申领社会保障卡，在“{site}”领取",
    "resident “{name}” applies online, without a clerk, to collect at “{site}”",
)
def apply_online(world: World, card_orders: CardOrders, name: str, site: str) -> None:
    resident = world.holder(name).resident
    _file_online(world, card_orders, name, site, resident.document())


@when(
    "居民“{name}”凭过期的居民身份证在网上申领社会保障卡",
    "resident “{name}” applies online with a resident identity card that has expired",
)
def apply_online_with_expired_document(world: World, card_orders: CardOrders, name: str) -> None:
    document = world.holder(name).resident.document() | {"valid_until": "2020-01-01"}
    _file_online(world, card_orders, name, "任一网点", document)


@when(
    "经办人审核通过居民“{name}”的网上申领",
    "a clerk grants the online application of resident “{name}”",
)
def grant_online(world: World, card_orders: CardOrders, name: str) -> None:
    path = f"/v1/online-applications/{card_orders.filings[name]['number']}/decision"
    told = world.try_at_platform(
        lambda: world.desk.post("clerk", path, {"decision": "grant", "reason": None})
    )
    if told is not None:
        holder = world.holder(name)
        number = world.desk.card(told["card_id"])["card_number"]
        holder.take_new_card({"card_id": told["card_id"], "card_number": number})


@then(
    "居民“{name}”凭编号和查询码看到网上申领“{state}”",
    "resident “{name}” sees by number and secret that the online application is “{state}”",
)
def online_state_is(world: World, card_orders: CardOrders, name: str, state: str) -> None:
    assert _status(world, card_orders, name)["state"] == code_of(state)


@then(
    "居民“{name}”凭编号和查询码看到卡“{state}”",
    "resident “{name}” sees by number and secret that the card is “{state}”",
)
def delivery_state_is(world: World, card_orders: CardOrders, name: str, state: str) -> None:
    assert _status(world, card_orders, name)["delivery_state"] == code_of(state)


@when(
    "居民“{name}”在配有“{equipment}”的网点即时制卡",
    "resident “{name}” has the card made on the spot at a site that has “{equipment}”",
)
def make_on_the_spot(world: World, name: str, equipment: str) -> None:
    holder = world.holder(name)
    site = {
        "area": world.desk.region,
        "kind": "社会保障卡服务网点",
        "name_zh": f"{equipment} {world.mark}",
        "address_zh": "测试路3号",
        "phone": "02300000000",
        "equipment": [code_of(equipment)],
        "hours": [{"weekday": 1, "opens": "09:00", "closes": "17:00"}],
    }
    site_id = world.desk.post("operator", "/v1/sites", site)["site"]["site_id"]
    path = f"/v1/cards/{holder.card_id}/instant-issue"
    begun = world.try_at_platform(lambda: world.desk.post("clerk", path, {"site_id": site_id}))
    if begun is not None:
        read = _make(holder, begun["image"])
        body = {"historical_bytes": read, "document": holder.resident.document()}
        world.desk.post("clerk", f"{path}/completion", body)


def _make(holder: Holder, image: dict[str, Any]) -> str:
    """The chip of the image is made; what is read from it."""
    holder.card = load_card(image)
    return holder.card.card.atr[-13:].hex().upper()


def _count(world: World, card_orders: CardOrders, missing: list[str]) -> None:
    path = f"/v1/deliveries/{card_orders.delivery_id}/count"
    world.desk.post("clerk", path, {"missing": missing})


def _file_online(
    world: World, card_orders: CardOrders, name: str, site: str, document: dict[str, str]
) -> None:
    body = {
        "region": world.desk.region,
        "collection_site": _site(world, site),
        "entitlement": world.desk.entitlements[0],
        "form": world.holder(name).resident.form(),
        "document": document,
    }
    filed = world.try_at_platform(
        lambda: world.desk.ask("POST", "/v1/online-applications", "", body)
    )
    if filed is not None:
        card_orders.filings[name] = filed
        world.recorder.fact("网上申领编号", "number of the application", filed["number"])


def _status(world: World, card_orders: CardOrders, name: str) -> dict[str, Any]:
    filed = card_orders.filings[name]
    path = f"/v1/online-applications/{filed['number']}/status"
    return world.desk.ask("POST", path, "", {"secret": filed["secret"]})
