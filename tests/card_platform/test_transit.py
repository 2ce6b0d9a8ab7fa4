"""Loads, taps, rides, refusals and what gates are told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from card_platform.installation import Installation
from card_platform.regions.dated import DatedValue
from card_platform.services.transit.model import Tap
from card_platform.services.transit.taps import Taps
from card_platform.settlement.ledger import Ledger
from tests.card_platform.chip import Chip
from tests.card_platform.city import City, Terminal, document

_TAPS = "/v1/transit/taps"


@pytest.fixture
def rider(city: City) -> tuple[str, Chip]:
    card_id, chip = city.active_card()
    chip.balance_fen = 10_000  # as if loaded elsewhere
    return card_id, chip


def _ride(city: City, chip: Chip, charged_fen: int, end: Terminal) -> Any:
    receipt = chip.tap(end.number, "exit", "0212", "0201", amount_fen=charged_fen, time="090000")
    answer = city.post(_TAPS, receipt, end.token)
    assert answer.status_code == 201, answer.text
    return answer.json()["ride"]


def _balances(city: City) -> dict[str, int]:
    accounts = city.get("/v1/ledger/accounts").json()["accounts"]
    return {each["name"]: each["balance_fen"] for each in accounts}


def test_enrolment_gives_a_psam_and_a_replay_gives_it_again(city: City) -> None:
    body = {"kind": "metro_gate", "operator": "metro", "station": "0201", "site": "较场口"}
    first = city.post("/v1/terminals", body, "operator", key="gate-1")
    assert city.post("/v1/terminals", body, "operator", key="gate-1").json() == first.json()
    psam = first.json()["psam_image"]
    assert psam["format"] == "onecard.psam-image"
    assert len(psam["psam_serial"]) == 20
    assert psam["terminal_number"] == first.json()["terminal_number"] == "500000000001"
    assert len(psam["keys"]["GMPK"]) == 32


@pytest.mark.parametrize("station", [None, "FFFF"])
def test_a_gate_needs_a_station_of_the_line(city: City, station: str | None) -> None:
    body = {"kind": "metro_gate", "operator": "metro", "station": station, "site": "x"}
    answer = city.post("/v1/terminals", body, "operator")
    assert (answer.status_code, answer.json()["code"]) == (422, "station-unknown")


def test_a_gate_is_told_stations_fares_and_the_lowest_balance(city: City) -> None:
    told = city.get("/v1/transit/terminal-parameters", city.enrol().token).json()
    assert (told["operator"], told["city"], told["line"]) == ("metro", "5000", "02")
    assert told["stations"][0] == {"code": "0201", "name_zh": "较场口", "name_en": "Jiaochangkou"}
    fares = {(each["from"], each["to"]): each["fare_fen"] for each in told["fares"]}
    assert len(fares) == 36
    assert (fares["0201", "0212"], fares["0212", "0201"], fares["0201", "0201"]) == (400, 400, 200)
    assert told["minimum_entry_balance_fen"] == 200


def test_a_load_with_a_wrong_mac_or_on_a_stopped_card_is_refused(
    city: City, rider: tuple[str, Chip]
) -> None:
    card_id, chip = rider
    counter = city.enrol("counter", None)
    asked = chip.ask_load(1000, counter.number)
    wrong = city.post("/v1/transit/loads", asked | {"amount_fen": 1001}, counter.token)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "mac-wrong")
    city.post(f"/v1/cards/{card_id}/loss-report", {"kind": "formal"}, "clerk")
    stopped = city.post("/v1/transit/loads", asked, counter.token)
    assert (stopped.status_code, stopped.json()["code"]) == (409, "card-is-not-active")


def test_a_load_moves_money_only_when_its_receipt_is_right_and_only_once(
    city: City, rider: tuple[str, Chip]
) -> None:
    card_id, chip = rider
    counter, other = city.enrol("counter", None), city.enrol("counter", None)
    asked = chip.ask_load(1000, counter.number)
    permit = city.post("/v1/transit/loads", asked, counter.token).json()
    again = city.post("/v1/transit/loads", asked, counter.token).json()
    receipt = chip.confirm_load(1000, counter.number, permit["date"], permit["time"])
    path = f"/v1/transit/loads/{permit['load_id']}/confirmation"

    wrong_tac = city.post(path, receipt | {"tac": "00000000"}, counter.token)
    assert (wrong_tac.status_code, wrong_tac.json()["code"]) == (422, "tac-wrong")
    differs = city.post(path, receipt | {"balance_after_fen": 10_999}, counter.token)
    assert differs.json()["code"] == "load-balance-differs"
    assert city.post(path, receipt, other.token).json()["code"] == "load-unknown"
    assert _balances(city) == {}

    first = city.post(path, receipt, counter.token, key="confirm")
    assert first.status_code == 200
    assert city.post(path, receipt, counter.token, key="confirm").json() == first.json()
    assert city.post(path, receipt, counter.token).json()["code"] == "load-already-confirmed"
    # The same card, asked twice with one online sequence: only one of the two permits counts.
    twin = f"/v1/transit/loads/{again['load_id']}/confirmation"
    assert city.post(twin, receipt, counter.token).json()["code"] == "load-already-confirmed"
    assert _balances(city)[f"purse:{chip.serial}"] == 1000
    loads = city.get(f"/v1/cards/{card_id}/transit").json()["loads"]
    posted = [each["posting_id"] for each in loads]
    assert sorted(posted, key=str) == sorted([first.json()["posting_id"], None], key=str)


def test_a_tap_with_a_changed_figure_is_refused_and_leaves_nothing(
    city: City, rider: tuple[str, Chip]
) -> None:
    _, chip = rider
    gate = city.enrol()
    tap = chip.tap(gate.number, "entry", "0201")
    for changed in ({"amount_fen": 1}, {"time": "080001"}, {"terminal_sequence": 255}):
        answer = city.post(_TAPS, tap | changed, gate.token)
        assert (answer.status_code, answer.json()["code"]) == (422, "tac-wrong")
    other = city.enrol(station="0205")
    assert city.post(_TAPS, tap, other.token).json()["code"] == "tac-wrong"
    lower = {name: tap[name].lower() for name in ("issuer", "tac")}
    assert city.post(_TAPS, tap | lower, gate.token).status_code == 201
    assert city.post(_TAPS, tap, gate.token).json()["code"] == "tap-replayed"


def test_a_replayed_tap_is_refused_but_its_own_client_id_gets_the_first_answer(
    city: City, rider: tuple[str, Chip]
) -> None:
    gate = city.enrol()
    tap = rider[1].tap(gate.number, "entry", "0201")
    first = city.post(_TAPS, tap, gate.token, key="tap-1")
    assert city.post(_TAPS, tap, gate.token, key="tap-1").json() == first.json()
    replayed = city.post(_TAPS, tap, gate.token, key="tap-2")
    assert (replayed.status_code, replayed.json()["code"]) == (409, "tap-replayed")


def test_a_receipt_with_a_newline_after_a_field_is_no_second_receipt(
    city: City, rider: tuple[str, Chip]
) -> None:
    gate = city.enrol()
    tap = rider[1].tap(gate.number, "entry", "0201", amount_fen=100)
    assert city.post(_TAPS, tap, gate.token).status_code == 201
    for field in ("date", "time", "tac", "station", "issuer", "application_serial"):
        answer = city.post(_TAPS, tap | {field: tap[field] + "\n"}, gate.token)
        assert (answer.status_code, answer.json()["code"]) == (400, "request-malformed"), field
        assert [each["path"] for each in answer.json()["faults"]] == [field]
    assert _balances(city)[f"purse:{rider[1].serial}"] == -100


def test_what_a_gate_charged_otherwise_goes_to_fare_differences(
    city: City, rider: tuple[str, Chip]
) -> None:
    _, chip = rider
    end = city.enrol(station="0212")
    over = _ride(city, chip, 500, end)
    assert (over["fare_fen"], over["charged_fen"]) == (400, 500)
    assert _balances(city)["fare-differences"] == 100
    _ride(city, chip, 250, end)
    assert _balances(city)["fare-differences"] == -50
    assert _balances(city)["operator:metro"] == 800
    _ride(city, chip, 0, end)  # a gate that charged nothing: the whole fare is missing
    assert _balances(city)["fare-differences"] == -450
    assert city.get("/v1/ledger/check").json()["balanced"]


def test_an_entry_that_comes_after_its_exit_is_matched_late(
    city: City, rider: tuple[str, Chip]
) -> None:
    card_id, chip = rider
    start, end = city.enrol(), city.enrol(station="0212")
    entry = chip.tap(start.number, "entry", "0201", time="230000")
    exit_tap = chip.tap(end.number, "exit", "0212", "0201", amount_fen=400, date="20260106")
    ride = city.post(_TAPS, exit_tap, end.token).json()["ride"]
    rides = city.get(f"/v1/cards/{card_id}/transit").json()["rides"]
    assert [each["entry_tap_id"] for each in rides] == [None]
    tap_id = city.post(_TAPS, entry, start.token).json()["tap_id"]
    rides = city.get(f"/v1/cards/{card_id}/transit").json()["rides"]
    assert [(each["ride_id"], each["entry_tap_id"]) for each in rides] == [
        (ride["ride_id"], tap_id)
    ]


def test_an_entry_is_matched_with_one_ride_only(city: City, rider: tuple[str, Chip]) -> None:
    card_id, chip = rider
    start, end = city.enrol(), city.enrol(station="0212")
    entry = chip.tap(start.number, "entry", "0201")
    tap_id = city.post(_TAPS, entry, start.token).json()["tap_id"]
    _ride(city, chip, 400, end)
    _ride(city, chip, 400, end)
    rides = city.get(f"/v1/cards/{card_id}/transit").json()["rides"]
    assert [each["entry_tap_id"] for each in rides] == [None, tap_id]


def test_taps_of_unknown_purses_and_stations_are_refused(
    city: City, rider: tuple[str, Chip]
) -> None:
    gate = city.enrol()
    tap = rider[1].tap(gate.number, "entry", "0201")
    unknown = city.post(_TAPS, tap | {"application_serial": "9" * 20}, gate.token)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "purse-unknown")
    issuer = city.post(_TAPS, tap | {"issuer": "F" * 16}, gate.token)
    assert issuer.json()["code"] == "purse-unknown"
    station = city.post(_TAPS, tap | {"station": "FFFF"}, gate.token)
    assert (station.status_code, station.json()["code"]) == (422, "station-unknown")


def test_a_tap_whose_kind_and_entry_station_disagree_is_malformed(
    city: City, rider: tuple[str, Chip]
) -> None:
    gate = city.enrol()
    tap = rider[1].tap(gate.number, "entry", "0201")
    answer = city.post(_TAPS, tap | {"kind": "exit", "date": "20260230"}, gate.token)
    assert answer.status_code == 400
    assert [each["path"] for each in answer.json()["faults"]] == ["date", "entry_station"]


def test_a_gates_refusal_is_on_record_with_the_list_it_followed(
    city: City, rider: tuple[str, Chip]
) -> None:
    card_id, chip = rider
    gate = city.enrol()
    body = {
        "application_serial": chip.serial,
        "reason": "insufficient-balance",
        "station": "0201",
        "at": "2026-01-05T00:00:00Z",
        "revocation_list_version": 3,
    }
    told = city.post("/v1/transit/refusals", body, gate.token)
    assert told.status_code == 201
    refusals = city.get(f"/v1/cards/{card_id}/transit").json()["refusals"]
    assert refusals == [
        {
            "refusal_id": told.json()["refusal_id"],
            "reason": "insufficient-balance",
            "station": "0201",
            "at": "2026-01-05T08:00:00.000+08:00",
            "revocation_list_version": 3,
            "terminal_number": gate.number,
        }
    ]


def test_of_racing_confirmations_of_one_online_sequence_one_moves_money(
    city: City, rider: tuple[str, Chip]
) -> None:
    _, chip = rider
    counter = city.enrol("counter", None)
    asked = chip.ask_load(1000, counter.number)
    permits = [city.post("/v1/transit/loads", asked, counter.token).json() for _ in range(8)]
    same = [each for each in permits if each["time"] == permits[0]["time"]]
    receipt = chip.confirm_load(1000, counter.number, same[0]["date"], same[0]["time"])

    def confirm(load_id: str) -> int:
        path = f"/v1/transit/loads/{load_id}/confirmation"
        status: int = city.post(path, receipt, counter.token).status_code
        return status

    with ThreadPoolExecutor(len(same)) as pool:
        statuses = sorted(pool.map(confirm, [each["load_id"] for each in same]))
    assert statuses == [200] + [409] * (len(same) - 1)
    assert _balances(city)[f"purse:{chip.serial}"] == 1000


def test_receipts_that_race_and_come_out_of_order_are_matched(
    city: City, rider: tuple[str, Chip]
) -> None:
    card_id, chip = rider
    start, end = city.enrol(), city.enrol(station="0212")
    sent = []
    for _ in range(10):
        sent.append((start, chip.tap(start.number, "entry", "0201")))
        sent.append((end, chip.tap(end.number, "exit", "0212", "0201", amount_fen=400)))
    sent.reverse()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda each: city.post(_TAPS, each[1], each[0].token), sent))
    assert {each.status_code for each in answers} == {201}
    rides = city.get(f"/v1/cards/{card_id}/transit").json()["rides"]
    assert len(rides) == len({each["entry_tap_id"] for each in rides}) == 10
    assert None not in {each["entry_tap_id"] for each in rides}


def test_a_terminal_is_told_what_changed_of_the_list_or_all_of_it(city: City) -> None:
    gate = city.enrol()
    first, one = city.active_card(1)
    second, two = city.active_card(2)

    def since(version: int) -> Any:
        return city.get(f"/v1/transit/revocation-list?since={version}", gate.token).json()

    assert (since(0)["added"], since(0)["is_full"]) == ([], False)
    for card_id in (first, second):
        city.post(f"/v1/cards/{card_id}/loss-report", {"kind": "formal"}, "clerk")
    told = since(0)
    assert (told["version"], told["is_full"]) == (2, False)
    assert told["added"] == sorted([one.serial, two.serial])
    assert told["age_max_s"] == 86_400
    assert since(1)["added"] == [two.serial]
    found = {"document": document(1), "reason": "卡片已找到"}
    restored = city.post(f"/v1/cards/{first}/restoration", found, "clerk")
    assert restored.status_code == 200, restored.text
    assert (since(2)["added"], since(2)["removed"]) == ([], [one.serial])
    assert (since(0)["added"], since(0)["removed"]) == ([two.serial], [one.serial])
    assert since(3)["added"] == since(3)["removed"] == []
    ahead = since(4)
    assert (ahead["is_full"], ahead["added"]) == (True, [two.serial])
    assert city.get("/v1/transit/revocation-list?since=-1", gate.token).status_code == 400


def test_the_day_of_a_tap_is_believed_for_some_weeks_only(installation: Installation) -> None:
    """A tap told much later, or of a day to come, is priced as of the day it is told."""
    policy, today = installation.policy, installation.clock.now().date()
    changed = [
        DatedValue(from_day=date(2011, 1, 1), value=600),
        DatedValue(from_day=today - timedelta(days=10), value=900),
    ]
    dear = msgspec.structs.replace(policy.transit.missing_exit_fare, values=changed)
    transit = msgspec.structs.replace(policy.transit, missing_exit_fare=dear)
    policy = msgspec.structs.replace(policy, transit=transit)
    taps = Taps(policy, installation.keys, Ledger(installation.clock), (), installation.clock)

    def fare(days_ago: int) -> int:
        day = (today - timedelta(days=days_ago)).strftime("%Y%m%d")
        told = ("0201", "0201", 0, 0, "0001", "00000001", day, "080000", "00000000")
        return taps.fare_of(Tap("5" * 20, "F" * 16, "adjustment", *told), "metro", today)

    assert [fare(each) for each in (0, 10, 11, 92, 93, 3_000, -1)] == [
        900, 900, 600, 600, 900, 900, 900,
    ]  # fmt: skip
