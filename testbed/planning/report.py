"""A plan or a sweep as a report tells it: the answer, the curves, every setting, the inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from scenarios import outcomes
from scenarios.outcomes import PlanningRow
from sim import run
from sim.planning.alternatives import Sweep
from sim.planning.questions import as_text
from sim.planning.sizing import Sizing
from testbed.planning.answers import answer_of, stopped_words
from testbed.planning.call import Call
from testbed.planning.curves import curves_of


def told_of_planning(
    call: Call, found: Sizing | Sweep, result: dict[str, Any]
) -> outcomes.PlanningFinished:
    """The event of it; `result` is the JSON that the verb writes."""
    prepared = call.prepared({})
    if isinstance(found, Sizing):
        (answer_zh, answer_en), rows = answer_of(found), _rows_of_plan(found)
    else:
        answer_zh, answer_en, rows = "", "", _rows_of_sweep(found)
    return outcomes.PlanningFinished(
        at=outcomes.now(),
        result=result,
        model=call.what,
        preset=prepared.preset,
        title_zh=prepared.title_zh,
        title_en=prepared.title_en,
        answer_zh=answer_zh,
        answer_en=answer_en,
        rows=[*rows],
        assumptions=prepared.assumptions,
        pictures=curves_of(found),
    )


def command_of(verb: str, call: Call, words: Sequence[str]) -> str:
    """What was typed, as far as it changes what is found."""
    asked, plain = call.asked, run.Call()
    how = [f"--set {name}={value}" for name, value in asked.settings.items()]
    for name in ("preset", "seed", "scale", "engine"):
        if getattr(asked, name) != getattr(plain, name):
            how.append(f"--{name} {getattr(asked, name)}")
    return " ".join([verb, call.what, *words, *how])


def _rows_of_plan(found: Sizing) -> Iterator[PlanningRow]:
    for trial in found.evidence:
        setting, runs = as_text(trial.setting), trial.replications
        if trial.stopped:
            zh, en = stopped_words(trial.stopped)
            yield PlanningRow(
                setting, "", runs, verdict=trial.verdict, stopped_zh=zh, stopped_en=en
            )
            continue
        for each in trial.judged:
            of = each.found
            yield PlanningRow(
                setting, str(each.condition), runs, of.mean, of.low, of.high, each.verdict
            )


def _rows_of_sweep(found: Sweep) -> Iterator[PlanningRow]:
    for point in found.points:
        setting, runs = as_text(point.setting), len(point.found.runs)
        if point.found.stopped:
            zh, en = stopped_words(point.found.stopped)
            yield PlanningRow(setting, "", runs, stopped_zh=zh, stopped_en=en)
            continue
        for figure in found.figures:
            if of := point.interval(figure):
                yield PlanningRow(setting, figure.text, runs, of.mean, of.low, of.high)
