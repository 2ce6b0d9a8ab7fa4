"""The virtual clock: a trainer moves it forward, everything follows, and a restart keeps it."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta

import pytest
from litestar.testing import TestClient

from card_platform.app import build_app
from card_platform.clockwork import Clockwork, VirtualClock
from card_platform.installation import Installation, open_installation
from card_platform.settings import Settings
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import RealClock
from tests.card_platform.city import City

DAY_S = 86_400


def now_of(city: City) -> datetime:
    answer = city.get("/v1/clock", city.tokens["clerk"])
    return datetime.fromisoformat(answer.json()["now"])


def advance(city: City, seconds: int, role: str = "trainer") -> int:
    return int(city.post("/v1/clock", {"advance_s": seconds}, city.tokens[role]).status_code)


def test_a_trainer_moves_the_clock_and_moments_follow(city: City) -> None:
    before = now_of(city)
    assert advance(city, 15 * DAY_S) == 200
    assert timedelta(days=15) <= now_of(city) - before < timedelta(days=15, minutes=5)
    card_id = city.apply()["card_id"]
    since = city.get(f"/v1/cards/{card_id}", city.tokens["clerk"]).json()["state_since"]
    assert datetime.fromisoformat(since) - before >= timedelta(days=15)


def test_only_a_trainer_moves_it_and_never_back_or_a_century(city: City) -> None:
    assert advance(city, DAY_S, "clerk") == 403
    assert advance(city, 0) == 400
    assert advance(city, -1) == 400
    assert advance(city, 36_500 * DAY_S) == 200
    refused = city.post("/v1/clock", {"advance_s": 36 * DAY_S}, city.tokens["trainer"])
    assert (refused.status_code, refused.json()["code"]) == (422, "clock-too-far-ahead")


def test_the_clock_goes_on_where_it_was_after_a_restart(city: City, settings: Settings) -> None:
    advance(city, 40 * DAY_S)
    again = open_installation(settings)
    try:
        assert isinstance(again.clock, VirtualClock)
        assert again.clock.ahead == timedelta(days=40)
    finally:
        again.database.close()


def test_a_real_clock_is_not_moved(installation: Installation) -> None:
    parts = installation
    app = build_app(parts.policy, parts.keys, parts.database, parts.access.tokens, RealClock())
    with TestClient(app) as client:
        city = City(client, parts.access.tokens)
        refused = city.post("/v1/clock", {"advance_s": 60}, city.tokens["trainer"])
        assert (refused.status_code, refused.json()["code"]) == (409, "clock-is-real")
        assert city.get("/v1/clock", city.tokens["clerk"]).json()["kind"] == "real"


def test_what_falls_due_is_done_with_the_time_of_the_clock(installation: Installation) -> None:
    told: list[datetime] = []

    def work(_tx: Transaction, now: datetime) -> None:
        told.append(now)

    clock = VirtualClock(timedelta(days=9))
    asyncio.run(Clockwork(installation.database, clock, [work]).do_what_is_due())
    (moment,) = told
    assert moment - RealClock().now() > timedelta(days=8)


def test_a_due_work_that_fails_stops_none_of_the_others_and_is_told(
    installation: Installation,
) -> None:
    done: list[str] = []

    def fail(_tx: Transaction, _now: datetime) -> None:
        raise LookupError("out of order")

    def work(_tx: Transaction, _now: datetime) -> bool:
        done.append("piece")
        return len(done) < 3

    clockwork = Clockwork(installation.database, VirtualClock(timedelta()), [fail, work])
    with pytest.raises(LookupError, match="out of order"):
        asyncio.run(clockwork.do_what_is_due())
    assert done == ["piece"]
    asyncio.run(
        Clockwork(installation.database, VirtualClock(timedelta()), [work]).do_what_is_due()
    )
    assert len(done) == 3, "what has more to do goes on by itself"


def test_what_two_runs_find_due_at_once_is_done_once(installation: Installation) -> None:
    """The round of every few seconds and a move of the clock; PostgreSQL writes side by side."""
    done: list[str] = []

    def work(_tx: Transaction, _now: datetime) -> None:
        if not done:
            time.sleep(0.2)
            done.append("statement of the day")

    async def both() -> None:
        clockwork = Clockwork(installation.database, VirtualClock(timedelta()), [work])
        runs = [clockwork.do_what_is_due() for _ in range(2)]
        await asyncio.gather(*runs)

    asyncio.run(both())
    assert done == ["statement of the day"]
