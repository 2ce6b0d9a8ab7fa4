"""Rides by train: passengers reach a station by trainloads.

A line is a road that opens for a moment, again and again: nobody sets out but with a train. A ride
lasts a whole number of the spaces between two trains, so that trains run in step: one stands at
every station of the line at the same moment, and all who get off there do so together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

from sim.network import Breakdown, Constant, Empirical, Lognormal, Station, link

DOORS_OPEN_S = 1.0
"""Who comes to a train within this time catches it."""
RIDES = 1000
"""Times of rides, equally likely; drawn straight between two of them, a few fall between trains."""
GOLDEN = (math.sqrt(5) - 1) / 2
"""Its multiples fall evenly between 0 and 1, neighbours far apart."""


def rides_by_train(
    lines: Sequence[str], ride: Lognormal, train_every_s: float
) -> tuple[Station, ...]:
    """The rides on each line, lasting about as long as `ride` says; trains stand at a station of a
    line every `train_every_s`, at other moments than those of other lines.

    With no time between trains passengers ride one by one.
    """
    if train_every_s <= DOORS_OPEN_S:
        return tuple(link(name, ride) for name in lines)
    away = Breakdown(Constant(DOORS_OPEN_S), Constant(train_every_s - DOORS_OPEN_S), whole=True)
    spaces = [max(1, round(time_s / train_every_s)) for time_s in _times_s(ride)]
    rides = []
    for line, name in enumerate(lines):
        later_s = (line * GOLDEN % 1 - 0.5) * train_every_s
        times_s = tuple(many * train_every_s + later_s for many in spaces)
        rides.append(link(name, Empirical(times_s), breakdown=away))
    return tuple(rides)


def _times_s(ride: Lognormal) -> list[float]:
    """`RIDES` quantiles of it, ascending."""
    spread = math.log(1 + ride.cv**2)
    middle, normal = math.log(ride.mean_s) - spread / 2, NormalDist()
    return [
        math.exp(middle + math.sqrt(spread) * normal.inv_cdf((at + 0.5) / RIDES))
        for at in range(RIDES)
    ]
