"""Several workers at one port on PostgreSQL: one platform, whichever of them answers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from tests.card_platform.city import application
from virtual_cards.terminals.platform_line import open_client

APPLICANTS = 50
WITHIN_S = 60.0
pytestmark = pytest.mark.postgresql


def command(data: Path, database: str, *more: str) -> list[str]:
    words = ["--data", str(data), "--database", database, "--workers", "3", *more]
    return [sys.executable, "-m", "card_platform", *words]


@contextmanager
def workers(data: Path, database: str) -> Iterator[tuple[psutil.Process, str, str]]:
    process = subprocess.Popen(command(data, database), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        ready = json.loads(process.stdout.readline())
        assert ready["pid"] == process.pid
        clerk = json.loads((data / "access.json").read_text())["tokens"]["clerk"]
        yield psutil.Process(process.pid), ready["url"], clerk
    finally:
        process.terminate()
        assert process.wait(30) == 0
        process.stdout.close()


def apply(url: str, clerk: str, key: str) -> int:
    headers = {"Authorization": f"Bearer {clerk}", "Idempotency-Key": key}
    with open_client(url, headers, timeout_s=60) as client:
        return client.post("/v1/applications", json=application()).status_code


def living(starter: psutil.Process) -> list[int]:
    children = starter.children()
    return [each.pid for each in children if each.status() != psutil.STATUS_ZOMBIE]


def test_one_person_gets_one_card_whichever_worker_is_asked(
    tmp_path: Path, fresh_postgresql: str
) -> None:
    with (
        workers(tmp_path / "data", fresh_postgresql) as (starter, url, clerk),
        ThreadPoolExecutor(APPLICANTS) as applicants,
    ):
        assert len(living(starter)) == 3
        answers = applicants.map(lambda n: apply(url, clerk, f"a{n}"), range(APPLICANTS))
        assert Counter(answers) == {201: 1, 409: APPLICANTS - 1}
    assert not starter.is_running()


def test_a_killed_worker_is_started_again(tmp_path: Path, fresh_postgresql: str) -> None:
    with workers(tmp_path / "data", fresh_postgresql) as (starter, url, clerk):
        before = living(starter)
        os.kill(before[0], signal.SIGKILL)
        deadline = time.monotonic() + WITHIN_S
        while len(set(living(starter)) - set(before)) == 0 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(living(starter)) == len(before)
        assert apply(url, clerk, "after") in {201, 409}


def test_workers_end_with_their_starter_killed_outright(
    tmp_path: Path, fresh_postgresql: str
) -> None:
    data = tmp_path / "data"
    process = subprocess.Popen(command(data, fresh_postgresql), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    children = psutil.Process(process.pid).children()
    process.kill()
    process.wait()
    process.stdout.close()
    _, alive = psutil.wait_procs(children, timeout=WITHIN_S)
    assert alive == []


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--database", "sqlite:///x.sqlite3"), "need PostgreSQL"),
        (("--clock", "virtual"), "virtual clock has one worker"),
        (("--workers", "0"), "must be 1 to 64"),
        (("--regions", "CQ,SC"), "a database of its own"),
    ],
)
def test_what_workers_cannot_share_is_told(
    tmp_path: Path, fresh_postgresql: str, more: tuple[str, ...], told: str
) -> None:
    done = subprocess.run(
        command(tmp_path / "data", fresh_postgresql, *more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert told in done.stderr
