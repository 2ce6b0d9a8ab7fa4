"""What if: two settings met by the same customers, and the intervals of the differences.

Rule: the difference is taken replication by replication. Because both settings draw the same
numbers, what chance did to both falls out of it, and its interval is narrower than either's own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sim.network import Network
from sim.planning.alternatives.sweeps import told_of
from sim.planning.intervals import Interval, paired_interval
from sim.planning.replications import Effort, Experiment, Replications, Told, replicate
from sim.planning.targets.figures import Figure


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure before and after a change, and the difference after - before."""

    figure: Figure
    before: Interval
    after: Interval
    difference: Interval

    @property
    def shown(self) -> str:
        """`more` or `less` where the interval of the difference says so, else `not shown`."""
        return {0: "not shown", 1: "more", -1: "less"}[self.difference.sign]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All figures compared; none where runs of one of the two were broken off."""

    figures: tuple[Compared, ...]
    replications: int
    stopped_before: str = ""
    stopped_after: str = ""

    def to_json(self) -> dict[str, Any]:
        """The JSON of `onecard sim compare`, without the two settings."""
        return {
            "replications": self.replications,
            "stopped": {"before": self.stopped_before, "after": self.stopped_after},
            "figures": {
                each.figure.text: {
                    "before": told_of(each.before),
                    "after": told_of(each.after),
                    "difference": told_of(each.difference),
                    "shown": each.shown,
                }
                for each in self.figures
            },
        }


def compare(
    before: Network,
    after: Network,
    figures: Sequence[Figure],
    experiment: Experiment,
    told: Told | None = None,
    *,
    known: Callable[[Replications], None] = lambda _: None,
) -> Comparison:
    """Play both equally often, and take the differences. `known` is told what was there before,
    for whoever breaks the comparison off.
    """
    one = replicate(before, figures, experiment, told)
    known(one)
    as_many = replace(experiment, effort=Effort(len(one.runs), len(one.runs)))
    other = replicate(after, figures, as_many, told)
    return Comparison(
        () if one.stopped or other.stopped else compared(one, other),
        len(one.runs) + len(other.runs),
        one.stopped,
        other.stopped,
    )


def compared(before: Replications, after: Replications) -> tuple[Compared, ...]:
    """The figures of two sets of the same replications."""
    return tuple(
        Compared(
            figure,
            before.interval(figure),
            after.interval(figure),
            paired_interval(after.observations(figure), before.observations(figure)),
        )
        for figure in before.figures
    )
