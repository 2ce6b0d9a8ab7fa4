"""What a simulation found, and the JSON in which it is handed on.

Rule: `visits` counts every arrival at a station, `refused` and `abandoned` are among them; waits
are over served visits; utilisation is busy over available server time until the last departure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.simpy_engine import SAMPLE_EVERY_S, Observation

Series = dict[str, dict[str, list[float]]]


@dataclass(frozen=True, slots=True)
class StationResult:
    """One station: counts, waits in seconds, utilisation (0 to 1), longest queue (customers
    waiting).
    """

    visits: int
    refused: int
    abandoned: int
    wait_s: Mapping[str, float]
    utilisation: float
    queue_max: int


@dataclass(frozen=True, slots=True)
class SimulationResult:
    """One run of a model; `answer_zh` and `answer_en` answer a planner's question in one line.

    `series` is, by station, once a minute: `t_s`; `servers` open at that moment; `queue` (the
    longest), `busy` (mean servers in use) and `arrivals_per_min` over the minute that begins then.
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

    def to_json(self) -> dict[str, Any]:
        """The JSON of `onecard sim run`; the digest only when it was asked for."""
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
                    "wait_s": {key: round(value, 6) for key, value in station.wait_s.items()},
                    "utilisation": round(station.utilisation, 6),
                    "queue_max": station.queue_max,
                }
                for name, station in self.stations.items()
            },
        }
        if self.digest is not None:
            answer["digest"] = self.digest
        if self.answer_en:
            answer["title"] = {"zh": self.title_zh, "en": self.title_en}
            answer["answer"] = {"zh": self.answer_zh, "en": self.answer_en}
        return answer


def stations_of(observation: Observation) -> dict[str, StationResult]:
    """The figures of each station, in the order of the network."""
    results = {}
    for place, station in enumerate(observation.network.stations):
        visits = [v for c in observation.customers for v in c.visits if v.station == place]
        waits = np.array([v.start_s - v.arrival_s for v in visits if v.outcome == "served"])
        record = observation.records[place]
        available_s = record.available_server_s
        results[station.name] = StationResult(
            visits=len(visits),
            refused=sum(v.outcome == "refused" for v in visits),
            abandoned=sum(v.outcome == "abandoned" for v in visits),
            wait_s=_waits(waits),
            utilisation=record.busy_server_s / available_s if available_s else 0.0,
            queue_max=record.queue_max,
        )
    return results


def series_of(observation: Observation) -> Series:
    """Each station once a minute, as `SimulationResult` says."""
    series: Series = {}
    for place, station in enumerate(observation.network.stations):
        record = observation.records[place]
        arrivals = [v.arrival_s for c in observation.customers for v in c.visits]
        places = [v.station for c in observation.customers for v in c.visits]
        here = [moment for moment, where in zip(arrivals, places, strict=True) if where == place]
        edges = np.arange(len(record.sampled_s) + 1) * SAMPLE_EVERY_S
        counts, _ = np.histogram(here, bins=edges)
        busy_s = np.diff([*record.busy_s_before, record.busy_server_s])
        series[station.name] = {
            "t_s": list(record.sampled_s),
            "queue": [float(number) for number in record.queue],
            "busy": [float(busy_s) / SAMPLE_EVERY_S for busy_s in busy_s],
            "servers": [float(number) for number in record.servers],
            "arrivals_per_min": [float(number) for number in counts],
        }
    return series


def events_of(observation: Observation) -> int:
    """Arrivals, starts and ends of service and leavings at stations: the same for every engine."""
    weight = {"served": 3, "abandoned": 2, "refused": 1}
    return sum(weight[v.outcome] for c in observation.customers for v in c.visits)


def _waits(waits: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, float]:
    if not waits.size:
        return dict.fromkeys(("mean", "p50", "p95", "p99", "max"), 0.0)
    p50, p95, p99 = np.percentile(waits, [50, 95, 99])
    return {
        "mean": float(waits.mean()),
        "p50": float(p50),
        "p95": float(p95),
        "p99": float(p99),
        "max": float(waits.max()),
    }
