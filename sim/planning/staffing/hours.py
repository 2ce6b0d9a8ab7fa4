"""What each hour (or other period) of a day saw at one station.

An hour's customers are those who arrived in it, whenever they were served. The figures are read
from the trace of a run: memory grows with the visits, so this is for one place, not for a province.
A customer who leaves in the moment of arrival counts as refused; one served in no time at all
cannot be told from that.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.engines import engine_of
from sim.histogram import Times, times_of
from sim.network import UNLIMITED, Network
from sim.observation import Trace
from sim.order import SOURCE_BITS
from sim.planning.replications import Runs, seed_of
from sim.planning.targets.crowds import play_unless_too_many
from sim.planning.targets.figures import Figure, names_of, value_at

PERIOD_S = 3600.0


@dataclass(frozen=True, slots=True)
class PeriodSeen:
    """Who arrived at a station within one period."""

    visits: int
    refused: int
    abandoned: int
    waits: Times


@dataclass(frozen=True, slots=True)
class HoursTask:
    """One replication of which the figures of each period are wanted."""

    network: Network
    replication: int
    runs: Runs
    figures: tuple[Figure, ...]
    station: str
    period_s: float


@dataclass(frozen=True, slots=True)
class HoursEstimates:
    """For each period the figures in the order asked for."""

    replication: int
    values: tuple[tuple[float, ...], ...]
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class LoadTask:
    """One replication of which the work that comes in each period is wanted."""

    network: Network
    replication: int
    runs: Runs
    station: str
    period_s: float


def periods_of(network: Network, period_s: float) -> int:
    """How many periods there are until the horizon; the last may be short."""
    return int(np.ceil(network.horizon_s / period_s))


def play_hours(task: HoursTask) -> HoursEstimates:
    """Play a replication and take the figures of each period."""
    runs, network = task.runs, task.network
    seed = seed_of(runs.seed, task.replication)
    play = engine_of(runs.engine)
    seen = play_unless_too_many(
        lambda most: play(network, seed, traced=True, inside_max=most), network, runs.inside_max
    )
    stopped = seen.stopped.reason if seen.stopped else ""
    if seen.trace is None or stopped:
        return HoursEstimates(task.replication, (), stopped)
    many = periods_of(network, task.period_s)
    at_figure = [
        [
            value_at(figure, each)
            for each in _periods(seen.trace, network, task, figure.customer_class, many)
        ]
        for figure in task.figures
    ]
    return HoursEstimates(task.replication, tuple(zip(*at_figure, strict=True)))


@dataclass(frozen=True, slots=True)
class Offered:
    """The servers that would be busy in each period; `stopped` says why the run was broken off."""

    load: tuple[float, ...]
    stopped: str = ""


def offered_load(task: LoadTask) -> Offered:
    """The servers that would be busy in each period if nobody ever had to wait at the station.

    Where too many gather elsewhere, with unlimited servers here, no roster could prevent it.

    Jennings, Mandelbaum, Massey and Whitt, "Server staffing to meet time-varying demand",
    Management Science 42 (10), 1996: the offered load of a station whose arrivals change.
    """
    stations = tuple(
        replace(each, capacity=((0.0, UNLIMITED),), breakdown=None, batch=None)
        if each.name == task.station
        else each
        for each in task.network.stations
    )
    endless = replace(task.network, stations=stations)
    seed, play = seed_of(task.runs.seed, task.replication), engine_of(task.runs.engine)
    seen = play_unless_too_many(
        lambda most: play(endless, seed, inside_max=most),
        endless,
        task.runs.inside_max,
        math.inf,  # who was called in this run is not counted: a roster may call others
    )
    if seen.stopped is not None:
        return Offered((), seen.stopped.reason)
    at = names_of(task.network).stations.index(task.station)
    series = seen.stations[at].series
    load = np.zeros(periods_of(task.network, task.period_s))
    for step, busy_s in enumerate(series.busy_s):
        period = int(step * series.step_s / task.period_s)
        if period < load.size:
            load[period] += busy_s / task.period_s
    return Offered(tuple(float(each) for each in load))


def _periods(
    trace: Trace, network: Network, task: HoursTask, customer_class: str, many: int
) -> Sequence[PeriodSeen]:
    here = trace.station == names_of(network).stations.index(task.station)
    if customer_class:
        of_class = [source.customer_class == customer_class for source in network.sources]
        here &= np.array(of_class)[trace.customer >> SOURCE_BITS]
    arrival_s, start_s, end_s = trace.arrival_s[here], trace.start_s[here], trace.end_s[here]
    period = np.minimum((arrival_s / task.period_s).astype(np.int64), many - 1)
    unserved = start_s == end_s
    refused = unserved & (end_s == arrival_s)
    seen = []
    for number in range(many):
        mine = period == number
        lost, turned_away = int((mine & unserved).sum()), int((mine & refused).sum())
        waits = times_of((start_s - arrival_s)[mine & ~unserved])
        seen.append(PeriodSeen(int(mine.sum()), turned_away, lost - turned_away, waits))
    return seen
