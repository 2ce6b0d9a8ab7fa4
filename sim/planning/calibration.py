"""Service times of the simulation, from the latencies a load test measured.

What a latency is: from the moment a request was due until its answer was there; the network, the
waiting for a free worker or for the commit it shares with others, and the work itself. What a
service time is: the work itself, during which one server is held. The two are alike only where
requests hardly meet, so the load test should be one at a low rate. By Little's law rate x mean
latency requests were in progress on average: with at most `ALONE_MAX` of them a latency is read as
a service time, with more as an upper bound, because waiting is in it. That mean is also the fewest
servers a station needs to do the measured rate with these times; with one server and the measured
latency the model would do far less than the platform did.

A load result has p50, p95, p99, p99.9 and the longest: between them the times are taken to lie on
straight lines, below the median all are taken to be the median, which is on the careful side.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np

from sim.distributions import Empirical, mean_s
from sim.network import Network
from sim.parameters import Fault, FaultyParameters

ALONE_MAX = 0.5
FAILURES_MAX = 0.01
PARTS = 1000
"""A service is told by so many equal parts of its customers: p99.9 falls on one of the ends."""
SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "p999": 0.999, "max": 1.0}

SERVICE_TIME, UPPER_BOUND = "service time", "upper bound"


class MeasuredRequest(msgspec.Struct, frozen=True):
    """A kind of request of a load result."""

    requests: int
    failures: int
    latency_ms: dict[str, float]


class LoadMeasured(msgspec.Struct, frozen=True):
    """What is read of a load result; other keys are passed over."""

    profile: str
    rate_done_per_s: float
    requests: int
    failures: int
    late_ms_p99: float
    latency_ms: dict[str, float]
    by_request: dict[str, MeasuredRequest]


class Service(msgspec.Struct, frozen=True):
    """The times of one kind of request: `values_s` ascending, at equal shares of the requests.

    `in_progress` is the mean number of them at once, `servers_at_least` the fewest servers that can
    do the measured rate.
    """

    requests: int
    reading: str
    mean_s: float
    in_progress: float
    servers_at_least: int
    values_s: tuple[float, ...]


class Note(msgspec.Struct, frozen=True):
    """What a reader must know of a calibration, in both languages."""

    zh: str
    en: str


ALWAYS = Note(
    "中位数以下的时间一律取中位数（偏保守）；每次请求的时间里还含有网络与共同提交的等待。"
    "平台每秒能做多少，要看高速率的压力测试，不由这些时间的倒数得出。",
    "Times below the median are taken to be the median (the careful side); in each are also the "
    "network and the commit that requests share. What the platform can do in a second a load test "
    "at a high rate shows, not one over these times.",
)


class Calibration(msgspec.Struct, frozen=True):
    """Service times by kind of request, what they were measured at, and what they are not."""

    profile: str
    rate_done_per_s: float
    in_progress: float
    notes: tuple[Note, ...]
    services: dict[str, Service]


@dataclass(frozen=True, slots=True)
class Serving:
    """A station that serves as one kind of request was measured."""

    station: str
    request: str


def calibrate(load: LoadMeasured) -> Calibration:
    """Service times from a load result, and what to make of them.

    Raises `FaultyParameters` where it has no request that was answered, or latencies that do not
    ascend.
    """
    faults = tuple(_faults_of(load))
    if faults:
        raise FaultyParameters(faults)
    rates = {
        name: load.rate_done_per_s * each.requests / max(1, load.requests)
        for name, each in load.by_request.items()
    }
    times = {name: _times_of(each.latency_ms) for name, each in load.by_request.items()}
    means = {name: mean_s(Empirical(values)) for name, values in times.items()}
    in_progress = {name: rates[name] * means[name] for name in times}
    together = math.fsum(in_progress.values())
    reading = SERVICE_TIME if together <= ALONE_MAX else UPPER_BOUND
    services = {
        name: Service(
            requests=load.by_request[name].requests,
            reading=reading,
            mean_s=means[name],
            in_progress=in_progress[name],
            servers_at_least=max(1, math.ceil(in_progress[name] - 1e-9)),
            values_s=values,
        )
        for name, values in times.items()
    }
    notes = tuple(_notes_on(load, together))
    return Calibration(load.profile, load.rate_done_per_s, together, notes, services)


def read_load(path: Path) -> LoadMeasured:
    """A load result from its file. Raises `FaultyParameters`."""
    return _read(path, LoadMeasured, "the JSON that onecard load --json wrote")


def read_calibration(path: Path) -> Calibration:
    """A calibration from its file. Raises `FaultyParameters`."""
    return _read(path, Calibration, "the JSON that onecard calibrate wrote")


def calibrated(network: Network, calibration: Calibration, servings: Sequence[Serving]) -> Network:
    """The network with the service times of these stations as they were measured.

    Raises `FaultyParameters` where it has no such station, or the calibration no such request.
    """
    names = [station.name for station in network.stations]
    faults = [
        Fault("service", serving.station, f"one of {', '.join(names)}")
        for serving in servings
        if serving.station not in names
    ]
    faults += [
        Fault(f"service.{serving.station}", serving.request, _one_of(calibration.services))
        for serving in servings
        if serving.request not in calibration.services
    ]
    if faults:
        raise FaultyParameters(tuple(faults))
    request_at = {serving.station: serving.request for serving in servings}
    stations = tuple(
        replace(
            station,
            service=Empirical(calibration.services[request_at[station.name]].values_s),
            service_of=(),
        )
        if station.name in request_at
        else station
        for station in network.stations
    )
    return replace(network, stations=stations)


def _times_of(latency_ms: Mapping[str, float]) -> tuple[float, ...]:
    shares = [0.0, *SHARES.values()]
    known_s = [latency_ms["p50"] / 1000, *(latency_ms[name] / 1000 for name in SHARES)]
    at = np.arange(PARTS + 1) / PARTS
    return tuple(float(value) for value in np.interp(at, shares, known_s))


def _faults_of(load: LoadMeasured) -> list[Fault]:
    faults = []
    if not any(each.requests > each.failures for each in load.by_request.values()):
        faults.append(Fault("by_request", "no request that was answered", "at least one"))
    for name, each in load.by_request.items():
        missing = [share for share in SHARES if share not in each.latency_ms]
        if missing:
            key = f"by_request.{name}.latency_ms"
            faults.append(Fault(key, f"no {', '.join(missing)}", f"all of {', '.join(SHARES)}"))
            continue
        told = [each.latency_ms[share] for share in SHARES]
        if told != sorted(told) or told[0] < 0 or not all(map(math.isfinite, told)):
            key = f"by_request.{name}.latency_ms"
            faults.append(Fault(key, repr(told), "milliseconds >= 0, ascending from p50 to max"))
    return faults


def _notes_on(load: LoadMeasured, in_progress: float) -> list[Note]:
    notes = [ALWAYS]
    if in_progress > ALONE_MAX:
        notes.append(
            Note(
                f"平均同时有 {in_progress:.2f} 个请求（应不超过 {ALONE_MAX:g}）："
                "延迟中含有等待，只能作为服务时间的上限。请以更低的速率再测一次。",
                f"{in_progress:.2f} requests were in progress on average (at most {ALONE_MAX:g} "
                "wanted): waiting is in the latencies, which are upper bounds of service times. "
                "Measure again at a lower rate.",
            )
        )
    if load.failures > FAILURES_MAX * load.requests:
        notes.append(
            Note(
                f"{load.failures}/{load.requests} 个请求失败：其延迟也在其中。",
                f"{load.failures} of {load.requests} requests failed: their latencies are in it.",
            )
        )
    if load.late_ms_p99 > load.latency_ms.get("p50", math.inf):
        notes.append(
            Note(
                f"发送方自身的迟延（p99 {load.late_ms_p99:g} 毫秒）大于延迟中位数："
                "测到的是发送方，不是平台。",
                f"the load maker's own lateness (p99 {load.late_ms_p99:g} ms) exceeds the median "
                "latency: it measured itself, not the platform.",
            )
        )
    return notes


ReadT = TypeVar("ReadT")


def _read(path: Path, kind: type[ReadT], expected: str) -> ReadT:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except OSError as fault:
        found = fault.strerror or "no file"
    except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
        found = str(fault)
    raise FaultyParameters((Fault(str(path), found, expected),))


def _one_of(names: Mapping[str, Any]) -> str:
    return f"one of {', '.join(names)}"
