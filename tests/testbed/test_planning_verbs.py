"""`onecard plan` and its like: what a planner types, and what a planner gets."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from functools import partial
from pathlib import Path

import pyarrow.csv
import pytest

from sim.network_file import NetworkFile
from sim.planning.alternatives import Sensitivity
from sim.planning.alternatives.sweeps import Point
from sim.planning.replications import Effort, Experiment, Runs, replicate
from sim.planning.staffing import staff
from sim.planning.targets.expressions import read_figure, read_target
from sim.planning.targets.figures import names_of
from sim.planning.workers import Here
from testbed.planning.interruptions import (
    tell_before,
    tell_points,
    tell_roster,
    tell_swings,
    tell_trials,
    telling_what_is_known,
)
from tests.testbed.onecard import call, call_here

HALL = """\
[network]
name = "hall"
horizon_s = 7200
starts_at = "09:00"

[[station]]
name = "counter"
servers = 3
service = { distribution = "exponential", mean_s = 60 }

[[source]]
name = "walk-in"
class = "ordinary"
arrivals = { process = "poisson", piecewise = [[0, 0.02], [3600, 0.05]] }
start = "counter"
"""
SERVERS = "station.counter.servers"
FEW = ("--replications-max", "8")
HANDED_OVER = ("--report", "told", "--csv", "told", "--plot", "told")


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    (tmp_path / "hall.toml").write_text(HALL, encoding="utf-8")
    return tmp_path


def told(*words: str, cwd: Path, code: int = 0) -> dict[str, object]:
    answer = call_here(*words, "--json", "-", cwd=cwd)
    assert answer.returncode == code, answer.stderr
    found = json.loads(answer.stdout)
    assert isinstance(found, dict)
    return found


def told_in_a_report(hall: Path, picture: str) -> str:
    """The page, which has one picture, each input with its source, and refers to nothing outside;
    the picture is a file as well.
    """
    ET.parse(hall / "told" / f"{picture}-1.svg")  # noqa: S314 - our own picture
    page = (hall / "told" / "report.html").read_text(encoding="utf-8")
    assert page.count("<figure") == 1
    assert "hall.toml, line 8" in page
    assert "hall.toml 第 8 行" in page
    return page


def test_a_plan_of_a_file_has_the_shape_of_the_contract_and_a_curve(hall: Path) -> None:
    words = ("--target", "counter.wait_s.p95 <= 120", "--vary", f"{SERVERS}=2..9")
    where = ("--json", "plan.json", "--plot", "pictures", "--report", "told", "--csv", "told")
    answer = call_here("plan", "hall.toml", *words, *where, cwd=hall)
    assert answer.returncode == 0, answer.stderr
    assert f"Least: {SERVERS}=" in answer.stdout
    assert "95 % confidence" in answer.stdout
    found = json.loads((hall / "plan.json").read_text())
    assert set(found) >= {"target", "vary", "answer", "evidence", "replications"}
    least = found["answer"][SERVERS]
    ok = {each["value"]: each["ok"] for each in found["evidence"]}
    assert ok[least] and not ok[least - 1]
    rows = pyarrow.csv.read_csv(hall / "told" / "settings.csv").to_pylist()
    assert {row[SERVERS] for row in rows if row["verdict"] == "holds"} == {
        value for value, holds in ok.items() if holds
    }
    ET.parse(hall / "pictures" / "capacity-1.svg")  # noqa: S314 - our own picture
    page = (hall / "told" / "report.html").read_text(encoding="utf-8")
    limit = "counter.wait_s.p95 &lt;= 120"
    assert f"onecard plan hall.toml --target &#39;{limit}&#39; --vary {SERVERS}=2..9" in page
    assert f"Least: {SERVERS}={least:g}. It meets {limit}" in page
    assert page.count("<figure>") == 1
    assert "hall.toml, line 8" in page  # each input with its source


def test_a_sweep_is_told_in_a_report_with_a_curve_for_each_figure(hall: Path) -> None:
    figures = ("--figure", "counter.wait_s.mean", "--figure", "counter.utilisation")
    words = ("--over", f"{SERVERS}=2..4", *figures, *FEW, "--seed", "3")
    answer = call_here(
        "sim", "sweep", "hall.toml", *words, "--report", "told", "--plot", "told", cwd=hall
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.count("written: ") == 3
    page = (hall / "told" / "report.html").read_text(encoding="utf-8")
    assert page.count("<figure>") == 2
    assert page.count(f"<b>{SERVERS}=3</b>") == 1
    assert "--seed 3" in page
    assert "场景" not in page  # a plan has no scenarios to count


def test_faults_of_a_file_and_of_the_call_about_it_are_told_together(hall: Path) -> None:
    (hall / "hall.toml").write_text(HALL.replace("servers", "severs"), encoding="utf-8")
    words = ("plan", "hall.toml", "--target", "counter.visits > 1", "--vary", "x", "--processes")
    answer = call_here(*words, "-1", "--lang", "zh", cwd=hall)
    assert answer.returncode == 2
    for told in ("hall.toml 第 8 行", "--vary：现为 'x'，应为", "--processes：现为 -1，应为"):
        assert told in answer.stderr
    wrong = ("--target", "countr.visits > 1", "--vary", "x", "--cost", "y=1")
    answer = call_here("plan", "metro-station", *wrong, cwd=hall)
    assert [line.split(":")[0] for line in answer.stderr.splitlines()[1:]] == [
        "  vary", "  cost", "  target, position 1",
    ]  # fmt: skip


def test_a_plan_without_an_answer_says_so_and_exits_1(hall: Path) -> None:
    answer = call_here(
        "plan", "hall.toml", "--target", "counter.wait_s.max <= 0.001",
        "--vary", f"{SERVERS}=2..3", *FEW, "--lang", "zh", cwd=hall,
    )  # fmt: skip
    assert answer.returncode == 1
    assert "范围内没有设置" in answer.stdout


def test_a_step_less_that_is_undecided_is_told(hall: Path) -> None:
    """The limit is the very mean that four counters had: so many runs cannot decide it."""
    figure = "counter.wait_s.mean"
    words = ("--over", f"{SERVERS}=4..4", "--figure", figure, *FEW)
    points = told("sim", "sweep", "hall.toml", *words, cwd=hall)["points"]
    assert isinstance(points, list)
    limit_s = points[0]["figures"][figure]["mean"]
    answer = call_here(
        "plan", "hall.toml", "--target", f"{figure} <= {limit_s!r}", "--vary", f"{SERVERS}=2..9",
        *FEW, cwd=hall,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    assert f"Least: {SERVERS}=5" in answer.stdout
    assert f"{SERVERS}=4 is undecided after 8 runs" in answer.stdout


def test_several_capacities_with_prices_give_the_cheapest(hall: Path) -> None:
    found = told(
        "plan", "metro-station", "--target", "gates.wait_s.p95 <= 30", "--vary", "gates=4..9",
        "--vary", "gates_off_peak=1..4", "--cost", "gates=3", *FEW, cwd=hall,
    )  # fmt: skip
    assert found["method"] == "cheapest first"
    answer = found["answer"]
    assert isinstance(answer, dict)
    assert found["cost"] == 3 * answer["gates"] + answer["gates_off_peak"]


def test_the_same_plan_twice_is_the_same_and_another_seed_is_not(hall: Path) -> None:
    words = ("plan", "hall.toml", "--target", "counter.within(60) >= 90%", "--vary")
    one, other, third = (
        told(*words, f"{SERVERS}=2..9", *FEW, "--seed", seed, cwd=hall) for seed in ("1", "1", "2")
    )
    assert one == other
    assert one["evidence"] != third["evidence"]


def test_a_sweep_tells_every_setting(hall: Path) -> None:
    found = told("sim", "sweep", "hall.toml", "--over", f"{SERVERS}=3..5", *FEW, cwd=hall)
    points = found["points"]
    assert isinstance(points, list)
    assert [point["setting"][SERVERS] for point in points] == [3, 4, 5]


def test_a_comparison_tells_what_changed_and_by_how_much(hall: Path) -> None:
    answer = call_here(
        "sim", "compare", "hall.toml", "--with", f"{SERVERS}=5",
        "--figure", "counter.wait_s.mean", "--antithetic", *HANDED_OVER, cwd=hall,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    assert "counter.wait_s.mean is less" in answer.stdout
    page = told_in_a_report(hall, "differences")
    assert f"{SERVERS}=3 → {SERVERS}=5: counter.wait_s.mean is less" in page
    assert "--antithetic" in page
    row = pyarrow.csv.read_csv(hall / "told" / "differences.csv").to_pylist()[0]
    assert row["difference_high"] < 0
    assert row["before"] + row["difference"] == pytest.approx(row["after"])


def test_sensitivity_ranks_the_numbers_of_a_file(hall: Path) -> None:
    found = told(
        "sim", "sensitivity", "hall.toml", "--figure", "counter.wait_s.mean", *FEW, *HANDED_OVER,
        cwd=hall,
    )  # fmt: skip
    assert "is moved most by" in told_in_a_report(hall, "tornado")
    table = pyarrow.csv.read_csv(hall / "told" / "parameters.csv")
    assert set(table["parameter"].to_pylist()) == {SERVERS, "station.counter.service.mean_s"}
    as_it_is, parameters = found["as_it_is"], found["parameters"]
    assert isinstance(as_it_is, dict)
    assert isinstance(parameters, list)
    names = [each["name"] for each in parameters]
    assert set(names) == {SERVERS, "station.counter.service.mean_s"}
    assert all(each["shown"] for each in parameters)
    for each in parameters:
        ends = sorted((each["at_low"], each["at_high"]))
        assert ends[0] < as_it_is["mean"] < ends[1]


def test_a_roster_is_told_by_the_hour_of_the_day(hall: Path) -> None:
    answer = call_here(
        "sim", "staffing", "hall.toml", "--station", "counter",
        "--target", "counter.within(120) >= 80%", *HANDED_OVER, cwd=hall,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    page = told_in_a_report(hall, "roster")
    assert "<b>09:00  counter=" in page
    assert "every period holds with 95 % confidence" in page
    hours = pyarrow.csv.read_csv(hall / "told" / "hours.csv").to_pylist()
    assert [hour["from_s"] for hour in hours] == [0, 3600]
    assert all(hour["estimate_low"] > 0.8 for hour in hours)
    assert "09:00" in answer.stdout
    assert "10:00" in answer.stdout
    assert "every period holds with 95 % confidence" in answer.stdout


def test_a_calibration_feeds_a_plan_and_a_file(hall: Path) -> None:
    latency_ms = {"p50": 20_000.0, "p95": 40_000.0, "p99": 50_000.0, "p999": 60_000.0, "max": 7e4}
    load = {
        "profile": "station-rush", "rate_done_per_s": 0.01, "requests": 100, "failures": 0,
        "late_ms_p99": 1.0, "latency_ms": latency_ms,
        "by_request": {"tap": {"requests": 100, "failures": 0, "latency_ms": latency_ms}},
    }  # fmt: skip
    (hall / "load.json").write_text(json.dumps(load))
    made = call_here("calibrate", "load.json", "-o", "c.json", "--csv", "times", cwd=hall)
    assert made.returncode == 0, made.stderr
    assert "service time" in made.stdout
    plain, measured = (
        told(
            "plan", "hall.toml", "--target", "counter.wait_s.mean <= 30",
            "--vary", f"{SERVERS}=1..9", *FEW, "--report", "told", *more, cwd=hall,
        )["answer"]
        for more in ((), ("--calibration", "c.json", "--service", "counter=tap"))
    )  # fmt: skip
    assert isinstance(plain, dict)
    assert isinstance(measured, dict)
    assert measured[SERVERS] < plain[SERVERS]
    page = (hall / "told" / "report.html").read_text(encoding="utf-8")
    assert "=1..9 --replications-max 8 --calibration c.json --service counter=tap<" in page
    assert "measured: tap of the load test station-rush, service time" in page
    text = HALL.replace(
        '{ distribution = "exponential", mean_s = 60 }',
        '{ distribution = "empirical", file = "times/tap.csv" }',
    )
    (hall / "measured.toml").write_text(text)
    found = told("sim", "run", "measured.toml", cwd=hall)
    assert found["customers"]
    asked = ("--calibration", "c.json", "--service", "counter=tap", "--report", "run")
    assert told("sim", "run", "hall.toml", *asked, cwd=hall)["stations"] == found["stations"]
    page = (hall / "run" / "report.html").read_text(encoding="utf-8")
    assert "onecard sim run hall.toml --calibration c.json --service counter=tap" in page
    assert "实测：tap，压测 station-rush，服务时间" in page
    nobody = ("--calibration", "c.json", "--service", "till=tap")
    assert (
        "expected one of counter" in call_here("sim", "run", "hall.toml", *nobody, cwd=hall).stderr
    )


def test_a_range_with_an_end_that_cannot_be_is_told_as_it_was_typed(hall: Path) -> None:
    ranged = f"{SERVERS}=0..6"
    plan = ("plan", "hall.toml", "--target", "counter.wait_s.p95 <= 120", "--vary")
    for words in ((*plan, ranged), ("sim", "sweep", "hall.toml", "--over", ranged)):
        answer = call_here(*words, cwd=hall)
        assert answer.returncode == 2
        assert "the call is wrong" in answer.stderr
        assert f"{words[-2]} {ranged}, {SERVERS}: found 0, expected 1 server or more" in (
            answer.stderr
        )
        assert "--set" not in answer.stderr
    changed = call_here("sim", "compare", "hall.toml", "--with", f"{SERVERS}=0", cwd=hall)
    assert f"--with {SERVERS}=0" in changed.stderr
    gates = ("metro-station", "--over", "gates=0..6")
    model = call_here("--lang", "zh", "sim", "sweep", *gates, cwd=hall)
    assert (model.returncode, model.stdout) == (2, "")
    assert "over gates=0..6：现为 '0'，应为 1 到 200 的数" in model.stderr
    nameless = call_here(*plan, "=0..6", cwd=hall)
    assert nameless.returncode == 2
    assert "expected the NAME of a number before =" in nameless.stderr


def test_what_is_known_is_told_where_a_call_is_broken_off(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "hall.toml").write_text(HALL, encoding="utf-8")
    network = NetworkFile(tmp_path / "hall.toml").planned({}, 1.0).network
    figure = read_figure("counter.wait_s.mean", names_of(network))
    experiment = Experiment(Runs(), Effort(4, 4), Here())
    played = replicate(network, (figure,), experiment)
    point = Point(((SERVERS, 3.0),), played)
    swings = Sensitivity(figure, (), 4, played.interval(figure))
    roster = staff(network, "counter", read_target("counter.within(900) >= 10%", names_of(network)),
        experiment)  # fmt: skip
    ways = (
        (partial(tell_trials, ()), "Nothing is known yet"),
        (partial(tell_points, [point]), f"{SERVERS}=3"),
        (partial(tell_before, "counters=3", [played]), "counters=3"),
        (partial(tell_swings, [swings]), "counter.wait_s.mean = "),
        (partial(tell_roster, [roster], 32_400.0), "this roster holds"),
    )
    for tell, told_first in ways:
        with pytest.raises(KeyboardInterrupt), telling_what_is_known(tell):
            raise KeyboardInterrupt
        screen = capsys.readouterr()
        assert screen.out == ""
        assert told_first in screen.err
        assert "No file was written" in screen.err


@pytest.mark.long
def test_a_scheduler_that_is_not_there_is_one_sentence(hall: Path) -> None:
    answer = call(
        "plan", "hall.toml", "--target", "counter.visits >= 1", "--vary", f"{SERVERS}=2..3",
        "--scheduler", "tcp://127.0.0.1:9", cwd=hall,
    )  # fmt: skip
    assert answer.returncode == 2
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in answer.stderr
    assert "Traceback" not in answer.stderr
