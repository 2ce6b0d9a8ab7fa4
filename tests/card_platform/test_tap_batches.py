"""Taps by the batch: every line has its own outcome, and the same queue may be sent again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec import convert
from msgspec.structs import replace

from card_platform.installation import Installation
from card_platform.services.transit.shapes import TapBody
from card_platform.services.transit.tap_lines import _read_closely, _read_plain
from card_platform.services.transit.taps import receipt_of
from card_platform.web.request_body import RequestIsMalformed
from tests.card_platform.chip import Chip
from tests.card_platform.city import City, Terminal

_PATH = "/v1/transit/tap-batches"


@pytest.fixture
def rider(city: City) -> Chip:
    _, chip = city.active_card()
    chip.balance_fen = 10_000
    return chip


def send(city: City, bus: Terminal, taps: list[Any], key: str | None = None) -> Any:
    lines = "\n".join(each if isinstance(each, str) else json.dumps(each) for each in taps)
    return city.post(_PATH, {"lines": lines}, bus.token, key)


def test_a_queue_is_taken_together_and_again_without_effect(city: City, rider: Chip) -> None:
    bus = city.enrol("bus_validator", None, bus_line="B104")
    gate = city.enrol(station="0201")
    rides = [rider.tap(bus.number, "single", "B104", amount_fen=200) for _ in range(3)]
    told = send(city, bus, rides, "queue-1")
    assert told.status_code == 200, told.text
    answer = told.json()
    assert (answer["taken"], answer["known"], answer["refused"], answer["late"]) == (3, 0, 0, 3)
    assert send(city, bus, rides, "queue-1").json() == answer
    again = send(city, bus, [*rides, rider.tap(bus.number, "single", "B104", amount_fen=200)])
    assert [each["outcome"] for each in again.json()["lines"]] == [*["known"] * 3, "taken"]
    assert [each["tap_id"] for each in again.json()["lines"]][:3] == [
        each["tap_id"] for each in answer["lines"]
    ]
    assert city.post("/v1/transit/taps", rides[0], bus.token).json()["code"] == "tap-replayed"
    single = rider.tap(bus.number, "single", "B104", amount_fen=200)
    assert city.post("/v1/transit/taps", single, bus.token).status_code == 201
    assert send(city, bus, [single]).json()["known"] == 1
    both = send(
        city,
        gate,
        [
            rider.tap(gate.number, "entry", "0201"),
            rider.tap(gate.number, "exit", "0201", "0212", amount_fen=400),
        ],
    )
    assert both.json()["taken"] == 2
    assert city.balances() == {
        f"purse:{rider.serial}": -5 * 200 - 400,
        "operator:metro": 5 * 200 + 400,
    }
    assert city.get("/v1/ledger/check").json()["balanced"]


def test_each_faulty_line_tells_all_its_faults_and_stops_nobody_else(
    city: City, rider: Chip
) -> None:
    bus = city.enrol("bus_validator", None, bus_line="B104")
    good = rider.tap(bus.number, "single", "B104", amount_fen=200)
    other = rider.tap(bus.number, "single", "B104", amount_fen=200)
    nobodys = rider.tap(bus.number, "single", "FFFF", amount_fen=200)
    far = Chip(rider.image)
    far.issuer = "99000001FFFFFFFF"
    taps = [
        good,
        "{",
        "nothing",
        other | {"date": "20261399", "kind": "exit"},
        other | {"amount_fen": -1, "time": "250000", "more": 1},
        other | {"tac": "00000000"},
        nobodys,
        other | {"application_serial": "0" * 20},
        good,
        other,
        "[" * 3_000,
    ]
    told = send(city, bus, taps).json()["lines"]
    assert [each["line"] for each in told] == list(range(1, len(taps) + 1))
    codes = [each["problem"]["code"] if each["problem"] else each["outcome"] for each in told]
    assert codes == [
        "taken",
        "request-malformed",
        "request-malformed",
        "request-malformed",
        "request-malformed",
        "tac-wrong",
        "bus-line-unknown",
        "tac-wrong",
        "known",
        "taken",
        "request-malformed",
    ]
    faults = [fault["path"] for fault in told[3]["problem"]["faults"]]
    assert faults == ["date", "entry_station"]
    assert {fault["path"] for fault in told[4]["problem"]["faults"]} == {
        "amount_fen",
        "time",
        "more",
    }
    assert city.balances()[f"purse:{rider.serial}"] == -400
    for line in told[1:]:
        if line["problem"]:
            assert line["problem"]["detail_zh"]
            assert line["problem"]["detail_en"]


def test_another_tap_of_the_same_place_on_the_card_is_a_replay(city: City, rider: Chip) -> None:
    bus = city.enrol("bus_validator", None, bus_line="B104")
    twin = Chip(rider.image, rider.balance_fen)
    first = rider.tap(bus.number, "single", "B104", amount_fen=200)
    second = twin.tap(bus.number, "single", "B104", amount_fen=200, time="090000")
    told = send(city, bus, [first, second]).json()["lines"]
    assert told[1]["problem"]["code"] == "tap-replayed"
    later = send(city, bus, [second]).json()["lines"]
    assert later[0]["problem"]["code"] == "tap-replayed"


def test_a_batch_has_one_to_ten_thousand_lines(city: City) -> None:
    bus = city.enrol("bus_validator", None, bus_line="B104")
    for lines in ("\n \n", "\n".join("x" * 10_001)):
        told = city.post(_PATH, {"lines": lines}, bus.token)
        assert (told.status_code, told.json()["code"]) == (422, "tap-batch-lines")


def test_a_fare_is_told_rule_by_rule_and_a_charge_otherwise_is_listed(
    city: City, rider: Chip
) -> None:
    path = "/v1/transit/fare-questions"

    def ask(**ride: Any) -> Any:
        told = city.client.post(path, json={"day": "2026-01-05", **ride})
        assert told.status_code == 200, told.text
        answer = told.json()
        return answer["fare_fen"], [(each["rule"], each["fen"]) for each in answer["steps"]]

    assert ask(bus_line="B104") == (200, [("flat", 200)])
    assert ask(start="0201", end="0212") == (400, [("distance", 400)])
    assert ask(start="0201") == (600, [("missing-end", 600)])
    assert ask(end="0212") == (600, [("missing-end", 600)])
    after = {"mode": "metro", "ended_before_s": 3_600}
    assert ask(bus_line="B104", before=after) == (100, [("flat", 200), ("transfer", 100)])
    assert ask(start="0201", end="0212", before=after)[0] == 400
    assert ask(bus_line="B104", before=after | {"ended_before_s": 3_601})[0] == 200
    lowered = ask(start="0201", end="0212", certificates=["veteran"], before=after)
    assert lowered == (200, [("distance", 400), ("concession", 200)])
    both = city.client.post(path, json={"day": "2026-01-05", "bus_line": "B104", "start": "0201"})
    assert both.json()["code"] == "request-malformed"
    nowhere = city.client.post(path, json={"day": "2026-01-05", "start": "FFFF"})
    assert nowhere.json()["code"] == "station-unknown"

    bus = city.enrol("bus_validator", None, bus_line="B104")
    right = rider.tap(
        bus.number, "single", "B104", amount_fen=100, reduction={"kind": "transfer", "fen": 100}
    )
    dear = rider.tap(bus.number, "single", "B104", amount_fen=250)
    assert send(city, bus, [right, dear]).json()["taken"] == 2
    (difference,) = city.get("/v1/transit/fare-differences").json()["differences"]
    assert (difference["fare_fen"], difference["charged_fen"]) == (200, 250)
    assert (difference["difference_fen"], difference["operator"]) == (50, "metro")
    assert city.balances()["fare-differences"] == 50


def test_the_short_way_of_reading_a_line_takes_nothing_the_long_way_refuses(
    city: City, rider: Chip
) -> None:
    gate = city.enrol(station="0212")
    good = rider.tap(gate.number, "exit", "0212", "0201", amount_fen=400) | {
        "reduction": {"kind": "age", "fen": 0}
    }
    odd: list[Any] = [None, "", 7, "x", " ", "\u0000", [], 2**70]
    changed: list[tuple[str, Any]] = [
        *((name, value) for name in good for value in odd),
        *((name, f"{value}\n") for name, value in good.items() if isinstance(value, str)),
        *((name, f" {value}") for name, value in good.items() if isinstance(value, str)),
        *((name, value.lower()) for name, value in good.items() if isinstance(value, str)),
        ("kind", "adjustment"),
        ("kind", "missing-entry"),
        ("station", "02010212"),
        ("issuer", good["issuer"] + " 0201"),
        ("date", "20260229"),
        ("time", "240000"),
        ("entry_station", "-"),
        ("reduction", {"kind": "age"}),
        ("more", 1),
        ("offline_sequence", 65_536),
    ]
    lines = [json.dumps(good), *(json.dumps(good | {name: value}) for name, value in changed)]
    lines += [lines[0][:-1], lines[0] + "}", lines[0].replace("{", "[", 1), f'{lines[0]} "']
    short = [_read_plain(line) for line in lines]
    taken = 0
    for line, tap in zip(lines, short, strict=True):
        try:
            closely = _read_closely(line)
        except RequestIsMalformed:
            assert tap is None, line
            continue
        assert tap == closely, line
        taken += 1
    assert 2 < taken < len(lines) / 2


def test_the_tacs_of_a_card_are_checked_together_as_one_by_one(
    city: City, rider: Chip, installation: Installation
) -> None:
    gate = city.enrol(station="0212")
    _, other = city.active_card(2)
    keys = installation.keys
    taps = [
        convert(each.tap(gate.number, "entry", "0212"), TapBody).read()
        for each in (rider, other, rider, rider, other)
    ]
    taps[2] = replace(taps[2], tac="00000000")
    taps[4] = replace(taps[4], tac=taps[1].tac)
    receipts = [receipt_of(each, gate.number) for each in taps]
    alone = [keys.receipt_is_right(*each) for each in receipts]
    assert keys.receipts_are_right(receipts) == alone == [True, True, False, True, False]
    assert keys.receipts_are_right([]) == []
