"""A planning call: what is asked about, how it is played, and where.

What is wrong with a call is told all at once. Its options are in `options`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sim.engines import ENGINES
from sim.network import Network
from sim.parameters import Fault as FaultIn
from sim.parameters import FaultyParameters, Parameter, values_of
from sim.planning.calibration import Calibration, Serving, calibrated, read_calibration
from sim.planning.questions import Question, model_question
from sim.planning.replications import REPLICATIONS_MIN, Effort, Experiment, Runs
from sim.planning.warm_up import warm_up_of
from sim.planning.workers import NoScheduler, Workers, workers_of
from sim.run import MODELS
from testbed.faults import FELL_SHORT, Fault

AUTO = "auto"
FEWEST = 4
"""Replications: an interval from fewer says next to nothing."""
SCALE_MAX = 1000.0


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked about, and how."""

    what: str
    preset: str
    scale: float
    settings: Mapping[str, str | float]
    effort: Effort
    seed: int
    engine: str
    antithetic: bool
    warm_up: str
    scheduler: str
    processes: int
    calibration: Calibration | None
    servings: tuple[Serving, ...]

    @property
    def question(self) -> Question:
        """The network for a setting of its numbers, with measured service times where asked."""
        asked = self._question()

        def with_calibration(values: Mapping[str, float]) -> Network:
            network = asked(values)
            if self.calibration is None:
                return network
            return calibrated(network, self.calibration, self.servings)

        return with_calibration

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Those of the model; none for a file."""
        return MODELS[self.what].parameters if self.what in MODELS else ()

    @property
    def values(self) -> Mapping[str, float]:
        """Of the model's parameters, as the call has them."""
        planned = MODELS[self.what].presets[self.preset]
        return values_of(self.parameters, planned, self.settings)

    @property
    def first_s_of_day(self) -> float:
        """At which second of the day the model begins."""
        return MODELS[self.what].first_s_of_day if self.what in MODELS else 0.0

    def to_json(self) -> dict[str, Any]:
        """What a result is a result of."""
        return {
            "model": self.what,
            "preset": self.preset,
            "scale": self.scale,
            "settings": dict(self.settings),
            "engine": self.engine,
            "seed": self.seed,
        }

    def _question(self) -> Question:
        return model_question(MODELS[self.what], self.preset, self.settings, self.scale)


def call_of(
    what: str,
    *,
    preset: str,
    settings: tuple[str, ...],
    scale: float,
    seed: int,
    engine: str,
    replications_max: int,
    precision: float | None,
    antithetic: bool,
    warm_up: str,
    calibration: Path | None,
    services: tuple[str, ...],
    scheduler: str,
    processes: int,
) -> Call:
    """The call of these options. Raises `FaultyParameters` with all its faults."""
    faults = list(_faults_of_effort(replications_max, precision, antithetic=antithetic))
    if engine not in ENGINES:
        faults.append(FaultIn("engine", repr(engine), f"one of {', '.join(ENGINES)}"))
    if not 0 <= seed < 2**64:
        faults.append(FaultIn("seed", repr(seed), "a whole number from 0 to 2**64 - 1"))
    if not 0 < scale <= SCALE_MAX:
        faults.append(FaultIn("scale", repr(scale), f"a number above 0, at most {SCALE_MAX:g}"))
    if processes < 0:
        faults.append(FaultIn("processes", repr(processes), "0 or more"))
    if warm_up != AUTO and not _is_seconds(warm_up):
        faults.append(FaultIn("warm-up", repr(warm_up), f"seconds >= 0, or {AUTO}"))
    if bool(services) != (calibration is not None):
        faults.append(FaultIn("service", "one without the other", "--calibration and --service"))
    pairs, wrong = pairs_of("set", settings, "gates=8")
    servings, wrong_servings = pairs_of("service", services, "platform=tap-entry")
    faults += [*wrong, *wrong_servings]
    if what not in MODELS:
        faults.append(FaultIn("model", repr(what), f"one of {', '.join(MODELS)}"))
    elif preset and preset not in MODELS[what].presets:
        known = ", ".join(MODELS[what].presets)
        faults.append(FaultIn("preset", repr(preset), f"one of {known}"))
    if faults:
        raise FaultyParameters(tuple(faults))
    return Call(
        what=what,
        preset=preset or next(iter(MODELS[what].presets)),
        scale=scale,
        settings=pairs,
        effort=Effort(min(REPLICATIONS_MIN, replications_max), replications_max, precision),
        seed=seed,
        engine=engine,
        antithetic=antithetic,
        warm_up=warm_up,
        scheduler=scheduler,
        processes=processes,
        calibration=read_calibration(calibration) if calibration else None,
        servings=tuple(Serving(station, request) for station, request in servings.items()),
    )


