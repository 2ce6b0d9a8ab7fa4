"""Where customers are served: stations, links, breakdowns, batches."""

from __future__ import annotations

from dataclasses import dataclass

from sim.distributions import Distribution

UNLIMITED = 2**31 - 1
"""Servers of a station at which nobody ever waits for one, as on a link."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A server works for a time drawn from `between`, then is away for one drawn from `repair`.

    Each server by itself; of the `whole` station where that is said, as an outage of a link. Who is
    being served is served to the end.
    """

    between: Distribution
    repair: Distribution
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """A server takes up to `size` customers at once, and ends with all of them at once.

    It begins with as many as wait when `size` of them do, or when one of them has waited `wait_s`.
    """

    size: int
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Station:
    """Servers with one queue before them.

    `capacity` is (from second, servers open); a server that closes finishes the customer it serves.
    Who is next: first come first served, by `priority` lower priorities first and first come first
    served within one; nobody is interrupted. An arrival that finds `queue_max` customers waiting is
    refused, unless it is served at once. A customer whose `patience` ends while waiting leaves.
    `service_of` gives classes a service time of their own.
    """

    name: str
    capacity: tuple[tuple[float, int], ...]
    service: Distribution
    queue_max: int | None = None
    patience: Distribution | None = None
    priority: bool = False
    service_of: tuple[tuple[str, Distribution], ...] = ()
    breakdown: Breakdown | None = None
    batch: Batch | None = None

    @property
    def is_link(self) -> bool:
        """Whether it serves everybody at once while it is open."""
        return max(servers for _, servers in self.capacity) == UNLIMITED


def link(
    name: str,
    delay: Distribution,
    outages: tuple[tuple[float, float], ...] = (),
    breakdown: Breakdown | None = None,
) -> Station:
    """A road on which whatever enters arrives after `delay`.

    During an outage (from second, until second) it is stored, and forwarded when the outage ends.
    """
    steps: list[tuple[float, int]] = [(0.0, UNLIMITED)]
    for begin_s, end_s in outages:
        if begin_s == 0:
            steps.clear()
        steps += [(begin_s, 0), (end_s, UNLIMITED)]
    return Station(name, tuple(steps), delay, breakdown=breakdown)
