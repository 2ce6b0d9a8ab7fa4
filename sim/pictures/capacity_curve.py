"""What one more server brings: a figure over a capacity, with its interval and the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.ticker import FuncFormatter

from sim.pictures.canvas import BLUE, GREEN, GREY, ORANGE, VERMILION, canvas, plain_axes

LOG_FROM = 30
"""Figures that differ so many times stand on a logarithmic axis."""

Shown = Literal["holds", "fails", "undecided", ""]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A capacity, the estimate of the figure there, its interval (low, high), and what that says of
    the target; nothing where none was asked for.
    """

    value: float
    estimate: float
    interval: tuple[float, float]
    verdict: Shown = ""


def draw_capacity_curve(
    points: Sequence[CurvePoint],
    *,
    varied: str,
    figure: str,
    target: float | None = None,
    answer: float | None = None,
) -> str:
    """The curve as one `<svg>` element; a filled point is shown to meet the target, an open one is
    not.

    `varied` and `figure` are the names at the axes; `answer` is the capacity that is enough.
    """
    told = sorted(points, key=lambda point: point.value)
    with canvas(5.2, 3.4, f"capacity-{varied}-{figure}") as on:
        axes = on.figure.subplots()
        values = [point.value for point in told]
        axes.plot(values, [point.estimate for point in told], color=GREY, lw=0.8, zorder=1)
        for verdict, colour, zh, en in (
            ("holds", GREEN, "达到", "meets the target"),
            ("undecided", ORANGE, "未定", "undecided"),
            ("fails", VERMILION, "未达到", "falls short"),
            ("", BLUE, "均值与 95% 区间", "mean, 95 % interval"),
        ):
            some = [point for point in told if point.verdict == verdict]
            if not some:
                continue
            below = [max(0.0, point.estimate - point.interval[0]) for point in some]
            above = [max(0.0, point.interval[1] - point.estimate) for point in some]
            axes.errorbar(
                [point.value for point in some], [point.estimate for point in some],
                yerr=[below, above], fmt="o", ms=5, capsize=4, lw=1.2, color=colour,
                mfc=colour if verdict in {"holds", ""} else "white", label=on.line(zh, en),
                zorder=2,
            )  # fmt: skip
        if target is not None:
            axes.axhline(
                target, color=BLUE, lw=1, ls="--", label=f"{on.line('目标', 'target')} {target:g}"
            )
        if answer is not None:
            axes.axvline(answer, color=GREEN, lw=6, alpha=0.15, zorder=0)
        plain_axes(axes)
        estimates = [point.estimate for point in told if point.estimate > 0]
        if len(estimates) == len(told) and max(estimates) > LOG_FROM * min(estimates):
            axes.set_yscale("log")
            lows = [(point.interval[0], point.estimate) for point in told]
            least = min(low if low > 0 else estimate for low, estimate in lows)
            axes.set_ylim(min(least, target or least) / 2, max(estimates) * 2)
            axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.set_xlabel(varied)
        axes.set_ylabel(figure)
        if all(value == int(value) for value in values) and len(values) <= 20:  # noqa: PLR2004
            axes.set_xticks(values)
        axes.legend(fontsize=8, frameon=False)
        return on.svg()
