"""Caps of a month, ages, operators' own fares, missing entries, and money back for what a card did
not know.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from card_platform.vocabulary.resident_id import check_character
from tests.card_platform.chip import Chip
from tests.card_platform.city import City, Terminal, application, document

_TAPS = "/v1/transit/taps"
_OPERATOR = "CQ-JL"


def ask(city: City, **ride: Any) -> Any:
    """Fare and rules of a ride."""
    told = city.client.post("/v1/transit/fare-questions", json={"day": "2026-01-05", **ride})
    assert told.status_code == 200, told.text
    answer = told.json()
    return answer["fare_fen"], [(each["rule"], each["fen"]) for each in answer["steps"]]


@pytest.fixture
def rider(city: City) -> tuple[str, Chip]:
    card_id, chip = city.active_card()
    chip.balance_fen = 90_000
    return card_id, chip


def board(city: City, bus: Terminal, chip: Chip, amount_fen: int, date: str = "20260105") -> Any:
    tap = chip.tap(bus.number, "single", "B104", amount_fen=amount_fen, date=date)
    told = city.post(_TAPS, tap, bus.token)
    assert told.status_code == 201, told.text
    return told.json()["ride"]


def test_a_fare_is_asked_for_by_operator_age_month_and_missing_end(city: City) -> None:
    assert ask(city, bus_line="B104", operator=_OPERATOR) == (300, [("flat", 300)])
    assert ask(city, bus_line="B104", operator="another") == (200, [("flat", 200)])
    trip = {"start": "0201", "end": "0212"}
    assert ask(city, **trip, operator=_OPERATOR) == (500, [("distance", 500)])
    far = {"start": "0201", "end": "0225", "operator": _OPERATOR}
    assert ask(city, **far) == (900, [("distance", 900)])
    after = {"mode": "bus", "ended_before_s": 60}
    between = ask(city, **trip, operator=_OPERATOR, before=after)
    assert between == (400, [("distance", 500), ("transfer", 100)]), "the region's transfer"

    ages = {"1961-01-05": 0, "1961-01-06": 400, "2020-01-05": 400, "2020-01-06": 0}
    assert {each: ask(city, **trip, birth_date=each)[0] for each in ages} == ages
    lowered = ask(city, **trip, birth_date="1950-01-01", certificates=["veteran"])
    assert lowered == (0, [("distance", 400), ("age", 400)]), "the greatest alone"

    assert ask(city, **trip, month_spent_fen=19_700) == (
        300,
        [("distance", 400), ("monthly-cap", 100)],
    )
    assert ask(city, **trip, month_spent_fen=20_000)[0] == 0
    assert ask(city, start="0201") == (600, [("missing-end", 600)])
    assert ask(city, end="0201") == (600, [("missing-end", 600)])


def test_taps_are_priced_by_their_operators_fares(city: City, rider: tuple[str, Chip]) -> None:
    _, chip = rider
    own = city.enrol("bus_validator", None, bus_line="B104", operator=_OPERATOR)
    other = city.enrol("bus_validator", None, bus_line="B104")
    gate = city.enrol(station="0212", operator=_OPERATOR)
    assert board(city, own, chip, 300)["fare_fen"] == 300
    assert board(city, other, chip, 200)["fare_fen"] == 200
    exit_tap = chip.tap(gate.number, "exit", "0212", "0201", amount_fen=500)
    lines = city.post("/v1/transit/tap-batches", {"lines": _line(exit_tap)}, gate.token)
    assert lines.json()["taken"] == 1
    assert city.balances()[f"operator:{_OPERATOR}"] == 800
    assert "fare-differences" not in city.balances()
    told = city.get("/v1/transit/terminal-parameters", gate.token).json()
    fares = {(each["from"], each["to"]): each["fare_fen"] for each in told["fares"]}
    assert (fares["0201", "0212"], fares["0201", "0225"]) == (500, 900)
    assert {each["fare_fen"] for each in told["bus_lines"]} == {300}
    assert (told["monthly_cap_fen"], told["missing_entry_fare_fen"]) == (20_000, 600)
    assert told["age_concessions"] == [
        {"kind": "senior", "card_type": "02", "reduction_percent": 100},
        {"kind": "child", "card_type": "05", "reduction_percent": 100},
    ]


def test_the_card_says_for_which_age_it_is(city: City) -> None:
    def file_17(born: str) -> str:
        number = _number(born)
        form = {**application()["form"], "birth_date": born}
        asked = application(form=form, document=document(number=number))
        told = city.post("/v1/applications", asked, "clerk")
        assert told.status_code == 201, told.text
        return str(city.produce(told.json()["card_id"]).image["transit"]["files"]["17"])

    assert file_17("1950-01-01")[20:26] == "020000"
    assert file_17("2022-06-01")[20:26] == "052028"
    assert file_17("1990-01-01")[20:26] == "000000"


def test_an_exit_without_an_entry_is_paid_at_the_desk_and_corrected_later(
    city: City, rider: tuple[str, Chip]
) -> None:
    card_id, chip = rider
    desk = city.enrol("counter", "0212")
    tap = chip.tap(desk.number, "missing-entry", "0212", amount_fen=600)
    wrong = city.post(_TAPS, tap | {"entry_station": "0212"}, desk.token)
    assert wrong.json()["code"] == "request-malformed"
    ride = city.post(_TAPS, tap, desk.token).json()["ride"]
    assert (ride["from"], ride["to"], ride["fare_fen"]) == ("0212", "0212", 600)
    bus = city.enrol("bus_validator", None, bus_line="B104")
    whole = board(city, bus, chip, 200)

    def correct(ride_id: str, station: str = "0201", caller: str = "clerk") -> Any:
        path = f"/v1/cards/{card_id}/transit/rides/{ride_id}/correction"
        return city.post(path, {"station": station, "evidence": "监控录像"}, caller)

    refused = [correct(whole["ride_id"]), correct("ride-0"), correct(ride["ride_id"], "FFFF")]
    codes = [each.json()["code"] for each in refused]
    assert codes == ["ride-not-correctable", "ride-unknown", "station-unknown"]
    told = correct(ride["ride_id"])
    assert told.status_code == 201, told.text
    assert told.json()["rides"] == [
        {
            "ride_id": ride["ride_id"],
            "operator": "metro",
            "rule": "correction",
            "refund_fen": 200,
        }
    ]
    told_of = {**told.json(), "evidence": "监控录像", "by": "clerk"}
    for path, caller in (
        ("/v1/transit/fare-refunds", "auditor"),
        (f"/v1/cards/{card_id}/transit/fare-refunds", "clerk"),
    ):
        (listed,) = city.get(path, caller).json()["refunds"]
        assert listed.pop("at").startswith("20")
        assert listed | {"by": "clerk"} == told_of, path
    unknown = city.get("/v1/cards/card-0/transit/fare-refunds", "clerk")
    assert unknown.json()["code"] == "card-unknown"
    assert correct(ride["ride_id"]).json()["code"] == "fare-refund-nothing-due"
    assert city.get(f"/v1/cards/{card_id}/personal-money", "clerk").json() == {"balance_fen": 200}
    assert city.balances()["operator:metro"] == 600 - 200 + 200
    assert city.get("/v1/ledger/check").json()["balanced"]


def test_what_a_card_paid_over_the_cap_of_the_month_comes_back_by_operator(
    city: City, rider: tuple[str, Chip]
) -> None:
    card_id, chip = rider
    path = f"/v1/cards/{card_id}/transit/fare-refunds"
    city.post("/v1/clock", {"advance_s": 40 * 86_400}, "trainer")
    month = {"month": "2026-01"}
    first = city.enrol("bus_validator", None, bus_line="B104", operator="first")
    other = city.enrol("bus_validator", None, bus_line="B104", operator="other")

    def refund(asked: dict[str, str]) -> Any:
        return city.post(path, asked, "clerk")

    for day in range(1, 6):
        for _ in range(20):
            board(city, first, chip, 200, f"202601{day:02d}")
    board(city, first, chip, 200, "20260201")
    assert refund(month).json()["code"] == "fare-refund-nothing-due", "200 yuan are the cap itself"
    over = [board(city, bus, chip, 200, "20260131")["ride_id"] for bus in (first, other, other)]
    told = refund(month)
    assert told.status_code == 201, told.text
    assert [(each["ride_id"], each["rule"]) for each in told.json()["rides"]] == [
        (each, "monthly-cap") for each in over
    ]
    assert told.json()["refund_fen"] == 600
    assert city.balances()["operator:other"] == 0
    assert refund(month).json()["code"] == "fare-refund-nothing-due"
    late = board(city, other, chip, 200, "20260101")
    again = refund(month).json()
    assert again["refund_fen"] == 200, "a late ride uses up the month, another is over it"
    assert [each["ride_id"] for each in again["rides"]] != [late["ride_id"]]
    assert city.get(f"/v1/cards/{card_id}/personal-money", "clerk").json() == {"balance_fen": 800}
    listed = city.get("/v1/transit/fare-refunds", "operator").json()["refunds"]
    assert [(each["refund_fen"], each["evidence"]) for each in listed] == [(200, None), (600, None)]
    operators = [ride["operator"] for ride in listed[1]["rides"]]
    assert sorted(operators) == ["first", "other", "other"]
    assert refund({"month": "2099-01"}).json()["code"] == "fare-month-ahead"
    assert refund({"month": "2026-13"}).json()["code"] == "request-malformed"
    assert city.get("/v1/ledger/check").json()["balanced"]


def test_who_grew_old_after_the_card_was_made_gets_the_fare_back(city: City) -> None:
    number = _number("1961-01-10")
    form = {**application()["form"], "birth_date": "1961-01-10"}
    shown = document(number=number)
    card = city.post("/v1/applications", application(form=form, document=shown), "clerk").json()
    chip = city.produce(card["card_id"])
    city.post(f"/v1/cards/{card['card_id']}/activation", {"document": shown}, "clerk")
    chip.balance_fen = 1_000
    bus = city.enrol("bus_validator", None, bus_line="B104")
    young = board(city, bus, chip, 200, "20260109")
    old = board(city, bus, chip, 200, "20260110")
    told = city.post(
        f"/v1/cards/{card['card_id']}/transit/fare-refunds", {"month": "2026-01"}, "clerk"
    ).json()
    assert [(each["ride_id"], each["rule"], each["refund_fen"]) for each in told["rides"]] == [
        (old["ride_id"], "age", 200)
    ]
    assert young["ride_id"] not in {each["ride_id"] for each in told["rides"]}


def _line(tap: dict[str, Any]) -> str:
    return json.dumps(tap)


def _number(born: str) -> str:
    """A made-up resident identity number of a man born then."""
    seventeen = f"500101{born.replace('-', '')}001"
    return seventeen + check_character(seventeen)
