"""What is already certain of a run that was stopped because a crowd had gathered.

A setting that cannot serve what comes fails; to see it, nobody need wait until ten million stand in
the memory. From a run stopped at a smaller crowd is reckoned how many will at least have waited
longer than a limit, whatever happens from then on, and of how many at most. Where that already
misses a condition, the bound stands for the figure: the truth is worse.

Rules: who waits where there is no patience will be served, later. Of those waiting, more have come
before a moment than all who came since; so many at most can be called until another moment as
servers, working all the time, get done. First come, first served: who comes behind so many waits at
least until they are called. Of those refused and impatient `losses` tells; what is sure stands in
`throughput`. Where nothing can be said (waits of the impatient, a crowd elsewhere) nothing is; then
`crowds` tells whether a run will hold too many, and else it is played with more room.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sim.customers import Source
from sim.endless_work import expected_visits
from sim.observation import ClassSeen, Floats, Observation, StationSeen
from sim.planning.targets.expressions import Condition
from sim.planning.targets.figures import JOURNEY_S, SERVED_WITHIN, WAIT_S, WITHIN, Figure
from sim.planning.targets.losses import LOST, SERVED, bound_of_losses
from sim.planning.targets.throughput import (
    called_until,
    expected_until,
    surely_above,
    surely_below,
)

MOMENTS = 400
"""Until the horizon, at which who has come is compared with who can have been called."""
BUCKET = 1.02
"""Figures are read from buckets of 1.6 %: a limit must be passed by more than one."""
LIMITS_PER_DOUBLING, LIMITS_MAX = 8, 200
SHORTEST_S = 1e-3


def foregone(
    figures: Sequence[Figure], conditions: Sequence[Condition], seen: Observation
) -> tuple[float, ...] | None:
    """A bound of each figure, NaN where none is known; None unless a condition is surely missed.

    `conditions` are of these figures; a bound is on the side on which its condition is missed.
    """
    bounds = dict.fromkeys(figures, math.nan)
    for condition in conditions:
        bounds[condition.figure] = _bound(condition, seen)
    for figure in figures:
        if len({each.is_upper for each in conditions if each.figure == figure}) > 1:
            bounds[figure] = math.nan
    values = [(each, bounds[each.figure]) for each in conditions]
    if all(math.isnan(value) or condition.holds(value) for condition, value in values):
        return None
    return tuple(bounds[figure] for figure in figures)


def _bound(condition: Condition, seen: Observation) -> float:
    figure, is_upper = condition.figure, condition.is_upper
    if is_upper and figure.quantity == "queue_max":
        return float(_station(figure, seen).queue_max)
    bounds = []
    if figure.quantity in (LOST if is_upper else SERVED):
        bounds.append(bound_of_losses(figure, seen))
    if figure.quantity in ((WAIT_S, JOURNEY_S) if is_upper else (WITHIN, SERVED_WITHIN)):
        bounds.append(_Long(figure, seen).bound(condition.limit))
    known = [bound for bound in bounds if not math.isnan(bound)]
    return next((bound for bound in known if not condition.holds(bound)), (*known, math.nan)[0])


def _station(figure: Figure, seen: Observation) -> StationSeen:
    names = [station.name for station in seen.network.stations]
    return seen.stations[names.index(figure.place)]


class _Long:
    """Those who will at least have waited long, and of how many at most: of one figure."""

    def __init__(self, figure: Figure, seen: Observation) -> None:
        network = seen.network
        names = [station.name for station in network.stations]
        self._figure = figure
        is_journey = figure.quantity == JOURNEY_S
        customer_class = figure.place if is_journey else figure.customer_class
        crowds = [
            _Crowd(seen, place, customer_class)
            for place, name in enumerate(names)
            if is_journey or name == figure.place
        ]
        self._crowds = crowds
        classes = [customer_class] if customer_class else list(network.classes())
        if is_journey:
            self._ended = seen.journeys[network.classes().index(customer_class)]
            self._most = surely_below(
                sum(expected_until(each, network.horizon_s) for each in crowds[0].sources_of_class),
                1.0,
            )
        else:
            place = names.index(figure.place)
            self._ended = crowds[0].counted.waits
            of_classes = [expected_visits(network, each, network.horizon_s) for each in classes]
            visits = sum(float(each[place]) for each in of_classes)
            customers = network.expected_customers()
            again = max(1.0, sum(float(each.sum()) for each in of_classes) / max(customers, 1.0))
            lossless = all(
                each.patience is None and each.queue_max is None for each in network.stations
            )
            known = figure.quantity != SERVED_WITHIN or lossless
            self._most = surely_below(visits, 2 * again) if known else math.inf

    def bound(self, limit: float) -> float:
        """The figure is at least this, or at most this where it is a share; NaN: not known."""
        figure = self._figure
        if figure.quantity in {WITHIN, SERVED_WITHIN}:
            return 1 - min(1.0, self._longer(BUCKET * (figure.number or 0.0)) / self._most)
        if figure.part == "mean":
            return self._mean_s(limit)
        many = (1 - figure.number) * self._most if figure.number is not None else 0.5
        longest_s = 0.0
        for limit_s in _limits_s(BUCKET * limit):
            if self._longer(limit_s) <= many:
                break
            longest_s = limit_s
        return longest_s

    def _longer(self, limit_s: float) -> float:
        """So many at least wait longer."""
        ended = self._ended.count * (1 - self._ended.share_within(limit_s))
        return ended + max(each.longer(limit_s) for each in self._crowds)

    def _mean_s(self, limit_s: float) -> float:
        """All waits together, from how many are at least how long."""
        waits_s, before_s = 0.0, 0.0
        for longer_s in _limits_s(limit_s / 4):
            many = self._longer(longer_s)
            waits_s += many * (longer_s - before_s)
            before_s = longer_s
            if many <= 0:
                break
        return waits_s / self._most


class _Crowd:
    """Those of a class (or all) who wait at a station when a run is stopped, and who come later."""

    def __init__(self, seen: Observation, place: int, customer_class: str) -> None:
        network, self._seen = seen.network, seen
        self._station, self._of = network.stations[place], seen.stations[place]
        at = network.classes().index(customer_class) if customer_class else None
        self.counted: ClassSeen | StationSeen = self._of if at is None else self._of.by_class[at]
        self.sources_of_class = [
            each for each in network.sources if customer_class in {"", each.customer_class}
        ]
        self._waiting, self._waiting_of_all = _waiting(self.counted), _waiting(self._of)
        horizon_s = network.horizon_s
        begins_s = min(seen.ended_s, horizon_s)
        self._moments_s = np.linspace(begins_s, horizon_s, MOMENTS + 1)
        here = [each for each in network.sources if each.start == self._station.name]
        self._come = _come(here, self._moments_s)
        mine = [each for each in here if each in self.sources_of_class]
        self._come_of_class = _come(mine, self._moments_s)

    def longer(self, limit_s: float) -> float:
        """So many at least, of those waiting or still to come here, wait longer than this."""
        if self._station.patience is not None or self._waiting <= 0:
            return 0.0
        waiting = max(
            self._waiting - self._came_since(part * limit_s) - self._called((1 - part) * limit_s)
            for part in (0.0, 0.5, 1.0)
        )
        if self._station.is_link or self._station.queue_max is not None:
            return max(0.0, waiting)  # who comes later may not wait: served at once, or refused
        later_s = self._moments_s - self._moments_s[0]
        if not self._station.priority:
            behind = self._waiting_of_all + surely_above(self._come[:-1])
            is_long = behind > self._called_until(later_s[1:] + limit_s)
            many = float(np.diff(self._come_of_class)[is_long].sum())
            return max(0.0, waiting) + float(surely_above(np.array([many]))[0])
        if self._waiting < self._waiting_of_all:
            return max(0.0, waiting)
        left = self._waiting + surely_above(self._come) - self._called_until(later_s + limit_s)
        return max(0.0, waiting, float(left.max()))

    def _came_since(self, last_s: float) -> float:
        """So many at most have come here in the last seconds, and perhaps a step before."""
        series = self._of.series
        first = max(0, int((self._seen.ended_s - last_s) / series.step_s))
        return float(series.arrivals[first:].sum()) if last_s > 0 else 0.0

    def _called(self, after_s: float) -> float:
        return float(self._called_until(np.array([after_s]))[0]) if after_s > 0 else 0.0

    def _called_until(self, after_s: Floats) -> Floats:
        """So many at most can be called in the seconds after the run was stopped."""
        return called_until(
            self._station, self._seen.network.classes(), self._seen.ended_s, after_s
        )


def _waiting(seen: ClassSeen | StationSeen) -> int:
    """Who came and was neither called nor lost, of those who are counted."""
    return seen.visits - seen.refused - seen.abandoned - seen.waits.count


def _come(sources: Sequence[Source], moments_s: Floats) -> Floats:
    """How many are expected to come from the first of the moments until each."""
    until = [sum(expected_until(each, moment_s) for each in sources) for moment_s in moments_s]
    return np.array(until) - until[0]


def _limits_s(from_s: float) -> Sequence[float]:
    first_s = max(from_s, SHORTEST_S)
    return [first_s * 2 ** (place / LIMITS_PER_DOUBLING) for place in range(LIMITS_MAX)]
