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
from sim.planning.alternatives.sweeps import told_of
from sim.planning.intervals import Interval, paired_interval
from sim.planning.questions import Question
from sim.planning.replications import Experiment, Replications, replicate
from sim.planning.targets.figures import Figure, expect_places

Moved = Callable[[str, int, int], None]
"""Told now and then: the parameter, parameters done, parameters planned."""


@dataclass(frozen=True, slots=True)
class Swing:
    """A number moved from `low` to `high`, and what that did to the figure (high - low).

    Where one of the two cannot be played nothing is reckoned: `stopped` names it, and `why` says
    `crowded` or `endless` (the run was broken off) or `impossible` (no such network).
    """

    name: str
    low: float
    high: float
    at_low: float | None
    at_high: float | None
    effect: Interval | None
    stopped: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The swings, the largest first; those that could not be played before all.

    `as_it_is` is the figure with nothing moved; None where those runs were broken off (`stopped`).
    """

    figure: Figure
    swings: tuple[Swing, ...]
    replications: int
    as_it_is: Interval | None = None
    stopped: str = ""

    def to_json(self) -> dict[str, Any]:
        """The JSON of `onecard sim sensitivity`."""
        return {
            "figure": self.figure.text,
            "replications": self.replications,
            "as_it_is": told_of(self.as_it_is),
            "stopped": self.stopped,
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
                    "why": swing.why,
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
        return float(max(self.low, self.value - change)), float(min(self.high, self.value + change))


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
    known: Callable[[Sensitivity], None] = lambda _: None,
) -> Sensitivity:
    """Move every number by the share `by`, down and up; one that cannot move is left out. `known`
    is told what is known so far, for whoever breaks it off.
    """
    unmoved = replicate(question({}), (figure,), experiment)
    swings, replications = list[Swing](), len(unmoved.runs)

    def so_far() -> Sensitivity:
        in_order = sorted(
            swings, key=lambda swing: -abs(swing.effect.mean) if swing.effect else float("-inf")
        )
        as_it_is = None if unmoved.stopped else unmoved.interval(figure)
        return Sensitivity(figure, tuple(in_order), replications, as_it_is, unmoved.stopped)

    for place, number in enumerate(numbers):
        known(so_far())
        if moved is not None:
            moved(number.name, place, len(numbers))
        low, high = number.moved(by)
        if low == high:
            continue
        played: list[Replications] = []
        for value in (low, high):
            try:
                network = question({number.name: value})
                expect_places((figure,), network)
            except ValueError:  # a share that exceeds 1 with the others, no such place
                swings.append(_no_swing(number.name, (low, high), value, "impossible"))
                break
            played.append(replicate(network, (figure,), experiment))
            replications += len(played[-1].runs)
            if played[-1].stopped:
                swings.append(_no_swing(number.name, (low, high), value, played[-1].stopped))
                break
        else:
            swings.append(_swing(number.name, (low, high), figure, played))
    return so_far()


def _no_swing(name: str, ends: tuple[float, float], stopped: float, why: str) -> Swing:
    return Swing(name, *ends, None, None, None, stopped, why)


def _swing(
    name: str, ends: tuple[float, float], figure: Figure, played: Sequence[Replications]
) -> Swing:
    before, after = (each.observations(figure) for each in played)
    many = min(len(before), len(after))  # a precision may have asked for more of one of them
    effect = paired_interval(after[:many], before[:many])
    at_low, at_high = (each.interval(figure).mean for each in played)
    return Swing(name, *ends, at_low, at_high, effect)
