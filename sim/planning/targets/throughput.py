"""How many surely come, and how many a station can surely not get done: sums of random numbers,
taken to the careful side.

Rule: a sum of many random numbers lies within `SURE` standard deviations of its mean but for a
chance of 1 in 10**23: that is what "surely" means here.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from sim.customers import Recorded, Source, expected
from sim.distributions import Distribution, deviation_s, mean_s
from sim.network import UNLIMITED, Station
from sim.observation import Floats

SURE = 10.0


def called_until(
    station: Station, classes: Sequence[str], from_s: float | Floats, after_s: Floats
) -> Floats:
    """So many at most are called at a station from each moment (or one) until so long after it: as
    its servers, working all the time, get done. Infinite where they are unlimited or take no time.
    """
    services: list[Distribution] = [
        station.service, *(each for name, each in station.service_of if name in classes)
    ]  # fmt: skip
    shortest_s = min(map(mean_s, services))
    most = max(servers for _, servers in station.capacity)
    if shortest_s <= 0 or most == UNLIMITED:
        return np.full_like(after_s, math.inf)
    size = station.batch.size if station.batch else 1
    varies = max(map(deviation_s, services)) / shortest_s
    done = _server_s(station.capacity, from_s, after_s) / shortest_s
    called: Floats = size * (done + SURE * varies * np.sqrt(done) + most + 1)
    return called


def expected_until(source: Source, until_s: float) -> float:
    """How many of a source are expected until a moment."""
    if isinstance(source.arrivals, Recorded):
        return bisect_left(source.arrivals.moments_s, until_s)
    return expected(source.arrivals, until_s)


def surely_above(means: Floats) -> Floats:
    """Sums of Poisson numbers, or of whether something happens, are surely at least this large."""
    least: Floats = np.maximum(0.0, means - SURE * np.sqrt(means))
    return least


def surely_below(mean: float, spread: float) -> float:
    """A sum with this mean, whose variance is `spread` times as large, is surely smaller."""
    return mean + SURE * math.sqrt(spread * mean) + 1.0


def _server_s(
    capacity: Sequence[tuple[float, int]], from_s: float | Floats, after_s: Floats
) -> Floats:
    """Server seconds of a plan from each moment until so long after it."""
    last_s = float(np.max(from_s + after_s))
    steps = [*capacity, (max(last_s, capacity[-1][0]) + 1.0, 0)]
    until = [0.0]
    for (begins_s, servers), (ends_s, _) in pairwise(steps):
        until.append(until[-1] + servers * (ends_s - begins_s))
    at_s = [begins_s for begins_s, _ in steps]
    spent: Floats = np.interp(from_s + after_s, at_s, until) - np.interp(from_s, at_s, until)
    return spent
