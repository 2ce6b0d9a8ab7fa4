"""Which parameter moves the answer most: each by itself a little down and a little up.

Rules: the change is a share of the value, the same for all, within the bounds of each; a whole
number moves by at least 1. Down and up meet the same customers, and their difference has a paired
interval. Ranked by its size; what is not shown to move the figure says so. One at a time: what two
parameters do together is not seen here (a sweep over both shows it).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sim.parameters import Parameter
from sim.planning.intervals import Interval, paired_interval
from sim.planning.questions import Question
from sim.planning.replications import Experiment, Replications, replicate
from sim.planning.targets.figures import Figure

Moved = Callable[[str, int, int], None]
"""Told now and then: the parameter, parameters done, parameters planned."""


@dataclass(frozen=True, slots=True)
class Swing:
    """A number moved from `low` to `high`, and what that did to the figure (high - low).

    `stopped` names the value, if any, at which runs were broken off: then nothing is reckoned.
    """

    name: str
    low: float
    high: float
    at_low: float | None
    at_high: float | None
    effect: Interval | None
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The swings, the largest first; broken-off ones before all, for they moved it most."""

    figure: Figure
    swings: tuple[Swing, ...]
    replications: int

    def to_json(self) -> dict[str, Any]:
        """The JSON of `onecard sim sensitivity`."""
        return {
            "figure": self.figure.text,
            "replications": self.replications,
            "parameters": [
                {
                    "name": swing.name,
                    "low": swing.low,
                    "high": swing.high,
                    "at_low": swing.at_low,
                    "at_high": swing.at_high,
                    "effect": None if swing.effect is None else swing.effect.mean,
                    "ci95": None if swing.effect is None else [swing.effect.low, swing.effect.high],
                    "shown": bool(swing.effect is None or swing.effect.sign),
                    "stopped": swing.stopped,
                }
                for swing in self.swings
            ],
        }


@dataclass(frozen=True, slots=True)
class Movable:
    """A number that can be moved: its value, bounds, and whether it is whole."""

    name: str
    value: float
    low: float
    high: float
    whole: bool = False

    def moved(self, by: float) -> tuple[float, float]:
        """A little down and a little up, within the bounds."""
        change = abs(self.value) * by
        if self.whole:
            change = max(1.0, round(change))
        return max(self.low, self.value - change), min(self.high, self.value + change)


def movable(parameter: Parameter, value: float) -> Movable:
    """A parameter of a model at its present value."""
    return Movable(parameter.name, value, parameter.low, parameter.high, parameter.whole)


def sensitivity(
    question: Question,
    numbers: Sequence[Movable],
    by: float,
    figure: Figure,
    experiment: Experiment,
    *,
    moved: Moved | None = None,
) -> Sensitivity:
    """Move every number by the share `by`, down and up; one that cannot move is left out."""
    swings, replications = [], 0

    def played(name: str, value: float) -> Replications:
        return replicate(question({name: value}), (figure,), experiment)

    for place, number in enumerate(numbers):
        if moved is not None:
            moved(number.name, place, len(numbers))
        low, high = number.moved(by)
        if low == high:
            continue
        at_low, at_high = played(number.name, low), played(number.name, high)
        replications += len(at_low.runs) + len(at_high.runs)
        swings.append(_swing(number, by, figure, at_low, at_high))
    swings.sort(key=lambda swing: -abs(swing.effect.mean) if swing.effect else float("-inf"))
    return Sensitivity(figure, tuple(swings), replications)


def _swing(
    number: Movable, by: float, figure: Figure, at_low: Replications, at_high: Replications
) -> Swing:
    name, (low, high) = number.name, number.moved(by)
    if at_low.stopped or at_high.stopped:
        where = low if at_low.stopped else high
        return Swing(name, low, high, None, None, None, f"{where:g}")
    before, after = at_low.observations(figure), at_high.observations(figure)
    many = min(len(before), len(after))  # a precision may have asked for more of one of them
    effect = paired_interval(after[:many], before[:many])
    return Swing(
        name, low, high, at_low.interval(figure).mean, at_high.interval(figure).mean, effect
    )
