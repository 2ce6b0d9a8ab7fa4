"""Intervals of confidence, by Student's t.

Rules: one observation is what one replication gave, or the mean of an antithetic pair, because the
two of a pair lean on each other. The interval of a quantile is that of the quantiles of the
replications; never of the customers within one, who stand in one queue and are not independent.
What cannot be is cut off: a share has no truth below 0 or above 1, a wait none below 0. An interval
that covers the truth still covers it when it is cut there, so the cut costs no coverage.
Two settings are compared by the differences of replications that drew the same random numbers.

Source: A. M. Law, Simulation Modeling and Analysis, 5th ed. 2015, sections 9.4, 10.2, 11.2 and
11.3.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from scipy.special import stdtrit

CONFIDENCE = 0.95
LEAST_FOR_SKEWNESS = 3
SYMMETRIC = 1e-9
"""Below this skewness makes no difference, but divides by next to nothing."""
ANYWHERE = (-math.inf, math.inf)
"""The bounds of what may be any number, as a difference."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over `observations`, and how far the truth may lie on either side of it.

    `half_width` is infinite with one observation: that shows nothing. The truth lies within
    `bounds` by its nature, and so do the ends; `half_width` is that of Student's t, not cut.
    """

    mean: float
    half_width: float
    observations: int
    confidence: float = CONFIDENCE
    bounds: tuple[float, float] = ANYWHERE

    @property
    def low(self) -> float:
        """The lower end."""
        return max(self.mean - self.half_width, self.bounds[0])

    @property
    def high(self) -> float:
        """The upper end."""
        return min(self.mean + self.half_width, self.bounds[1])

    @property
    def is_cut(self) -> bool:
        """Whether an end lies at a bound, and not as far from the mean as the other may."""
        return self.mean - self.half_width < self.low or self.mean + self.half_width > self.high

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


def interval_of(
    values: Sequence[float],
    confidence: float = CONFIDENCE,
    bounds: tuple[float, float] = ANYWHERE,
) -> Interval:
    """The mean of independent observations and its interval, cut at the bounds of what can be.

    Raises `ValueError` where there are none, or where `confidence` is not between 0 and 1.
    """
    if not values:
        raise ValueError("no interval without an observation")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence of {confidence:g}: expected between 0 and 1")
    many = len(values)
    mean = math.fsum(values) / many
    if not math.isfinite(mean) or many == 1:
        return Interval(mean, math.inf, many, confidence, bounds)
    variance = math.fsum((value - mean) ** 2 for value in values) / (many - 1)
    half_width = _quantile_of_t(confidence, many - 1) * math.sqrt(variance / many)
    return Interval(mean, half_width, many, confidence, bounds)


def skewed_ends(values: Sequence[float], confidence: float) -> tuple[float, float]:
    """The ends of an interval that heeds the skewness of what was observed.

    Waits are skewed: a mean of few runs that is too low comes with a deviation that is too small,
    and Student's interval then ends below the truth too often. Source: R. Willink, "A confidence
    interval and test for the mean of an asymmetric distribution", Communications in Statistics 34
    (4), 2005.
    """
    plain = interval_of(values, confidence)
    many = plain.observations
    if many < LEAST_FOR_SKEWNESS or not 0 < plain.half_width < math.inf:
        return plain.low, plain.high
    deviations = [value - plain.mean for value in values]
    variance = math.fsum(each**2 for each in deviations) / (many - 1)
    third = math.fsum(each**3 for each in deviations) * many / ((many - 1) * (many - 2))
    leaning: float = third / variance**1.5 / (6 * math.sqrt(many))
    if abs(leaning) < SYMMETRIC:
        return plain.low, plain.high
    quantile, step = _quantile_of_t(confidence, many - 1), math.sqrt(variance / many)

    def bent(quantile: float) -> float:
        return (math.cbrt(1 + 6 * leaning * (quantile - leaning)) - 1) / (2 * leaning)

    return plain.mean - bent(quantile) * step, plain.mean - bent(-quantile) * step


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
    return float(stdtrit(degrees, (1 + confidence) / 2))
