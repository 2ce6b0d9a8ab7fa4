"""The visits of a traced run, one by one."""

from __future__ import annotations

from typing import NamedTuple

from sim.observation import Observation


class Visit(NamedTuple):
    """One visit, moments in seconds; who is not served starts and ends when leaving."""

    customer: int
    visit: int
    station: int
    arrival_s: float
    start_s: float
    end_s: float

    @property
    def is_served(self) -> bool:
        """For services that take time."""
        return self.end_s > self.start_s


def visits_of(seen: Observation) -> list[Visit]:
    """By customers in order of arrival, each one's visits in order."""
    assert seen.trace is not None
    of, order = seen.trace, seen.trace.in_order()
    columns = (of.customer, of.visit, of.station, of.arrival_s, of.start_s, of.end_s)
    return [
        Visit(*row) for row in zip(*(column[order].tolist() for column in columns), strict=True)
    ]
