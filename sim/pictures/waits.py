"""How long people wait: the share that waited longer than a time, for one station or several.

Read it so: go right to the wait, up to the line, left to the share of people who waited longer.
"""

from __future__ import annotations

from itertools import cycle

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import (
    FixedLocator,
    FuncFormatter,
    MultipleLocator,
    NullLocator,
    PercentFormatter,
)

from sim.histogram import BUCKETS, Times, middle_of
from sim.observation import Observation
from sim.pictures.canvas import COLOURS, GRID, canvas, step_of, told, unit_of

STATIONS_SHOWN_MAX = 6
LOG_FROM = 40.0
"""Waits that differ so many times stand on a logarithmic axis."""
SHORTEST_DRAWN_S = 0.1
ROUND_TIMES_S = (0.1, 1.0, 10.0, 60.0, 600.0, 3600.0, 6 * 3600.0, 86400.0, 10 * 86400.0)
FINE_BELOW = 0.1
"""Shares below this need a decimal place."""
QUANTILES = (0.5, 0.95, 0.99)
_MIDDLES = np.array([middle_of(bucket) for bucket in range(BUCKETS)])
_LINES = ("-", "--", "-.")


def draw_waits(observation: Observation, station: str = "") -> str:
    """Waiting times as one `<svg>` element: of one station, each class by itself; without a name,
    of the stations with the longest waits; links, at which nobody waits for a server, last.
    """
    network = observation.network
    shown: list[tuple[str, Times]] = []
    if station:
        place = [each.name for each in network.stations].index(station)
        seen = observation.stations[place]
        names = network.classes()
        shown = [
            (name, each.waits)
            for name, each in zip(names, seen.by_class, strict=True)
            if each.waits.count
        ]
        if len(shown) != 1:
            shown = [("全部 all", seen.waits), *shown]
    else:
        named = zip(network.stations, observation.stations, strict=True)
        waiting = [(where, seen.waits) for where, seen in named if seen.waits.count]
        waiting.sort(key=lambda each: (each[0].is_link, -each[1].quantile_s(0.95), each[0].name))
        shown = [(where.name, waits) for where, waits in waiting[:STATIONS_SHOWN_MAX]]
    with canvas(
        5.2, 3.4 + 0.1 * len(shown), f"waits-{network.name}-{observation.seed}-{station}"
    ) as on:
        axes = on.figure.subplots()
        axes.set_title(station or on.line("等候最久的站点", "the longest waits"), fontsize=10)
        looks = zip(cycle(COLOURS), [line for line in _LINES for _ in COLOURS], strict=False)
        for (name, times), (colour, line) in zip(shown, looks, strict=False):
            label = name if on.font else name.removeprefix("全部 ")
            figures = ", ".join(f"{told(times.quantile_s(share))}" for share in QUANTILES)
            _draw(axes, times, f"{label}: {figures}", colour, line)
        axes.set_xlabel(on.line("等候（下列 50%、95%、99%）", "wait (below: p50, p95, p99)"))
        axes.set_ylabel(on.words("等候更久的比例", "share that waited longer"))
        _scale(axes, shown)
        on.figure.legend(fontsize=8, frameon=False, loc="outside lower center", ncols=2)
        return on.svg()


def _draw(axes: Axes, times: Times, label: str, colour: str, line: str) -> None:
    used = np.flatnonzero(times.buckets)
    if not used.size:
        axes.plot([], [], color=colour, ls=line, label=label)
        return
    longer = 1 - np.cumsum(times.buckets[used], dtype=np.int64) / times.count
    moments = np.minimum(_MIDDLES[used], times.longest_s)
    axes.step(
        np.append(0.0, moments), np.append(_share_waiting(times), longer), where="post",
        color=colour, ls=line, lw=1.4, label=label,
    )  # fmt: skip


def _share_waiting(times: Times) -> float:
    """The share that waits at all."""
    return float(1 - times.buckets[0] / times.count) if times.count else 0.0


def _scale(axes: Axes, shown: list[tuple[str, Times]]) -> None:
    longest_s = max((times.longest_s for _, times in shown), default=0.0)
    tails_s = [times.quantile_s(0.99) for _, times in shown]
    small_s = min((tail_s for tail_s in tails_s if tail_s > 0), default=longest_s)
    if longest_s > LOG_FROM * small_s:  # else the short waits would lie on the axis
        axes.set_xscale("log")
        axes.set_xlim(max(small_s / 10, SHORTEST_DRAWN_S), longest_s * 1.1)
        axes.xaxis.set_major_locator(FixedLocator(ROUND_TIMES_S))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda time_s, _: told(time_s, 1)))
    else:
        size, unit = unit_of(longest_s)
        axes.set_xlim(0, max(longest_s, 1.0) * 1.02)
        axes.xaxis.set_major_locator(MultipleLocator(size * step_of(longest_s / size)))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda time_s, _: f"{time_s / size:g} {unit}"))
    most = max((_share_waiting(times) for _, times in shown), default=0.0)
    axes.set_ylim(0, min(1.0, max(most * 1.15, 0.01)))
    decimals = 0 if axes.get_ylim()[1] >= FINE_BELOW else 1
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=decimals))
    axes.grid(color=GRID, lw=0.6)
    axes.set_axisbelow(True)
