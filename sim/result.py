"""What a simulation found, and the JSON in which it is handed on.

Rule: `visits` counts every arrival at a station, `refused` and `abandoned` are among them; waits
are over served visits; utilisation is busy over available server time until the last departure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.histogram import Times
from sim.observation import Observation, Stopped

Series = dict[str, dict[str, list[float]]]
Capacity = tuple[tuple[float, int], ...]
"""(From second, servers open), as the station plans it."""


@dataclass(frozen=True, slots=True)
class ClassResult:
    """Customers of one class at one station: counts, and waits in seconds."""

    visits: int
    refused: int
    abandoned: int
    wait_s: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class StationResult:
    """One station: counts, waits in seconds, utilisation (0 to 1), longest queue (customers
    waiting), and each class that came.
    """

    visits: int
    refused: int
    abandoned: int
    wait_s: Mapping[str, float]
    utilisation: float
    queue_max: int
    classes: Mapping[str, ClassResult] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SimulationResult:
    """One run of a model; `answer_zh` and `answer_en` answer a planner's question in one line.

    `series` is, by station, step by step: `t_s`; `servers` planned at that moment; `queue` (the
    longest), `busy` (mean servers in use), `arrivals_per_min` and `wait_mean_s` (of those whose
    service began) over the step that begins then. `capacity` is, by station, the whole plan.
    `assumptions` are the inputs: name, value, unit, source and meaning.
    """

    model: str
    preset: str
    engine: str
    seed: int
    scale: float
    customers: int
    visits: int
    events: int
    wall_s: float
    peak_rss_mb: float
    stations: Mapping[str, StationResult]
    series: Series
    digest: str | None = None
    assumptions: list[dict[str, str]] = field(default_factory=list)
    title_zh: str = ""
    title_en: str = ""
    answer_zh: str = ""
    answer_en: str = ""
    first_s_of_day: float = 0.0
    journeys: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    stopped: Stopped | None = None
    """Where and why the run was broken off; the figures are then those until that moment."""
    ci95: Mapping[str, Any] = field(default_factory=dict)
    """With replications, [low, high] in place of each figure of `stations`."""
    replications: int = 1
    antithetic: bool = False
    precision: Mapping[str, Any] = field(default_factory=dict)
    """Where one was asked for: `asked`, `reached`, and `figures` with half width / mean of each
    (None where the mean is 0 and the half width is not)."""
    warm_up_s: float = 0.0
    """What happened before is not counted."""
    capacity: Mapping[str, Capacity] = field(default_factory=dict)

    @property
    def is_as_asked(self) -> bool:
        """Whether it ended, has the intervals that were asked for, and these are as narrow."""
        has_intervals = self.replications == 1 or bool(self.ci95)
        return self.stopped is None and has_intervals and self.precision.get("reached", True)

    def to_json(self) -> dict[str, Any]:
        """The JSON of `onecard sim run`; the digest only when it was asked for.

        `classes` are, by station, the classes that came; `journeys` the time inside, by class.
        """
        answer: dict[str, Any] = {
            "model": self.model,
            "preset": self.preset,
            "engine": self.engine,
            "seed": self.seed,
            "scale": self.scale,
            "customers": self.customers,
            "visits": self.visits,
            "events": self.events,
            "wall_s": round(self.wall_s, 4),
            "peak_rss_mb": round(self.peak_rss_mb, 1),
            "stations": {
                name: {
                    "visits": station.visits,
                    "refused": station.refused,
                    "abandoned": station.abandoned,
                    "wait_s": _rounded(station.wait_s),
                    "utilisation": round(station.utilisation, 6),
                    "queue_max": station.queue_max,
                }
                for name, station in self.stations.items()
            },
            "classes": {
                name: {
                    of: {
                        "visits": each.visits,
                        "refused": each.refused,
                        "abandoned": each.abandoned,
                        "wait_s": _rounded(each.wait_s),
                    }
                    for of, each in station.classes.items()
                }
                for name, station in self.stations.items()
            },
            "journeys": {
                name: {"customers": int(times["customers"])} | _rounded(times, but="customers")
                for name, times in self.journeys.items()
            },
        }
        if self.digest is not None:
            answer["digest"] = self.digest
        if self.answer_en:
            answer["title"] = {"zh": self.title_zh, "en": self.title_en}
            answer["answer"] = {"zh": self.answer_zh, "en": self.answer_en}
        if self.warm_up_s:
            answer["warm_up_s"] = self.warm_up_s
        if self.replications > 1:
            answer["replications"] = self.replications
            answer["antithetic"] = self.antithetic
        if self.precision:
            answer["precision"] = dict(self.precision)
        if self.ci95:
            answer["ci95"] = dict(self.ci95)
        if self.stopped is not None:
            answer["stopped"] = {
                "at_s": self.stopped.at_s,
                "station": self.stopped.station,
                "waiting": self.stopped.waiting,
                "reason": self.stopped.reason,
            }
        return answer


def stations_of(observation: Observation) -> dict[str, StationResult]:
    """The figures of each station, in the order of the network."""
    classes = observation.network.classes()
    return {
        station.name: StationResult(
            visits=seen.visits,
            refused=seen.refused,
            abandoned=seen.abandoned,
            wait_s=figures_of(seen.waits),
            utilisation=seen.utilisation,
            queue_max=seen.queue_max,
            classes={
                name: ClassResult(each.visits, each.refused, each.abandoned, figures_of(each.waits))
                for name, each in zip(classes, seen.by_class, strict=True)
                if each.visits
            },
        )
        for station, seen in zip(observation.network.stations, observation.stations, strict=True)
    }


def journeys_of(observation: Observation) -> dict[str, Mapping[str, float]]:
    """The time inside the network, in seconds, by class; from coming to leaving for good."""
    classes = observation.network.classes()
    return {
        name: {"customers": float(times.count), **figures_of(times)}
        for name, times in zip(classes, observation.journeys, strict=True)
    }


def series_of(observation: Observation) -> Series:
    """Each station step by step, as `SimulationResult` says."""
    series: Series = {}
    for station, seen in zip(observation.network.stations, observation.stations, strict=True):
        of = seen.series
        length = min(of.arrivals.size, int(observation.ended_s / of.step_s) + 1)
        moments_s = np.arange(length) * of.step_s
        mean_s = of.wait_s / np.maximum(of.served, 1)
        capacity_from_s, servers = zip(*station.capacity, strict=True)
        planned = np.searchsorted(capacity_from_s, moments_s, side="right") - 1
        series[station.name] = {
            "t_s": moments_s.tolist(),
            "queue": of.queue_max[:length].astype(float).tolist(),
            "busy": (of.busy_s[:length] / of.step_s).tolist(),
            "servers": np.array(servers, dtype=float)[planned].tolist(),
            "arrivals_per_min": (of.arrivals[:length] * (60 / of.step_s)).tolist(),
            "wait_mean_s": mean_s[:length].tolist(),
        }
    return series


def figures_of(times: Times) -> dict[str, float]:
    """Mean, quantiles and longest of many times, in seconds; quantiles within 0.8 %."""
    return {
        "mean": times.mean_s,
        "p50": times.quantile_s(0.50),
        "p95": times.quantile_s(0.95),
        "p99": times.quantile_s(0.99),
        "max": times.longest_s,
    }


def _rounded(figures: Mapping[str, float], but: str = "") -> dict[str, float]:
    return {name: round(value, 6) for name, value in figures.items() if name != but}
