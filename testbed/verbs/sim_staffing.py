"""`onecard sim staffing`: servers by the hour."""

from __future__ import annotations

from typing import Any

import click

from sim.planning.replications import REPLICATIONS_MAX
from sim.planning.staffing import Staffing, staff
from sim.planning.staffing.hours import PERIOD_S
from sim.planning.targets.expressions import read_target
from sim.planning.targets.figures import names_of
from testbed.bilingual import option, verb
from testbed.faults import FELL_SHORT, HELD
from testbed.planning.call import call_of, experiment_of, told_as_faults
from testbed.planning.handing_over import Typed, hand_over, print_written, wanted_of
from testbed.planning.interruptions import tell_roster, telling_what_is_known
from testbed.planning.options import handing_over_options, planning_options
from testbed.planning.progress import PlanningProgress
from testbed.planning.tables import print_staffing
from testbed.verbs.sim import sim


@verb(
    sim,
    "staffing",
    zh="按时段排班：每个时段都满足目标的最少服务台。",
    en="Servers by the hour: the fewest with which the target holds in every hour.",
    examples=(
        "onecard sim staffing metro-station --station gates --target 'gates.within(30) >= 90%'",
        "onecard sim staffing metro-station --station gates --target 'gates.wait_s.mean <= 20' \\",
        "  --period 1800 --json -",
        "onecard sim staffing metro-station --station gates --target 'gates.within(30) >= 90%' \\",
        "  --report build --csv build",
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
    default=PERIOD_S,
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
@handing_over_options(zh="排班图", en="a picture of the roster")
@planning_options(REPLICATIONS_MAX)
def staffing_of(what: str, station: str, target: str, period: float, least: int, **how: Any) -> int:
    """Search; exit 0 with a roster that holds, 1 without."""
    wanted = wanted_of(how)
    with told_as_faults():
        call = call_of(what, **how)
        network = call.question({})
        aim = read_target(target, names_of(network))
        known: list[Staffing] = []
        with (
            telling_what_is_known(lambda: tell_roster(known, call.first_s_of_day)),
            PlanningProgress() as progress,
            experiment_of(call) as experiment,
        ):
            found = staff(
                network, station, aim, experiment,
                period_s=period, least=least, tried=progress.roster_tried, known=known.append,
            )  # fmt: skip
    result = {"call": call.to_json()} | found.to_json()
    words = [f"--station {station}", f"--target '{target}'"]
    words += [f"--period {period:g}"] * (period != PERIOD_S) + [f"--least {least}"] * (least > 1)
    typed = Typed("onecard sim staffing", words, REPLICATIONS_MAX)
    written = hand_over(wanted, call, found, result, typed, held=found.ok)
    if wanted.is_printed:
        print_staffing(found, call.first_s_of_day)
        print_written(written)
    return HELD if found.ok else FELL_SHORT
