"""`onecard sim run` again and again: how often, in pairs or not, after what warm-up, how narrow.

The words are those of `onecard plan`. A run alone has no interval; with `--replications` it is
played so often, with `--precision` until the intervals are narrow enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sim.network import Network
from sim.parameters import Fault as FaultIn
from sim.parameters import FaultyParameters
from sim.planning.replications import REPLICATIONS_MIN, Effort, Experiment, Replications, Runs
from sim.planning.station_intervals import ci95_of, mean_waits, replicate_stations
from sim.planning.targets.expressions import read_figure
from sim.planning.targets.figures import Figure, names_of
from sim.planning.workers import workers_of
from sim.playing import Run
from testbed.planning.call import FEWEST, expect_warm_up, faults_of_effort, warm_up_until_s
from testbed.planning.progress import PlanningProgress
from testbed.simulation_runs import RunWasInterrupted


@dataclass(frozen=True, slots=True)
class Repeats:
    """How a run is repeated; `figures` are those whose intervals `precision` speaks of, of which
    `named` were asked for by name.
    """

    runs: Runs
    effort: Effort
    figures: tuple[Figure, ...]
    named: tuple[Figure, ...]
    warm_up: str
    scheduler: str

    @property
    def is_one(self) -> bool:
        """Whether it is played once, without an interval."""
        return self.effort.replications_max == 1

    def words(self) -> list[str]:
        """What is typed to ask for it, where a run is not played once, from its beginning."""
        words: list[str] = []
        if self.effort.precision is not None:
            figures = [f"--figure {each.text}" for each in self.named]
            words += [f"--precision {self.effort.precision:g}", *figures]
            words.append(f"--replications-max {self.effort.replications_max}")
        elif not self.is_one:
            words.append(f"--replications {self.effort.replications_max}")
        if self.runs.antithetic:
            words.append("--antithetic")
        return [*words, f"--warm-up {self.warm_up}"] if self.warm_up != "0" else words


def repeats_of(
    network: Network,
    runs: Runs,
    *,
    replications: int,
    replications_max: int,
    precision: float | None,
    figures: tuple[str, ...],
    warm_up: str,
    scheduler: str,
) -> Repeats:
    """How a run of this network is repeated. Raises `FaultyParameters` with all faults."""
    faults: list[FaultIn] = []
    read: tuple[Figure, ...] = ()
    try:
        expect_warm_up(warm_up, network)
    except FaultyParameters as found:
        faults += found.faults
    try:
        read = tuple(read_figure(text, names_of(network)) for text in figures)
    except FaultyParameters as found:
        faults += found.faults
    if figures and precision is None:
        faults.append(FaultIn("figure", "no --precision", "--precision: how narrow its interval"))
    if precision is not None:
        faults += faults_of_effort(replications_max, precision, antithetic=runs.antithetic)
        if replications > replications_max:
            faults.append(
                FaultIn("replications", repr(replications), f"at most {replications_max}")
            )
    elif runs.antithetic and (replications < FEWEST or replications % 2):
        faults.append(
            FaultIn("replications", repr(replications), f"at least {FEWEST}, even: pairs")
        )
    if faults:
        raise FaultyParameters(tuple(faults))
    if precision is None:
        effort = Effort(replications, replications)
    else:
        least = REPLICATIONS_MIN if replications == 1 else replications + replications % 2
        effort = Effort(max(least, FEWEST), replications_max, precision)
    return Repeats(runs, effort, read or mean_waits(network), read, warm_up, scheduler)


def warmed_up(repeats: Repeats, network: Network) -> Repeats:
    """The same with its warm-up known: by MSER-5 some runs are played first. Raises `Fault`."""
    with workers_of(repeats.scheduler) as workers:
        until_s = warm_up_until_s(repeats.warm_up, (network,), repeats.runs, workers)
    return replace(repeats, runs=replace(repeats.runs, measured_from_s=until_s))


def with_intervals(run: Run, repeats: Repeats) -> Run:
    """The run with 95 % intervals of its replications, of which it is the first; played on this
    machine, or by the workers of a Dask scheduler. Without `ci95` where one was broken off.

    Raises `RunWasInterrupted`, `NoScheduler`.
    """
    network, effort = run.observation.network, repeats.effort
    with PlanningProgress() as progress, workers_of(repeats.scheduler) as workers:
        try:
            experiment = Experiment(repeats.runs, effort, workers)
            found = replicate_stations(
                network, experiment, progress.replicated, narrow=repeats.figures
            )
        except KeyboardInterrupt:
            raise RunWasInterrupted(
                "已中断：区间尚未算出。", "Interrupted before the intervals were known."
            ) from None
    told = replace(
        run.result,
        ci95={} if found.stopped else ci95_of(found),
        replications=len(found.runs),
        antithetic=found.antithetic,
        precision=_precision(found, effort.precision, repeats.figures),
    )
    return Run(told, run.observation)


def _precision(
    found: Replications, asked: float | None, figures: Sequence[Figure]
) -> dict[str, object]:
    if asked is None:
        return {}
    widths = {each.text: found.interval(each).relative_half_width for each in figures}
    reached = not found.stopped and found.is_within(asked, figures)
    told = {name: None if width == float("inf") else width for name, width in widths.items()}
    return {"asked": asked, "reached": reached, "figures": told}
