"""A million made-up people on one platform: how long they take to load, in how much memory, and how
soon identity checks are answered among them at 70 % of the highest rate.

Rules: `onecard population` loads them, in a process of its own, whose memory is its own and that
of the platform's code. The highest rate is that of 128 connections which never wait, for so long
that sealing the audit and checkpoints have their share of it; a paced round at 70 % of it follows
at once, in which latency counts from when a request was due. The two are taken in turns, since a
shared machine that is half as fast a minute later would make 70 % of then more than all of now;
the figure is the median of the turns. Holders asked for are spread over the whole million.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from statistics import median
from typing import Final

import msgspec
import psycopg

from card_platform.vocabulary.card_number import card_number_of
from loadtests.due_requests import CHECKS_PATH, PURPOSE, DueRequest
from loadtests.errors import LoadTestCannotRun
from loadtests.preparation import enrol
from scenarios.platform_process import PlatformDidNotStart, PlatformProcess
from scenarios.population import make_population
from scenarios.service_desk import Access, ServiceDesk
from testbed.benchmarks.figure import (
    AT_MOST,
    CannotMeasure,
    Figure,
    FigureIsRefused,
    beside_limit,
)
from testbed.benchmarks.measured_process import run_measured
from testbed.benchmarks.platform_requests import (
    ClientProcess,
    Database,
    database_url,
    durable_folder,
    plan_of,
)

PEOPLE: Final = 1_000_000
LOAD_S_MAX: Final = 180.0
LOAD_MIB_MAX: Final = 500.0
P99_MS_MAX: Final = 20.0
SHARE_OF_HIGHEST: Final = 0.7
CHECKS: Final = 360_000
TURNS, HIGHEST_S, PACED_S = 7, 1.5, 2.5
_STRIDE: Final = 99_991
"""A prime: steps through the people without coming back to one soon."""
_CHECK: Final = "identity-check"


def measure(database: Database) -> list[Figure]:
    """Raises `CannotMeasure` without the database, `FigureIsRefused` for a wrong answer."""
    with durable_folder() as folder, database_url(database, folder) as url:
        took_s, peak_mib = load(folder / "platform", url)
        _rest(url)
        try:
            with PlatformProcess(folder / "platform", url) as platform:
                access = Access.read(platform.access_file)
                plan = plan_of(_CHECK, _checks(access), access.url)
                with ClientProcess(plan) as client:
                    client.warm_up(_CHECK)
                    p99_ms = median(_p99_of_turn(client) for _ in range(TURNS))
        except PlatformDidNotStart as fault:
            raise CannotMeasure(fault.zh, fault.en) from None
        except LoadTestCannotRun as fault:
            raise FigureIsRefused(fault.zh, fault.en) from None
    name = f"million-cards-{database}"
    return [
        beside_limit(f"{name}-load", "s", took_s, AT_MOST, LOAD_S_MAX),
        beside_limit(f"{name}-load-peak", "MiB", peak_mib, AT_MOST, LOAD_MIB_MAX),
        beside_limit(f"{name}-p99", "ms", p99_ms, AT_MOST, P99_MS_MAX),
    ]


def _p99_of_turn(client: ClientProcess) -> float:
    highest = client.rate_per_s(_CHECK, HIGHEST_S)
    return client.p99_ms(_CHECK, PACED_S, SHARE_OF_HIGHEST * highest)


def load(data: Path, url: str | None) -> tuple[float, float]:
    """Load the people; seconds, and the peak of the memory in MiB."""
    onecard = str(Path(sys.executable).with_name("onecard"))
    call = [onecard, "population", "--people", str(PEOPLE)]
    call += ["--data", str(data), *(["--database", url] if url else [])]
    loading = run_measured(call)
    if loading.exit_code:
        raise FigureIsRefused(
            f"onecard population 以 {loading.exit_code} 结束",
            f"onecard population ended with {loading.exit_code}",
        )
    return loading.seconds, loading.peak_mib


def _rest(url: str | None) -> None:
    """What the load left in memory goes to the disk before anything is asked: a platform that holds
    a million cards has not just loaded them.
    """
    if url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
    os.sync()


def _checks(access: Access) -> list[DueRequest]:
    with ServiceDesk(access) as desk:
        counter = enrol(desk, "counter", None)
    run = secrets.token_hex(4)
    checks: list[DueRequest] = []
    for place in range(CHECKS):
        number = place * _STRIDE % PEOPLE
        (person,) = make_population(number, 1)
        # Numbers of people and serials of cards are taken together: person 0 has card 1.
        body = {"purpose": PURPOSE, "card_number": card_number_of(number + 1), "name": person.name}
        checks.append(
            DueRequest(
                0.0,
                _CHECK,
                CHECKS_PATH,
                counter.token,
                f"{run}-{place}",
                -1,
                msgspec.json.encode(body),
                {"result": "valid"},
            )
        )
    return checks
