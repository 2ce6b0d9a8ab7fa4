"""Views of one card: the newest of each list, and where each goes on."""

from __future__ import annotations

from typing import Any

import pytest

from card_platform.web.card_views import NEWEST_MAX
from tests.card_platform.busy_card import fill_card
from tests.card_platform.city import City

VIEWS = {
    "transit": ("rides", "refusals", "loads", "purchases"),
    "medical": ("loads", "payments", "code_settlements"),
    "electronic-card": ("signings", "uses"),
    "record": ("loss_reports", "freezes"),
}
OVER = NEWEST_MAX + 2
RIDES_AT_A_TIME = 2
"""One with its entry, and one without that is corrected."""


def whole(city: City, card_id: str, view: str, name: str) -> Any:
    path = f"/v1/cards/{card_id}/{view}/{name.replace('_', '-')}"
    return city.get(f"{path}?limit=200", "clerk").json()[name]


def test_a_view_shows_the_newest_of_each_list_and_says_where_the_rest_is(city: City) -> None:
    ids = fill_card(city, OVER)
    for view, names in VIEWS.items():
        shown = city.get(f"/v1/cards/{ids['card_id']}/{view}", "clerk").json()
        assert set(shown["more"]) == set(names)
        for name in names:
            listed = whole(city, ids["card_id"], view, name)
            assert len(listed) == OVER * (RIDES_AT_A_TIME if name == "rides" else 1), name
            rest = city.get(shown["more"][name], "clerk").json()
            assert (shown[name] + rest[name], rest["next"]) == (listed, None), name
            assert len(shown[name]) == NEWEST_MAX
    shown = city.get(f"/v1/licences/{ids['licence_id']}", "inspector").json()
    rest = city.get(shown["more"], "inspector").json()
    steps = [each["action"] for each in shown["changes"] + rest["changes"]]
    assert steps == [*(["resume", "suspend"] * (OVER // 2)), "link", "issue"]


def test_each_ride_of_a_page_knows_its_entry(city: City) -> None:
    card_id = fill_card(city)["card_id"]
    rides = whole(city, card_id, "transit", "rides")
    entries = {each["ride_id"]: each["entry_tap_id"] for each in rides}
    known = [each for each in entries.values() if each is not None]
    assert (len(entries), len(known), len(set(known))) == (3 * RIDES_AT_A_TIME, 3, 3)
    after = ""
    seen: dict[str, str | None] = {}
    while True:
        path = f"/v1/cards/{card_id}/transit/rides?limit=1{after}"
        told = city.get(path, "clerk").json()
        seen |= {each["ride_id"]: each["entry_tap_id"] for each in told["rides"]}
        if told["next"] is None:
            break
        after = f"&after={told['next']}"
    assert seen == entries


def test_a_view_of_a_new_card_has_nothing_more(city: City) -> None:
    card_id, _ = city.active_card()
    for view, names in VIEWS.items():
        shown = city.get(f"/v1/cards/{card_id}/{view}", "clerk").json()
        assert [shown[name] for name in names] == [[]] * len(names)
        assert set(shown["more"].values()) == {None}


@pytest.mark.parametrize("view", VIEWS)
def test_a_list_of_a_card_nobody_has_is_unknown(city: City, view: str) -> None:
    for name in VIEWS[view]:
        path = f"/v1/cards/card-1/{view}/{name.replace('_', '-')}"
        answer = city.get(path, "clerk")
        assert (answer.status_code, answer.json()["code"]) == (404, "card-unknown")
