"""Trials: a setting is tried against a target until replications have decided it.

Rules: the same replications for every setting (common random numbers); more of them only where an
interval straddles its limit; a setting that is undecided after the last round is not `ok`: with 95
% confidence it cannot be said to hold. Two runs come first: where nobody can serve what comes,
they are broken off and more would tell nothing new. A run that is certain to miss a condition is
stopped as well, and its bound stands for the figure: where even with bounds the target fails, it
fails; where all that is known of it seemed to hold with them, all is played again to the end.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from sim.planning.questions import Question, Setting
from sim.planning.replications import FIRST_RUNS, Experiment, Replications, more
from sim.planning.targets.expressions import Condition, Target
from sim.planning.targets.verdicts import (
    Judged,
    Verdict,
    confidence_of_a_look,
    judge,
    together,
)

FOREGONE = "foregone"
"""Why a trial has no figures: runs were stopped that could no longer meet the target."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A setting, what was found of each condition, and the verdict on them together."""

    setting: Setting
    judged: tuple[Judged, ...]
    verdict: Verdict
    replications: int
    stopped: str = ""

    @property
    def ok(self) -> bool:
        """Whether the target is shown to hold."""
        return self.verdict == "holds"

    @property
    def decisive(self) -> Judged:
        """The condition that keeps the target from holding; the first where none does."""
        wrong = [each for each in self.judged if each.verdict != "holds"]
        return (wrong or list(self.judged))[0]


Tried = Callable[[Setting, int, int], None]
"""Told now and then: the setting, its replications done, and planned for this round."""


class Inquiry:
    """Settings of one question tried against one target; each is played once."""

    def __init__(
        self,
        question: Question,
        target: Target,
        experiment: Experiment,
        tried: Tried | None = None,
    ) -> None:
        self.question, self.target, self.experiment = question, target, experiment
        self._tried = tried
        self._trials: dict[Setting, Trial] = {}

    @property
    def trials(self) -> tuple[Trial, ...]:
        """All so far, by setting."""
        return tuple(self._trials[setting] for setting in sorted(self._trials))

    @property
    def replications(self) -> int:
        """Runs played so far."""
        return sum(trial.replications for trial in self._trials.values())

    def trial(self, setting: Setting) -> Trial:
        """Try a setting, or remember how it was."""
        if setting not in self._trials:
            self._trials[setting] = self._try(setting, self.target.conditions)
        return self._trials[setting]

    def _try(self, setting: Setting, foreseen: tuple[Condition, ...]) -> Trial:
        """`foreseen` are the conditions for which a run is stopped when it must miss them."""
        network = self.question(dict(setting))
        found = Replications(self.target.figures, (), self.experiment.runs.antithetic)
        rounds = self.experiment.effort.rounds()
        confidence = confidence_of_a_look(len(rounds))

        def told(done: int, planned: int) -> None:
            if self._tried is not None:
                self._tried(setting, done, planned)

        found = more(found, network, FIRST_RUNS, self.experiment, told, conditions=foreseen)
        for until in rounds:
            if found.stopped:
                return Trial(setting, (), "fails", len(found.runs), found.stopped)
            found = more(found, network, until, self.experiment, told, conditions=foreseen)
            judged = tuple(
                judge(each, found.observations(each.figure), confidence)
                for each in self.target.conditions
            )
            verdict = together(judged)
            if verdict != "undecided" and self._is_narrow(judged):
                break
        if found.stopped:
            return Trial(setting, judged, "fails", len(found.runs), found.stopped)
        if found.foregone:
            known = [each for each in judged if not math.isnan(each.found.mean)]
            if together(known) == "holds":
                return self._try(setting, ())
            return Trial(setting, (), verdict, len(found.runs), FOREGONE)
        return Trial(setting, judged, verdict, len(found.runs))

    def _is_narrow(self, judged: tuple[Judged, ...]) -> bool:
        asked = self.experiment.effort.precision
        return asked is None or all(each.found.relative_half_width <= asked for each in judged)
