"""A planning call: what is asked about, how it is played, and where.

What is wrong with a call is told all at once. Its options are in `options`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sim import run
from sim.fault_sentences import in_both_languages
from sim.models import MODELS
from sim.network import Network
from sim.network_file import FaultyFile, FileFault
from sim.parameters import Fault as FaultIn
from sim.parameters import FaultyParameters
from sim.planning.alternatives.sensitivity import Movable, movable
from sim.planning.questions import as_setting
from sim.planning.replications import REPLICATIONS_MIN, Effort, Experiment, Runs
from sim.planning.warm_up import warm_up_of
from sim.planning.workers import NoScheduler, Workers, workers_of
from sim.playing import Prepared, inside_max_of
from sim.run import prepare
from testbed.faults import FELL_SHORT, Fault
from testbed.planning.measured import Measured, measured_of, servings_of
from testbed.planning.pairs import pairs_of

AUTO = "auto"
FEWEST = 4
"""Replications: an interval from fewer says next to nothing."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked about, and how."""

    what: str
    asked: run.Call
    effort: Effort
    antithetic: bool
    warm_up: str
    scheduler: str
    processes: int
    measured: Measured

    def question(self, values: Mapping[str, float]) -> Network:
        """The network for a setting of its numbers, with measured service times where asked.

        Raises `FaultyParameters`, `FaultyFile`.
        """
        return self.measured.network(self.prepared(values).network)

    def prepared(self, values: Mapping[str, float]) -> Prepared:
        """What is played at a setting, with its titles and inputs, service times not yet measured.

        Raises `FaultyParameters`, `FaultyFile`.
        """
        changed = {name: as_setting(value) for name, value in values.items()}
        settings = {**self.asked.settings, **changed}
        return prepare(self.what, replace(self.asked, settings=settings))

    @property
    def first_s_of_day(self) -> float:
        """At which second of the day the model begins."""
        return self.prepared({}).first_s_of_day

    def movables(self) -> tuple[Movable, ...]:
        """The parameters of a model, or the numbers of a file, that can be moved a little: not its
        horizon, nor ranks.
        """
        rows = self.prepared({}).assumptions
        if self.what in MODELS:
            values = {row["name"]: float(row["value"]) for row in rows}
            return tuple(
                movable(each, values.get(each.name, each.value))
                for each in MODELS[self.what].parameters
            )
        return tuple(
            Movable(row["name"], float(row["value"]), 0.0, math.inf, "." not in row["value"])
            for row in rows
            if _is_seconds(row["value"])
            and not row["name"].startswith("network.")
            and not row["name"].endswith(".priority")
        )

    def to_json(self) -> dict[str, Any]:
        """What a result is a result of."""
        return {
            "model": self.what,
            "preset": self.asked.preset,
            "scale": self.asked.scale,
            "settings": dict(self.asked.settings),
            "engine": self.asked.engine,
            "seed": self.asked.seed,
            "replications_max": self.effort.replications_max,
            "precision": self.effort.precision,
            "antithetic": self.antithetic,
            "warm_up": self.warm_up,
            "services": {each.station: each.request for each in self.measured.servings},
        }


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
    """The call of these options.

    Raises `FaultyFile` or `FaultyParameters` with all its faults.
    """
    faults = list(faults_of_effort(replications_max, precision, antithetic=antithetic))
    if processes < 0:
        faults.append(FaultIn("processes", repr(processes), "0 or more"))
    _, wrong_servings = servings_of(calibration, services)
    pairs, wrong = pairs_of("set", settings, "gates=8")
    faults += [*wrong, *wrong_servings]
    asked = run.Call(preset, seed, scale, pairs, engine)
    gathered = Gathered()
    with gathered:
        if faults:
            raise FaultyParameters(tuple(faults))
    with gathered:
        expect_warm_up(warm_up, prepare(what, asked).network)
    gathered.tell()
    return Call(
        what=what,
        asked=asked,
        effort=Effort(min(REPLICATIONS_MIN, replications_max), replications_max, precision),
        antithetic=antithetic,
        warm_up=warm_up,
        scheduler=scheduler,
        processes=processes,
        measured=measured_of(calibration, services),
    )


