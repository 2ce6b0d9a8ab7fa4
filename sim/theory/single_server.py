"""Poisson arrivals, one server, any service time.

Source: Pollaczek and Khinchine, as in L. Kleinrock, Queueing Systems I (1975), section 5.6.
"""

from __future__ import annotations

from sim.theory.erlang import OverloadedStation


def mean_wait_s(rate_per_s: float, mean_service_s: float, service_cv: float) -> float:
    """The mean wait of M/G/1, in seconds; `service_cv` is deviation over mean, 0 for M/D/1.

    Raises `OverloadedStation` unless rate x mean < 1.
    """
    load = rate_per_s * mean_service_s
    if load >= 1:
        raise OverloadedStation(f"load of {load:g} servers on 1")
    return load * mean_service_s * (1 + service_cv**2) / (2 * (1 - load))
