"""Replications: one network played again and again with other random numbers.

Rules: replication n of a seed always draws the same numbers, whatever is compared and wherever it
is played, so two settings meet the same customers (common random numbers); replication 0 plays the
seed itself. Replications are counted in rounds of a size known beforehand, and results are put in
order before anything is reckoned: neither the number of processes nor the order of arrival changes
a bit. What comes back of a run are the figures asked for, not what was seen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sim.engines import DEFAULT, engine_of
from sim.network import Network
from sim.observation import CROWDED, CUSTOMERS_INSIDE_MAX, Observation
from sim.planning.intervals import Interval, interval_of, observations_of
from sim.planning.targets.crowds import CROWDS, is_crowded, may_hold_more, surely_inside
from sim.planning.targets.expressions import Condition
from sim.planning.targets.figures import Figure, bounds_of, expect_places, value_of
from sim.planning.targets.foregone import foregone
from sim.planning.workers import Workers

REPLICATIONS_MIN = 8
REPLICATIONS_MAX = 256
FIRST_RUNS = 2
"""Where nobody can serve what comes, these are broken off, and more would tell nothing new."""

Told = Callable[[int, int], None]
"""Told now and then: replications done, replications planned so far."""


@dataclass(frozen=True, slots=True)
class Runs:
    """How replications are played.

    Args:
        seed: of replication 0; those of the others follow from it.
        engine: its name.
        antithetic: replications in pairs, the second with 1 - u where the first drew u.
        measured_from_s: what happens before is played, not counted: the warm-up.
        inside_max: with more customers inside at once a run is broken off.
    """

    seed: int = 1
    engine: str = DEFAULT
    antithetic: bool = False
    measured_from_s: float = 0.0
    inside_max: int = CUSTOMERS_INSIDE_MAX


@dataclass(frozen=True, slots=True)
class Effort:
    """How many replications: from the fewest, doubled as long as needed, to the most.

    With `precision` they go on until every interval's half width is at most that share of its mean.
    Even numbers, so that antithetic pairs are whole.
    """

    replications_min: int = REPLICATIONS_MIN
    replications_max: int = REPLICATIONS_MAX
    precision: float | None = None

    def rounds(self) -> tuple[int, ...]:
        """How many replications there are after each round."""
        rounds = [min(self.replications_min, self.replications_max)]
        while rounds[-1] < self.replications_max:
            rounds.append(min(2 * rounds[-1], self.replications_max))
        return tuple(rounds)


@dataclass(frozen=True, slots=True)
class Experiment:
    """How, how often and where replications are played."""

    runs: Runs
    effort: Effort
    workers: Workers


@dataclass(frozen=True, slots=True)
class Task:
    """One replication of one network, to be played anywhere.

    With `conditions` it is stopped as soon as one of them is certain to be missed in it.
    """

    network: Network
    replication: int
    runs: Runs
    figures: tuple[Figure, ...]
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Estimates:
    """The figures of one run, in the order asked for; `stopped` says why it was broken off.

    Where a condition is `foregone` they are bounds, each on the side on which its condition is
    missed, or NaN.
    """

    replication: int
    values: tuple[float, ...]
    stopped: str = ""
    foregone: bool = False


@dataclass(frozen=True, slots=True)
class Replications:
    """What the replications of one network gave, in order of their number."""

    figures: tuple[Figure, ...]
    runs: tuple[Estimates, ...]
    antithetic: bool = False

    @property
    def stopped(self) -> str:
        """Why the first run that was broken off was; empty where none was."""
        return next((run.stopped for run in self.runs if run.stopped), "")

    @property
    def foregone(self) -> bool:
        """Whether some figures are bounds, of runs that were certain to miss a condition."""
        return any(run.foregone for run in self.runs)

    def observations(self, figure: Figure) -> tuple[float, ...]:
        """Independent observations of a figure: of each run, or of each antithetic pair."""
        at = self.figures.index(figure)
        values = [run.values[at] for run in self.runs]
        return observations_of(values, antithetic=self.antithetic)

    def interval(self, figure: Figure) -> Interval:
        """The mean of a figure and its 95 % interval, within what the figure can be."""
        return interval_of(self.observations(figure), bounds=bounds_of(figure))

    def is_within(self, precision: float, figures: Sequence[Figure]) -> bool:
        """Whether the half width of each of these is at most that share of its mean."""
        return all(self.interval(each).relative_half_width <= precision for each in figures)


def seed_of(seed: int, replication: int) -> int:
    """The seed of a replication: of 0 the seed itself, of others a hash of both."""
    if replication == 0:
        return seed
    told = sha256(f"{seed} replication {replication}".encode()).digest()
    return int.from_bytes(told[:8], "little")


def play_one(task: Task) -> Estimates:
    """Play a replication; a pair of antithetic ones shares a seed.

    Where so many come that a run may hold too many, or where a condition may be missed, it is
    stopped at a crowd first, to see what is certain.
    """
    most_inside = task.runs.inside_max
    may_overflow = may_hold_more(task.network, most_inside)
    looked_at = [most for most in CROWDS if most < most_inside]
    for most in looked_at if task.conditions or may_overflow else ():
        seen = _play(task, most)
        if not is_crowded(seen):
            return _estimates(task, seen)
        bounds = foregone(task.figures, task.conditions, seen)
        if bounds is not None:
            return Estimates(task.replication, bounds, foregone=True)
        if may_overflow and surely_inside(seen, task.runs.measured_from_s) > most_inside:
            unknown = (math.nan,) * len(task.figures)
            return Estimates(task.replication, unknown, CROWDED)
    return _estimates(task, _play(task, most_inside))


def _play(task: Task, inside_max: int) -> Observation:
    runs, number = task.runs, task.replication
    pair, second = divmod(number, 2) if runs.antithetic else (number, 0)
    return engine_of(runs.engine)(
        task.network,
        seed_of(runs.seed, pair),
        antithetic=bool(second),
        measured_from_s=runs.measured_from_s,
        inside_max=inside_max,
    )


def _estimates(task: Task, seen: Observation) -> Estimates:
    values = tuple(value_of(figure, seen) for figure in task.figures)
    return Estimates(task.replication, values, seen.stopped.reason if seen.stopped else "")


def replicate(
    network: Network,
    figures: Sequence[Figure],
    experiment: Experiment,
    told: Told | None = None,
    *,
    narrow: Sequence[Figure] | None = None,
) -> Replications:
    """Play a network until every interval is as narrow as asked, or as often as allowed.

    Without a `precision` it is played `replications_max` times. `FIRST_RUNS` come first: where they
    are broken off no more are played. `narrow` are those of the figures whose intervals count; all
    of them where it is not given.
    """
    effort = experiment.effort
    rounds = effort.rounds() if effort.precision is not None else (effort.replications_max,)

    def told_of_round(done: int, _: int) -> None:
        if told is not None:
            told(done, rounds[0])

    found = Replications(tuple(figures), (), experiment.runs.antithetic)
    found = more(found, network, min(FIRST_RUNS, rounds[0]), experiment, told_of_round)
    for until in rounds:
        if found.stopped:
            break
        found = more(found, network, until, experiment, told)
        if found.stopped or effort.precision is None:
            break
        if found.is_within(effort.precision, found.figures if narrow is None else narrow):
            break
    return found


def more(
    found: Replications,
    network: Network,
    until: int,
    experiment: Experiment,
    told: Told | None = None,
    *,
    conditions: tuple[Condition, ...] = (),
) -> Replications:
    """The same with replications added, until there are so many; of these each is stopped as soon
    as it is certain to miss one of the `conditions`.

    Raises `FaultyParameters` where the network has no such places.
    """
    expect_places(found.figures, network)
    begun, runs = len(found.runs), experiment.runs
    tasks = [
        Task(network, number, runs, found.figures, conditions) for number in range(begun, until)
    ]
    played: list[Estimates] = []
    for estimates in experiment.workers.map(play_one, tasks):
        played.append(estimates)
        if told is not None:
            told(begun + len(played), until)
    in_order = sorted((*found.runs, *played), key=lambda run: run.replication)
    return Replications(found.figures, tuple(in_order), found.antithetic)
