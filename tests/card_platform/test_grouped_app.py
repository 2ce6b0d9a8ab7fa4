"""The app by groups of routes: whatever has one path lies in one group."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from litestar import Litestar, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.testing import TestClient

from card_platform.web.grouped_app import GroupedApp
from tests.card_platform.city import City


@get("/v1/cards")
async def cards() -> str:
    return "cards"


@get("/v1/cards/{card_id:str}")
async def card(card_id: FromPath[str]) -> str:
    return f"card {card_id}"


@get("/v1/cards/{card_id:str}/bookings")
async def bookings(card_id: FromPath[str]) -> str:
    return f"bookings of {card_id}"


@post("/v1/cards/{card_id:str}/bookings", status_code=201)
async def book(card_id: FromPath[str]) -> str:
    return f"booked {card_id}"


@get("/v1/sites/near/{place:str}/now")
async def near(place: FromPath[str]) -> str:
    return f"near {place}"


@get("/v1/sites/{site_id:str}/hours")
async def hours(site_id: FromPath[str]) -> str:
    return f"hours of {site_id}"


HANDLERS: list[HTTPRouteHandler] = [cards, card, bookings, book, near, hours]


class Maker:
    """Makes apps, and knows of how many routes each was."""

    def __init__(self) -> None:
        self.made: list[int] = []

    def make(self, handlers: Sequence[HTTPRouteHandler]) -> Any:
        self.made.append(len(handlers))
        return Litestar(handlers, openapi_config=None, logging_config=None)


def test_only_the_groups_asked_are_made_and_each_once() -> None:
    maker = Maker()
    app: Any = GroupedApp(HANDLERS, maker.make, maker.make, "/document")
    with TestClient(app) as client:
        assert maker.made == []
        for _ in range(2):
            assert client.get("/v1/cards/7/bookings").text == "bookings of 7"
            assert client.post("/v1/cards/bookings/bookings").text == "booked bookings"
        assert maker.made == [2]
        assert client.get("/v1/cards").text == "cards"
        assert client.get("/v1/cards/bookings").text == "card bookings"
        assert maker.made == [2, 2]


def test_every_path_is_answered_as_by_one_app_of_all() -> None:
    maker = Maker()
    grouped: Any = GroupedApp(HANDLERS, maker.make, maker.make, "/document")
    one = Litestar(HANDLERS, openapi_config=None, logging_config=None)
    parts = ("", "v1", "cards", "sites", "near", "bookings", "hours", "now", "nobody")
    paths = [
        "/" + "/".join(found) for length in range(4) for found in product(parts, repeat=length)
    ]
    paths += [f"/v1/{rest}" for rest in ("sites/near/near/now", "cards/bookings/bookings/hours")]
    with TestClient(grouped) as client, TestClient(one) as other:
        for path in paths:
            for method in ("GET", "DELETE"):
                told, wanted = client.request(method, path), other.request(method, path)
                assert (told.status_code, told.text) == (wanted.status_code, wanted.text), path
        client.get("/document")
    assert maker.made[-1] == len(HANDLERS), "the document's app is made of all"


def test_the_document_tells_of_every_route_whatever_was_asked_before(city: City) -> None:
    assert city.get("/v1/clock", city.tokens["clerk"]).status_code == 200
    paths = city.client.get("/openapi.json").json()["paths"]
    assert {"/v1/clock", "/v1/applications", "/v1/medical/visits", "/health"} <= paths.keys()
