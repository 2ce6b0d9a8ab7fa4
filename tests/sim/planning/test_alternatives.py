"""Sweeps, comparisons and sensitivity on halls whose answers are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from sim.network import Exponential, Network, Poisson, Source, Station
from sim.parameters import Fault, FaultyParameters
from sim.planning.alternatives import compare, sensitivity, sweep
from sim.planning.alternatives.sensitivity import Movable
from sim.planning.alternatives.sweeps import Point
from sim.planning.intervals import interval_of
from sim.planning.questions import Range
from sim.planning.replications import Effort, Experiment, Runs
from sim.planning.targets.expressions import read_figure
from sim.planning.targets.figures import names_of
from sim.planning.workers import Here
from sim.theory.erlang import mean_wait_s
from tests.sim.planning.halls import hall

STEADY = Experiment(Runs(seed=4, measured_from_s=2_000.0), Effort(16, 16), Here())
WAIT = read_figure("counter.wait_s.mean", names_of(hall({})))


def measured_hall(values: Mapping[str, float]) -> Network:
    """The hall by rate and service time; a share above 1 cannot be."""
    if values.get("share", 0.5) > 1:
        raise FaultyParameters((Fault("share", "above 1", "at most 1"),))
    service = Exponential(values.get("mean_s", 40.0))
    station = Station("counter", ((0.0, int(values.get("counters", 6))),), service)
    rate = ((0.0, values.get("rate", 0.1)),)
    return Network("hall", 20_000.0, (station,), (Source("street", "c", Poisson(rate), "counter"),))


def test_a_sweep_has_a_point_for_every_setting_with_erlangs_wait_in_its_interval() -> None:
    over = (Range("counters", 5, 7), Range("rate", 0.08, 0.1, 0.02))
    found = sweep(measured_hall, over, (WAIT,), STEADY)
    assert [tuple(value for _, value in point.setting) for point in found.points] == [
        (5, 0.08), (5, 0.1), (6, 0.08), (6, 0.1), (7, 0.08), (7, 0.1),
    ]  # fmt: skip
    for point in found.points:
        setting = dict(point.setting)
        expected = mean_wait_s(setting["rate"], 40.0, int(setting["counters"]))
        wide = interval_of(point.found.observations(WAIT), 0.999)
        assert wide.low <= expected <= wide.high, point.setting
    told = found.to_json()
    assert set(told[0]["figures"]) == {"counter.wait_s.mean"}


def test_a_sweep_that_is_broken_off_has_told_the_points_it_played() -> None:
    known: list[Point] = []

    def reached(place: int, *_: int) -> None:
        if place:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(
            measured_hall, (Range("counters", 5, 7),), (WAIT,), STEADY, reached,
            played=known.append,
        )  # fmt: skip
    assert [point.setting for point in known] == [(("counters", 5),)]


def test_the_same_customers_make_the_interval_of_a_difference_narrow() -> None:
    found = compare(hall({"counters": 5}), hall({"counters": 6}), (WAIT,), STEADY)
    (wait,) = found.figures
    expected = mean_wait_s(0.1, 40.0, 6) - mean_wait_s(0.1, 40.0, 5)
    assert wait.difference.low <= expected <= wait.difference.high
    assert wait.shown == "less"
    apart = wait.before.half_width + wait.after.half_width
    assert wait.difference.half_width < 0.9 * apart


def test_a_setting_compared_with_itself_differs_by_nothing() -> None:
    found = compare(hall({}), hall({}), (WAIT,), STEADY)
    assert found.figures[0].difference.mean == 0
    assert found.figures[0].shown == "not shown"


def test_a_number_moves_within_its_bounds_and_a_whole_one_by_at_least_1() -> None:
    assert Movable("share", 0.9, 0, 1).moved(0.5) == (0.45, 1.0)
    assert Movable("seats", 3, 1, 100, whole=True).moved(0.1) == (2.0, 4.0)
    assert Movable("seats", 1, 1, 100, whole=True).moved(0.1) == (1.0, 2.0)


def test_the_parameter_that_moves_the_wait_most_stands_first() -> None:
    numbers = (
        Movable("rate", 0.1, 0.0, 1.0),
        Movable("counters", 6, 1, 100, whole=True),
        Movable("colour", 3.0, 0.0, 9.0),
        Movable("share", 1.0, 0.0, 9.0),
        Movable("fixed", 1.0, 1.0, 1.0),
    )
    found = sensitivity(measured_hall, numbers, 0.1, WAIT, STEADY)
    by_name = {swing.name: swing for swing in found.swings}
    assert list(by_name) == ["share", "counters", "rate", "colour"]
    counters, rate = by_name["counters"].effect, by_name["rate"].effect
    assert (by_name["counters"].low, by_name["counters"].high) == (5, 7)
    assert counters is not None
    assert counters.sign == -1
    assert rate is not None
    assert rate.sign == 1
    assert by_name["colour"].effect == interval_of([0.0] * 16)
    assert (by_name["share"].stopped, by_name["share"].why) == (1.1, "impossible")
    told = found.to_json()["parameters"]
    assert told[1]["effect"] == pytest.approx(counters.mean)
    assert told[3]["shown"] is False


def test_a_setting_without_the_place_asked_about_is_told() -> None:
    def renamed(values: Mapping[str, float]) -> Network:
        network = hall({})
        if values.get("desks", 1) < 1:
            (counter,), (street,) = network.stations, network.sources
            desk = replace(counter, name="desk")
            return replace(network, stations=(desk,), sources=(replace(street, start="desk"),))
        return network

    with pytest.raises(FaultyParameters, match="no such place in hall with this setting"):
        sweep(renamed, (Range("desks", 0, 1),), (WAIT,), STEADY)
    found = sensitivity(renamed, (Movable("desks", 1, 0, 9, whole=True),), 0.1, WAIT, STEADY)
    assert (found.swings[0].stopped, found.swings[0].why) == (0.0, "impossible")
