"""Distributions of times, as frozen data. Means and bounds are in seconds.

What a distribution is drawn with stands in `random_numbers`; here is what it is, and what is wrong
with it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

ERLANG_SHAPE_MAX = 1000


@dataclass(frozen=True, slots=True)
class Constant:
    """Always the same time, in seconds."""

    value_s: float


@dataclass(frozen=True, slots=True)
class Exponential:
    """Memoryless time with this mean, in seconds."""

    mean_s: float


@dataclass(frozen=True, slots=True)
class Uniform:
    """Any time between the two, in seconds, equally likely."""

    low_s: float
    high_s: float


@dataclass(frozen=True, slots=True)
class Erlang:
    """Sum of `shape` exponential times; `mean_s` is the mean of the sum, in seconds."""

    shape: int
    mean_s: float


@dataclass(frozen=True, slots=True)
class Lognormal:
    """People's actions: mean in seconds, coefficient of variation (deviation / mean)."""

    mean_s: float
    cv: float


@dataclass(frozen=True, slots=True)
class Gamma:
    """Mean in seconds, coefficient of variation (deviation / mean)."""

    mean_s: float
    cv: float


@dataclass(frozen=True, slots=True)
class Empirical:
    """Measured times, ascending, in seconds: drawn by inversion, straight between two of them."""

    values_s: tuple[float, ...]


Distribution = Constant | Exponential | Uniform | Erlang | Lognormal | Gamma | Empirical


def fault_of(distribution: Distribution) -> str:
    """What was expected of a distribution that cannot be drawn; empty where nothing is wrong."""
    match distribution:
        case Constant(value_s):
            right, expected = value_s >= 0, "value_s >= 0"
        case Exponential(mean_s):
            right, expected = mean_s > 0, "mean_s > 0"
        case Uniform(low_s, high_s):
            right, expected = 0 <= low_s <= high_s, "0 <= low_s <= high_s"
        case Erlang(shape, mean_s):
            right = 1 <= shape <= ERLANG_SHAPE_MAX and mean_s > 0
            expected = f"a whole shape from 1 to {ERLANG_SHAPE_MAX}, mean_s > 0"
        case Lognormal(mean_s, cv):
            right, expected = mean_s > 0 and cv >= 0, "mean_s > 0, cv >= 0"
        case Gamma(mean_s, cv):
            right, expected = mean_s > 0 and cv > 0, "mean_s > 0, cv > 0"
        case Empirical(values_s):
            right = bool(values_s) and values_s[0] >= 0
            right = right and all(low <= high for low, high in pairwise(values_s))
            expected = "at least one time, all >= 0, ascending"
    numbers = (
        distribution.values_s if isinstance(distribution, Empirical) else _numbers(distribution)
    )
    if all(math.isfinite(number) for number in numbers):
        return "" if right else expected
    return f"finite numbers, {expected}"


def mean_s(distribution: Distribution) -> float:
    """The mean, in seconds."""
    match distribution:
        case Constant(value_s):
            return value_s
        case Uniform(low_s, high_s):
            return (low_s + high_s) / 2
        case Empirical(values_s):
            if len(values_s) == 1:
                return values_s[0]
            between = sum((low + high) / 2 for low, high in pairwise(values_s))
            return between / (len(values_s) - 1)
        case _:
            return distribution.mean_s


def deviation_s(distribution: Distribution) -> float:
    """The standard deviation, in seconds."""
    match distribution:
        case Constant():
            return 0.0
        case Exponential(mean):
            return mean
        case Uniform(low_s, high_s):
            return (high_s - low_s) / math.sqrt(12)
        case Erlang(shape, mean):
            return mean / math.sqrt(shape)
        case Lognormal(mean, cv) | Gamma(mean, cv):
            return mean * cv
        case Empirical(values_s):
            pairs = [*pairwise(values_s)] or [(values_s[0], values_s[0])]
            squares = sum((low * low + low * high + high * high) / 3 for low, high in pairs)
            return math.sqrt(max(0.0, squares / len(pairs) - mean_s(distribution) ** 2))


def _numbers(distribution: Distribution) -> tuple[float, ...]:
    return tuple(getattr(distribution, name) for name in distribution.__slots__)