class Gathered:
    """Faults of several parts of a call, told together: `with faults: part = read(...)` for each,
    then `tell()`.
    """

    def __init__(self) -> None:
        self._faults: list[FaultIn] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        value: BaseException | None,
        _trace: TracebackType | None,
    ) -> bool:
        if isinstance(value, FaultyParameters):
            self._faults += value.faults
            return True
        return False

    def tell(self) -> None:
        """Raises `FaultyParameters` with all of them, if there are any."""
        if self._faults:
            raise FaultyParameters(tuple(self._faults))


@contextmanager
def told_as_faults() -> Iterator[None]:
    """What is wrong with models, files, targets and schedulers, as the testbed says it."""
    try:
        yield
    except FaultyParameters as faulty:
        lines = "\n".join(f"  {fault}" for fault in faulty.faults)
        raise Fault(f"参数有误：\n{lines}", f"the call is wrong:\n{lines}") from None
    except NoScheduler as fault:
        raise Fault(
            f"连不上 Dask 调度器 {fault}。请先用 dask scheduler 启动，或去掉 --scheduler。",
            f"no Dask scheduler answers at {fault}: start one with dask scheduler, or leave "
            "--scheduler away.",
        ) from None


@contextmanager
def experiment_of(call: Call, *networks: Network) -> Iterator[Experiment]:
    """How the call is played; its warm-up is the longest of these networks'."""
    with workers_of(call.scheduler, call.processes) as workers:
        plain = Runs(call.seed, call.engine, call.antithetic)
        measured_from_s = _warm_up_s(call, networks, plain, workers)
        runs = Runs(call.seed, call.engine, call.antithetic, measured_from_s)
        yield Experiment(runs, call.effort, workers)


def pairs_of(key: str, texts: Sequence[str], example: str) -> tuple[dict[str, str], list[FaultIn]]:
    """NAME=VALUE each, and what is wrong with them."""
    pairs: dict[str, str] = {}
    faults = []
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            faults.append(FaultIn(key, repr(text), f"NAME=VALUE, as {example}"))
        pairs[name] = value
    return pairs, faults


def _faults_of_effort(
    replications_max: int, precision: float | None, *, antithetic: bool
) -> Iterator[FaultIn]:
    if replications_max < FEWEST or (antithetic and replications_max % 2):
        expected = f"at least {FEWEST}" + (", even: pairs" if antithetic else "")
        yield FaultIn("replications-max", repr(replications_max), expected)
    if precision is not None and not precision > 0:
        yield FaultIn("precision", repr(precision), "a share of the mean above 0, as 0.05")


def _is_seconds(text: str) -> bool:
    try:
        return 0 <= float(text) < math.inf
    except ValueError:
        return False


def _warm_up_s(call: Call, networks: Sequence[Network], runs: Runs, workers: Workers) -> float:
    if call.warm_up != AUTO:
        return float(call.warm_up)
    found = [warm_up_of(network, runs, workers) for network in networks]
    if not all(each.is_sure for each in found):
        raise Fault(
            "运行太短，MSER-5 无法判定预热期：请加长 horizon_s，或用 --warm-up 指定秒数。",
            "the runs are too short for MSER-5 to tell where the warm-up ends: lengthen horizon_s, "
            "or give seconds with --warm-up.",
            FELL_SHORT,
        )
    return max(each.until_s for each in found)
