"""Both engines play the same sample path, to the last bit, whatever the network."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim import compiled_engine, simpy_engine
from sim.network import Constant, Network, Route, Scheduled, Source, Station
from sim.observation import Observation
from tests.sim.random_networks import networks


@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    networks(),
    st.integers(0, 2**64 - 1),
    st.booleans(),
    st.sampled_from((0.0, 50.0)),
    st.sampled_from((60, 10_000)),
)
def test_two_hundred_networks_with_every_feature_mixed(
    network: Network, seed: int, antithetic: bool, measured_from_s: float, inside_max: int
) -> None:
    seen = [
        play(
            network,
            seed,
            antithetic=antithetic,
            measured_from_s=measured_from_s,
            traced=True,
            inside_max=inside_max,
        )
        for play in (simpy_engine.play, compiled_engine.play)
    ]
    assert_same(*seen)


def assert_same(one: Observation, other: Observation) -> None:
    assert one.trace is not None
    assert other.trace is not None
    mine, theirs = one.trace, other.trace
    for name in ("customer", "visit", "station", "arrival_s", "start_s", "end_s"):
        left = getattr(mine, name)[mine.in_order()]
        right = getattr(theirs, name)[theirs.in_order()]
        assert np.array_equal(left, right), name
    assert mine.digest() == theirs.digest()
    assert one.stopped == other.stopped
    assert (one.customers, one.visits, one.events) == (other.customers, other.visits, other.events)
    assert one.ended_s == other.ended_s
    for here, there in zip(one.stations, other.stations, strict=True):
        assert here.queue_max == there.queue_max
        for name in ("arrivals", "served", "queue_max", "wait_s", "busy_s", "available_s"):
            left, right = getattr(here.series, name), getattr(there.series, name)
            assert np.allclose(left, right, rtol=1e-9, atol=1e-9), name
        for left, right in zip(here.by_class, there.by_class, strict=True):
            counts = (left.visits, left.refused, left.abandoned, left.waits.count)
            assert counts == (right.visits, right.refused, right.abandoned, right.waits.count)
            assert left.waits.longest_s == right.waits.longest_s
            assert np.isclose(left.waits.sum_s, right.waits.sum_s)
            assert np.array_equal(left.waits.buckets, right.waits.buckets)
    for left, right in zip(one.journeys, other.journeys, strict=True):
        assert left.longest_s == right.longest_s
        assert np.array_equal(left.buckets, right.buckets)


def test_an_event_that_ends_two_visits_keeps_both_wherever_the_room_for_them_ends() -> None:
    people = 2_000  # who are served at the door and then, all but the first, turned away
    arrivals = Scheduled(tuple((float(second), 1) for second in range(people)))
    door = Station("door", ((0.0, 1),), Constant(0.5))
    desk = Station("desk", ((0.0, 1),), Constant(2.0 * people), queue_max=0)
    network = Network(
        "two ends",
        float(people),
        (door, desk),
        (Source("street", "citizen", arrivals, "door"),),
        (Route("citizen", "door", (("desk", 1.0),)),),
    )
    traces = [
        play(network, 1, traced=True).trace for play in (simpy_engine.play, compiled_engine.play)
    ]
    one, other = (trace.digest() for trace in traces if trace is not None)
    assert one == other
