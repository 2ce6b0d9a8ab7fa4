"""A queueing network as frozen data: stations, links, sources, routes and retries.

Rules: a network knows no city and no engine; seconds count from the start of the model; rates are
per second. Its words are those of the planner's own files (`sim run FILE.toml`). What an engine may
rely on is checked once (`network_faults`), with all faults reported together: an engine never meets
a network that cannot end. What happens at one and the same moment, and in which order, is in
`order`: both engines follow it to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.customers import (
    Arrivals,
    Poisson,
    Recorded,
    Retry,
    Route,
    Scheduled,
    Source,
    Steps,
    expected,
)
from sim.distributions import (
    Constant,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Lognormal,
    Uniform,
)
from sim.network_faults import faults_of
from sim.parameters import Fault
from sim.places import UNLIMITED, Batch, Breakdown, Station, link

__all__ = [
    "UNLIMITED",
    "Arrivals",
    "Batch",
    "Breakdown",
    "Constant",
    "Distribution",
    "Empirical",
    "Erlang",
    "Exponential",
    "FaultyNetwork",
    "Gamma",
    "Lognormal",
    "Network",
    "Poisson",
    "Recorded",
    "Retry",
    "Route",
    "Scheduled",
    "Source",
    "Station",
    "Steps",
    "Uniform",
    "link",
]


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
    retries: tuple[Retry, ...] = ()

    def __post_init__(self) -> None:
        faults = faults_of(self.horizon_s, self.stations, self.sources, self.routes, self.retries)
        if faults:
            raise FaultyNetwork(self.name, faults)

    def classes(self) -> tuple[str, ...]:
        """Every class that comes, in order of its first source."""
        return tuple(dict.fromkeys(source.customer_class for source in self.sources))

    def expected_customers(self) -> float:
        """How many customers are expected until the horizon."""
        return sum(expected(source.arrivals, self.horizon_s) for source in self.sources)

    def route_after(self, customer_class: str, station: str) -> Route | None:
        """The route of this class after this station, or None: the customer leaves."""
        for route in self.routes:
            if route.customer_class == customer_class and route.origin == station:
                return route
        return None

    def retry_of(self, customer_class: str, station: str) -> Retry | None:
        """Whether and how this class comes back to this station; its own rule goes first."""
        of_class = [each for each in self.retries if each.customer_class == customer_class]
        for where in (station, None):
            for retry in of_class:
                if retry.station == where:
                    return retry
        return None


class FaultyNetwork(ValueError):
    """A network that no engine could play; `faults` lists all that is wrong."""

    def __init__(self, name: str, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__(f"network {name}: " + "; ".join(str(fault) for fault in faults))
