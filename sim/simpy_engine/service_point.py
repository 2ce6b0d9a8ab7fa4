"""A station at work: who waits, who serves, and the story of one visit."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any, Literal

import simpy

from sim.network import Network, Station
from sim.observation import Steps
from sim.order import CHANGE, DONE, GATHERED, GIVES_UP, change_number, order_of
from sim.random_numbers import BREAKDOWN, PATIENCE, REPAIR, SERVICE
from sim.simpy_engine.clock import Clock
from sim.simpy_engine.draws import Duration
from sim.simpy_engine.record import Book

FIRST_DONE = order_of(DONE, 0)
"""The order of an end of service is this and the customer's number."""

Outcome = Literal["served", "refused", "abandoned"]
Story = Generator[simpy.Event, Any, None]
VisitStory = Generator[simpy.Event, Any, Outcome]


@dataclass(slots=True)
class Customer:
    """A customer on the way."""

    number: int
    key: int
    customer_class: int
    priority: int
    came_s: float
    began_s: float = 0.0
    visits: int = 0
    attempts: int = 0


@dataclass(slots=True)
class Crowd:
    """Those who are served together: their service time, and how many are still inside."""

    service_s: float
    inside: int


@dataclass(slots=True)
class Turn:
    """A place in the queue; `called` happens when a server calls, or the customer has given up."""

    customer: Customer
    called: simpy.Event
    has_left: bool = False
    gave_up: bool = False
    is_overdue: bool = False
    crowd: Crowd | None = None


@dataclass(slots=True)
class Queue:
    """Who waits, in the order in which they are called."""

    levels: list[deque[Turn]] = field(default_factory=list)
    length: int = 0

    def join(self, turn: Turn, level: int) -> None:
        """Stand last of this level."""
        self.levels[level].append(turn)
        self.length += 1

    def leave(self, turn: Turn) -> None:
        """Leave without having been called."""
        turn.has_left = turn.gave_up = True
        self.length -= 1

    def next(self) -> Turn:
        """Who is called now."""
        level = next(level for level in self.levels if self._first_of(level))
        turn = level.popleft()
        turn.has_left = True
        self.length -= 1
        return turn

    @staticmethod
    def _first_of(level: deque[Turn]) -> Turn | None:
        while level and level[0].gave_up:
            level.popleft()
        return level[0] if level else None


