"""How many visits a second our engines play, beside SimPy and Ciw on the same work.

Rules: one station of 20 servers, Poisson arrivals, exponential service, 90 % busy. The compiled
engine was made before (compilation is in no figure) and is asked for what `sim run` prints: counts,
quantiles of waiting times, utilisation, longest queue, and the series. The bare SimPy script does
the same with what SimPy has (`simpy.Resource`); Ciw with its own records.
"""

from __future__ import annotations

import random
import time
from collections.abc import Generator
from itertools import count
from typing import Any, Final

import ciw
import numpy as np
import simpy

from sim import compiled_engine, simpy_engine
from sim.network import Exponential, Network, Poisson, Source, Station
from testbed.benchmarks.figure import Figure, beside_peer, take_turns

NAME: Final = "sim-visits"
BARE_SIMPY: Final = "bare SimPy"
CIW: Final = "Ciw"
SERVERS: Final = 20
SERVICE_MEAN_S: Final = 60.0
RATE_PER_S: Final = 0.3
HORIZON_S: Final = 50_000.0
LONG: Final = 100
"""So many times longer runs the compiled engine, so that what it does once does not count."""

Story = Generator[simpy.Event, Any, None]


def measure() -> list[Figure]:
    """Each turn plays about 15,000 visits on the slow sides, with a seed of its own."""
    seeds = count(1)
    short, long = network(HORIZON_S), network(HORIZON_S * LONG)
    compiled_engine.play(short, 0)

    def compiled() -> float:
        begin = time.perf_counter()
        visits = compiled_engine.play(long, next(seeds)).visits
        return visits / (time.perf_counter() - begin)

    def reference() -> float:
        begin = time.perf_counter()
        visits = simpy_engine.play(short, next(seeds)).visits
        return visits / (time.perf_counter() - begin)

    def bare() -> float:
        begin = time.perf_counter()
        visits = play_bare(next(seeds))
        return visits / (time.perf_counter() - begin)

    def in_ciw() -> float:
        begin = time.perf_counter()
        visits = play_ciw(next(seeds))
        return visits / (time.perf_counter() - begin)

    return [
        beside_peer(NAME, "visits/s", take_turns(reference, bare), BARE_SIMPY),
        beside_peer(f"{NAME}-compiled", "visits/s", take_turns(compiled, bare), BARE_SIMPY),
        beside_peer(f"{NAME}-compiled-simpy", "visits/s", take_turns(compiled, reference), "ours"),
        beside_peer(f"{NAME}-compiled-ciw", "visits/s", take_turns(compiled, in_ciw), CIW),
    ]


def network(horizon_s: float) -> Network:
    """The station."""
    station = Station("hall", ((0.0, SERVERS),), Exponential(SERVICE_MEAN_S))
    source = Source("street", "citizen", Poisson(((0.0, RATE_PER_S),)), "hall")
    return Network("one station", horizon_s, (station,), (source,))


def play_bare(seed: int) -> int:
    """The model as SimPy's own documentation would write it; how many visits."""
    env = simpy.Environment()
    hall = simpy.Resource(env, capacity=SERVERS)
    chance = random.Random(seed)  # noqa: S311 - no secrets
    waited_s: list[float] = []
    queue_max = 0
    busy_s = 0.0

    def visit() -> Story:
        nonlocal queue_max, busy_s
        arrival_s = env.now
        with hall.request() as turn:
            queue_max = max(queue_max, len(hall.queue))
            yield turn
            waited_s.append(env.now - arrival_s)
            service_s = chance.expovariate(1 / SERVICE_MEAN_S)
            busy_s += service_s
            yield env.timeout(service_s)

    def customers_come() -> Story:
        while True:
            yield env.timeout(chance.expovariate(RATE_PER_S))
            if env.now >= HORIZON_S:
                return
            env.process(visit())

    env.process(customers_come())
    env.run()
    np.quantile(waited_s, (0.5, 0.95, 0.99))
    return len(waited_s)


def play_ciw(seed: int) -> int:
    """The model in Ciw; how many visits."""
    ciw.seed(seed)
    hall = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(RATE_PER_S)],
        service_distributions=[ciw.dists.Exponential(1 / SERVICE_MEAN_S)],
        number_of_servers=[SERVERS],
    )
    played = ciw.Simulation(hall)
    played.simulate_until_max_time(HORIZON_S)
    waited_s = [record.waiting_time for record in played.get_all_records()]
    np.quantile(waited_s, (0.5, 0.95, 0.99))
    return len(waited_s)
