"""One station over time: who comes, who waits, how many servers work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.pictures.canvas import (
    BLUE,
    CLOCK_UP_TO_H,
    GREEN,
    GREY,
    HOUR_S,
    VERMILION,
    Canvas,
    canvas,
    clock,
    plain_axes,
    time_axis,
)
from sim.places import UNLIMITED
from sim.result import Capacity, SimulationResult

COLUMNS_MAX = 240
"""More steps than that are drawn together: a picture has no more places."""
EMPTY_COLUMNS = 4
"""Shown before the first who comes."""
LATE = 0.15
"""Of a picture: where people come earlier, it begins with the model."""

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Columns:
    """A series in at most `COLUMNS_MAX` steps: hours of the day, and the value of each step.

    `servers` are those open from each of `servers_from_h` on, until the end of the last step.
    """

    hours: Floats
    arrivals_per_min: Floats
    queue: Floats
    busy: Floats
    servers_from_h: Floats
    servers: Floats
    until_h: float


def draw_morning(result: SimulationResult) -> str:
    """The first station of a result over time, as one `<svg>` element."""
    return draw_day(result, next(iter(result.series)))


def draw_day(result: SimulationResult, station: str) -> str:
    """A station of a result over time, as one `<svg>` element: arrivals, people waiting, servers in
    use and open.

    A link has no queue but the outages it stores for, and no servers to be short of.
    """
    seen = columns_of(result, station)
    with canvas(5.2, 4.9, f"{result.model}-{result.preset}-{result.seed}-{station}") as on:
        arrivals, queue, servers = on.figure.subplots(
            3, 1, sharex=True, height_ratios=[1.0, 1.5, 0.8]
        )
        on.figure.suptitle(station, fontsize=10)
        many, zh, en = _pace(float(seen.arrivals_per_min.max()))
        arrivals.step(seen.hours, seen.arrivals_per_min * many, where="post", color=BLUE, lw=1)
        arrivals.set_ylabel(on.words(f"每{zh}到达", f"arrivals/{en}"))
        queue.fill_between(seen.hours, seen.queue, step="post", color=VERMILION, alpha=0.25, lw=0)
        queue.step(seen.hours, seen.queue, where="post", color=VERMILION, lw=1.4)
        queue.set_ylabel(on.words("排队人数", "waiting"))
        _mark_the_longest(queue, seen)
        _draw_servers(on, servers, seen)
        for axes in (arrivals, queue, servers):
            plain_axes(axes)
        queue.set_ylim(top=queue.get_ylim()[1] * 1.12)
        from_h = _from_h(seen)
        if from_h > seen.hours[0]:
            servers.set_xlim(from_h, seen.until_h + (seen.until_h - from_h) / 40)
        time_axis(on, servers, from_h * HOUR_S, float(seen.hours[-1]) * HOUR_S)
        return on.svg()


def _from_h(seen: Columns) -> float:
    """Where the picture begins: a little before anybody comes, where that is late in it; a hall
    that opens at nine would else be half a picture of nothing.
    """
    something = (seen.arrivals_per_min > 0) | (seen.queue > 0) | (seen.busy > 0)
    first = int(something.argmax()) - EMPTY_COLUMNS
    return float(seen.hours[first if first > seen.hours.size * LATE else 0])


def columns_of(result: SimulationResult, station: str) -> Columns:
    """The series of a station with neighbouring steps drawn together; a queue keeps its longest,
    and servers open and close at the moments of their plan.
    """
    series = result.series[station]
    # The last step is not whole: its rates would fall for no reason.
    whole = {name: values[:-1] or values for name, values in series.items()}
    together = -(-len(whole["t_s"]) // COLUMNS_MAX)
    starts = np.arange(0, len(whole["t_s"]), together)

    def mean_of(name: str) -> Floats:
        sums = np.add.reduceat(np.array(whole[name]), starts)
        lengths = np.diff(np.append(starts, len(whole[name])))
        return np.asarray(sums / lengths)

    moments_s = np.array(whole["t_s"])[starts]
    edges_s = np.append(moments_s, series["t_s"][len(whole["t_s"]) :] or series["t_s"][-1:])
    from_s, servers = _open(result.capacity[station], edges_s)
    return Columns(
        (result.first_s_of_day + moments_s) / HOUR_S,
        mean_of("arrivals_per_min"),
        np.maximum.reduceat(np.array(whole["queue"]), starts),
        mean_of("busy"),
        (result.first_s_of_day + from_s) / HOUR_S,
        servers,
        (result.first_s_of_day + float(edges_s[-1])) / HOUR_S,
    )


def _open(capacity: Capacity, edges_s: Floats) -> tuple[Floats, Floats]:
    """The steps of a plan between the first and the last edge; of a plan with more steps than a
    picture has places for, the mean of each column.
    """
    from_s, servers = (np.array(each, dtype=np.float64) for each in zip(*capacity, strict=True))
    shown = from_s < max(float(edges_s[-1]), 1.0)
    if np.count_nonzero(shown) <= COLUMNS_MAX:
        return from_s[shown], servers[shown]
    server_s = np.append(0.0, np.cumsum(servers[:-1] * np.diff(from_s)))
    at = np.searchsorted(from_s, edges_s, side="right") - 1
    until_edge = server_s[at] + servers[at] * (edges_s - from_s[at])
    return edges_s[:-1], np.diff(until_edge) / np.diff(edges_s)


def _pace(most_per_min: float) -> tuple[float, str, str]:
    """The time in which some arrive: how many minutes it has, its name in both languages."""
    paces = ((1.0, "分钟", "min"), (60.0, "小时", "h"))
    return next((pace for pace in paces if most_per_min * pace[0] >= 1), (1440.0, "天", "day"))


def _draw_servers(on: Canvas, axes: Axes, seen: Columns) -> None:
    if seen.servers.max() < UNLIMITED:
        axes.step(
            np.append(seen.servers_from_h, seen.until_h), np.append(seen.servers, seen.servers[-1]),
            where="post", color=GREY, ls="--", lw=1.2, label=on.line("开放", "open"),
        )  # fmt: skip
        axes.set_ylabel(on.words("窗口", "servers"))
    else:
        axes.set_ylabel(on.words("途中", "under way"))
    axes.step(
        seen.hours, seen.busy, where="post", color=GREEN, lw=1.0, label=on.line("使用中", "in use")
    )
    axes.legend(
        loc="lower right", bbox_to_anchor=(1, 0.94), ncols=2, fontsize=8, frameon=False,
        borderaxespad=0,
    )  # fmt: skip


def _mark_the_longest(axes: Axes, seen: Columns) -> None:
    if not seen.queue.size or seen.queue.max() <= 0:
        return
    at = int(seen.queue.argmax())
    on_the_right = at > seen.hours.size * 0.8
    moment = clock(seen.hours[at])
    if seen.hours[-1] - seen.hours[0] > CLOCK_UP_TO_H:
        moment = f"{seen.hours[at] / 24:.1f} d"
    axes.annotate(
        f"{seen.queue[at]:,.0f}  ({moment})",
        (seen.hours[at], seen.queue[at]),
        xytext=(-3 if on_the_right else 3, 3),
        ha="right" if on_the_right else "left",
        textcoords="offset points",
        fontsize=9,
        color=VERMILION,
    )
