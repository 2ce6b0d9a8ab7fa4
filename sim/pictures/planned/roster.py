"""Servers by the hour, with the load they carry and the target that each hour is to hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.pictures.canvas import (
    BLUE,
    GREEN,
    GREY,
    HOUR_S,
    ORANGE,
    VERMILION,
    Canvas,
    canvas,
    plain_axes,
    time_axis,
)

_TOP_IN, _PANEL_IN = 2.0, 1.7
_COLOURS = {"holds": GREEN, "undecided": ORANGE, "fails": VERMILION}
_WORDS = {
    "holds": ("达到", "meets the target"),
    "undecided": ("未定", "undecided"),
    "fails": ("未达到", "falls short"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """A condition in one period: the estimate, its interval (low, high), and what that says."""

    estimate: float
    interval: tuple[float, float]
    verdict: Literal["holds", "fails", "undecided"]


@dataclass(frozen=True, slots=True)
class Period:
    """One period: when it begins (model seconds), its offered load, servers, and its conditions in
    the order of the target; none where its runs were broken off.
    """

    from_s: float
    load: float
    servers: int
    held: tuple[Held, ...]


def draw_roster(
    periods: Sequence[Period],
    conditions: Sequence[tuple[str, float]],
    *,
    station: str,
    period_s: float,
    first_s_of_day: float,
) -> str:
    """The roster as one `<svg>` element: servers and load above, each condition below with its
    limit as a dashed line. `conditions` are the figures and limits of the target.
    """
    panels = len(conditions) if any(period.held for period in periods) else 0
    with canvas(7.4, _TOP_IN + _PANEL_IN * panels, f"roster-{station}") as on:
        drawn = on.figure.subplots(
            1 + panels, 1, sharex=True, squeeze=False, height_ratios=[1.3, *[1.0] * panels]
        )[:, 0]
        from_h = [(first_s_of_day + period.from_s) / HOUR_S for period in periods]
        wide_h = period_s / HOUR_S
        _draw_servers(on, drawn[0], periods, from_h, wide_h)
        drawn[0].set_title(station, fontsize=10)
        middles_h = [hour + wide_h / 2 for hour in from_h]
        for at, (figure, limit) in enumerate(conditions[:panels]):
            _draw_condition(on, drawn[1 + at], [each.held[at : at + 1] for each in periods],
                            middles_h, limit)  # fmt: skip
            drawn[1 + at].set_ylabel(figure, fontsize=8)
        until_h = from_h[-1] + wide_h
        time_axis(on, drawn[-1], from_h[0] * HOUR_S, until_h * HOUR_S)
        drawn[-1].set_xlim(from_h[0], until_h)
        return on.svg()


def _draw_servers(
    on: Canvas, axes: Axes, periods: Sequence[Period], from_h: list[float], wide_h: float
) -> None:
    axes.bar(
        from_h, [period.servers for period in periods], width=wide_h, align="edge", color=BLUE,
        alpha=0.3, edgecolor=BLUE, lw=0.8, label=on.line("服务台", "servers"),
    )  # fmt: skip
    loads = [period.load for period in periods]
    axes.stairs(
        loads, [*from_h, from_h[-1] + wide_h], baseline=None, color=GREY, lw=1.6,
        label=on.line("负荷（永远有空时忙碌的台数）", "offered load, in servers"),
    )  # fmt: skip
    for hour, period in zip(from_h, periods, strict=True):
        axes.annotate(
            f"{period.servers}", (hour + wide_h / 2, period.servers), ha="center", va="bottom",
            fontsize=7.5,
        )  # fmt: skip
    plain_axes(axes)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylim(top=max(period.servers for period in periods) * 1.3)
    axes.set_ylabel(on.words("服务台", "servers"))
    axes.legend(loc="upper left", ncols=2, frameon=False, fontsize=8)


def _draw_condition(
    on: Canvas,
    axes: Axes,
    held: Sequence[tuple[Held, ...]],
    middles_h: list[float],
    limit: float,
) -> None:
    told = [(hour, each[0]) for hour, each in zip(middles_h, held, strict=True) if each]
    for verdict, colour in _COLOURS.items():
        some = [(hour, each) for hour, each in told if each.verdict == verdict]
        if not some:
            continue
        axes.errorbar(
            [hour for hour, _ in some], [each.estimate for _, each in some],
            yerr=[
                [each.estimate - each.interval[0] for _, each in some],
                [each.interval[1] - each.estimate for _, each in some],
            ],
            fmt="o", ms=4, capsize=3, lw=1.1, color=colour,
            mfc=colour if verdict == "holds" else "white", label=on.line(*_WORDS[verdict]),
        )  # fmt: skip
    axes.axhline(limit, color=BLUE, lw=1, ls="--", label=f"{on.line('目标', 'target')} {limit:g}")
    plain_axes(axes)
    ends = [end for _, each in told for end in each.interval]
    if limit <= 1 and min(ends) > 0.5:  # noqa: PLR2004 - shares near one: the rest would be empty
        axes.set_ylim(min(limit, *ends) - 0.05, 1.02)
    axes.legend(
        loc="lower right", bbox_to_anchor=(1, 0.97), ncols=4, frameon=False, fontsize=7.5,
        borderaxespad=0,
    )  # fmt: skip