class ServicePoint:
    """One station of a network at work."""

    def __init__(
        self,
        clock: Clock,
        network: Network,
        place: int,
        seed: int,
        steps: Steps,
        *,
        antithetic: bool,
        measured_from_s: float,
    ) -> None:
        self.clock, self.place = clock, place
        self.station: Station = network.stations[place]
        station = self.station

        def duration(distribution: Any, purpose: int) -> Duration:
            return Duration(distribution, seed, purpose, station.name, antithetic=antithetic)

        own = dict(station.service_of)
        of_classes = [own.get(name, station.service) for name in network.classes()]
        self.service = [duration(distribution, SERVICE) for distribution in of_classes]
        self.patience = duration(station.patience, PATIENCE) if station.patience else None
        self.priorities = sorted({source.priority for source in network.sources})
        self.queue = Queue([deque() for _ in self.priorities] if station.priority else [deque()])
        self.is_link = station.is_link
        self.planned = station.capacity[0][1]
        self.broken: set[int] = set()
        self.busy = 0
        self.overdue = 0
        self.book = Book(len(network.classes()), steps, measured_from_s)
        self.servers = self.planned
        for event in self._changes_of_plan(), *self._breakdowns(duration):
            clock.process(event)

    def visit(self, customer: Customer) -> VisitStory:
        """Queue, be served, or leave unserved; returns which."""
        arrival_s = start_s = self.clock.now
        self._look(arrival_s)
        self.book.arrives(customer.customer_class, arrival_s)
        crowd: Crowd | None = None
        if self.station.batch is None and self.busy < self.servers:
            self.busy += 1
        elif self._is_full():
            self.book.is_refused(customer.customer_class, arrival_s)
            return "refused"
        else:
            turn = self._join(customer)
            yield turn.called
            if turn.gave_up:
                self.book.gives_up(customer.customer_class, arrival_s)
                return "abandoned"
            crowd, start_s = turn.crowd, self.clock.now
        customer.began_s = start_s
        self.book.begins(customer.customer_class, arrival_s, start_s)
        service_s = crowd.service_s if crowd else self._service_s(customer)
        yield self.clock.at(start_s + service_s, FIRST_DONE + customer.number)
        self._finish(crowd)
        return "served"

    def close_the_book(self) -> Book:
        """The record until now."""
        self._look(self.clock.now)
        return self.book

    def _is_full(self) -> bool:
        most, batch = self.station.queue_max, self.station.batch
        if most is None or self.queue.length < most:
            return False
        begins = batch is not None and (batch.wait_s == 0 or self.queue.length + 1 >= batch.size)
        return not (begins and self.busy < self.servers)

    def _join(self, customer: Customer) -> Turn:
        turn = Turn(customer, self.clock.event())
        self.queue.join(turn, customer.priority if self.station.priority else 0)
        self._call_next()
        if not turn.has_left:
            now_s, number = self.clock.now, customer.number
            self.book.waits(self.queue.length, now_s)
            if self.patience is not None:
                ends_s = now_s + self.patience.seconds(customer.key, customer.visits)
                end = self.clock.at(ends_s, order_of(GIVES_UP, number))
                end.callbacks = [partial(self._give_up, turn)]
            if self.station.batch is not None and self.station.batch.wait_s > 0:
                due_s = now_s + self.station.batch.wait_s
                due = self.clock.at(due_s, order_of(GATHERED, number))
                due.callbacks = [partial(self._fall_due, turn)]
        return turn

    def _call_next(self) -> None:
        while self.queue.length and self.busy < self.servers and self._may_begin():
            self.busy += 1
            batch = self.station.batch
            many = min(batch.size, self.queue.length) if batch else 1
            crowd: Crowd | None = None
            for _ in range(many):
                turn = self.queue.next()
                if batch and crowd is None:
                    crowd = Crowd(self._service_s(turn.customer), many)
                turn.crowd = crowd
                self.overdue -= turn.is_overdue
                turn.called.succeed()

    def _may_begin(self) -> bool:
        batch = self.station.batch
        if batch is None or batch.wait_s == 0 or self.queue.length >= batch.size:
            return True
        return self.overdue > 0

    def _service_s(self, customer: Customer) -> float:
        return self.service[customer.customer_class].seconds(customer.key, customer.visits)

    def _finish(self, crowd: Crowd | None) -> None:
        self._look(self.clock.now)
        if crowd is not None:
            crowd.inside -= 1
            if crowd.inside:
                return
        self.busy -= 1
        self._call_next()

    def _give_up(self, turn: Turn, _event: simpy.Event) -> None:
        if not turn.has_left:
            self._look(self.clock.now)
            self.queue.leave(turn)
            self.overdue -= turn.is_overdue
            turn.called.succeed()

    def _fall_due(self, turn: Turn, _event: simpy.Event) -> None:
        if not turn.has_left:
            self._look(self.clock.now)
            turn.is_overdue = True
            self.overdue += 1
            self._call_next()

    def _changes_of_plan(self) -> Story:
        for moment_s, servers in self.station.capacity[1:]:
            yield self.clock.at(moment_s, order_of(CHANGE, change_number(self.place, 0)))
            self._look(self.clock.now)
            self.planned = servers
            self._go_to_work()

    def _breakdowns(self, duration: Any) -> list[Story]:
        breakdown = self.station.breakdown
        if breakdown is None:
            return []
        most = 1 if breakdown.whole else max(servers for _, servers in self.station.capacity)
        between, repair = duration(breakdown.between, BREAKDOWN), duration(breakdown.repair, REPAIR)
        return [self._life_of_server(server, between, repair) for server in range(1, most + 1)]

    def _life_of_server(self, server: int, between: Duration, repair: Duration) -> Story:
        clock, order = self.clock, order_of(CHANGE, change_number(self.place, server))
        between_key, repair_key = between.key_of(server), repair.key_of(server)
        for time in count():
            yield clock.at(clock.now + between.seconds(between_key, time), order)
            self._look(self.clock.now)
            self.broken.add(server)
            self._go_to_work()
            yield clock.at(clock.now + repair.seconds(repair_key, time), order)
            self._look(self.clock.now)
            self.broken.discard(server)
            self._go_to_work()

    def _go_to_work(self) -> None:
        breakdown = self.station.breakdown
        self.servers = self.planned
        if breakdown is not None and self.broken:
            away = sum(server <= self.planned for server in self.broken)
            self.servers = 0 if breakdown.whole else self.planned - away
        self._call_next()

    def _look(self, now_s: float) -> None:
        servers = self.servers if self.servers > self.busy else self.busy
        servers = 0 if self.is_link else servers
        self.book.look(now_s, self.queue.length, self.busy, servers)
