"""Where a warm-up ends: MSER-5 reckoned by hand, and on a hall that begins empty."""

from __future__ import annotations

import numpy as np
import pytest

from sim.planning.replications import Runs
from sim.planning.warm_up import mser_5, warm_up_of
from sim.planning.workers import Here
from tests.sim.planning.halls import hall


def test_two_high_batches_before_an_even_series_are_cut() -> None:
    """Means of five: 10, 4, then 1, 3, 1, 3, ...: cut two; what is left varies by 1 everywhere."""
    means = [10.0, 4.0, *([1.0, 3.0] * 7)]
    series = [mean + wobble for mean in means for wobble in (-0.2, -0.1, 0.0, 0.1, 0.2)]
    assert mser_5(series) == (10, True)


def test_the_cut_is_where_the_standard_error_of_the_rest_is_least() -> None:
    """Reckoned the long way from the definition of White (1997)."""
    random = np.random.default_rng(3)
    series = random.normal(size=400) + 8 * np.exp(-np.arange(400) / 40)
    batches = [float(series[at : at + 5].mean()) for at in range(0, 400, 5)]

    def squared_error(cut: int) -> float:
        rest = batches[cut:]
        mean = sum(rest) / len(rest)
        return sum((value - mean) ** 2 for value in rest) / len(rest) ** 2

    best = min(range(len(batches) - 4), key=squared_error)
    assert mser_5(series.tolist()) == (5 * best, True)
    assert 60 <= 5 * best <= 200


def test_a_series_that_only_grows_is_too_short_to_say() -> None:
    cut, is_sure = mser_5([float(value) ** 2 for value in range(100)])
    assert not is_sure
    assert cut > 50


def test_a_handful_of_values_says_nothing() -> None:
    assert mser_5([1.0] * 40) == (0, False)


def test_a_hall_that_begins_empty_warms_up_and_an_even_one_soon() -> None:
    with Here() as workers:
        found = warm_up_of(hall({"counters": 5}), Runs(), workers)
    assert found.is_sure
    assert 0 < found.until_s < 10_000


@pytest.mark.parametrize("processes", [1, 2])
def test_the_warm_up_is_the_same_wherever_it_is_played(processes: int) -> None:
    from sim.planning.workers import LocalProcesses  # noqa: PLC0415

    with Here() as here, LocalProcesses(processes, worth_s=0.0) as there:
        assert warm_up_of(hall({}), Runs(), here) == warm_up_of(hall({}), Runs(), there)
