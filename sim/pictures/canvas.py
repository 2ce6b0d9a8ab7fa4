"""What every picture shares: fonts, colours, labels in both languages, axes of time, the SVG."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MultipleLocator

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
ORANGE, SKY, PURPLE, YELLOW = "#E69F00", "#56B4E9", "#CC79A7", "#F0E442"
COLOURS = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY)
GRID = "#dddddd"

HOUR_S, DAY_S = 3600.0, 86400.0
CLOCK_UP_TO_H = 48.0
"""Longer times are told in days."""
_CLIP = re.compile(r'<clipPath id="(p[0-9a-f]{10})"')
TICKS_MAX = 9
TICKS_H = (0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 12.0, 24.0)
_DAYS = (1, 2, 5, 7, 14, 30, 60, 90, 180, 365)


@dataclass(frozen=True, slots=True)
class Canvas:
    """A figure being drawn; `font` is None where there is no Chinese one."""

    figure: Figure
    font: str | None

    def words(self, zh: str, en: str) -> str:
        """A label in both languages, one above the other."""
        return f"{zh}\n{en}" if self.font else en

    def line(self, zh: str, en: str) -> str:
        """A label in both languages, in one line."""
        return f"{zh} {en}" if self.font else en

    def svg(self) -> str:
        """The picture as one `<svg>` element."""
        buffer = StringIO()
        self.figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        return svg_element(_numbered(buffer.getvalue()))


@contextmanager
def canvas(width_in: float, height_in: float, salt: str) -> Iterator[Canvas]:
    """A figure of this size, in inches; `salt` keeps the ids of its parts the same in each run."""
    font = chinese_font()
    settings: dict[Any, Any] = {
        "font.family": [font, "DejaVu Sans"] if font else ["DejaVu Sans"],
        "font.size": 8.5,
        "svg.fonttype": "path",
        "svg.hashsalt": salt,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.unicode_minus": False,
    }
    with mpl.rc_context(settings):
        yield Canvas(Figure(figsize=(width_in, height_in), layout="constrained"), font)


def chinese_font() -> str | None:
    """A font on this machine that has Chinese glyphs, or None."""
    here = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in CHINESE_FONTS if name in here), None)


def svg_element(document: str) -> str:
    """The `<svg>` element alone: the prologue of a document has no place inside a page."""
    return document[document.index("<svg") :].strip()


def _numbered(document: str) -> str:
    """Clips by number: matplotlib names them after where they lay in memory."""
    for number, name in enumerate(dict.fromkeys(_CLIP.findall(document))):
        document = document.replace(name, f"clip{number}")
    return document


def plain_axes(axes: Axes) -> None:
    """Values from zero on, with quiet lines behind."""
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", color=GRID, lw=0.6)
    axes.set_axisbelow(True)


def clock(hour: float) -> str:
    """Hours of the day as HH:MM; the second day begins at 00:00 again."""
    minutes = round(hour * 60)
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def time_axis(on: Canvas, axes: Axes, first_s: float, last_s: float) -> None:
    """An axis whose numbers are hours: clock times within two days, days beyond."""
    hours = max((last_s - first_s) / HOUR_S, 1e-6)
    if hours <= CLOCK_UP_TO_H:
        step = next((step for step in TICKS_H if hours / step <= TICKS_MAX), TICKS_H[-1])
        axes.xaxis.set_major_locator(MultipleLocator(step))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda hour, _: clock(hour)))
        axes.set_xlabel(on.line("时刻", "time of day"))
        return
    days = next((step for step in _DAYS if hours / 24 / step <= TICKS_MAX), _DAYS[-1])
    axes.xaxis.set_major_locator(MultipleLocator(24 * days))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda hour, _: f"{hour / 24:.0f}"))
    axes.set_xlabel(on.line("天", "days"))


def told(time_s: float, least: float = 2) -> str:
    """A time for people, in seconds, minutes, hours or days: the largest unit of which there are
    at least so many.
    """
    size, unit = unit_of(time_s, least)
    return f"{time_s / size:.3g} {unit}"


def unit_of(time_s: float, least: float = 2) -> tuple[float, str]:
    """The unit in which a time is told: its seconds and its sign."""
    units = ((DAY_S, "d"), (HOUR_S, "h"), (60.0, "min"))
    return next(((size, unit) for size, unit in units if time_s >= least * size), (1.0, "s"))


def step_of(length: float) -> float:
    """A round step that divides an axis of this length into at most `TICKS_MAX` parts."""
    power = 10.0 ** math.floor(math.log10(max(length, 1e-9)))
    steps = (power * size for size in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0))
    return next((step for step in steps if length / step <= TICKS_MAX), power)
