"""Eligibility certifications: a pension is paid while one holds, and the arrears with the next."""

from __future__ import annotations

from typing import Any

from tests.card_platform.chip import Chip
from tests.card_platform.city import City
from tests.card_platform.payees import NAME, brought, csv_file, decide, line_of, states
from tests.card_platform.test_bank_orders import ready_account, wait
from tests.card_platform.test_transfers import code

DAY_S = 86_400
MONTHS = ("2026-01", "2026-02")


def certify(city: City, card_id: str, **changed: Any) -> Any:
    number = city.get(f"/v1/cards/{card_id}").json()["card_number"]
    body = {"card_number": number, "name": NAME} | changed
    return city.post("/v1/eligibility-certifications", body, "clerk").json()


def pension(city: City, period: str) -> str:
    file = csv_file([line_of(1)], f"P-{period}", programme="pension", period=period)
    batch_id = str(brought(city, file)["batch_id"])
    assert decide(city, batch_id).json()["state"] == "released"
    wait(city, 1)
    return batch_id


def test_without_a_certification_nothing_is_paid_and_with_one_the_arrears_are(city: City) -> None:
    card_id = ready_account(city)
    batches = [pension(city, period) for period in MONTHS]
    for each in batches:
        assert states(city, each) == {"L1": ("stopped", "certification-missing")}
    made = certify(city, card_id)
    assert (made["state"], made["means"], made["card_region"]) == ("certified", "card", "500000")
    wait(city, 1)
    for each in batches:
        assert states(city, each) == {"L1": ("paid", None)}
    assert states(city, pension(city, "2026-03")) == {"L1": ("paid", None)}
    wait(city, 365 * DAY_S)
    assert states(city, pension(city, "2026-04")) == {"L1": ("paid", None)}, "its last day"
    wait(city, DAY_S)
    lapsed = pension(city, "2026-05")
    assert states(city, lapsed) == {"L1": ("stopped", "certification-lapsed")}
    certify(city, card_id)
    wait(city, 1)
    assert states(city, lapsed) == {"L1": ("paid", None)}


def test_only_the_holders_own_card_in_use_certifies(city: City) -> None:
    card_id = ready_account(city)
    assert certify(city, card_id, name="测试乙")["problem"] == "name-differs"
    other: Chip = city.active_card(2)[1]
    chip = other.image["historical_bytes"]
    wrong = certify(city, card_id, historical_bytes=chip)
    assert (wrong["state"], wrong["problem"]) == ("refused", "card-number-is-not-the-chips")
    city.post(f"/v1/cards/{card_id}/loss-report", {"kind": "formal"}, "clerk")
    lost = certify(city, card_id)
    assert (lost["state"], lost["problem"]) == ("refused", "card-is-not-active")
    path = f"/v1/eligibility-certifications/{lost['certification_id']}"
    assert city.get(path, "clerk").json() == lost
    assert code(city.get(path + "0", "clerk")) == "certification-unknown"
    both = {"card_number": "A00000001", "name": NAME, "code": "OC1:" + "A" * 167}
    answer = city.post("/v1/eligibility-certifications", both, "clerk")
    assert code(answer) == "request-malformed"
    away = {"card_number": "A00000001", "name": NAME, "region": "640000"}
    answer = city.post("/v1/eligibility-certifications", away, "clerk")
    assert code(answer) == "no-agreement-covers"
    assert states(city, pension(city, MONTHS[0])) == {"L1": ("stopped", "certification-missing")}
