"""Batches through the command: made, checked, personalised; and how much memory that takes."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.testbed.onecard import ONECARD, call
from virtual_cards.personalisation import CardOfBatch, read_batch

MEMBERS = {
    "batch", "output", "cards", "faulty_lines", "seconds", "cards_per_s", "peak_rss_mb"
}  # fmt: skip
GROWTH_MAX_MB = 32
QUICK_GROWTH_MAX_MB = 4


def summary_of(*words: str, code: int = 0, cwd: Path) -> dict[str, Any]:
    answer = call("cards", *words, "--json", "-", cwd=cwd)
    assert answer.returncode == code, answer.stderr
    if code == 0:
        assert answer.stderr == "", "quiet in a pipe"
    summary: dict[str, Any] = json.loads(answer.stdout)
    assert set(summary) == MEMBERS
    return summary


def test_a_batch_is_made_checked_and_personalised(tmp_path: Path) -> None:
    made = summary_of("make", "--count", "2000", "-o", "batch.jsonl.gz", cwd=tmp_path)
    assert (made["output"], made["cards"]) == ("batch.jsonl.gz", 2000)
    checked = summary_of("check", "batch.jsonl.gz", cwd=tmp_path)
    assert (checked["output"], checked["cards"], checked["faulty_lines"]) == (None, 2000, 0)
    done = summary_of("personalise", "batch.jsonl.gz", "-o", "states.jsonl", cwd=tmp_path)
    assert (done["output"], done["cards"], done["faulty_lines"]) == ("states.jsonl", 2000, 0)
    numbers = []
    for line in read_batch(tmp_path / "states.jsonl"):
        assert isinstance(line, CardOfBatch)
        numbers.append(line.card.image["card_number"])
    assert numbers == [f"T{number:08d}" for number in range(1, 2001)]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["batch.jsonl.gz", "states.jsonl"]


def test_a_seed_gives_the_same_batch_and_another_seed_another_testbed(tmp_path: Path) -> None:
    for name, seed in (("one", "7"), ("same", "7"), ("other", "8")):
        summary_of("make", "--count", "3", "--seed", seed, "-o", name, cwd=tmp_path)
    one, same, other = ((tmp_path / name).read_bytes() for name in ("one", "same", "other"))
    assert one == same
    assert (
        json.loads(one.splitlines()[0])["testbed"] != json.loads(other.splitlines()[0])["testbed"]
    )


def test_a_second_batch_of_the_same_testbed_begins_where_the_first_ended(tmp_path: Path) -> None:
    words = ("--count", "2", "--first", "3", "--balance-fen", "500", "-o", "batch.jsonl")
    summary_of("make", *words, cwd=tmp_path)
    images = [json.loads(line) for line in (tmp_path / "batch.jsonl").read_bytes().splitlines()]
    assert [image["card_number"] for image in images] == ["T00000003", "T00000004"]
    assert {image["transit"]["balance_fen"] for image in images} == {500}


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "line 2 $.pin: found a hidden value, expected 4 to 12 digits, or none"),
        ("zh", "第 2 行 $.pin：实为 a hidden value，应为 4 to 12 digits, or none"),
    ],
)
def test_faulty_lines_are_told_and_stop_nobody(lang: str, sentence: str, tmp_path: Path) -> None:
    summary_of("make", "--count", "3", "-o", "batch.jsonl", cwd=tmp_path)
    lines = (tmp_path / "batch.jsonl").read_bytes().splitlines()
    lines[1] = (
        lines[1]
        .replace(b'"pin":"123456"', b'"pin":"x"')
        .replace(b'"balance_fen":0', b'"balance_fen":-1')
    )
    (tmp_path / "batch.jsonl").write_bytes(b"\n".join(lines))
    words = ("cards", "personalise", "batch.jsonl", "-o", "states.jsonl", "--lang", lang)
    answer = call(*words, "--json", "summary.json", cwd=tmp_path)
    assert answer.returncode == 2
    told = answer.stderr.splitlines()
    assert len(told) == 2, "both faults of the line"
    assert sentence in told
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert (summary["cards"], summary["faulty_lines"]) == (2, 1)
    assert len((tmp_path / "states.jsonl").read_bytes().splitlines()) == 2


def test_two_thousand_images_take_the_memory_of_twenty(tmp_path: Path) -> None:
    peaks = []
    for count in ("20", "2000"):
        made = summary_of("make", "--count", count, "-o", "batch.jsonl", cwd=tmp_path)
        done = summary_of("personalise", "batch.jsonl", "-o", "states.jsonl", cwd=tmp_path)
        peaks.append((made["peak_rss_mb"], done["peak_rss_mb"]))
    for fewer, more in zip(*peaks, strict=True):
        assert more - fewer < QUICK_GROWTH_MAX_MB


def test_the_peak_is_that_of_the_command_not_of_who_started_it(tmp_path: Path) -> None:
    held = b"x" * (256 << 20)
    made = summary_of("make", "--count", "1", "-o", "batch.jsonl", cwd=tmp_path)
    assert made["peak_rss_mb"] < len(held) >> 21


def test_an_empty_batch_and_a_batch_onto_itself_are_refused(tmp_path: Path) -> None:
    (tmp_path / "batch.jsonl").write_bytes(b"")
    empty = call("cards", "check", "batch.jsonl", cwd=tmp_path)
    assert (empty.returncode, empty.stdout) == (2, "")
    assert empty.stderr.startswith("batch.jsonl is empty")
    same = call("cards", "personalise", "batch.jsonl", "-o", "batch.jsonl", cwd=tmp_path)
    assert same.returncode == 2
    assert "is the batch itself" in same.stderr


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_ended_leaves_no_batch_that_looks_finished(
    how: signal.Signals, tmp_path: Path
) -> None:
    with subprocess.Popen(
        [ONECARD, "cards", "make", "--count", "1000000", "-o", "batch.jsonl"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as run:
        deadline = time.monotonic() + 20
        while not list(tmp_path.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.02)
        run.send_signal(how)
        run.wait(20)
    left = [file.name for file in tmp_path.iterdir()]
    assert "batch.jsonl" not in left
    if how is signal.SIGTERM:
        assert left == []


def test_progress_is_told_on_a_terminal(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [ONECARD, "cards", "make", "--count", "3000", "-o", "batch.jsonl"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env={**os.environ, "LANG": "C.UTF-8", "LC_ALL": "", "TERM": "xterm"},
    ) as run:
        os.close(theirs)
        told = b""
        while piece := _read(ours):
            told += piece
        assert run.wait(20) == 0
    os.close(ours)
    assert b" cards, 0 faulty lines" in told


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other end is closed: the program has ended
        return b""


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_hundred_thousand_images_take_the_memory_of_ten_thousand(tmp_path: Path) -> None:
    peaks = []
    for count in (10_000, 100_000):
        name = f"batch-{count}.jsonl.gz"
        made = _long("make", "--count", str(count), "-o", name, cwd=tmp_path)
        done = _long("personalise", name, "-o", f"states-{count}.jsonl.gz", cwd=tmp_path)
        assert made["cards"] == done["cards"] == count
        assert done["faulty_lines"] == 0
        peaks.append((made["peak_rss_mb"], done["peak_rss_mb"]))
    print("peak MiB of make and personalise at 10,000 and at 100,000:", peaks)
    for fewer, more in zip(*peaks, strict=True):
        assert more - fewer < GROWTH_MAX_MB


def _long(*words: str, cwd: Path) -> dict[str, Any]:
    answer = subprocess.run(
        [ONECARD, "cards", *words, "--json", "-"],
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
        cwd=cwd,
    )
    summary: dict[str, Any] = json.loads(answer.stdout)
    return summary
