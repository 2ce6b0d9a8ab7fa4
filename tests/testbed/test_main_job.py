"""The main job as a person starts it.

It ends with a report, and however it ends nothing is left.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scenarios import outcomes
from tests.testbed.onecard import ONECARD, call

pytestmark = pytest.mark.timeout(400)  # it is the whole job, on whatever machine

TEMPORARY = Path("/tmp/onecard-test")
"""A short path, since Unix sockets stand in it; removed after each test: the killed leave files."""


@pytest.fixture(autouse=True)
def temporary_folder() -> Iterator[None]:
    TEMPORARY.mkdir(exist_ok=True)
    yield
    shutil.rmtree(TEMPORARY)


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [ONECARD, "run", "--quick", "--data", str(folder), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "LANG": "C.UTF-8", "TMPDIR": str(TEMPORARY)},
        # a parent that ignores Ctrl-C, as a shell does for its background jobs, would hand that on
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )


def processes_of(folder: Path) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in line:
            found.append(line)
    return found


def wait_for_platform(folder: Path) -> None:
    deadline = time.monotonic() + 60
    while not list(folder.glob("*/platform/access.json")) and time.monotonic() < deadline:
        time.sleep(0.05)


TIME_LIMITS = {"latency_ms_p95", "latency_ms_p99", "rate_done_per_s", "late_ms_p99"}
"""What a machine busy with something else may miss; the run then says so, and exits with 1."""


def held_in_its_time(stream: Path, code: int, stdout: str, stderr: str) -> bool:
    """Whether all held but for the limits of time, and was told as the stream has it."""
    told = list(outcomes.read(stream))
    steps = [one for one in told if isinstance(one, outcomes.StepFinished)]
    (load,) = [one for one in told if isinstance(one, outcomes.LoadFinished)]
    missed = {limit["name"] for limit in load.result["thresholds"] if not limit["ok"]}
    assert {step.result for step in steps} == {"passed"}, stderr
    assert missed <= TIME_LIMITS, stderr
    assert all(f"load: {name} " in stderr for name in missed)
    assert "do not balance" not in stderr
    assert stdout.splitlines()[0] == ("something failed" if missed else "all held")
    return code == (1 if missed else 0)


def test_it_does_the_whole_job_undisturbed_by_a_second_and_names_the_report(
    tmp_path: Path,
) -> None:
    with start(tmp_path) as run:
        wait_for_platform(tmp_path)
        second = call("run", "--quick", "--data", str(tmp_path))
        assert second.returncode == 2
        assert f"another onecard run (process {run.pid}) is using" in second.stderr
        out, err = run.communicate(timeout=300)
    assert held_in_its_time(tmp_path / "latest" / "outcomes.jsonl", run.returncode, out, err)
    _, report = out.splitlines()
    page = Path(report.removeprefix("report: "))
    assert page.is_file()
    told = list(outcomes.read(page.with_name("outcomes.jsonl")))
    kinds = {type(outcome).__name__ for outcome in told}
    assert kinds >= {
        "RunStarted", "StepFinished", "ApduExchanged", "SimulationFinished", "LoadFinished",
        "RunFinished",
    }  # fmt: skip
    assert not processes_of(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_interrupted_it_ends_every_child(tmp_path: Path, number: signal.Signals) -> None:
    with start(tmp_path) as run:
        wait_for_platform(tmp_path)
        time.sleep(1.0)
        if number is signal.SIGINT:
            os.killpg(run.pid, number)  # as a terminal does
        else:
            run.send_signal(number)
        out, err = run.communicate(timeout=30)
    if number is not signal.SIGKILL:
        assert run.returncode == 130
        assert (out, err.strip()) == ("", "Interrupted; every child process has ended.")
    deadline = time.monotonic() + (20 if number is signal.SIGKILL else 0)
    while processes_of(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not processes_of(tmp_path)


def test_a_port_in_use_is_one_sentence_and_leaves_nothing_running(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = call("run", "--data", str(tmp_path), "--port", str(port))
    assert answer.returncode == 2
    assert f"127.0.0.1:{port}" in answer.stderr
    assert "--port 0" in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1
    assert not processes_of(tmp_path)


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    answer = call("run", "--data", str(tmp_path / "file"))
    assert answer.returncode == 2
    assert "name another with --data" in answer.stderr


def test_without_pyscard_it_says_so_and_uses_the_in_process_reader(tmp_path: Path) -> None:
    blocked = tmp_path / "blocked" / "smartcard"
    blocked.mkdir(parents=True)
    script = (
        "import sys; sys.modules['smartcard'] = None\n"
        "from testbed.command import run\n"
        f"sys.exit(run(['run', '--quick', '--data', {str(tmp_path / 'runs')!r}]))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "LANG": "C.UTF-8"},
    )
    stream = tmp_path / "runs" / "latest" / "outcomes.jsonl"
    assert held_in_its_time(stream, answer.returncode, answer.stdout, answer.stderr)
    assert "PC/SC is not used" in answer.stderr
    told = [json.loads(line) for line in stream.read_text(encoding="utf-8").splitlines()]
    notes = [one["text_en"] for one in told if one["event"] == "note"]
    assert any("PC/SC is not used" in note and "make set-up" in note for note in notes)
    assert told[0]["reader"] == "in-process"
