"""The story of a customer, rule by rule, on networks small enough to reckon; both engines."""

from __future__ import annotations

from array import array
from hashlib import sha256
from itertools import pairwise
from struct import pack

import pytest

from sim import compiled_engine, simpy_engine
from sim.engines import Engine
from sim.network import (
    UNLIMITED,
    Batch,
    Breakdown,
    Constant,
    Exponential,
    FaultyNetwork,
    Network,
    Poisson,
    Recorded,
    Retry,
    Route,
    Scheduled,
    Source,
    Station,
    Steps,
    Uniform,
    link,
)
from sim.result import series_of, stations_of
from sim.stopped_run import offered_load
from tests.sim.visits import visits_of

BUSY: Steps = ((0.0, 1.0),)

both = pytest.mark.parametrize(
    "play", [simpy_engine.play, compiled_engine.play], ids=["simpy", "compiled"]
)


def one_desk(station: Station, rate: Steps = BUSY, horizon_s: float = 200.0) -> Network:
    source = Source("street", "citizen", Poisson(rate), "desk")
    return Network("desk", horizon_s, (station,), (source,))


def at(*moments_s: float) -> Recorded:
    return Recorded(array("d", moments_s))


def rows(play: Engine, network: Network) -> list[tuple[float, float, float]]:
    return [(v.arrival_s, v.start_s, v.end_s) for v in visits_of(play(network, 1, traced=True))]


@both
def test_customers_are_served_in_the_order_in_which_they_came(play: Engine) -> None:
    network = one_desk(Station("desk", ((0.0, 2),), Exponential(2.5)))
    starts = [visit.start_s for visit in visits_of(play(network, 5, traced=True))]
    assert starts == sorted(starts)
    assert len(starts) > 100


@both
def test_never_are_more_customers_in_service_than_servers_open(play: Engine) -> None:
    network = one_desk(Station("desk", ((0.0, 3),), Exponential(4.0)))
    visits = visits_of(play(network, 2, traced=True))
    for moment in sorted(visit.start_s for visit in visits):
        assert sum(visit.start_s <= moment < visit.end_s for visit in visits) <= 3


@both
def test_an_arrival_that_finds_the_queue_full_is_refused(play: Engine) -> None:
    seen = play(one_desk(Station("desk", ((0.0, 1),), Constant(10.0), queue_max=3)), 1, traced=True)
    found = stations_of(seen)["desk"]
    assert found.queue_max == 3
    assert found.refused > 100
    refused = [visit for visit in visits_of(seen) if not visit.is_served]
    assert len(refused) == found.refused
    assert all(visit.arrival_s == visit.start_s == visit.end_s for visit in refused)
    assert found.visits == seen.customers


@both
def test_a_customer_leaves_when_patience_ends(play: Engine) -> None:
    station = Station("desk", ((0.0, 1),), Constant(10.0), patience=Constant(25.0))
    visits = visits_of(play(one_desk(station), 1, traced=True))
    left = [visit for visit in visits if not visit.is_served]
    assert len(left) > 100
    assert all(visit.end_s - visit.arrival_s == pytest.approx(25.0) for visit in left)
    assert max(visit.start_s - visit.arrival_s for visit in visits if visit.is_served) <= 25.0


@both
def test_who_is_called_at_the_moment_patience_ends_is_served(play: Engine) -> None:
    station = Station("desk", ((0.0, 1),), Constant(10.0), patience=Constant(10.0))
    network = Network("tie", 100.0, (station,), (Source("s", "c", at(0.0, 0.0, 0.0), "desk"),))
    assert rows(play, network) == [(0.0, 0.0, 10.0), (0.0, 10.0, 20.0), (0.0, 10.0, 10.0)]


@both
def test_a_server_that_closes_finishes_the_customer_it_serves(play: Engine) -> None:
    network = one_desk(Station("desk", ((0.0, 4), (50.0, 1)), Constant(20.0)), horizon_s=100.0)
    visits = visits_of(play(network, 1, traced=True))
    assert all(visit.end_s - visit.start_s == pytest.approx(20.0) for visit in visits)
    assert len([visit for visit in visits if visit.start_s < 50.0 < visit.end_s]) == 4
    later = sorted(visit.start_s for visit in visits if visit.start_s > 70.0)
    assert all(b - a >= 19.999 for a, b in pairwise(later))


