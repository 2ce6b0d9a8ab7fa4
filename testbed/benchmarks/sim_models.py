"""Each shipped model on both engines, and a whole day of a province's commuters.

Rules: compilation comes before. A model is played at a scale that SimPy plays in a second or so, on
both engines in turn, with the same seed; both give the same sample path (a test says so), so the
work is the same. The day is played by a process of its own, so that its memory is its own; time a
trip at a hundredth and at full scale stand beside each other, as do their peaks.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any, Final

from sim.engines import COMPILED, SIMPY, engine_of
from sim.models import MODELS
from sim.network import Network
from sim.playing import make_ready
from sim.run import SCALE_MAX, Call, prepare
from testbed.benchmarks.figure import (
    AT_MOST,
    Figure,
    FigureIsRefused,
    beside_limit,
    beside_peer,
    take_turns,
)

MODELS_NAME: Final = "sim-models"
DAY_NAME: Final = "sim-day"
DAY: Final = "commuter-rush"
OUR_SIMPY: Final = "our SimPy"
VISITS: Final = 100_000
"""About so many at the scale at which a model is compared."""
TURN_S: Final = 0.3
"""An engine plays for so long at least, seed after seed: one run of the compiled one is a hundredth
of a second, in which a stall of the machine would be half the figure.
"""
SCALE_LEAST: Final = 1e-3
DAY_S_MAX: Final = 60.0
DAY_PEAK_MIB_MAX: Final = 2048.0
TRIPS_LEAST: Final = 20_000_000
TIMES_LINEAR_MAX: Final = 1.2
PEAK_TIMES_MAX: Final = 2.0


def measure_models() -> list[Figure]:
    """How many times as fast the compiled engine plays each model at the same scale."""
    make_ready(COMPILED)
    return [_figure_of(name) for name in MODELS]


def measure_day() -> list[Figure]:
    """Raises `FigureIsRefused` where fewer trips came than the day has."""
    small, whole = _play_day(0.01), _play_day(1.0)
    if whole["customers"] < TRIPS_LEAST:
        raise FigureIsRefused(
            f"只有 {whole['customers']:,} 次出行", f"only {whole['customers']:,} trips came"
        )
    per_trip = [told["wall_s"] / told["customers"] for told in (small, whole)]
    peaks = [told["peak_rss_mb"] for told in (small, whole)]
    linear = max(per_trip) / min(per_trip)
    return [
        beside_limit(DAY_NAME, "s", whole["wall_s"], AT_MOST, DAY_S_MAX),
        beside_limit(f"{DAY_NAME}-peak", "MiB", peaks[1], AT_MOST, DAY_PEAK_MIB_MAX),
        beside_limit(f"{DAY_NAME}-linear", "times", linear, AT_MOST, TIMES_LINEAR_MAX),
        beside_limit(f"{DAY_NAME}-flat", "times", peaks[1] / peaks[0], AT_MOST, PEAK_TIMES_MAX),
    ]


def _figure_of(name: str) -> Figure:
    network = prepare(name, Call()).network
    visits = engine_of(COMPILED)(network, 1).visits
    scale = min(SCALE_MAX, max(SCALE_LEAST, VISITS / visits))
    network = prepare(name, Call(scale=scale)).network
    turns = take_turns(_rate(network, COMPILED), _rate(network, SIMPY), rounds=3)
    return beside_peer(f"{MODELS_NAME}-{name}", "visits/s", turns, OUR_SIMPY)


def _rate(network: Network, engine: str) -> Callable[[], float]:
    play, seeds = engine_of(engine), count(1)

    def rate() -> float:
        begin, visits, took_s = time.perf_counter(), 0, 0.0
        while took_s < TURN_S:
            visits += play(network, next(seeds)).visits
            took_s = time.perf_counter() - begin
        return visits / took_s

    return rate


def _play_day(scale: float) -> dict[str, Any]:
    command = [str(Path(sys.executable).with_name("onecard")), "sim", "run", DAY, "--json", "-"]
    command += ["--preset", "sichuan", "--scale", str(scale)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        raise FigureIsRefused(
            f"{DAY} 以 {done.returncode} 结束", f"{DAY} ended with {done.returncode}"
        )
    told: dict[str, Any] = json.loads(done.stdout)
    return told
