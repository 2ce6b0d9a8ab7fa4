"""Places between regions: resident terms by agreement, and copies returned elsewhere, once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from scenarios.service_desk import PlatformRefused
from tests.card_platform.neighbours import Neighbour, two_regions, wait_for

NAME = "测试甲"
LOAN = {"price_fen": 0, "loan": {"days": 30, "renewals_max": 1, "copies_max": 5}}


@pytest.fixture
def regions(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[tuple[Neighbour, Neighbour]]:
    with two_regions(tmp_path, request, "sqlite") as linked:
        yield linked


class Stand:
    """A site of a region with one offer and one terminal."""

    def __init__(self, at: Neighbour, kind: str, field: str, terms: dict[str, Any]) -> None:
        self.at = at
        body = {
            "area": at.code,
            "kind": kind,
            "name_zh": f"{kind}{field}",
            "address_zh": "测试路1号",
            "phone": "02312333",
            "equipment": ["card-reader", "code-scanner", "wheelchair-access"],
            "hours": [{"weekday": 1, "opens": "09:00", "closes": "17:00"}],
        }
        site_id = at.desk.post("operator", "/v1/sites", body)["site"]["site_id"]
        offer = {
            "site_id": site_id,
            "operator": "place",
            "kind": kind,
            "field": field,
            "name_zh": "测试项目",
            "name_en": "Offer",
            "document": "1号",
            "terms": terms,
        }
        self.offer_id = at.desk.post("department", "/v1/offers", offer)["offer_id"]
        terminal = {"kind": "counter", "operator": "place", "station": None, "site": site_id}
        self.token = at.desk.post("operator", "/v1/terminals", terminal)["token"]

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        return self.at.desk.ask(method, path, self.token, body)

    def serve(self, what: str, card: dict[str, Any], home: Neighbour, **more: Any) -> Any:
        shown = {"means": "card", "token": card["card_number"], "name": NAME, "region": home.code}
        return self.ask("POST", f"/v1/offers/{self.offer_id}/{what}", shown | more)

    def taken_back(self, return_id: str) -> Any:
        """The return, once its region has answered."""

        def look() -> Any:
            told = self.ask("GET", f"/v1/loan-returns/{return_id}")
            return None if told["state"] == "passed-on" else told

        return wait_for(look)


def refused(call: Any) -> str:
    with pytest.raises(PlatformRefused) as told:
        call()
    return told.value.code


def test_cooperating_regions_share_terms_and_returns_exactly_once(
    regions: tuple[Neighbour, Neighbour],
) -> None:
    chongqing, sichuan = regions
    card = sichuan.active_card(1)
    here, there = (Stand(each, "lending", "culture", LOAN) for each in regions)

    park = Stand(chongqing, "entry", "tourism", {"price_fen": 900, "resident_price_fen": 500})
    entered = park.serve("uses", card, sichuan, pay="cash")
    assert (entered["agreement"], entered["listed_fen"]) == ("sichuan-chongqing", 500)
    assert (entered["charged_fen"], entered["pay"], entered["state"]) == (500, "cash", "used")
    free = park.serve("uses", card, sichuan, certificates=["disability"])
    assert (free["concession"], free["charged_fen"]) == ("disability", 0)
    assert refused(lambda: park.serve("uses", card, sichuan)) == "personal-money-elsewhere"
    care = Stand(chongqing, "session", "elder-care", {"price_fen": 0})
    assert refused(lambda: care.serve("uses", card, sichuan)) == "no-agreement-covers"
    wrong = card | {"card_number": "A99999999"}
    assert refused(lambda: park.serve("uses", wrong, sichuan)) == "card-unknown"

    for stand, copy in ((there, "SC-0001"), (here, "CQ-0001")):
        stand.serve("readers", card, sichuan)
        stand.serve("loans", card, sichuan, copy=copy)
    sichuan.kill()
    taken = here.ask("POST", "/v1/loan-returns", {"copy": "SC-0001", "region": "510000"})
    assert taken["state"] == "passed-on"
    sichuan.start()
    told = here.taken_back(taken["return_id"])
    assert (told["state"], told["overdue_days"]) == ("returned", 0)
    (loan,) = sichuan.desk.get("clerk", f"/v1/cards/{card['card_id']}/offer-acts")["acts"]
    assert (loan["state"], loan["returned_in"]) == ("returned", "500000")
    again = here.ask("POST", "/v1/loan-returns", {"copy": "SC-0001", "region": "510000"})
    twice = here.taken_back(again["return_id"])
    assert (twice["state"], twice["problem_code"]) == ("refused", "copy-not-lent")
    back = there.ask("POST", "/v1/loan-returns", {"copy": "CQ-0001", "region": "500000"})
    assert there.taken_back(back["return_id"])["state"] == "returned"
    for each in regions:
        assert each.desk.check_books()["balanced"]