class Gathered:
    """Faults of a file and of several parts of a call, told together: `with faults: part =
    read(...)` for each, then `tell()`.
    """

    def __init__(self) -> None:
        self._faults: list[FaultIn] = []
        self._of_file: list[FileFault] = []

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
        if isinstance(value, FaultyFile):
            self._of_file += value.faults
        return isinstance(value, FaultyParameters | FaultyFile)

    def tell(self) -> None:
        """Raises `FaultyFile` or `FaultyParameters` with all of them, if there are any."""
        if self._of_file:
            told = [
                FileFault(
                    f"--{each.key}",
                    0,
                    "",
                    in_both_languages(each.found),
                    in_both_languages(each.expected),
                )
                for each in self._faults
            ]
            raise FaultyFile((*self._of_file, *told))
        if self._faults:
            raise FaultyParameters(tuple(self._faults))


@contextmanager
def told_as_faults() -> Iterator[None]:
    """What is wrong with models, files, targets and schedulers, as the testbed says it."""
    try:
        yield
    except FaultyFile as faulty:
        of_call = all(fault.setting or fault.file.startswith("--") for fault in faulty.faults)
        zh_head, en_head = ("参数有误", "the call") if of_call else ("文件有误", "the file")
        zh = "\n  ".join([f"{zh_head}：", *(fault.zh for fault in faulty.faults)])
        en = "\n  ".join([f"{en_head} is wrong:", *(fault.en for fault in faulty.faults)])
        raise Fault(zh, en) from None
    except FaultyParameters as faulty:
        zh = "\n  ".join(["参数有误：", *(_in_chinese(fault) for fault in faulty.faults)])
        en = "\n  ".join(["the call is wrong:", *(str(fault) for fault in faulty.faults)])
        raise Fault(zh, en) from None
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
        most = inside_max_of(call.asked.engine)
        plain = Runs(call.asked.seed, call.asked.engine, call.antithetic, inside_max=most)
        measured_from_s = warm_up_until_s(call.warm_up, networks, plain, workers)
        runs = replace(plain, measured_from_s=measured_from_s)
        yield Experiment(runs, call.effort, workers)


def expect_warm_up(warm_up: str, network: Network) -> None:
    """Raises `FaultyParameters` where it is neither `auto` nor seconds before the horizon."""
    if warm_up == AUTO:
        return
    if not _is_seconds(warm_up) or float(warm_up) >= network.horizon_s:
        expected = f"seconds >= 0, less than the horizon of {network.horizon_s:g}, or {AUTO}"
        raise FaultyParameters((FaultIn("warm-up", repr(warm_up), expected),))


def warm_up_until_s(
    warm_up: str, networks: Sequence[Network], runs: Runs, workers: Workers
) -> float:
    """Until when runs warm up, in seconds: as told, or by MSER-5 the longest of these networks';
    where runs are broken off there is nothing to warm up to.

    Raises `Fault` where the runs are too short to say.
    """
    if warm_up != AUTO:
        return float(warm_up)
    every = [warm_up_of(network, runs, workers) for network in networks]
    found = [each for each in every if not each.stopped]
    if not all(each.is_sure for each in found):
        raise Fault(
            "运行太短，MSER-5 无法判定预热期：请加长 horizon_s，或用 --warm-up 指定秒数。",
            "the runs are too short for MSER-5 to tell where the warm-up ends: lengthen horizon_s, "
            "or give seconds with --warm-up.",
            FELL_SHORT,
        )
    return max((each.until_s for each in found), default=0.0)


def _in_chinese(fault: FaultIn) -> str:
    found = in_both_languages(fault.found).zh.strip()
    expected = in_both_languages(fault.expected).zh
    key = in_both_languages(fault.key).zh.strip()
    return f"{key}：现为 {found}，应为{expected}"


def faults_of_effort(
    replications_max: int, precision: float | None, *, antithetic: bool
) -> Iterator[FaultIn]:
    """What is wrong with how often a setting is to be played."""
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
