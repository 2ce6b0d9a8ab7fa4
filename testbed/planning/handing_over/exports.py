"""What planning found as a table for other programs: one row a figure of a setting, a parameter or
an hour. Seconds count from the start of the model; intervals are those of 95 %.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.planning.alternatives import Sensitivity, Sweep
from sim.planning.intervals import Interval
from sim.planning.sizing import Sizing
from sim.planning.staffing import Staffing
from testbed.planning.found import Found, WhatIf

Row = dict[str, Any]


def table_of(found: Found) -> tuple[str, list[Row]]:
    """The name of the table, and its rows, whose keys are its columns."""
    match found:
        case Sizing():
            return "settings", [*_of_plan(found)]
        case Sweep():
            return "settings", [*_of_sweep(found)]
        case WhatIf():
            return "differences", [*_of_comparison(found)]
        case Sensitivity():
            return "parameters", [*_of_sensitivity(found)]
        case Staffing():
            return "hours", [*_of_roster(found)]


def _of_plan(found: Sizing) -> Iterator[Row]:
    for trial in found.evidence:
        row = dict(trial.setting) | {"replications": trial.replications, "stopped": trial.stopped}
        if not trial.judged:
            yield row | {"condition": "", "verdict": trial.verdict} | _interval("estimate", None)
        for each in trial.judged:
            told = {"condition": str(each.condition), "verdict": each.verdict}
            yield row | told | _interval("estimate", each.found)


def _of_sweep(found: Sweep) -> Iterator[Row]:
    for point in found.points:
        runs, stopped = len(point.found.runs), point.found.stopped
        row = dict(point.setting) | {"replications": runs, "stopped": stopped}
        for figure in found.figures:
            yield row | {"figure": figure.text} | _interval("mean", point.interval(figure))


def _of_comparison(found: WhatIf) -> Iterator[Row]:
    for each in found.comparison.figures:
        yield (
            {"figure": each.figure.text}
            | _interval("before", each.before)
            | _interval("after", each.after)
            | _interval("difference", each.difference)
            | {"shown": each.shown}
        )


def _of_sensitivity(found: Sensitivity) -> Iterator[Row]:
    for swing in found.swings:
        yield {
            "parameter": swing.name,
            "low": swing.low,
            "high": swing.high,
            "at_low": swing.at_low,
            "at_high": swing.at_high,
            **_interval("change", swing.effect),
            "stopped": swing.why,
        }


def _of_roster(found: Staffing) -> Iterator[Row]:
    for hour in found.hours:
        row = {"from_s": hour.from_s, "offered_load": hour.load, "servers": hour.servers}
        if not hour.judged:
            yield row | {"condition": "", "verdict": hour.verdict} | _interval("estimate", None)
        for each in hour.judged:
            told = {"condition": str(each.condition), "verdict": each.verdict}
            yield row | told | _interval("estimate", each.found)


def _interval(name: str, interval: Interval | None) -> Row:
    if interval is None:
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    return {name: interval.mean, f"{name}_low": interval.low, f"{name}_high": interval.high}
