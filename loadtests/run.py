"""Runs a load test from first to last: check the call, prepare, send, judge.

Rules: a wrong call is one clear sentence before anything is touched; no sender is left behind,
however the run ends; the caller's process is not patched (Locust lives in `loadtests.sender`).
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable
from pathlib import Path

import httpx
import msgspec

from loadtests.due_requests import write_plan
from loadtests.errors import LoadTestCannotRun
from loadtests.preparation import prepare
from loadtests.profiles import PROFILES, Profile
from loadtests.result import LoadResult, result_of
from loadtests.senders import Progress, send
from scenarios.service_desk import Access

RATE_MAX, DURATION_S_MAX, PROCESSES_MAX = 20_000.0, 86_400.0, 32
REQUESTS_MAX = 2_000_000


def run_load(
    profile: str,
    host: str | None,
    *,
    rate: float,
    duration_s: float,
    processes: int,
    access: Path | Access,
    progress: Callable[[Progress], None] | None = None,
) -> LoadResult:
    """Load a running platform and judge it.

    `rate` is requests due per second, `duration_s` how long they are due; `access` names the tokens
    (and the address when `host` is None). Preparation comes before the clock starts and does not
    count.

    Raises `LoadTestCannotRun` with one sentence in each language.
    """
    chosen = checked(profile, rate, duration_s, processes)
    told = access if isinstance(access, Access) else read_access(access)
    address = (host or told.url).rstrip("/")
    expect_platform(address)
    tell = progress or (lambda _: None)
    run = secrets.token_hex(4)
    count = round(rate * duration_s)
    taps = sum(not chosen.is_identity_check(place) for place in range(count))
    cast = prepare(
        address,
        told.tokens,
        taps=taps,
        rate=rate,
        run=run,
        progress=lambda done, planned: tell(Progress("prepare", done, planned)),
    )
    plan = write_plan(chosen, rate, duration_s, cast, run)
    records = send(address, plan, rate, processes, tell)
    return result_of(
        chosen, rate, duration_s, records, processes=processes, residents=len(cast.holders)
    )


def checked(profile: str, rate: float, duration_s: float, processes: int) -> Profile:
    """The profile of that name, when the other figures can be run."""
    if profile not in PROFILES:
        known = ", ".join(PROFILES)
        raise LoadTestCannotRun(
            f"没有名为“{profile}”的压测方案，可用：{known}",
            f"there is no load profile '{profile}', there is: {known}",
        )
    for zh, en, value, limit in (
        ("速率（次/秒）", "rate (requests/s)", rate, RATE_MAX),
        ("时长（秒）", "duration (s)", duration_s, DURATION_S_MAX),
        ("进程数", "processes", processes, PROCESSES_MAX),
    ):
        if not (math.isfinite(value) and 0 < value <= limit):
            raise LoadTestCannotRun(
                f"{zh}应大于 0 且不超过 {limit:g}，实为 {value:g}",
                f"{en} must be above 0 and at most {limit:g}, found {value:g}",
            )
    if not 1 <= round(rate * duration_s) <= REQUESTS_MAX:
        raise LoadTestCannotRun(
            f"速率乘时长应为 1 至 {REQUESTS_MAX} 个请求，实为 {rate * duration_s:g}",
            f"rate x duration must be 1 to {REQUESTS_MAX} requests, found {rate * duration_s:g}",
        )
    return PROFILES[profile]


def read_access(path: Path) -> Access:
    """The address and tokens of a platform from its access.json."""
    try:
        access = Access.read(path)
    except (OSError, msgspec.MsgspecError) as fault:
        raise LoadTestCannotRun(
            f"读不了平台的访问文件 {path}：{fault}",
            f"cannot read the platform's access file {path}: {fault}",
        ) from fault
    missing = [role for role in ("operator", "clerk", "production") if role not in access.tokens]
    if missing:
        raise LoadTestCannotRun(
            f"访问文件 {path} 缺少令牌：{', '.join(missing)}",
            f"the access file {path} lacks the tokens of: {', '.join(missing)}",
        )
    return access


def expect_platform(address: str) -> None:
    """Raises `LoadTestCannotRun` unless a card platform answers there."""
    try:
        healthy = httpx.get(f"{address}/health", timeout=10).is_success
        reason = "GET /health"
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        healthy, reason = False, str(fault)
    if not healthy:
        raise LoadTestCannotRun(
            f"{address} 没有卡平台应答（{reason}）",
            f"no card platform answers at {address} ({reason})",
        )
