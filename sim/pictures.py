"""The picture of a simulation: arrivals, queue and servers over the morning, as SVG to stand within
a page.

Rules: text is drawn as paths, so that Chinese shows on a machine without Chinese fonts; without one
here, the labels are English alone; colours of Okabe and Ito (2008), which colour-blind people tell
apart; no outside reference.
"""

from __future__ import annotations

from io import StringIO
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.result import SimulationResult

CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Noto Serif CJK SC",
    "PingFang SC",
    "Microsoft YaHei",
    "SimHei",
)
BLUE, VERMILION, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#555555"


def chinese_font() -> str | None:
    """A font on this machine that has Chinese glyphs, or None."""
    here = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in CHINESE_FONTS if name in here), None)


def draw_morning(result: SimulationResult) -> str:
    """The first station of a result over time, as one `<svg>` element: arrivals, people waiting,
    servers in use.
    """
    font = chinese_font()
    settings: dict[Any, Any] = {
        "font.family": [font, "DejaVu Sans"] if font else ["DejaVu Sans"],
        "font.size": 8.5,
        "svg.fonttype": "path",
        "svg.hashsalt": f"{result.model}-{result.preset}-{result.seed}",
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    # The last minute is not whole: its rates would fall for no reason.
    first = next(iter(result.series.values()))
    series = {name: values[:-1] or values for name, values in first.items()}
    hours = [(result.first_s_of_day + moment) / 3600 for moment in series["t_s"]]

    def label(zh: str, en: str) -> str:
        return f"{zh}\n{en}" if font else en

    with mpl.rc_context(settings):
        figure = Figure(figsize=(5.2, 4.9), layout="constrained")
        arrivals, queue, servers = figure.subplots(3, 1, sharex=True, height_ratios=[1.0, 1.5, 0.8])
        arrivals.step(hours, series["arrivals_per_min"], where="post", color=BLUE, lw=1)
        arrivals.set_ylabel(label("每分钟到达", "arrivals/min"))
        queue.fill_between(hours, series["queue"], color=VERMILION, alpha=0.25, lw=0)
        queue.plot(hours, series["queue"], color=VERMILION, lw=1.6)
        queue.set_ylabel(label("排队人数", "waiting"))
        _mark_the_longest(queue, hours, series["queue"])
        servers.step(
            hours, series["servers"], where="post", color=GREY, ls="--", lw=1.2,
            label=label("开放", "open").replace("\n", " "),
        )  # fmt: skip
        servers.plot(
            hours, series["busy"], color=GREEN, lw=0.9,
            label=label("使用中", "in use").replace("\n", " "),
        )  # fmt: skip
        servers.set_ylabel(label("闸机", "gates"))
        servers.legend(loc="lower center", ncols=2, frameon=False, fontsize=8)
        servers.set_xlabel(label("时刻", "time of day").replace("\n", " "))
        servers.xaxis.set_major_locator(mpl.ticker.MultipleLocator(0.5))
        servers.xaxis.set_major_formatter(lambda hour, _: clock(hour))
        for axes in (arrivals, queue, servers):
            axes.set_ylim(bottom=0)
            axes.grid(axis="y", color="#dddddd", lw=0.6)
            axes.set_axisbelow(True)
        buffer = StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return svg_element(buffer.getvalue())


def clock(hour: float) -> str:
    """Hours of the day as HH:MM."""
    minutes = round(hour * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def svg_element(document: str) -> str:
    """The `<svg>` element alone: the prologue of a document has no place inside a page."""
    return document[document.index("<svg") :].strip()


def _mark_the_longest(axes: Axes, hours: list[float], queue: list[float]) -> None:
    if not queue or max(queue) <= 0:
        return
    at = queue.index(max(queue))
    axes.annotate(
        f"{max(queue):.0f}  ({clock(hours[at])})",
        (hours[at], queue[at]),
        xytext=(8, -4),
        textcoords="offset points",
        fontsize=9,
        color=VERMILION,
    )
