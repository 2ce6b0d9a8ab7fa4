"""The least capacity that meets a target with 95 % confidence.

Rules: between the bounds more is taken to be better, so the search halves the range. The answer
is shown with its neighbours: it holds; one step less was tried and is not shown to hold; one step
more was tried and holds (where it does not, more is not better here: `monotone` says so). All meet
the same customers. The most is tried first: where that does not hold, nothing between does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.planning.questions import Range, Setting
from sim.planning.sizing.trials import Inquiry, Trial


@dataclass(frozen=True, slots=True)
class Sizing:
    """The answer, or None, and every setting that was tried.

    `method` says how sure the answer is the least: "bisection" and "cheapest first" are, where more
    is better; "descent" found a combination from which no single step down holds.
    """

    target: str
    vary: tuple[Range, ...]
    answer: Setting | None
    evidence: tuple[Trial, ...]
    replications: int
    monotone: bool
    method: str
    cost: float | None = None

    def one_step_less(self) -> tuple[Trial, ...]:
        """The trials with one step less of one number than the answer."""
        values = dict(self.answer or ())
        lower = [
            {**values, each.name: values[each.name] - each.step}
            for each in self.vary
            if self.answer
        ]
        return tuple(
            trial
            for trial in self.evidence
            if any(_is_close(dict(trial.setting), setting) for setting in lower)
        )

    def to_json(self) -> dict[str, Any]:
        """The JSON of `onecard plan`."""
        answer: dict[str, Any] = {
            "target": self.target,
            "vary": {
                each.name: {"low": each.low, "high": each.high, "step": each.step}
                for each in self.vary
            },
            "answer": None if self.answer is None else dict(self.answer),
            "evidence": [_evidence_of(trial) for trial in self.evidence],
            "replications": self.replications,
            "monotone": self.monotone,
            "method": self.method,
        }
        if self.cost is not None:
            answer["cost"] = self.cost
        return answer


def least(inquiry: Inquiry, vary: Range, others: Setting = ()) -> Sizing:
    """The least value of one number that meets the target, with `others` as they are given.

    Raises what the question raises for a value that cannot be.
    """
    values = vary.values

    def trial(place: int) -> Trial:
        return inquiry.trial((*others, (vary.name, values[place])))

    fails, holds = -1, len(values) - 1
    found = trial(holds).ok
    while found and holds - fails > 1:
        middle = (fails + holds) // 2
        if trial(middle).ok:
            holds = middle
        else:
            fails = middle
    monotone = not found or holds + 1 == len(values) or trial(holds + 1).ok
    return Sizing(
        inquiry.target.text,
        (vary,),
        ((vary.name, values[holds]),) if found else None,
        inquiry.trials,
        inquiry.replications,
        monotone,
        "bisection",
    )


def _is_close(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    return all(math.isclose(one[name], other[name], abs_tol=1e-9) for name in one)


def _evidence_of(trial: Trial) -> dict[str, Any]:
    values = dict(trial.setting)
    told: dict[str, Any] = {
        "value": next(iter(values.values())) if len(values) == 1 else values,
        "estimate": None,
        "ci95": None,
        "ok": trial.ok,
        "verdict": trial.verdict,
        "replications": trial.replications,
    }
    if trial.stopped:
        told["stopped"] = trial.stopped
    if not trial.judged:
        return told
    conditions = [
        {
            "condition": str(each.condition),
            "estimate": each.found.mean,
            "ci95": [each.found.low, each.found.high],
            "ok": each.verdict == "holds",
        }
        for each in trial.judged
    ]
    decisive = conditions[trial.judged.index(trial.decisive)]
    told |= {"estimate": decisive["estimate"], "ci95": decisive["ci95"], "conditions": conditions}
    return told
