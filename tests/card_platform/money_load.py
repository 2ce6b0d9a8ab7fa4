"""Money under fire: a platform in a process of its own, people who insist, and kill -9.

Four kinds of work go on at once: orders to a bank, payout files that are brought and released, taps
one by one and taps by the batch; somebody moves the clock, so that due work is under way when the
process dies. Whoever got no reply asks again with the same key until there is one. Every reply goes
to the auditor.
"""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from card_platform.settlement.payouts.periods import text_of
from scenarios.platform_process import PlatformProcess
from scenarios.service_desk import Access
from tests.card_platform.chip import Chip
from tests.card_platform.city import City
from tests.card_platform.money_auditor import CONDUCT, Auditor, Reply
from tests.card_platform.payees import csv_file, line_of
from tests.card_platform.test_bank_orders import PAYER, behave, ready_account
from tests.card_platform.test_banks import BANK
from virtual_cards.terminals.platform_line import open_client

PROGRAMME, FUND = "work-relief", "fund:work-relief"
FIRST_MONTH = 1_000 * 12
"""Of the months paid for, one a file: long ago, so that none lies ahead however many there are."""
PAYEES, BATCH_TAPS, FARE_FEN = (1, 2, 3, 4), 10, 200
REPLY_WITHIN_S = 300.0
PAUSE_S_MAX = 0.06
"""Most that somebody rests between two requests: due work must come to its turn as well."""
TRY_AGAIN_S = 0.03
ADVANCE_S = 600
_BUSY = {httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE}


