"""The exponential function in plain arithmetic: the same bits on any machine, and quick.

As `logarithm`: a library's last bit may be another elsewhere. A number is so many 256ths of the
logarithm of 2 and a rest; a table has the powers of two, and a polynomial does the rest. The error
is at most 4e-16 of the result (measured by its test).
"""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np

from sim.compilation import compiled

PARTS = 256
FURTHEST = 700.0
"""Numbers further from 0 are taken for this one: what a float holds ends soon after."""
_PARTS_OF_LN_2 = PARTS / 0.6931471805599453
# A part of the logarithm of 2 in two numbers: the first has so few bits that whole multiples of it
# are exact.
_PART_MOST = float.fromhex("0x1.62e42fee00000p-1") / PARTS
_PART_REST = float(Decimal(2).ln() / PARTS - Decimal(_PART_MOST))
_POWERS = np.array([float(Decimal(2) ** (Decimal(each) / PARTS)) for each in range(PARTS)])


@compiled
def exp(number):  # type: ignore[no-untyped-def]
    """The exponential function; beyond `FURTHEST` either way it grows and falls no more."""
    near = min(max(number, -FURTHEST), FURTHEST)
    parts = math.floor(near * _PARTS_OF_LN_2 + 0.5)
    rest = (near - parts * _PART_MOST) - parts * _PART_REST
    square = rest * rest
    tail = 0.5 + rest * (1.0 / 6.0) + square * (1.0 / 24.0)
    power = np.int64(((parts >> 8) + 1023) << 52).view(np.float64)
    of_two = _POWERS[parts & (PARTS - 1)] * power
    return of_two + of_two * (rest + square * tail)
