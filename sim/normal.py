"""Normal numbers by inversion, in plain arithmetic: one draw each, the same bits on any machine.

Half of all numbers are below 0, the other half are their mirror. The probability of the half that
is further out is a float: each octave of it has 16 pieces, and in each piece a polynomial of degree
5 goes through the quantile at six places. There the quantile is Wichura's (1988, "Algorithm AS 241:
The percentage points of the normal distribution", PPND16). A number is at most 1e-11 away from the
quantile (measured by its test), where a sample shows no such difference.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from sim.compilation import compiled
from sim.logarithm import log

Floats = np.ndarray[Any, np.dtype[np.float64]]

BITS = 53
"""A number is drawn from so many random bits."""
_HALF = (1 << (BITS - 1)) - 1
_PARTS_BITS = 4
_PARTS = 1 << _PARTS_BITS
_ROW_SHIFT = 52 - _PARTS_BITS
_FIRST_ROW = 1023 << _PARTS_BITS
_WITHIN = (1 << _ROW_SHIFT) - 1
_ONE = 1023 << 52

_PLACES = tuple(Fraction(each, 1000) for each in (-966, -707, -259, 259, 707, 966))
"""Where in a piece, from -1 to 1, the polynomial meets the quantile: nearly Chebyshev's places."""

_NEAR_FROM, _FAR_FROM = 0.425, 5.0
# Coefficients of AS 241, from the highest power down: numerators and denominators.
_CENTRE = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
     13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
    (5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
     5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0),
)  # fmt: skip
_NEAR = (
    (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177,
     1.27045825245236838258, 3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959,
     1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966,
     0.14810397642748007459, 0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187,
     1.0),
)  # fmt: skip
_FAR = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386,
     0.026532189526576123093, 0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699,
     6.6579046435011037772),
    (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5,
     7.868691311456132591e-4, 0.0148753612908506148525, 0.13692988092273580531,
     0.59983220655588793769, 1.0),
)  # fmt: skip


def _polynomial(coefficients: tuple[float, ...], at: Floats) -> Floats:
    value = np.full_like(at, coefficients[0])
    for each in coefficients[1:]:
        value = value * at + each
    return value


def _above(probability: Floats) -> Floats:
    """What a standard normal number is above with this probability, below one half."""
    inward = 0.5 - probability
    depth = 0.180625 - inward * inward
    centre = inward * _polynomial(_CENTRE[0], depth) / _polynomial(_CENTRE[1], depth)
    root = np.sqrt(-log.py_func(probability))
    near = _polynomial(_NEAR[0], root - 1.6) / _polynomial(_NEAR[1], root - 1.6)
    out = root - _FAR_FROM
    far = _polynomial(_FAR[0], out) / _polynomial(_FAR[1], out)
    tail: Floats = np.where(root <= _FAR_FROM, near, far)
    return np.where(inward <= _NEAR_FROM, centre, tail)


def _coefficients() -> Floats:
    """Of the polynomial of each piece, a row each, from the lowest power up; two are not used, so
    that a row is one line of a processor's cache.
    """
    pieces = np.arange(BITS * _PARTS)
    begin = np.ldexp(1.0 + (pieces % _PARTS) / _PARTS, pieces // _PARTS - BITS - 1)
    width = np.ldexp(1.0 / _PARTS, pieces // _PARTS - BITS - 1)
    rows = np.zeros((BITS * _PARTS, 8))
    for at, powers in zip(_PLACES, _lagrange(), strict=True):
        quantile = _above(begin + width * float((at + 1) / 2))
        for power, factor in enumerate(powers):
            rows[:, power] += quantile * float(factor)
    return rows


def _lagrange() -> list[list[Fraction]]:
    """For each place the polynomial that is 1 there and 0 at the others, the lowest power first."""
    found = []
    for at in _PLACES:
        powers = [Fraction(1)]
        for other in _PLACES:
            if other != at:
                longer = [Fraction(0), *powers]
                for power, factor in enumerate(powers):
                    longer[power] -= other * factor
                powers = [each / (at - other) for each in longer]
        found.append(powers)
    return found


_ROWS = _coefficients()


@compiled
def normal(word):  # type: ignore[no-untyped-def]
    """The standard normal number of 53 random bits; all bits turned round give its negative."""
    is_above = -(np.int64(word) >> (BITS - 1))
    outward = (np.int64(word) ^ is_above) & _HALF
    bits = np.float64(2 * outward + 1).view(np.int64)
    row = _ROWS[np.uint64((bits >> _ROW_SHIFT) - _FIRST_ROW)]
    within = np.int64(((bits & _WITHIN) << _PARTS_BITS) | _ONE).view(np.float64)
    at = 2.0 * within - 3.0
    square = at * at
    low = (row[0] + row[1] * at) + (row[2] + row[3] * at) * square
    value = low + (row[4] + row[5] * at) * (square * square)
    return value if is_above else -value
