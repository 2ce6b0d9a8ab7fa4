"""Open networks of exponential stations: each is M/M/c by itself, with the rate that reaches it.

Source: J. R. Jackson, "Networks of waiting lines" (1957); also for stations in a row (Burke 1956).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


def rates_per_s(
    comes_per_s: Mapping[str, float], routes: Mapping[str, Mapping[str, float]]
) -> dict[str, float]:
    """How many customers a second reach each station, from outside and from other stations."""
    names = sorted({*comes_per_s, *routes, *(goal for to in routes.values() for goal in to)})
    share = np.zeros((len(names), len(names)))
    for origin, to in routes.items():
        for goal, part in to.items():
            share[names.index(origin), names.index(goal)] = part
    outside = np.array([comes_per_s.get(name, 0.0) for name in names])
    found = np.linalg.solve(np.eye(len(names)) - share.T, outside)
    return dict(zip(names, found.tolist(), strict=True))
