"""Verification of identity by activity and means; what law keeps for another document."""

from __future__ import annotations

from typing import Any

import pytest

from card_platform.installation import Installation
from tests.card_platform.city import City


def verify(city: City, card: dict[str, Any], activity: str, **changed: Any) -> dict[str, Any]:
    body = {
        "activity": activity,
        "place": "测试宾馆",
        "means": "card",
        "token": card["card_number"],
        "name": "测试甲",
    } | changed
    answer = city.post("/v1/identity-verifications", body, "department")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def card_of(city: City, card_id: str) -> dict[str, Any]:
    found: dict[str, Any] = city.get(f"/v1/cards/{card_id}").json()
    return found


@pytest.mark.parametrize("activity", ["government-service", "public-service", "hotel-registration"])
def test_card_and_electronic_card_prove_the_same_identity(city: City, activity: str) -> None:
    card_id, _ = city.active_card()
    card = card_of(city, card_id)
    electronic = {
        "means": "electronic-card",
        "token": card["electronic_card"]["electronic_card_id"],
    }
    for shown in ({}, electronic):
        assert verify(city, card, activity, **shown)["result"] == "valid"
        told = verify(city, card, activity, name="测试乙", **shown)
        assert (told["reason"], told["card_number"]) == ("name-differs", None)
        assert verify(city, card, activity, **{**shown, "token": "X"})["reason"] == "card-unknown"
    city.post(f"/v1/cards/{card_id}/loss-report", {"kind": "formal"}, "clerk")
    for shown in ({}, electronic):
        assert verify(city, card, activity, **shown)["reason"] == "card-is-not-active"


def test_what_law_reserves_is_refused_with_the_document_it_needs(city: City) -> None:
    card_id, _ = city.active_card()
    activities = city.get("/v1/identity-activities", "clerk").json()["activities"]
    reserved = [each for each in activities if each["needed"]]
    assert len(reserved) == 7
    for each in reserved:
        told = verify(city, card_of(city, card_id), each["code"])
        assert (told["result"], told["reason"]) == ("refused", "reserved-to-another-document")
        assert told["needed"] == each["needed"]
        assert "Law" in told["needed"]["law"]


def test_an_activity_or_means_nobody_knows_is_refused_with_those_known(city: City) -> None:
    body = {"activity": "sailing", "place": "码头", "means": "card", "token": "A"}
    unknown = city.post("/v1/identity-verifications", body, "clerk").json()
    assert unknown["code"] == "activity-unknown"
    assert "hotel-registration" in unknown["detail_en"]
    body |= {"activity": "hotel-registration", "means": "telepathy"}
    unknown = city.post("/v1/identity-verifications", body, "clerk").json()
    assert unknown["code"] == "means-unknown"
    assert "electronic-card" in unknown["detail_en"]


def test_rail_and_air_wait_for_the_catalogue(city: City) -> None:
    card_id, _ = city.active_card()
    for activity in ("rail-travel", "air-travel"):
        told = verify(city, card_of(city, card_id), activity)
        assert told["reason"] == "activity-not-listed"


