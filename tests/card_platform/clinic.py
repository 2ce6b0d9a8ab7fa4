"""A designated hospital and pharmacy as the tests have them, through the HTTP API."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.card_platform.city import City, Terminal
from tests.card_platform.listings import site

_names = count(1)
FROM = "2020-01-01"
SCAN = {"code": "JC002", "quantity": 1, "unit_price_fen": 100_000}
"""A scan of 1,000 yuan, class B: 15% is the patient's own in Chongqing."""
VISIT_FEE = {"code": "ZL001", "quantity": 1, "unit_price_fen": 2_000}


def insure(city: City, card_id: str, insured: str = "employee", **more: Any) -> Any:
    body = {"insured": insured, "from_day": FROM} | more
    return city.post(f"/v1/cards/{card_id}/medical-insurance", body, "clerk")


def credit(city: City, card_id: str, amount_fen: int, account: int = 1) -> None:
    body = {"account": account, "amount_fen": amount_fen}
    answer = city.post(f"/v1/cards/{card_id}/medical-credits", body, "clerk")
    assert answer.status_code == 201, answer.text


@dataclass
class Place:
    """An institution with one terminal."""

    city: City
    kind: str = "hospital"
    level: int | None = 3
    designation: dict[str, Any] = field(default_factory=dict)
    terminal: Terminal = field(init=False)
    site_id: str = field(init=False)
    operator: str = field(init=False)

    def __post_init__(self) -> None:
        name = f"测试{self.kind}{next(_names)}"
        self.operator = f"{self.kind}-{next(_names)}"
        opened = self.city.post("/v1/sites", site(name_zh=name, kind=self.kind), "operator")
        self.site_id = opened.json()["site"]["site_id"]
        kind = "hospital_desk" if self.kind == "hospital" else "pharmacy"
        self.terminal = self.city.enrol(kind, None, operator=self.operator, site=self.site_id)

    def designate(self, **changed: Any) -> Any:
        body = {"site_id": self.site_id, "kind": self.kind, "from_day": FROM, "level": self.level}
        answer = self.city.post("/v1/medical/designations", body | changed, "department")
        if answer.status_code == 201:
            self.designation = answer.json()
        return answer

    def change(self, action: str) -> Any:
        path = f"/v1/medical/designations/{self.designation['designation_id']}/steps"
        return self.city.post(path, {"action": action, "reason": "年度考核"}, "department")

    def ask_to_register(self, card_id: str, name: str = "测试甲", **more: Any) -> Any:
        number = self.city.get(f"/v1/cards/{card_id}").json()["card_number"]
        body = {"means": "card", "token": number, "name": name} | more
        return self.city.post("/v1/medical/visits", body, self.terminal.token)

    def register(self, card_id: str, **more: Any) -> str:
        answer = self.ask_to_register(card_id, **more)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["visit_id"])

    def step(self, visit_id: str, step: str, body: dict[str, Any] | None = None) -> Any:
        path = f"/v1/medical/visits/{visit_id}/{step}"
        return self.city.post(path, body or {}, self.terminal.token)

    def do(self, visit_id: str, step: str, body: dict[str, Any] | None = None) -> Any:
        answer = self.step(visit_id, step, body)
        assert answer.is_success, answer.text
        return answer.json()

    def read(self, visit_id: str, what: str = "") -> Any:
        return self.city.get(f"/v1/medical/visits/{visit_id}{what}", self.terminal.token)

    def consulted(self, card_id: str, lines: list[dict[str, Any]] | None = None) -> str:
        """An outpatient whose bill can be settled."""
        visit_id = self.register(card_id)
        self.do(visit_id, "consultation", {"diagnosis": "上呼吸道感染"})
        self.do(visit_id, "charges", {"lines": lines or [SCAN]})
        return visit_id

    def settled(self, card_id: str, lines: list[dict[str, Any]] | None = None) -> Any:
        """A settled visit, as the platform tells it."""
        return self.do(self.consulted(card_id, lines), "settlement")


def hospital(city: City, level: int = 3) -> Place:
    place = Place(city, "hospital", level)
    assert place.designate().status_code == 201
    return place


def hospital_desk(city: City, operator: str) -> Terminal:
    """A desk of an operator at a designated hospital."""
    site_id = hospital(city).site_id
    return city.enrol("hospital_desk", None, operator=operator, site=site_id)


def pharmacy(city: City) -> Place:
    place = Place(city, "pharmacy", None)
    answer = place.designate()
    assert answer.status_code == 201, answer.text
    return place
