"""Service times from a load test: what is kept, what is said of it, what is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import pytest

from loadtests.profiles import PROFILES
from loadtests.result import result_of
from sim.distributions import Empirical, mean_s
from sim.engines import engine_of
from sim.network import Network, Poisson, Source, Station
from sim.parameters import FaultyParameters
from sim.planning.calibration import (
    SERVICE_TIME,
    UPPER_BOUND,
    Serving,
    calibrate,
    calibrated,
    read_calibration,
    read_load,
)


@dataclass(frozen=True)
class Sent:
    """A request as the sender records it."""

    name: str
    due_s: float
    turned_to_s: float
    done_s: float
    code: str = ""


def load_file(tmp_path: Path, latency_s: float, rate: float = 10.0) -> Path:
    """The JSON of a load test, as `onecard load` writes it: exponential latencies."""
    times = np.random.default_rng(1).exponential(latency_s, size=4_000)
    records = [
        Sent(
            "tap-entry" if place % 4 else "identity-check",
            place / rate,
            place / rate,
            place / rate + float(time),
        )
        for place, time in enumerate(times)
    ]
    result = result_of(
        PROFILES["station-rush"], rate, 4_000 / rate, records, processes=1, residents=10
    )
    path = tmp_path / "load.json"
    path.write_text(json.dumps(result.to_json()))
    return path


def test_the_measured_quantiles_are_those_of_the_service_time(tmp_path: Path) -> None:
    path = load_file(tmp_path, 0.02)
    told = json.loads(path.read_text())["by_request"]["tap-entry"]["latency_ms"]
    service = calibrate(read_load(path)).services["tap-entry"]
    for name, place in (("p50", 500), ("p95", 950), ("p99", 990), ("p999", 999), ("max", 1000)):
        assert service.values_s[place] * 1000 == pytest.approx(told[name])
    assert service.reading == SERVICE_TIME
    assert service.mean_s == pytest.approx(mean_s(Empirical(service.values_s)))
    assert service.mean_s > 0.02  # below the median all are taken to be the median


def test_requests_in_progress_follow_littles_law(tmp_path: Path) -> None:
    found = calibrate(read_load(load_file(tmp_path, 0.5)))
    service = found.services["tap-entry"]
    assert service.in_progress == pytest.approx(0.75 * 10 * service.mean_s, rel=0.01)
    assert service.servers_at_least == int(np.ceil(service.in_progress))
    assert service.reading == UPPER_BOUND
    assert [note for note in found.notes if "upper bounds" in note.en]


def test_a_station_serves_as_was_measured(tmp_path: Path) -> None:
    calibration = calibrate(read_load(load_file(tmp_path, 0.02)))
    station = Station("platform", ((0.0, 100),), Empirical((1.0,)))
    source = Source("gates", "tap", Poisson(((0.0, 10.0),)), "platform")
    network = Network("day", 2_000.0, (station,), (source,))
    changed = calibrated(network, calibration, (Serving("platform", "tap-entry"),))
    seen = engine_of("simpy")(changed, 1)
    served_s = seen.stations[0].busy_server_s / seen.visits
    assert served_s == pytest.approx(calibration.services["tap-entry"].mean_s, rel=0.03)
    with pytest.raises(FaultyParameters) as told:
        calibrated(network, calibration, (Serving("gate", "tap"), Serving("platform", "tap")))
    assert [fault.key for fault in told.value.faults] == [
        "service", "service.gate", "service.platform",
    ]  # fmt: skip


def test_a_calibration_comes_back_from_its_file_as_it_was(tmp_path: Path) -> None:
    found = calibrate(read_load(load_file(tmp_path, 0.02)))
    path = tmp_path / "calibration.json"
    path.write_bytes(msgspec.json.encode(found))
    assert read_calibration(path) == found


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (None, "No such file"),
        ("no json", "onecard load --json wrote"),
        ("{}", "missing required field"),
    ],
)
def test_a_file_that_is_no_load_result_is_told(
    text: str | None, fault: str, tmp_path: Path
) -> None:
    path = tmp_path / "load.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(FaultyParameters, match=fault):
        read_load(path)


def test_latencies_that_do_not_ascend_and_missing_ones_are_told_together(tmp_path: Path) -> None:
    path = load_file(tmp_path, 0.02)
    told = json.loads(path.read_text())
    told["by_request"]["tap-entry"]["latency_ms"]["p95"] = 0.0
    del told["by_request"]["identity-check"]["latency_ms"]["p99"]
    path.write_text(json.dumps(told))
    with pytest.raises(FaultyParameters) as found:
        calibrate(read_load(path))
    assert [fault.key for fault in found.value.faults] == [
        "by_request.identity-check.latency_ms",
        "by_request.tap-entry.latency_ms",
    ]
