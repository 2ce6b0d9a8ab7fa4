"""The reference engine: plays any network with SimPy, and reads as the story of a customer.

Rules: it knows networks, not cities; it draws every random number by counter (`random_numbers`),
keyed by the customer's source and place in it, never by the order of events. A customer who is
refused or leaves the queue has no service: start and end are then both the moment of leaving. A
server that closes finishes the customer it serves, and counts as available until then.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from struct import pack
from typing import Any, Literal

import simpy

from sim.network import Exponential, Network, Source, Station, Steps
from sim.random_numbers import (
    ARRIVALS,
    PATIENCE,
    ROUTING,
    SERVICE,
    stream_of,
    time_from,
    uniform,
)

Story = Generator[simpy.Event, Any, None]

VISITS_PER_CUSTOMER_MAX = 10_000
SOURCE_SHIFT = 40  # a customer's number: index of its source, then its place in the source
SAMPLE_EVERY_S = 60.0


@dataclass(slots=True)
class Visit:
    """One visit of a customer to a station; moments in seconds from the start of the model."""

    station: int
    arrival_s: float
    start_s: float
    end_s: float
    outcome: Literal["served", "refused", "abandoned"]


@dataclass(slots=True)
class Customer:
    """A customer and all of its visits in order."""

    number: int
    arrival_s: float
    visits: list[Visit] = field(default_factory=list)


@dataclass(slots=True)
class StationRecord:
    """What was seen at one station: server seconds, longest queue, and its state once a minute.

    `queue` holds the longest queue of each minute, `busy_s_before` the busy server seconds until
    it.
    """

    busy_server_s: float = 0.0
    available_server_s: float = 0.0
    queue_max: int = 0
    sampled_s: list[float] = field(default_factory=list)
    queue: list[int] = field(default_factory=list)
    busy_s_before: list[float] = field(default_factory=list)
    servers: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Observation:
    """All that an engine saw: customers in order of arrival, a record by station, the last
    departure.
    """

    network: Network
    customers: list[Customer]
    records: tuple[StationRecord, ...]
    ended_s: float

    def digest(self) -> str:
        """SHA-256 over arrival, start and end (little-endian float64) of each visit of each
        customer in order.
        """
        digest = sha256()
        for customer in self.customers:
            for visit in customer.visits:
                digest.update(pack("<3d", visit.arrival_s, visit.start_s, visit.end_s))
        return digest.hexdigest()


class ServicePoint:
    """A station at work: who waits, how many servers are busy and open."""

    def __init__(self, env: simpy.Environment, station: Station) -> None:
        self.env = env
        self.station = station
        self.waiting: deque[simpy.Event] = deque()
        self.busy = 0
        self.servers = station.capacity[0][1]
        self.record = StationRecord()
        self._seen_s = 0.0

    def is_full(self) -> bool:
        """Whether an arrival would have to wait and finds no room to."""
        limit = self.station.queue_max
        return limit is not None and self.busy >= self.servers and len(self.waiting) >= limit

    def arrive(self) -> simpy.Event:
        """Join the queue; the event happens when a server calls."""
        self._look()
        turn = self.env.event()
        self.waiting.append(turn)
        self._call_next()
        self.record.queue_max = max(self.record.queue_max, len(self.waiting))
        self.record.queue[-1] = max(self.record.queue[-1], len(self.waiting))
        return turn

    def give_up(self, turn: simpy.Event) -> None:
        """Leave the queue unserved."""
        self._look()
        self.waiting.remove(turn)

    def finish(self) -> None:
        """A server is done with its customer and calls the next one, if it is still open."""
        self._look()
        self.busy -= 1
        self._call_next()

    def open_and_close(self) -> Story:
        """Change the number of open servers at the planned moments."""
        for moment, servers in self.station.capacity[1:]:
            yield self.env.timeout(moment - self.env.now)
            self._look()
            self.servers = servers
            if self.record.sampled_s[-1] == self.env.now:
                self.record.servers[-1] = max(servers, self.busy)
            self._call_next()

    def close_the_book(self, ended_s: float) -> StationRecord:
        """The record until the last departure."""
        self._look_until(ended_s)
        return self.record

    def _call_next(self) -> None:
        while self.waiting and self.busy < self.servers:
            self.busy += 1
            self.waiting.popleft().succeed()

    def _look(self) -> None:
        self._look_until(self.env.now)

    def _look_until(self, now_s: float) -> None:
        record = self.record
        while len(record.sampled_s) * SAMPLE_EVERY_S <= now_s:
            moment_s = len(record.sampled_s) * SAMPLE_EVERY_S
            record.sampled_s.append(moment_s)
            record.queue.append(len(self.waiting))
            record.busy_s_before.append(
                record.busy_server_s + self.busy * (moment_s - self._seen_s)
            )
            record.servers.append(max(self.servers, self.busy))
        elapsed_s = now_s - self._seen_s
        if elapsed_s > 0:
            record.busy_server_s += self.busy * elapsed_s
            record.available_server_s += max(self.servers, self.busy) * elapsed_s
            self._seen_s = now_s


class Play:
    """One run of one network."""

    def __init__(self, network: Network, seed: int) -> None:
        self.network = network
        self.seed = seed
        self.env = simpy.Environment()
        self.points = [ServicePoint(self.env, station) for station in network.stations]
        self.places = {station.name: place for place, station in enumerate(network.stations)}
        self.customers: list[Customer] = []
        self.left_s = 0.0
        self.sources_open = len(network.sources)
        self.inside = 0
        self.all_have_left = self.env.event()

    def until_all_have_left(self) -> Observation:
        """Run until the last customer has left."""
        for point in self.points:
            self.env.process(point.open_and_close())
        for index, source in enumerate(self.network.sources):
            self.env.process(self.customers_come(index, source))
        self.env.run(until=self.all_have_left)
        self.customers.sort(key=lambda customer: (customer.arrival_s, customer.number))
        records = tuple(point.close_the_book(self.left_s) for point in self.points)
        return Observation(self.network, self.customers, records, self.left_s)

    def customers_come(self, index: int, source: Source) -> Story:
        """The customers of a source, one after the other, until the horizon."""
        arrivals = arrival_moments(source.rate_per_s, self.network.horizon_s, self.seed, index)
        for place, moment in enumerate(arrivals):
            # The clock is the sum of the gaps; another engine must add them in this order too.
            yield self.env.timeout(max(0.0, moment - self.env.now))
            customer = Customer((index << SOURCE_SHIFT) + place, self.env.now)
            self.customers.append(customer)
            self.inside += 1
            self.env.process(self.life_of(customer, source))
        self.sources_open -= 1
        self.note_if_all_have_left()

    def life_of(self, customer: Customer, source: Source) -> Story:
        """From station to station until a route leads out."""
        place: int | None = self.places[source.start]
        while place is not None:
            yield from self.visit(customer, place)
            served = customer.visits[-1].outcome == "served"
            place = self.next_place(customer, source, place) if served else None
        self.left_s = self.env.now
        self.inside -= 1
        self.note_if_all_have_left()

    def note_if_all_have_left(self) -> None:
        """The run ends with the last departure, whatever changes of capacity are still planned."""
        if not self.sources_open and not self.inside:
            self.all_have_left.succeed()

    def visit(self, customer: Customer, place: int) -> Story:
        """Queue at one station, be served, or leave unserved."""
        point, station, number = (
            self.points[place],
            self.network.stations[place],
            len(customer.visits),
        )
        arrival_s = self.env.now
        if point.is_full():
            customer.visits.append(Visit(place, arrival_s, arrival_s, arrival_s, "refused"))
            return
        turn = point.arrive()
        if station.patience is None:
            yield turn
        else:
            stream = stream_of(PATIENCE, place)
            patience_s = time_from(station.patience, self.seed, stream, customer.number, number)
            yield turn | self.env.timeout(patience_s)
            if not turn.triggered:
                point.give_up(turn)
                left_s = self.env.now
                customer.visits.append(Visit(place, arrival_s, left_s, left_s, "abandoned"))
                return
        start_s = self.env.now
        stream = stream_of(SERVICE, place)
        service_s = time_from(station.service, self.seed, stream, customer.number, number)
        yield self.env.timeout(service_s)
        point.finish()
        customer.visits.append(Visit(place, arrival_s, start_s, self.env.now, "served"))

    def next_place(self, customer: Customer, source: Source, place: int) -> int | None:
        """Where the route leads, by the customer's own random number; None leads out."""
        station = self.network.stations[place].name
        route = self.network.route_after(source.customer_class, station)
        if route is None or len(customer.visits) >= VISITS_PER_CUSTOMER_MAX:
            return None
        visit = len(customer.visits) - 1
        chance = uniform(self.seed, stream_of(ROUTING, place), customer.number, visit)
        for name, share in route.to:
            if chance < share:
                return self.places[name]
            chance -= share
        return None


def play(network: Network, seed: int) -> Observation:
    """Play the network once with this seed until the last customer has left."""
    return Play(network, seed).until_all_have_left()


def arrival_moments(rate: Steps, horizon_s: float, seed: int, source: int) -> Iterator[float]:
    """The moments of a Poisson process with piecewise constant rate, in seconds.

    By inversion: unit exponential gaps are laid on the cumulative rate. Exact, and each customer
    costs one number.
    """
    starts = [moment for moment, _ in rate]
    ends = [*starts[1:], horizon_s]
    expected = [0.0]  # customers expected until the start of each piece
    for (start, per_s), end in zip(rate, ends, strict=True):
        expected.append(expected[-1] + per_s * max(0.0, min(end, horizon_s) - start))
    unit, stream, laid, place = Exponential(1.0), stream_of(ARRIVALS, source), 0.0, 0
    while True:
        laid += time_from(unit, seed, stream, place, 0)
        if laid >= expected[-1]:
            return
        piece = bisect_right(expected, laid) - 1
        yield starts[piece] + (laid - expected[piece]) / rate[piece][1]
        place += 1
