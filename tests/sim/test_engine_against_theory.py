"""The engine against Erlang C: queueing theory as a witness that shares no code with it."""

from math import sqrt
from statistics import mean, stdev

import pytest

from sim.network import Constant, Exponential, Network, Source, Station
from sim.simpy_engine import play
from sim.theory import OverloadedStation, erlang_c, mean_wait_s

REPLICATIONS = 16
T_995_15 = 2.947  # Student's t, 15 degrees of freedom, 99 % two-sided
WARM_UP_S, ARRIVALS = 300.0, 4_000


@pytest.mark.parametrize(("servers", "rate_per_s"), [(1, 0.5), (2, 1.4), (5, 4.0)])
def test_mean_wait_in_m_m_c_is_erlangs_within_its_99_percent_interval(
    servers: int, rate_per_s: float
) -> None:
    station = Station("desk", ((0.0, servers),), Exponential(1.0))
    source = Source("street", "citizen", ((0.0, rate_per_s),), "desk")
    network = Network("m/m/c", WARM_UP_S + ARRIVALS / rate_per_s, (station,), (source,))
    means = []
    for seed in range(REPLICATIONS):
        visits = [c.visits[0] for c in play(network, seed).customers]
        means.append(mean(v.start_s - v.arrival_s for v in visits if v.arrival_s > WARM_UP_S))
    half_width = T_995_15 * stdev(means) / sqrt(REPLICATIONS)
    expected = mean_wait_s(rate_per_s, 1.0, servers)
    assert abs(mean(means) - expected) <= half_width, (mean(means), expected, half_width)


def test_one_server_with_constant_service_waits_half_as_long_as_with_exponential_service() -> None:
    """Pollaczek and Khinchine: M/D/1 waits half of M/M/1."""
    station = Station("desk", ((0.0, 1),), Constant(1.0))
    source = Source("street", "citizen", ((0.0, 0.6),), "desk")
    network = Network("m/d/1", 40_000.0, (station,), (source,))
    visits = [c.visits[0] for c in play(network, 3).customers]
    waited = mean(v.start_s - v.arrival_s for v in visits)
    assert waited == pytest.approx(mean_wait_s(0.6, 1.0, 1) / 2, rel=0.06)


def test_erlang_c_of_one_server_is_its_load() -> None:
    assert erlang_c(0.7, 1.0, 1) == pytest.approx(0.7)


def test_a_published_value_of_erlang_c() -> None:
    # Two servers, load 1: C = 1/3 (closed form 2 rho^2 / (1 + rho), rho = 1/2).
    assert erlang_c(1.0, 1.0, 2) == pytest.approx(1 / 3)


def test_an_overloaded_station_has_no_mean_wait() -> None:
    with pytest.raises(OverloadedStation, match="load of 2"):
        mean_wait_s(2.0, 1.0, 2)