@both
def test_the_lower_priority_is_served_first_and_nobody_is_interrupted(play: Engine) -> None:
    desk = Station("desk", ((0.0, 1),), Constant(10.0), priority=True)
    sources = (
        Source("walk-in", "ordinary", at(0.0, 1.0, 2.0), "desk", priority=1),
        Source("assisted", "assisted", at(5.0, 12.0), "desk", priority=0),
    )
    seen = play(Network("hall", 60.0, (desk,), sources), 1, traced=True)
    starts = {visit.arrival_s: visit.start_s for visit in visits_of(seen)}
    assert starts == {0.0: 0.0, 5.0: 10.0, 12.0: 20.0, 1.0: 30.0, 2.0: 40.0}


@both
def test_a_class_may_have_a_service_time_of_its_own(play: Engine) -> None:
    desk = Station("desk", ((0.0, 9),), Constant(1.0), service_of=(("assisted", Constant(3.0)),))
    sources = (Source("a", "ordinary", at(0.0), "desk"), Source("b", "assisted", at(0.5), "desk"))
    assert rows(play, Network("hall", 9.0, (desk,), sources)) == [(0.0, 0.0, 1.0), (0.5, 0.5, 3.5)]


@both
def test_the_refused_come_back_as_often_as_they_may(play: Engine) -> None:
    desk = Station("desk", ((0.0, 0), (100.0, 1)), Constant(1.0), queue_max=0)
    source = Source("street", "citizen", at(0.0), "desk")
    retry = Retry("citizen", Constant(30.0), attempts_max=3)
    network = Network("desk", 10.0, (desk,), (source,), retries=(retry,))
    refused = [(0.0, 0.0, 0.0), (30.0, 30.0, 30.0), (60.0, 60.0, 60.0)]
    assert rows(play, network) == refused
    more = Retry("citizen", Constant(50.0), attempts_max=3, station="desk")
    network = Network("desk", 10.0, (desk,), (source,), retries=(retry, more))
    assert rows(play, network)[-1] == (100.0, 100.0, 101.0)


@both
def test_a_link_stores_during_an_outage_and_forwards_when_it_ends(play: Engine) -> None:
    road = link("road", Constant(2.0), ((10.0, 20.0),))
    assert road.is_link
    source = Source("taps", "tap", at(5.0, 9.0, 11.0, 15.0, 25.0), "road")
    seen = play(Network("exchange", 60.0, (road,), (source,)), 1, traced=True)
    moments = [(visit.start_s, visit.end_s) for visit in visits_of(seen)]
    assert moments == [(5.0, 7.0), (9.0, 11.0), (20.0, 22.0), (20.0, 22.0), (25.0, 27.0)]
    assert stations_of(seen)["road"].queue_max == 2
    assert stations_of(seen)["road"].utilisation == 0.0


@both
def test_a_batch_begins_when_it_is_full_or_somebody_has_waited_long_enough(play: Engine) -> None:
    press = Station("press", ((0.0, 1),), Constant(1.0), batch=Batch(3, wait_s=10.0))
    source = Source("orders", "card", at(0.0, 1.0, 2.0, 2.5, 4.0), "press")
    ends = [(0.0, 2.0, 3.0), (1.0, 2.0, 3.0), (2.0, 2.0, 3.0), (2.5, 12.5, 13.5), (4.0, 12.5, 13.5)]
    assert rows(play, Network("line", 60.0, (press,), (source,))) == ends


@both
def test_without_a_wait_a_batch_takes_whoever_is_there(play: Engine) -> None:
    ferry = Station("ferry", ((0.0, 1),), Constant(10.0), batch=Batch(2))
    source = Source("quay", "person", at(0.0, 1.0, 2.0, 3.0), "ferry")
    crossings = [(0.0, 0.0, 10.0), (1.0, 10.0, 20.0), (2.0, 10.0, 20.0), (3.0, 20.0, 30.0)]
    assert rows(play, Network("river", 60.0, (ferry,), (source,))) == crossings


@both
def test_a_broken_server_finishes_its_customer_and_is_away_until_repaired(play: Engine) -> None:
    breaks = Breakdown(Constant(5.0), Constant(7.0))
    desk = Station("desk", ((0.0, 1),), Constant(4.0), breakdown=breaks)
    source = Source("street", "citizen", at(0.0, 3.0, 6.0), "desk")
    served = [(0.0, 0.0, 4.0), (3.0, 4.0, 8.0), (6.0, 12.0, 16.0)]
    assert rows(play, Network("desk", 60.0, (desk,), (source,))) == served


@both
def test_the_whole_station_may_break_down(play: Engine) -> None:
    breaks = Breakdown(Constant(5.0), Constant(7.0), whole=True)
    road = link("road", Constant(1.0), breakdown=breaks)
    source = Source("taps", "tap", at(4.0, 6.0, 12.5), "road")
    sent = [(4.0, 4.0, 5.0), (6.0, 12.0, 13.0), (12.5, 12.5, 13.5)]
    assert rows(play, Network("exchange", 60.0, (road,), (source,))) == sent


