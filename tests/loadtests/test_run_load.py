"""The load test against a small platform over real HTTP: figures, stalls, refusals, and nothing
left behind.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from loadtests import LoadTestCannotRun, Progress, run_load
from scenarios.service_desk import Access
from tests.loadtests.small_platform import TOKENS, SmallPlatform


@pytest.fixture
def platform() -> Iterator[SmallPlatform]:
    with SmallPlatform() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def senders_left() -> list[psutil.Process]:
    # other children are the session's own, such as the PostgreSQL server of the tests
    children = psutil.Process().children(recursive=True)
    living = [child for child in children if child.status() != psutil.STATUS_ZOMBIE]
    return [child for child in living if "loadtests.sender" in child.cmdline()]


def test_a_station_rush_sends_valid_taps_and_checks_at_the_target_rate(
    platform: SmallPlatform, tmp_path: Path
) -> None:
    access = tmp_path / "access.json"
    access.write_text(json.dumps({"url": platform.url, "tokens": TOKENS}))
    seen: list[Progress] = []
    result = run_load(
        "station-rush",
        None,
        rate=200.0,
        duration_s=3.0,
        processes=1,
        access=access,
        progress=seen.append,
    )
    told = json.loads(json.dumps(result.to_json()))
    assert told["failure_codes"] == {}
    assert (told["requests"], told["failures"]) == (600, 0)
    assert platform.world.accepted == 480
    assert platform.world.checks == 120
    # never faster than asked; how much slower is the business of the machine, and of `make bench`
    assert 0 < told["rate_done_per_s"] <= told["rate_sent_per_s"] * 1.05
    assert 0 < told["rate_sent_per_s"] <= 200 * 1.05
    assert set(told["latency_ms"]) == {"p50", "p95", "p99", "p999", "max"}
    assert set(told["by_request"]) == {"tap-entry", "tap-exit", "identity-check"}
    assert [threshold["name"] for threshold in told["thresholds"]] == [
        "failures_share", "latency_ms_p95", "latency_ms_p99", "rate_done_per_s", "late_ms_p99",
    ]  # fmt: skip
    assert len(result.series["t_s"]) == len(result.series["rate_per_s"]) >= 3
    assert sum(result.series["rate_per_s"]) == 600
    assert {progress.phase for progress in seen} == {"prepare", "run"}
    assert senders_left() == []


def test_a_stall_of_one_second_shows_in_the_latency_of_everything_that_was_due_then(
    platform: SmallPlatform,
) -> None:
    """Coordinated omission: a load maker that waits for answers would see one slow request only."""
    platform.world.stall_at = 1.0
    result = run_load(
        "station-rush",
        platform.url,
        rate=100.0,
        duration_s=3.0,
        processes=1,
        access=Access("", TOKENS),
    )
    assert result.failures == 0
    assert result.latency_ms["max"] >= 950
    assert result.latency_ms["p99"] >= 900
    slow = [p99 for p99 in result.series["latency_p99_ms"] if p99 > 500]
    assert slow
    # A third of the run was due during the stall: on average those waited half of it.
    assert result.latency_ms["p95"] >= 600
    assert not result.ok
    assert result.late_ms_p99 < result.latency_ms["p99"] / 2  # it was not the load maker


def test_a_card_taps_in_its_order_however_many_of_its_taps_wait(platform: SmallPlatform) -> None:
    platform.world.stall_at, platform.world.stall_s = 0.2, 2.0
    result = run_load(
        "station-rush",
        platform.url,
        rate=400.0,
        duration_s=3.0,
        processes=1,
        access=Access("", TOKENS),
    )
    assert result.failure_codes == {}


def test_refusals_are_failures_with_their_codes(platform: SmallPlatform) -> None:
    platform.world.refuse_every = 10
    result = run_load(
        "station-rush",
        platform.url,
        rate=50.0,
        duration_s=2.0,
        processes=1,
        access=Access("", TOKENS),
    )
    assert result.failure_codes == {"tap-replayed": 8}
    assert result.failures == 8
    assert not {t.name: t.ok for t in result.thresholds}["failures_share"]


def test_a_fast_answer_that_is_wrong_is_a_failure(platform: SmallPlatform) -> None:
    platform.world.overcharge_fen = 1
    result = run_load(
        "station-rush",
        platform.url,
        rate=50.0,
        duration_s=2.0,
        processes=1,
        access=Access("", TOKENS),
    )
    assert result.failure_codes == {"wrong-answer": result.by_request["tap-exit"]["requests"]}
    assert result.failures > 10


def test_two_processes_share_the_load_and_keep_each_card_in_order(platform: SmallPlatform) -> None:
    result = run_load(
        "station-rush",
        platform.url,
        rate=150.0,
        duration_s=2.0,
        processes=2,
        access=Access("", TOKENS),
    )
    assert (result.requests, result.failure_codes) == (300, {})
    assert platform.world.accepted == 240
    assert senders_left() == []


def test_the_same_platform_can_be_loaded_twice(platform: SmallPlatform) -> None:
    for _ in range(2):
        result = run_load(
            "station-rush",
            platform.url,
            rate=20.0,
            duration_s=1.0,
            processes=1,
            access=Access("", TOKENS),
        )
        assert result.failures == 0


def test_a_platform_that_goes_away_is_a_failure_of_every_request_and_leaves_no_process(
    platform: SmallPlatform,
) -> None:
    def go_away(progress: Progress) -> None:
        platform.world.gone = progress.phase == "run"

    result = run_load(
        "station-rush",
        platform.url,
        rate=40.0,
        duration_s=3.0,
        processes=1,
        access=Access("", TOKENS),
        progress=go_away,
    )
    assert result.failures > 40
    assert set(result.failure_codes) == {"no-answer"}
    assert senders_left() == []


def test_a_progress_callback_that_fails_leaves_no_process(platform: SmallPlatform) -> None:
    def fail(progress: Progress) -> None:
        if progress.phase == "run":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_load(
            "station-rush",
            platform.url,
            rate=20.0,
            duration_s=5.0,
            processes=1,
            access=Access("", TOKENS),
            progress=fail,
        )
    assert senders_left() == []


def test_senders_end_when_their_caller_is_killed(platform: SmallPlatform, tmp_path: Path) -> None:
    code = (
        "from loadtests import run_load; from scenarios.service_desk import Access;"
        f"run_load('station-rush', {platform.url!r}, rate=20.0, duration_s=60.0, processes=2,"
        f" access=Access('', {TOKENS!r}),"
        " progress=lambda seen: print(seen.phase, flush=True))"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}  # the killed leave their files behind
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment
    ) as caller:
        assert caller.stdout is not None
        assert any(line.strip() == b"run" for line in caller.stdout)
        senders = psutil.Process(caller.pid).children()
        caller.kill()
    assert len(senders) == 2
    _gone, alive = psutil.wait_procs(senders, timeout=60)
    assert alive == []


def test_the_callers_process_is_not_patched() -> None:
    code = "import sys, loadtests; print('gevent' in sys.modules, 'locust' in sys.modules)"
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert asked.stdout.split() == ["False", "False"]


@pytest.mark.parametrize(
    ("profile", "rate", "duration_s", "processes", "sentence"),
    [
        ("moon", 1.0, 1.0, 1, "there is no load profile 'moon', there is: station-rush"),
        ("station-rush", 0.0, 1.0, 1, "rate (requests/s) must be above 0 and at most 20000"),
        ("station-rush", float("nan"), 1.0, 1, "rate (requests/s) must be above 0"),
        ("station-rush", 1.0, -1.0, 1, "duration (s) must be above 0 and at most 86400"),
        ("station-rush", 1.0, 1.0, 99, "processes must be above 0 and at most 32, found 99"),
        ("station-rush", 0.1, 1.0, 1, "rate x duration must be 1 to 2000000 requests"),
    ],
)
def test_a_wrong_call_is_one_clear_sentence(
    profile: str, rate: float, duration_s: float, processes: int, sentence: str
) -> None:
    with pytest.raises(LoadTestCannotRun) as caught:
        run_load(
            profile,
            "http://127.0.0.1:9",
            rate=rate,
            duration_s=duration_s,
            processes=processes,
            access=Access("", TOKENS),
        )
    assert sentence in caught.value.en
    assert "\n" not in str(caught.value)


def test_nobody_at_the_address_is_said_so() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{held.getsockname()[1]}"
        with pytest.raises(LoadTestCannotRun, match="no card platform answers at"):
            run_load(
                "station-rush",
                address,
                rate=10.0,
                duration_s=1.0,
                processes=1,
                access=Access("", TOKENS),
            )


def test_a_faulty_access_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(LoadTestCannotRun, match="cannot read the platform's access file"):
        run_load(
            "station-rush",
            None,
            rate=10.0,
            duration_s=1.0,
            processes=1,
            access=tmp_path / "none.json",
        )
    poor = tmp_path / "access.json"
    poor.write_text('{"url": "http://127.0.0.1:9", "tokens": {"clerk": "x"}}')
    with pytest.raises(LoadTestCannotRun, match="lacks the tokens of: operator, production"):
        run_load("station-rush", None, rate=10.0, duration_s=1.0, processes=1, access=poor)


def test_a_refused_preparation_says_what_the_platform_said(platform: SmallPlatform) -> None:
    wrong = Access("", {**TOKENS, "operator": "stolen"})
    with pytest.raises(LoadTestCannotRun, match=r"refused POST /v1/terminals .*403 .*forbidden"):
        run_load("station-rush", platform.url, rate=10.0, duration_s=1.0, processes=1, access=wrong)
