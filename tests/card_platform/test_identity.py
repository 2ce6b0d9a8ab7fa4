"""Identity checks and the authentication of cards, and that both are on record."""

from __future__ import annotations

from typing import Any

from card_platform.installation import Installation
from tests.card_platform.city import City


def _check(city: City, number: str, name: str) -> Any:
    body = {"purpose": "入院登记", "card_number": number, "name": name}
    answer = city.post("/v1/identity-checks", body, "clerk")
    assert answer.status_code == 200
    told = answer.json()
    assert told.pop("check_id").startswith("check-")
    return told


def test_an_active_card_shown_by_its_holder_is_valid(city: City) -> None:
    card_id, _ = city.active_card()
    number = city.get(f"/v1/cards/{card_id}").json()["card_number"]
    assert _check(city, number, "测试甲") == {
        "result": "valid",
        "reason": None,
        "card_state": "active",
    }
    city.post(f"/v1/cards/{card_id}/loss-report", {"kind": "formal"}, "clerk")
    assert _check(city, number, "测试甲") == {
        "result": "refused",
        "reason": "card-is-not-active",
        "card_state": "lost",
    }


def test_a_wrong_name_is_told_nothing_of_the_card(city: City) -> None:
    number = city.apply()["card_number"]
    assert _check(city, number, "测试乙") == {
        "result": "refused",
        "reason": "name-differs",
        "card_state": None,
    }
    assert _check(city, "Z99999999", "测试乙")["reason"] == "card-unknown"


def test_a_card_is_authenticated_by_its_chip(city: City, installation: Installation) -> None:
    chip = "00814A4446866050000000002A"
    body = {
        "historical_bytes": chip,
        "region": "500000",
        "internal": {"process": "0011223344556677", "original": "8899AABBCCDDEEFF"},
        "external": {"process": "1011223344556677", "original": "9899AABBCCDDEEFF"},
    }
    answer = city.post("/v1/card-authentications", body, "clerk")
    internal, external = (
        bytes.fromhex(body[side]["process"]) + bytes.fromhex(body[side]["original"])  # type: ignore[index]
        for side in ("internal", "external")
    )
    keys, card = installation.keys, bytes.fromhex(chip)
    expected = {
        "internal_auth": keys.internal_authentication("500000", card, internal[:8], internal[8:]),
        "external_auth": keys.external_authentication("500000", card, external[:8], external[8:]),
    }
    assert answer.json() == {
        **{name: value.hex().upper() for name, value in expected.items()},
        "external_original": "9899AABBCCDDEEFF",
    }


def test_every_check_is_audited_with_the_name_masked(
    city: City, installation: Installation
) -> None:
    card_id, _ = city.active_card()
    number = city.get(f"/v1/cards/{card_id}").json()["card_number"]
    _check(city, number, "测试甲")
    with installation.database._read_engine.connect() as connection:
        rows = connection.exec_driver_sql(
            'SELECT action, "by", card_id, detail FROM audit_records ORDER BY number'
        ).fetchall()
    assert rows[-1] == ("check-identity", "clerk", card_id, "入院登记, 测**: valid")
    assert [row[0] for row in rows] == ["apply", *["change-state"] * 3, "check-identity"]
    everything = " ".join(str(row) for row in rows)
    assert "测试甲" not in everything
    assert "19900101" not in everything
