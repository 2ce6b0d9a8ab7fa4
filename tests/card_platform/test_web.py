"""What every route shares: tokens, roles, client ids, malformed requests, the OpenAPI document."""

from __future__ import annotations

from typing import Any

import pytest

from tests.card_platform.city import City, application, document


def test_a_request_without_a_known_token_is_refused(city: City) -> None:
    for headers in ({}, {"Authorization": "Bearer nobody"}, {"Authorization": "Basic x"}):
        answer = city.client.request("GET", "/v1/cards/x", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "token-unknown")


@pytest.mark.parametrize(
    ("method", "path", "caller"),
    [
        ("POST", "/v1/applications", "operator"),
        ("POST", "/v1/cards/x/personalisation", "clerk"),
        ("GET", "/v1/cards/x", "production"),
        ("POST", "/v1/terminals", "clerk"),
        ("POST", "/v1/transit/taps", "operator"),
        ("POST", "/v1/transit/purchases", "clerk"),
        ("POST", "/v1/medical/payments", "clerk"),
        ("POST", "/v1/medical/loads", "operator"),
        ("GET", "/v1/cards/x/medical", "production"),
        ("GET", "/v1/ledger/check", "clerk"),
    ],
)
def test_a_role_that_may_not_is_refused(city: City, method: str, path: str, caller: str) -> None:
    answer = city.call(method, path, {} if method == "POST" else None, caller)
    assert (answer.status_code, answer.json()["code"]) == (403, "role-forbids")


def test_a_terminal_may_not_look_at_cards(city: City) -> None:
    assert city.get("/v1/cards/x", city.enrol().token).status_code == 403


def test_the_same_key_and_body_give_the_same_answer_and_another_body_is_refused(
    city: City,
) -> None:
    first = city.post("/v1/applications", application(), "clerk", key="same")
    assert city.post("/v1/applications", application(), "clerk", key="same").json() == first.json()
    other = city.post("/v1/applications", application(site="别处"), "clerk", key="same")
    assert (other.status_code, other.json()["code"]) == (409, "client-id-reused")


def test_a_refused_request_does_not_use_its_key_up(city: City) -> None:
    city.apply()
    refused = city.post("/v1/applications", application(), "clerk", key="k")
    assert refused.status_code == 409
    assert city.post("/v1/applications", application(2), "clerk", key="k").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 65, "has space", None])
def test_a_creating_request_needs_a_proper_client_id(city: City, key: str | None) -> None:
    headers = {"Authorization": f"Bearer {city.tokens['clerk']}"}
    if key is not None:
        headers["Idempotency-Key"] = key
    answer = city.client.request("POST", "/v1/applications", json=application(), headers=headers)
    assert answer.status_code == 400
    assert answer.json()["faults"][0]["path"] == "header Idempotency-Key"


def test_a_malformed_request_is_told_all_its_faults(city: City) -> None:
    body = application(site=5, odd=True)
    body["form"] = body["form"] | {"sex": "3", "birth_date": "1990-13-01"}
    del body["document"]["number"]
    answer = city.post("/v1/applications", body, "clerk")
    assert (answer.status_code, answer.json()["code"]) == (400, "request-malformed")
    assert {each["path"] for each in answer.json()["faults"]} == {
        "site",
        "odd",
        "form.sex",
        "form.birth_date",
        "document.number",
    }


def test_numbers_are_not_read_out_of_strings(city: City) -> None:
    gate = city.enrol()
    body = {"tac": "00000000", "balance_after_fen": "5"}
    answer = city.post("/v1/transit/loads/x/confirmation", body, gate.token)
    assert [each["path"] for each in answer.json()["faults"]] == ["balance_after_fen"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 5000])
def test_a_body_that_is_no_object_is_malformed(city: City, content: bytes) -> None:
    headers = {"Authorization": f"Bearer {city.tokens['clerk']}", "Idempotency-Key": "k"}
    headers["Content-Type"] = "application/json"
    answer = city.client.request("POST", "/v1/applications", content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "request-malformed")


def test_a_body_over_the_limit_is_refused(city: City) -> None:
    answer = city.post("/v1/applications", application(site="x" * 70_000), "clerk")
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


def test_unknown_addresses_and_methods_are_problems_too(city: City) -> None:
    assert city.get("/v1/nothing").json()["code"] == "not-found"
    assert city.client.request("DELETE", "/health").json()["code"] == "method-not-allowed"


