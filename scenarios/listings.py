"""The catalogue, schemes and sites as their departments use them over HTTP, in one scenario."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from scenarios.world import World

DOCUMENT = "〔2026〕1号"
GOVERNMENTS = {
    "自治区": "150000",
    "全市": "500000",
    "全省": "510000",
    "上海": "310000",
    "江苏": "320000",
    "浙江": "330000",
    "安徽": "340000",
    "重庆": "500000",
    "四川": "510000",
    "渝中区": "500103",
    "江北区": "500105",
    "呼和浩特市": "150100",
    "内江市": "511000",
    "荣昌区": "500153",
    "青浦区": "310118",
    "宁夏": "640000",
    "内蒙古": "150000",
}
"""Whose government decides, as features name it: its GB/T 2260 code."""
SCENES = {
    "文化体验": "culture",
    "交通出行": "transport",
    "政务服务": "government-service",
    "旅游观光": "tourism",
    "校园管理": "campus",
}
DEPARTMENTS = {
    "文化和旅游部门": "culture-and-tourism",
    "交通运输部门": "transport",
    "教育部门": "education",
    "残疾人联合会": "disabled-persons-federation",
    "人力资源和社会保障部门": "human-resources",
    "不存在的部门": "no-such-department",
}
EQUIPMENT = {
    "读卡器": "card-reader",
    "扫码终端": "code-scanner",
    "电子社保卡扫码终端": "electronic-card-scanner",
    "宁夏融合码扫码终端": "fusion-code-scanner",
    "无障碍通道": "wheelchair-access",
    "语音引导": "voice-guidance",
}


@dataclass
class Listings:
    """Items, schemes and sites of one scenario, by the names it gives them."""

    world: World
    items: dict[str, str] = field(default_factory=dict)
    schemes: dict[str, str] = field(default_factory=dict)
    sites: dict[str, str] = field(default_factory=dict)

    def content(self, name: str, scene: str, owner: str, **more: Any) -> dict[str, Any]:
        """What an item of that name says; its one use is its name."""
        return {
            "name_zh": name,
            "name_en": name,
            "scene": SCENES[scene],
            "owner": DEPARTMENTS[owner],
            "uses": [name],
            "functions": ["identity"],
            "equipment": [],
            "site_kinds": ["服务场所"],
            "conditions_zh": "持有社会保障卡",
            "guide_zh": "出示社会保障卡",
            "time_limit_days": 1,
        } | more

    def compile(self, name: str, government: str, scene: str, owner: str, **more: Any) -> None:
        """A department compiles an item of an area."""
        body = deciding(government) | {"content": self.content(name, scene, owner, **more)}
        answer = self.world.try_at_platform(
            lambda: self.world.desk.post("department", "/v1/catalogue-items", body)
        )
        if answer is not None:
            self.items[name] = answer["item_id"]

    def act(self, name: str, step: str, government: str, **more: Any) -> dict[str, Any] | None:
        """The supervisor takes a decision of a government to the catalogue."""
        body = deciding(government) | more
        path = f"/v1/catalogue-items/{self.items[name]}/{step}"
        return self.world.try_at_platform(lambda: self.world.desk.post("supervisor", path, body))

    def look(self, name: str) -> dict[str, Any]:
        """An item as staff see it."""
        return self.world.desk.get("inspector", f"/v1/catalogue-items/{self.items[name]}")

    def public(self, path: str) -> dict[str, Any]:
        """What anybody reads: no token."""
        return self.world.desk.ask("GET", path, "")

    def in_effect(self, government: str) -> list[str]:
        """Names of the items the public finds in the list of an area, in Chinese."""
        told = self.public(f"/v1/catalogue?area={GOVERNMENTS[government]}")
        return [each["content"]["name_zh"] for each in told["items"]]


def deciding(government: str) -> dict[str, Any]:
    """Who decides, on which paper."""
    return {
        "area": GOVERNMENTS[government],
        "authority": f"{government}人民政府",
        "document": DOCUMENT,
    }
