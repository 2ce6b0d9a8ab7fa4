"""One card from application to the second ride, through the API, on both databases."""

from __future__ import annotations

from tests.card_platform.city import City


def test_a_card_is_issued_loaded_and_rides_and_the_books_balance(city: City) -> None:
    card_id, chip = city.active_card()
    counter, start, end = city.enrol("counter", None), city.enrol(), city.enrol(station="0212")
    city.load(chip, counter, 5000)

    entry = city.post("/v1/transit/taps", chip.tap(start.number, "entry", "0201"), start.token)
    assert entry.status_code == 201, entry.text
    assert entry.json()["ride"] is None
    receipt = chip.tap(end.number, "exit", "0212", "0201", amount_fen=400)
    ride = city.post("/v1/transit/taps", receipt, end.token).json()["ride"]

    assert (ride["from"], ride["to"], ride["fare_fen"]) == ("0201", "0212", 400)
    view = city.get(f"/v1/cards/{card_id}/transit").json()
    assert view["balance_fen"] == chip.balance_fen == 4600
    assert [(each["ride_id"], each["entry_tap_id"]) for each in view["rides"]] == [
        (ride["ride_id"], entry.json()["tap_id"])
    ]
    accounts = city.get("/v1/ledger/accounts").json()["accounts"]
    assert {each["name"]: each["balance_fen"] for each in accounts} == {
        f"cash:{counter.number}": -5000,
        f"purse:{chip.serial}": 4600,
        "operator:metro": 400,
    }
    check = city.get("/v1/ledger/check").json()
    assert check == {
        "balanced": True,
        "postings": 2,
        "entries": 4,
        "accounts": 3,
        "closings": 0,
        "sum_fen": 0,
        "first_fault": None,
    }


def test_the_history_tells_every_step_and_who_took_it(city: City) -> None:
    card_id, _ = city.active_card()
    city.post(f"/v1/cards/{card_id}/loss-report", {"kind": "formal"}, "clerk")
    changes = city.get(f"/v1/cards/{card_id}/history").json()["changes"]
    assert [(each["action"], each["from"], each["to"], each["by"]) for each in changes] == [
        ("apply", None, "applied", "clerk"),
        ("personalise", "applied", "in_production", "production"),
        ("report_production", "in_production", "ready", "production"),
        ("activate", "ready", "active", "clerk"),
        ("report_loss", "active", "lost", "clerk"),
    ]
