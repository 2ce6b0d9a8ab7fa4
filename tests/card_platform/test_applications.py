"""Applying for a card: form, document, entitlement, one person one card (CQ-5, CQ-12a)."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from card_platform.errors import Refusal
from card_platform.installation import Installation
from card_platform.issuance.application import Application
from card_platform.use_cases import build_use_cases
from card_platform.vocabulary.moment import RealClock
from card_platform.web.request_body import read_body
from tests.card_platform.city import City, application, document


def _form(**changed: Any) -> dict[str, Any]:
    whole: dict[str, Any] = application()["form"]
    return whole | changed


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"form": None}, "application-form-missing"),
        ({"document": None}, "identity-document-missing"),
        ({"document": document(valid_until="2020-01-01")}, "identity-document-invalid"),
        ({"document": document(valid_until="2026-02-30")}, "identity-document-invalid"),
        ({"document": document(number="500101199001010010")}, "identity-document-invalid"),
        ({"document": document(kind="library-card")}, "identity-document-invalid"),
        ({"form": _form(birth_date="1991-01-01")}, "identity-document-invalid"),
        ({"form": _form(sex="2")}, "identity-document-invalid"),
        ({"entitlement": "tourist"}, "not-entitled"),
        ({"entitlement": None}, "not-entitled"),
        ({"region": "510000"}, "region-not-served"),
    ],
)
def test_an_application_against_the_rules_is_refused_and_leaves_nothing(
    city: City, changed: dict[str, Any], code: str
) -> None:
    answer = city.post("/v1/applications", application(**changed), "clerk")
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"urn:onecard:problem:{code}"
    assert city.apply()["card_number"] == "A00000001"


def test_a_long_term_document_is_valid(city: City) -> None:
    body = application(document=document(valid_until="long-term"))
    assert city.post("/v1/applications", body, "clerk").status_code == 201


def test_the_electronic_card_is_issued_with_the_card(city: City) -> None:
    granted = city.apply()
    assert granted["card_state"] == "applied"
    assert granted["electronic_card"]["state"] == "issued"
    card = city.get(f"/v1/cards/{granted['card_id']}").json()
    assert card["electronic_card"] == granted["electronic_card"]


def test_a_second_card_for_one_person_is_refused(city: City) -> None:
    city.apply()
    answer = city.post("/v1/applications", application(site="江北区"), "clerk")
    assert (answer.status_code, answer.json()["code"]) == (409, "person-already-holds-card")


def test_of_fifty_racing_applications_exactly_one_wins(installation: Installation) -> None:
    parts = installation
    issuance = build_use_cases(parts.policy, parts.keys, RealClock()).issuance
    asked = read_body(msgspec.json.encode(application()), Application)

    async def race() -> list[Any]:
        works = [
            parts.database.write(lambda tx: issuance.apply(tx, asked, "clerk")) for _ in range(50)
        ]
        return await asyncio.gather(*works, return_exceptions=True)

    results = asyncio.run(race())
    refused = [each for each in results if isinstance(each, BaseException)]
    assert len(refused) == 49
    for each in refused:
        assert isinstance(each, Refusal), each
        assert each.code == "person-already-holds-card"


def test_a_name_the_card_cannot_write_is_a_fault_of_the_form(city: City) -> None:
    body = application(form=_form(name="\U00020bb7野"))
    answer = city.post("/v1/applications", body, "clerk")
    assert (answer.status_code, answer.json()["faults"][0]["path"]) == (400, "form.name")
