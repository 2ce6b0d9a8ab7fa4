"""Random numbers of made-up life: whole numbers only, the same on every machine and every day.

A stream belongs to a subject: (seed, stream, subject) is the key of a Philox generator, and only
its raw 64-bit words are used. NumPy promises those for ever; it does not promise what its
distributions make of them. A word becomes a number by multiplication and shift: no float, no
library of the machine.

Source: Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3".
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Final, TypeVar

import numpy as np

WORDS_AT_ONCE: Final = 64
MASK_64: Final = 0xFFFF_FFFF_FFFF_FFFF
GOLDEN_GAMMA: Final = 0x9E37_79B9_7F4A_7C15
PER_10_000: Final = 10_000

Thing = TypeVar("Thing")


class Stream(IntEnum):
    """What numbers are drawn for."""

    AREA = 1
    PEOPLE = 2
    LIFE = 3
    CASE = 4
    CASTING = 5


class Dice:
    """One subject's stream."""

    __slots__ = ("_at", "_philox", "_words")

    def __init__(self, seed: int, stream: Stream, subject: int) -> None:
        key = np.array([seed, (stream << 48) | subject], dtype=np.uint64)
        self._philox = np.random.Philox(key=key)
        self._words: list[int] = []
        self._at = WORDS_AT_ONCE

    def below(self, bound: int) -> int:
        """A number from 0 to bound - 1; `bound` at most 2**32."""
        at = self._at
        if at == WORDS_AT_ONCE:
            self._words = self._philox.random_raw(WORDS_AT_ONCE).tolist()
            at = 0
        self._at = at + 1
        return ((self._words[at] >> 32) * bound) >> 32

    def between(self, low: int, high: int) -> int:
        """A number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def within(self, low: int, high: int, unit_s: int) -> int:
        """Seconds from `low` to `high` units, to the second."""
        return self.between(low * unit_s, high * unit_s)

    def around(self, middle: int, spread: int) -> int:
        """A number within `spread` of `middle`, the nearer the likelier (a sum of three)."""
        third = spread // 3 + 1
        return middle + self.below(third) + self.below(third) + self.below(third) - spread // 2

    def chance(self, of_10_000: int) -> bool:
        """Whether something of that many in ten thousand happens."""
        return self.below(PER_10_000) < of_10_000

    def count(self, mean_per_10_000: int) -> int:
        """How often something of that mean happens: spread evenly from none to twice the mean."""
        wide = self.below(2 * mean_per_10_000 + 1)
        return wide // PER_10_000 + (1 if self.chance(wide % PER_10_000) else 0)

    def pick(self, things: Sequence[Thing]) -> Thing:
        """One of them."""
        return things[self.below(len(things))]

    def shuffled(self, things: Sequence[Thing]) -> list[Thing]:
        """All of them in another order."""
        row = list(things)
        for at in range(len(row) - 1, 0, -1):
            other = self.below(at + 1)
            row[at], row[other] = row[other], row[at]
        return row

    def code(self, bytes_: int) -> str:
        """So many bytes, at most four, in hexadecimal."""
        return f"{self.below(1 << (8 * bytes_)):0{2 * bytes_}X}"


def mix(*parts: int) -> int:
    """A number below 2**64 of several: what all share without asking (is this bus offline today?).

    SplitMix64's finaliser (Steele, Lea, Flood 2014) as a chain.
    """
    value = 0
    for part in parts:
        value = (value + part * GOLDEN_GAMMA + GOLDEN_GAMMA) & MASK_64
        value = ((value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9) & MASK_64
        value = ((value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB) & MASK_64
        value ^= value >> 31
    return value
