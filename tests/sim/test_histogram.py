"""Times in buckets: what is lost is less than a hundredth."""

import numpy as np
import pytest

from sim.histogram import BUCKETS, bucket_of, buckets_of, middle_of, no_times, times_of

TIMES_S = np.random.default_rng(4).lognormal(1.0, 3.0, 20_000)


def test_the_middle_of_a_bucket_is_within_a_hundredth_of_its_times() -> None:
    for time_s in (*TIMES_S[:2_000], 1e-6, 2.0**-20, 1.0, 2.0, 1e9):
        assert middle_of(bucket_of(time_s)) == pytest.approx(time_s, rel=0.01)


def test_one_by_one_and_all_at_once_are_the_same_buckets() -> None:
    one_by_one = np.bincount([bucket_of(time_s) for time_s in TIMES_S], minlength=BUCKETS)
    assert np.array_equal(one_by_one, buckets_of(TIMES_S))


def test_quantiles_are_within_a_hundredth_and_the_rest_is_exact() -> None:
    times = times_of(TIMES_S)
    for share in (0.01, 0.5, 0.95, 0.99, 0.999):
        exact = np.quantile(TIMES_S, share, method="inverted_cdf")
        assert times.quantile_s(share) == pytest.approx(exact, rel=0.01)
    assert times.mean_s == pytest.approx(TIMES_S.mean())
    assert times.quantile_s(1.0) <= times.longest_s == TIMES_S.max()
    assert times.share_within(10.0) == pytest.approx((TIMES_S <= 10.0).mean(), abs=0.003)


def test_very_short_and_very_long_times_have_a_place() -> None:
    assert bucket_of(0.0) == bucket_of(1e-9) == 0
    assert bucket_of(1e300) == BUCKETS - 1
    assert middle_of(0) == 0.0


def test_two_rows_of_times_together_are_one() -> None:
    both = times_of(TIMES_S[:5_000]) + times_of(TIMES_S[5_000:])
    whole = times_of(TIMES_S)
    assert np.array_equal(both.buckets, whole.buckets)
    assert (both.count, both.longest_s) == (whole.count, whole.longest_s)


def test_no_times_are_zero() -> None:
    assert (no_times().mean_s, no_times().quantile_s(0.5), no_times().share_within(1)) == (0, 0, 1)
