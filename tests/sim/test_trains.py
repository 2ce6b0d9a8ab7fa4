"""Rides by train: who gets off somewhere does so together, as often as trains come."""

from __future__ import annotations

import numpy as np
import pytest

from sim import compiled_engine
from sim.distributions import mean_s
from sim.models import MODELS
from sim.network import Lognormal, Network, Poisson, Route, Source, Station, link
from sim.observation import Floats, Observation
from sim.parameters import values_of
from sim.region.trains import rides_by_train

SEED, EVERY_S = 11, 90.0
RIDE = Lognormal(1620.0, 0.5)


def line(train_every_s: float) -> Observation:
    """One line for an hour and a half, 0.4 passengers a second, all to one exit."""
    (ride,) = rides_by_train(("line",), RIDE, train_every_s)
    network = Network(
        "a line", 5400.0, (ride, link("hall", RIDE)),
        (Source("home", "passenger", Poisson(((0.0, 0.4),)), "line"),),
        (Route("passenger", "line", (("hall", 1.0),)),),
    )  # fmt: skip
    return compiled_engine.play(network, SEED, traced=True)


def come_out_s(seen: Observation) -> Floats:
    assert seen.trace is not None
    return np.asarray(seen.trace.arrival_s[seen.trace.station == 1])


def test_passengers_of_a_train_come_out_together_and_trains_come_evenly() -> None:
    moments_s, many = np.unique(come_out_s(line(EVERY_S)).round(6), return_counts=True)
    trains_s, loads = moments_s[many > 1], many[many > 1]
    assert loads.sum() > 0.9 * many.sum(), f"seed {SEED}"
    assert (np.diff(trains_s) % EVERY_S).round(3).max() == 0
    assert loads.mean() > 0.4 * EVERY_S / 2


def test_without_trains_nobody_comes_out_with_another() -> None:
    out_s = come_out_s(line(0.0))
    assert len(np.unique(out_s)) == len(out_s)


def test_rides_by_train_last_about_as_long_and_lines_are_out_of_step() -> None:
    one, other = rides_by_train(("one", "other"), RIDE, EVERY_S)
    assert mean_s(one.service) == pytest.approx(RIDE.mean_s, abs=EVERY_S / 2 + 15)
    assert mean_s(other.service) - mean_s(one.service) == pytest.approx(0.618 * EVERY_S, abs=0.1)


def test_exits_of_a_city_wait_longer_with_trainloads_than_one_by_one() -> None:
    model = MODELS["commuter-rush"]
    waits_s = []
    for every_s in (0.0, EVERY_S):
        city = values_of(model.parameters, {}, {"train_every_s": every_s})
        seen = compiled_engine.play(model.build(city, 0.2), SEED)
        exits: list[Station] = [
            place for place in seen.network.stations if place.name.startswith("exit")
        ]
        at = seen.network.stations.index(exits[0])
        waits_s.append(seen.stations[at].waits.mean_s)
    assert waits_s[1] > 5 + waits_s[0], f"seed {SEED}"
