"""`onecard sim`: what a planner types, and what a planner gets."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from sim.network import Constant as Fixed
from sim.network import Network, Poisson, Recorded, Scheduled, Source, Station
from tests.testbed.onecard import ONECARD, call, call_here

HALL = """\
[network]
name = "service hall"
horizon_s = 7200
starts_at = "09:00"

[[station]]
name = "counter"
servers = 2
service = { distribution = "exponential", mean_s = 60 }
patience = { distribution = "exponential", mean_s = 600 }

[[source]]
name = "walk-in"
class = "ordinary"
arrivals = { process = "poisson", rate_per_s = 0.04 }
start = "counter"
"""


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    file = tmp_path / "hall.toml"
    file.write_text(HALL, encoding="utf-8")
    return tmp_path


def test_a_file_is_played_and_told_as_the_contract_says(hall: Path) -> None:
    answer = call_here(
        "sim", "run", "hall.toml", "--engine", "simpy", "--digest", "--json", "-", cwd=hall
    )
    assert answer.returncode == 0, answer.stderr
    told = json.loads(answer.stdout)
    assert (told["model"], told["preset"], told["engine"]) == ("service hall", "", "simpy")
    assert re.fullmatch("[0-9a-f]{64}", told["digest"])
    counter = told["stations"]["counter"]
    assert set(counter) == {
        "visits", "refused", "abandoned", "wait_s", "utilisation", "queue_max",
    }  # fmt: skip
    assert told["classes"]["counter"]["ordinary"]["visits"] == counter["visits"]
    assert told["journeys"]["ordinary"]["customers"] == told["customers"]
    assert "Waits are longest at counter" in told["answer"]["en"]
    assert "“counter”等候最久" in told["answer"]["zh"]
    assert answer.stderr == ""


def test_both_engines_give_the_same_digest_and_compiled_is_the_default(hall: Path) -> None:
    by_default = json.loads(
        call("sim", "run", "hall.toml", "--digest", "--json", "-", cwd=hall).stdout
    )
    words = ("sim", "run", "hall.toml", "--digest", "--json", "-", "--engine", "simpy")
    simpy = json.loads(call_here(*words, cwd=hall).stdout)
    assert by_default["engine"] == "compiled"
    assert by_default["digest"] == simpy["digest"]


def test_replications_put_an_interval_beside_every_figure(hall: Path) -> None:
    words = ("sim", "run", "hall.toml", "--engine", "simpy", "--replications", "4")
    told = json.loads(call_here(*words, "--json", "-", cwd=hall).stdout)
    of = told["ci95"]["counter"]
    for figure in ("visits", "utilisation", "queue_max"):
        low, high = of[figure]
        assert low < high
    assert set(of["wait_s"]) == set(told["stations"]["counter"]["wait_s"])
    screen = call_here(*words, cwd=hall).stdout
    assert "95 % intervals over 4 replications" in screen
    once = json.loads(call_here(*words[:-2], "--json", "-", cwd=hall).stdout)
    assert "ci95" not in once
    assert once["stations"] == told["stations"]  # the first replication is the run itself


def test_a_run_is_repeated_until_its_interval_is_as_narrow_as_asked(hall: Path) -> None:
    words = ("sim", "run", "hall.toml", "--precision", "0.1", "--antithetic", "--warm-up", "1800")
    answer = call_here(*words, "--json", "told.json", "--report", "told", cwd=hall)
    assert answer.returncode == 0, answer.stderr
    told = json.loads((hall / "told.json").read_text(encoding="utf-8"))
    assert told["replications"] > 8
    assert (told["antithetic"], told["warm_up_s"]) == (True, 1800)
    assert told["precision"]["reached"]
    low, high = told["ci95"]["counter"]["wait_s"]["mean"]
    assert (high - low) / (high + low) <= 0.1
    assert f"{told['replications']} replications in antithetic pairs" in answer.stdout
    assert "The first 1,800 s are the warm-up, not counted." in answer.stdout
    page = (hall / "told" / "report.html").read_text(encoding="utf-8")
    assert f"95 % intervals over {told['replications']} replications" in page
    typed = "--precision 0.1 --replications-max 256 --antithetic --warm-up 1800"
    assert f"onecard sim run hall.toml {typed}" in page
    once = json.loads(call_here(*words[:3], "--json", "-", cwd=hall).stdout)
    assert told["customers"] == once["customers"]
    assert told["visits"] < 0.9 * once["visits"]  # those of the warm-up are not counted
    short = call_here(*words[:4], "0.001", "--replications-max", "8", "--lang", "zh", cwd=hall)
    assert short.returncode == 1
    assert "运行 8 次后仍未达到精度 0.001：counter.wait_s.mean" in short.stdout


def test_the_warm_up_of_a_run_is_found_by_mser_5_or_told_to_be_unknown(hall: Path) -> None:
    words = ("sim", "run", "hall.toml", "--warm-up", "auto", "--json", "-")
    long = call_here(*words, "--set", "network.horizon_s=400000", cwd=hall)
    assert long.returncode == 0, long.stderr
    assert 0 <= json.loads(long.stdout).get("warm_up_s", 0) < 200_000
    short = call_here(*words, "--set", "network.horizon_s=20", cwd=hall)
    assert short.returncode == 1
    assert "too short for MSER-5" in short.stderr


def test_faults_of_how_often_a_run_is_played_are_told_together(hall: Path) -> None:
    words = ("--warm-up", "7200", "--antithetic", "--replications", "3", "--figure", "x.visits")
    refused = call_here("sim", "run", "hall.toml", *words, cwd=hall)
    assert refused.returncode == 2
    assert [line.split(":")[0].strip() for line in refused.stderr.splitlines()[1:]] == [
        "warm-up", "figure, position 1", "figure", "replications",
    ]  # fmt: skip


def test_settings_and_scale_of_a_file_change_what_is_played(hall: Path) -> None:
    words = ("sim", "run", "hall.toml", "--engine", "simpy", "--json", "-")
    plain = json.loads(call_here(*words, cwd=hall).stdout)
    wide = json.loads(call_here(*words, "--set", "station.counter.servers=4", cwd=hall).stdout)
    assert wide["customers"] == plain["customers"]
    slow, fast = (each["stations"]["counter"]["wait_s"]["mean"] for each in (plain, wide))
    assert fast < slow / 4
    twice = json.loads(call_here(*words, "--scale", "2", cwd=hall).stdout)
    assert 1.5 < twice["customers"] / plain["customers"] < 2.5


def test_a_faulty_file_tells_all_its_faults_and_exits_with_2(hall: Path) -> None:
    faulty = HALL.replace("servers = 2", "severs = 2").replace('start = "counter"', 'start = "x"')
    (hall / "hall.toml").write_text(faulty, encoding="utf-8")
    words = ("sim", "run", "hall.toml", "--seed", "-1", "--preset", "y")
    refused = call_here(*words, cwd=hall)
    assert refused.returncode == 2
    assert refused.stdout == ""
    for fault in (
        "--seed: found -1, expected a whole number from 0 to 2**64 - 1",
        "--preset: found 'y', expected none: a file has no presets",
        "hall.toml, line 8, station.counter.severs: found an unknown key, expected servers (known",
        "hall.toml, line 6, station.counter.servers: found nothing, expected a whole number",
        'hall.toml, line 16, source.walk-in.start: found "x", expected one of counter',
    ):
        assert fault in refused.stderr
    chinese = call_here(*words, "--lang", "zh", cwd=hall).stderr
    assert "hall.toml 第 8 行，station.counter.severs：现为 不认识的键，应为 servers" in chinese
    assert len(chinese.splitlines()) == len(refused.stderr.splitlines()) == 6


def test_a_faulty_call_of_a_model_is_told_in_chinese_too(tmp_path: Path) -> None:
    told = call_here(
        "sim", "run", "metro-station", "--set", "gates=x", "--scale", "0", "--lang", "zh",
        cwd=tmp_path,
    )  # fmt: skip
    assert told.returncode == 2
    assert "scale：现为 0.0，应为大于 0、不超过 1000 的数" in told.stderr
    assert "gates：现为 'x'，应为 1 到 200 的数" in told.stderr


def test_pictures_tables_and_a_report_are_written_where_a_person_says(hall: Path) -> None:
    answer = call_here(
        "sim", "run", "hall.toml", "--engine", "simpy", "--trace", "--plot", "pictures",
        "--seed", "7", "--csv", "tables", "--parquet", "tables", "--report", "report", cwd=hall,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    written = {path.name for path in (hall / "pictures").iterdir()}
    assert written == {"hall.svg", "hall-waits.svg", "hall-moving.svg", "hall-counter.html"}
    assert {path.name for path in (hall / "tables").iterdir()} == {
        f"{name}.{form}" for name in ("stations", "series", "visits") for form in ("csv", "parquet")
    }
    page = (hall / "report" / "report.html").read_text(encoding="utf-8")
    assert "hall.toml, line 8" in page
    assert "onecard sim run hall.toml --seed 7 --engine simpy" in page
    assert "animateTransform" in page
    assert not re.search(r"(?:src|href)=[\"']?http", page)
    assert answer.stdout.count("written: ") == 4 + 6 + 1
    (hall / "taken").write_text("", encoding="utf-8")
    refused = call_here("sim", "run", "hall.toml", "--engine", "simpy", "--csv", "taken", cwd=hall)
    assert refused.returncode == 2
    assert "taken cannot be written" in refused.stderr


def test_a_run_that_cannot_end_stops_with_what_is_known_and_exits_with_1(hall: Path) -> None:
    words = (
        "sim", "run", "hall.toml", "--engine", "simpy", "--json", "-",
        "--set", "station.counter.service.mean_s=200000",
        "--set", 'station.counter.patience.distribution="constant"',
        "--set", "station.counter.patience.value_s=1e12",
    )  # fmt: skip
    refused = call_here(*words, cwd=hall)
    assert refused.returncode == 2  # a constant has no mean_s: told, not passed over
    assert "station.counter.patience.mean_s: found an unknown key" in refused.stderr
    text = HALL.replace('patience = { distribution = "exponential", mean_s = 600 }\n', "")
    (hall / "hall.toml").write_text(text, encoding="utf-8")
    stopped = call_here(*words[:9], cwd=hall)
    assert stopped.returncode == 1
    told = json.loads(stopped.stdout)
    assert told["stopped"]["reason"] == "endless"
    assert told["stopped"]["station"] == "counter"
    assert told["stations"]["counter"]["visits"] == told["customers"] > 100
    assert "the work that comes needs" in stopped.stderr
    assert "2.0 are open on average, more than it can serve" in stopped.stderr


def test_what_would_never_end_is_refused_before_it_begins(hall: Path) -> None:
    seldom = '[[route]]\nclass = "ordinary"\nfrom = "counter"\nto = { counter = 0.9999999 }\n'
    breaks = '{ distribution = "constant", value_s = 1e-9 }'
    text = HALL.replace("rate_per_s = 0.04", "rate_per_s = 1e12") + seldom
    text = text.replace(
        "servers = 2", f"servers = 2\nbreakdown = {{ between = {breaks}, repair = {breaks} }}"
    )
    (hall / "hall.toml").write_text(text, encoding="utf-8")
    refused = call_here("sim", "run", "hall.toml", cwd=hall)
    assert refused.returncode == 2
    for fault in (
        "line 16, source.walk-in.arrivals: found 7.2e+15 customers, expected at most 1e+11 until",
        "line 9, station.counter.breakdown: found 7.2e+12 breakdowns, expected at most 1e+10 until",
        "found 1e+07 visits of a customer on average, expected at most 1000",
    ):
        assert fault in refused.stderr
    large = call_here(
        "sim", "run", "commuter-rush", "--preset", "sichuan", "--scale", "1000", "--lang", "zh",
        cwd=hall,
    )  # fmt: skip
    assert large.returncode == 2
    assert "15000 个站点（由规模与设置得出），应为不超过 2048" in large.stderr


def test_every_input_of_a_model_and_of_a_file_is_shown_with_its_source(hall: Path) -> None:
    model = json.loads(call_here("sim", "show", "metro-station", "--json", "-", cwd=hall).stdout)
    assert all(row["unit"] and row["source"] and row["meaning_zh"] for row in model)
    busy = call_here("sim", "show", "metro-station", "--preset", "busy", cwd=hall).stdout
    assert "70400" in busy
    file = json.loads(call_here("sim", "show", "hall.toml", "--json", "-", cwd=hall).stdout)
    assert {row["name"]: row["source"] for row in file}["station.counter.servers"] == (
        "hall.toml, line 8"
    )
    assert "Cai Yi" in call_here("sim", "list", "--verbose", cwd=hall).stdout


def test_ctrl_c_says_how_far_the_run_was(hall: Path) -> None:
    told, screen = _on_a_terminal(hall, ("--set", "network.horizon_s=1e10", "--engine", "simpy"))
    assert told == 130
    assert "customers" in screen  # progress on a terminal
    assert "left" in screen
    assert re.search(r"Interrupted at \d+ d [\d:]+ of model time", screen)


def test_how_many_will_come_is_reckoned_for_the_time_left() -> None:
    network = Network(
        "n", 100.0, (Station("s", ((0.0, 1),), Fixed(1.0)),),
        (
            Source("a", "c", Poisson(((0.0, 0.5), (80.0, 2.0), (500.0, 9.0))), "s"),
            Source("b", "c", Scheduled(((10.0, 5), (100.0, 7))), "s"),
            Source("d", "c", Recorded(), "s"),
        ),
    )  # fmt: skip
    assert network.expected_customers() == pytest.approx(40 + 40 + 5)


def _on_a_terminal(folder: Path, words: tuple[str, ...]) -> tuple[int, str]:
    """Exit code and screen of a run that gets Ctrl-C once it tells the time left."""
    ours, theirs = pty.openpty()
    run = subprocess.Popen(
        [ONECARD, "sim", "run", "hall.toml", *words], cwd=folder,
        stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    os.close(theirs)
    screen, asked = b"", False
    try:
        while True:
            screen += os.read(ours, 65536)
            if not asked and b"left" in screen:
                asked = True
                time.sleep(0.2)
                run.send_signal(signal.SIGINT)
    except OSError:  # the terminal is closed with its last writer
        pass
    finally:
        os.close(ours)
    return run.wait(60), screen.decode(errors="replace")
