"""What planning found, row by row, as a report's table has it."""

from __future__ import annotations

from collections.abc import Iterator

from scenarios.outcomes import PlanningRow
from sim.planning.alternatives import Sensitivity, Sweep
from sim.planning.questions import as_text
from sim.planning.sizing import Sizing
from sim.planning.staffing import Staffing
from testbed.planning.answers import stopped_words
from testbed.planning.clock import clock
from testbed.planning.found import Found, WhatIf


def rows_of(found: Found, first_s_of_day: float) -> list[PlanningRow]:
    """The rows; a setting that could not be played has one that says why."""
    match found:
        case Sizing():
            return [*_of_plan(found)]
        case Sweep():
            return [*_of_sweep(found)]
        case WhatIf():
            return [*_of_comparison(found)]
        case Sensitivity():
            return [*_of_sensitivity(found)]
        case Staffing():
            return [*_of_roster(found, first_s_of_day)]


def _of_plan(found: Sizing) -> Iterator[PlanningRow]:
    for trial in found.evidence:
        setting, runs = as_text(trial.setting), trial.replications
        if trial.stopped:
            yield _stopped(setting, runs, trial.stopped, trial.verdict)
            continue
        for each in trial.judged:
            of = each.found
            yield PlanningRow(
                setting, str(each.condition), runs, of.mean, of.low, of.high, each.verdict
            )


def _of_sweep(found: Sweep) -> Iterator[PlanningRow]:
    for point in found.points:
        setting, runs = as_text(point.setting), len(point.found.runs)
        if point.found.stopped:
            yield _stopped(setting, runs, point.found.stopped)
            continue
        for figure in found.figures:
            if of := point.interval(figure):
                yield PlanningRow(setting, figure.text, runs, of.mean, of.low, of.high)


def _of_comparison(found: WhatIf) -> Iterator[PlanningRow]:
    of, runs = found.comparison, found.comparison.replications // 2
    for setting, why in ((found.before, of.stopped_before), (found.after, of.stopped_after)):
        if why:
            yield _stopped(setting, of.replications, why)
    for each in of.figures:
        for setting, told in ((found.before, each.before), (found.after, each.after)):
            yield PlanningRow(setting, each.figure.text, runs, told.mean, told.low, told.high)
        yield PlanningRow(
            found.change, each.figure.text, runs, each.difference.mean, each.difference.low,
            each.difference.high, each.shown,
        )  # fmt: skip


def _of_sensitivity(found: Sensitivity) -> Iterator[PlanningRow]:
    if (base := found.as_it_is) is not None:
        runs = base.observations
        yield PlanningRow("—", found.figure.text, runs, base.mean, base.low, base.high)
    else:
        yield _stopped("—", 0, found.stopped)
    for swing in found.swings:
        setting, effect = f"{swing.name}: {swing.low:g} → {swing.high:g}", swing.effect
        if effect is None or swing.at_low is None or swing.at_high is None:
            stopped = f"{swing.name}={swing.stopped:g}"
            yield _stopped(stopped, 0, swing.why)
            continue
        ends = f"{found.figure.text}: {swing.at_low:.4g} → {swing.at_high:.4g}"
        shown = {0: "not shown", 1: "more", -1: "less"}[effect.sign]
        yield PlanningRow(
            setting, ends, effect.observations, effect.mean, effect.low, effect.high, shown
        )


def _of_roster(found: Staffing, first_s_of_day: float) -> Iterator[PlanningRow]:
    if not found.hours:
        yield _stopped(found.station, found.replications, found.stopped)
    for hour in found.hours:
        at = clock(first_s_of_day + hour.from_s)
        setting = f"{at}  {found.station}={hour.servers}"
        if not hour.judged:
            yield _stopped(setting, 0, found.stopped, hour.verdict)
        for each in hour.judged:
            of = each.found
            yield PlanningRow(
                setting, str(each.condition), of.observations, of.mean, of.low, of.high,
                each.verdict,
            )  # fmt: skip


def _stopped(setting: str, runs: int, why: str, verdict: str = "") -> PlanningRow:
    zh, en = stopped_words(why)
    return PlanningRow(setting, "", runs, verdict=verdict, stopped_zh=zh, stopped_en=en)
