"""The benchmarks as a machine reads them: the shape of the figures, and what is no figure.

How fast anything is, is not tested: that is for a person with the table.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from testbed import bench
from testbed.benchmarks import card_batches, pcsc_sixteen_readers
from testbed.benchmarks.figure import (
    AT_LEAST,
    AT_MOST,
    CannotMeasure,
    Figure,
    FigureIsRefused,
    Turn,
    beside_limit,
    beside_peer,
    share_of_peer,
    take_turns,
)
from testbed.benchmarks.keep_alive_client import Kind, Plan
from testbed.benchmarks.platform_requests import ClientProcess
from testbed.benchmarks.sim_visits import HORIZON_S, RATE_PER_S, play_bare, play_ciw
from testbed.benchmarks.subjects import SUBJECTS, Subject
from tests.loadtests.small_platform import SmallPlatform
from virtual_cards.readers import pcsc, pcscd

ROOT = Path(__file__).resolve().parents[2]
MEMBERS = {"name", "unit", "value", "limit_name", "limit_value", "ratio"}


def call(*words: str, lang: str = "en") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "testbed.bench", *words, "--lang", lang],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "COLUMNS": "120"},
    )


def test_one_subject_is_a_line_of_the_table_and_an_entry_of_the_json(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    answer = call("--only", "in-process-apdu", "--json", str(file))
    assert answer.returncode == 0, answer.stderr
    assert answer.stderr == ""
    (figure,) = json.loads(file.read_text(encoding="utf-8"))
    assert set(figure) == MEMBERS
    assert (figure["name"], figure["unit"]) == ("in-process-apdu", "APDU/s")
    assert (figure["limit_name"], figure["limit_value"]) == ("at least", 40_000)
    assert figure["ratio"] == pytest.approx(figure["value"] / 40_000, abs=0.001)
    heading, line = answer.stdout.splitlines()
    assert heading.split() == ["name", "unit", "value", "limit", "or", "peer", "ratio"]
    assert line.startswith("in-process-apdu  APDU/s")


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("en", "there is no benchmark 'moon', there is: "), ("zh", "没有名为“moon”的基准项，可用：")],
)
def test_an_unknown_name_is_one_sentence_and_exits_2(lang: str, sentence: str) -> None:
    answer = call("--only", "moon", lang=lang)
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert answer.stderr.startswith(sentence)
    assert len(answer.stderr.splitlines()) == 1


def test_names_of_subjects_are_different() -> None:
    assert len({subject.name for subject in SUBJECTS}) == len(SUBJECTS)


def test_a_figure_is_the_median_of_its_turns_and_the_ratio_that_of_their_ratios() -> None:
    turns = [Turn(10, 20), Turn(30, 30), Turn(50, 500)]
    assert beside_peer("n", "u", turns, "peer") == Figure("n", "u", 30, "peer", 30, 0.5)


def test_figure_and_peer_take_turns() -> None:
    order: list[str] = []

    def note(name: str) -> float:
        order.append(name)
        return 1.0

    take_turns(lambda: note("figure"), lambda: note("peer"), rounds=2)
    assert order == ["figure", "peer", "figure", "peer"]


def test_a_figure_beside_a_limit_has_their_ratio() -> None:
    figure = beside_limit("entry", "ms", 1.5, AT_MOST, 2.0)
    assert (figure.limit_name, figure.ratio) == ("at most", 0.75)
    assert set(msgspec.to_builtins(figure)) == MEMBERS


def test_a_share_of_a_peer_stands_beside_the_least_it_may_be() -> None:
    figure = share_of_peer("n", "null card", [Turn(60, 100), Turn(80, 100), Turn(99, 100)], 0.7)
    assert figure == Figure("n", "of null card", 0.8, AT_LEAST, 0.7, round(0.8 / 0.7, 3))


@pytest.mark.pcsc
@pytest.mark.skipif(
    bool(pcscd.missing_parts()) or not pcsc.is_available(), reason="needs pcscd, vpcd and pyscard"
)
def test_sixteen_terminals_ask_sixteen_cards_and_nothing_is_left() -> None:
    rate, share = pcsc_sixteen_readers.measure(rounds=1, seconds=0.2)
    assert (rate.name, rate.unit, rate.limit_name) == (
        "pcsc-16-readers", "APDU/s", "16 null cards"
    )  # fmt: skip
    assert (share.name, share.limit_name, share.limit_value) == (
        "pcsc-16-readers-share", "at least", 0.7
    )  # fmt: skip
    assert rate.value > 0
    assert share.value == pytest.approx(rate.ratio)
    assert not _children_running("testbed.benchmarks.reader_client")
    assert not _children_running("enclosure.py")


def _children_running(text: str) -> list[int]:
    own = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text(encoding="ascii")
    found = [int(pid) for pid in own.split()]
    return [
        pid for pid in found if text in Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")
    ]


def test_batches_are_measured_in_processes_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card_batches, "FEW_IMAGES", 50)
    monkeypatch.setattr(card_batches, "MANY_IMAGES", 200)
    rate, growth, card = card_batches.measure()
    assert [rate.name, growth.name, card.name] == [
        "personalise-batch", "personalise-batch-growth", "card-in-memory"
    ]  # fmt: skip
    assert rate.limit_value == 1_000
    assert -4 < growth.value < growth.limit_value
    assert 1 < card.value < card.limit_value


def test_what_cannot_be_measured_is_told_and_left_out_of_the_figures() -> None:
    def lacks() -> list[Figure]:
        raise CannotMeasure("缺少 pcscd。", "pcscd is missing.")

    def answers_wrongly() -> list[Figure]:
        raise FigureIsRefused("应答有误。", "an answer was wrong.")

    here = beside_limit("here", "ms", 1.0, AT_MOST, 2.0)
    figures, missing = bench.measure(
        [Subject("away", lacks), Subject("here", lambda: [here]), Subject("bad", answers_wrongly)]
    )
    assert figures == [here]
    assert [(one.name, one.exit_code) for one in missing] == [("away", 3), ("bad", 1)]
    assert missing[0].en == "not measured: pcscd is missing."


def test_the_scripts_of_others_play_about_as_many_customers_as_come() -> None:
    assert play_bare(1) == pytest.approx(HORIZON_S * RATE_PER_S, rel=0.05)
    assert play_ciw(1) == pytest.approx(HORIZON_S * RATE_PER_S, rel=0.05)


@pytest.fixture
def small_platform() -> Iterator[SmallPlatform]:
    with SmallPlatform() as platform:
        thread = threading.Thread(target=platform.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield platform
        platform.shutdown()
        thread.join()


def client_plan(platform: SmallPlatform, kind: Kind) -> Plan:
    return Plan("127.0.0.1", platform.server_address[1], {"health": kind})


HEALTH = b"GET /health HTTP/1.1\r\nHost: here\r\n\r\n"


def test_the_client_counts_right_answers(small_platform: SmallPlatform) -> None:
    kind = Kind(b"200", b'"ok"', [[HEALTH] * 3] * 2)
    with ClientProcess(client_plan(small_platform, kind)) as client:
        assert client.rate_per_s("health", 5.0) > 0
        with pytest.raises(FigureIsRefused, match="used up"):
            client.rate_per_s("health", 5.0)


@pytest.mark.parametrize(("status", "piece"), [(b"201", b'"ok"'), (b"200", b'"right"')])
def test_one_wrong_answer_refuses_the_figure(
    small_platform: SmallPlatform, status: bytes, piece: bytes
) -> None:
    kind = Kind(status, piece, [[HEALTH]], again=True)
    with (
        ClientProcess(client_plan(small_platform, kind)) as client,
        pytest.raises(FigureIsRefused, match=r"HTTP/1\.1 200"),
    ):
        client.rate_per_s("health", 1.0)
