"""Our engine and Ciw, another simulation by other people, on ten networks that both can express.

Each side plays its own runs with its own random numbers. The mean of each figure over our runs and
over Ciw's may differ by no more than the 99.9 % interval of the difference (Welch): of the some
twenty figures one in fifty sets of seeds would fail by chance, and the seeds are fixed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import ciw
import numpy as np
import pytest
from scipy import stats

from sim.compiled_engine import play
from sim.network import (
    Constant,
    Distribution,
    Exponential,
    Gamma,
    Lognormal,
    Network,
    Poisson,
    Route,
    Source,
    Station,
    Uniform,
)

RUNS = 16
LASTS_S = 1_200.0
FROM_S = 200.0
"""What begins before is played, not counted."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One station as both sides are told."""

    servers: int
    service: Distribution
    comes_per_s: tuple[float, ...] = (0.0,)
    """By class; the first is served first where the network has priorities."""
    ways: tuple[float, ...] = ()
    queue_max: int | None = None
    patience: Distribution | None = None
    roster: tuple[tuple[float, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Both:
    """A network, and whether its classes are priorities."""

    desks: tuple[Desk, ...]
    priority: bool = False
    classes: tuple[str, ...] = field(default=("citizen",))


NETWORKS = {
    "M/M/3": Both((Desk(3, Exponential(1.0), (2.4,)),)),
    "M/D/2": Both((Desk(2, Constant(1.0), (1.5,)),)),
    "uniform service": Both((Desk(1, Uniform(0.2, 1.8), (0.7,)),)),
    "gamma service": Both((Desk(2, Gamma(1.0, 1.6), (1.4,)),)),
    "lognormal service": Both((Desk(4, Lognormal(1.0, 0.8), (3.2,)),)),
    "little room": Both((Desk(2, Exponential(1.0), (2.5,), queue_max=3),)),
    "impatience": Both((Desk(5, Exponential(1.0), (5.5,), patience=Exponential(1.5)),)),
    "in a row and back": Both(
        (
            Desk(2, Exponential(0.8), (1.2,), (0.0, 0.7, 0.1)),
            Desk(3, Lognormal(1.5, 0.5), (0.3,), (0.1, 0.0, 0.4)),
            Desk(1, Uniform(0.1, 1.1), (0.0,), (0.0, 0.2, 0.0)),
        )
    ),
    "priorities": Both((Desk(2, Exponential(1.0), (0.5, 1.2)),), True, ("assisted", "ordinary")),
    "a roster": Both((Desk(2, Exponential(1.0), (2.0,), roster=((0.0, 1), (40.0, 4))),)),
}
ROUND_S = 80.0
"""After so long a roster begins again."""


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_waits_and_loses_as_in_ciw(name: str) -> None:
    both = NETWORKS[name]
    ours = np.array([_ours(both, seed) for seed in range(1, RUNS + 1)])
    theirs = np.array([_ciws(both, seed) for seed in range(1, RUNS + 1)])
    for place in range(ours.shape[1]):
        mine, other = ours[:, place], theirs[:, place]
        variance = mine.var(ddof=1) / RUNS + other.var(ddof=1) / RUNS
        half = stats.t.ppf(0.9995, RUNS - 1) * math.sqrt(variance)
        assert abs(mine.mean() - other.mean()) <= half, (place, mine.mean(), other.mean(), half)


def _ours(both: Both, seed: int) -> list[float]:
    """By station and class: the mean wait of those served, and the share of those not served."""
    names = [f"desk {place}" for place in range(len(both.desks))]
    stations, sources, routes = [], [], []
    for name, desk in zip(names, both.desks, strict=True):
        stations.append(
            Station(
                name, _roster(desk), desk.service, queue_max=desk.queue_max,
                patience=desk.patience, priority=both.priority,
            )
        )  # fmt: skip
        for level, (class_name, per_s) in enumerate(
            zip(both.classes, desk.comes_per_s, strict=True)
        ):
            rate = Poisson(((0.0, per_s),))
            sources.append(Source(f"{class_name} to {name}", class_name, rate, name, level))
        ways = tuple((goal, share) for goal, share in zip(names, desk.ways, strict=False) if share)
        routes += [Route(class_name, name, ways) for class_name in both.classes if ways]
    network = Network("both", LASTS_S, tuple(stations), tuple(sources), tuple(routes))
    seen = play(network, seed, measured_from_s=FROM_S)
    figures = []
    for station in seen.stations:
        for each in station.by_class:
            figures += [each.waits.mean_s, (each.refused + each.abandoned) / max(1, each.visits)]
    return figures


def _roster(desk: Desk) -> tuple[tuple[float, int], ...]:
    if not desk.roster:
        return ((0.0, desk.servers),)
    rounds = range(math.ceil(1.2 * LASTS_S / ROUND_S))
    return tuple((nth * ROUND_S + from_s, many) for nth in rounds for from_s, many in desk.roster)


def _ciws(both: Both, seed: int) -> list[float]:
    ciw.seed(seed)
    desks, classes = both.desks, both.classes
    ways = [list(desk.ways) or [0.0] * len(desks) for desk in desks]

    def by_class(of: Callable[[Desk, int], Any]) -> dict[str, list[Any]]:
        return {name: [of(desk, level) for desk in desks] for level, name in enumerate(classes)}

    network = ciw.create_network(
        arrival_distributions=by_class(
            lambda desk, level: (
                ciw.dists.Exponential(desk.comes_per_s[level]) if desk.comes_per_s[level] else None
            )
        ),
        service_distributions=by_class(lambda desk, _: _in_ciw(desk.service)),
        reneging_time_distributions=by_class(lambda desk, _: _in_ciw(desk.patience)),
        routing=dict.fromkeys(classes, ways),
        number_of_servers=[_servers_in_ciw(desk) for desk in desks],
        queue_capacities=[math.inf if desk.queue_max is None else desk.queue_max for desk in desks],
        priority_classes={name: level * both.priority for level, name in enumerate(classes)},
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(LASTS_S)
    records = [each for each in simulation.get_all_records() if each.arrival_date >= FROM_S]
    figures = []
    for place in range(len(desks)):
        for name in classes:
            here = [r for r in records if r.node == place + 1 and r.customer_class == name]
            waits = [r.waiting_time for r in here if r.record_type == "service"]
            figures += [float(np.mean(waits)), 1 - len(waits) / len(here)]
    return figures


def _servers_in_ciw(desk: Desk) -> Any:
    if not desk.roster:
        return desk.servers
    ends = [from_s for from_s, _ in desk.roster[1:]] + [ROUND_S]
    many = [servers for _, servers in desk.roster]
    return ciw.Schedule(numbers_of_servers=many, shift_end_dates=ends, preemption=False)


def _in_ciw(distribution: Distribution | None) -> Any:
    match distribution:
        case None:
            return None
        case Constant(value_s):
            return ciw.dists.Deterministic(value_s)
        case Exponential(mean_s):
            return ciw.dists.Exponential(1 / mean_s)
        case Uniform(low_s, high_s):
            return ciw.dists.Uniform(low_s, high_s)
        case Gamma(mean_s, cv):
            return ciw.dists.Gamma(1 / cv**2, mean_s * cv**2)
        case Lognormal(mean_s, cv):
            variance = math.log1p(cv**2)
            return ciw.dists.Lognormal(math.log(mean_s) - variance / 2, math.sqrt(variance))
        case other:
            raise AssertionError(other)
