"""The story of a customer, from the street to the last departure."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from itertools import count, pairwise
from typing import Any

import numpy as np
import simpy

from sim.customers import Poisson, Recorded, Scheduled, Source, Steps
from sim.distributions import Exponential
from sim.engines import Progress, RunInterrupted
from sim.histogram import times_of
from sim.network import Network
from sim.observation import (
    ASKED,
    CROWDED,
    CUSTOMERS_INSIDE_MAX,
    DRAIN_HORIZONS_MAX,
    DRAIN_S_MAX,
    ENDLESS,
    VISITS_PER_CUSTOMER_MAX,
    Observation,
    Stopped,
    Trace,
    steps_of,
)
from sim.order import COMES, customer_number, order_of
from sim.random_numbers import ARRIVALS, RETRY, ROUTING
from sim.simpy_engine.clock import Clock
from sim.simpy_engine.draws import Chance, Duration
from sim.simpy_engine.service_point import Customer, ServicePoint

Story = Generator[simpy.Event, Any, None]
TOLD_EVERY = 1000
"""Customers between two words of progress."""

PlaceStory = Generator[simpy.Event, Any, int | None]


def play(
    network: Network,
    seed: int,
    *,
    antithetic: bool = False,
    measured_from_s: float = 0.0,
    traced: bool = False,
    inside_max: int = CUSTOMERS_INSIDE_MAX,
    progress: Progress | None = None,
) -> Observation:
    """Play a network once, as `sim.engines.Engine` says."""
    whole = Play(network, seed, antithetic, measured_from_s, traced, inside_max)
    whole.progress = progress
    return whole.until_all_have_left()


class Play:
    """One run of one network."""

    def __init__(
        self,
        network: Network,
        seed: int,
        antithetic: bool,
        measured_from_s: float,
        traced: bool,
        inside_max: int,
    ) -> None:
        self.network, self.seed, self.antithetic = network, seed, antithetic
        self.measured_from_s, self.inside_max = measured_from_s, inside_max
        self.clock = Clock()
        self.classes = network.classes()
        self.points = [
            ServicePoint(
                self.clock, network, place, seed, steps_of(network),
                antithetic=antithetic, measured_from_s=measured_from_s,
            )
            for place in range(len(network.stations))
        ]  # fmt: skip
        self.signposts = [self._signposts_at(station.name) for station in network.stations]
        self.returns = [self._returns_to(station.name) for station in network.stations]
        self.journeys_s: list[list[float]] = [[] for _ in self.classes]
        self.trace: list[tuple[int, float, int, int, float, float, float]] | None
        self.trace = [] if traced else None
        self.customers = self.inside = 0
        self.sources_open = len(network.sources)
        self.left_s = 0.0
        self.over = self.clock.event()
        self.stopped: Stopped | None = None
        self.progress: Progress | None = None

    def until_all_have_left(self) -> Observation:
        """Run until the last customer has left."""
        for place, source in enumerate(self.network.sources):
            self.clock.process(self.customers_come(place, source))
        horizon_s = self.network.horizon_s
        last_s = horizon_s + max(DRAIN_S_MAX, DRAIN_HORIZONS_MAX * horizon_s)
        self.clock.process(self.closing_time(last_s))
        try:
            self.clock.run(until=self.over)
        except KeyboardInterrupt:
            self.stop(ASKED)
        seen = Observation(
            self.network,
            self.seed,
            self.customers,
            self.left_s,
            tuple(point.close_the_book().closed() for point in self.points),
            tuple(times_of(np.array(each, dtype=np.float64)) for each in self.journeys_s),
            _trace_of(self.trace) if self.trace is not None else None,
            self.stopped,
        )
        if self.stopped is not None and self.stopped.reason == ASKED:
            raise RunInterrupted(seen)
        return seen

    def customers_come(self, place: int, source: Source) -> Story:
        """The customers of a source, one after the other, until the horizon."""
        start = [station.name for station in self.network.stations].index(source.start)
        customer_class = self.classes.index(source.customer_class)
        priority = self.points[start].priorities.index(source.priority)
        gaps = Duration(
            Exponential(1.0), self.seed, ARRIVALS, source.name, antithetic=self.antithetic
        )
        keys = map(gaps.key_of, count())
        for nth, (moment_s, key) in enumerate(self.arrivals_of(source, gaps, keys)):
            number = customer_number(place, nth)
            yield self.clock.at(moment_s, order_of(COMES, number))
            customer = Customer(number, key, customer_class, priority, moment_s)
            self.customers += 1
            self.inside += 1
            if self.progress is not None and self.customers % TOLD_EVERY == 0:
                self.progress(moment_s, self.customers)
            if self.inside > self.inside_max:
                self.stop(CROWDED)
                return
            self.clock.process(self.life_of(customer, start))
        self.sources_open -= 1
        self.note_if_all_have_left()

    def life_of(self, customer: Customer, start: int) -> Story:
        """From station to station until a route leads out."""
        place: int | None = start
        while place is not None:
            arrival_s = self.clock.now
            outcome = yield from self.points[place].visit(customer)
            served = outcome == "served"
            if self.trace is not None:
                start_s = customer.began_s if served else self.clock.now
                self.trace.append((
                    customer.number, customer.came_s, customer.visits, place,
                    arrival_s, start_s, self.clock.now,
                ))  # fmt: skip
            if served:
                next_place = self.next_place(customer, place)
                customer.attempts = 0
            else:
                next_place = yield from self.come_back(customer, place)
            customer.visits += 1
            place = next_place if customer.visits < VISITS_PER_CUSTOMER_MAX else None
        self.left_s = self.clock.now
        self.inside -= 1
        if customer.came_s >= self.measured_from_s:
            self.journeys_s[customer.customer_class].append(self.left_s - customer.came_s)
        self.note_if_all_have_left()

    def next_place(self, customer: Customer, place: int) -> int | None:
        """Where the route leads, by the customer's own random number; None leads out."""
        chance, ways_of_class = self.signposts[place]
        ways = ways_of_class[customer.customer_class]
        if not ways:
            return None
        share = chance.share(customer.key, customer.visits)
        for goal, until in ways:
            if share < until:
                return goal
        return None

    def come_back(self, customer: Customer, place: int) -> PlaceStory:
        """Another attempt after some time, if the class makes one."""
        customer.attempts += 1
        back = self.returns[place][customer.customer_class]
        if back is None or customer.attempts >= back[1]:
            return None
        after_s = back[0].seconds(customer.key, customer.visits)
        yield self.clock.at(self.clock.now + after_s, order_of(COMES, customer.number))
        return place

    def closing_time(self, last_s: float) -> Story:
        """A run that is not over by then is endless."""
        yield self.clock.at(last_s, 0)
        self.stop(ENDLESS)

    def stop(self, reason: str) -> None:
        """Break the run off."""
        if not self.over.triggered:
            fullest = max(self.points, key=lambda point: point.queue.length)
            waiting = fullest.queue.length
            self.left_s = self.clock.now
            self.stopped = Stopped(self.clock.now, fullest.station.name, waiting, reason)
            self.over.succeed()

    def note_if_all_have_left(self) -> None:
        """The run ends with the last departure, whatever changes of capacity are still planned."""
        if not self.sources_open and not self.inside and not self.over.triggered:
            self.over.succeed()

    def arrivals_of(
        self, source: Source, gaps: Duration, keys: Iterator[int]
    ) -> Iterator[tuple[float, int]]:
        """When the customers of a source come, in seconds, before the horizon; and their keys."""
        horizon_s = self.network.horizon_s
        match source.arrivals:
            case Poisson(rate_per_s):
                yield from poisson_arrivals(rate_per_s, horizon_s, gaps, keys)
            case Scheduled(batches):
                for moment_s, customers in batches:
                    if moment_s < horizon_s:
                        yield from ((moment_s, next(keys)) for _ in range(customers))
            case Recorded(moments_s):
                yield from (
                    (moment_s, next(keys)) for moment_s in moments_s if moment_s < horizon_s
                )

    def _signposts_at(self, station: str) -> tuple[Chance, list[list[tuple[int, float]]]]:
        places = {station.name: place for place, station in enumerate(self.network.stations)}
        ways_of_class = []
        for name in self.classes:
            route, until, ways = self.network.route_after(name, station), 0.0, []
            for goal, share in route.to if route else ():
                until += share
                ways.append((places[goal], until))
            if ways and until > 1 - 1e-9:
                ways[-1] = (ways[-1][0], 1.0)
            ways_of_class.append(ways)
        return Chance(self.seed, ROUTING, station, antithetic=self.antithetic), ways_of_class

    def _returns_to(self, station: str) -> list[tuple[Duration, int] | None]:
        back: list[tuple[Duration, int] | None] = []
        for name in self.classes:
            retry = self.network.retry_of(name, station)
            if retry is None:
                back.append(None)
                continue
            after = Duration(retry.after, self.seed, RETRY, station, antithetic=self.antithetic)
            back.append((after, retry.attempts_max))
        return back


