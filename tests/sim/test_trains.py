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
from sim.region.trains import Timetable, rides_by_train

SEED, EVERY_S = 11, 90.0
RIDE = Lognormal(1620.0, 0.5)
ONE_PACE = Timetable(EVERY_S, EVERY_S)


def line(timetable: Timetable, horizon_s: float = 5400.0) -> Observation:
    """One line from midnight on, 0.4 passengers a second, all to one exit."""
    (ride,) = rides_by_train(("line",), RIDE, timetable)
    network = Network(
        "a line", horizon_s, (ride, link("hall", RIDE)),
        (Source("home", "passenger", Poisson(((0.0, 0.4),)), "line"),),
        (Route("passenger", "line", (("hall", 1.0),)),),
    )  # fmt: skip
    return compiled_engine.play(network, SEED, traced=True)


def come_out_s(seen: Observation) -> Floats:
    assert seen.trace is not None
    return np.asarray(seen.trace.arrival_s[seen.trace.station == 1])


def test_passengers_of_a_train_come_out_together_and_trains_come_evenly() -> None:
    moments_s, many = np.unique(come_out_s(line(ONE_PACE)).round(6), return_counts=True)
    trains_s, loads = moments_s[many > 1], many[many > 1]
    assert loads.sum() > 0.9 * many.sum(), f"seed {SEED}"
    assert (np.diff(trains_s) % EVERY_S).round(3).max() == 0
    assert loads.mean() > 0.4 * EVERY_S / 2


def test_without_trains_nobody_comes_out_with_another() -> None:
    out_s = come_out_s(line(Timetable(0.0, 0.0)))
    assert len(np.unique(out_s)) == len(out_s)


def test_trains_come_twice_as_often_in_the_rush_and_carry_half_as_many() -> None:
    moments_s, many = np.unique(
        come_out_s(line(Timetable(EVERY_S, 170.0), 86_400.0)).round(6), return_counts=True
    )
    trains_s, loads = moments_s[many > 5], many[many > 5]
    for from_h, until_h, every_s in ((8, 9, EVERY_S), (12, 15, 2 * EVERY_S), (18, 19, EVERY_S)):
        here = (trains_s >= from_h * 3600) & (trains_s < until_h * 3600)
        assert set(np.diff(trains_s[here]).round(3)) == {every_s}, f"seed {SEED}, {from_h} h"
        assert loads[here].mean() == pytest.approx(0.4 * every_s, rel=0.1), f"seed {SEED}"


def test_rides_by_train_last_about_as_long_and_lines_are_out_of_step() -> None:
    one, other = rides_by_train(("one", "other"), RIDE, ONE_PACE)
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
