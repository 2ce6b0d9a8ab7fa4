"""The natural logarithm in plain arithmetic: the same bits on any machine, and quick.

A library's logarithm may round the last bit differently on another machine, and a sample path with
it. Here a number is a power of two times 1 to 2; a table of `PARTS` reciprocals brings the latter
within 1/256 of 1, and a polynomial does the rest. Only additions and multiplications, which IEEE
754 defines to the last bit. The error is at most 5e-16, absolute for results below 1, else relative
(measured by its test).
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from sim.compilation import compiled

PARTS = 256
LN_2 = 0.6931471805599453
_MANTISSA = (1 << 52) - 1
_ONE = 1023 << 52
_INDEX_SHIFT = 44

# The middle of each part is what it is brought to 1 from.
_RECIPROCALS = 1.0 / (1.0 + (np.arange(PARTS) + 0.5) / PARTS)
_LOGARITHMS = np.array([-float(Decimal(float(each)).ln()) for each in _RECIPROCALS])


@compiled
def log(number):  # type: ignore[no-untyped-def]
    """The natural logarithm of a normal float above 0."""
    bits = np.float64(number).view(np.int64)
    part = (bits & _MANTISSA) >> _INDEX_SHIFT
    near_one = np.int64((bits & _MANTISSA) | _ONE).view(np.float64)
    rest = near_one * _RECIPROCALS[part] - 1.0
    square = rest * rest
    tail = rest * (1.0 / 3.0 - rest * 0.25) + square * rest * (0.2 - rest * (1.0 / 6.0))
    series = rest + square * (tail - 0.5)
    return ((bits >> 52) - 1023) * LN_2 + (_LOGARITHMS[part] + series)
