"""Random numbers drawn by counter: the same (seed, stream, customer, visit, draw) gives the same
number, always.

Why: a sequential generator ties every number to the order in which an engine happens to ask. Drawn
by counter, one more gate changes no passenger's arrival and no passenger's time at the gate (common
random numbers), and a second engine, which asks in another order, repeats the path bit for bit.

How: SplitMix64's finaliser (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number
generators") as a chain over the five integers, in 64-bit arithmetic only. The top 53 bits make a
float in [0, 1).
"""

from __future__ import annotations

import math
from typing import assert_never

from sim.network import Constant, Distribution, Erlang, Exponential, Lognormal, Uniform

MASK_64 = 0xFFFF_FFFF_FFFF_FFFF
GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15  # 2**64 / golden ratio, odd: SplitMix64's increment

ARRIVALS, SERVICE, PATIENCE, ROUTING = range(4)
"""What a number is drawn for: the low part of a stream."""


def stream_of(purpose: int, place: int) -> int:
    """The stream of one purpose at one place (index of the station or source in its network)."""
    return place * 16 + purpose


def mix(value: int) -> int:
    """SplitMix64's finaliser: a bijection of 64-bit integers in which every bit touches every
    other.
    """
    value = ((value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9) & MASK_64
    value = ((value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB) & MASK_64
    return value ^ (value >> 31)


def bits(seed: int, stream: int, customer: int, visit: int, draw: int = 0) -> int:
    """64 random bits for this counter."""
    value = mix((seed + GOLDEN_GAMMA) & MASK_64)
    for part in (stream, customer, visit, draw):
        value = mix((value + GOLDEN_GAMMA * (part + 1)) & MASK_64)
    return value


def uniform(seed: int, stream: int, customer: int, visit: int, draw: int = 0) -> float:
    """A number in [0, 1) with 53 random bits."""
    return (bits(seed, stream, customer, visit, draw) >> 11) * 2.0**-53


def time_from(
    distribution: Distribution, seed: int, stream: int, customer: int, visit: int
) -> float:
    """One time, in seconds, of the distribution for this counter."""
    match distribution:
        case Constant(value_s):
            return value_s
        case Exponential(mean_s):
            return -math.log1p(-uniform(seed, stream, customer, visit)) * mean_s
        case Uniform(low_s, high_s):
            return low_s + (high_s - low_s) * uniform(seed, stream, customer, visit)
        case Erlang(shape, mean_s):
            total = 0.0
            for draw in range(shape):
                total -= math.log1p(-uniform(seed, stream, customer, visit, draw))
            return total * (mean_s / shape)
        case Lognormal(mean_s, cv):
            variance = math.log1p(cv * cv)
            normal = _normal(seed, stream, customer, visit)
            return mean_s * math.exp(math.sqrt(variance) * normal - variance / 2)
        case _:
            assert_never(distribution)


def _normal(seed: int, stream: int, customer: int, visit: int) -> float:
    # Box and Muller: two uniforms, one normal; no rejection, so the count of draws is fixed.
    radius = math.sqrt(-2.0 * math.log1p(-uniform(seed, stream, customer, visit, 0)))
    return radius * math.cos(2.0 * math.pi * uniform(seed, stream, customer, visit, 1))
