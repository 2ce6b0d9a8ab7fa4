"""Whether a target holds, on the evidence of replications.

Rules: a condition *holds* when the interval of its figure lies wholly on the right side of the
limit, *fails* when it lies wholly on the wrong side; else it is *undecided*, and more replications
are asked for. A target holds when all its conditions do: no correction for their number is
needed, because it is enough that one of them is not met for the target to be refused (an
intersection-union test). Looking again and again would make chance likelier to say yes, so each
of the looks uses up its part of the 5 %: see `confidence_of_a_look`. A run that was broken off
(nobody can serve what comes) fails whatever its figures were until then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sim.planning.intervals import CONFIDENCE, Interval, interval_of
from sim.planning.targets.expressions import Condition

Verdict = Literal["holds", "fails", "undecided"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A condition, what was found of its figure (95 % interval), and the verdict."""

    condition: Condition
    found: Interval
    verdict: Verdict


def confidence_of_a_look(looks: int) -> float:
    """The confidence of the interval at one of so many looks, with a limit on one of its sides.

    All looks together are wrong with at most 5 %: each with a share of it, on one side; so the
    interval with two sides leaves out twice that share.
    """
    return 1 - 2 * (1 - CONFIDENCE) / max(looks, 2)


def judge(condition: Condition, observations: Sequence[float], confidence: float) -> Judged:
    """The verdict on one condition from independent observations of its figure."""
    interval = interval_of(observations, confidence)
    verdict: Verdict = "undecided"
    if condition.holds(interval.low) and condition.holds(interval.high):
        verdict = "holds"
    elif not condition.holds(interval.low) and not condition.holds(interval.high):
        verdict = "fails"
    return Judged(condition, interval_of(observations), verdict)


def together(judged: Sequence[Judged]) -> Verdict:
    """The verdict on the whole target, from those on all its conditions."""
    verdicts = {each.verdict for each in judged}
    if "fails" in verdicts:
        return "fails"
    return "undecided" if "undecided" in verdicts else "holds"
