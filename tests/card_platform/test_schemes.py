"""Schemes of cards and codes: which duplicate the list, which are merged, and their holders."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from card_platform.regions.schemes.likeness import Likeness, likeness
from card_platform.regions.schemes.model import (
    SCHEME_LIFE,
    SchemeAction,
    SchemeState,
    next_scheme_state,
)
from card_platform.regions.schemes.refusals import SchemeStateForbids
from tests.card_platform.city import City
from tests.card_platform.listings import publish_item, scheme

LIBRARY = ["图书借阅", "图书归还", "入馆阅览"]


@pytest.mark.parametrize(
    ("name", "scene", "uses", "expected"),
    [
        ("读者证", "culture", ["图书借阅"], Likeness.EXACT),
        ("读者证", "culture", ["图书 借阅", "图书归还卡"], Likeness.EXACT),
        ("读者证", "tourism", ["图书借阅"], Likeness.EXACT),
        ("读者码", "culture", ["图书借阅服务二维码"], Likeness.EXACT),
        ("读者码", "culture", ["公共图书借阅"], Likeness.SIMILAR),
        ("读者码", "culture", ["图书馆借阅"], Likeness.SIMILAR),
        ("读者码", "culture", ["图书借阅", "寄存物品"], Likeness.SIMILAR),
        ("公共图书馆借阅证", "culture", ["其他"], Likeness.SIMILAR),
        ("读者证", "culture", ["寄存物品"], Likeness.NONE),
        ("书展证", "culture", ["图书展览"], Likeness.NONE),
        ("文艺演出证", "culture", ["演出入场", "后台通行"], Likeness.NONE),
        ("图书馆停车证", "transport", ["停车入场"], Likeness.NONE),
        ("读者码", "culture", ["图书借阅", "寄存物品", "停车入场"], Likeness.NONE),
        ("二维码", "culture", ["二维码"], Likeness.NONE),
    ],
)
def test_look_alikes_are_told_from_what_is_something_else(
    name: str, scene: str, uses: list[str], expected: Likeness
) -> None:
    found = likeness(
        scheme_name=name,
        scheme_scene=scene,
        scheme_uses=uses,
        item_name="公共图书馆借阅",
        item_scene="culture",
        item_uses=LIBRARY,
    )
    assert found is expected


@pytest.mark.parametrize(("state", "action"), list(itertools.product(SchemeState, SchemeAction)))
def test_every_pair_is_a_row_of_the_table_or_is_refused(
    state: SchemeState, action: SchemeAction
) -> None:
    if action in SCHEME_LIFE[state]:
        assert next_scheme_state(state, action) is SCHEME_LIFE[state][action]
        return
    with pytest.raises(SchemeStateForbids):
        next_scheme_state(state, action)


def _register(city: City, **changed: Any) -> Any:
    return city.post("/v1/card-schemes", scheme(**changed), "department")


@pytest.mark.parametrize("kind", ["card", "certificate", "qr-code"])
def test_a_new_scheme_that_duplicates_or_resembles_a_listed_item_is_refused(
    city: City, kind: str
) -> None:
    assert _register(city, kind=kind, name_zh="先行证").status_code == 201, "nothing listed yet"
    item_id = publish_item(city)
    exact = _register(city, kind=kind)
    assert (exact.status_code, exact.json()["code"]) == (409, "scheme-duplicates-item")
    assert item_id in exact.json()["detail_zh"]
    near = _register(city, kind=kind, uses=["公共图书借阅"])
    assert (near.status_code, near.json()["code"]) == (409, "scheme-resembles-item")
    other = _register(city, kind=kind, name_zh="停车证", scene="transport", uses=["停车入场"])
    assert (other.status_code, other.json()["state"]) == (201, "registered")
    assert len(city.get("/v1/card-schemes").json()["schemes"]) == 2, "the refused left no trace"


def test_a_nationally_required_card_is_loaded_and_then_works_from_the_card(city: City) -> None:
    refused = _register(city, origin="national", document="国函〔2026〕1号")
    assert refused.json()["code"] == "nothing-to-merge-into"
    publish_item(city)
    national = _register(city, origin="national", document="国函〔2026〕1号").json()
    assert national["state"] == "merging"
    path = f"/v1/card-schemes/{national['scheme_id']}"
    city.post(f"{path}/holders", {"numbers": ["D-1", "D-2", "D-2"]}, "department")
    card_id, _ = city.active_card()
    number = city.get(f"/v1/cards/{card_id}").json()["card_number"]

    def checked(**by: str) -> tuple[str, str | None]:
        told = city.post(f"{path}/checks", by, "clerk").json()
        return told["result"], told["reason"]

    assert checked(card_number=number) == ("refused", "function-not-loaded")
    assert checked(number="D-1") == ("valid", None)
    moved = city.post(f"{path}/moves", {"number": "D-1", "card_number": number}, "clerk").json()
    assert (moved["holders"], moved["moved"], moved["percent"]) == (2, 1, 50)
    assert checked(card_number=number) == ("valid", None)
    assert checked(number="D-1") == ("refused", "moved-to-card")
    for body, code in (
        ({"number": "D-1", "card_number": number}, "scheme-holder-already-moved"),
        ({"number": "D-2", "card_number": number}, "scheme-holder-already-moved"),
        ({"number": "D-9", "card_number": number}, "scheme-holder-unknown"),
        ({"number": "D-2", "card_number": "Z99999999"}, "card-unknown"),
    ):
        assert city.post(f"{path}/moves", body, "clerk").json()["code"] == code
    city.post(f"/v1/cards/{card_id}/loss-report", {"kind": "formal"}, "clerk")
    assert checked(card_number=number) == ("refused", "card-is-not-active")


def test_an_existing_scheme_is_merged_when_all_its_holders_have_moved(city: City) -> None:
    early = _register(city).json()
    assert early["state"] == "registered"
    path = f"/v1/card-schemes/{early['scheme_id']}"
    early_end = city.post(f"{path}/completion", {}, "supervisor")
    assert early_end.json()["code"] == "scheme-state-forbids"
    assert city.post(f"{path}/merging", {}, "supervisor").json()["code"] == "nothing-to-merge-into"
    publish_item(city)
    assert city.post(f"{path}/merging", {}, "supervisor").json()["state"] == "merging"
    city.post(f"{path}/holders", {"numbers": ["R-1"]}, "department")
    left = city.post(f"{path}/completion", {}, "supervisor")
    assert (left.status_code, left.json()["code"]) == (409, "holders-not-moved")
    card_id = city.apply()["card_id"]
    number = city.get(f"/v1/cards/{card_id}").json()["card_number"]
    body = {"number": "R-1", "card_number": number}
    not_active = city.post(f"{path}/moves", body, "department")
    assert not_active.json()["code"] == "card-is-not-active"
    active, _ = city.active_card(2)
    body["card_number"] = city.get(f"/v1/cards/{active}").json()["card_number"]
    assert city.post(f"{path}/moves", body, "department").json()["percent"] == 100
    assert city.post(f"{path}/completion", {}, "supervisor").json()["state"] == "merged"
    assert city.post(f"{path}/holders", {"numbers": ["R-2"]}, "department").status_code == 409
