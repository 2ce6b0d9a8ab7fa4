"""Rides by train: passengers reach a station by trainloads.

A line is a road that opens for a moment, again and again: nobody sets out but with a train. Trains
come closer in the rush (`RUSH_H`) than at other times. A ride lasts a whole number of the longer
spaces, of which the shorter is a part, so that trains run in step at any pace: one stands at every
station of the line at the same moment, and all who get off there do so together. Who set out in the
rush still arrives at its pace.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from sim.network import UNLIMITED, Empirical, Lognormal, Station, link
from sim.region.days import DAY_S, HOUR_S

DOORS_OPEN_S = 1.0
"""Who comes to a train within this time catches it."""
EVERY_LEAST_S = 10.0
"""With less time between trains passengers ride one by one."""
RUSH_H = ((6.5, 9.5), (16.5, 19.5))
"""The rush: from, until, in hours of the day."""
AFTER_MIDNIGHT_S = 2 * HOUR_S
"""Trains run so long after the day; then whoever is still there rides at once."""
RIDES = 1000
"""Times of rides, equally likely; drawn straight between two of them, a few fall between trains."""
GOLDEN = (math.sqrt(5) - 1) / 2
"""Its multiples fall evenly between 0 and 1, neighbours far apart."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """How often a train stands at a station of a line, in seconds: in the rush, and otherwise.

    Otherwise is a whole number of times the space of the rush, the nearest; less than twice as long
    is one pace all day.
    """

    rush_every_s: float
    other_every_s: float

    @property
    def space_s(self) -> float:
        """The longer of the two."""
        return self.rush_every_s * self._many

    @property
    def departures_s(self) -> tuple[float, ...]:
        """From each station of a line, for a day from midnight on."""
        trains = range(math.ceil((DAY_S + AFTER_MIDNIGHT_S) / self.rush_every_s))
        return tuple(
            train * self.rush_every_s
            for train in trains
            if train % self._many == 0 or _is_rush(train * self.rush_every_s)
        )

    @property
    def _many(self) -> int:
        return max(1, round(self.other_every_s / self.rush_every_s))


def rides_by_train(
    lines: Sequence[str], ride: Lognormal, timetable: Timetable
) -> tuple[Station, ...]:
    """The rides on each line, lasting about as long as `ride` says; trains stand at a station of a
    line as the timetable says, at other moments than those of other lines.

    With next to no time between trains passengers ride one by one.
    """
    if timetable.rush_every_s < EVERY_LEAST_S:
        return tuple(link(name, ride) for name in lines)
    opens = tuple(
        step
        for at_s in timetable.departures_s
        for step in ((at_s, UNLIMITED), (at_s + DOORS_OPEN_S, 0))
    )
    capacity = (*opens, (DAY_S + AFTER_MIDNIGHT_S, UNLIMITED))
    space_s = timetable.space_s
    spaces = [max(1, round(time_s / space_s)) for time_s in _times_s(ride)]
    rides = []
    for line, name in enumerate(lines):
        later_s = (line * GOLDEN % 1 - 0.5) * timetable.rush_every_s
        times_s = tuple(many * space_s + later_s for many in spaces)
        rides.append(Station(name, capacity, Empirical(times_s)))
    return tuple(rides)


def _is_rush(second: float) -> bool:
    return any(begin <= second / HOUR_S < end for begin, end in RUSH_H)


def _times_s(ride: Lognormal) -> list[float]:
    """`RIDES` quantiles of it, ascending."""
    spread = math.log(1 + ride.cv**2)
    middle, normal = math.log(ride.mean_s) - spread / 2, NormalDist()
    return [
        math.exp(middle + math.sqrt(spread) * normal.inv_cdf((at + 0.5) / RIDES))
        for at in range(RIDES)
    ]
