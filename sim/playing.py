"""One run of whatever can be run: a model with its parameters, or a planner's own network.

Rule: what is timed is the run alone; compiling an engine comes before, and what a report is made
from comes after.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from sim.engines import SIMPY, Engine, Progress, RunInterrupted, engine_of
from sim.models.model import Story
from sim.network import Exponential, Network, Scheduled, Source, Station
from sim.observation import CUSTOMERS_INSIDE_MAX, Observation
from sim.peak_memory import peak_rss_mb
from sim.result import SimulationResult, journeys_of, series_of, stations_of
from sim.stopped_run import story_of_stopped

SIMPY_INSIDE_MAX = 1_000_000

Tell = Callable[[Observation, Engine], Story]
"""Answers a planner's question from what was seen; may play variants with the same engine."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A network ready to be played, and what a report says beside its figures.

    `assumptions` are the inputs: name, value, unit, source, meaning in both languages.
    """

    name: str
    preset: str
    scale: float
    network: Network
    title_zh: str
    title_en: str
    first_s_of_day: float
    tell: Tell
    assumptions: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run gave: the figures, and all that was seen."""

    result: SimulationResult
    observation: Observation


def inside_max_of(engine: str) -> int:
    """How many customers may be inside at once: a run that needs more is stopped. A customer takes
    about 160 bytes of the compiled engine's memory and 1,450 of SimPy's.
    """
    return SIMPY_INSIDE_MAX if engine == SIMPY else CUSTOMERS_INSIDE_MAX


def make_ready(engine: str) -> None:
    """Load and compile an engine, which is done once on a machine."""
    station = Station("counter", ((0.0, 1),), Exponential(1.0))
    source = Source("street", "person", Scheduled(((0.0, 1),)), "counter")
    engine_of(engine)(Network("first words", 10.0, (station,), (source,)), 1)


def run_prepared(
    prepared: Prepared,
    seed: int,
    engine: str,
    *,
    digest: bool = False,
    traced: bool = False,
    measured_from_s: float = 0.0,
    progress: Progress | None = None,
) -> Run:
    """Play it once; a run that was broken off tells what is known so far instead of an answer.

    What happens before `measured_from_s`, the warm-up, is played and not counted: nor is it in the
    variants that an answer plays.
    """
    most = inside_max_of(engine)
    play: Engine = partial(engine_of(engine), measured_from_s=measured_from_s, inside_max=most)
    started = time.perf_counter()
    try:
        observation = play(prepared.network, seed, traced=digest or traced, progress=progress)
    except RunInterrupted as interrupted:
        observation = interrupted.observation
    wall_s = time.perf_counter() - started
    stopped = observation.stopped
    if stopped is not None:
        story = story_of_stopped(observation, stopped, most)
    else:
        story = prepared.tell(observation, play)
    trace = observation.trace if digest and stopped is None else None
    result = SimulationResult(
        model=prepared.name,
        preset=prepared.preset,
        engine=engine,
        seed=seed,
        scale=prepared.scale,
        customers=observation.customers,
        visits=observation.visits,
        events=observation.events,
        wall_s=wall_s,
        peak_rss_mb=peak_rss_mb(),
        stations=stations_of(observation),
        series=series_of(observation),
        journeys=journeys_of(observation),
        digest=trace.digest() if trace is not None else None,
        assumptions=prepared.assumptions,
        title_zh=prepared.title_zh,
        title_en=prepared.title_en,
        answer_zh=story.zh,
        answer_en=story.en,
        first_s_of_day=prepared.first_s_of_day,
        stopped=stopped,
        warm_up_s=measured_from_s,
        capacity={station.name: station.capacity for station in prepared.network.stations},
    )
    return Run(result, observation)
