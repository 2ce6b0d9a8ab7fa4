"""Who goes where: stations as boxes from the street to the way out, widths by how many go, colours
by how busy the servers are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, PathPatch, Rectangle
from matplotlib.path import Path

from sim.observation import Observation
from sim.pictures.canvas import BLUE, GREY, PURPLE, Canvas, canvas
from sim.pictures.layers import STATIONS_DRAWN_MAX, Node, StationMap, map_of

ROWS_MAX = 12
"""Boxes one above the other; a layer with more stands in several columns."""
BOX_W, BOX_H = 1.5, 0.46
COLUMN_IN, ROW_IN = 1.95, 0.66
WIDTH_MAX_PT = 9.0
NAME_LENGTH_MAX = 17
NO_SERVERS = "#e8eef4"
KEY_STEPS, KEY_W = 20, 0.16
LEAST_SHARE = 1e-3
"""Of the widest way; less is too thin to be seen."""
DARK_FROM = 0.62
"""Boxes this busy are so dark that their text is white."""


@dataclass(frozen=True, slots=True)
class Spot:
    """The middle of a box, in inches."""

    x: float
    y: float


def draw_station_map(observation: Observation, drawn_max: int = STATIONS_DRAWN_MAX) -> str:
    """The map of a run as one `<svg>` element; beyond `drawn_max` stations the less busy of each
    layer are drawn as one box.
    """
    told = map_of(observation, drawn_max)
    spots, rows, columns = _spots(told)
    most = max([way.customers for way in told.ways] + list(told.comes) + [1.0])
    network = observation.network
    width_in, height_in = (columns + 1.1) * COLUMN_IN, rows * ROW_IN + 1.4
    with canvas(width_in, height_in, f"map-{network.name}-{observation.seed}") as on:
        axes = on.figure.subplots()
        axes.set_axis_off()
        axes.set_xlim(-COLUMN_IN * 1.05, (columns - 1) * COLUMN_IN + COLUMN_IN * 1.05)
        axes.set_ylim(-rows * ROW_IN / 2 - 1.1, rows * ROW_IN / 2 + 0.2)
        for way in told.ways:
            _draw_way(axes, spots[way.origin], spots[way.goal], way.customers / most, way.is_back)
        for spot, comes, leaves in zip(spots, told.comes, told.leaves, strict=True):
            _draw_doors(axes, spot, comes / most, leaves / most)
        for spot, node in zip(spots, told.nodes, strict=True):
            _draw_box(on, axes, spot, node)
        _draw_key(on, axes, (columns - 1) * COLUMN_IN / 2, -rows * ROW_IN / 2 - 0.3)
        return on.svg()


def _spots(told: StationMap) -> tuple[list[Spot], int, int]:
    """Where each box stands, and how many rows and columns there are."""
    spots: list[Spot] = []
    column, rows = 0, 1
    for layer in range(max(node.layer for node in told.nodes) + 1):
        here = [node for node in told.nodes if node.layer == layer]
        parts = math.ceil(len(here) / ROWS_MAX)
        high = math.ceil(len(here) / parts)
        rows = max(rows, high)
        for at in range(len(here)):
            part, row = divmod(at, high)
            last = min(high, len(here) - part * high)
            spots.append(Spot((column + part) * COLUMN_IN, ((last - 1) / 2 - row) * ROW_IN))
        column += parts
    return spots, rows, column


def _draw_way(axes: Axes, origin: Spot, goal: Spot, share: float, is_back: bool) -> None:
    width = max(0.5, WIDTH_MAX_PT * math.sqrt(share))
    if is_back:
        below = Spot((origin.x + goal.x) / 2, min(origin.y, goal.y) - BOX_H * 1.25)
        begin = (origin.x + BOX_W * 0.2, origin.y - BOX_H / 2)
        end = (goal.x - BOX_W * 0.2, goal.y - BOX_H / 2)
        path = Path([begin, (begin[0], below.y), (end[0], below.y), end], [1, 4, 4, 4])
        axes.add_patch(
            FancyArrowPatch(
                path=path, arrowstyle="-|>", mutation_scale=7, color=PURPLE, lw=max(0.8, width / 2),
                ls="--", fill=False,
            )
        )  # fmt: skip
        return
    begin, end = (origin.x + BOX_W / 2, origin.y), (goal.x - BOX_W / 2, goal.y)
    bend = max(0.2, (end[0] - begin[0]) / 2)
    curve = [begin, (begin[0] + bend, begin[1]), (end[0] - bend, end[1]), end]
    axes.add_patch(
        PathPatch(Path(curve, [1, 4, 4, 4]), fill=False, color=BLUE, alpha=0.35, lw=width)
    )


def _draw_doors(axes: Axes, spot: Spot, comes: float, leaves: float) -> None:
    """Short arrows: who comes from the street (from the left), who goes out (downward)."""
    door, below = spot.x + BOX_W * 0.38, spot.y - BOX_H / 2
    for share, begin, end, colour in (
        (comes, (spot.x - BOX_W / 2 - 0.34, spot.y), (spot.x - BOX_W / 2, spot.y), BLUE),
        (leaves, (door, below), (door, below - 0.17), GREY),
    ):
        if share > LEAST_SHARE:
            axes.add_patch(
                FancyArrowPatch(
                    begin, end, arrowstyle="-|>", color=colour, alpha=0.8, shrinkA=0, shrinkB=0,
                    lw=max(0.6, WIDTH_MAX_PT * 0.4 * math.sqrt(share)),
                    mutation_scale=5 + 6 * math.sqrt(share),
                )
            )  # fmt: skip


def _draw_box(on: Canvas, axes: Axes, spot: Spot, node: Node) -> None:
    busy = node.utilisation
    face = NO_SERVERS if busy is None else to_hex(colormaps["YlOrRd"](min(busy, 1.0)))
    text = "white" if busy is not None and busy > DARK_FROM else "black"
    corner = (spot.x - BOX_W / 2, spot.y - BOX_H / 2)
    style = "round,pad=0,rounding_size=0.08"
    axes.add_patch(FancyBboxPatch(corner, BOX_W, BOX_H, boxstyle=style, fc=face, ec=GREY, lw=0.7))
    name = (
        node.name
        if node.stations == 1
        else on.line(f"其余 {node.stations} 处", f"{node.stations} more")
    )
    if len(name) > NAME_LENGTH_MAX:
        name = name[: NAME_LENGTH_MAX - 1] + "…"
    figures = f"{_short(node.visits)}"
    if busy is not None:
        figures += f"  {busy:.0%}"
    if node.queue_max:
        figures += f"  ▾{_short(node.queue_max)}"
    axes.text(spot.x, spot.y + 0.09, name, ha="center", va="center", fontsize=8.5, color=text)
    axes.text(spot.x, spot.y - 0.11, figures, ha="center", va="center", fontsize=7.5, color=text)


def _draw_key(on: Canvas, axes: Axes, middle: float, top: float) -> None:
    """What the colours and figures mean; drawn as boxes, for a report takes no embedded image."""
    left = middle - KEY_STEPS * KEY_W / 2
    for step in range(KEY_STEPS):
        share = (step + 0.5) / KEY_STEPS
        colour = to_hex(colormaps["YlOrRd"](share))
        corner = (left + step * KEY_W, top - 0.14)
        axes.add_patch(Rectangle(corner, KEY_W, 0.14, fc=colour, ec="none"))
    for step in range(0, KEY_STEPS + 1, 5):
        at = left + step * KEY_W
        axes.text(at, top - 0.2, f"{step / KEY_STEPS:.0%}", ha="center", va="top", fontsize=7.5)
    words = on.words(
        "颜色：利用率；框内：人次、利用率、▾最长排队；线宽：人数；虚线：返回；向下：离开",
        "colour: servers in use; in a box: visits, use, ▾ longest queue; width: people; "
        "dashed: a way back; down: out",
    )
    axes.text(middle, top - 0.42, words, ha="center", va="top", fontsize=7.5)


def _short(number: float) -> str:
    for size, unit in ((1e6, "M"), (1e3, "k")):
        if number >= 10 * size:
            return f"{number / size:,.0f}{unit}"
        if number >= size:
            return f"{number / size:.1f}{unit}"
    return f"{number:.0f}"
