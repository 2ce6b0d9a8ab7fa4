"""Random numbers drawn by counter: the same (seed, stream, customer, visit, draw) gives the same
number, always.

Why: a sequential generator ties every number to the order in which an engine happens to ask. Drawn
by counter, one more gate changes no passenger's arrival and no passenger's time at the gate (common
random numbers), and a second engine, which asks in another order, repeats the path bit for bit.

How: SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators"), each
customer in each stream with a state of its own, made of their keys. A stream is a purpose at a
place, known by the place's name, so that one more station changes no number of the others; a
customer is a source's name and the place in it. Keys are 64 bits, written as signed integers. The
top 53 bits drawn make a float in [0, 1). An antithetic run has every bit turned round: where a run
draws u, it draws 1 - 2**-53 - u.

The functions are compiled (Numba) and called by both engines. Logarithms, exponentials and normal
numbers are our own, so that a path is the same on any machine.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np

from sim.compilation import compiled
from sim.distributions import (
    Constant,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Lognormal,
    Uniform,
)
from sim.exponential import exp
from sim.logarithm import log
from sim.normal import normal

Streams = np.ndarray[Any, np.dtype[np.int64]]

MASK_64 = 0xFFFF_FFFF_FFFF_FFFF
GOLDEN_GAMMA = np.uint64(0x9E37_79B9_7F4A_7C15)  # 2**64 / golden ratio, odd: SplitMix64's increment

ARRIVALS, SERVICE, PATIENCE, ROUTING, RETRY, BREAKDOWN, REPAIR = range(7)
"""What a number is drawn for."""

CONSTANT, EXPONENTIAL, UNIFORM, ERLANG, LOGNORMAL, GAMMA, EMPIRICAL = range(7)
"""Kinds of distributions in compiled form."""

DRAW_BITS = np.uint64(16)
"""A draw's place in its visit takes so many bits of the counter."""
GAMMA_TRIES_MAX = 1000


def streams_of(seed: int, purpose: int, names: Iterable[str]) -> Streams:
    """The keys of one purpose at the stations, or of the sources, with these names."""
    begin = f"{seed} {purpose} ".encode()
    told = b"".join([sha256(begin + name.encode()).digest() for name in names])
    return np.frombuffer(told, dtype="<i8")[:: sha256().digest_size // 8]


def stream_of(seed: int, purpose: int, name: str) -> int:
    """The key of one."""
    return int(streams_of(seed, purpose, (name,))[0])


class Form(NamedTuple):
    """A distribution in compiled form: its kind, two numbers, and measured times."""

    kind: int
    first: float
    second: float
    values_s: tuple[float, ...] = ()


def form_of(distribution: Distribution) -> Form:
    """The numbers with which `time_of` draws."""
    match distribution:
        case Constant(value_s):
            return Form(CONSTANT, value_s, 0.0)
        case Exponential(mean_s):
            return Form(EXPONENTIAL, mean_s, 0.0)
        case Uniform(low_s, high_s):
            return Form(UNIFORM, low_s, high_s - low_s)
        case Erlang(shape, mean_s):
            return Form(ERLANG, float(shape), mean_s / shape)
        case Lognormal(mean_s, cv):
            variance = max(0.0, float(log.py_func(1.0 + cv * cv)))
            median_s = mean_s * float(exp.py_func(-variance / 2))
            return Form(LOGNORMAL, median_s, math.sqrt(variance))
        case Gamma(mean_s, cv):
            return Form(GAMMA, 1 / (cv * cv), mean_s * cv * cv)
        case Empirical(values_s):
            return Form(EMPIRICAL, 0.0, 0.0, values_s)


@compiled
def mix(value):  # type: ignore[no-untyped-def]
    """SplitMix64's finaliser: a bijection of words in which every bit touches every other."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58_476D_1CE4_E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D0_49BB_1331_11EB)
    return value ^ (value >> np.uint64(31))


@compiled
def customer_key(source, place):  # type: ignore[no-untyped-def]
    """The key of the customer at this place (from 0) of a source; of a server at a station."""
    return np.int64(mix(np.uint64(source) + GOLDEN_GAMMA * np.uint64(place + 1)))


@compiled
def uniform(stream, customer, visit, draw, mask):  # type: ignore[no-untyped-def]
    """A number in [0, 1) with 53 random bits; `mask` is 0, or -1 in an antithetic run."""
    return np.float64(_bits(stream, customer, visit, draw, mask)) * 2.0**-53


@compiled
def _bits(stream, customer, visit, draw, mask):  # type: ignore[no-untyped-def]
    counter = (np.uint64(visit) << DRAW_BITS) + np.uint64(draw + 1)
    word = mix(np.uint64(stream ^ customer) + GOLDEN_GAMMA * counter) ^ np.uint64(mask)
    return word >> np.uint64(11)


@compiled
def time_of(kind, first, second, values_s, begin, end, stream, customer, visit, mask):  # type: ignore[no-untyped-def]
    """One time, in seconds, of a distribution in compiled form.

    Measured times stand in `values_s` from `begin` to `end`: a slice would cost more than the draw.
    """
    if kind == CONSTANT:
        return first
    if kind == EXPONENTIAL:
        return unit_exponential(stream, customer, visit, 0, mask) * first
    if kind == UNIFORM:
        return first + second * uniform(stream, customer, visit, 0, mask)
    if kind == ERLANG:
        total = 0.0
        for draw in range(int(first)):
            total += unit_exponential(stream, customer, visit, draw, mask)
        return total * second
    if kind == LOGNORMAL:
        return first * unit_lognormal(second, stream, customer, visit, mask)
    if kind == GAMMA:
        return second * _gamma(first, stream, customer, visit, mask)
    place = uniform(stream, customer, visit, 0, mask) * (end - begin - 1)
    below = begin + int(place)
    if below + 1 >= end:
        return values_s[below]
    part = place - int(place)
    return values_s[below] + part * (values_s[below + 1] - values_s[below])


@compiled
def unit_exponential(stream, customer, visit, draw, mask):  # type: ignore[no-untyped-def]
    """An exponential number with mean 1."""
    # 1 - u has no rounding, and its logarithm may miss 0 by a last bit.
    return max(0.0, -log(1.0 - uniform(stream, customer, visit, draw, mask)))


@compiled
def unit_lognormal(spread, stream, customer, visit, mask):  # type: ignore[no-untyped-def]
    """A lognormal number with median 1, whose logarithm has this standard deviation."""
    return exp(spread * normal(_bits(stream, customer, visit, 0, mask)))


@compiled
def _gamma(shape, stream, customer, visit, mask):  # type: ignore[no-untyped-def]
    # Marsaglia and Tsang 2000, "A simple method for generating gamma variables"; a shape below 1
    # is drawn from shape + 1 and a power of one more uniform.
    factor, draw, raised = 1.0, 0, shape
    if shape < 1.0:
        factor = exp(-unit_exponential(stream, customer, visit, 0, mask) / shape)
        draw, raised = 1, shape + 1.0
    third = raised - 1.0 / 3.0
    scale = 1.0 / math.sqrt(9.0 * third)
    for _ in range(GAMMA_TRIES_MAX):
        tried = normal(_bits(stream, customer, visit, draw, mask))
        chance = uniform(stream, customer, visit, draw + 1, mask)
        draw += 2
        root = 1.0 + scale * tried
        if root <= 0.0:
            continue
        cube = root * root * root
        if log(1.0 - chance) < 0.5 * tried * tried + third * (1.0 - cube + log(cube)):
            return factor * third * cube
    return factor * third  # never seen: each try is refused once in twenty
