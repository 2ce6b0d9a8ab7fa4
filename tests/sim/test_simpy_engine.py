"""The story of a customer, rule by rule, on networks small enough to reckon by hand."""

from hashlib import sha256
from itertools import pairwise
from struct import pack

import pytest

from sim.network import (
    Constant,
    Exponential,
    FaultyNetwork,
    Network,
    Route,
    Source,
    Station,
    Steps,
)
from sim.result import series_of, stations_of
from sim.simpy_engine import Observation, arrival_moments, play

BUSY: Steps = ((0.0, 1.0),)


def one_desk(station: Station, rate: Steps = BUSY, horizon_s: float = 200.0) -> Network:
    return Network("desk", horizon_s, (station,), (Source("street", "citizen", rate, "desk"),))


def waiting_at(seen: Observation, moment: float) -> int:
    visits = [visit for customer in seen.customers for visit in customer.visits]
    return sum(visit.arrival_s <= moment < visit.start_s for visit in visits)


def test_customers_are_served_in_the_order_in_which_they_came() -> None:
    seen = play(one_desk(Station("desk", ((0.0, 2),), Exponential(2.5))), seed=5)
    starts = [customer.visits[0].start_s for customer in seen.customers]
    assert starts == sorted(starts)
    assert len(starts) > 100


def test_never_are_more_customers_in_service_than_servers_open() -> None:
    seen = play(one_desk(Station("desk", ((0.0, 3),), Exponential(4.0))), seed=2)
    moments = sorted(visit.start_s for c in seen.customers for visit in c.visits)
    for moment in moments:
        visits = [v for c in seen.customers for v in c.visits if v.start_s <= moment < v.end_s]
        assert len(visits) <= 3


def test_an_arrival_that_finds_the_queue_full_is_refused() -> None:
    station = Station("desk", ((0.0, 1),), Constant(10.0), queue_max=3)
    seen = play(one_desk(station), seed=1)
    found = stations_of(seen)["desk"]
    assert found.queue_max == 3
    assert found.refused > 100
    refused = [v for c in seen.customers for v in c.visits if v.outcome == "refused"]
    assert all(v.arrival_s == v.start_s == v.end_s for v in refused)
    assert found.visits == len(seen.customers)


def test_a_customer_leaves_when_patience_ends() -> None:
    station = Station("desk", ((0.0, 1),), Constant(10.0), patience=Constant(25.0))
    seen = play(one_desk(station), seed=1)
    visits = [v for c in seen.customers for v in c.visits]
    left = [v for v in visits if v.outcome == "abandoned"]
    assert len(left) > 100
    assert all(v.end_s - v.arrival_s == pytest.approx(25.0) for v in left)
    assert max(v.start_s - v.arrival_s for v in visits if v.outcome == "served") <= 25.0


def test_a_server_that_closes_finishes_the_customer_it_serves() -> None:
    station = Station("desk", ((0.0, 4), (50.0, 1)), Constant(20.0))
    seen = play(one_desk(station, horizon_s=100.0), seed=1)
    visits = [v for c in seen.customers for v in c.visits]
    assert all(v.end_s - v.start_s == pytest.approx(20.0) for v in visits)
    across = [v for v in visits if v.start_s < 50.0 < v.end_s]
    assert len(across) == 4
    later = sorted(v.start_s for v in visits if v.start_s > 70.0)
    assert all(b - a >= 19.999 for a, b in pairwise(later))


def test_changes_of_capacity_after_the_last_departure_count_nothing() -> None:
    plain = one_desk(Station("desk", ((0.0, 2),), Constant(1.0)))
    later = one_desk(Station("desk", ((0.0, 2), (9_000.0, 50)), Constant(1.0)))
    one, other = stations_of(play(plain, 1)), stations_of(play(later, 1))
    assert one == other
    assert 0 < one["desk"].utilisation < 1


def test_utilisation_is_full_while_everyone_is_busy() -> None:
    seen = play(one_desk(Station("desk", ((0.0, 1),), Constant(10.0)), horizon_s=500.0), 1)
    assert stations_of(seen)["desk"].utilisation > 0.99


