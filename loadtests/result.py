"""What a load test found: figures, thresholds, series; and the JSON in which they are handed on.

Rules: latency counts from the due moment, of every request, failed ones too; a request that was
planned and never answered is a failure (`no-answer`) with the time waited for it. `late_ms_p99` is
how late the load maker itself turned to a request: when it is high, the measurement is at fault,
not the platform.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np

from loadtests.profiles import Profile

QUANTILES = {"p50": 50.0, "p95": 95.0, "p99": 99.0, "p999": 99.9, "max": 100.0}


class Answered(Protocol):
    """A request as the sender recorded it; moments in seconds after the start."""

    @property
    def name(self) -> str:
        """What kind of request it was."""

    @property
    def due_s(self) -> float:
        """When it was due."""

    @property
    def turned_to_s(self) -> float:
        """When the load maker turned to it."""

    @property
    def done_s(self) -> float:
        """When the answer was there."""

    @property
    def code(self) -> str:
        """Why it failed; empty for success."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A figure that must be at most, or at least, its limit."""

    name: str
    limit: float
    value: float
    sense: Literal["at most", "at least"] = "at most"

    @property
    def ok(self) -> bool:
        """Whether it holds."""
        return self.value <= self.limit if self.sense == "at most" else self.value >= self.limit


@dataclass(frozen=True, slots=True)
class LoadResult:
    """One load test; `series` is by second: rate of answers, latency of what was due then."""

    profile: str
    duration_s: float
    rate_target_per_s: float
    rate_sent_per_s: float
    rate_done_per_s: float
    requests: int
    failures: int
    failure_codes: dict[str, int]
    latency_ms: dict[str, float]
    late_ms_p99: float
    by_request: dict[str, dict[str, Any]]
    thresholds: tuple[Threshold, ...]
    series: dict[str, list[float]]
    processes: int
    residents: int

    @property
    def ok(self) -> bool:
        """Whether every threshold holds."""
        return all(threshold.ok for threshold in self.thresholds)

    def to_json(self) -> dict[str, Any]:
        """The JSON of `onecard load`."""
        return {
            "profile": self.profile,
            "duration_s": self.duration_s,
            "processes": self.processes,
            "residents": self.residents,
            "rate_target_per_s": self.rate_target_per_s,
            "rate_sent_per_s": round(self.rate_sent_per_s, 2),
            "rate_done_per_s": round(self.rate_done_per_s, 2),
            "requests": self.requests,
            "failures": self.failures,
            "failure_codes": self.failure_codes,
            "latency_ms": self.latency_ms,
            "late_ms_p99": self.late_ms_p99,
            "by_request": self.by_request,
            "thresholds": [
                {
                    "name": threshold.name,
                    "limit": threshold.limit,
                    "value": threshold.value,
                    "ok": threshold.ok,
                    "sense": threshold.sense,
                }
                for threshold in self.thresholds
            ],
        }


def result_of(
    profile: Profile,
    rate: float,
    duration_s: float,
    records: Sequence[Answered],
    *,
    processes: int,
    residents: int,
) -> LoadResult:
    """The figures of a run from the records of all requests that were due."""
    latencies = np.array([(r.done_s - r.due_s) * 1000 for r in records])
    late = np.array([max(0.0, r.turned_to_s - r.due_s) * 1000 for r in records])
    codes = Counter(r.code for r in records if r.code)
    failures = codes.total()
    sent_s = max([duration_s, *(r.turned_to_s for r in records)])
    done_s = max([duration_s, *(r.done_s for r in records)])
    figures = quantiles(latencies)
    late_ms_p99 = quantiles(late)["p99"]
    done_per_s = (len(records) - failures) / done_s
    limits = profile.limits
    share = failures / len(records) if records else 1.0
    return LoadResult(
        profile=profile.name,
        duration_s=duration_s,
        rate_target_per_s=rate,
        rate_sent_per_s=len(records) / sent_s,
        rate_done_per_s=done_per_s,
        requests=len(records),
        failures=failures,
        failure_codes=dict(sorted(codes.items())),
        latency_ms=figures,
        late_ms_p99=late_ms_p99,
        by_request=_by_request(records),
        thresholds=(
            Threshold("failures_share", limits.failures_share_max, round(share, 6)),
            Threshold("latency_ms_p95", limits.latency_p95_ms_max, figures["p95"]),
            Threshold("latency_ms_p99", limits.latency_p99_ms_max, figures["p99"]),
            Threshold(
                "rate_done_per_s",
                round(limits.rate_done_share_min * rate, 2),
                round(done_per_s, 2),
                "at least",
            ),
            Threshold("late_ms_p99", limits.late_p99_ms_max, late_ms_p99),
        ),
        series=_series(records),
        processes=processes,
        residents=residents,
    )


def quantiles(values: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, float]:
    """p50, p95, p99, p999 and max, rounded to microseconds; zeros when there is nothing."""
    if not values.size:
        return dict.fromkeys(QUANTILES, 0.0)
    found = np.percentile(values, list(QUANTILES.values()))
    return {name: round(float(value), 3) for name, value in zip(QUANTILES, found, strict=True)}


def _by_request(records: Sequence[Answered]) -> dict[str, dict[str, Any]]:
    answer: dict[str, dict[str, Any]] = {}
    for name in sorted({r.name for r in records}):
        mine = [r for r in records if r.name == name]
        answer[name] = {
            "requests": len(mine),
            "failures": sum(1 for r in mine if r.code),
            "latency_ms": quantiles(np.array([(r.done_s - r.due_s) * 1000 for r in mine])),
        }
    return answer


def _series(records: Sequence[Answered]) -> dict[str, list[float]]:
    seconds = int(max((r.done_s for r in records), default=-1.0)) + 1
    done = Counter(int(r.done_s) for r in records if not r.code)
    due: list[list[float]] = [[] for _ in range(seconds)]
    for record in records:
        due[int(record.due_s)].append((record.done_s - record.due_s) * 1000)
    by_second = [quantiles(np.array(latencies)) for latencies in due]
    return {
        "t_s": [float(second) for second in range(seconds)],
        "rate_per_s": [float(done[second]) for second in range(seconds)],
        "latency_p50_ms": [figures["p50"] for figures in by_second],
        "latency_p99_ms": [figures["p99"] for figures in by_second],
    }
