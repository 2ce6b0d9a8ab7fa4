"""Every route with every role: what docs/interfaces.md does not grant is refused.

The table is read from the document, so that a route nobody wrote down, or whose roles differ from
what is written, fails here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient

from card_platform.app import build_app
from card_platform.installation import open_installation
from card_platform.settings import Settings
from card_platform.use_cases import build_use_cases
from card_platform.web.authentication import STAFF_ROLES
from tests.card_platform.city import City
from tests.card_platform.signing_in import System, name_agent, sign_in_by_card

INTERFACES = Path(__file__).parents[2] / "docs/interfaces.md"
ROW = re.compile(r"^\| (GET|POST) (`[^|]+`) \| ([^|]+) \|", re.MULTILINE)
SIGNED_IN = ("holder", "agent", "region", "bank")
ROLES = (*STAFF_ROLES, "terminal", *SIGNED_IN)
UNAUTHENTICATED, FORBIDDEN = 401, 403
OWN_CARD: list[str] = []
"""The card of the holder and the agent."""
WITHOUT_TOKEN: set[tuple[str, str]] = set()
"""Routes that anybody may call besides: "; without a token ..." in the document."""


def granted() -> dict[tuple[str, str], frozenset[str] | None]:
    """Roles by method and path; None where no token is needed."""
    table: dict[tuple[str, str], frozenset[str] | None] = {}
    for method, paths, roles in ROW.findall(INTERFACES.read_text(encoding="utf-8")):
        names, _, open_to_all = roles.strip().partition("; ")
        for path in re.findall("`([^`]+)`", paths):
            table[method, path] = None if names == "-" else _roles(names)
            if open_to_all:
                WITHOUT_TOKEN.add((method, path))
    return table


def _roles(names: str) -> frozenset[str]:
    found: set[str] = set()
    for name in (each.strip() for each in names.split(",")):
        assert name == "all staff" or name in ROLES, f"no role {name!r}"
        found |= set(STAFF_ROLES) if name == "all staff" else {name}
    return frozenset(found)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    parts = open_installation(Settings(tmp_path_factory.mktemp("data"), clock="virtual"))
    app = build_app(parts.policy, parts.keys, parts.database, parts.access.tokens, parts.clock)
    with TestClient(app) as client:
        city = City(client, dict(parts.access.tokens))
        city.tokens["terminal"] = city.enrol("counter").token
        card_id, chip = city.active_card()
        _, agents_chip = city.active_card(2)
        city.tokens["holder"] = sign_in_by_card(city, chip)["token"]
        name_agent(city, card_id, 2)
        city.tokens["agent"] = sign_in_by_card(city, agents_chip, on_card=card_id)["token"]
        for role in ("region", "bank"):
            city.tokens[role] = System(city, f"test-{role}", role).sign_in()["token"]
        OWN_CARD.append(card_id)
        yield city
    parts.database.close()


def test_every_route_is_written_down(city: City) -> None:
    document = city.client.get("/openapi.json").json()
    routes = {
        (method.upper(), path) for path, methods in document["paths"].items() for method in methods
    }
    assert routes | {("GET", "/openapi.json")} == set(granted())


@pytest.mark.parametrize("route", sorted(granted()), ids=" ".join)
def test_a_role_may_call_what_it_is_granted_and_nothing_else(
    city: City, route: tuple[str, str]
) -> None:
    method, path = route
    address = re.sub(r"\{\w+\}", "1", path.replace("{card_id}", OWN_CARD[-1]))
    allowed = granted()[route]
    answers = {
        role: city.client.request(
            method, address, headers={"Authorization": f"Bearer {city.tokens[role]}"}
        ).status_code
        for role in ROLES
    }
    refused = {role for role, status in answers.items() if status in (UNAUTHENTICATED, FORBIDDEN)}
    without = city.client.request(method, address).status_code
    if allowed is None:
        assert refused == set()
        assert without not in (UNAUTHENTICATED, FORBIDDEN)
    else:
        assert refused == set(ROLES) - allowed
        assert (without == UNAUTHENTICATED) is (route not in WITHOUT_TOKEN)
        assert all(answers[role] == FORBIDDEN for role in refused)


@pytest.mark.parametrize("role", ["holder", "agent"])
def test_whoever_is_let_to_one_card_is_refused_every_other(city: City, role: str) -> None:
    other_id, _ = city.active_card(3 if role == "holder" else 4)
    for (method, path), allowed in granted().items():
        if allowed is not None and role in allowed and "{card_id}" in path:
            address = re.sub(r"\{\w+\}", "1", path.replace("{card_id}", other_id))
            answer = city.call(method, address, {} if method == "POST" else None, role)
            assert (answer.status_code, answer.json()["code"]) == (403, "card-is-anothers"), path


def test_routes_for_one_cards_people_name_the_card_or_compare_it_themselves() -> None:
    without = {
        path
        for (_, path), allowed in granted().items()
        if allowed is not None and allowed & {"holder", "agent"} and "{card_id}" not in path
    }
    assert without == {
        "/v1/complaints",
        "/v1/consents/{consent_id}/withdrawal",
        "/v1/sessions/current",
        "/v1/sessions/current/end",
    }


JOINT_SERVICES = {
    "apply": "/v1/applications",
    "activate": "/v1/cards/{card_id}/activation",
    "report-loss": "/v1/cards/{card_id}/loss-report",
    "restore": "/v1/cards/{card_id}/restoration",
    "exchange": "/v1/cards/{card_id}/exchange",
    "replace": "/v1/cards/{card_id}/replacement",
    "cancel": "/v1/cards/{card_id}/cancellation",
    "change-data": "/v1/cards/{card_id}/holder-data",
    "reset-pin": "/v1/cards/{card_id}/pin-reset",
    "look-up": "/v1/cards/{card_id}/record",
}
"""The route of each of the ten in the issuing region."""


def test_a_joint_service_waits_for_a_supervisor_just_where_a_clerk_of_that_region_may_not_do_it(
    tmp_path: Path,
) -> None:
    parts = open_installation(Settings(tmp_path / "data", clock="virtual"))
    ten = build_use_cases(parts.policy, parts.keys, parts.clock).joint.ten
    parts.database.close()
    table = granted()
    waits = {
        code
        for code, path in JOINT_SERVICES.items()
        if "clerk" not in (table.get(("POST", path)) or table["GET", path] or ())
    }
    assert set(ten) == set(JOINT_SERVICES)
    assert waits == {code for code, service in ten.items() if service.is_supervisors}
    assert waits, "cancelling is the agency's"