def test_the_same_seed_gives_the_same_digest_and_another_seed_another() -> None:
    network = one_desk(Station("desk", ((0.0, 2),), Exponential(2.5), patience=Exponential(9.0)))
    assert play(network, 7).digest() == play(network, 7).digest()
    assert play(network, 7).digest() != play(network, 8).digest()


def test_the_digest_is_over_arrival_start_and_end_of_every_visit_in_order() -> None:
    seen = play(one_desk(Station("desk", ((0.0, 1),), Constant(0.5)), horizon_s=5.0), 1)
    by_hand = b"".join(
        pack("<3d", v.arrival_s, v.start_s, v.end_s) for c in seen.customers for v in c.visits
    )
    assert seen.digest() == sha256(by_hand).hexdigest()


def test_one_more_server_changes_no_arrival_and_no_service_time() -> None:
    few = play(one_desk(Station("desk", ((0.0, 1),), Exponential(2.0))), 4)
    many = play(one_desk(Station("desk", ((0.0, 9),), Exponential(2.0))), 4)
    for one, other in zip(few.customers, many.customers, strict=True):
        assert one.arrival_s == other.arrival_s
        served = [c.visits[0].end_s - c.visits[0].start_s for c in (one, other)]
        assert served[0] == pytest.approx(served[1])


def test_routes_send_the_share_they_say() -> None:
    stations = tuple(Station(name, ((0.0, 99),), Constant(1.0)) for name in ("door", "desk"))
    route = Route("citizen", "door", (("desk", 0.3),))
    source = Source("street", "citizen", ((0.0, 10.0),), "door")
    found = stations_of(play(Network("hall", 1_000.0, stations, (source,), (route,)), 1))
    assert found["desk"].visits / found["door"].visits == pytest.approx(0.3, abs=0.02)


def test_arrivals_follow_the_piecewise_rate() -> None:
    moments = list(arrival_moments(((0.0, 1.0), (1_000.0, 0.0), (2_000.0, 3.0)), 3_000.0, 1, 0))
    assert moments == sorted(moments)
    assert len([m for m in moments if m < 1_000]) == pytest.approx(1_000, rel=0.1)
    assert not [m for m in moments if 1_000 < m < 2_000]
    assert len([m for m in moments if m >= 2_000]) == pytest.approx(3_000, rel=0.1)
    assert moments[-1] < 3_000


def test_without_customers_the_run_ends_at_once() -> None:
    seen = play(one_desk(Station("desk", ((0.0, 1),), Constant(1.0)), rate=((0.0, 0.0),)), 1)
    assert seen.ended_s == 0
    found = stations_of(seen)["desk"]
    assert (found.visits, found.utilisation, found.wait_s["max"]) == (0, 0.0, 0.0)


def test_the_queue_of_the_series_is_what_the_visits_say() -> None:
    seen = play(one_desk(Station("desk", ((0.0, 1),), Constant(2.0)), horizon_s=600.0), 1)
    series = series_of(seen)["desk"]
    assert sum(series["arrivals_per_min"]) == len(seen.customers)
    for moment, queue in zip(series["t_s"], series["queue"], strict=True):
        arrivals = [c.arrival_s for c in seen.customers if moment <= c.arrival_s < moment + 60]
        assert max(waiting_at(seen, at) for at in [moment, *arrivals]) == queue
    assert max(series["queue"]) == stations_of(seen)["desk"].queue_max


def test_a_faulty_network_reports_all_its_faults() -> None:
    station = Station("desk", ((0.0, 1), (10.0, 0)), Exponential(-1.0), queue_max=-1)
    source = Source("street", "citizen", ((5.0, 1.0),), "nowhere")
    route = Route("citizen", "desk", (("desk", 1.0), ("moon", 0.5)))
    with pytest.raises(FaultyNetwork) as caught:
        Network("wrong", -1.0, (station,), (source,), (route,))
    keys = {fault.key for fault in caught.value.faults}
    assert keys == {
        "network.horizon_s",
        "station.desk.capacity",
        "station.desk.queue_max",
        "station.desk.service",
        "source.street.start",
        "source.street.rate_per_s",
        "route.citizen.desk",
        "route.citizen.desk.to",
    }
