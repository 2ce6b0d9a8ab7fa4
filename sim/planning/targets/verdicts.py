"""Whether a target holds, on the evidence of replications.

Rules: a condition *holds* when the interval of its figure lies wholly on the right side of the
limit, *fails* when it lies wholly on the wrong side; else it is *undecided*, and more replications
are asked for. A target holds when all its conditions do: no correction for their number is
needed, because it is enough that one of them is not met for the target to be refused (an
intersection-union test). Looking again and again would make chance likelier to say yes, so each
of the looks uses up its share of the 5 %; and the interval it looks at heeds skewness
(`intervals.skewed_ends`). So verdicts are more careful than the plain 95 % interval that is told
beside them. A run that was broken off
(nobody can serve what comes) fails whatever its figures were until then.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sim.planning.intervals import CONFIDENCE, Interval, interval_of, skewed_ends
from sim.planning.targets.expressions import Condition
from sim.planning.targets.figures import bounds_of

Verdict = Literal["holds", "fails", "undecided"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A condition, what was found of its figure (95 % interval), and the verdict."""

    condition: Condition
    found: Interval
    verdict: Verdict


def confidence_of_a_look(looks: int) -> float:
    """The confidence of the interval at one of so many looks: each uses up its share of the 5 %."""
    return 1 - (1 - CONFIDENCE) / looks


def judge(condition: Condition, observations: Sequence[float], confidence: float) -> Judged:
    """The verdict on one condition from independent observations of its figure; *undecided* where
    one of them is not known (NaN).
    """
    bounds = bounds_of(condition.figure)
    found = interval_of(observations, bounds=bounds)
    if any(map(math.isnan, observations)):
        return Judged(condition, found, "undecided")
    meets = [condition.holds(end) for end in skewed_ends(observations, confidence)]
    verdict: Verdict = "undecided"
    if all(meets):
        verdict = "holds"
    elif not any(meets):
        verdict = "fails"
    return Judged(condition, found, verdict)


def together(judged: Sequence[Judged]) -> Verdict:
    """The verdict on the whole target, from those on all its conditions."""
    verdicts = {each.verdict for each in judged}
    if "fails" in verdicts:
        return "fails"
    return "undecided" if "undecided" in verdicts else "holds"