def test_a_platform_signs_in_by_the_cards_own_answer_and_once_a_challenge(
    city: City, installation: Installation
) -> None:
    card_id, _ = city.active_card()
    other_id, _ = city.active_card(2)
    card, other = card_of(city, card_id), card_of(city, other_id)

    def proof(chip: dict[str, Any], *, wrong: bool = False, wait_s: int = 0) -> dict[str, Any]:
        challenge = city.post("/v1/identity-challenges", {}, "department").json()
        if wait_s:
            city.post("/v1/clock", {"advance_s": wait_s}, "trainer")
        answer = installation.keys.internal_authentication(
            "500000",
            bytes.fromhex(chip["historical_bytes"]),
            bytes.fromhex(challenge["process"]),
            bytes.fromhex(challenge["original"]),
        )
        return {
            "challenge_id": challenge["challenge_id"],
            "historical_bytes": chip["historical_bytes"],
            "internal_auth": "00" * 8 if wrong else answer.hex(),
        }

    def sign_in(given: dict[str, Any] | None, place: str = "政务服务平台") -> dict[str, Any]:
        return verify(city, card, "platform-sign-in", place=place, proof=given)

    assert sign_in(None)["reason"] == "card-proof-missing"
    assert sign_in(proof(card, wrong=True))["reason"] == "card-not-genuine"
    assert sign_in(proof(other))["reason"] == "card-not-genuine"
    assert sign_in(proof(card, wait_s=121))["reason"] == "challenge-not-usable"
    used = proof(card)
    first = sign_in(used)
    assert first["result"] == "valid"
    assert sign_in(used)["reason"] == "challenge-not-usable"
    assert sign_in(proof(card))["subject"] == first["subject"] != ""
    assert sign_in(proof(card), "另一平台")["subject"] != first["subject"]
    electronic = {
        "means": "electronic-card",
        "token": card["electronic_card"]["electronic_card_id"],
        "place": "政务服务平台",
    }
    assert verify(city, card, "platform-sign-in", **electronic)["subject"] == first["subject"]


def test_the_holder_sees_every_verification(city: City) -> None:
    card_id, _ = city.active_card()
    card = card_of(city, card_id)
    verify(city, card, "hotel-registration")
    verify(city, card, "hotel-registration", name="测试乙")
    log = city.get(f"/v1/cards/{card_id}/access-log", "clerk").json()["reads"]
    found = [each for each in log if each["purpose"] == "hotel-registration"]
    assert [(each["institution"], each["refusal"]) for each in found] == [
        ("测试宾馆", "name-differs"),
        ("测试宾馆", None),
    ]


def test_the_number_of_a_card_must_be_that_of_the_chip_that_was_authenticated(
    city: City, installation: Installation
) -> None:
    (card_id, _), (other_id, _) = city.active_card(), city.active_card(2)
    card, other = card_of(city, card_id), card_of(city, other_id)
    own, copied = (each["historical_bytes"] for each in (card, other))

    def show(chip: str, **changed: Any) -> dict[str, Any]:
        return verify(city, card, "hotel-registration", historical_bytes=chip, **changed)

    for chip in (own, own.lower()):
        assert show(chip)["result"] == "valid"
    for told in (show(copied), show(copied, name="测试乙"), show("FF" * 13)):
        assert told["reason"] == "card-number-is-not-the-chips"
        assert told["card_number"] is None
    assert show(copied, token="X")["reason"] == "card-unknown"
    assert show(own, name="测试乙")["reason"] == "name-differs"
    log = city.get(f"/v1/cards/{card_id}/access-log", "clerk").json()["reads"]
    assert [each["refusal"] for each in log].count("card-number-is-not-the-chips") == 3
    with installation.database._read_engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT detail FROM audit_records WHERE action = 'verify-identity' ORDER BY number"
        ).fetchall()
    told_of = "hotel-registration at 测试宾馆 by card"
    assert rows[2].detail == f"{told_of}: card-number-is-not-the-chips, chip {copied}"
    assert rows[0].detail == f"{told_of}: valid"


def test_a_chip_beside_what_has_none_is_malformed(city: City) -> None:
    card_id, _ = city.active_card()
    card = card_of(city, card_id)
    body = {
        "activity": "hotel-registration",
        "place": "测试宾馆",
        "means": "electronic-card",
        "token": card["electronic_card"]["electronic_card_id"],
        "historical_bytes": card["historical_bytes"],
    }
    answer = city.post("/v1/identity-verifications", body, "department")
    assert (answer.status_code, answer.json()["code"]) == (400, "request-malformed")
    (fault,) = answer.json()["faults"]
    assert (fault["path"], fault["found"]) == ("historical_bytes", "electronic-card")
