"""`onecard sim sensitivity`: which parameter moves a figure most."""

from __future__ import annotations

from typing import Any

import click

from sim.parameters import Fault as FaultIn
from sim.parameters import FaultyParameters
from sim.planning.alternatives import Sensitivity, sensitivity
from sim.planning.alternatives.sensitivity import Movable
from sim.planning.targets.expressions import read_figure
from sim.planning.targets.figures import names_of
from testbed.bilingual import option, verb
from testbed.faults import HELD
from testbed.planning.call import Gathered, call_of, experiment_of, told_as_faults
from testbed.planning.handing_over import Typed, hand_over, print_written, wanted_of
from testbed.planning.interruptions import tell_swings, telling_what_is_known
from testbed.planning.options import handing_over_options, planning_options
from testbed.planning.progress import PlanningProgress
from testbed.planning.tables import print_sensitivity
from testbed.verbs.sim import sim

BY = 0.1


@verb(
    sim,
    "sensitivity",
    zh="哪个参数最影响结果：每个参数各自上下变动一点，按影响排序，附 95% 区间。",
    en="Which parameter moves the answer most: each moved a little by itself, ranked, with 95 % "
    "intervals.",
    examples=(
        "onecard sim sensitivity metro-station --figure gates.wait_s.p95",
        "onecard sim sensitivity metro-station --figure gates.wait_s.mean --by 0.2 --only gates",
        "onecard sim sensitivity metro-station --figure gates.wait_s.p95 --report build",
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
@handing_over_options(zh="各参数影响图", en="a picture of the parameters")
@planning_options()
def sensitivity_of(what: str, name: str, by: float, only: tuple[str, ...], **how: Any) -> int:
    """Move each."""
    wanted = wanted_of(how)
    with told_as_faults():
        call = call_of(what, **how)
        network = call.question({})
        faults = Gathered()
        with faults:
            figure = read_figure(name, names_of(network))
        with faults:
            numbers = _numbers_to_move(call.movables(), only, by)
        faults.tell()
        known: list[Sensitivity] = []
        with (
            telling_what_is_known(lambda: tell_swings(known)),
            PlanningProgress() as progress,
            experiment_of(call, network) as experiment,
        ):
            found = sensitivity(
                call.question, numbers, by, figure, experiment,
                moved=progress.moved, known=known.append,
            )  # fmt: skip
    result = {"call": call.to_json(), "by": by} | found.to_json()
    words = [f"--figure {name}", f"--by {by:g}", *(f"--only {each}" for each in only)]
    typed = Typed("onecard sim sensitivity", words)
    written = hand_over(wanted, call, found, result, typed, held=True)
    if wanted.is_printed:
        print_sensitivity(found)
        print_written(written)
    return HELD


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