def poisson_arrivals(
    rate: Steps, horizon_s: float, gaps: Duration, keys: Iterator[int]
) -> Iterator[tuple[float, int]]:
    """The moments of a Poisson process with piecewise constant rate, in seconds, and their keys.

    By inversion: unit exponential gaps are laid on the cumulative rate. Exact, and each customer
    costs one number.
    """
    expected = [0.0]  # customers expected until the start of each piece
    for (start_s, per_s), (end_s, _) in pairwise((*rate, (math.inf, 0.0))):
        lasts_s = min(end_s, horizon_s) - min(start_s, horizon_s)
        expected.append(expected[-1] + per_s * lasts_s)
    laid, piece, moment_s = 0.0, 0, 0.0
    for key in keys:
        laid += gaps.seconds(key, 0)
        if laid >= expected[-1]:
            return
        while expected[piece + 1] <= laid:
            piece += 1
        start_s, per_s = rate[piece]
        moment_s = max(moment_s, start_s + (laid - expected[piece]) / per_s)
        yield moment_s, key


def _trace_of(rows: list[tuple[int, float, int, int, float, float, float]]) -> Trace:
    kinds = zip(Trace.__slots__, ("i8", "f8", "i8", "i8", "f8", "f8", "f8"), strict=True)
    table = np.array(rows, dtype=list(kinds))
    return Trace(*(np.ascontiguousarray(table[name]) for name in Trace.__slots__))
