"""`sim run --replications`: the intervals beside the figures of one run."""

from __future__ import annotations

from typing import Any

from sim.network import Network
from sim.parameters import Fault, FaultyParameters
from sim.planning.replications import Effort, Experiment, Replications, Runs
from sim.planning.station_intervals import ci95_of, replicate_stations
from sim.planning.targets.figures import WAIT_S
from sim.planning.workers import workers_of
from sim.run import Call
from testbed.language import say
from testbed.planning.call import FEWEST, told_as_faults
from testbed.planning.progress import PlanningProgress
from testbed.planning.tables import print_intervals

TOLD = (f"{WAIT_S}.mean", f"{WAIT_S}.p95", "utilisation", "queue_max")
"""Of each station on a terminal; the JSON has them all."""


def replicate_run(network: Network, call: Call, replications: int, scheduler: str) -> Replications:
    """So many runs, the first with the seed of the call. Raises `Fault`."""
    with told_as_faults():
        if replications < FEWEST:
            expected = f"at least {FEWEST}, or 1 without intervals"
            raise FaultyParameters((Fault("replications", repr(replications), expected),))
        effort = Effort(replications, replications)
        with PlanningProgress() as progress, workers_of(scheduler) as workers:
            experiment = Experiment(Runs(call.seed, call.engine), effort, workers)
            return replicate_stations(network, experiment, progress.replicated)


def intervals_as_json(found: Replications) -> dict[str, Any]:
    """What the JSON of `sim run` has more with replications."""
    ci95 = None if found.stopped else ci95_of(found)
    return {"replications": len(found.runs), "ci95": ci95}


def print_run_intervals(found: Replications) -> None:
    """The usual figures of each station, with their intervals."""
    if found.stopped:
        print(say("有运行被中止，没有区间。", "Runs were broken off: there are no intervals."))
        return
    told = [figure for figure in found.figures if figure.text.endswith(TOLD)]
    print(say(f"{len(found.runs)} 次运行：", f"{len(found.runs)} runs:"))
    print_intervals([(figure.text, found.interval(figure)) for figure in told])
