"""The back office: a process that does batches. Whatever becomes of it, each request is answered
once.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
import time
import uuid
from collections.abc import Coroutine, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import psutil  # type: ignore[import-untyped]
import pytest
import uvloop

from card_platform.app import build_platform
from card_platform.back_office_process import Orders
from card_platform.clockwork import Clockwork, VirtualClock
from card_platform.installation import Installation
from card_platform.settings import KEY_SEED_FILE, Settings
from card_platform.storage import Statement, Transaction
from card_platform.vocabulary.moment import CHINA_STANDARD_TIME
from card_platform.web.authentication import Caller
from card_platform.web.back_office import PROCESS, BackOffice, Call, Order, frame_of
from card_platform.web.batching import BATCH_MAX
from card_platform.web.idempotency import ClientId
from scenarios.platform_process import PlatformProcess
from scenarios.service_desk import Access

WITHIN_S = 60.0
AT_ONCE = 64
CHECKS = "/v1/identity-checks"
COUNT = Statement("SELECT COUNT(*), COUNT(DISTINCT check_id), MAX(at) FROM identity_checks")
UNSEALED = Statement(
    "SELECT (SELECT COUNT(*) FROM audit_records) - (SELECT COUNT(*) FROM audit_seals)"
)
UNKNOWN = {"purpose": "hotel", "card_number": "Z99999999", "name": "测试甲"}


@pytest.fixture
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # as the server has it
        yield runner


@pytest.fixture
def office(
    settings: Settings, installation: Installation, loop: asyncio.Runner
) -> Iterator[BackOffice]:
    """Over the data of `installation`; not started."""
    assert installation.database.url == settings.sqlalchemy_url
    made = BackOffice(settings)
    yield made
    loop.run(made.close())


@pytest.fixture
def hall(installation: Installation, office: BackOffice, loop: asyncio.Runner) -> Hall:
    return Hall(installation, office, loop)


async def until_ready(office: BackOffice) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not office.is_ready and time.monotonic() < deadline:
        office.begin()
        await asyncio.sleep(0.02)
    assert office.is_ready


def offices_of(pid: int) -> list[psutil.Process]:
    children = psutil.Process(pid).children()
    living = [each for each in children if each.status() != psutil.STATUS_ZOMBIE]
    return [each for each in living if PROCESS in each.cmdline()]


def count(installation: Installation) -> tuple[Any, ...]:
    return installation.database.read_now(lambda tx: tx.rows(COUNT, {}))[0]


async def check(client: httpx.AsyncClient, token: str, key: str, **changed: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    return await client.post(CHECKS, json=UNKNOWN | changed, headers=headers)


class Hall:
    """Many checks at once, through the platform's app."""

    def __init__(
        self, installation: Installation, office: BackOffice, loop: asyncio.Runner
    ) -> None:
        parts = installation
        self.office = office
        self._loop = loop
        tokens = parts.access.tokens
        self._token = tokens["clerk"]
        self._app = build_platform(
            parts.policy, parts.keys, parts.database, tokens, parts.clock, office=office
        ).app

    def send(self, keys: list[str], **changed: str) -> list[httpx.Response]:
        async def gather() -> list[httpx.Response]:
            transport: Any = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://hall") as client:
                asked = [check(client, self._token, key, **changed) for key in keys]
                return await asyncio.gather(*asked)

        return self._loop.run(gather())

    def start_office(self) -> None:
        self.run(until_ready(self.office))

    def run(self, what: Coroutine[Any, Any, None]) -> None:
        self._loop.run(what)


def test_it_answers_as_the_platform_itself_does(installation: Installation, hall: Hall) -> None:
    keys = [f"k{number}" for number in range(AT_ONCE)]
    alone = hall.send(["alone"])
    hall.start_office()
    together = hall.send(keys)
    assert {each.status_code for each in [*alone, *together]} == {200}
    told = [msgspec.json.decode(each.content) for each in [*alone, *together]]
    assert len({each.pop("check_id") for each in told}) == AT_ONCE + 1
    assert all(each == told[0] for each in told)
    again = hall.send(keys)
    assert [each.content for each in again] == [each.content for each in together]
    if installation.database.url.startswith("sqlite"):
        unsealed = installation.database.read_now(lambda tx: tx.rows(UNSEALED, {}))[0][0]
        assert unsealed == 0, "what it wrote it sealed, and what waited"
    other = hall.send(keys[:8], purpose="rail")
    assert {each.json()["code"] for each in other} == {"client-id-reused"}
    assert count(installation)[:2] == (AT_ONCE + 1, AT_ONCE + 1)
    malformed = hall.send([f"m{number}" for number in range(10)], card_number="?")
    assert {each.json()["code"] for each in malformed} == {"request-malformed"}


