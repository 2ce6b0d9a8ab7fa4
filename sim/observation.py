"""What an engine saw of one run: the same for every engine, and all that a report is made from.

Rules: a visit is every arrival at a station, served or not. What is counted begins at
`measured_from_s`: a visit counts when it began then or later, a customer when it came then or
later. Busy and available server seconds run until the last departure. A station of unlimited
servers has no available server seconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np

from sim.histogram import Times, no_times
from sim.network import Network

CUSTOMERS_INSIDE_MAX = 10_000_000
"""With more inside at once a run is stopped: the network cannot serve what comes."""
DRAIN_HORIZONS_MAX = 10.0
DRAIN_S_MAX = 31 * 86400.0
"""After its horizon a run may go on this long, or ten horizons where that is longer."""
VISITS_PER_CUSTOMER_MAX = 10_000
"""A customer leaves after so many; each took probability, so only a strange network gets here."""

SERIES_STEPS_S = (1, 5, 10, 15, 30, 60, 300, 600, 900, 1800, 3600, 7200, 21600, 86400, 604800)
SERIES_LENGTH_MAX = 500
SERIES_LENGTH_MIN = 96
SERIES_NUMBERS_MAX = 400_000
"""Of all stations together, for each kind of series."""

Floats = np.ndarray[Any, np.dtype[np.float64]]
Integers = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of the series: `length` of `step_s` seconds; the last takes what comes after."""

    step_s: float
    length: int


def steps_of(network: Network) -> Steps:
    """Steps fine enough for a picture, as many again for what is served after the horizon."""
    room = SERIES_NUMBERS_MAX // (2 * len(network.stations))
    most = min(SERIES_LENGTH_MAX, max(SERIES_LENGTH_MIN, room))
    fitting = [step for step in SERIES_STEPS_S if network.horizon_s / step <= most]
    step_s = float(fitting[0]) if fitting else math.ceil(network.horizon_s / most)
    return Steps(step_s, 2 * math.ceil(network.horizon_s / step_s))


class ClassSeen(NamedTuple):
    """Customers of one class at one station; waits are of those served."""

    visits: int
    refused: int
    abandoned: int
    waits: Times


class Series(NamedTuple):
    """One station step by step: numbers of the step that begins at `i * step_s`.

    `arrivals` and `served` (services begun) are counts, `wait_s` the sum of the waits of those
    whose service began, `queue_max` the most waiting, `busy_s` and `available_s` server seconds.
    """

    step_s: float
    arrivals: Integers
    served: Integers
    wait_s: Floats
    queue_max: Integers
    busy_s: Floats
    available_s: Floats


class StationSeen(NamedTuple):
    """One station: each class of the network in its order, and the station as a whole."""

    by_class: tuple[ClassSeen, ...]
    busy_server_s: float
    available_server_s: float
    queue_max: int
    series: Series

    @property
    def visits(self) -> int:
        """Of all classes."""
        return sum(each.visits for each in self.by_class)

    @property
    def refused(self) -> int:
        """Of all classes."""
        return sum(each.refused for each in self.by_class)

    @property
    def abandoned(self) -> int:
        """Of all classes."""
        return sum(each.abandoned for each in self.by_class)

    @property
    def waits(self) -> Times:
        """Of all classes."""
        return sum((each.waits for each in self.by_class), no_times())

    @property
    def utilisation(self) -> float:
        """Busy over available server time; 0 where servers are unlimited."""
        return self.busy_server_s / self.available_server_s if self.available_server_s else 0.0


@dataclass(frozen=True, slots=True)
class Trace:
    """Every visit, in the order in which visits ended: whose (its customer's number and arrival),
    the how manieth of the customer, where, and the three moments.
    """

    customer: Integers
    came_s: Floats
    visit: Integers
    station: Integers
    arrival_s: Floats
    start_s: Floats
    end_s: Floats

    def in_order(self) -> Integers:
        """The places of the visits, by customers in order of arrival, then in order of visits."""
        return np.lexsort((self.visit, self.customer, self.came_s))

    def digest(self) -> str:
        """SHA-256 over arrival, start and end (little-endian float64) of each visit in order."""
        order = self.in_order()
        rows = np.column_stack((self.arrival_s, self.start_s, self.end_s))[order]
        return sha256(np.ascontiguousarray(rows, dtype="<f8").tobytes()).hexdigest()


CROWDED, ENDLESS, ASKED = "crowded", "endless", "asked"
"""Why a run was broken off: too many inside, still not empty long after its horizon, by Ctrl-C."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A run that was broken off: when (model seconds), where most waited, and why."""

    at_s: float
    station: str
    waiting: int
    reason: str


@dataclass(frozen=True, slots=True)
class Observation:
    """All that an engine saw; `journeys` is the time inside, by class of the network."""

    network: Network
    seed: int
    customers: int
    ended_s: float
    stations: tuple[StationSeen, ...]
    journeys: tuple[Times, ...]
    trace: Trace | None = None
    stopped: Stopped | None = None

    @property
    def visits(self) -> int:
        """Of all stations."""
        return sum(station.visits for station in self.stations)

    @property
    def events(self) -> int:
        """Arrivals, begins and ends of service, and leavings at stations."""
        return sum(
            3 * seen.waits.count + 2 * seen.abandoned + seen.refused
            for station in self.stations
            for seen in station.by_class
        )
