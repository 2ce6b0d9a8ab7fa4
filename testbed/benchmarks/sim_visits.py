"""How many visits a second our reference engine plays, beside a bare SimPy script of its model.

Rules: one station of 20 servers, Poisson arrivals, exponential service, 90 % busy. The script draws
from `random` and keeps waiting times only; our engine draws by counter, keeps every visit and the
state of the station, and can play any network: the ratio is what that costs.
"""

from __future__ import annotations

import random
import time
from collections.abc import Generator
from itertools import count
from typing import Any, Final

import simpy

from sim.network import Exponential, Network, Source, Station
from sim.simpy_engine import play
from testbed.benchmarks.figure import Figure, beside_peer, take_turns

NAME: Final = "sim-visits"
BARE_SIMPY: Final = "bare SimPy"
SERVERS: Final = 20
SERVICE_MEAN_S: Final = 60.0
RATE_PER_S: Final = 0.3
HORIZON_S: Final = 50_000.0

Story = Generator[simpy.Event, Any, None]


def measure() -> list[Figure]:
    """Each turn plays about 15,000 visits on both sides, with a seed of its own."""
    seeds = count(1)
    station = Station("hall", ((0.0, SERVERS),), Exponential(SERVICE_MEAN_S))
    source = Source("street", "citizen", ((0.0, RATE_PER_S),), "hall")
    network = Network("one station", HORIZON_S, (station,), (source,))

    def ours() -> float:
        begin = time.perf_counter()
        visits = len(play(network, next(seeds)).customers)
        return visits / (time.perf_counter() - begin)

    def bare() -> float:
        begin = time.perf_counter()
        visits = len(play_bare(next(seeds)))
        return visits / (time.perf_counter() - begin)

    return [beside_peer(NAME, "visits/s", take_turns(ours, bare), BARE_SIMPY)]


def play_bare(seed: int) -> list[float]:
    """The model as SimPy's own documentation would write it; the waiting times in seconds."""
    env = simpy.Environment()
    hall = simpy.Resource(env, capacity=SERVERS)
    chance = random.Random(seed)  # noqa: S311 - no secrets
    waited_s: list[float] = []

    def visit() -> Story:
        arrival_s = env.now
        with hall.request() as turn:
            yield turn
            waited_s.append(env.now - arrival_s)
            yield env.timeout(chance.expovariate(1 / SERVICE_MEAN_S))

    def customers_come() -> Story:
        while True:
            yield env.timeout(chance.expovariate(RATE_PER_S))
            if env.now >= HORIZON_S:
                return
            env.process(visit())

    env.process(customers_come())
    env.run()
    return waited_s
