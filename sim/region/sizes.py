"""How a region divides: sites of unequal size, servers enough for a load, and scale."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.parameters import ASSUMPTION, Fault, FaultyParameters, Parameter

SITES_MAX = 2048
"""Most places of a kind."""

UNEVENNESS = Parameter(
    "unevenness", 0.6, "exponent", ASSUMPTION,
    "各组大小的不均匀程度（0 为相同）", "how unequal the groups are (0: alike)", 0, 2,
)  # fmt: skip
"""How the sizes of groups differ, as `shares_of` takes it."""


def scaled(count: float, scale: float) -> int:
    """So many at this scale: rounded, at least one; none where there were none."""
    return max(1, round(count * scale)) if count else 0


def shares_of(count: int, unevenness: float) -> tuple[float, ...]:
    """The shares of `count` sites, largest first, with sum 1.

    The share falls with the rank to the power of `unevenness`; the first tenth are alike, since no
    site takes a city. 0 makes all equal.
    """
    offset = max(1.0, count / 10)
    weights = [(rank + offset) ** -unevenness for rank in range(count)]
    total = sum(weights)
    return tuple(weight / total for weight in weights)


def portions(total: int, shares: Sequence[float]) -> tuple[int, ...]:
    """A whole number of servers for each share, at least one each; the sum is `total` or more."""
    wanted = [total * share for share in shares]
    given = [max(1, math.floor(part)) for part in wanted]
    by_rest = sorted(range(len(shares)), key=lambda i: given[i] - wanted[i])
    for i in by_rest[: max(0, total - sum(given))]:
        given[i] += 1
    return tuple(given)


def servers_for(busy: float, load: float) -> int:
    """Servers of which the share `load` is in use when `busy` are, at least one."""
    return max(1, math.ceil(busy / load - 1e-9))


def named(kind: str, count: int) -> tuple[str, ...]:
    """Names of `count` places of a kind: `entry_001`.

    Raises `FaultyParameters` where there are more than `SITES_MAX`: before a network is made of
    them, which would take all memory to be told too large.
    """
    if count > SITES_MAX:
        found, most = f"{count} stations, by the scale and the settings", f"at most {SITES_MAX}"
        raise FaultyParameters((Fault(kind, found, most),))
    width = len(str(count))
    return tuple(f"{kind}_{place:0{width}d}" for place in range(1, count + 1))
