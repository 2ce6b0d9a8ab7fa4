"""Where the warm-up ends: MSER-5 on a series, or a given time.

A run begins with an empty network, which no real station is in the middle of the day. For a
steady-state answer what happens before the warm-up ends is played, not counted
(`measured_from_s`). A day that really begins empty has no warm-up.

MSER-5: the series is taken in means of five; cut so that the standard error of what remains is
least; a cut in the second half means that the run is too short to say. Source: K. P. White, "An
effective truncation heuristic for bias reduction in simulation output", Simulation 69 (6), 1997;
White, Cobb and Spratt, "A comparison of five steady-state truncation heuristics for simulation",
Proc. Winter Simulation Conference 2000.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.engines import engine_of
from sim.network import Network
from sim.planning.replications import Runs, seed_of
from sim.planning.targets.crowds import play_unless_too_many
from sim.planning.workers import Workers

BATCH = 5
PILOTS = 8
LEAST_BATCHES = 5
"""Fewer remaining batches say nothing: their standard error is small by chance."""


@dataclass(frozen=True, slots=True)
class WarmUp:
    """Until when a run warms up, in seconds; `is_sure` is false when it is too short to say.

    With `stopped` runs were broken off: they never settle.
    """

    until_s: float
    is_sure: bool
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class Pilot:
    """A run of which only a series is wanted."""

    network: Network
    replication: int
    runs: Runs


@dataclass(frozen=True, slots=True)
class PilotSeries:
    """Of each station in turn, step by step: the mean number of customers in service or the longest
    queue. `step_s` is the length of a step in seconds.
    """

    replication: int
    step_s: float
    of_stations: tuple[tuple[float, ...], ...]
    stopped: str = ""


def mser_5(series: Sequence[float]) -> tuple[int, bool]:
    """How many values of a series to leave out, and whether the cut is in its first half."""
    whole = len(series) // BATCH
    if whole < 2 * LEAST_BATCHES:
        return 0, False
    batches = np.array(series[: whole * BATCH], dtype=np.float64).reshape(whole, BATCH).mean(axis=1)
    squares = [
        float(((batches[cut:] - batches[cut:].mean()) ** 2).sum()) / (whole - cut) ** 2
        for cut in range(whole - LEAST_BATCHES + 1)
    ]
    cut = int(np.argmin(squares))
    return cut * BATCH, cut <= whole // 2


def warm_up_of(network: Network, runs: Runs, workers: Workers, pilots: int = PILOTS) -> WarmUp:
    """By MSER-5 on the queues of every station, averaged over some runs; the latest counts.

    Only the time until the horizon is looked at: afterwards the network empties.
    """
    tasks = [Pilot(network, number, runs) for number in range(pilots)]
    told = sorted(workers.map(_pilot, tasks), key=lambda each: each.replication)
    if stopped := next((each.stopped for each in told if each.stopped), ""):
        return WarmUp(0.0, is_sure=False, stopped=stopped)
    step_s, until_s, sure = told[0].step_s, 0.0, True
    for at_station in zip(*(each.of_stations for each in told), strict=True):
        mean = np.mean(np.array(at_station), axis=0)
        cut, is_sure = mser_5([float(value) for value in mean])
        until_s, sure = max(until_s, cut * step_s), sure and is_sure
    return WarmUp(until_s, sure)


def _pilot(pilot: Pilot) -> PilotSeries:
    runs, play = pilot.runs, engine_of(pilot.runs.engine)
    seed = seed_of(runs.seed, pilot.replication)
    seen = play_unless_too_many(
        lambda most: play(pilot.network, seed, inside_max=most), pilot.network, runs.inside_max
    )
    if seen.stopped is not None:
        return PilotSeries(pilot.replication, 0.0, (), seen.stopped.reason)
    step_s = seen.stations[0].series.step_s
    steps = int(pilot.network.horizon_s / step_s)
    of_stations: list[tuple[float, ...]] = []
    for station in seen.stations:
        inside: Any = station.series.busy_s[:steps] / step_s + station.series.queue_max[:steps]
        of_stations.append(tuple(float(value) for value in inside))
    return PilotSeries(pilot.replication, step_s, tuple(of_stations))
