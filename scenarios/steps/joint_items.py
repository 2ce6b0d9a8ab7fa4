"""Items of joint lists, on the platforms of both sides (CQ-14c, YD-8)."""

from __future__ import annotations

from typing import Any

from scenarios.listings import Listings, deciding
from scenarios.neighbourhood import Neighbourhood, wait_for
from scenarios.phrases import then, when
from scenarios.service_desk import ServiceDesk


@when(
    "{government}人民政府在“{region}”平台批准事项“{name}”",
    "the government of {government} approves “{name}” on the platform of “{region}”",
)
def approve_there(
    listings: Listings, neighbourhood: Neighbourhood, government: str, region: str, name: str
) -> None:
    _await_there(listings, neighbourhood, region, name, "compiled")
    _decide_there(listings, neighbourhood.desks[region], government, name, "approval")


@when(
    "{government}在“{region}”平台移出事项“{name}”",
    "{government} withdraws “{name}” on the platform of “{region}”",
)
def withdraw_there(
    listings: Listings, neighbourhood: Neighbourhood, government: str, region: str, name: str
) -> None:
    _await_there(listings, neighbourhood, region, name, "published")
    _decide_there(listings, neighbourhood.desks[region], government, name, "withdrawal")


@then(
    "公众很快在“{region}”平台的目录中能查到事项“{name}”",
    "the public soon finds “{name}” in the list of the platform of “{region}”",
)
def is_public_there(
    listings: Listings, neighbourhood: Neighbourhood, region: str, name: str
) -> None:
    wait_for(lambda: listings.items[name] in _listed_there(neighbourhood, region))


@then(
    "公众很快在“{region}”平台的目录中查不到事项“{name}”",
    "the public soon finds “{name}” no longer in the list of the platform of “{region}”",
)
def is_not_public_there(
    listings: Listings, neighbourhood: Neighbourhood, region: str, name: str
) -> None:
    wait_for(lambda: listings.items[name] not in _listed_there(neighbourhood, region))


@then(
    "“{region}”平台上事项“{name}”的沿革与本地一致",
    "the history of “{name}” on the platform of “{region}” is that of here",
)
def history_is_the_same(
    listings: Listings, neighbourhood: Neighbourhood, region: str, name: str
) -> None:
    path = f"/v1/catalogue-items/{listings.items[name]}/history"

    def steps(desk: ServiceDesk) -> list[tuple[Any, ...]]:
        changes = desk.get("inspector", path)["changes"]
        return [(each["version"], each["action"], each["area"], each["at"]) for each in changes]

    wait_for(lambda: steps(neighbourhood.desks[region]) == steps(listings.world.desk))


def _await_there(
    listings: Listings, neighbourhood: Neighbourhood, region: str, name: str, state: str
) -> None:
    """Until that platform has heard that the item stands so."""
    desk, item_id = neighbourhood.desks[region], listings.items[name]

    def has_heard() -> bool:
        items = desk.gather("inspector", "/v1/catalogue-items", "items")
        return any(each["item_id"] == item_id and each["state"] == state for each in items)

    wait_for(has_heard)


def _decide_there(
    listings: Listings, desk: ServiceDesk, government: str, name: str, step: str
) -> None:
    """Decide there, until it is booked here."""
    path, body = f"/v1/catalogue-items/{listings.items[name]}/{step}", deciding(government)
    if listings.world.try_at_platform(lambda: desk.post("supervisor", path, body)):
        wait_for(lambda: body["area"] not in listings.look(name)["waiting_for"])


def _listed_there(neighbourhood: Neighbourhood, region: str) -> set[str]:
    told = neighbourhood.desks[region].ask("GET", "/v1/catalogue", "")
    return {each["item_id"] for each in told["items"]}
