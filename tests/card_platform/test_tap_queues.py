"""An upload of taps is read ahead of the transactions that write it: what came in between."""

from __future__ import annotations

import json
from typing import Any

import pytest

from card_platform.installation import Installation
from card_platform.services.transit.tap_batches import OLD_AFTER_S, TapQueue
from card_platform.services.transit.tap_parts import LineOutcome, Part
from card_platform.use_cases import build_use_cases
from card_platform.web.authentication import Caller
from tests.card_platform.city import City, Terminal


class Uploads:
    """Uploads of one bus, whose steps a test takes in the order it likes."""

    def __init__(self, city: City, parts: Installation, bus: Terminal) -> None:
        self.city, self.database = city, parts.database
        self._transit = build_use_cases(parts.policy, parts.keys, parts.clock).transit
        self._caller = Caller(
            f"terminal:{bus.number}", "terminal", terminal_number=bus.number, operator="bus"
        )

    def begin(self) -> TapQueue:
        return self._transit.tap_batches.queue(self._caller)

    def read(self, queue: TapQueue, taps: list[Any], first: int = 1) -> Part:
        texts = [json.dumps(each) for each in taps]
        return self.database.read_now(lambda tx: queue.read(tx, texts, first))

    def take(self, queue: TapQueue, part: Part) -> list[LineOutcome]:
        return self.database.write_now(lambda tx: queue.take(tx, part))


@pytest.fixture
def taps_of_bus(city: City, installation: Installation) -> tuple[Uploads, list[Any]]:
    _, rider = city.active_card()
    rider.balance_fen = 10_000
    bus = city.enrol("bus_validator", None, bus_line="B104")
    taps = [rider.tap(bus.number, "single", "B104", amount_fen=200) for _ in range(4)]
    return Uploads(city, installation, bus), taps


def test_of_two_uploads_of_one_queue_at_once_the_later_tells_what_the_first_took(
    taps_of_bus: tuple[Uploads, list[Any]],
) -> None:
    uploads, taps = taps_of_bus
    one, other = uploads.begin(), uploads.begin()
    ahead, late = uploads.read(one, taps[:3]), uploads.read(other, taps)
    taken = uploads.take(one, ahead)
    told = uploads.take(other, late)
    assert [each.outcome for each in taken] == ["taken"] * 3
    assert [each.outcome for each in told] == [*["known"] * 3, "taken"]
    assert [each.tap_id for each in told[:3]] == [each.tap_id for each in taken]
    assert uploads.city.balances()["operator:bus"] == 4 * 200
    assert uploads.city.get("/v1/ledger/check").json()["balanced"]


def test_a_tap_of_two_parts_has_the_id_it_was_saved_with(
    taps_of_bus: tuple[Uploads, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads, taps = taps_of_bus
    queue = uploads.begin()
    first, second = uploads.read(queue, taps[:2]), uploads.read(queue, taps[1:], first=3)
    monkeypatch.setattr("time.monotonic", lambda: first.gathered_at + OLD_AFTER_S + 1)
    taken = uploads.take(queue, first)
    monkeypatch.undo()
    told = uploads.take(queue, second)
    assert [(each.line, each.outcome) for each in taken] == [(1, "taken"), (2, "taken")]
    assert {each.tap_id for each in taken}.isdisjoint(tap_id for tap_id, _ in first.taps)
    assert [(each.line, each.outcome) for each in told] == [
        (3, "known"),
        (4, "taken"),
        (5, "taken"),
    ]
    assert told[0].tap_id == taken[1].tap_id
    assert uploads.city.balances()["operator:bus"] == 4 * 200
