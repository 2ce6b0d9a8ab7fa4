"""`onecard plan`: the least capacity that meets a service level."""

from __future__ import annotations

import math
from typing import Any

import click

from sim.parameters import Fault as FaultIn
from sim.parameters import FaultyParameters
from sim.planning.questions import Range, read_range
from sim.planning.replications import REPLICATIONS_MAX
from sim.planning.sizing import Inquiry, Price, cheapest, least
from sim.planning.targets.expressions import read_target
from sim.planning.targets.figures import names_of
from testbed.bilingual import option, verb
from testbed.command import root, summary
from testbed.faults import FELL_SHORT, HELD
from testbed.planning.call import Gathered, call_of, experiment_of, told_as_faults
from testbed.planning.handing_over import Typed, hand_over, print_written, wanted_of
from testbed.planning.interruptions import tell_trials, telling_what_is_known
from testbed.planning.options import handing_over_options, planning_options
from testbed.planning.pairs import pairs_of
from testbed.planning.progress import PlanningProgress
from testbed.planning.ranges import expect_ends
from testbed.planning.tables import print_sizing

FIGURES_ZH = """

目标由“指标 <=、>=、<、> 数”组成，用 and 连接；指标写作“站点.量”或“站点[类别].量”：

\b
wait_s.mean|p50|p95|p99.9|max   已服务者的等候时间（秒）
within(30)                      已服务者中等候不超过 30 秒的比例
served_within(30)               所有来者中 30 秒内得到服务的比例
visits served refused abandoned 人次
served_share refused_share abandoned_share
utilisation queue_max           整个站点
类别.journey_s.mean|p95|max     从到来到离开的时间（秒）

指标取各次运行的均值（如每天的 p95 的均值）：平均成立，并非每天都成立。"""
FIGURES_EN = """

A target is FIGURE <=, >=, < or > NUMBER, several joined by and; a figure is written
STATION.QUANTITY or STATION[CLASS].QUANTITY:

\b
wait_s.mean|p50|p95|p99.9|max   waits of those served, in seconds
within(30)                      share of those served who waited at most 30 s
served_within(30)               share of all who came, served after at most 30 s
visits served refused abandoned counts
served_share refused_share abandoned_share
utilisation queue_max           of the whole station
CLASS.journey_s.mean|p95|max    from coming to leaving for good, in seconds

A figure is the mean over runs: of a day's p95, say. It holds on average, not on every day."""
NEIGHBOURS = 3
"""Settings beside those of the bisection: the most, one step less, one step more."""


@verb(
    root,
    "plan",
    zh=summary("plan")["zh"] + FIGURES_ZH,
    en=summary("plan")["en"] + FIGURES_EN,
    examples=(
        "onecard plan metro-station --target 'gates.wait_s.p95 <= 30' --vary 'gates=4..12'",
        "onecard plan hall.toml --vary station.counter.servers=2..12 --report build \\",
        "  --target 'counter.wait_s.p95 <= 300 and counter.abandoned_share <= 5%'",
        "onecard plan metro-station --target 'gates.within(30) >= 95%' --vary 'gates=4..12' \\",
        "  --vary 'gates_off_peak=2..6' --cost gates=3 --cost gates_off_peak=2 --json -",
    ),
)
@click.argument("what", metavar="MODEL|FILE.toml")
@option(
    "--target",
    required=True,
    zh="目标，如 'gates.wait_s.p95 <= 30 and gates.abandoned_share <= 5%'",
    en="as 'gates.wait_s.p95 <= 30 and gates.abandoned_share <= 5%'",
)
@option(
    "--vary",
    multiple=True,
    required=True,
    zh="变动的数与范围，如 gates=4..12",
    en="a number and its bounds, as gates=4..12",
)
@option(
    "--cost",
    multiple=True,
    zh="每单位的成本，如 gates=3（默认 1）",
    en="price of one unit, as gates=3 (default 1)",
)
@handing_over_options(zh="容量曲线（变动一个数时）", en="the capacity curves (one number varied)")
@planning_options(REPLICATIONS_MAX)
def plan(what: str, target: str, vary: tuple[str, ...], cost: tuple[str, ...], **how: Any) -> int:
    """Search; exit 0 with an answer, 1 where no setting within the bounds holds."""
    wanted = wanted_of(how)
    with told_as_faults():
        faults, ranges = Gathered(), list[Range]()
        for text in vary:
            with faults:
                ranges.append(read_range(text))
        with faults:
            prices = _prices(cost, [text.partition("=")[0].strip() for text in vary])
        with faults:
            call = call_of(what, **how)
            with faults:
                expect_ends(call, ranges, "vary")
                most = call.question({each.name: each.values[-1] for each in ranges})
                aim = read_target(target, names_of(most))
        faults.tell()
        settings = sum(math.ceil(math.log2(len(each.values) + 1)) for each in ranges) + NEIGHBOURS
        inquiries: list[Inquiry] = []
        with (
            telling_what_is_known(lambda: tell_trials([t for i in inquiries for t in i.trials])),
            PlanningProgress(settings) as progress,
            experiment_of(call, most) as experiment,
        ):
            inquiry = Inquiry(call.question, aim, experiment, progress.tried)
            inquiries.append(inquiry)
            if len(ranges) == 1 and not prices:
                found = least(inquiry, ranges[0])
            else:
                found = cheapest(inquiry, ranges, prices)
    result = found.to_json() | {"call": call.to_json()}
    words = [*(f"--vary {text}" for text in vary), *(f"--cost {text}" for text in cost)]
    words = [f"--target '{target}'", *words]
    typed, held = Typed("onecard plan", words, REPLICATIONS_MAX), found.answer is not None
    written = hand_over(wanted, call, found, result, typed, held=held)
    if wanted.is_printed:
        print_sizing(found)
        print_written(written)
    return HELD if held else FELL_SHORT


def _prices(texts: tuple[str, ...], names: list[str]) -> tuple[Price, ...]:
    pairs, faults = pairs_of("cost", texts, "gates=3")
    prices = []
    for name, value in pairs.items():
        try:
            each = float(value or "nan")
        except ValueError:
            each = math.nan
        if name not in names:
            faults.append(FaultIn("cost", repr(name), f"one of {', '.join(names)}"))
        elif not 0 < each < math.inf:
            faults.append(FaultIn(f"cost {name}", repr(value), "a number above 0"))
        prices.append(Price(name, each))
    faults += [FaultIn("vary", repr(name), "once") for name in set(names) if names.count(name) > 1]
    if faults:
        raise FaultyParameters(tuple(faults))
    return tuple(prices)
