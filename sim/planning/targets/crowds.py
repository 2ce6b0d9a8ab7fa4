"""Whether ever more will stand in a run than it may hold: nobody need wait until they do.

A run is broken off where more are inside than the memory shall hold. Mostly that is certain much
earlier. Two counts show it, at the stations where most wait; each is a number that must at least be
inside at some moment until the horizon:

- Who must pass a station is inside until called there. So of all whose way surely leads there (by
  the routes, over stations that lose nobody), all are inside but those who can have been called.
- Where patience ends, who came not longer ago than that is still there: those who come straight
  from a source, each with the share of patiences that is longer than the time since, but for those
  who can have been called since the first of them came.

What is sure stands in `throughput`. Where a full room refuses nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from sim.customers import Poisson, Source, expected
from sim.distributions import mean_s
from sim.network import Network
from sim.observation import CROWDED, Floats, Observation
from sim.places import Station
from sim.planning.targets.survival import share_longer
from sim.planning.targets.throughput import called_until, expected_until, surely_above

CROWDS = (100_000, 400_000)
"""Customers inside at which a run is stopped to see what is certain: 16 and 64 MB of the compiled
engine, 145 and 580 of SimPy's."""
PLACES = 3
"""Stations looked at: those where most wait."""
MOMENTS = 400
"""Until the horizon, at which the inside is reckoned."""
STEPS_MAX = 64
"""Of a way, from station to station: who takes longer to come there is not counted."""
AGES = 64
"""Parts of a patience, in which those who came so long ago are counted together."""
PATIENCES = 8.0
"""Who came longer ago than so many mean patiences is not counted."""


def may_hold_more(network: Network, inside_max: int) -> bool:
    """Whether so many come at all that `surely_inside` could tell of more than so many: those who
    come back are not among them. Where not, nobody need be looked for.
    """
    return network.expected_customers() > inside_max


def play_unless_too_many(
    play: Callable[[int], Observation],
    network: Network,
    inside_max: int,
    measured_from_s: float = 0.0,
) -> Observation:
    """What a run saw: the whole of it, or until the crowd that shows that it will hold too many.

    `play` plays it until so many are inside.
    """
    if may_hold_more(network, inside_max):
        for most in (each for each in CROWDS if each < inside_max):
            seen = play(most)
            if not is_crowded(seen) or surely_inside(seen, measured_from_s) > inside_max:
                return seen
    return play(inside_max)


def is_crowded(seen: Observation) -> bool:
    """Whether a run was broken off because so many were inside."""
    return seen.stopped is not None and seen.stopped.reason == CROWDED


def surely_inside(seen: Observation, measured_from_s: float = 0.0) -> float:
    """So many at least will be inside at once at some moment until the horizon.

    `seen` is of a run that was stopped; what began before `measured_from_s` was not counted in it.
    """
    network = seen.network
    waiting = [
        (each.visits - each.refused - each.abandoned - each.waits.count, -place)
        for place, each in enumerate(seen.stations)
    ]
    most = sorted(waiting, reverse=True)[:PLACES]
    least = 0.0
    for many, place in most:
        station = network.stations[-place]
        if many <= 0 or station.queue_max is not None:
            continue
        if station.patience is None:
            before = seen.stations[-place].waits.count if measured_from_s <= 0 else None
            least = max(least, _uncalled(seen, station, before))
        else:
            least = max(least, _patient(seen, station))
    return least


def _moments_s(seen: Observation) -> Floats:
    horizon_s = seen.network.horizon_s
    return np.linspace(min(seen.ended_s, horizon_s), horizon_s, MOMENTS + 1)


def _uncalled(seen: Observation, station: Station, before: int | None) -> float:
    """Of those who must pass a station, who cannot yet have been called there; `before` are those
    called until the run was stopped, where they were counted.
    """
    network, moments_s = seen.network, _moments_s(seen)
    come = np.zeros_like(moments_s)
    for customer_class in network.classes():
        share = _shares_that_pass(network, customer_class, station.name)
        for source in network.sources:
            if source.customer_class == customer_class and share.get(source.start, 0.0) > 0:
                until = np.array([expected_until(source, moment_s) for moment_s in moments_s])
                come += share[source.start] * until
    classes = network.classes()
    if before is None:
        called = called_until(station, classes, 0.0, moments_s)
    else:
        called = before + called_until(station, classes, seen.ended_s, moments_s - moments_s[0])
    return float((surely_above(come) - called).max())


def _shares_that_pass(network: Network, customer_class: str, name: str) -> Mapping[str, float]:
    """The share of a class that will come to a station, from each station, before anybody can be
    lost; a little less where ways are long.
    """
    losing = {
        each.name
        for each in network.stations
        if each.patience is not None or each.queue_max is not None
    }
    ways = [
        (route.origin, route.to)
        for route in network.routes
        if route.customer_class == customer_class and route.origin not in {name, *losing}
    ]
    shares = {name: 1.0}
    for _ in range(STEPS_MAX):
        further = {
            origin: sum(share * shares.get(goal, 0.0) for goal, share in to) for origin, to in ways
        } | {name: 1.0}
        if further == shares:
            break
        shares = further
    return shares


def _patient(seen: Observation, station: Station) -> float:
    """Who comes straight from a source and has not lost patience, but for those who can have been
    called meanwhile: of those who come after the run was stopped, and not too long ago.
    """
    network, moments_s = seen.network, _moments_s(seen)
    begins_s = float(moments_s[0])
    if station.patience is None:
        return 0.0
    ages_s = np.linspace(0.0, PATIENCES * mean_s(station.patience), AGES + 1)
    patient = share_longer(station.patience, ages_s[1:])
    at_s = np.maximum(moments_s[:, None] - ages_s[None, :], begins_s)
    came = np.zeros((moments_s.size, AGES))
    for arrivals in _random_arrivals(network.sources, station.name):
        came -= np.diff(_come(arrivals, at_s), axis=1)
    there = np.cumsum(came * patient, axis=1)  # of those who came not longer ago than each age
    after_s = moments_s[:, None] - at_s[:, 1:]
    called = called_until(station, network.classes(), at_s[:, 1:], after_s)
    return float((surely_above(there) - called).max())


def _random_arrivals(sources: Sequence[Source], start: str) -> Sequence[Poisson]:
    at_start = [each.arrivals for each in sources if each.start == start]
    return [each for each in at_start if isinstance(each, Poisson)]


def _come(arrivals: Poisson, until_s: Floats) -> Floats:
    """How many are expected to come until each moment: straight between changes of the rate."""
    steps_s = [from_s for from_s, _ in arrivals.rate_per_s]
    knots_s = np.unique(np.array([0.0, *steps_s, float(until_s.max()) + 1.0]))
    many = np.array([expected(arrivals, knot_s) for knot_s in knots_s])
    come: Floats = np.interp(until_s, knots_s, many)
    return come
