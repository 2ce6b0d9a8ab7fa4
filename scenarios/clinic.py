"""Hospitals and pharmacies of a scenario, in its own region or another, and who comes there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from scenarios.carriers import Carriers
from scenarios.neighbourhood import wait_for
from scenarios.service_desk import ServiceDesk
from scenarios.steps.card_life import card_of
from scenarios.world import Refusal, World
from virtual_cards.terminals import Received

SINCE = "2020-01-01"
_LEAVING_ASKED = {"asked": ("settled", "refused"), "reversal_asked": ("reversed", "settled")}


@dataclass
class Institution:
    """A place with a terminal; `visit` is the last one there."""

    desk: ServiceDesk
    token: str
    designation_id: str | None
    visit: dict[str, Any] = field(default_factory=dict)
    preview: dict[str, Any] | None = None

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask in the terminal's name. Raises `PlatformRefused`."""
        return self.desk.ask(method, f"/v1/medical/{path}", self.token, body)


@dataclass
class Clinic:
    """The institutions of a scenario."""

    world: World
    carriers: Carriers
    places: dict[str, Institution] = field(default_factory=dict)
    homes: dict[str, tuple[str, ServiceDesk]] = field(default_factory=dict)
    """Region and desk of people who are at home in another region."""
    prescription_id: str = ""

    def open(
        self, name: str, kind: str, level: int | None, desk: ServiceDesk, *, designated: bool = True
    ) -> None:
        """Open a site with a terminal, and have it designated."""
        site_id = desk.open_site(f"{name}（{self.world.recorder.scenario}）", kind)
        terminal = {
            "kind": "hospital_desk" if kind == "hospital" else "pharmacy",
            "operator": name,
            "station": None,
            "site": site_id,
        }
        token = desk.post("operator", "/v1/terminals", terminal)["token"]
        place = Institution(desk, token, None)
        if designated:
            place.designation_id = desk.designate(site_id, kind, level)
        self.places[name] = place

    def home_of(self, name: str) -> tuple[str, ServiceDesk]:
        """Region and desk of the region that insures somebody."""
        return self.homes.get(name, (self.world.desk.region, self.world.desk))

    def register(self, place: str, name: str, carrier: str = "card", **more: Any) -> None:
        """Register a person, by what is shown; a holder of another region through that region."""
        at, (region, _) = self.places[place], self.home_of(name)
        if region == at.desk.region:
            path, shown = "visits", self._shown(name, carrier)
        else:
            holder = self.world.holder(name)
            told = {"card_number": holder.card_number, "name": holder.resident.name}
            path, shown = "foreign-visits", {"region": region, **told}
        visit = self.world.try_at_platform(lambda: at.ask("POST", path, {**shown, **more}))
        at.visit, at.preview = visit or {}, None

    def settle_by_code(self, place: str, name: str, bill: str, amount_fen: int) -> None:
        """Scan a person's medical code for a bill."""
        code = self.carriers.show(name, "electronic-card", "medical")
        body = {"code": code, "bill": bill, "amount_fen": amount_fen}
        at = self.places[place]
        self.world.try_at_platform(lambda: at.ask("POST", "code-settlements", body))

    def step(self, place: str, step: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """A step of the last visit; what is asked of another region is waited for."""
        at = self.places[place]
        path = f"visits/{at.visit['visit_id']}"
        told = self.world.try_at_platform(lambda: at.ask("POST", f"{path}/{step}", body or {}))
        if told is None:
            return {}
        if step == "prescriptions":
            return told
        ends = _LEAVING_ASKED.get(told["state"])

        def look() -> dict[str, Any] | None:
            seen = at.ask("GET", path)
            return seen if ends is None or seen["state"] in ends else None

        at.visit = wait_for(look)
        if at.visit["problem_code"]:
            problem = (at.visit[f"problem_{each}"] for each in ("code", "zh", "en"))
            self.world.refusal = Refusal(*problem)
        return at.visit

    def _shown(self, name: str, carrier: str) -> dict[str, Any]:
        if carrier == "card":
            return self._read_card(name)
        holder = self.world.holder(name)
        if carrier == "electronic-card":
            told = self.world.desk.card(holder.card_id)["electronic_card"]
            return {"means": carrier, "token": told["electronic_card_id"]}
        return {"means": "code", "token": self.carriers.show(name, "electronic-card", "medical")}

    def _read_card(self, name: str) -> dict[str, Any]:
        """What a desk reads from the card and its chip."""
        holder = self.world.holder(name)
        told = {"token": holder.card_number, "name": holder.resident.name}
        if self.world.desk.card(holder.card_id)["state"] == "active":
            place = self.world.hospital
            with self.world.readers.card_in(place.slot, card_of(holder)):
                read = place.terminal.register()
            assert isinstance(read, Received), read  # noqa: S101 - a step asked for it
            told = {
                "token": read.holder.card_number,
                "name": read.holder.name,
                "historical_bytes": read.holder.historical_bytes,
            }
        return {"means": "card", **told}


ITEMS = {
    "阿莫西林胶囊": "YP001",
    "阿托伐他汀钙片": "YP002",
    "感冒清热颗粒": "YP003",
    "血常规": "JC001",
    "磁共振成像": "JC002",
    "普通门诊诊查": "ZL001",
    "阑尾切除术": "ZL002",
    "普通病房床位": "CW001",
}
"""Codes of the catalogue by the names in features."""


def line_of(item: str, quantity: int, price: float) -> dict[str, Any]:
    """A line of a bill, at a price in yuan."""
    code = ITEMS.get(item, item)
    return {"code": code, "quantity": quantity, "unit_price_fen": round(price * 100)}
