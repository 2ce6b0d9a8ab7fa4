"""A rate and a number of servers that follow the day: Kolmogorov's equations in small steps.

The chance of each number inside, minute by minute; a fourth-order Runge-Kutta method with steps
short beside the quickest change. Source: as in W. Whitt, "Time-varying queues" (2018), section 2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Chances = np.ndarray[Any, np.dtype[np.float64]]

STEPS_PER_CHANGE = 2.0
"""Steps in the time in which, on average, one of all possible changes happens."""


def mean_inside(
    rate_per_s: Callable[[float], float],
    servers_at: Callable[[float], int],
    mean_service_s: float,
    moments_s: list[float],
    *,
    inside_max: int,
) -> list[float]:
    """Customers inside M(t)/M/c(t) at these ascending moments, on average, begun empty.

    Rate and servers must be constant between whole seconds; `inside_max` bounds the states, and
    whoever comes at that number is turned away: choose it so that this is rare.
    """
    numbers = np.arange(inside_max + 1)
    chances = np.zeros(inside_max + 1)
    chances[0] = 1.0
    means, second = [], 0
    for moment_s in moments_s:
        while second < moment_s:
            up_per_s = rate_per_s(second)
            down_per_s = np.minimum(numbers, servers_at(second)) / mean_service_s
            steps = max(1, int(np.ceil(STEPS_PER_CHANGE * (up_per_s + down_per_s[-1]))))
            for _ in range(steps):
                chances = _step(chances, up_per_s, down_per_s, 1 / steps)
            second += 1
        means.append(float(chances @ numbers))
    return means


def _step(chances: Chances, up_per_s: float, down_per_s: Chances, length_s: float) -> Chances:
    def change(now: Chances) -> Chances:
        ups, downs = up_per_s * now[:-1], down_per_s[1:] * now[1:]
        flow = np.zeros_like(now)
        flow[1:] += ups - downs
        flow[:-1] += downs - ups
        return flow

    first = change(chances)
    second = change(chances + length_s / 2 * first)
    third = change(chances + length_s / 2 * second)
    last = change(chances + length_s * third)
    return chances + length_s / 6 * (first + 2 * second + 2 * third + last)
