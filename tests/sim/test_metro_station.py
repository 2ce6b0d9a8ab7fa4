"""The morning at a metro station: what a planner gets, and what a wrong call is told."""

import json
import re
import xml.etree.ElementTree as ET

import pytest

from sim import FaultyParameters, models, run_model
from sim.pictures import draw_morning
from sim.result import SimulationResult


@pytest.fixture(scope="module")
def average() -> SimulationResult:
    return run_model("metro-station", seed=1, digest=True)


def test_the_queue_builds_in_the_peak_and_drains_before_the_end(average: SimulationResult) -> None:
    series = average.series["gates"]
    queue = series["queue"]
    peak = queue.index(max(queue))
    assert max(queue) > 50
    assert 60 <= series["t_s"][peak] / 60 <= 150  # minutes after 06:30
    assert max(queue[:45]) < 10
    assert max(queue[-45:]) < 10


def test_the_json_has_the_shape_of_the_contract(average: SimulationResult) -> None:
    told = json.loads(json.dumps(average.to_json()))
    assert set(told) >= {
        "model", "preset", "engine", "seed", "scale", "customers", "visits", "events",
        "wall_s", "peak_rss_mb", "digest", "stations",
    }  # fmt: skip
    assert (told["model"], told["preset"], told["engine"]) == ("metro-station", "average", "simpy")
    assert re.fullmatch("[0-9a-f]{64}", told["digest"])
    gates = told["stations"]["gates"]
    assert set(gates) == {
        "visits", "refused", "abandoned", "wait_s", "utilisation", "queue_max",
    }  # fmt: skip
    assert set(gates["wait_s"]) == {"mean", "p50", "p95", "p99", "max"}
    assert gates["visits"] == told["visits"] > told["customers"]  # failed taps come again


def test_the_answer_names_enough_gates_in_both_languages(average: SimulationResult) -> None:
    assert re.match(
        r"With 6 gates the longest queue is \d+, p95 wait \d+ s; with 7", average.answer_en
    )
    assert average.answer_zh.startswith("6 台闸机：最长排队")
    assert "\n" not in average.answer_en + average.answer_zh


def test_more_gates_shorten_the_wait(average: SimulationResult) -> None:
    more = run_model("metro-station", seed=1, settings={"gates": "8"})
    assert more.customers == average.customers
    assert more.stations["gates"].wait_s["p95"] < average.stations["gates"].wait_s["p95"] / 5
    assert "with 9 gates" not in more.answer_en


def test_scale_multiplies_the_passengers(average: SimulationResult) -> None:
    tenth = run_model("metro-station", seed=1, scale=0.1)
    assert tenth.customers == pytest.approx(average.customers / 10, rel=0.1)
    assert tenth.digest is None
    assert "digest" not in tenth.to_json()


def test_a_station_ten_times_as_busy_is_told_what_it_lacks_and_plays_no_gate_more() -> None:
    crowded = run_model("metro-station", scale=10, engine="compiled")
    assert "keep 57.3 gates busy on average: not even 14 would do" in crowded.answer_en
    assert "平均占用 57.3 台闸机：14 台也远远不够" in crowded.answer_zh


def test_the_same_call_gives_the_same_digest(average: SimulationResult) -> None:
    assert run_model("metro-station", seed=1, digest=True).digest == average.digest


def test_every_number_has_a_unit_and_a_source_or_says_that_it_is_assumed() -> None:
    for model in models():
        for parameter in model.parameters:
            assert parameter.unit
            assert parameter.source
            assert parameter.low <= parameter.value <= parameter.high
        for preset in model.presets.values():
            assert set(preset) <= {parameter.name for parameter in model.parameters}


def test_the_inputs_are_told_with_the_result_and_a_changed_one_says_so() -> None:
    small = run_model("metro-station", scale=0.05, settings={"gates": 7})
    rows = {row["name"]: row for row in small.assumptions}
    assert rows["gates"]["value"] == "7"
    assert rows["gates"]["source"] == "set by the caller"
    assert "Cai Yi" in rows["gate_rate_card"]["source"]
    assert rows["peak_hour_share"]["source"].startswith("assumption")


def test_all_faults_of_a_call_are_reported_at_once() -> None:
    settings: dict[str, str | float] = {
        "gates": "2.5",
        "doors": 1,
        "qr_share": "2",
        "gate_rate_card": "fast",
    }
    with pytest.raises(FaultyParameters) as caught:
        run_model("metro-station", "quiet", -1, 0, settings)
    keys = [fault.key for fault in caught.value.faults]
    assert keys == ["seed", "scale", "preset", "gates", "doors", "qr_share", "gate_rate_card"]
    assert "gates: found '2.5', expected a whole number of gates" in str(caught.value)


def test_an_unknown_model_is_told_which_there_are() -> None:
    with pytest.raises(
        FaultyParameters, match=r"model: found 'moon', expected one of metro-station"
    ):
        run_model("moon")


def test_the_picture_is_one_svg_that_refers_to_nothing_outside(average: SimulationResult) -> None:
    svg = draw_morning(average)
    ET.fromstring(svg)  # noqa: S314 - our own picture
    assert svg.startswith("<svg")
    assert not re.search(r"(?:href|src)=\"(?!#)", svg)
    assert len(svg) < 200_000


def test_without_a_chinese_font_the_picture_is_labelled_in_english(
    average: SimulationResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.pictures.canvas.CHINESE_FONTS", ("No Such Font",))
    svg = draw_morning(average)
    assert "arrivals/min" in svg  # matplotlib names each text in a comment
    assert "排队" not in svg
