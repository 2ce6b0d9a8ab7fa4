"""The express lane answers as the ordinary routes do, and hands on what is not plain."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest

from tests.card_platform.chip import Chip
from tests.card_platform.city import City, Terminal

_TAPS = "/v1/transit/taps"


@pytest.fixture
def known_gate(city: City) -> Terminal:
    """A gate that has called before: the express lane knows its token."""
    gate = city.enrol()
    city.get("/v1/transit/terminal-parameters", gate.token)
    return gate


@pytest.fixture
def chip(city: City) -> Chip:
    _, chip = city.active_card()
    chip.balance_fen = 10_000
    return chip


def _send(city: City, gate: Terminal, content: Any, **headers: str) -> Any:
    whole = {"Authorization": f"Bearer {gate.token}", "Content-Type": "application/json"}
    return city.client.request("POST", _TAPS, content=content, headers=whole | headers)


def test_a_first_call_and_a_later_one_are_answered_alike(city: City, chip: Chip) -> None:
    gate = city.enrol()
    first = city.post(_TAPS, chip.tap(gate.number, "entry", "0201"), gate.token)
    later = city.post(_TAPS, chip.tap(gate.number, "entry", "0201"), gate.token)
    assert first.status_code == later.status_code == 201
    assert first.headers["content-type"] == later.headers["content-type"] == "application/json"
    assert first.json().keys() == later.json().keys()


def test_what_is_not_plain_is_told_as_on_every_route(
    city: City, known_gate: Terminal, chip: Chip
) -> None:
    tap = chip.tap(known_gate.number, "entry", "0201")
    body = msgspec.json.encode(tap)
    told = {
        "no key": _send(city, known_gate, body),
        "no object": _send(city, known_gate, b"[", **{"Idempotency-Key": "a"}),
        "not utf-8": _send(city, known_gate, b'"\xff"', **{"Idempotency-Key": "b"}),
        "no day": city.post(_TAPS, tap | {"date": "20260230"}, known_gate.token),
    }
    for what, answer in told.items():
        assert (answer.status_code, answer.json()["code"]) == (400, "request-malformed"), what
    assert told["no key"].json()["faults"][0]["path"] == "header Idempotency-Key"
    assert told["no day"].json()["faults"][0]["path"] == "date"
    large = _send(city, known_gate, b" " * 70_000, **{"Idempotency-Key": "c"})
    assert (large.status_code, large.json()["code"]) == (413, "body-too-large")
    assert city.post(_TAPS, tap, "clerk").json()["code"] == "role-forbids"
    assert city.client.request("GET", _TAPS).json()["code"] == "method-not-allowed"


def test_a_body_in_pieces_of_unknown_length_is_taken(
    city: City, known_gate: Terminal, chip: Chip
) -> None:
    body = msgspec.json.encode(chip.tap(known_gate.number, "entry", "0201"))

    def pieces() -> Iterator[bytes]:
        yield body[:40]
        yield body[40:]

    assert _send(city, known_gate, pieces(), **{"Idempotency-Key": "p"}).status_code == 201


def test_a_refusal_of_the_work_is_a_problem(city: City, known_gate: Terminal, chip: Chip) -> None:
    tap = chip.tap(known_gate.number, "entry", "0201")
    answer = city.post(_TAPS, tap | {"amount_fen": 1}, known_gate.token)
    assert (answer.status_code, answer.json()["code"]) == (422, "tac-wrong")
    assert answer.headers["content-type"] == "application/problem+json"


def test_requests_that_race_with_one_key_get_one_answer(
    city: City, known_gate: Terminal, chip: Chip
) -> None:
    tap = chip.tap(known_gate.number, "entry", "0201")
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: city.post(_TAPS, tap, known_gate.token, key="one"), range(16))
        )
    assert {each.status_code for each in answers} == {201}
    assert len({each.text for each in answers}) == 1
    other = city.post(_TAPS, chip.tap(known_gate.number, "entry", "0201"), known_gate.token, "one")
    assert (other.status_code, other.json()["code"]) == (409, "client-id-reused")


def test_taps_that_come_together_are_each_taken_once(
    city: City, known_gate: Terminal, chip: Chip
) -> None:
    gate, rides = known_gate.number, 16
    taps = [
        tap
        for _ in range(rides)
        for tap in (
            chip.tap(gate, "entry", "0201"),
            chip.tap(gate, "exit", "0201", "0212", amount_fen=400),
        )
    ]
    wrong = [each | {"tac": "00000000"} for each in taps[:4]]
    asked = [*taps, *wrong, *taps]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda tap: city.post(_TAPS, tap, known_gate.token), asked))
    codes = [each.json().get("code", "taken") for each in answers]
    assert codes[len(taps) : len(taps) + len(wrong)] == ["tac-wrong"] * len(wrong)
    pairs = list(zip(codes[: len(taps)], codes[-len(taps) :], strict=True))
    assert {tuple(sorted(pair)) for pair in pairs} == {("taken", "tap-replayed")}
    taken = [each.json() for each in answers if each.status_code == 201]
    assert len({each["tap_id"] for each in taken}) == len(taps)
    assert sum(each["ride"] is not None for each in taken) == rides
    assert city.balances() == {f"purse:{chip.serial}": -400 * rides, "operator:metro": 400 * rides}
    assert city.get("/v1/ledger/check").json()["balanced"]


def test_work_that_could_be_done_twice_is_done_once_for_a_key(
    city: City, known_gate: Terminal
) -> None:
    body = {"purpose": "x", "card_number": "Z99999999", "name": "测试甲"}
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(
                lambda _: city.post("/v1/identity-checks", body, known_gate.token, key="twice"),
                range(16),
            )
        )
    assert {each.status_code for each in answers} == {200}
    assert len({each.json()["check_id"] for each in answers}) == 1
