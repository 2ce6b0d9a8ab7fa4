"""Poisson arrivals, exponential service, several servers.

Sources: L. Kleinrock, Queueing Systems I (1975), section 3.5 (Erlang C), 3.6 (finite room, Erlang
B); A. Mandelbaum and S. Zeltyn, "Service engineering in action: the Palm/Erlang-A queue" (2007),
section 4 (impatience). All by recursion over birth-and-death states: no factorial, no overflow.
"""

from __future__ import annotations

from dataclasses import dataclass

STATES_MAX = 1_000_000
LEAST_WEIGHT = 1e-18
"""States that weigh less than this beside all others are left out."""


class OverloadedStation(ValueError):
    """More work comes than the servers can do: the queue has no steady state."""


@dataclass(frozen=True, slots=True)
class SteadyState:
    """A station in the long run: shares of arrivals, and seconds.

    `wait_s` is the mean over those served, `waits` the share of those served who wait at all.
    """

    refused: float
    abandoned: float
    waits: float
    wait_s: float
    busy_servers: float
    queue: float


def erlang_b(load: float, servers: int) -> float:
    """The share refused by M/M/c/c; `load` is rate times mean service."""
    blocked = 1.0
    for number in range(1, servers + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked


def erlang_c(rate_per_s: float, mean_service_s: float, servers: int) -> float:
    """The probability that an arrival has to wait in M/M/c.

    Raises `OverloadedStation` unless rate x mean < servers.
    """
    load = rate_per_s * mean_service_s
    if load >= servers:
        raise OverloadedStation(f"load of {load:g} servers on {servers}")
    blocked = erlang_b(load, servers)
    return blocked / (1 - (load / servers) * (1 - blocked))


def mean_wait_s(rate_per_s: float, mean_service_s: float, servers: int) -> float:
    """The mean wait in the queue of M/M/c, in seconds, over all customers."""
    spare_per_s = servers / mean_service_s - rate_per_s
    return erlang_c(rate_per_s, mean_service_s, servers) / spare_per_s


def steady_state(
    rate_per_s: float,
    mean_service_s: float,
    servers: int,
    *,
    queue_max: int | None = None,
    mean_patience_s: float | None = None,
) -> SteadyState:
    """M/M/c, with so much room to wait (M/M/c/K) and with patience (M/M/c+M), or both.

    Raises `OverloadedStation` where neither bounds a queue that grows for ever.
    """
    load = rate_per_s * mean_service_s
    if load >= servers and queue_max is None and mean_patience_s is None:
        raise OverloadedStation(f"load of {load:g} servers on {servers}")
    weights = [1.0]
    while True:
        inside = len(weights)
        if queue_max is not None and inside > servers + queue_max:
            break
        waiting = max(0, inside - servers)
        leave_per_s = min(inside, servers) / mean_service_s
        if mean_patience_s is not None:
            leave_per_s += waiting / mean_patience_s
        weights.append(weights[-1] * rate_per_s / leave_per_s)
        falls = leave_per_s > rate_per_s
        if (falls and weights[-1] < LEAST_WEIGHT * sum(weights)) or inside > STATES_MAX:
            break
    whole = sum(weights)
    share = [weight / whole for weight in weights]
    queue = sum(max(0, inside - servers) * part for inside, part in enumerate(share))
    refused = share[-1] if queue_max is not None else 0.0
    lost_per_s = queue / mean_patience_s if mean_patience_s is not None else 0.0
    abandoned = lost_per_s / rate_per_s
    served_per_s = rate_per_s * (1 - refused) - lost_per_s
    busy = sum(min(inside, servers) * part for inside, part in enumerate(share))
    at_once = sum(share[:servers])
    wait_s = _mean_wait_of_served_s(share, rate_per_s, mean_service_s, servers, mean_patience_s)
    return SteadyState(
        refused, abandoned, 1 - at_once * rate_per_s / served_per_s, wait_s, busy, queue
    )


def _mean_wait_of_served_s(
    share: list[float],
    rate_per_s: float,
    mean_service_s: float,
    servers: int,
    mean_patience_s: float | None,
) -> float:
    """By the state that an arrival finds: steps down to a server, each with its rate.

    Who finds n waiting needs n + 1 steps; with k still before, a step comes at rate
    c / service + (k + 1) / patience, counting the customer's own patience, and is the own leaving
    with probability (1 / patience) of it.
    """
    served_per_s = waited = 0.0
    alive, time_s = 1.0, 0.0  # of who has k before: chance to be served, and mean time if so
    for inside in range(servers, len(share)):
        own_per_s = 1 / mean_patience_s if mean_patience_s is not None else 0.0
        before = inside - servers
        step_per_s = servers / mean_service_s + (before + 1) * own_per_s
        alive *= 1 - own_per_s / step_per_s
        time_s += 1 / step_per_s
        if inside + 1 < len(share):  # else the house is full, and the arrival is refused
            served_per_s += rate_per_s * share[inside] * alive
            waited += rate_per_s * share[inside] * alive * time_s
    served_per_s += rate_per_s * sum(share[:servers])
    return waited / served_per_s