def test_what_is_nowhere_is_refused_by_its_own_name(city: City) -> None:
    card_id, _ = city.active_card()
    day = {"reason": "-"}
    asked: list[tuple[str, str, dict[str, Any] | None, str]] = [
        ("licence-unknown", "/v1/licences/none/changes", None, "inspector"),
        ("paper-request-unknown", "/v1/paper-requests/1/case", {"respondent": "x"}, "inspector"),
        ("production-order-unknown", "/v1/production-orders/none", None, "clerk"),
        ("delivery-unknown", "/v1/deliveries/none/count", {"missing": []}, "clerk"),
        ("service-from-region-unknown", "/v1/services-from-regions/none", None, "supervisor"),
        ("medical-clearing-unknown", "/v1/medical/clearings/510000/2026-01-01", None, "auditor"),
        (
            "designation-unknown",
            "/v1/medical/designations/none/steps",
            {"action": "suspend", **day},
            "department",
        ),
        (
            "medical-filing-unknown",
            f"/v1/cards/{card_id}/medical-filings/none/withdrawal",
            {"document": document()},
            "clerk",
        ),
        ("clearing-day-unknown", "/v1/clearing/days/2026-01-01", None, "auditor"),
        ("case-unknown", "/v1/accountability/cases/none", None, "inspector"),
        ("risk-case-unknown", "/v1/risk/cases/none/assignment", {"to": "x"}, "inspector"),
        (
            "emergency-unknown",
            "/v1/emergencies/none/steps",
            {"action": "assess", "done": "x"},
            "operator",
        ),
        ("risk-alert-unknown", "/v1/risk/alerts/none", None, "auditor"),
        ("rule-version-unknown", "/v1/risk/rule-versions/999/back-test", {}, "supervisor"),
        ("scheme-unknown", "/v1/card-schemes/none", None, "department"),
        (
            "participant-unknown",
            "/v1/foreign-card-checks",
            {
                "region": "510000",
                "field": "culture",
                "card_number": "A00000001",
                "name": "测试甲",
                "purpose": "入馆",
            },
            "clerk",
        ),
    ]
    for code, path, body, role in asked:
        answer = city.get(path, role) if body is None else city.post(path, body, role)
        assert answer.json()["code"] == code, (path, answer.text)
    consent = {
        "document_number": document()["number"],
        "institution": "x",
        "purpose": "x",
        "items": ["name"],
        "from_at": "2026-01-02T00:00:00+08:00",
        "until_at": "2026-01-01T00:00:00+08:00",
    }
    ended = city.post(f"/v1/cards/{card_id}/consents", consent, "clerk")
    assert ended.json()["code"] == "consent-time-wrong"


_CREATES_NOTHING = {
    "/v1/accounts/current/password",
    "/v1/utilities/{utility}/open-bills",
    "/v1/cards/{card_id}/open-bills",
    "/v1/session-challenges",
    "/v1/sessions",
    "/v1/sessions/current/end",
    "/v1/card-authentications",
    "/v1/card-schemes/{scheme_id}/checks",
    "/v1/card-schemes/{scheme_id}/function-states",
    "/v1/ledger/account-queries",
    "/v1/licence-requests",
    "/v1/exchange/messages",
    "/v1/exchange/queries",
    "/v1/foreign-card-checks",
    "/v1/joint-pin-resets",
    "/v1/transit/fare-questions",
    "/v1/simulated-banks/{bank}/statements",
}
"""Or once in another way: messages by their number, queries by their id; or so that no answer with
a token and no body with a password is kept."""


def test_every_route_is_documented_with_its_errors(city: City) -> None:
    document = city.client.request("GET", "/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    routes = [
        (path, method, route)
        for path, methods in document["paths"].items()
        for method, route in methods.items()
        if path.startswith("/v1")
    ]
    assert len(routes) > 20
    for path, method, route in routes:
        assert "·" in route["summary"], path
        assert {"401", "403"} <= set(route["responses"]), path
        if method == "post":
            assert "400" in route["responses"], path
            assert "application/json" in route["requestBody"]["content"], path
            headers = {each["name"] for each in route.get("parameters", [])}
            assert ("Idempotency-Key" in headers) == (path not in _CREATES_NOTHING), path


def test_nul_is_refused_in_texts_and_leads_nowhere_in_paths(city: City) -> None:
    form = application()["form"] | {"name": "测试\0甲", "address": "\0"}
    refused = city.post("/v1/applications", application(form=form), "clerk")
    assert refused.status_code == 400
    assert [fault["path"] for fault in refused.json()["faults"]] == ["form.name", "form.address"]
    assert city.get("/v1/cards/a%00b", "clerk").status_code == 404
    kind = {"kind": "counter", "operator": "a\\u0000b", "station": None, "site": "s"}
    assert city.post("/v1/terminals", kind, "operator").status_code == 201, "a backslash is none"
