"""The people at one station in a stretch of time, and where each stands at each moment.

What is known is the trace: when somebody arrived, began, ended. At which of the free servers is not
in it: the first free one is drawn. Who waits stands in order of arrival. Places are (column, row)
of the hall; a queue longer than its places stands on the last one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import Any

import numpy as np

from sim.observation import Observation

VISITS_SHOWN = 160
BEFORE_PEAK = 110
QUEUE_PLACES = 40
SERVERS_MAX = 60

Floats = np.ndarray[Any, np.dtype[np.float64]]


class StationCannotBeShown(ValueError):
    """No trace, nobody there, or more servers at work than fit into a picture."""


@dataclass(frozen=True, slots=True)
class Moment:
    """From `at_s` on somebody is at a place: `queue` and `server` are counted from 0."""

    at_s: float
    place: str
    """`queue`, `server`, `out` (served) or `away` (refused, or out of patience)."""
    number: int = 0


@dataclass(slots=True)
class Person:
    """Where one of them is, from arriving to leaving."""

    arrival_s: float
    start_s: float
    end_s: float
    moments: list[Moment] = field(default_factory=list)

    @property
    def is_served(self) -> bool:
        """Who is not served begins and ends in leaving."""
        return self.end_s > self.start_s


@dataclass(frozen=True, slots=True)
class Crowd:
    """People between two moments of the model, in seconds; the queue as (second, waiting)."""

    station: str
    begin_s: float
    end_s: float
    people: tuple[Person, ...]
    servers: int
    queue: tuple[tuple[float, int], ...]


def crowd_of(observation: Observation, station: str) -> Crowd:
    """The stretch around the longest queue. Raises `StationCannotBeShown`."""
    trace = observation.trace
    names = [each.name for each in observation.network.stations]
    if trace is None or station not in names:
        raise StationCannotBeShown(f"no trace of {station}")
    here = np.flatnonzero(trace.station == names.index(station))
    if not here.size:
        raise StationCannotBeShown(f"nobody comes to {station}")
    here = here[np.argsort(trace.arrival_s[here], kind="stable")]
    arrival_s, start_s, end_s = trace.arrival_s[here], trace.start_s[here], trace.end_s[here]
    begin_s, until_s = _stretch(arrival_s, start_s)
    shown = np.flatnonzero((end_s >= begin_s) & (arrival_s <= until_s))
    people = [Person(float(arrival_s[at]), float(start_s[at]), float(end_s[at])) for at in shown]
    servers = _serve(people, station)
    queue = _wait(people, begin_s, until_s)
    for person in people:
        leaves = Moment(person.end_s, "out" if person.is_served else "away")
        person.moments.append(leaves)
        person.moments.sort(key=lambda moment: moment.at_s)
    return Crowd(station, begin_s, until_s, tuple(people), servers, queue)


def _stretch(arrival_s: Floats, start_s: Floats) -> tuple[float, float]:
    """Begin and end, so that the longest queue is within."""
    waiting = np.arange(1, arrival_s.size + 1) - np.searchsorted(
        np.sort(start_s), arrival_s, "right"
    )
    peak = int(waiting.argmax())
    first = max(0, min(peak - BEFORE_PEAK, arrival_s.size - VISITS_SHOWN))
    last = min(first + VISITS_SHOWN, arrival_s.size) - 1
    begin_s, end_s = float(arrival_s[first]), float(arrival_s[last])
    return begin_s, max(end_s, begin_s + 1.0)


def _serve(people: list[Person], station: str) -> int:
    """Puts each at the first free server; how many there are."""
    free: list[int] = []
    busy: list[tuple[float, int]] = []
    servers = 0
    for person in sorted(
        (each for each in people if each.is_served), key=lambda each: each.start_s
    ):
        while busy and busy[0][0] <= person.start_s:
            heappush(free, heappop(busy)[1])
        if not free:
            free = [servers]
            servers += 1
            heapify(free)
        server = heappop(free)
        heappush(busy, (person.end_s, server))
        person.moments.append(Moment(person.start_s, "server", server))
    if servers > SERVERS_MAX:
        raise StationCannotBeShown(f"{servers} servers at work in {station}, at most {SERVERS_MAX}")
    return servers


def _wait(people: list[Person], begin_s: float, until_s: float) -> tuple[tuple[float, int], ...]:
    """Moves everybody up as those before leave the queue; how long it is."""
    changes = [(person.arrival_s, 1, at) for at, person in enumerate(people) if _waits(person)]
    changes += [(person.start_s, 0, at) for at, person in enumerate(people) if _waits(person)]
    waiting: list[int] = []
    lengths: list[tuple[float, int]] = [(begin_s, 0)]
    for at_s, joins, at in sorted(changes):
        if at_s > until_s:
            break
        if joins:
            waiting.append(at)
            _stand(people[at], at_s, len(waiting) - 1)
        else:
            gap = waiting.index(at)
            del waiting[gap]
            for number in range(gap, min(len(waiting), QUEUE_PLACES)):
                _stand(people[waiting[number]], at_s, number)
        if at_s >= begin_s:
            lengths.append((at_s, len(waiting)))
        else:
            lengths[0] = (begin_s, len(waiting))
    return tuple(lengths)


def _stand(person: Person, at_s: float, number: int) -> None:
    person.moments.append(Moment(at_s, "queue", min(number, QUEUE_PLACES - 1)))


def _waits(person: Person) -> bool:
    return person.start_s > person.arrival_s
