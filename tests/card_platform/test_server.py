"""The platform as a process: ready line, clean end, kill -9, and every fault at start."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from card_platform.settings import Settings
from tests.card_platform.city import City

_STOP_MAX_S = 3.0


def _command(settings: Settings, *extra: str) -> list[str]:
    call = [sys.executable, "-m", "card_platform", "--data", str(settings.data), *extra]
    return [*call, "--database", settings.database_url] if settings.database_url else call


@contextmanager
def _running(settings: Settings) -> Iterator[tuple[subprocess.Popen[str], City]]:
    process = subprocess.Popen(_command(settings), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        ready = json.loads(process.stdout.readline())
        access = json.loads((settings.data / "access.json").read_text())
        assert access["url"] == ready["url"]
        with httpx.Client(base_url=ready["url"], timeout=20) as client:
            yield process, City(client, access["tokens"])
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()


def _refused(settings: Settings, *extra: str) -> tuple[int, str]:
    done = subprocess.run(
        _command(settings, *extra), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == ""
    return done.returncode, done.stderr


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_the_process_answers_and_ends_cleanly(settings: Settings, stop: signal.Signals) -> None:
    with _running(settings) as (process, city):
        assert city.client.get("/health").json() == {"status": "ok", "region": "500000"}
        assert (settings.data / "access.json").stat().st_mode & 0o777 == 0o600
        city.apply()
        started = time.monotonic()
        process.send_signal(stop)
        assert process.wait(_STOP_MAX_S) == 0
        assert time.monotonic() - started < _STOP_MAX_S


def test_an_answered_tap_survives_kill_9(settings: Settings) -> None:
    with _running(settings) as (process, city):
        card_id, chip = city.active_card()
        chip.balance_fen = 10_000
        gate, end = city.enrol(), city.enrol(station="0212")
        entry = chip.tap(gate.number, "entry", "0201")
        receipt = chip.tap(end.number, "exit", "0212", "0201", amount_fen=400)
        city.post("/v1/transit/taps", entry, gate.token)
        answer = city.post("/v1/transit/taps", receipt, end.token, key="last")
        os.kill(process.pid, signal.SIGKILL)
        assert answer.status_code == 201
    with _running(settings) as (process, city):
        view = city.get(f"/v1/cards/{card_id}/transit").json()
        assert [each["ride_id"] for each in view["rides"]] == [answer.json()["ride"]["ride_id"]]
        assert view["balance_fen"] == -400
        assert city.get("/v1/ledger/check").json()["balanced"]
        # The tokens and the client ids are still those of before.
        again = city.post("/v1/transit/taps", receipt, end.token, key="last")
        assert again.json() == answer.json()
        process.terminate()
        assert process.wait(_STOP_MAX_S) == 0


@pytest.fixture
def sqlite_settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "data")


def _assert_told(told: tuple[int, str], code: int, *parts: str) -> None:
    assert told[0] == code, told[1]
    zh, en = told[1].strip().splitlines()
    assert any("\u4e00" <= character <= "\u9fff" for character in zh)
    for part in parts:
        assert part in en


def test_a_port_in_use_is_told(sqlite_settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = _refused(sqlite_settings, "--port", str(port))
    _assert_told(told, 2, f"127.0.0.1:{port}", "--port 0")


def test_a_second_platform_on_one_port_is_told(sqlite_settings: Settings, tmp_path: Path) -> None:
    with _running(sqlite_settings) as (_, city):
        port = str(city.client.base_url.port)
        _assert_told(_refused(Settings(tmp_path / "other"), "--port", port), 2, port)


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    _assert_told(_refused(Settings(tmp_path / "file")), 2, str(tmp_path / "file"), "not writable")


def test_a_missing_or_foreign_key_seed_is_told(sqlite_settings: Settings) -> None:
    with _running(sqlite_settings):
        pass
    seed = sqlite_settings.data / "key-seed"
    kept = seed.read_text()
    seed.write_text("00" * 32)
    _assert_told(_refused(sqlite_settings), 2, str(seed), "not that of the database")
    seed.unlink()
    _assert_told(_refused(sqlite_settings), 3, str(seed), "missing")
    seed.write_text(kept)
    with _running(sqlite_settings) as (_, city):
        assert city.client.get("/health").status_code == 200


def test_a_database_that_does_not_answer_or_is_none_is_told(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"postgresql://u:secret@127.0.0.1:{free.getsockname()[1]}/x"
    told = _refused(Settings(tmp_path / "data", url))
    _assert_told(told, 3, "cannot be used", "127.0.0.1")
    assert "secret" not in told[1]
    _assert_told(_refused(Settings(tmp_path / "data", "nonsense")), 2, "postgresql://")
    (tmp_path / "data" / "platform.sqlite3").write_bytes(b"not a database" * 100)
    _assert_told(_refused(Settings(tmp_path / "data")), 3, "not a database")


def test_an_unknown_region_is_told(sqlite_settings: Settings) -> None:
    _assert_told(_refused(sqlite_settings, "--regions", "XX"), 2, "XX", "known: AH, CQ")


OPEN = {
    "/health": 200,
    "/v1/guide": 200,
    "/v1/catalogue": 200,
    "/v1/catalogue/{item_id}": 404,
    "/v1/catalogue-scenes": 200,
    "/v1/sites": 200,
    "/v1/sites/{site_id}": 404,
    "/v1/agreements": 200,
    "/v1/banks": 200,
    "/v1/medical/designations": 200,
    "/v1/employment/kinds": 200,
    "/v1/payout-programmes": 200,
    "/v1/utilities": 200,
    "/v1/offers": 200,
    "/v1/offers/{offer_id}": 404,
    "/v1/offers/{offer_id}/slots": 400,
    "/v1/agreements/coverage": 400,
    "/v1/exchange/identity": 200,
    "/v1/code-keys": 200,
}
"""What anybody may read, and what it answers without parameters (NM-6b, YD-7a)."""
OPEN_POSTS = {
    "/v1/online-applications": 400,
    "/v1/online-applications/{number}/status": 400,
    "/v1/online-applications/{number}/withdrawal": 400,
    "/v1/complaints": 400,
    "/v1/complaints/{number}/status": 400,
    "/v1/complaints/{number}/feedback": 400,
    "/v1/exchange/messages": 400,
    "/v1/exchange/queries": 400,
    "/v1/electronic-codes": 400,
    "/v1/session-challenges": 400,
    "/v1/transit/fare-questions": 400,
    "/v1/sessions": 400,
}
"""Complaints are made online by anybody, and followed by whoever has their secret. On the exchange,
and from a phone, who signs is who calls. Who signs in has no token yet.
"""


def test_health_and_what_is_public_need_no_token_and_nothing_else_is_open(
    sqlite_settings: Settings,
) -> None:
    with _running(sqlite_settings) as (_, city):
        paths: dict[str, Any] = city.client.get("/openapi.json").json()["paths"]
        for path, methods in paths.items():
            for method in methods:
                status = city.client.request(method, re.sub(r"{\w+}", "1", path)).status_code
                wanted = (OPEN if method == "get" else OPEN_POSTS).get(path, 401)
                assert status == wanted, (method, path)
