"""Identity checks and the authentication of cards, and that both are on record."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from card_platform.installation import Installation
from card_platform.services.identity.refusals import CARD_REFUSALS
from tests.card_platform.city import City


def _check(city: City, number: str, name: str, **more: str) -> Any:
    body = {"purpose": "入院登记", "card_number": number, "name": name} | more
    answer = city.post("/v1/identity-checks", body, "clerk")
    assert answer.status_code == 200
    told = answer.json()
    assert told.pop("check_id").startswith("check-")
    if told["reason"] is not None:
        refusal = CARD_REFUSALS[told["reason"]]
        assert (told.pop("detail_zh"), told.pop("detail_en")) == (refusal.zh, refusal.en)
    return told


def _card(city: City, sequence: int = 1) -> tuple[str, str, str]:
    """A card in use: its id, number and chip."""
    card_id, _ = city.active_card(sequence)
    told = city.get(f"/v1/cards/{card_id}").json()
    return card_id, told["card_number"], told["historical_bytes"]


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


@pytest.mark.parametrize("write", [str.upper, str.lower])
def test_the_number_of_the_authenticated_chip_is_valid(
    city: City, write: Callable[[str], str]
) -> None:
    _, number, chip = _card(city)
    told = _check(city, number, "测试甲", historical_bytes=write(chip))
    assert told == {"result": "valid", "reason": None, "card_state": "active"}


def test_a_number_that_is_not_the_chips_is_refused_and_on_record(
    city: City, installation: Installation
) -> None:
    card_id, number, _ = _card(city)
    _, other_number, chip = _card(city, 2)
    refused = {"result": "refused", "reason": "card-number-is-not-the-chips", "card_state": None}
    assert _check(city, number, "测试甲", historical_bytes=chip) == refused
    assert _check(city, number, "测试乙", historical_bytes=chip) == refused
    assert _check(city, number, "测试甲", historical_bytes="FF" * 13) == refused
    assert _check(city, "Z99999999", "测试甲", historical_bytes=chip)["reason"] == "card-unknown"
    assert _check(city, other_number, "测试甲", historical_bytes=chip)["result"] == "valid"
    log = city.get(f"/v1/cards/{card_id}/access-log", "clerk").json()["reads"]
    refusals = [each["refusal"] for each in log if each["purpose"] == "入院登记"]
    assert refusals == [refused["reason"]] * 3
    with installation.database._read_engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT card_id, detail FROM audit_records WHERE action = 'check-identity'"
            " ORDER BY number"
        ).fetchall()
    told = f"入院登记, 测**: card-number-is-not-the-chips, chip {chip}"
    assert rows[0] == (card_id, told)
    assert rows[-1].detail == "入院登记, 测**: valid"


def test_terminals_asking_at_once_get_each_the_verdict_on_their_own_chip(city: City) -> None:
    """The express lane, where checks share a transaction."""
    cards = [_card(city, sequence) for sequence in range(1, 4)]
    desk = city.enrol("hospital_desk", None)
    city.get("/v1/transit/terminal-parameters", desk.token)

    def ask(which: int) -> str:
        (_, number, _), (_, _, chip) = cards[which % 3], cards[which // 3 % 3]
        body = {"purpose": "x", "card_number": number, "name": "测试甲", "historical_bytes": chip}
        result: str = city.post("/v1/identity-checks", body, desk.token).json()["result"]
        return result

    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(ask, range(36)))
    assert told == ["valid" if n % 3 == n // 3 % 3 else "refused" for n in range(36)]


@pytest.mark.parametrize(
    "body",
    [
        {"card_number": "A00000001", "name": "测试甲", "historical_bytes": "00" * 12},
        {"card_number": "A00000001", "name": "测试甲", "historical_bytes": "GG" * 13},
        {"code": "OC1:AAAA", "historical_bytes": "00" * 13},
        {"historical_bytes": "00" * 13},
    ],
)
def test_a_chip_goes_with_a_card_and_is_thirteen_bytes(city: City, body: dict[str, str]) -> None:
    answer = city.post("/v1/identity-checks", {"purpose": "x"} | body, "clerk")
    assert (answer.status_code, answer.json()["code"]) == (400, "request-malformed")


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
