"""The card maker and the sites of the tests: lists of people, orders, chips, consignments."""

from __future__ import annotations

from itertools import count as count_from
from typing import Any

from tests.card_platform.city import City, application, document

SITE = "江北区服务网点"
_keys = count_from(1)


def person(sequence: int, **changed: Any) -> dict[str, Any]:
    return {"form": application()["form"], "document": document(sequence)} | changed


def apply_for(city: City, *people: dict[str, Any], site: str = SITE) -> Any:
    body = {
        "unit": "重庆市测试中学",
        "region": "500000",
        "site": "渝中区服务网点",
        "entitlement": "household-registration",
        "people": list(people),
        "collection_site": site,
    }
    answer = city.post("/v1/application-lists", body, "clerk")
    assert answer.status_code == 200, answer.text
    return answer.json()


def order(city: City, cards_max: int = 200, site: str | None = None) -> Any:
    body = {"cards_max": cards_max, "collection_site": site}
    return city.post("/v1/production-orders", body, "production")


def images(city: City, order_id: str) -> dict[str, Any]:
    """By card id."""
    told = city.get(f"/v1/production-orders/{order_id}/images", "production").json()
    return {each["card_id"]: each["image"] for each in told["images"]}


def report(city: City, order_id: str, chips: dict[str, str]) -> Any:
    reports = [{"card_id": card, "historical_bytes": read} for card, read in chips.items()]
    path = f"/v1/production-orders/{order_id}/reports"
    return city.post(path, {"reports": reports}, "production").json()


def send(city: City, card_ids: list[str], site: str = SITE) -> Any:
    body = {"site": site, "consignment": "SF-2026-0042", "card_ids": card_ids}
    return city.post("/v1/deliveries", body, "production")


def count(city: City, delivery_id: str, *missing: str) -> Any:
    return city.post(f"/v1/deliveries/{delivery_id}/count", {"missing": list(missing)}, "clerk")


def make_all(city: City, order_id: str) -> list[str]:
    """Every card of an order, finished; their ids."""
    chips = {card: image["historical_bytes"] for card, image in images(city, order_id).items()}
    assert report(city, order_id, chips) == {"taken": len(chips), "refused": []}
    return list(chips)


def apply_online(city: City, sequence: int, **changed: Any) -> Any:
    """What an applicant sends, without a token."""
    whole = application(sequence, collection_site=SITE)
    body = {name: value for name, value in whole.items() if name != "site"} | changed
    return ask_online(city, "", body)


def ask_online(city: City, path: str, body: Any) -> Any:
    key = {"Idempotency-Key": f"applicant-{next(_keys)}"}
    return city.client.request("POST", f"/v1/online-applications{path}", json=body, headers=key)


def fill_production(city: City) -> dict[str, str]:
    """Three orders, three consignments, three online applications; the ids that stand in paths."""
    apply_for(city, *(person(sequence) for sequence in range(50, 60)))
    order_id = order(city, 3).json()["order_id"]
    assert order(city, 1).status_code == 201
    finished = make_all(city, order(city, 5).json()["order_id"])
    delivery_id = send(city, finished[:3]).json()["delivery_id"]
    for card_id in finished[3:]:
        assert send(city, [card_id]).status_code == 201
    for sequence in (60, 61, 62):
        assert apply_online(city, sequence).status_code == 201
    return {"order_id": order_id, "delivery_id": delivery_id}