@both
def test_a_plan_of_batches_lets_so_many_come_at_once(play: Engine) -> None:
    desk = Station("desk", ((0.0, 2),), Constant(3.0))
    source = Source("file", "line", Scheduled(((1.0, 3), (50.0, 9))), "desk")
    network = Network("payout", 40.0, (desk,), (source,))
    assert rows(play, network) == [(1.0, 1.0, 4.0), (1.0, 1.0, 4.0), (1.0, 4.0, 7.0)]


@both
def test_changes_of_capacity_after_the_last_departure_count_nothing(play: Engine) -> None:
    plain = one_desk(Station("desk", ((0.0, 2),), Constant(1.0)))
    later = one_desk(Station("desk", ((0.0, 2), (9_000.0, 50)), Constant(1.0)))
    one, other = stations_of(play(plain, 1)), stations_of(play(later, 1))
    assert one == other
    assert 0 < one["desk"].utilisation < 1


@both
def test_utilisation_is_full_while_everyone_is_busy(play: Engine) -> None:
    seen = play(one_desk(Station("desk", ((0.0, 1),), Constant(10.0)), horizon_s=500.0), 1)
    assert stations_of(seen)["desk"].utilisation > 0.99


@both
def test_the_digest_is_over_arrival_start_and_end_of_every_visit_in_order(play: Engine) -> None:
    seen = play(
        one_desk(Station("desk", ((0.0, 1),), Constant(0.5)), horizon_s=5.0), 1, traced=True
    )
    by_hand = b"".join(pack("<3d", v.arrival_s, v.start_s, v.end_s) for v in visits_of(seen))
    assert seen.trace is not None
    assert seen.trace.digest() == sha256(by_hand).hexdigest()


@both
def test_the_same_seed_gives_the_same_digest_and_another_seed_another(play: Engine) -> None:
    network = one_desk(Station("desk", ((0.0, 2),), Exponential(2.5), patience=Exponential(9.0)))
    traces = [play(network, seed, traced=True).trace for seed in (7, 7, 8)]
    one, again, other = (trace.digest() for trace in traces if trace is not None)
    assert one == again
    assert one != other


@both
def test_an_antithetic_run_draws_the_other_way_round(play: Engine) -> None:
    station = Station("desk", ((0.0, 99),), Uniform(0.0, 10.0))
    runs = [play(one_desk(station), 3, antithetic=turned, traced=True) for turned in (False, True)]
    served = [[v.end_s - v.start_s for v in visits_of(run)] for run in runs]
    assert all(a + b == pytest.approx(10.0) for a, b in zip(*served, strict=False))


@both
def test_one_more_server_or_station_changes_no_arrival_and_no_service_time(play: Engine) -> None:
    few = visits_of(play(one_desk(Station("desk", ((0.0, 1),), Exponential(2.0))), 4, traced=True))
    many = Station("desk", ((0.0, 9),), Exponential(2.0))
    first = Station("another", ((0.0, 1),), Exponential(2.0))
    source = Source("street", "citizen", Poisson(BUSY), "desk")
    wide = Network("desk", 200.0, (first, many), (source,))
    for one, other in zip(few, visits_of(play(wide, 4, traced=True)), strict=True):
        assert one.arrival_s == other.arrival_s
        assert one.end_s - one.start_s == pytest.approx(other.end_s - other.start_s)


@both
def test_routes_send_the_share_they_say(play: Engine) -> None:
    stations = tuple(Station(name, ((0.0, 99),), Constant(1.0)) for name in ("door", "desk"))
    route = Route("citizen", "door", (("desk", 0.3),))
    source = Source("street", "citizen", Poisson(((0.0, 10.0),)), "door")
    found = stations_of(play(Network("hall", 1_000.0, stations, (source,), (route,)), 1))
    assert found["desk"].visits / found["door"].visits == pytest.approx(0.3, abs=0.02)


@both
def test_arrivals_follow_the_piecewise_rate(play: Engine) -> None:
    rate = ((0.0, 1.0), (1_000.0, 0.0), (2_000.0, 3.0))
    network = one_desk(Station("desk", ((0.0, UNLIMITED),), Constant(1.0)), rate, 3_000.0)
    moments = [visit.arrival_s for visit in visits_of(play(network, 1, traced=True))]
    assert moments == sorted(moments)
    assert len([m for m in moments if m < 1_000]) == pytest.approx(1_000, rel=0.1)
    assert not [m for m in moments if 1_000 < m < 2_000]
    assert len([m for m in moments if m >= 2_000]) == pytest.approx(3_000, rel=0.1)
    assert moments[-1] < 3_000


