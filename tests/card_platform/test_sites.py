"""Sites: in service only with the equipment; terminals tell their health."""

from __future__ import annotations

from typing import Any

from tests.card_platform.city import City
from tests.card_platform.listings import DISTRICT, act, publish_item, site


def _open(city: City, **changed: Any) -> Any:
    return city.post("/v1/sites", site(**changed), "operator")


def _serve(city: City, site_id: str, item_id: str, *, on: bool = True) -> Any:
    body = {"item_id": item_id, "in_service": on}
    return city.post(f"/v1/sites/{site_id}/services", body, "operator")


def test_a_site_without_what_an_item_needs_is_not_in_service_for_it(city: City) -> None:
    item_id = publish_item(city, equipment=["card-reader", "self-service-kiosk"])
    site_id = _open(city, equipment=["card-reader"]).json()["site"]["site_id"]
    refused = _serve(city, site_id, item_id)
    assert (refused.status_code, refused.json()["code"]) == (422, "site-lacks-equipment")
    for name in ("code-scanner", "wheelchair-access", "self-service-kiosk"):
        assert name in refused.json()["detail_en"]
    everything = ["card-reader", "code-scanner", "wheelchair-access", "self-service-kiosk"]
    path = f"/v1/sites/{site_id}/equipment"
    assert city.post(path, {"equipment": everything}, "operator").status_code == 200
    assert _serve(city, site_id, item_id).json()["in_service_for"] == [item_id]
    found = city.client.get("/v1/sites", params={"item": item_id, "area": DISTRICT}).json()
    assert [each["site"]["site_id"] for each in found["sites"]] == [site_id]
    assert found["sites"][0]["accessible"] == ["wheelchair-access"]
    taken = city.post(path, {"equipment": ["card-reader"]}, "operator").json()
    assert (taken["ended"], taken["in_service_for"]) == ([item_id], [])
    assert city.client.get("/v1/sites", params={"item": item_id}).json()["sites"] == []


def test_a_withdrawn_item_is_served_nowhere(city: City) -> None:
    item_id = publish_item(city)
    site_id = _open(city).json()["site"]["site_id"]
    assert _serve(city, site_id, item_id).json()["in_service_for"] == [item_id]
    act(city, item_id, "withdrawal")
    assert city.client.get(f"/v1/sites/{site_id}").json()["in_service_for"] == []
    assert _serve(city, site_id, item_id, on=False).status_code == 200
    assert _serve(city, site_id, item_id).json()["code"] == "catalogue-item-unknown"


def test_sites_that_cannot_be_are_refused(city: City) -> None:
    assert _open(city).status_code == 201
    backwards = [{"weekday": 1, "opens": "17:00", "closes": "09:00"}]
    for changed, code in (
        ({}, "site-already-known"),
        ({"area": "510100"}, "area-outside"),
        ({"name_zh": "另一处", "hours": backwards}, "hours-impossible"),
        ({"name_zh": "另一处", "equipment": ["trumpet"]}, "request-malformed"),
    ):
        assert _open(city, **changed).json()["code"] == code
    assert city.client.get("/v1/sites/site-none").json()["code"] == "site-unknown"
    assert city.post("/v1/sites", site(name_zh="又一处"), "clerk").status_code == 403


def test_a_terminal_reports_its_health_and_a_silent_one_has_an_old_list(city: City) -> None:
    gate, silent = city.enrol(), city.enrol()
    now = city.get("/v1/clock").json()["now"]
    body = {
        "state": "faulty",
        "fault": "读卡器无响应",
        "software": "1.0",
        "revocation_list_version": 3,
        "revocation_list_issued_at": now,
    }
    assert city.post("/v1/terminal-health", body, gate.token).status_code == 201
    assert city.post("/v1/terminal-health", body, "operator").status_code == 403
    assert city.get("/v1/terminal-health", "clerk").status_code == 403

    def told(number: str) -> dict[str, Any]:
        terminals = city.get("/v1/terminal-health").json()["terminals"]
        return next(each for each in terminals if each["terminal_number"] == number)

    assert told(gate.number)["fault"] == "读卡器无响应"
    assert not told(gate.number)["revocation_list_too_old"]
    assert told(silent.number)["state"] is None
    assert told(silent.number)["revocation_list_too_old"]
    city.post("/v1/clock", {"advance_s": 2 * 86_400}, "trainer")
    later = told(gate.number)
    assert later["revocation_list_too_old"]
    assert later["revocation_list_age_s"] >= 2 * 86_400
    assert later["silent_for_s"] >= 2 * 86_400
    body |= {"state": "in_order", "fault": None}
    city.post("/v1/terminal-health", body, gate.token)
    assert told(gate.number)["state"] == "in_order"
