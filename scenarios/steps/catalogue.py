"""The application catalogue: compiled, decided, published, extended, read; sites (NM-7, CQ-14)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from scenarios.listings import DEPARTMENTS, EQUIPMENT, GOVERNMENTS, SCENES, Listings
from scenarios.phrases import given, then, when
from scenarios.world import World


@pytest.fixture
def listings(world: World) -> Listings:
    return Listings(world)


@when(
    "“{owner}”为{government}编制“{scene}”场景的事项“{name}”",
    "“{owner}” compiles for {government} in the scene “{scene}” the item “{name}”",
)
def compile_item(listings: Listings, owner: str, government: str, scene: str, name: str) -> None:
    listings.compile(name, government, scene, owner)


@when(
    "“{owner}”为{government}编制协议“{agreement}”下的事项“{name}”",
    "“{owner}” compiles for {government} under the agreement “{agreement}” the item “{name}”",
)
def compile_joint(
    listings: Listings, owner: str, government: str, agreement: str, name: str
) -> None:
    listings.compile(name, government, "文化体验", owner, joint_under=agreement)


@when("{government}人民政府批准事项“{name}”", "the government of {government} approves “{name}”")
def approve(listings: Listings, government: str, name: str) -> None:
    listings.act(name, "approval", government)


@when("{government}公布事项“{name}”", "{government} publishes “{name}”")
def publish(listings: Listings, government: str, name: str) -> None:
    listings.act(name, "publication", government)


@when(
    "{government}公布事项“{name}”，“{pilot}”先行，其余{days:d}天后启用",
    "{government} publishes “{name}”, on in “{pilot}” now and elsewhere in {days:d} days",
)
def publish_with_pilot(
    listings: Listings, government: str, name: str, pilot: str, days: int
) -> None:
    now = datetime.fromisoformat(listings.world.desk.get("clerk", "/v1/clock")["now"]).date()
    pilots = [{"area": GOVERNMENTS[pilot], "from": now.isoformat()}]
    later = (now + timedelta(days=days)).isoformat()
    listings.act(name, "publication", government, effective_from=later, pilots=pilots)


@given(
    "{government}已公布“{scene}”场景的事项“{name}”",
    "{government} has published in the scene “{scene}” the item “{name}”",
)
def published(listings: Listings, government: str, scene: str, name: str) -> None:
    listings.compile(name, government, scene, "人力资源和社会保障部门")
    for step in ("approval", "publication"):
        assert listings.act(name, step, government) is not None


@when("{government}调整事项“{name}”", "{government} adjusts “{name}”")
def adjust(listings: Listings, government: str, name: str) -> None:
    content = listings.look(name)["content"] | {"time_limit_days": 3}
    listings.act(name, "adjustment", government, content=content)


@when("{government}移出事项“{name}”", "{government} withdraws “{name}”")
def withdraw(listings: Listings, government: str, name: str) -> None:
    listings.act(name, "withdrawal", government, reason="动态管理")


@when("事项“{name}”报{government}备案", "“{name}” is filed with {government}")
def file(listings: Listings, name: str, government: str) -> None:
    listings.act(name, "filing", government)


@then("事项“{name}”的备案状态为“{state}”", "the filing of “{name}” is “{state}”")
def filing_is(listings: Listings, name: str, state: str) -> None:
    words = {"待备案": "due", "已备案": "filed"}
    assert listings.look(name)["filing"]["state"] == words.get(state, state)


@then("事项“{name}”还待{count:d}方批准", "“{name}” still waits for {count:d} sides")
def waits_for(listings: Listings, name: str, count: int) -> None:
    waiting = listings.look(name)["waiting_for"]
    listings.world.recorder.fact("待批准方", "waits for", ", ".join(waiting) or "-")
    assert len(waiting) == count


@then(
    "公众在{government}的目录中能查到事项“{name}”",
    "the public finds in the list of {government} the item “{name}”",
)
def is_public(listings: Listings, government: str, name: str) -> None:
    assert listings.items[name] in _listed(listings, government)


@then(
    "公众在{government}的目录中查不到事项“{name}”",
    "the public does not find in the list of {government} the item “{name}”",
)
def is_not_public(listings: Listings, government: str, name: str) -> None:
    assert listings.items[name] not in _listed(listings, government)


@then(
    "目录中事项“{name}”的责任部门为“{owner}”、层级为“{level}”",
    "the item “{name}” is owned by “{owner}” at the level “{level}”",
)
def owner_is(listings: Listings, name: str, owner: str, level: str) -> None:
    told = listings.public(f"/v1/catalogue/{listings.items[name]}")
    levels = {"省级": "region", "市级": "city", "县级": "county"}
    assert told["content"]["owner"] == DEPARTMENTS.get(owner, owner)
    assert told["level"] == levels.get(level, level)


@then(
    "目录中事项“{name}”的应用场景为“{scene}”，并列明应用场所",
    "the item “{name}” names its scene “{scene}” and its sites",
)
def scene_is(listings: Listings, name: str, scene: str) -> None:
    content = listings.public(f"/v1/catalogue/{listings.items[name]}")["content"]
    assert content["scene"] == SCENES.get(scene, scene)
    assert content["site_kinds"]


@then("事项“{name}”的沿革为“{steps}”", "the history of “{name}” is “{steps}”")
def history_is(listings: Listings, name: str, steps: str) -> None:
    words = {
        "编制": "compile", "批准": "approve", "公布": "publish", "调整": "adjust",
        "替代": "supersede", "移出": "withdraw", "备案": "file",
    }  # fmt: skip
    path = f"/v1/catalogue-items/{listings.items[name]}/history"
    found = [each["action"] for each in listings.world.desk.get("inspector", path)["changes"]]
    assert found == [words.get(one, one) for one in steps.split("、")]


@when(
    "“{department}”与人力资源和社会保障部门协商纳入新场景“{scene}”",
    "“{department}” and HRSS agree that the scene “{scene}” joins",
)
def join_scene(listings: Listings, department: str, scene: str) -> None:
    body = {
        "code": SCENES[scene],
        "name_zh": scene,
        "name_en": scene,
        "department": DEPARTMENTS[department],
        "document": "协商纪要〔2026〕3号",
    }
    desk = listings.world.desk
    listings.world.try_at_platform(lambda: desk.post("supervisor", "/v1/catalogue-scenes", body))


@then(
    "公众不登录即可查到申领条件、办理指南、办理时限和服务网点“{site}”",
    "the public reads without signing in conditions, guide, time limits and the site “{site}”",
)
def guide_is_public(listings: Listings, site: str) -> None:
    guide = listings.public("/v1/guide")
    assert guide["entitlements"]
    assert guide["documents"]
    assert all(
        each["conditions_zh"] and each["steps_zh"] and each["time_limit_days"] > 0
        for each in guide["services"]
    )
    sites = listings.public("/v1/sites")["sites"]
    assert listings.sites[site] in {each["site"]["site_id"] for each in sites}


@given(
    "{government}的网点“{site}”配置了“{equipment}”",
    "in {government} the site “{site}” has “{equipment}”",
)
def open_site(listings: Listings, government: str, site: str, equipment: str) -> None:
    body = {
        "area": GOVERNMENTS[government],
        "kind": "服务场所",
        "name_zh": site,
        "address_zh": "测试路1号",
        "phone": "12333",
        "equipment": _equipment(equipment),
        "hours": [{"weekday": day, "opens": "09:00", "closes": "17:00"} for day in range(1, 6)],
    }
    opened = listings.world.desk.post("operator", "/v1/sites", body)
    listings.sites[site] = opened["site"]["site_id"]


@when("网点“{site}”改为配置“{equipment}”", "the site “{site}” now has “{equipment}”")
def equip(listings: Listings, site: str, equipment: str) -> None:
    path = f"/v1/sites/{listings.sites[site]}/equipment"
    listings.world.desk.post("operator", path, {"equipment": _equipment(equipment)})


@when("网点“{site}”开办事项“{name}”", "the site “{site}” opens service for “{name}”")
def serve(listings: Listings, site: str, name: str) -> None:
    path = f"/v1/sites/{listings.sites[site]}/services"
    body = {"item_id": listings.items[name], "in_service": True}
    listings.world.try_at_platform(lambda: listings.world.desk.post("operator", path, body))


@then("网点“{site}”正在办理事项“{name}”", "the site “{site}” is in service for “{name}”")
def serves(listings: Listings, site: str, name: str) -> None:
    told = listings.public(f"/v1/sites/{listings.sites[site]}")
    assert listings.items[name] in told["in_service_for"]


@then("网点“{site}”未办理事项“{name}”", "the site “{site}” is not in service for “{name}”")
def serves_not(listings: Listings, site: str, name: str) -> None:
    told = listings.public(f"/v1/sites/{listings.sites[site]}")
    assert listings.items[name] not in told["in_service_for"]


def _equipment(words: str) -> list[str]:
    return [EQUIPMENT.get(one, one) for one in words.split("、") if one != "无"]


def _listed(listings: Listings, government: str) -> set[str]:
    told = listings.public(f"/v1/catalogue?area={GOVERNMENTS[government]}")
    return {each["item_id"] for each in told["items"]}
