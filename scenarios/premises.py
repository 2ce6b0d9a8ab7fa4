"""Places of a scenario, in its own region or another: what they offer, and who comes there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from scenarios.carriers import CARD, Carriers
from scenarios.service_desk import ServiceDesk
from scenarios.steps.card_life import card_of
from scenarios.world import Called, InPlace, World
from virtual_cards.terminals import CopyReturn, PlaceAct, PlaceDesk, Shown, Wanted

PLACE = Called("场所终端", "desk of a place")
HOME_COUNTER = Called("发卡地柜面", "counter of the card's region")
TERMINALS = {"lending": "library_desk", "entry": "entrance"}
"""Kinds of terminals by kind of offer; a counter for any other."""
ALL_DAY = {"opens": "00:00", "closes": "24:00"}
OPENS = ALL_DAY["opens"]


@dataclass
class Place:
    """A site of a region."""

    name: str
    world: World
    site_id: str


@dataclass
class Offered:
    """An offer as the scenario tells its terms, step by step; opened when first needed."""

    place: Place
    content: dict[str, Any]
    offer_id: str = ""
    act: PlaceAct | None = None


@dataclass
class Premises:
    """The places and offers of a scenario."""

    world: World
    carriers: Carriers
    places: dict[str, Place] = field(default_factory=dict)
    offers: dict[str, Offered] = field(default_factory=dict)
    worlds: dict[str, World] = field(default_factory=dict)
    homes: dict[str, tuple[str, ServiceDesk]] = field(default_factory=dict)
    """Region and desk of people whose card another region issued."""
    returned: CopyReturn | None = None

    def place(self, name: str, desk: ServiceDesk | None = None) -> Place:
        """The site of that name; opened when first named."""
        if name not in self.places:
            world = self._world_of(desk or self.world.desk)
            site = {
                "area": world.desk.region,
                "kind": "服务场所",
                "name_zh": f"{name}{self.world.mark}",
                "address_zh": "测试路1号",
                "phone": "12333",
                "equipment": ["card-reader", "code-scanner", "electronic-card-scanner",
                              "fusion-code-scanner", "wheelchair-access"],
                "hours": [{"weekday": 1, "opens": "08:00", "closes": "20:00"}],
            }  # fmt: skip
            site_id = world.desk.post("operator", "/v1/sites", site)["site"]["site_id"]
            self.places[name] = Place(name, world, site_id)
        return self.places[name]

    def plan(  # noqa: PLR0917 - as many as a plan has
        self,
        place: str,
        kind: str,
        offer: str,
        use: str,
        terms: dict[str, Any],
        desk: ServiceDesk | None = None,
    ) -> None:
        """An offer a department is going to open."""
        at = self.place(place, desk)
        content = {
            "site_id": at.site_id,
            "operator": f"place-{hashlib.sha256(place.encode()).hexdigest()[:8]}",
            "kind": kind,
            "field": use,
            "item_id": None,
            "name_zh": offer,
            "name_en": offer,
            "document": "〔2026〕1号",
            "terms": terms,
        }
        self.offers[offer] = Offered(at, content)

    def open(self, offer: str) -> Offered:
        """The offer, open. Raises `PlatformRefused` where it cannot be opened."""
        planned = self.offers[offer]
        if not planned.offer_id:
            desk = planned.place.world.desk
            told = desk.post("department", "/v1/offers", planned.content)
            planned.offer_id = told["offer_id"]
        return planned

    def desk_of(self, offer: str) -> InPlace[PlaceDesk]:
        """The terminal of an offer's kind at its site."""
        at = self.offers[offer]
        kind = TERMINALS.get(at.content["kind"], "counter")
        name = f"{at.place.name} {kind}"
        return at.place.world.desk_of(kind, PLACE, PlaceDesk, name, at.place.site_id)

    def serve(
        self, offer: str, what: str, name: str, carrier: str, wanted: Wanted | None = None
    ) -> None:
        """A person shows something at an offer; a refusal is kept for the step that expects it."""
        at = self.open(offer)
        place, asked = self.desk_of(offer), wanted or Wanted()

        def ask() -> PlaceAct | None:
            shown = self._shown(offer, name, carrier, asked)
            if what == "readers":
                place.terminal.register(at.offer_id, shown)
                return None
            return place.terminal.serve(at.offer_id, what, shown, asked)

        act = self.world.try_at_platform(ask)
        if act is not None:
            at.act = act
            self._tell(act)

    def change(self, offer: str, action: str) -> None:
        """A step of the last act on an offer."""
        at, place = self.offers[offer], self.desk_of(offer)
        assert at.act is not None, "nobody was served yet"  # noqa: S101 - a step asked for it
        act_id = at.act.act_id
        act = self.world.try_at_platform(
            lambda: place.terminal.change(act_id, action, "持卡人要求")
        )
        at.act = act or at.act

    def look_again(self, offer: str) -> PlaceAct:
        """How the last act on an offer stands now, asked at the terminal of its site."""
        at, place = self.offers[offer], self.desk_of(offer)
        assert at.act is not None, "nobody was served yet"  # noqa: S101 - a step asked for it
        at.act = place.terminal.look(at.act.act_id)
        return at.act

    def last(self, offer: str) -> PlaceAct:
        """What came last of an offer."""
        act = self.offers[offer].act
        assert self.world.refusal is None, self.world.refusal  # noqa: S101 - in steps
        assert act is not None, "nobody was served"  # noqa: S101 - in steps
        return act

    def slot_in(self, days: int) -> Wanted:
        """The slot of a day so many days from now."""
        day = (self.world.now() + timedelta(days=days)).date()
        return Wanted(day=day, opens=OPENS)

    def _shown(self, offer: str, name: str, carrier: str, wanted: Wanted) -> Shown:
        """Read the card in the terminal's reader, or scan the code a phone shows."""
        if carrier != CARD:
            paying = wanted.copy is None and wanted.pay != "cash"
            purpose = "payment" if paying else "identity"
            return Shown("code", self.carriers.show(name, carrier, purpose))
        card = card_of(self.world.holder(name))
        region, desk = self.homes.get(name, (self.world.desk.region, self.world.desk))
        if desk is self.offers[offer].place.world.desk:
            place = self.desk_of(offer)
            with self.world.readers.card_in(place.slot, card):
                return place.terminal.show_card()
        # A testbed has keys of its own: a chip proves itself to a counter of its own region.
        home = self._world_of(desk).desk_of("counter", HOME_COUNTER, PlaceDesk, f"home {region}")
        with self.world.readers.card_in(home.slot, card):
            shown = home.terminal.show_card()
            found = home.terminal.certificates()
        return Shown("card", shown.token, shown.name, shown.historical_bytes, region, found)

    def _world_of(self, desk: ServiceDesk) -> World:
        if desk is self.world.desk:
            return self.world
        if desk.region not in self.worlds:
            self.worlds[desk.region] = replace(self.world, desk=desk, places={})
        return self.worlds[desk.region]

    def _tell(self, act: PlaceAct) -> None:
        fact = self.world.recorder.fact
        fact("标价（元）", "listed (yuan)", f"{act.listed_fen / 100:.2f}")
        fact("实收（元）", "charged (yuan)", f"{act.charged_fen / 100:.2f}")
        if act.concession is not None:
            fact("优惠依据", "concession by", act.concession)
        if act.due_on is not None:
            fact("应还日期", "due on", act.due_on)
