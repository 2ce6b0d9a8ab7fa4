"""What `onecard sim run` and the main job can run: models by their name, files by their path.

Rule: all that is wrong with a call is reported at once, before anything runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sim.endless_work import endless_work_of
from sim.engines import DEFAULT, ENGINES, SIMPY, Engine
from sim.fault_sentences import in_both_languages
from sim.models import MODELS
from sim.models.model import Model, Story, Values
from sim.network import FaultyNetwork, Network
from sim.network_file import FaultyFile, FileFault, NetworkFile
from sim.observation import Observation
from sim.parameters import Fault, FaultyParameters, assumptions_of, values_of
from sim.playing import Prepared, run_prepared
from sim.random_numbers import MASK_64
from sim.result import SimulationResult
from sim.story_of_network import story_of_network

SCALE_MAX = 1000.0
FILE_SUFFIX = ".toml"

Settings = Mapping[str, str | float]


@dataclass(frozen=True, slots=True)
class Call:
    """How something is run: preset (empty: the first), seed, times as many customers, settings by
    name or path, engine.
    """

    preset: str = ""
    seed: int = 1
    scale: float = 1.0
    settings: Settings = field(default_factory=dict)
    engine: str = DEFAULT

    def words(self) -> list[str]:
        """What is typed to ask for it, as far as it is not the plain call."""
        plain = Call()
        words = [f"--set {name}={value}" for name, value in self.settings.items()]
        for name in ("preset", "seed", "scale", "engine"):
            if getattr(self, name) != getattr(plain, name):
                words.append(f"--{name} {getattr(self, name)}")
        return words


def models() -> tuple[Model, ...]:
    """Every model, for `onecard sim list`."""
    return tuple(MODELS.values())


def run_model(
    model: str,
    preset: str = "",
    seed: int = 1,
    scale: float = 1.0,
    settings: Settings | None = None,
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
    prepared = prepare_model(model, Call(preset, seed, scale, settings or {}, engine))
    return run_prepared(prepared, seed, engine, digest=digest).result


def prepare(what: str, call: Call) -> Prepared:
    """A model by its name, or a file by its path (it ends in .toml), ready to be played.

    Raises `FaultyParameters` (a model), `FaultyFile` (a file) with every fault.
    """
    if what.endswith(FILE_SUFFIX):
        return prepare_file(Path(what), call)
    return prepare_model(what, call)


def prepare_model(model: str, call: Call) -> Prepared:
    """A model ready to be played. Raises `FaultyParameters`."""
    faults: list[Fault] = []
    chosen = MODELS.get(model)
    if chosen is None:
        expected = "one of " + ", ".join(MODELS) + f", or a file NAME{FILE_SUFFIX}"
        faults.append(Fault("model", repr(model), expected))
    faults += _faults_of_call(call)
    if chosen is None:
        raise FaultyParameters(tuple(faults))
    preset = call.preset or next(iter(chosen.presets))
    if preset not in chosen.presets:
        faults.append(Fault("preset", repr(preset), "one of " + ", ".join(chosen.presets)))
    planned = chosen.presets.get(preset, {})
    try:
        values = values_of(chosen.parameters, planned, call.settings)
    except FaultyParameters as found:
        faults += found.faults
    if faults:
        raise FaultyParameters(tuple(faults))

    def tell(observation: Observation, play: Engine) -> Story:
        return chosen.answer(values, call.scale, observation, lambda it: play(it, call.seed))

    return Prepared(
        name=model,
        preset=preset,
        scale=call.scale,
        network=network_of(chosen, values, call.scale),
        title_zh=chosen.title_zh,
        title_en=chosen.title_en,
        first_s_of_day=chosen.first_s_of_day,
        tell=tell,
        assumptions=assumptions_of(chosen.parameters, values, planned, chosen.sources.get(preset)),
    )


def network_of(model: Model, values: Values, scale: float) -> Network:
    """The network of a model. Raises `FaultyParameters` where no engine could play it, or not in
    any time to be waited for: each value may be right, and all of them together, or a large scale,
    be too much.
    """
    try:
        network = model.build(values, scale)
    except FaultyNetwork as found:
        raise FaultyParameters(found.faults) from None
    if faults := endless_work_of(network):
        raise FaultyParameters(faults)
    return network


def prepare_file(path: Path, call: Call) -> Prepared:
    """A planner's own network ready to be played; settings are paths as in
    `sim.network_file.settings`.

    Raises `FaultyFile` with every fault of the file and of the call.
    """
    faults = _faults_of_call(call)
    if call.preset:
        faults.append(Fault("preset", repr(call.preset), "none: a file has no presets"))
    told = tuple(
        FileFault(
            f"--{fault.key}",
            0,
            "",
            in_both_languages(fault.found),
            in_both_languages(fault.expected),
        )
        for fault in faults
    )
    try:
        file = NetworkFile(path)
        planned = file.planned(call.settings, call.scale if 0 < call.scale <= SCALE_MAX else 1.0)
    except FaultyFile as faulty:
        raise FaultyFile((*told, *faulty.faults)) from None
    if told:
        raise FaultyFile(told)
    network = planned.network
    return Prepared(
        name=network.name,
        preset="",
        scale=call.scale,
        network=network,
        title_zh=network.name,
        title_en=network.name,
        first_s_of_day=planned.first_s_of_day,
        tell=lambda observation, _: story_of_network(observation),
        assumptions=file.inputs(call.settings),
    )


def _faults_of_call(call: Call) -> list[Fault]:
    seed, scale, engine = call.seed, call.scale, call.engine
    faults: list[Fault] = []
    if not 0 <= seed <= MASK_64:
        faults.append(Fault("seed", repr(seed), "a whole number from 0 to 2**64 - 1"))
    if not 0 < scale <= SCALE_MAX:
        faults.append(Fault("scale", repr(scale), f"a number above 0, at most {SCALE_MAX:g}"))
    if engine not in ENGINES:
        faults.append(Fault("engine", repr(engine), "one of " + ", ".join(ENGINES)))
    return faults
