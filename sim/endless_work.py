"""What could be played, but not within a lifetime: told before it begins.

A network may be right in every number and still be no model of anything: customers by the million
million, breakdowns by the thousandth of a second, ways that lead out once in a million times. A run
of it would neither end nor grow, and nobody would know why.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array, eye_array
from scipy.sparse.linalg import spsolve

from sim.customers import expected
from sim.distributions import mean_s
from sim.network import UNLIMITED, Network
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
    place = {station.name: number for number, station in enumerate(network.stations)}
    for customer_class in network.classes():
        routes = [route for route in network.routes if route.customer_class == customer_class]
        ways = [
            (place[goal], place[route.origin], share)
            for route in routes
            for goal, share in route.to
            if share > 0
        ]
        if not ways:
            continue
        goals, origins, shares = zip(*ways, strict=True)
        size = len(place)
        moves = csr_array((np.array(shares), (goals, origins)), shape=(size, size))
        begins = np.zeros(size)
        for source in network.sources:
            if source.customer_class == customer_class:
                begins[place[source.start]] = 1.0
        # Of one customer who begins at every start: at most so many times too many.
        visits = float(spsolve((eye_array(size) - moves).tocsc(), begins).sum())
        many = visits / begins.sum()
        if not 0 <= many <= VISITS_MEAN_MAX:
            found = f"{many:.3g} visits of a customer on average"
            yield Fault(f"route.{customer_class}", found, f"at most {VISITS_MEAN_MAX:g}")
