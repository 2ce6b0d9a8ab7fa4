"""Random numbers by counter: repeatable, even, and with the moments their distributions promise."""

import statistics

import pytest

from sim.network import Constant, Distribution, Erlang, Exponential, Lognormal, Uniform
from sim.random_numbers import bits, mix, time_from, uniform

COUNT = 20_000
PINNED = (0.47141042966848024, 0.2725028388517182)


def test_the_mixer_is_splitmix64() -> None:
    """First outputs of SplitMix64 with seed 0 (published with the reference implementation)."""
    gamma, mask = 0x9E3779B97F4A7C15, 2**64 - 1
    outputs = [mix(gamma * step & mask) for step in (1, 2, 3)]
    assert outputs == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]


def test_these_numbers_never_change() -> None:
    """Another engine repeats them, and saved results depend on them."""
    assert bits(1, 2, 3, 4, 5) == bits(1, 2, 3, 4, 5)
    assert uniform(0, 0, 0, 0) == PINNED[0]
    assert uniform(2**64 - 1, 17, 2**40, 9, 1) == PINNED[1]


def test_each_part_of_the_counter_matters() -> None:
    counters = [(1, 2, 3, 4, 5), (2, 2, 3, 4, 5), (1, 3, 3, 4, 5)]
    counters += [(1, 2, 4, 4, 5), (1, 2, 3, 5, 5), (1, 2, 3, 4, 6), (1, 3, 2, 4, 5)]
    assert len({bits(*counter) for counter in counters}) == len(counters)


def test_uniform_numbers_fill_a_hundred_cells_evenly() -> None:
    cells = [0] * 100
    for customer in range(COUNT):
        cells[int(uniform(3, 1, customer, 0) * 100)] += 1
    expected = COUNT / 100
    chi_square = sum((cell - expected) ** 2 / expected for cell in cells)
    assert 61 < chi_square < 149  # 0.1 % on either side with 99 degrees of freedom


def test_neighbouring_customers_are_not_correlated() -> None:
    numbers = [uniform(3, 1, customer, 0) for customer in range(COUNT)]
    assert abs(statistics.correlation(numbers[:-1], numbers[1:])) < 0.025


@pytest.mark.parametrize(
    ("distribution", "mean_s", "cv"),
    [
        (Constant(3.0), 3.0, 0.0),
        (Exponential(3.0), 3.0, 1.0),
        (Uniform(1.0, 5.0), 3.0, 4 / 12**0.5 / 3),
        (Erlang(4, 3.0), 3.0, 0.5),
        (Lognormal(3.0, 0.4), 3.0, 0.4),
    ],
)
def test_times_have_the_mean_and_variation_they_promise(
    distribution: Distribution, mean_s: float, cv: float
) -> None:
    times = [time_from(distribution, 9, 0, customer, 0) for customer in range(COUNT)]
    assert min(times) >= 0
    assert statistics.mean(times) == pytest.approx(mean_s, rel=0.03)
    assert statistics.pstdev(times) / mean_s == pytest.approx(cv, abs=0.03)
