"""`onecard sim sweep` and `compare`: settings side by side."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import click

from sim.network import Network
from sim.parameters import Fault as FaultIn
from sim.parameters import FaultyParameters
from sim.planning.alternatives import compare, sweep
from sim.planning.alternatives.sweeps import Point
from sim.planning.questions import Range, Setting, as_setting, read_range
from sim.planning.replications import Replications
from sim.planning.targets.expressions import read_figure
from sim.planning.targets.figures import Figure, names_of, usual_figures
from testbed.bilingual import option, verb
from testbed.faults import FELL_SHORT, HELD
from testbed.planning.call import Gathered, call_of, experiment_of, told_as_faults
from testbed.planning.found import what_if, words_before
from testbed.planning.handing_over import Typed, hand_over, print_written, wanted_of
from testbed.planning.interruptions import tell_before, tell_points, telling_what_is_known
from testbed.planning.options import handing_over_options, planning_options
from testbed.planning.pairs import pairs_of
from testbed.planning.progress import PlanningProgress
from testbed.planning.ranges import expect_ends, told_as_typed
from testbed.planning.tables import print_comparison, print_sweep
from testbed.verbs.sim import sim

STATIONS_MAX = 12
FIGURE = {"zh": "指标，如 gates.wait_s.p95（可多次）", "en": "as gates.wait_s.p95, repeatable"}


@verb(
    sim,
    "sweep",
    zh="在一个网格上运行：每种设置的每个指标，附 95% 区间。",
    en="Run a grid of settings: every figure at every one, with 95 % intervals.",
    examples=(
        "onecard sim sweep metro-station --over gates=5..9",
        "onecard sim sweep metro-station --over gates=5..9 --report build --parquet build",
        "onecard sim sweep metro-station --over gates=5..9 --over gate_time_cv=0.2..0.6:0.2 \\",
        "  --figure gates.wait_s.p95 --json -",
    ),
)
@click.argument("what", metavar="MODEL|FILE.toml")
@option(
    "--over",
    multiple=True,
    required=True,
    zh="数与范围，如 gates=4..10 或 x=1..2:0.5",
    en="a number and its bounds, as gates=4..10 or x=1..2:0.5",
)
@option("--figure", "names", multiple=True, **FIGURE)
@handing_over_options(zh="曲线（变动一个数时）", en="the curves (one number varied)")
@planning_options()
def sweep_over(what: str, over: tuple[str, ...], names: tuple[str, ...], **how: Any) -> int:
    """Play every setting."""
    wanted = wanted_of(how)
    with told_as_faults():
        faults, ranges = Gathered(), list[Range]()
        with faults:
            call = call_of(what, **how)
        for text in over:
            with faults:
                ranges.append(read_range(text, "over"))
        faults.tell()
        expect_ends(call, ranges, "over")
        first = call.question({each.name: each.low for each in ranges})
        last = call.question({each.name: each.values[-1] for each in ranges})
        figures = _figures(names, first)
        points: list[Point] = []
        with (
            telling_what_is_known(lambda: tell_points(points)),
            PlanningProgress() as progress,
            experiment_of(call, first, last) as experiment,
        ):
            found = sweep(
                call.question, ranges, figures, experiment, progress.reached, played=points.append
            )
    result = {"call": call.to_json(), "points": found.to_json()}
    words = [f"--over {text}" for text in over] + [f"--figure {text}" for text in names]
    typed = Typed("onecard sim sweep", words)
    written = hand_over(wanted, call, found, result, typed, held=True)
    if wanted.is_printed:
        print_sweep(found)
        print_written(written)
    return HELD


@verb(
    sim,
    "compare",
    zh="如果……会怎样：两种设置面对同样的客流，差值附成对的 95% 区间。",
    en="What if: two settings meet the same people; differences with paired 95 % intervals.",
    examples=(
        "onecard sim compare metro-station --with gates=8",
        "onecard sim compare metro-station --set gates=7 --with gates=8 --with gates_off_peak=3",
        "onecard sim compare metro-station --with gates=8 --report build --csv build",
    ),
)
@click.argument("what", metavar="MODEL|FILE.toml")
@option(
    "--with",
    "changes",
    multiple=True,
    required=True,
    zh="改变的参数，如 gates=8（可多次）",
    en="what is changed, as gates=8, repeatable",
)
@option("--figure", "names", multiple=True, **FIGURE)
@handing_over_options(zh="差值图", en="a picture of the differences")
@planning_options()
def compare_with(what: str, changes: tuple[str, ...], names: tuple[str, ...], **how: Any) -> int:
    """Play both."""
    wanted = wanted_of(how)
    with told_as_faults():
        faults = Gathered()
        with faults:
            call = call_of(what, **how)
        with faults:
            change = _numbers(changes)
        faults.tell()
        before = call.question({})
        with ExitStack() as typed_as:
            for name, value in change:
                number = as_setting(value)
                typed_as.enter_context(told_as_typed(name, number, f"with {name}={number}"))
            after = call.question(dict(change))
        figures = _figures(names, before)
        known: list[Replications] = []
        with (
            telling_what_is_known(lambda: tell_before(words_before(call, change), known)),
            PlanningProgress() as progress,
            experiment_of(call, before, after) as experiment,
        ):
            compared = compare(
                before, after, figures, experiment, progress.replicated, known=known.append
            )
    found = what_if(call, change, compared)
    result = {"call": call.to_json(), "with": dict(change)} | compared.to_json()
    words = [f"--with {text}" for text in changes] + [f"--figure {text}" for text in names]
    typed, held = Typed("onecard sim compare", words), bool(compared.figures)
    written = hand_over(wanted, call, found, result, typed, held=held)
    if wanted.is_printed:
        print_comparison(found)
        print_written(written)
    return HELD if held else FELL_SHORT


def _figures(names: tuple[str, ...], network: Network) -> tuple[Figure, ...]:
    known = names_of(network)
    if not names and len(known.stations) > STATIONS_MAX:
        expected = "--figure STATION.QUANTITY: the usual figures of so many stations fill a book"
        raise FaultyParameters((FaultIn("figure", f"{len(known.stations)} stations", expected),))
    return tuple(read_figure(name, known) for name in names) or usual_figures(known)


def _numbers(texts: tuple[str, ...]) -> Setting:
    pairs, faults = pairs_of("with", texts, "gates=8")
    numbers = []
    for name, value in pairs.items():
        try:
            numbers.append((name, float(value)))
        except ValueError:
            faults.append(FaultIn("with", repr(f"{name}={value}"), "a number, as gates=8"))
    if faults:
        raise FaultyParameters(tuple(faults))
    return tuple(numbers)
