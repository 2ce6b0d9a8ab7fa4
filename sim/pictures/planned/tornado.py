"""Which parameter moves a figure most: a bar for each, the longest on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.patches import Patch

from sim.pictures.canvas import BLUE, GREY, GRID, ORANGE, canvas

DRAWN_MAX = 16
"""Most bars of the picture."""
_ROW_IN = 0.3


@dataclass(frozen=True, slots=True)
class Bar:
    """A parameter moved from `low` to `high`: the figure at both ends, and the interval (low, high)
    of its change.
    """

    parameter: str
    low: float
    high: float
    at_low: float
    at_high: float
    change: tuple[float, float]

    @property
    def is_shown(self) -> bool:
        """Whether the interval of the change lies on one side of zero."""
        return self.change[0] > 0 or self.change[1] < 0


def draw_tornado(bars: Sequence[Bar], figure: str, as_it_is: float | None) -> str:
    """The bars as one `<svg>` element, at most `DRAWN_MAX`, in the order given.

    `as_it_is` is the figure with nothing moved: the bars begin there, or without it at the middle
    of each. A bar of a change that is not shown is pale; the whisker is the interval of the change.
    """
    told = bars[:DRAWN_MAX]
    with canvas(7.4, 1.25 + _ROW_IN * len(told), f"tornado-{figure}") as on:
        axes = on.figure.subplots()
        for place, bar in enumerate(told):
            middle = (bar.at_low + bar.at_high) / 2 if as_it_is is None else as_it_is
            alpha = 1.0 if bar.is_shown else 0.3
            for end, colour in ((bar.at_low, BLUE), (bar.at_high, ORANGE)):
                axes.barh(place, end - middle, left=middle, height=0.62, color=colour, alpha=alpha)
            ends = [bar.at_low + end for end in bar.change]
            axes.plot(ends, [place, place], color="black", lw=1.1, marker="|", ms=6)
            axes.annotate(
                f"{bar.at_low:.3g} → {bar.at_high:.3g}", (1.01, place),
                xycoords=("axes fraction", "data"), va="center", fontsize=7.5,
            )  # fmt: skip
        if as_it_is is not None:
            axes.axvline(as_it_is, color=GREY, lw=1, ls="--")
        names = [f"{bar.parameter}  {bar.low:g} … {bar.high:g}" for bar in told]
        axes.set_yticks(range(len(told)), names)
        axes.set_ylim(len(told) - 0.4, -0.6)
        axes.grid(axis="x", color=GRID, lw=0.6)
        axes.set_axisbelow(True)
        axes.set_xlabel(figure)
        key = [
            Patch(color=BLUE, label=on.line("参数调低", "parameter moved down")),
            Patch(color=ORANGE, label=on.line("参数调高", "parameter moved up")),
        ]
        if any(not bar.is_shown for bar in told):
            words = on.line("未见影响", "not shown to move it")
            key.append(Patch(color=GREY, alpha=0.3, label=words))
        on.figure.legend(
            handles=key, loc="outside upper center", ncols=3, frameon=False, fontsize=8
        )
        return on.svg()
