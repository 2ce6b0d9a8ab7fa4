"""`onecard sim sweep`, `compare`, `sensitivity`, `staffing`: settings side by side, and rosters."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from sim.network import Network
from sim.parameters import Fault as FaultIn
from sim.parameters import FaultyParameters
from sim.planning.alternatives import compare, sensitivity, sweep
from sim.planning.alternatives.sensitivity import Movable
from sim.planning.alternatives.sweeps import Point, Sweep
from sim.planning.questions import Range, Setting, as_text, read_range
from sim.planning.replications import REPLICATIONS_MAX
from sim.planning.staffing import staff
from sim.planning.targets.expressions import read_figure, read_target
from sim.planning.targets.figures import Figure, names_of, usual_figures
from testbed.answers import STANDARD_OUTPUT, write_json
from testbed.bilingual import option, verb
from testbed.faults import FELL_SHORT, HELD
from testbed.language import say
from testbed.planning.call import Gathered, call_of, experiment_of, pairs_of, told_as_faults
from testbed.planning.curves import write_curves
from testbed.planning.options import planning_options, report_option
from testbed.planning.progress import PlanningProgress
from testbed.planning.report import command_of, told_of_planning
from testbed.planning.tables import (
    print_comparison,
    print_points,
    print_sensitivity,
    print_staffing,
    print_sweep,
)
from testbed.single_report import write_single_report
from testbed.verbs.sim import sim

BY = 0.1
STATIONS_MAX = 12
FIGURE = {"zh": "指标，如 gates.wait_s.p95（可多次）", "en": "as gates.wait_s.p95, repeatable"}


@verb(
    sim,
    "sweep",
    zh="在一个网格上运行：每种设置的每个指标，附 95% 区间。",
    en="Run a grid of settings: every figure at every one, with 95 % intervals.",
    examples=(
        "onecard sim sweep metro-station --over gates=5..9",
        "onecard sim sweep metro-station --over gates=5..9 --report build",
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
@option(
    "--plot",
    type=Path,
    zh="把曲线写入此目录（变动一个数时）",
    en="write the curves into this folder (one number varied)",
)
@report_option
@planning_options()
def sweep_over(
    what: str,
    over: tuple[str, ...],
    names: tuple[str, ...],
    plot: Path | None,
    report_folder: Path | None,
    json_file: str | None,
    **how: Any,
) -> int:
    """Play every setting."""
    began_s = time.monotonic()
    with told_as_faults():
        faults, ranges = Gathered(), list[Range]()
        with faults:
            call = call_of(what, **how)
        for text in over:
            with faults:
                ranges.append(read_range(text, "over"))
        faults.tell()
        first = call.question({each.name: each.low for each in ranges})
        last = call.question({each.name: each.values[-1] for each in ranges})
        figures = _figures(names, first)
        points: list[Point] = []
        try:
            with PlanningProgress() as progress, experiment_of(call, first, last) as experiment:
                found = sweep(
                    call.question, ranges, figures, experiment, progress.reached,
                    played=points.append,
                )  # fmt: skip
        except KeyboardInterrupt:
            print_points(Sweep(figures, tuple(points)))
            raise
    result = {"call": call.to_json(), "points": found.to_json()}
    written = [*write_curves(found, plot)] if plot else []
    if report_folder is not None:
        words = [f"--over {text}" for text in over] + [f"--figure {text}" for text in names]
        command = command_of("onecard sim sweep", call, words)
        told = told_of_planning(call, found, result)
        spent_s = time.monotonic() - began_s
        page = write_single_report(told, report_folder, command, held=True, duration_s=spent_s)
        written.append(page)
    if json_file:
        write_json(json_file, result)
    if json_file != STANDARD_OUTPUT:
        print_sweep(found)
        for path in written:
            print(f"{say('已写入', 'written')}: {path}")
    return HELD


@verb(
    sim,
    "compare",
    zh="如果……会怎样：两种设置面对同样的客流，差值附成对的 95% 区间。",
    en="What if: two settings meet the same people; differences with paired 95 % intervals.",
    examples=(
        "onecard sim compare metro-station --with gates=8",
        "onecard sim compare metro-station --set gates=7 --with gates=8 --with gates_off_peak=3",
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
@planning_options()
def compare_with(
    what: str, changes: tuple[str, ...], names: tuple[str, ...], json_file: str | None, **how: Any
) -> int:
    """Play both."""
    with told_as_faults():
        faults = Gathered()
        with faults:
            call = call_of(what, **how)
        with faults:
            change = _numbers(changes)
        faults.tell()
        before, after = call.question({}), call.question(dict(change))
        figures = _figures(names, before)
        with PlanningProgress() as progress, experiment_of(call, before, after) as experiment:
            found = compare(before, after, figures, experiment, progress.replicated)
    if json_file:
        told = {"call": call.to_json(), "with": dict(change)} | found.to_json()
        write_json(json_file, told)
    if json_file != STANDARD_OUTPUT:
        print_comparison(found, say("现在", "as it is"), as_text(change))
    return HELD if found.figures else FELL_SHORT


@verb(
    sim,
    "sensitivity",
    zh="哪个参数最影响结果：每个参数各自上下变动一点，按影响排序，附 95% 区间。",
    en="Which parameter moves the answer most: each moved a little by itself, ranked, with 95 % "
    "intervals.",
    examples=(
        "onecard sim sensitivity metro-station --figure gates.wait_s.p95",
        "onecard sim sensitivity metro-station --figure gates.wait_s.mean --by 0.2 --only gates",
    ),
)
@click.argument("what", metavar="MODEL|FILE.toml")
@option("--figure", "name", required=True, zh="指标，如 gates.wait_s.p95", en="as gates.wait_s.p95")
@option(
    "--by",
    type=float,
    default=BY,
    show_default=True,
    zh="变动的比例",
    en="share of the value it is moved by",
)
@option("--only", multiple=True, zh="只看这些参数（可多次）", en="only this parameter, repeatable")
@planning_options()
def sensitivity_of(
    what: str, name: str, by: float, only: tuple[str, ...], json_file: str | None, **how: Any
) -> int:
    """Move each."""
    with told_as_faults():
        call = call_of(what, **how)
        network = call.question({})
        faults = Gathered()
        with faults:
            figure = read_figure(name, names_of(network))
        with faults:
            numbers = _numbers_to_move(call.movables(), only, by)
        faults.tell()
        with PlanningProgress() as progress, experiment_of(call, network) as experiment:
            found = sensitivity(
                call.question, numbers, by, figure, experiment, moved=progress.moved
            )
    if json_file:
        write_json(json_file, {"call": call.to_json(), "by": by} | found.to_json())
    if json_file != STANDARD_OUTPUT:
        print_sensitivity(found)
    return HELD


@verb(
    sim,
    "staffing",
    zh="按时段排班：每个时段都满足目标的最少服务台。",
    en="Servers by the hour: the fewest with which the target holds in every hour.",
    examples=(
        "onecard sim staffing metro-station --station gates --target 'gates.within(30) >= 90%'",
        "onecard sim staffing metro-station --station gates --target 'gates.wait_s.mean <= 20' \\",
        "  --period 1800 --json -",
    ),
)
@click.argument("what", metavar="MODEL|FILE.toml")
@option("--station", required=True, zh="站点", en="the station")
@option(
    "--target",
    required=True,
    zh="每个时段的目标，如 'gates.within(30) >= 90%'",
    en="of every period, as 'gates.within(30) >= 90%'",
)
@option(
    "--period",
    type=float,
    default=3600.0,
    show_default=True,
    zh="时段长度，秒",
    en="length of a period in seconds",
)
@option(
    "--least",
    type=int,
    default=1,
    show_default=True,
    zh="每个时段至少",
    en="at least so many in every period",
)
@planning_options(REPLICATIONS_MAX)
def staffing_of(
    what: str,
    station: str,
    target: str,
    period: float,
    least: int,
    json_file: str | None,
    **how: Any,
) -> int:
    """Search; exit 0 with a roster that holds, 1 without."""
    with told_as_faults():
        call = call_of(what, **how)
        network = call.question({})
        wanted = read_target(target, names_of(network))
        with PlanningProgress() as progress, experiment_of(call) as experiment:
            found = staff(
                network, station, wanted, experiment,
                period_s=period, least=least, tried=progress.roster_tried,
            )  # fmt: skip
    if json_file:
        write_json(json_file, {"call": call.to_json()} | found.to_json())
    if json_file != STANDARD_OUTPUT:
        print_staffing(found, call.first_s_of_day)
    return HELD if found.ok else FELL_SHORT


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


def _numbers_to_move(
    known: tuple[Movable, ...], only: tuple[str, ...], by: float
) -> tuple[Movable, ...]:
    names = [each.name for each in known]
    faults = [
        FaultIn("only", repr(name), f"one of {', '.join(names)}")
        for name in only
        if name not in names
    ]
    if not 0 < by < 1:
        faults.append(FaultIn("by", repr(by), "a share between 0 and 1"))
    if faults:
        raise FaultyParameters(tuple(faults))
    return tuple(each for each in known if not only or each.name in only)
