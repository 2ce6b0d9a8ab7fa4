"""How many customers a network should get, reckoned from its sources alone."""

from __future__ import annotations

import math
from itertools import pairwise

from sim.network import Network, Poisson, Scheduled, Steps


def customers_of_rate(rate: Steps, horizon_s: float) -> float:
    """The mean of a Poisson process with this rate until the horizon."""
    return sum(
        per_s * (min(end_s, horizon_s) - min(start_s, horizon_s))
        for (start_s, per_s), (end_s, _) in pairwise((*rate, (math.inf, 0.0)))
    )


def expected_customers(network: Network, of: str = "") -> float:
    """The mean number of customers, of one class or of all."""
    expected = 0.0
    for source in network.sources:
        if of in {"", source.customer_class}:
            match source.arrivals:
                case Poisson(rate_per_s):
                    expected += customers_of_rate(rate_per_s, network.horizon_s)
                case Scheduled(batches):
                    expected += sum(customers for _, customers in batches)
    return expected
