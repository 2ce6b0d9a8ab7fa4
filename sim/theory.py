"""What queueing theory says of simple stations: the third witness beside the engines.

Source: Erlang's C formula as in any textbook of queueing theory (e.g. L. Kleinrock, Queueing
Systems I, 1975, section 3.5).
"""

from __future__ import annotations


class OverloadedStation(ValueError):
    """More work comes than the servers can do: the queue has no steady state."""


def erlang_c(rate_per_s: float, mean_service_s: float, servers: int) -> float:
    """The probability that an arrival has to wait in M/M/c.

    Raises `OverloadedStation` unless rate x mean < servers.
    """
    load = rate_per_s * mean_service_s
    if load >= servers:
        raise OverloadedStation(f"load of {load:g} servers on {servers}")
    blocked = 1.0  # Erlang B by its recursion: no factorial, no overflow
    for number in range(1, servers + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked / (1 - (load / servers) * (1 - blocked))


def mean_wait_s(rate_per_s: float, mean_service_s: float, servers: int) -> float:
    """The mean wait in the queue of M/M/c, in seconds, over all customers."""
    spare_per_s = servers / mean_service_s - rate_per_s
    return erlang_c(rate_per_s, mean_service_s, servers) / spare_per_s