@both
def test_what_happens_before_the_measuring_begins_is_played_and_not_counted(play: Engine) -> None:
    desk = Station("desk", ((0.0, 1),), Constant(10.0))
    network = Network("desk", 99.0, (desk,), (Source("s", "c", at(0.0, 1.0, 25.0, 26.0), "desk"),))
    seen = play(network, 1, measured_from_s=20.0)
    found = stations_of(seen)["desk"]
    assert found.visits == 2
    assert found.wait_s["mean"] == pytest.approx((0.0 + 9.0) / 2)
    assert found.utilisation == pytest.approx(20.0 / 25.0)
    assert (seen.customers, seen.journeys[0].count) == (4, 2)


@both
def test_without_customers_the_run_ends_at_once(play: Engine) -> None:
    seen = play(one_desk(Station("desk", ((0.0, 1),), Constant(1.0)), rate=((0.0, 0.0),)), 1)
    assert seen.ended_s == 0
    found = stations_of(seen)["desk"]
    assert (found.visits, found.utilisation, found.wait_s["max"]) == (0, 0.0, 0.0)


@both
def test_the_queue_of_the_series_is_what_the_visits_say(play: Engine) -> None:
    network = one_desk(Station("desk", ((0.0, 1),), Constant(2.0)), horizon_s=600.0)
    seen = play(network, 1, traced=True)
    visits, step_s = visits_of(seen), seen.stations[0].series.step_s
    series = series_of(seen)["desk"]
    assert sum(series["arrivals_per_min"]) * step_s / 60 == pytest.approx(seen.customers)
    for moment, queue in zip(series["t_s"], series["queue"], strict=True):
        arrivals = [v.arrival_s for v in visits if moment <= v.arrival_s < moment + step_s]
        waiting = [
            sum(v.arrival_s <= now < v.start_s for v in visits) for now in (moment, *arrivals)
        ]
        assert max(waiting) == queue
    assert max(series["queue"]) == stations_of(seen)["desk"].queue_max


@both
def test_a_run_with_too_many_inside_is_stopped_and_says_where(play: Engine) -> None:
    network = one_desk(Station("desk", ((0.0, 1),), Constant(100.0)), horizon_s=1_000.0)
    seen = play(network, 1, inside_max=50)
    assert seen.stopped is not None
    assert (seen.stopped.station, seen.stopped.reason) == ("desk", "crowded")
    assert seen.stopped.waiting == 49
    assert seen.customers == 51


@both
def test_who_comes_back_again_and_again_still_wants_one_service(play: Engine) -> None:
    """Half a customer a second, four seconds each: two desks, however often they knock."""
    desk = Station("desk", ((0.0, 1),), Exponential(4.0), queue_max=3)
    source = Source("street", "citizen", Poisson(((0.0, 0.5),)), "desk")
    again = Retry("citizen", Constant(5.0), 1_000)
    network = Network("desk", 4_000.0, (desk,), (source,), (), (again,))
    seen = play(network, 1, inside_max=300)
    assert seen.stopped is not None
    of, until_s = seen.stations[0], seen.stopped.at_s
    assert of.visits * 4.0 / until_s > 20
    assert offered_load(network, desk, of.by_class, until_s) == pytest.approx(2.0)


@both
def test_a_run_that_does_not_end_long_after_its_horizon_is_stopped(play: Engine) -> None:
    desk = Station("desk", ((0.0, 0), (1e9, 1)), Constant(1.0))
    network = Network("desk", 10.0, (desk,), (Source("s", "c", at(0.0), "desk"),))
    seen = play(network, 1)
    assert seen.stopped is not None
    assert (seen.stopped.station, seen.stopped.reason, seen.stopped.waiting) == (
        "desk",
        "endless",
        1,
    )


def test_a_faulty_network_reports_all_its_faults() -> None:
    station = Station("desk", ((0.0, 1), (10.0, 0)), Exponential(-1.0), queue_max=-1)
    source = Source("street", "citizen", Poisson(((5.0, 1.0),)), "nowhere")
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


def test_routes_that_only_lead_round_in_circles_are_refused() -> None:
    stations = tuple(Station(name, ((0.0, 1),), Constant(1.0)) for name in ("a", "b", "c"))
    source = Source("street", "citizen", Poisson(BUSY), "a")
    routes = (
        Route("citizen", "a", (("b", 0.5),)),
        Route("citizen", "b", (("c", 1.0),)),
        Route("citizen", "c", (("b", 1.0),)),
    )
    with pytest.raises(FaultyNetwork, match="round in circles") as caught:
        Network("ring", 60.0, stations, (source,), routes)
    assert [fault.key for fault in caught.value.faults] == ["route.citizen.b", "route.citizen.c"]
