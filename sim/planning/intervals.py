"""Intervals of confidence, by Student's t.

Rules: one observation is what one replication gave, or the mean of an antithetic pair, because the
two of a pair lean on each other. The interval of a quantile is that of the quantiles of the
replications; never of the customers within one, who stand in one queue and are not independent.
Two settings are compared by the differences of replications that drew the same random numbers.

Source: A. M. Law, Simulation Modeling and Analysis, 5th ed. 2015, sections 9.4, 10.2, 11.2 and
11.3.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from scipy.stats import t as student

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over `observations`, and how far the truth may lie on either side of it.

    `half_width` is infinite with one observation: that shows nothing.
    """

    mean: float
    half_width: float
    observations: int
    confidence: float = CONFIDENCE

    @property
    def low(self) -> float:
        """The lower end."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """The upper end."""
        return self.mean + self.half_width

    @property
    def relative_half_width(self) -> float:
        """Half width over mean: 0 where nothing varies, infinite where the mean is 0."""
        if self.half_width == 0:
            return 0.0
        return self.half_width / abs(self.mean) if self.mean else math.inf

    @property
    def sign(self) -> int:
        """-1 or 1 where the whole interval lies on one side of 0, else 0: not shown."""
        return -1 if self.high < 0 else int(self.low > 0)


def interval_of(values: Sequence[float], confidence: float = CONFIDENCE) -> Interval:
    """The mean of independent observations and its interval.

    Raises `ValueError` where there are none, or where `confidence` is not between 0 and 1.
    """
    if not values:
        raise ValueError("no interval without an observation")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence of {confidence:g}: expected between 0 and 1")
    many = len(values)
    mean = math.fsum(values) / many
    if not math.isfinite(mean) or many == 1:
        return Interval(mean, math.inf, many, confidence)
    variance = math.fsum((value - mean) ** 2 for value in values) / (many - 1)
    half_width = _quantile_of_t(confidence, many - 1) * math.sqrt(variance / many)
    return Interval(mean, half_width, many, confidence)


def paired_interval(
    after: Sequence[float], before: Sequence[float], confidence: float = CONFIDENCE
) -> Interval:
    """The interval of after - before, replication by replication."""
    return interval_of([b - a for a, b in zip(before, after, strict=True)], confidence)


def observations_of(values: Sequence[float], *, antithetic: bool) -> tuple[float, ...]:
    """What counts as one observation each: every value, or the mean of every pair.

    Raises `ValueError` where half a pair is left over.
    """
    if not antithetic:
        return tuple(values)
    if len(values) % 2:
        raise ValueError(f"{len(values)} antithetic replications: expected whole pairs")
    pairs = zip(values[::2], values[1::2], strict=True)
    return tuple((one + other) / 2 for one, other in pairs)


@lru_cache(maxsize=4096)
def _quantile_of_t(confidence: float, degrees: int) -> float:
    return float(student.ppf((1 + confidence) / 2, degrees))
