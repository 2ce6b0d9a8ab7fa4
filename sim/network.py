"""A queueing network as frozen data: stations, sources and routes.

Rules: a network knows no city and no engine; seconds count from the start of the model; rates are
per second. Its words are those of the planner's own files (`sim run FILE.toml`). What an engine may
rely on is checked here, once, with all faults reported together: an engine never meets a network
that cannot end.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from sim.parameters import Fault


@dataclass(frozen=True, slots=True)
class Constant:
    """Always the same time, in seconds."""

    value_s: float


@dataclass(frozen=True, slots=True)
class Exponential:
    """Memoryless time with this mean, in seconds."""

    mean_s: float


@dataclass(frozen=True, slots=True)
class Uniform:
    """Any time between the two, in seconds, equally likely."""

    low_s: float
    high_s: float


@dataclass(frozen=True, slots=True)
class Erlang:
    """Sum of `shape` exponential times; `mean_s` is the mean of the sum, in seconds."""

    shape: int
    mean_s: float


@dataclass(frozen=True, slots=True)
class Lognormal:
    """People's actions: mean in seconds, coefficient of variation (deviation / mean)."""

    mean_s: float
    cv: float


Distribution = Constant | Exponential | Uniform | Erlang | Lognormal

Steps = tuple[tuple[float, float], ...]
"""A step function: (from second, value), ascending, the first at second 0."""


@dataclass(frozen=True, slots=True)
class Station:
    """Servers with one queue before them, first come first served.

    `capacity` is (from second, servers open); a server that closes finishes the customer it serves.
    An arrival that finds `queue_max` customers waiting is refused. A customer whose `patience` ends
    while waiting leaves.
    """

    name: str
    capacity: tuple[tuple[float, int], ...]
    service: Distribution
    queue_max: int | None = None
    patience: Distribution | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Customers of one class who come as a Poisson process with the piecewise constant
    `rate_per_s`.
    """

    name: str
    customer_class: str
    rate_per_s: Steps
    start: str


@dataclass(frozen=True, slots=True)
class Route:
    """Where customers of a class go after a station; the probability that is missing to 1 leaves
    the network.
    """

    customer_class: str
    origin: str
    to: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Network:
    """A whole network; arrivals end at `horizon_s`, then everyone inside is served.

    Raises `FaultyNetwork` with every fault found.
    """

    name: str
    horizon_s: float
    stations: tuple[Station, ...]
    sources: tuple[Source, ...]
    routes: tuple[Route, ...] = ()

    def __post_init__(self) -> None:
        faults = faults_of(self)
        if faults:
            raise FaultyNetwork(self.name, faults)

    def route_after(self, customer_class: str, station: str) -> Route | None:
        """The route of this class after this station, or None: the customer leaves."""
        for route in self.routes:
            if route.customer_class == customer_class and route.origin == station:
                return route
        return None


class FaultyNetwork(ValueError):
    """A network that no engine could play; `faults` lists all that is wrong."""

    def __init__(self, name: str, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__(f"network {name}: " + "; ".join(str(fault) for fault in faults))


def faults_of(network: Network) -> tuple[Fault, ...]:
    """Everything wrong with a network, in reading order."""
    names = [station.name for station in network.stations]
    faults: list[Fault] = []
    if not (math.isfinite(network.horizon_s) and network.horizon_s > 0):
        faults.append(Fault("network.horizon_s", repr(network.horizon_s), "seconds > 0"))
    if not names or len(set(names)) != len(names):
        faults.append(Fault("station.name", repr(names), "at least one station, each name once"))
    for station in network.stations:
        faults += _faults_of_station(station)
    for source in network.sources:
        key = f"source.{source.name}"
        if source.start not in names:
            faults.append(Fault(f"{key}.start", repr(source.start), f"one of {names}"))
        faults += _faults_of_steps(f"{key}.rate_per_s", source.rate_per_s)
    for route in network.routes:
        key = f"route.{route.customer_class}.{route.origin}"
        unknown = [name for name in (route.origin, *dict(route.to)) if name not in names]
        if unknown:
            faults.append(Fault(key, repr(unknown), f"stations among {names}"))
        shares = [share for _, share in route.to]
        if any(share < 0 for share in shares) or sum(shares) > 1 + 1e-9:
            faults.append(Fault(f"{key}.to", repr(shares), "probabilities >= 0 with sum <= 1"))
        if dict(route.to).get(route.origin, 0.0) >= 1:
            faults.append(Fault(f"{key}.to", "1.0 to itself", "a way out"))
    return tuple(faults)


def _faults_of_station(station: Station) -> list[Fault]:
    key = f"station.{station.name}"
    faults = _faults_of_steps(f"{key}.capacity", station.capacity)
    if station.capacity and station.capacity[-1][1] < 1:
        # Everyone inside is served: with nobody at the end the run would never finish.
        faults.append(Fault(f"{key}.capacity", repr(station.capacity[-1]), "at last >= 1 server"))
    if station.queue_max is not None and station.queue_max < 0:
        faults.append(Fault(f"{key}.queue_max", repr(station.queue_max), ">= 0"))
    faults += _faults_of_distribution(f"{key}.service", station.service)
    if station.patience is not None:
        faults += _faults_of_distribution(f"{key}.patience", station.patience)
    return faults


def _faults_of_steps(key: str, steps: tuple[tuple[float, float], ...]) -> list[Fault]:
    moments = [moment for moment, _ in steps]
    ascending = all(a < b for a, b in pairwise(moments))
    if not moments or moments[0] != 0 or not ascending:
        return [Fault(key, repr(moments), "seconds ascending from 0")]
    if any(not math.isfinite(value) or value < 0 for _, value in steps):
        return [Fault(key, repr([value for _, value in steps]), "finite values >= 0")]
    return []


def _faults_of_distribution(key: str, distribution: Distribution) -> list[Fault]:
    match distribution:
        case Constant(value_s):
            right = value_s >= 0
        case Exponential(mean_s):
            right = mean_s > 0
        case Uniform(low_s, high_s):
            right = 0 <= low_s <= high_s
        case Erlang(shape, mean_s):
            right = shape >= 1 and mean_s > 0
        case Lognormal(mean_s, cv):
            right = mean_s > 0 and cv >= 0
    return [] if right else [Fault(key, repr(distribution), "times > 0, cv >= 0, low <= high")]
