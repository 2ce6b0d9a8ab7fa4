"""Hopeless settings are given up early by sweeps, comparisons, sensitivity and rosters, too."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from sim.network import Exponential, Network, Poisson, Route, Source, Station
from sim.planning import replications
from sim.planning.alternatives import Sensitivity, compare, sensitivity, sweep
from sim.planning.alternatives.sensitivity import Movable
from sim.planning.questions import Range
from sim.planning.replications import Effort, Experiment, Replications, Runs
from sim.planning.staffing import Staffing, staff
from sim.planning.targets import crowds
from sim.planning.targets.crowds import may_hold_more
from sim.planning.targets.expressions import read_figure, read_target
from sim.planning.targets.figures import names_of
from sim.planning.warm_up import warm_up_of
from sim.planning.workers import Here

MOST = 6_000


def shop(values: Mapping[str, float]) -> Network:
    """Sixty come a second; the till behind the door can take as many as it has servers."""
    till = Station("till", ((0.0, int(values.get("till", 80))),), Exponential(1.0))
    door = Station("door", ((0.0, int(values.get("door", 90))),), Exponential(1.0))
    source = Source("street", "citizen", Poisson(((0.0, 60.0),)), "door")
    route = Route("citizen", "door", (("till", 1.0),))
    return Network("shop", 200.0, (door, till), (source,), (route,))


WAIT = read_figure("till.wait_s.mean", names_of(shop({})))


def plainly(engine: str = "compiled") -> Experiment:
    return Experiment(Runs(seed=3, engine=engine, inside_max=MOST), Effort(4, 4), Here())


@pytest.fixture
def early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs are looked at when 3,000 are inside."""
    monkeypatch.setattr(replications, "CROWDS", (3_000,))
    monkeypatch.setattr(crowds, "CROWDS", (3_000,))


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_a_sweep_gives_up_what_overflows_and_plays_the_rest_as_ever(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = (Range("till", 10, 70, 60),)
    whole = sweep(shop, over, (WAIT,), plainly(engine))
    monkeypatch.setattr(replications, "CROWDS", (3_000,))
    found = sweep(shop, over, (WAIT,), plainly(engine))
    stopped = [point.found.stopped for point in found.points]
    assert stopped == [point.found.stopped for point in whole.points]
    assert stopped[0] == "crowded"
    assert not stopped[-1]
    assert [len(point.found.runs) for point in found.points] == [
        replications.FIRST_RUNS if why else 4 for why in stopped
    ]
    assert found.points[1:] == whole.points[1:]
    assert found.to_json()[0]["figures"] == {"till.wait_s.mean": None}


def test_where_fewer_come_than_a_run_may_hold_nobody_is_looked_for() -> None:
    network = shop({})
    assert may_hold_more(network, 11_999)
    assert not may_hold_more(network, 12_000)


@pytest.mark.usefixtures("early")
def test_of_two_settings_the_one_that_overflows_is_named_and_the_other_played() -> None:
    known: list[Replications] = []
    found = compare(shop({"till": 10}), shop({}), (WAIT,), plainly(), known=known.append)
    assert (found.stopped_before, found.stopped_after) == ("crowded", "")
    assert found.figures == ()
    assert [each.stopped for each in known] == ["crowded"]


@pytest.mark.usefixtures("early")
def test_sensitivity_says_that_it_overflows_as_it_is_and_tells_what_it_knows() -> None:
    known: list[Sensitivity] = []
    number = Movable("till", 10, 1, 200, whole=True)

    def crowded_shop(values: Mapping[str, float]) -> Network:
        return shop({"till": 10, **values})

    found = sensitivity(crowded_shop, (number,), 0.1, WAIT, plainly(), known=known.append)
    assert (found.stopped, found.as_it_is) == ("crowded", None)
    assert [each.why for each in found.swings] == ["crowded"]
    assert [each.swings for each in known] == [()]
    assert found.to_json()["stopped"] == "crowded"


@pytest.mark.usefixtures("early")
def test_no_roster_is_tried_where_even_unlimited_servers_would_not_do() -> None:
    target = read_target("door.within(30) >= 90%", names_of(shop({})))
    found = staff(shop({"till": 10}), "door", target, plainly(), period_s=100.0)
    assert (found.ok, found.hours, found.rosters, found.stopped) == (False, (), 0, "crowded")


@pytest.mark.usefixtures("early")
def test_a_search_for_a_roster_tells_each_that_is_better() -> None:
    known: list[Staffing] = []
    target = read_target("door.within(30) >= 90%", names_of(shop({})))
    found = staff(shop({}), "door", target, plainly(), period_s=100.0, known=known.append)
    assert found.ok
    holding = [each.server_hours for each in known if each.ok]
    assert holding == sorted(holding, reverse=True)
    assert holding[-1] == found.server_hours


@pytest.mark.usefixtures("early")
def test_runs_that_overflow_have_no_warm_up() -> None:
    found = warm_up_of(shop({"till": 10}), plainly().runs, Here())
    assert (found.stopped, found.is_sure) == ("crowded", False)
