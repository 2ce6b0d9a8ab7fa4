"""Random numbers by counter: repeatable, even, and with the moments their distributions promise."""

import math
import random
import statistics
from decimal import Decimal

import numpy as np
import pytest
from scipy.special import ndtri

from sim.distributions import mean_s as mean_of
from sim.exponential import exp
from sim.logarithm import log
from sim.network import (
    Constant,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Lognormal,
    Uniform,
)
from sim.normal import normal
from sim.random_numbers import SERVICE, customer_key, mix, stream_of, uniform
from sim.simpy_engine.draws import Duration

COUNT = 20_000
STREAM = stream_of(3, SERVICE, "desk")


def number(place: int, visit: int = 0, draw: int = 0, stream: int = STREAM, mask: int = 0) -> float:
    return float(uniform(stream, customer_key(STREAM, place), visit, draw, mask))


def test_the_mixer_is_splitmix64() -> None:
    """First outputs of SplitMix64 with seed 0 (published with the reference implementation)."""
    gamma = 0x9E3779B97F4A7C15
    outputs = [int(mix(np.uint64(gamma * step % 2**64))) % 2**64 for step in (1, 2, 3)]
    assert outputs == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]


def test_these_numbers_never_change() -> None:
    """Another engine repeats them, and saved results depend on them."""
    assert stream_of(1, SERVICE, "desk") == -7621881441047546483
    assert number(0) == 0.6782162247847145
    assert number(2**40, 9, 1) == 0.5766308621707116


def test_each_part_of_the_counter_matters() -> None:
    streams = [stream_of(3, SERVICE, "desk"), stream_of(4, SERVICE, "desk")]
    streams += [stream_of(3, SERVICE + 1, "desk"), stream_of(3, SERVICE, "desks")]
    drawn = {number(1, 2, 3, stream) for stream in streams}
    drawn |= {number(2, 2, 3), number(1, 3, 3), number(1, 2, 4), number(1, 3, 2)}
    assert len(drawn) == 8


def test_an_antithetic_number_is_the_other_side_of_one() -> None:
    for place in range(100):
        assert number(place) + number(place, mask=-1) == 1 - 2.0**-53


def test_uniform_numbers_fill_a_hundred_cells_evenly() -> None:
    for draws in ([number(place) for place in range(COUNT)], [number(5, v) for v in range(COUNT)]):
        cells = np.bincount([int(each * 100) for each in draws], minlength=100)
        chi_square = float(((cells - COUNT / 100) ** 2 / (COUNT / 100)).sum())
        assert 61 < chi_square < 149  # 0.1 % on either side with 99 degrees of freedom


def test_neighbours_are_not_correlated() -> None:
    by_place = [number(place) for place in range(COUNT)]
    by_visit = [number(place, 1) for place in range(COUNT)]
    other = stream_of(3, SERVICE, "counter")
    elsewhere = [number(place, stream=other) for place in range(COUNT)]
    for one, another in (
        (by_place[:-1], by_place[1:]),
        (by_place, by_visit),
        (by_place, elsewhere),
    ):
        assert abs(statistics.correlation(one, another)) < 0.025


@pytest.mark.parametrize(
    ("distribution", "mean_s", "cv"),
    [
        (Constant(3.0), 3.0, 0.0),
        (Exponential(3.0), 3.0, 1.0),
        (Uniform(1.0, 5.0), 3.0, 4 / 12**0.5 / 3),
        (Erlang(4, 3.0), 3.0, 0.5),
        (Lognormal(3.0, 0.4), 3.0, 0.4),
        (Gamma(3.0, 0.5), 3.0, 0.5),
        (Gamma(3.0, 1.5), 3.0, 1.5),
        (Empirical((1.0, 5.0)), 3.0, 4 / 12**0.5 / 3),
        (Empirical((3.0,)), 3.0, 0.0),
    ],
    ids=str,
)
def test_times_have_the_mean_and_variation_they_promise(
    distribution: Distribution, mean_s: float, cv: float
) -> None:
    duration = Duration(distribution, 9, SERVICE, "desk", antithetic=False)
    times = [duration.seconds(duration.key_of(place), 0) for place in range(COUNT)]
    assert mean_of(distribution) == pytest.approx(mean_s)
    assert min(times) >= 0
    assert statistics.mean(times) == pytest.approx(mean_s, rel=0.035)
    assert statistics.pstdev(times) / mean_s == pytest.approx(cv, abs=0.06)


def test_measured_times_come_in_their_own_proportions() -> None:
    duration = Duration(Empirical((1.0, 2.0, 10.0)), 9, SERVICE, "desk", antithetic=False)
    times = [duration.seconds(duration.key_of(place), 0) for place in range(COUNT)]
    assert min(times) >= 1.0
    assert max(times) <= 10.0
    assert sum(time <= 2.0 for time in times) / COUNT == pytest.approx(0.5, abs=0.02)


def test_our_exponential_is_the_exponential() -> None:
    generator = np.random.default_rng(2)
    for each in [*generator.normal(0, 1, 10_000), *generator.uniform(-700, 700, 2_000), 0.0]:
        right = Decimal(float(each)).exp()
        assert abs(Decimal(exp(each)) - right) <= Decimal("4e-16") * right
    assert exp(-1e9) == exp(-700.0)


def test_normal_numbers_are_the_quantiles_of_their_probabilities() -> None:
    generator = random.Random(3)
    for _ in range(5_000):
        word = generator.getrandbits(52) >> generator.randrange(53)
        number_there = float(normal(word))
        assert number_there == pytest.approx(ndtri((2 * word + 1) / 2**54), abs=1e-11)
        assert float(normal(2**53 - 1 - word)) == -number_there


def test_our_logarithm_is_the_logarithm() -> None:
    generator = np.random.default_rng(1)
    numbers = [*generator.random(20_000), *(1 - generator.random(5_000) * 1e-6)]
    numbers += [*np.exp(generator.normal(0, 20, 5_000)), 1.0, 2.0**-53, 1 - 2.0**-53]
    for each in numbers:
        right = math.log(each)
        assert abs(log(each) - right) <= 5e-16 * max(1.0, abs(right))
