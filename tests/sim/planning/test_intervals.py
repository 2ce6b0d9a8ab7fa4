"""Intervals by Student's t: published examples, and how often they cover the truth."""

from __future__ import annotations

import math
from random import Random

import pytest

from sim.engines import COMPILED
from sim.network import Exponential, Network, Poisson, Source, Station
from sim.planning.intervals import interval_of, observations_of, paired_interval, skewed_ends
from sim.planning.replications import Effort, Experiment, Runs, replicate
from sim.planning.targets.expressions import read_figure
from sim.planning.targets.figures import names_of
from sim.planning.workers import Here, LocalProcesses


def test_the_interval_of_ten_observations_is_that_of_laws_book() -> None:
    """Law, Simulation Modeling and Analysis, example 4.26: 1.34 +- 0.24 at 90 %."""
    observed = [1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09]
    found = interval_of(observed, 0.90)
    assert found.mean == pytest.approx(1.34, abs=0.005)
    assert found.half_width == pytest.approx(0.24, abs=0.005)


def test_the_paired_interval_of_two_policies_is_that_of_laws_book() -> None:
    """Law, example 10.2 (two inventory policies): from 1.65 to 8.31 at 90 %."""
    first = [126.97, 124.31, 126.68, 122.66, 127.23]
    second = [118.21, 120.22, 122.45, 122.68, 119.40]
    found = paired_interval(first, second, 0.90)
    assert found.low == pytest.approx(1.65, abs=0.01)
    assert found.high == pytest.approx(8.31, abs=0.01)
    assert found.sign == 1


def test_a_long_tail_to_the_right_moves_both_ends_to_the_right() -> None:
    """Willink (2005): the ends reckoned by his formula, term by term."""
    observed = [1.0, 1.0, 1.0, 1.0, 6.0]
    low, high = skewed_ends(observed, 0.95)
    plain = interval_of(observed)
    # mean 2, variance 5, skewness 60 * 5 / 12 / 5 ** 1.5 = 2.23607, a = 2.23607 / 6 / 5 ** 0.5
    a, t, step = 1 / 6, 2.776445, 1.0
    assert low == pytest.approx(2 - step * (((1 + 6 * a * (t - a)) ** (1 / 3) - 1) / (2 * a)))
    under = 1 + 6 * a * (-t - a)
    assert high == pytest.approx(2 + step * ((1 + (-under) ** (1 / 3)) / (2 * a)))
    assert plain.low < low < plain.mean < plain.high < high


def test_what_leans_to_neither_side_has_students_interval() -> None:
    plain = interval_of([1.0, 2.0, 3.0])
    assert skewed_ends([1.0, 2.0, 3.0], 0.95) == (plain.low, plain.high)
    assert skewed_ends([2.0, 2.0, 2.0], 0.95) == (2.0, 2.0)


def test_an_interval_ends_where_its_figure_must() -> None:
    observed = [0.0, 0.0, 0.0, 0.1]
    plain, cut = interval_of(observed), interval_of(observed, bounds=(0.0, 1.0))
    assert plain.low < 0
    assert (cut.low, cut.high, cut.is_cut) == (0.0, plain.high, True)
    assert (cut.mean, cut.half_width) == (plain.mean, plain.half_width)
    high = interval_of([1.0, 1.0, 0.9], bounds=(0.0, 1.0))
    assert (high.high, high.is_cut) == (1.0, True)
    assert interval_of([0.4, 0.5, 0.6], bounds=(0.0, 1.0)).is_cut is False
    assert math.isnan(interval_of([math.nan, 1.0], bounds=(0.0, 1.0)).low)


def test_a_cut_interval_covers_as_often_as_the_whole_one() -> None:
    """Of rare losses, whose interval often reaches below 0."""
    random, truth = Random(5), 0.03
    covered = [0, 0]
    for _ in range(500):
        shares = [sum(random.random() < truth for _ in range(40)) / 40 for _ in range(10)]
        for place, bounds in enumerate([(-math.inf, math.inf), (0.0, 1.0)]):
            found = interval_of(shares, bounds=bounds)
            covered[place] += found.low <= truth <= found.high
    assert covered[0] == covered[1] > 400


def test_one_observation_shows_nothing() -> None:
    found = interval_of([5.0])
    assert found.half_width == math.inf
    assert found.sign == 0


def test_an_antithetic_pair_is_one_observation() -> None:
    assert observations_of([1.0, 3.0, 10.0, 20.0], antithetic=True) == (2.0, 15.0)
    with pytest.raises(ValueError, match="whole pairs"):
        observations_of([1.0, 3.0, 10.0], antithetic=True)


def test_antithetic_pairs_narrow_the_interval_of_the_customers_that_come() -> None:
    station = Station("counter", ((0.0, 9),), Exponential(1.0))
    source = Source("street", "citizen", Poisson(((0.0, 0.2),)), "counter")
    network = Network("hall", 1_000.0, (station,), (source,))
    figure = read_figure("counter.visits", names_of(network))
    with Here() as workers:
        plain, paired = (
            replicate(
                network, (figure,), Experiment(Runs(antithetic=pairs), Effort(64, 64), workers)
            ).interval(figure)
            for pairs in (False, True)
        )
    assert (plain.observations, paired.observations) == (64, 32)
    assert paired.half_width < 0.85 * plain.half_width


@pytest.mark.parametrize("wrong", [0.0, 1.0])
def test_a_confidence_outside_0_to_1_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        interval_of([1.0, 2.0], wrong)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_95_percent_intervals_cover_the_truth_in_93_to_97_percent_of_1000_experiments() -> None:
    """M/M/1 at half load: the mean wait in the queue is 1 s (Pollaczek and Khinchine)."""
    station = Station("desk", ((0.0, 1),), Exponential(1.0))
    source = Source("street", "citizen", Poisson(((0.0, 0.5),)), "desk")
    network = Network("m/m/1", 5_500.0, (station,), (source,))
    figure = read_figure("desk.wait_s.mean", names_of(network))
    covered = 0
    with LocalProcesses() as workers:
        for seed in range(1000):
            runs = Runs(seed=seed, engine=COMPILED, measured_from_s=500.0)
            found = replicate(network, (figure,), Experiment(runs, Effort(10, 10), workers))
            interval = found.interval(figure)
            covered += interval.low <= 1.0 <= interval.high
    print(f"seeds 0 to 999: {covered} of 1000 intervals cover")
    assert 930 <= covered <= 970
