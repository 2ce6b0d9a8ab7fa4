"""Cards, certificates and codes beside the social security card (NM-7c, CQ-6b, NX-7b, SC-c)."""

from __future__ import annotations

from typing import Any

from scenarios.listings import DOCUMENT, SCENES, Listings
from scenarios.phrases import then, when

_KINDS = {"卡": "card", "证": "certificate", "二维码": "qr-code"}


@when(
    "有关部门拟新发“{scene}”场景的{kind}“{name}”，用于“{use}”",
    "a department wants to issue in the scene “{scene}” a new {kind} “{name}” for “{use}”",
)
def issue(listings: Listings, scene: str, kind: str, name: str, use: str) -> None:
    _register(listings, scene, kind, name, use=use, origin="new")


@when(
    "国家要求发放“{scene}”场景的{kind}“{name}”，用于“{use}”",
    "a national rule asks in the scene “{scene}” for a {kind} “{name}” for “{use}”",
)
def national(listings: Listings, scene: str, kind: str, name: str, use: str) -> None:
    _register(listings, scene, kind, name, use=use, origin="national")


@when(
    "已发放的“{scene}”场景的{kind}“{name}”用于“{use}”，登记融合",
    "the existing {kind} “{name}” of the scene “{scene}” for “{use}” is to be merged",
)
def existing(listings: Listings, scene: str, kind: str, name: str, use: str) -> None:
    _register(listings, scene, kind, name, use=use, origin="existing")


@when("录入“{name}”的持有人“{numbers}”", "the holders “{numbers}” of “{name}” are entered")
def enter(listings: Listings, name: str, numbers: str) -> None:
    _post(listings, "department", name, "holders", {"numbers": numbers.split("、")})


@when(
    "“{name}”持有人“{number}”的功能加载到居民“{person}”的社会保障卡",
    "the function of “{name}” number “{number}” is loaded onto the card of resident “{person}”",
)
def move(listings: Listings, name: str, number: str, person: str) -> None:
    card_number = listings.world.holder(person).card_number
    _post(listings, "clerk", name, "moves", {"number": number, "card_number": card_number})


@when("办结“{name}”的融合", "the merging of “{name}” is finished")
def finish(listings: Listings, name: str) -> None:
    _post(listings, "supervisor", name, "completion", {})


@then("“{name}”的融合进度为{percent:d}%", "{percent:d}% of the holders of “{name}” have moved")
def progress_is(listings: Listings, name: str, percent: int) -> None:
    told = listings.world.desk.get("inspector", f"/v1/card-schemes/{listings.schemes[name]}")
    listings.world.recorder.fact("已融合", "moved", f"{told['moved']}/{told['holders']}")
    assert told["percent"] == percent


@then("“{name}”的融合已办结", "the merging of “{name}” has ended")
def is_merged(listings: Listings, name: str) -> None:
    told = listings.world.desk.get("inspector", f"/v1/card-schemes/{listings.schemes[name]}")
    assert told["state"] == "merged"


@then(
    "居民“{person}”凭社会保障卡可以使用“{name}”的功能",
    "resident “{person}” uses with the card the function of “{name}”",
)
def works_from_card(listings: Listings, person: str, name: str) -> None:
    assert _check(listings, name, person) == "valid"


@then(
    "居民“{person}”凭社会保障卡不能使用“{name}”的功能",
    "resident “{person}” cannot use with the card the function of “{name}”",
)
def works_not_from_card(listings: Listings, person: str, name: str) -> None:
    assert _check(listings, name, person) == "refused"


def _check(listings: Listings, name: str, person: str) -> str:
    body = {"card_number": listings.world.holder(person).card_number}
    path = f"/v1/card-schemes/{listings.schemes[name]}/checks"
    return str(listings.world.desk.post("clerk", path, body)["result"])


def _post(listings: Listings, role: Any, name: str, step: str, body: dict[str, Any]) -> None:
    path = f"/v1/card-schemes/{listings.schemes[name]}/{step}"
    listings.world.try_at_platform(lambda: listings.world.desk.post(role, path, body))


def _register(
    listings: Listings, scene: str, kind: str, name: str, *, use: str, origin: str
) -> None:
    body = {
        "name_zh": name,
        "kind": _KINDS.get(kind, kind),
        "scene": SCENES[scene],
        "owner": "culture-and-tourism",
        "uses": [use],
        "origin": origin,
        "document": DOCUMENT,
    }
    desk = listings.world.desk
    answer = listings.world.try_at_platform(
        lambda: desk.post("department", "/v1/card-schemes", body)
    )
    if answer is not None:
        listings.schemes[name] = answer["scheme_id"]
