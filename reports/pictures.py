"""Pictures of a load test, and any SVG made fit to stand within a page.

Rules: text is drawn as paths, so that Chinese shows everywhere; without a Chinese font here the
labels are English; colours after Okabe and Ito (2008). Within a page every id of a picture gets the
picture's own prefix: two matplotlib pictures use the same ids.
"""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.figure import Figure

from reports.figures import LoadFigures

CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "PingFang SC",
    "Microsoft YaHei",
    "SimHei",
)
WIDE_FROM = 500.0
BLUE, VERMILION, GREY = "#0072B2", "#D55E00", "#555555"
ACTIVE = re.compile(r"<\s*(script|foreignObject|iframe)|\son\w+\s*=|javascript:", re.IGNORECASE)
OUTSIDE = re.compile(r"(href|src)\s*=\s*[\"'](?!#)|url\((?!#|[\"']?#)|@import", re.IGNORECASE)


class PictureIsNotPlain(ValueError):
    """An SVG that carries scripts or refers to something outside has no place in a report."""


def fit_into_page(svg: str, prefix: str) -> str:
    """The `<svg>` element of a document, without metadata, its ids prefixed, its size left to the
    page.

    Raises `PictureIsNotPlain` when it carries scripts or outside references.
    """
    start = svg.find("<svg")
    if start < 0:
        raise PictureIsNotPlain("no <svg> element")
    plain = re.sub(r"<metadata>.*?</metadata>", "", svg[start:], flags=re.DOTALL)
    for pattern, what in ((ACTIVE, "script"), (OUTSIDE, "outside reference")):
        found = pattern.search(plain)
        if found:
            raise PictureIsNotPlain(f"{what} in the picture: {found.group()}")
    plain = re.sub(r'\bid="', f'id="{prefix}-', plain)
    plain = re.sub(r'href="#', f'href="#{prefix}-', plain)
    plain = re.sub(r"url\(#", f"url(#{prefix}-", plain)
    opening, rest = plain.split(">", 1)
    opening = re.sub(r'\s(?:width|height)="[^"]*"', "", opening)
    return f'{opening} role="img">{rest}'.strip()


def is_wide(svg: str) -> bool:
    """Whether a picture needs the whole width of the page to be read."""
    found = re.search(r'viewBox="\S+ \S+ (\S+) ', svg)
    return found is not None and float(found.group(1)) > WIDE_FROM


def draw_load(load: LoadFigures) -> str:
    """Answers per second above, latency from the due moment below, as an SVG document."""
    here = {font.name for font in font_manager.fontManager.ttflist}
    font = next((name for name in CHINESE_FONTS if name in here), None)
    settings: dict[Any, Any] = {
        "font.family": [font, "DejaVu Sans"] if font else ["DejaVu Sans"],
        "font.size": 8.5,
        "svg.fonttype": "path",
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    series, json = load.series, load.json

    def label(zh: str, en: str) -> str:
        return f"{zh}\n{en}" if font else en

    def line(zh: str, en: str) -> str:
        return label(zh, en).replace("\n", " ")

    limit = next((t.limit for t in json.thresholds if t.name == "latency_ms_p99"), None)
    with mpl.rc_context(settings):
        figure = Figure(figsize=(5.2, 3.9), layout="constrained")
        rate, latency = figure.subplots(2, 1, sharex=True, height_ratios=[1.0, 1.3])
        rate.step(series.t_s, series.rate_per_s, where="post", color=BLUE, lw=1.6)
        rate.axhline(json.rate_target_per_s, color=GREY, ls="--", lw=1)
        rate.set_ylabel(label("每秒应答", "answers/s"))
        rate.set_ylim(bottom=0, top=max([json.rate_target_per_s, *series.rate_per_s]) * 1.15)
        latency.plot(series.t_s, _above_zero(series.latency_p99_ms), color=VERMILION, lw=1.6,
                     marker="s", ms=3, label="p99")  # fmt: skip
        latency.plot(series.t_s, _above_zero(series.latency_p50_ms), color=BLUE, lw=1.6,
                     marker="o", ms=3, label="p50")  # fmt: skip
        if limit is not None:
            latency.axhline(limit, color=GREY, ls="--", lw=1, label=line("p99 限值", "p99 limit"))
        latency.set_yscale("log")
        latency.set_ylabel(label("时延（毫秒）", "latency (ms)"))
        latency.set_xlabel(line("开始后的秒数", "seconds after the start"))
        latency.legend(loc="upper right", ncols=3, frameon=False, fontsize=8)
        latency.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
        low, high = latency.get_ylim()
        latency.set_ylim(low, high * 3)  # room for the legend
        for axes in (rate, latency):
            axes.grid(axis="y", color="#dddddd", lw=0.6)
            axes.set_axisbelow(True)
        buffer = StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def _above_zero(latencies: list[float]) -> list[float]:
    # A second in which nothing was due has no latency: a gap, not a zero, which a log scale cannot
    # show.
    return [value if value > 0 else float("nan") for value in latencies]
