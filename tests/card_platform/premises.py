"""Places as the tests have them: a site, its terminal, an offer on it, through the HTTP API."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.card_platform.city import City, Terminal, document
from tests.card_platform.listings import site

_names = count(1)
BANK = "jialing-bank"
ALL_DAY = {"opens": "00:00", "closes": "24:00"}
"""One slot from midnight to midnight, whatever time a test runs at."""


def fill(city: City, card_id: str, amount_fen: int, person: int = 1) -> int:
    body = {"bank": BANK, "amount_fen": amount_fen, "document": document(person)}
    answer = city.post(f"/v1/cards/{card_id}/personal-money", body, "clerk")
    assert answer.status_code == 201, answer.text
    return int(answer.json()["balance_fen"])


def today(city: City) -> str:
    return str(city.get("/v1/clock").json()["now"][:10])


@dataclass
class Premises:
    """A site with a terminal, and one offer."""

    city: City
    kind: str
    terms: dict[str, Any]
    field_of_use: str = "culture"
    item_id: str | None = None
    terminal_kind: str = "counter"
    more: dict[str, Any] = field(default_factory=dict)
    terminal: Terminal = field(init=False)
    offer_id: str = field(init=False)

    def __post_init__(self) -> None:
        name = f"测试场所{next(_names)}"
        self.operator = f"place-{next(_names)}"
        opened = self.city.post("/v1/sites", site(name_zh=name, **self.more), "operator")
        self.site_id = opened.json()["site"]["site_id"]
        self.terminal = self.city.enrol(
            self.terminal_kind, None, operator=self.operator, site=self.site_id
        )

    def content(self, **changed: Any) -> dict[str, Any]:
        return {
            "site_id": self.site_id,
            "operator": self.operator,
            "kind": self.kind,
            "field": self.field_of_use,
            "item_id": self.item_id,
            "name_zh": "测试项目",
            "name_en": "Offer of a test",
            "document": "〔2026〕1号",
            "terms": self.terms,
        } | changed

    def open(self, **changed: Any) -> Any:
        answer = self.city.post("/v1/offers", self.content(**changed), "department")
        if answer.status_code == 201:
            self.offer_id = answer.json()["offer_id"]
        return answer

    def ask(self, what: str, card_id: str | None = None, **more: Any) -> Any:
        """Ask at the terminal, by default with a card."""
        body = {**({} if card_id is None else self.shown(card_id)), **more}
        return self.city.post(f"/v1/offers/{self.offer_id}/{what}", body, self.terminal.token)

    def shown(self, card_id: str) -> dict[str, Any]:
        number = self.city.get(f"/v1/cards/{card_id}").json()["card_number"]
        return {"means": "card", "token": number, "name": "测试甲"}

    def do(self, what: str, card_id: str | None = None, **more: Any) -> dict[str, Any]:
        answer = self.ask(what, card_id, **more)
        assert answer.is_success, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def step(self, act_id: str, action: str) -> Any:
        body = {"action": action, "reason": "测试"}
        return self.city.post(f"/v1/offer-acts/{act_id}/steps", body, self.terminal.token)

    def look(self, act_id: str) -> Any:
        return self.city.get(f"/v1/offer-acts/{act_id}", self.terminal.token)

    def left(self, day: str) -> list[int]:
        told = self.city.client.get(f"/v1/offers/{self.offer_id}/slots", params={"day": day})
        return [each["left"] for each in told.json()["slots"]]


def premises(city: City, kind: str, terms: dict[str, Any], **more: Any) -> Premises:
    place = Premises(city, kind, terms, **more)
    answer = place.open()
    assert answer.status_code == 201, answer.text
    return place


def library(city: City, **loan: int) -> Premises:
    terms = {"days": 30, "renewals_max": 1, "copies_max": 2} | loan
    return premises(city, "lending", {"price_fen": 0, "loan": terms}, terminal_kind="library_desk")
