"""Two settings side by side: by how much each figure differs, with its paired interval.

Figures of one kind (waits, shares, counts) share a panel: seconds and shares have no common scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from sim.pictures.canvas import BLUE, GRID, ORANGE, Canvas, canvas

DRAWN_MAX = 24
"""Most rows of the picture."""
_ROW_IN, _PANEL_IN = 0.27, 0.75
_SHARES = {"within", "served_within", "utilisation"}


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure before and after, and the difference after - before with its interval (low, high).

    `quantity` is what is measured: `wait_s`, `abandoned_share`, ...
    """

    figure: str
    quantity: str
    before: float
    after: float
    difference: float
    interval: tuple[float, float]

    @property
    def is_shown(self) -> bool:
        """Whether the interval lies on one side of zero."""
        return self.interval[0] > 0 or self.interval[1] < 0


def draw_differences(differences: Sequence[Difference], change: str) -> str:
    """The differences as one `<svg>` element, at most `DRAWN_MAX`, those that are shown first.

    `change` says what was changed. A filled point is a difference that is shown, an open one is
    not.
    """
    told = sorted(differences, key=lambda each: not each.is_shown)[:DRAWN_MAX]
    panels = _by_unit(told)
    rows = [len(of) for _, of in panels]
    height_in = _ROW_IN * sum(rows) + _PANEL_IN * len(panels) + 0.3
    with canvas(7.4, height_in, f"differences-{change}") as on:
        on.figure.suptitle(change, fontsize=9)
        drawn = on.figure.subplots(len(panels), 1, squeeze=False, height_ratios=rows)
        for axes, (unit, of) in zip(drawn[:, 0], panels, strict=True):
            _draw_panel(on, axes, unit, of)
        return on.svg()


def _by_unit(
    differences: Sequence[Difference],
) -> list[tuple[tuple[str, str], list[Difference]]]:
    panels: dict[tuple[str, str], list[Difference]] = {}
    for each in differences:
        panels.setdefault(_unit_of(each.quantity), []).append(each)
    return list(panels.items())


def _unit_of(quantity: str) -> tuple[str, str]:
    if quantity in {"wait_s", "journey_s"}:
        return "秒", "s"
    if quantity in _SHARES or quantity.endswith("_share"):
        return "百分点", "percentage points"
    return "数量", "number"


def _draw_panel(
    on: Canvas, axes: Axes, unit: tuple[str, str], differences: Sequence[Difference]
) -> None:
    times = 100.0 if unit[1] == "percentage points" else 1.0
    for place, each in enumerate(differences):
        colour = (ORANGE if each.difference > 0 else BLUE) if each.is_shown else "#888888"
        low, high = (abs(end - each.difference) * times for end in each.interval)
        axes.errorbar(
            [each.difference * times], [place], xerr=[[low], [high]], fmt="o", ms=5, capsize=3,
            lw=1.3, color=colour, mfc=colour if each.is_shown else "white",
        )  # fmt: skip
        axes.annotate(
            f"{_number(each.before * times)} → {_number(each.after * times)}",
            (1.01, place), xycoords=("axes fraction", "data"), va="center", fontsize=7.5,
        )  # fmt: skip
    axes.axvline(0, color="#444444", lw=0.8)
    axes.set_yticks(range(len(differences)), [each.figure for each in differences])
    axes.set_ylim(len(differences) - 0.4, -0.6)
    axes.grid(axis="x", color=GRID, lw=0.6)
    axes.set_axisbelow(True)
    axes.set_xlabel(on.line(f"改后 − 改前（{unit[0]}）", f"after − before ({unit[1]})"), fontsize=8)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.3g}"  # noqa: PLR2004
