"""Runs a model by its name: what the command `onecard sim run` and the main job call.

Rule: all that is wrong with a call is reported at once, before anything runs.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Mapping

from sim.engines import ENGINES, SIMPY, engine_of
from sim.models import MODELS
from sim.models.model import Model, Values
from sim.network import FaultyNetwork, Network
from sim.observation import Observation
from sim.parameters import Fault, FaultyParameters, assumptions_of, values_of
from sim.random_numbers import MASK_64
from sim.result import SimulationResult, series_of, stations_of

SCALE_MAX = 1000.0


def models() -> tuple[Model, ...]:
    """Every model, for `onecard sim list`."""
    return tuple(MODELS.values())


def run_model(
    model: str,
    preset: str = "",
    seed: int = 1,
    scale: float = 1.0,
    settings: Mapping[str, str | float] | None = None,
    *,
    digest: bool = False,
    engine: str = SIMPY,
) -> SimulationResult:
    """Run one model once.

    `preset` empty means the model's first; `scale` multiplies the people, and sites and servers as
    the model says; `settings` overrides parameters by name; `engine` is one of `sim.engines`. The
    same arguments give the same result, but for `wall_s` and `peak_rss_mb`.

    Raises `FaultyParameters` with every fault of the call.
    """
    settings = settings or {}
    faults: list[Fault] = []
    chosen = MODELS.get(model)
    if chosen is None:
        faults.append(Fault("model", repr(model), "one of " + ", ".join(MODELS)))
    if not 0 <= seed <= MASK_64:
        faults.append(Fault("seed", repr(seed), "a whole number from 0 to 2**64 - 1"))
    if not 0 < scale <= SCALE_MAX:
        faults.append(Fault("scale", repr(scale), f"a number above 0, at most {SCALE_MAX:g}"))
    if engine not in ENGINES:
        faults.append(Fault("engine", repr(engine), "one of " + ", ".join(ENGINES)))
    if chosen is None:
        raise FaultyParameters(tuple(faults))
    preset = preset or next(iter(chosen.presets))
    if preset not in chosen.presets:
        faults.append(Fault("preset", repr(preset), "one of " + ", ".join(chosen.presets)))
    planned = chosen.presets.get(preset, {})
    try:
        values = values_of(chosen.parameters, planned, settings)
    except FaultyParameters as found:
        faults += found.faults
    if faults:
        raise FaultyParameters(tuple(faults))

    def play_variant(variant: Network) -> Observation:
        return engine_of(engine)(variant, seed)

    started = time.perf_counter()
    observation = engine_of(engine)(network_of(chosen, values, scale), seed, traced=digest)
    wall_s = time.perf_counter() - started
    story = chosen.answer(values, scale, observation, play_variant)
    return SimulationResult(
        model=model,
        preset=preset,
        engine=engine,
        seed=seed,
        scale=scale,
        customers=observation.customers,
        visits=observation.visits,
        events=observation.events,
        wall_s=wall_s,
        peak_rss_mb=peak_rss_mb(),
        stations=stations_of(observation),
        series=series_of(observation),
        digest=observation.trace.digest() if observation.trace is not None else None,
        assumptions=assumptions_of(chosen.parameters, values, planned, chosen.sources.get(preset)),
        title_zh=chosen.title_zh,
        title_en=chosen.title_en,
        answer_zh=story.zh,
        answer_en=story.en,
        first_s_of_day=chosen.first_s_of_day,
    )


def network_of(model: Model, values: Values, scale: float) -> Network:
    """The network of a model. Raises `FaultyParameters` where no engine could play it: each value
    may be right, and all of them together, or a large scale, be too much.
    """
    try:
        return model.build(values, scale)
    except FaultyNetwork as found:
        raise FaultyParameters(found.faults) from None


def peak_rss_mb() -> float:
    """The most memory this process has held so far, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
