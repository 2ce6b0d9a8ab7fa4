"""What could be played, but not within a lifetime: told before it begins.

A network may be right in every number and still be no model of anything: customers by the million
million, breakdowns by the thousandth of a second, ways that lead out once in a million times. A run
of it would neither end nor grow, and nobody would know why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from scipy.sparse import csr_array, eye_array
from scipy.sparse.linalg import spsolve

from sim.customers import expected
from sim.distributions import mean_s
from sim.network import UNLIMITED, Network
from sim.observation import Floats
from sim.parameters import Fault

CUSTOMERS_MAX = 1e11
"""Expected until the horizon: hours of work for the compiled engine."""
BREAKDOWNS_MAX = 1e10
"""Of one station until the horizon."""
VISITS_MEAN_MAX = 1000.0
"""Expected of one customer. A run lets nobody make more than `VISITS_PER_CUSTOMER_MAX`, which of
such customers one in 20,000 would reach: their figures would be those of a truncated way.
"""


def endless_work_of(network: Network) -> tuple[Fault, ...]:
    """Every reason why a run would not end in any time to be waited for; empty where it would."""
    return (
        *_too_many_customers(network),
        *_too_many_breakdowns(network),
        *_too_many_visits(network),
    )


def _too_many_customers(network: Network) -> Iterator[Fault]:
    for source in network.sources:
        customers = expected(source.arrivals, network.horizon_s)
        if customers > CUSTOMERS_MAX:
            limit = f"at most {CUSTOMERS_MAX:g} until the horizon"
            yield Fault(f"source.{source.name}.arrivals", f"{customers:.3g} customers", limit)


def _too_many_breakdowns(network: Network) -> Iterator[Fault]:
    for station in network.stations:
        if station.breakdown is None:
            continue
        each_s = mean_s(station.breakdown.between) + mean_s(station.breakdown.repair)
        most = max(servers for _, servers in station.capacity)
        units = 1 if station.breakdown.whole or most == UNLIMITED else most
        many = network.horizon_s / each_s * units
        if many > BREAKDOWNS_MAX:
            limit = f"at most {BREAKDOWNS_MAX:g} until the horizon"
            yield Fault(f"station.{station.name}.breakdown", f"{many:.3g} breakdowns", limit)


def _too_many_visits(network: Network) -> Iterator[Fault]:
    """By the traffic equations of each class that has ways back."""
    for customer_class in network.classes():
        if not _ways_of(network, customer_class):
            continue
        starts = {each.start for each in network.sources if each.customer_class == customer_class}
        # Of one customer who begins at every start: at most so many times too many.
        visits = float(_visits(network, customer_class, dict.fromkeys(starts, 1.0)).sum())
        many = visits / len(starts)
        if not 0 <= many <= VISITS_MEAN_MAX:
            found = f"{many:.3g} visits of a customer on average"
            yield Fault(f"route.{customer_class}", found, f"at most {VISITS_MEAN_MAX:g}")


def expected_visits(network: Network, customer_class: str, until_s: float) -> Floats:
    """The visits expected at each station of those of a class who come until then, if nobody were
    lost: where some are, at most so many visits are served. Who comes back after an attempt in vain
    is not counted again.
    """
    begins: dict[str, float] = {}
    for source in network.sources:
        if source.customer_class == customer_class:
            many = begins.get(source.start, 0.0) + expected(source.arrivals, until_s)
            begins[source.start] = many
    return _visits(network, customer_class, begins)


def _visits(network: Network, customer_class: str, begins: Mapping[str, float]) -> Floats:
    """The traffic equations, from how many begin at each station."""
    first = np.array([begins.get(station.name, 0.0) for station in network.stations])
    ways = _ways_of(network, customer_class)
    if not ways:
        return first
    goals, origins, shares = zip(*ways, strict=True)
    moves = csr_array((np.array(shares), (goals, origins)), shape=(first.size, first.size))
    visits: Floats = spsolve((eye_array(first.size) - moves).tocsc(), first)
    return visits


def _ways_of(network: Network, customer_class: str) -> list[tuple[int, int, float]]:
    """The ways of a class: to where, from where, with which share."""
    place = {station.name: number for number, station in enumerate(network.stations)}
    return [
        (place[goal], place[route.origin], share)
        for route in network.routes
        if route.customer_class == customer_class
        for goal, share in route.to
        if share > 0
    ]
