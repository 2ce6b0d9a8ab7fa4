"""A grid of settings: every figure asked for at every one, with its interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from sim.planning.intervals import Interval
from sim.planning.questions import Question, Range, Setting
from sim.planning.replications import Experiment, Replications, replicate
from sim.planning.targets.figures import Figure

Reached = Callable[[int, int, int, int], None]
"""Told now and then: settings done, settings planned, replications done and planned of this one."""


@dataclass(frozen=True, slots=True)
class Point:
    """One setting and what its replications gave."""

    setting: Setting
    found: Replications

    def interval(self, figure: Figure) -> Interval | None:
        """Of a figure; None where runs were broken off."""
        return None if self.found.stopped else self.found.interval(figure)


@dataclass(frozen=True, slots=True)
class Sweep:
    """Every setting of a grid, the last name changing fastest."""

    figures: tuple[Figure, ...]
    points: tuple[Point, ...]

    def to_json(self) -> list[dict[str, Any]]:
        """One object a setting."""
        return [
            {
                "setting": dict(point.setting),
                "replications": len(point.found.runs),
                "stopped": point.found.stopped,
                "figures": {
                    figure.text: told_of(point.interval(figure)) for figure in self.figures
                },
            }
            for point in self.points
        ]


def sweep(
    question: Question,
    over: Sequence[Range],
    figures: Sequence[Figure],
    experiment: Experiment,
    reached: Reached | None = None,
    *,
    played: Callable[[Point], None] = lambda _: None,
) -> Sweep:
    """Play every setting of the grid, all with the same customers; `played` is told each point, for
    whoever breaks the sweep off.
    """
    names = [each.name for each in over]
    grid = [tuple(zip(names, values, strict=True)) for values in product(*(o.values for o in over))]
    points = []
    for place, setting in enumerate(grid):

        def told(done: int, planned: int, place: int = place) -> None:
            if reached is not None:
                reached(place, len(grid), done, planned)

        network = question(dict(setting))
        points.append(Point(setting, replicate(network, figures, experiment, told)))
        played(points[-1])
    return Sweep(tuple(figures), tuple(points))


def told_of(interval: Interval | None) -> dict[str, Any] | None:
    """An interval as JSON."""
    if interval is None:
        return None
    return {"mean": interval.mean, "ci95": [interval.low, interval.high]}