@dataclass
class Fire:
    """A platform that is killed again and again, and those who work with it.

    Attributes:
        heard: whose requests were answered, by what their keys begin with.
        repeated: requests that were sent again, for no reply came the first time.
        stop: set when the load is to end.
    """

    process: PlatformProcess
    auditor: Auditor
    stop: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    access: Access | None = None
    cards: list[str] = field(default_factory=list)
    chips: list[Chip] = field(default_factory=list)
    bus: tuple[str, str] = ("", "")
    requests: int = 0
    repeated: int = 0
    heard: set[str] = field(default_factory=set)
    taps: dict[str, set[str]] = field(default_factory=dict)

    def open(self) -> None:
        """Start the platform, with payees who have accounts and riders with cards."""
        self.process.start()
        self.access = Access.read(self.process.access_file)
        with self.city() as city:
            self.cards = [ready_account(city, sequence) for sequence in PAYEES]
            self.chips = [city.active_card(50 + place)[1] for place in range(2)]
            for chip in self.chips:
                chip.balance_fen = 10**9
            bus = city.enrol("bus_validator", None, bus_line="B104")
            self.bus = bus.number, bus.token
            behave(city, **CONDUCT, slow_s=30)

    @contextmanager
    def city(self) -> Iterator[City]:
        """A connection of somebody's own."""
        assert self.access is not None
        with open_client(self.access.url, {}, timeout_s=20) as client:
            yield City(client, self.access.tokens)

    def insist(self, city: City, path: str, body: Any, caller: str, key: str) -> Reply:
        """Ask until there is a reply; it says that it was done."""
        deadline = time.monotonic() + REPLY_WITHIN_S
        tries = 0
        while True:
            tries += 1
            try:
                answer = city.post(path, body, caller, key)
            except httpx.HTTPError:
                answer = None
            if answer is not None and answer.status_code not in _BUSY:
                break
            assert time.monotonic() < deadline, f"no reply of {path} within {REPLY_WITHIN_S} s"
            time.sleep(TRY_AGAIN_S)
        assert answer.is_success, (path, answer.text)
        with self.lock:
            self.requests += 1
            self.repeated += tries > 1
            self.heard.add(key.partition("-")[0])
        told: Reply = answer.json()
        return told

    def order(self, city: City, number: int, chosen: random.Random) -> None:
        body: Reply = {"client_id": f"f-{number}", "card_id": chosen.choice(self.cards)}
        body |= {"source": PAYER, "amount_fen": chosen.randint(1, 9_999), "purpose": "劳务费"}
        told = self.insist(city, "/v1/bank-orders", body, "operator", f"order-{number}")
        with self.lock:
            self.auditor.told_of_order(body, told)

    def payout(self, city: City, number: int, chosen: random.Random) -> None:
        lines = [
            line_of(who, f"{chosen.randint(1, 99)}.{chosen.randint(10, 99)}") for who in PAYEES
        ]
        month = text_of("month", FIRST_MONTH + number)
        text = csv_file(lines, f"F-{number}", programme=PROGRAMME, period=month)
        file = {"format": "csv", "file": text}
        told = self.insist(city, "/v1/payout-batches", file, "operator", f"payout-{number}")
        assert (told["lines"], told["faulty_lines"]) == (len(PAYEES), 0), told
        with self.lock:
            assert told["batch_id"] not in self.auditor.batches
            self.auditor.batches[told["batch_id"]] = []
        path = f"/v1/payout-batches/{told['batch_id']}/decision"
        decision = {"decision": "release", "reason": "复核"}
        self.insist(city, path, decision, "supervisor", f"release-{number}")

    def tap(self, city: City, number: int, _chosen: random.Random) -> None:
        self._taken(city, self.chips[0], "/v1/transit/taps", 1, f"tap-{number}")

    def tap_batch(self, city: City, number: int, _chosen: random.Random) -> None:
        path = "/v1/transit/tap-batches"
        self._taken(city, self.chips[1], path, BATCH_TAPS, f"taps-{number}")

    def advance(self, city: City, number: int, _chosen: random.Random) -> None:
        """Time passes, and with it due work; now and then the bank is down."""
        if number % 12 in (5, 9):
            conduct = {**CONDUCT, "slow_s": 30, "down": number % 12 == 5}
            path = f"/v1/simulated-banks/{BANK}/conduct"
            self.insist(city, path, conduct, "trainer", f"conduct-{number}")
        with suppress(httpx.HTTPError):  # answered when all is done that is due: not insisted on
            city.post("/v1/clock", {"advance_s": ADVANCE_S}, "trainer", f"clock-{number}")

    def wait_for_replies(self) -> None:
        """Until everybody was answered once more: also on a machine that has much else to do."""
        self.heard.clear()
        deadline = time.monotonic() + REPLY_WITHIN_S
        while not {"order", "payout", "tap", "taps"} <= self.heard:
            assert time.monotonic() < deadline, self.heard
            time.sleep(TRY_AGAIN_S)

    def works(self) -> list[Callable[[City, int, random.Random], None]]:
        """What goes on at once."""
        return [self.order, self.payout, self.tap, self.tap_batch, self.advance]

    def _taken(self, city: City, chip: Chip, path: str, count: int, key: str) -> None:
        number, token = self.bus
        taps = [chip.tap(number, "single", "B104", amount_fen=FARE_FEN) for _ in range(count)]
        if count == 1:
            told = self.insist(city, path, taps[0], token, key)
            made = [told["tap_id"]]
        else:
            lines = "\n".join(json.dumps(each) for each in taps)
            told = self.insist(city, path, {"lines": lines}, token, key)
            assert (told["refused"], len(told["lines"])) == (0, count), told
            made = [each["tap_id"] for each in told["lines"]]
        with self.lock:
            known = self.taps.setdefault(chip.serial, set())
            assert not known & set(made), "two taps with one id"
            known.update(made)
            self.auditor.move(f"purse:{chip.serial}", "operator:metro", count * FARE_FEN)


@contextmanager
def burning(data: Path, database: str | None) -> Iterator[Fire]:
    """A platform with its people, at an address it keeps; ended in any case."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    fire = Fire(PlatformProcess(data, database, port, clock="virtual"), Auditor(BANK, FUND))
    try:
        fire.open()
        yield fire
    finally:
        fire.stop.set()
        fire.process.stop()


@contextmanager
def under_load(fire: Fire, seed: int) -> Iterator[Callable[[], None]]:
    """All works at once, a person each; gives what raises where one of them failed."""

    def go_on(work: Callable[[City, int, random.Random], None], place: int) -> None:
        chosen = random.Random(seed * 100 + place)
        with fire.city() as city:
            number = 0
            while not fire.stop.is_set():
                work(city, number, chosen)
                number += 1
                time.sleep(chosen.random() * PAUSE_S_MAX)

    works = fire.works()
    with ThreadPoolExecutor(len(works)) as people:
        running: list[Future[None]] = [
            people.submit(go_on, work, place) for place, work in enumerate(works)
        ]

        def look() -> None:
            for each in running:
                if each.done():
                    each.result()

        try:
            yield look
        finally:
            fire.stop.set()
        for each in running:
            each.result()