def test_killed_in_the_middle_each_request_is_still_done_once(
    installation: Installation, hall: Hall
) -> None:
    hall.start_office()
    (victim,) = offices_of(os.getpid())
    keys = [f"k{number}" for number in range(6 * AT_ONCE)]
    first, during, after = keys[:AT_ONCE], keys[AT_ONCE : 5 * AT_ONCE], keys[5 * AT_ONCE :]
    told = hall.send(first)
    victim.send_signal(signal.SIGSTOP)  # so that a batch is on its way when it is killed
    is_killed = threading.Event()

    def kill() -> None:
        is_killed.set()
        victim.kill()

    threading.Timer(0.3, kill).start()
    told += hall.send(during)
    assert is_killed.is_set(), "the requests waited for the office"
    told += hall.send(after)
    assert {each.status_code for each in told} == {200}
    assert count(installation)[:2] == (len(keys), len(keys))
    hall.start_office()
    assert [each.content for each in hall.send(keys)] == [each.content for each in told]
    assert count(installation)[:2] == (len(keys), len(keys))


def test_it_lives_by_the_platforms_clock(installation: Installation, hall: Hall) -> None:
    hall.start_office()
    clock = installation.clock
    assert isinstance(clock, VirtualClock)
    clock.ahead = timedelta(days=400)
    hall.send([f"k{number}" for number in range(20)])
    assert str(count(installation)[2])[:10] == clock.now().date().isoformat()


def test_it_does_the_upkeep_while_it_is_there(installation: Installation, hall: Hall) -> None:
    def is_not_for_us(_tx: Transaction, _now: datetime) -> bool:
        raise AssertionError("the platform did it itself")

    hall.start_office()
    hall.send([f"k{number}" for number in range(3 * AT_ONCE)])
    upkeep = {"filing": is_not_for_us, "sealing": is_not_for_us}
    clockwork = Clockwork(installation.database, installation.clock, [], upkeep, hall.office)
    hall.run(clockwork.do_what_is_due())
    assert installation.database.read_now(lambda tx: tx.rows(UNSEALED, {}))[0][0] == 0
    with pytest.raises(AssertionError, match="itself"):
        hall.run(do_without(hall.office, clockwork))


async def do_without(office: BackOffice, clockwork: Clockwork) -> None:
    await office.close()
    await clockwork.do_what_is_due()


def test_without_it_the_platform_does_the_work(settings: Settings, hall: Hall) -> None:
    seed = settings.data / KEY_SEED_FILE
    seed.rename(seed.with_suffix(".away"))
    for turn in range(3):
        told = hall.send([f"k{turn}-{number}" for number in range(20)])
        assert {each.status_code for each in told} == {200}
    deadline = time.monotonic() + WITHIN_S
    while offices_of(os.getpid()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not hall.office.is_ready


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_it_ends_with_the_platform_however_that_ends(
    tmp_path: Path, number: signal.Signals
) -> None:
    with PlatformProcess(tmp_path) as running:
        access = Access.read(running.access_file)
        (platform,) = (
            each for each in psutil.Process().children() if str(tmp_path) in each.cmdline()
        )
        deadline = time.monotonic() + WITHIN_S
        while not (found := offices_of(platform.pid)) and time.monotonic() < deadline:
            assert asyncio.run(send_to(access)) == {200}
        (office,) = found
        assert asyncio.run(send_to(access)) == {200}
        platform.send_signal(number)
        office.wait(WITHIN_S)
        assert not office.is_running()


async def send_to(access: Access) -> set[int]:
    limits = httpx.Limits(max_connections=AT_ONCE)
    async with httpx.AsyncClient(base_url=access.url, limits=limits, timeout=60) as client:
        asked = [check(client, access.tokens["clerk"], uuid.uuid4().hex) for _ in range(AT_ONCE)]
        return {each.status_code for each in await asyncio.gather(*asked)}


def test_batches_that_wait_are_done_together_as_far_as_one_batch_goes() -> None:
    at, nobody = datetime(2026, 1, 1, tzinfo=CHINA_STANDARD_TIME), Caller("clerk", "clerk")
    call = Call(CHECKS, b"{}", nobody, ClientId("clerk", "key", b""))
    asked = [Order(at, [call] * many) for many in (46, 72, 11)]
    asked += [Order(at, upkeep="filing"), Order(at, [call] * BATCH_MAX), Order(at, [call])]
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for number, order in enumerate(asked):
            ours.sendall(frame_of(number, msgspec.msgpack.encode(order)))
        ours.shutdown(socket.SHUT_WR)
        orders = Orders(theirs)
        taken = [[number for number, _ in orders.next()] for _ in range(5)]
        with pytest.raises(EOFError):
            orders.next()
    assert taken == [[0, 1], [2], [3], [4], [5]]
