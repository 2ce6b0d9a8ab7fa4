"""Who comes, when, and where to: arrivals, sources, routes, retries."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass, field
from itertools import pairwise

from sim.distributions import Distribution

Steps = tuple[tuple[float, float], ...]
"""A step function: (from second, value), ascending, the first at second 0."""


@dataclass(frozen=True, slots=True)
class Poisson:
    """Customers come one by one, at random, with this piecewise constant rate per second."""

    rate_per_s: Steps


@dataclass(frozen=True, slots=True)
class Scheduled:
    """So many customers come at once at each of these moments: (second, customers)."""

    batches: tuple[tuple[float, int], ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """Customers come at these moments, ascending, in seconds: what a file of times says."""

    moments_s: array[float] = field(default_factory=lambda: array("d"))


Arrivals = Poisson | Scheduled | Recorded


def expected(arrivals: Arrivals, horizon_s: float) -> float:
    """How many customers are expected until the horizon."""
    match arrivals:
        case Poisson(rate_per_s):
            steps = (*rate_per_s, (math.inf, 0.0))
            return sum(
                rate * (min(until_s, horizon_s) - min(from_s, horizon_s))
                for (from_s, rate), (until_s, _) in pairwise(steps)
            )
        case Scheduled(batches):
            return sum(many for at_s, many in batches if at_s < horizon_s)
        case Recorded(moments_s):
            return len(moments_s)


@dataclass(frozen=True, slots=True)
class Source:
    """Where customers of one class come from; those of a lower `priority` are served first where a
    station asks for it.
    """

    name: str
    customer_class: str
    arrivals: Arrivals
    start: str
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Route:
    """Where customers of a class go after a station; the probability that is missing to 1 leaves
    the network. Without a route they leave.
    """

    customer_class: str
    origin: str
    to: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Retry:
    """Customers of a class who are refused or lose patience come back after a time.

    At a `station`, or at every one. `attempts_max` counts the attempts at one service, with the
    first: who was not served in the last one leaves the network.
    """

    customer_class: str
    after: Distribution
    attempts_max: int
    station: str | None = None
