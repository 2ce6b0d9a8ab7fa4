"""The engine against queueing theory, a witness that shares no code with it.

Each figure of theory lies within the 99 % interval of independent runs. The seeds are fixed; of
the some twenty figures one in a hundred may be outside with other seeds. Both engines give the same
path (`test_engines_agree`), so the quick one is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from statistics import mean, stdev

import pytest
from scipy import stats

from sim.compiled_engine import play
from sim.network import (
    Constant,
    Distribution,
    Exponential,
    Lognormal,
    Network,
    Poisson,
    Route,
    Source,
    Station,
    Uniform,
)
from sim.observation import Observation
from sim.theory import changing_rates, erlang, open_network, single_server
from sim.theory.erlang import OverloadedStation, steady_state

RUNS = 40
VISITS = 40_000


def in_the_long_run(
    network: Network, figure: Callable[[Observation], float], *, from_s: float
) -> tuple[float, float]:
    """The mean over independent runs, and half the width of its 99 % interval."""
    told = [figure(play(network, seed, measured_from_s=from_s)) for seed in range(RUNS)]
    half = stats.t.ppf(0.995, RUNS - 1) * stdev(told) / sqrt(RUNS)
    return mean(told), float(half)


def assert_within(
    network: Network, figure: Callable[[Observation], float], expected: float
) -> None:
    found, half = in_the_long_run(network, figure, from_s=network.horizon_s * 0.05)
    assert abs(found - expected) <= half, (found, expected, half)


def desk(
    servers: int,
    rate_per_s: float,
    service: Distribution | None = None,
    **more: object,
) -> Network:
    station = Station("desk", ((0.0, servers),), service or Exponential(1.0), **more)  # type: ignore[arg-type]
    source = Source("street", "citizen", Poisson(((0.0, rate_per_s),)), "desk")
    return Network("desk", VISITS / rate_per_s, (station,), (source,))


def wait_s(seen: Observation) -> float:
    return seen.stations[0].waits.mean_s


@pytest.mark.parametrize(("servers", "rate_per_s"), [(1, 0.5), (2, 1.4), (5, 4.0), (20, 17.0)])
def test_mean_wait_in_m_m_c_is_erlangs(servers: int, rate_per_s: float) -> None:
    assert_within(desk(servers, rate_per_s), wait_s, erlang.mean_wait_s(rate_per_s, 1.0, servers))


def test_the_share_that_waits_in_m_m_c_is_erlang_c() -> None:
    def waits(seen: Observation) -> float:
        return 1 - seen.stations[0].waits.share_within(0.0)

    assert_within(desk(5, 4.0), waits, erlang.erlang_c(4.0, 1.0, 5))


def test_a_queue_with_little_room_refuses_what_theory_says() -> None:
    expected = steady_state(5.0, 1.0, 4, queue_max=6)
    network = desk(4, 5.0, queue_max=6)
    assert_within(network, lambda seen: seen.stations[0].refused / seen.visits, expected.refused)
    assert_within(network, wait_s, expected.wait_s)


def test_the_impatient_leave_as_erlang_a_says() -> None:
    expected = steady_state(11.0, 1.0, 10, mean_patience_s=2.0)
    network = desk(10, 11.0, patience=Exponential(2.0))
    share = expected.abandoned
    assert_within(network, lambda seen: seen.stations[0].abandoned / seen.visits, share)
    assert_within(network, wait_s, expected.wait_s)


def test_room_and_patience_together() -> None:
    expected = steady_state(11.0, 1.0, 10, queue_max=5, mean_patience_s=2.0)
    network = desk(10, 11.0, queue_max=5, patience=Exponential(2.0))
    assert_within(network, lambda seen: seen.stations[0].refused / seen.visits, expected.refused)
    assert_within(network, wait_s, expected.wait_s)


@pytest.mark.parametrize(
    ("service", "cv"),
    [(Constant(1.0), 0.0), (Uniform(0.0, 2.0), 1 / sqrt(3)), (Lognormal(1.0, 1.5), 1.5)],
    ids=("m-d-1", "uniform", "lognormal"),
)
def test_one_server_with_any_service_time(service: Distribution, cv: float) -> None:
    assert_within(desk(1, 0.6, service), wait_s, single_server.mean_wait_s(0.6, 1.0, cv))


def test_two_stations_in_a_row_wait_each_by_itself() -> None:
    stations = tuple(Station(name, ((0.0, 1),), Exponential(1.0)) for name in ("a", "b"))
    source = Source("street", "citizen", Poisson(((0.0, 0.6),)), "a")
    row = Network("row", VISITS / 0.6, stations, (source,), (Route("citizen", "a", (("b", 1.0),)),))
    for place in range(2):
        expected = erlang.mean_wait_s(0.6, 1.0, 1)
        assert_within(row, lambda seen, at=place: seen.stations[at].waits.mean_s, expected)  # type: ignore[misc]


def test_a_jackson_network_with_ways_back() -> None:
    servers = {"door": 2, "desk": 4, "cashier": 1}
    ways = {"door": {"desk": 0.7, "cashier": 0.1}, "desk": {"door": 0.2, "cashier": 0.4}}
    stations = tuple(Station(name, ((0.0, c),), Exponential(1.0)) for name, c in servers.items())
    routes = tuple(Route("citizen", name, tuple(to.items())) for name, to in ways.items())
    source = Source("street", "citizen", Poisson(((0.0, 1.1),)), "door")
    network = Network("jackson", VISITS / 1.1, stations, (source,), routes)
    rates = open_network.rates_per_s({"door": 1.1}, ways)
    for place, (name, c) in enumerate(servers.items()):
        expected = erlang.mean_wait_s(rates[name], 1.0, c)
        assert_within(network, lambda seen, at=place: seen.stations[at].waits.mean_s, expected)  # type: ignore[misc]


def test_a_rate_that_follows_the_day_against_a_numerical_solution() -> None:
    rate = ((0.0, 0.4), (60.0, 2.2), (120.0, 0.2), (180.0, 1.5))
    capacity = ((0.0, 1), (90.0, 3), (150.0, 1))
    station = Station("desk", capacity, Exponential(2.0))
    network = Network(
        "day", 240.0, (station,), (Source("street", "citizen", Poisson(rate), "desk"),)
    )

    def at(steps: tuple[tuple[float, float], ...], second: float) -> float:
        return [value for moment, value in steps if moment <= second][-1]

    moments = [45.0, 75.0, 105.0, 140.0, 170.0, 220.0]
    expected = changing_rates.mean_inside(
        lambda second: at(rate, second),
        lambda second: int(at(capacity, second)),
        2.0,
        moments,
        inside_max=250,
    )
    runs = 1_000
    inside = []
    for seed in range(runs):
        seen = play(network, seed, traced=True).trace
        assert seen is not None
        inside.append([int(((seen.arrival_s <= m) & (seen.end_s > m)).sum()) for m in moments])
    for place, right in enumerate(expected):
        told = [row[place] for row in inside]
        half = stats.norm.ppf(1 - 0.005 / len(moments)) * stdev(told) / sqrt(runs)
        assert abs(mean(told) - right) <= half, (moments[place], mean(told), right, half)


def test_erlang_c_of_one_server_is_its_load() -> None:
    assert erlang.erlang_c(0.7, 1.0, 1) == pytest.approx(0.7)


def test_published_values() -> None:
    # Two servers, load 1: C = 1/3 (closed form 2 rho^2 / (1 + rho), rho = 1/2).
    assert erlang.erlang_c(1.0, 1.0, 2) == pytest.approx(1 / 3)
    # Erlang's table: 10 servers, 5 erlangs: B = 0.0184.
    assert erlang.erlang_b(5.0, 10) == pytest.approx(0.0184, abs=5e-5)


def test_the_general_solution_contains_the_special_ones() -> None:
    plain = steady_state(4.0, 1.0, 5)
    assert plain.wait_s == pytest.approx(erlang.mean_wait_s(4.0, 1.0, 5))
    assert plain.waits == pytest.approx(erlang.erlang_c(4.0, 1.0, 5))
    assert steady_state(9.0, 1.0, 8, queue_max=0).refused == pytest.approx(erlang.erlang_b(9.0, 8))
    patient = steady_state(4.0, 1.0, 5, mean_patience_s=1e9)
    assert patient.wait_s == pytest.approx(plain.wait_s, rel=1e-5)
    assert patient.abandoned == pytest.approx(0.0, abs=1e-6)


def test_an_overloaded_station_has_no_mean_wait() -> None:
    with pytest.raises(OverloadedStation, match="load of 2"):
        erlang.mean_wait_s(2.0, 1.0, 2)
    with pytest.raises(OverloadedStation, match="load of 3"):
        steady_state(3.0, 1.0, 2)
