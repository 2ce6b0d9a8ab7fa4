"""Times counted in buckets while a run goes on: what is kept does not grow with the run.

A bucket is 1/64 of a power of two wide, found from the bits of the float itself. The middle of a
bucket stands for its times, so a quantile read from it is at most 1/128 (0.8 %) away from one of
the times counted; a time below `LEAST_S` counts as zero. Count, sum, and longest are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.compilation import compiled

LEAST_S = 2.0**-20
"""Shorter times are counted as zero: a microsecond."""
OCTAVES = 52
PARTS = 64
"""Buckets for each power of two."""
BUCKETS = OCTAVES * PARTS + 1
"""The first is that of zero; the last takes what is longer than 136 years."""

_SHIFT = 46  # of 52 bits of the mantissa the highest 6 remain
_FIRST = (1023 - 20) * PARTS  # what is left of the bits of LEAST_S

Counts = np.ndarray[Any, np.dtype[np.integer[Any]]]


@compiled
def bucket_of(time_s):  # type: ignore[no-untyped-def]
    """The bucket in which a time, in seconds, is counted."""
    if time_s < LEAST_S:
        return 0
    bits = np.float64(time_s).view(np.int64)
    return min((bits >> _SHIFT) - _FIRST + 1, BUCKETS - 1)


def buckets_of(times_s: np.ndarray[Any, np.dtype[np.float64]]) -> Counts:
    """How many of these times fall into each bucket."""
    bits = np.ascontiguousarray(times_s).view(np.int64)
    places = np.minimum((bits >> _SHIFT) - _FIRST + 1, BUCKETS - 1)
    return np.bincount(np.where(times_s < LEAST_S, 0, places), minlength=BUCKETS)


def middle_of(bucket: int) -> float:
    """The time that stands for a bucket, in seconds."""
    if bucket == 0:
        return 0.0
    octave, part = divmod(bucket - 1, PARTS)
    return float(LEAST_S * 2.0**octave * (1 + (part + 0.5) / PARTS))


@dataclass(frozen=True, slots=True)
class Times:
    """Many times, in seconds: how many, their sum, the longest, and how many in each bucket."""

    count: int
    sum_s: float
    longest_s: float
    buckets: Counts

    @property
    def mean_s(self) -> float:
        """The mean, 0 where there are none."""
        return self.sum_s / self.count if self.count else 0.0

    def quantile_s(self, share: float) -> float:
        """The time that this share (0 to 1) does not exceed, within 0.8 %; 0 for none."""
        if not self.count:
            return 0.0
        rank = max(1, int(np.ceil(share * self.count)))
        bucket = int(np.searchsorted(np.cumsum(self.buckets), rank))
        return min(middle_of(bucket), self.longest_s)

    def share_within(self, limit_s: float) -> float:
        """The share of times at most this long, to the bucket; 1 where there are none."""
        if not self.count:
            return 1.0
        return float(self.buckets[: bucket_of(limit_s) + 1].sum()) / self.count

    def __add__(self, other: Times) -> Times:
        return Times(
            self.count + other.count,
            self.sum_s + other.sum_s,
            max(self.longest_s, other.longest_s),
            np.add(self.buckets, other.buckets, dtype=np.int64),
        )


def no_times() -> Times:
    """None yet."""
    return Times(0, 0.0, 0.0, np.zeros(BUCKETS, np.int64))


def times_of(times_s: np.ndarray[Any, np.dtype[np.float64]]) -> Times:
    """These times, counted."""
    if not times_s.size:
        return no_times()
    return Times(times_s.size, float(times_s.sum()), float(times_s.max()), buckets_of(times_s))
