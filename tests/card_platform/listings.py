"""Catalogue items, sites and schemes of the tests, through the HTTP API."""

from __future__ import annotations

from typing import Any

from tests.card_platform.city import City

OWN = "500000"
DISTRICT = "500103"


def content(**changed: Any) -> dict[str, Any]:
    return {
        "name_zh": "公共图书馆借阅",
        "name_en": "Library lending",
        "scene": "culture",
        "owner": "culture-and-tourism",
        "uses": ["图书借阅", "图书归还"],
        "functions": ["identity"],
        "equipment": ["card-reader"],
        "site_kinds": ["公共图书馆"],
        "conditions_zh": "持有社会保障卡",
        "guide_zh": "刷卡借阅",
        "time_limit_days": 0,
    } | changed


def deciding(area: str = OWN, **more: Any) -> dict[str, Any]:
    return {"area": area, "authority": f"{area} 人民政府", "document": "〔2026〕1号"} | more


def compile_item(city: City, area: str = OWN, **changed: Any) -> str:
    body = deciding(area, content=content(**changed))
    answer = city.post("/v1/catalogue-items", body, "department")
    assert answer.status_code == 201, answer.text
    return str(answer.json()["item_id"])


def act(city: City, item_id: str, step: str, area: str = OWN, **more: Any) -> Any:
    return city.post(f"/v1/catalogue-items/{item_id}/{step}", deciding(area, **more), "supervisor")


def publish_item(city: City, area: str = OWN, **changed: Any) -> str:
    item_id = compile_item(city, area, **changed)
    for step in ("approval", "publication"):
        assert act(city, item_id, step, area).status_code == 200
    return item_id


def listed(city: City, area: str | None = None) -> set[str]:
    """What anybody reads, without a token."""
    answer = city.client.get("/v1/catalogue", params={"area": area} if area else {})
    assert answer.status_code == 200, answer.text
    return {each["item_id"] for each in answer.json()["items"]}


def site(**changed: Any) -> dict[str, Any]:
    return {
        "area": DISTRICT,
        "kind": "公共图书馆",
        "name_zh": "渝中区图书馆",
        "address_zh": "渝中区测试路2号",
        "phone": "02300000000",
        "equipment": ["card-reader", "code-scanner", "wheelchair-access"],
        "hours": [{"weekday": 1, "opens": "09:00", "closes": "17:00"}],
    } | changed


def scheme(**changed: Any) -> dict[str, Any]:
    return {
        "name_zh": "图书借阅证",
        "kind": "certificate",
        "scene": "culture",
        "owner": "culture-and-tourism",
        "uses": ["图书借阅"],
        "origin": "new",
    } | changed


def bind_function(city: City, card_id: str, **changed: Any) -> None:
    """Bind the function of a nationally required scheme to the card."""
    told = city.post("/v1/card-schemes", scheme(origin="national", **changed), "department").json()
    path = f"/v1/card-schemes/{told['scheme_id']}"
    card_number = city.get(f"/v1/cards/{card_id}").json()["card_number"]
    city.post(f"{path}/holders", {"numbers": ["N-1"]}, "department")
    moved = city.post(f"{path}/moves", {"number": "N-1", "card_number": card_number}, "clerk")
    assert moved.status_code == 200, moved.text
