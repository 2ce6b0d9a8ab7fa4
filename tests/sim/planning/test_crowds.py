"""Runs that will surely hold too many are given up early, and no plan changes by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, seed, settings
from hypothesis import strategies as st

from sim.distributions import (
    Constant,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Lognormal,
    Uniform,
)
from sim.endless_work import endless_work_of
from sim.engines import engine_of
from sim.network import UNLIMITED, Batch, Network, Poisson, Route, Source, Station
from sim.planning import replications
from sim.planning.questions import Range
from sim.planning.replications import Effort, Experiment, Runs
from sim.planning.sizing import Inquiry, Sizing, least
from sim.planning.targets.crowds import surely_inside
from sim.planning.targets.expressions import read_target
from sim.planning.targets.figures import names_of, value_of
from sim.planning.targets.foregone import foregone
from sim.planning.targets.survival import share_longer
from sim.planning.workers import Here
from tests.sim.random_networks import networks

PATIENCES = (
    Exponential(60.0), Uniform(20.0, 90.0), Lognormal(50.0, 0.8), Erlang(3, 70.0), Constant(45.0),
    Gamma(60.0, 0.5), Empirical((10.0, 30.0, 60.0, 120.0)),
)  # fmt: skip


def city(patience: Distribution | None, size: int, door: int = 1000, till: int = 50) -> Network:
    """A door, and behind it a till that nearly all come to, twice as many as it can take."""
    rush = Poisson(((0.0, 60.0), (100.0, 140.0)))
    batch = Batch(size, 1.0) if size > 1 else None
    return Network(
        "a city",
        280.0,
        (
            Station("door", ((0.0, door),), Uniform(1.0, 3.0)),
            Station("till", ((0.0, till),), Exponential(1.0), patience=patience, batch=batch),
        ),
        (Source("street", "citizen", rush, "door"), Source("yard", "citizen", rush, "till")),
        (
            Route("citizen", "door", (("till", 0.8), ("door", 0.1))),
            Route("citizen", "till", (("door", 0.05),)),
        ),
    )


@pytest.mark.parametrize(
    ("patience", "size"), [*((each, 1) for each in (None, *PATIENCES)), (None, 3)]
)
def test_so_many_as_will_be_inside_for_sure_are_inside_on_both_engines(
    patience: Distribution | None, size: int
) -> None:
    network = city(patience, size)
    seen = engine_of("compiled")(network, 1, inside_max=3_000)
    assert seen.stopped is not None
    surely = surely_inside(seen)
    assert surely == surely_inside(engine_of("simpy")(network, 1, inside_max=3_000))
    assert 0 <= surely_inside(seen, measured_from_s=5.0) <= surely
    if size == 1:
        assert surely > (3_000 if patience is None else 400)
    if surely > 1:
        full = engine_of("compiled")(network, 1, inside_max=int(surely) - 1)
        assert full.stopped is not None
        assert full.stopped.reason == "crowded"


@seed(1)
@settings(max_examples=25, deadline=None, database=None, suppress_health_check=[*HealthCheck])
@given(networks(), st.integers(0, 2**32))
def test_of_any_network_what_is_said_of_its_crowd_comes_true(network: Network, chance: int) -> None:
    """Networks at random, four hundred times as many people, thirty times as many servers."""
    busy = tuple(
        replace(each, arrivals=Poisson(tuple((at, 400 * r) for at, r in each.arrivals.rate_per_s)))
        if isinstance(each.arrivals, Poisson)
        else each
        for each in network.sources
    )
    roomy = tuple(
        replace(
            each,
            capacity=tuple((at, 30 * n if n != UNLIMITED else n) for at, n in each.capacity),
            breakdown=None,
            queue_max=None if chance % 3 else each.queue_max,
            patience=each.patience if chance % 2 else None,
        )
        for each in network.stations
    )
    larger = replace(network, sources=busy, stations=roomy)
    assume(not endless_work_of(larger))
    seen = engine_of("compiled")(larger, chance, inside_max=2_000)
    assume(seen.stopped is not None and seen.stopped.reason == "crowded")
    for surely in (surely_inside(seen), surely_inside(seen, measured_from_s=1.0)):
        assert surely <= larger.expected_customers(), "may_hold_more would not look"
        if surely > 1:
            full = engine_of("compiled")(larger, chance, inside_max=int(surely) - 1)
            assert full.stopped is not None
            assert full.stopped.reason == "crowded"


@pytest.mark.parametrize("distribution", [*PATIENCES, Empirical((5.0,)), Lognormal(9.0, 0.0)])
def test_the_share_of_longer_times_is_that_of_numbers_drawn(distribution: Distribution) -> None:
    """A line of people whom nobody serves: who is still there after so long."""
    desk = Station("desk", ((0.0, 0), (1e5, 1)), Constant(1.0), patience=distribution)
    source = Source("street", "citizen", Poisson(((0.0, 2_000.0), (1.0, 0.0))), "desk")
    seen = engine_of("compiled")(Network("a line", 2e5, (desk,), (source,)), 7, traced=True)
    assert seen.trace is not None
    stayed_s = seen.trace.end_s - seen.trace.arrival_s
    at_s = np.array([0.0, 3.0, 8.0, 20.0, 40.0, 65.0, 110.0, 200.0])
    drawn = np.array([(stayed_s > each).mean() for each in at_s])
    told = share_longer(distribution, at_s)
    assert np.allclose(told, drawn, atol=0.04), (told, drawn)


def plan(network_of: str, runs: Runs) -> Sizing:
    def question(values: Mapping[str, float]) -> Network:
        servers = int(values.get("servers", 400))
        if network_of == "door":  # the crowd gathers at the till, of which nothing is asked
            return city(None, 1, door=servers)
        return city(Exponential(60.0), 1, till=servers)

    target = read_target(f"{network_of}.wait_s.p95 <= 20", names_of(question({})))
    inquiry = Inquiry(question, target, Experiment(runs, Effort(4, 8), Here()))
    return least(inquiry, Range("servers", 40, 400, 40))


@pytest.mark.parametrize("varied", ["door", "till"])
def test_a_crowd_elsewhere_and_impatient_people_are_given_up_with_the_same_plan(
    varied: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = Runs(seed=3, inside_max=6_000)
    whole = plan(varied, runs)
    monkeypatch.setattr(replications, "CROWDS", (3_000,))
    found = plan(varied, runs)
    assert found.answer == whole.answer
    assert [(each.setting, each.ok) for each in found.evidence] == [
        (each.setting, each.ok) for each in whole.evidence
    ]
    crowded = {each.setting for each in whole.evidence if each.stopped == "crowded"}
    assert crowded <= {each.setting for each in found.evidence if each.stopped}
    assert crowded


def line(seats: int, patience: Distribution | None, queue_max: int | None = None) -> Network:
    """Calls come for 280 s, a hundred a second, then half as many; a call takes one."""
    desk = Station("seats", ((0.0, seats),), Exponential(1.0), queue_max, patience)
    calls = Poisson(((0.0, 100.0), (150.0, 50.0)))
    sources = (Source("line", "caller", calls, "seats"), Source("old", "elder", calls, "seats"))
    return Network("a line", 280.0, (desk,), sources)


@pytest.mark.parametrize(
    ("patience", "queue_max"),
    [*((each, None) for each in PATIENCES), (Exponential(30.0), 1_500), (None, 900)],
)
def test_so_many_as_are_foreseen_to_be_lost_are_lost(
    patience: Distribution | None, queue_max: int | None
) -> None:
    targets = (
        "seats.abandoned_share <= 1%", "seats.served_share >= 95%", "seats.abandoned <= 5",
        "seats.served_within(40) >= 97%", "seats[elder].served_share >= 98%",
        "seats.served >= 40000", "seats.refused_share <= 1%", "seats.refused <= 3",
        "seats[caller].abandoned_share <= 2%",
    )  # fmt: skip
    decided = 0
    for seats, crowd in ((60, 700), (100, 800), (150, 850)):
        network = line(seats, patience, queue_max)
        stopped = engine_of("compiled")(network, 3, inside_max=crowd)
        ended = engine_of("compiled")(network, 3)
        for text in targets:
            wanted = read_target(text, names_of(network))
            bounds = foregone(wanted.figures, wanted.conditions, stopped)
            if bounds is None or stopped.stopped is None:
                continue
            decided += 1
            truth, condition = value_of(wanted.figures[0], ended), wanted.conditions[0]
            assert bounds[0] <= truth if condition.is_upper else bounds[0] >= truth, text
            assert not condition.holds(truth), text
    assert decided >= 5


def test_of_a_full_room_and_of_those_lost_on_the_way_nothing_is_said() -> None:
    network = city(None, 1)
    door, till = network.stations
    room = replace(network, stations=(door, replace(till, queue_max=100_000)))
    assert surely_inside(engine_of("compiled")(room, 1, inside_max=3_000)) == 0
    impatient = replace(network, stations=(replace(door, patience=Constant(0.5)), till))
    direct = surely_inside(engine_of("compiled")(impatient, 1, inside_max=3_000))
    assert direct < surely_inside(engine_of("compiled")(network, 1, inside_max=3_000))
