"""The figures of simulations and load tests, read from their JSON into types.

Rules: the shapes are those of the commands' `--json`; fields that were added later have defaults, a
field that is missing or of another type is an error with its path.
"""

from __future__ import annotations

import msgspec

from scenarios.outcomes import (
    LoadFinished,
    PlanningFinished,
    PlanningRow,
    SimulationFinished,
    TitledPicture,
)


class Waits(msgspec.Struct, frozen=True):
    """Waiting times in seconds."""

    mean: float
    p50: float
    p95: float
    p99: float
    max: float


class StationFigures(msgspec.Struct, frozen=True):
    """One station of a simulation."""

    visits: int
    refused: int
    abandoned: int
    wait_s: Waits
    utilisation: float
    queue_max: int


class StationIntervals(msgspec.Struct, frozen=True):
    """The 95 % intervals (low, high) of a station's figures over replications."""

    wait_s: dict[str, tuple[float, float]]
    utilisation: tuple[float, float]
    queue_max: tuple[float, float]


class Words(msgspec.Struct, frozen=True):
    """The same in both languages."""

    zh: str = ""
    en: str = ""


class SimulationJson(msgspec.Struct, frozen=True):
    """The JSON of `onecard sim run`."""

    model: str
    preset: str
    engine: str
    seed: int
    scale: float
    customers: int
    visits: int
    events: int
    wall_s: float
    stations: dict[str, StationFigures]
    digest: str | None = None
    title: Words = Words()
    answer: Words = Words()
    replications: int = 1
    warm_up_s: float = 0.0
    ci95: dict[str, StationIntervals] = {}


class Assumption(msgspec.Struct, frozen=True):
    """One input of a model."""

    name: str
    value: str
    unit: str
    source: str
    meaning_zh: str = ""
    meaning_en: str = ""
    unit_zh: str = ""
    source_zh: str = ""

    @property
    def is_assumed(self) -> bool:
        """Whether no public source gives it."""
        return self.source.startswith("assumption")

    @property
    def told_zh(self) -> str:
        """The source in Chinese, without the mark, which stands in a badge before it."""
        told = self.source_zh or self.source
        return told.removeprefix("假设").lstrip("；：， ") if self.is_assumed else told

    @property
    def told_en(self) -> str:
        """The source in English, without the mark."""
        return (
            self.source.removeprefix("assumption").lstrip(" ;:,")
            if self.is_assumed
            else self.source
        )


class SimulationFigures(msgspec.Struct, frozen=True):
    """A simulation as a report shows it."""

    json: SimulationJson
    assumptions: list[Assumption]
    plot: TitledPicture
    pictures: list[TitledPicture]


class PlanningCall(msgspec.Struct, frozen=True):
    """How settings were played."""

    engine: str
    seed: int
    scale: float
    settings: dict[str, str]


class PlanningFigures(msgspec.Struct, frozen=True):
    """Settings that were tried, as a report shows them; of a sweep `has_verdicts` is false."""

    told: PlanningFinished
    call: PlanningCall
    assumptions: list[Assumption]

    @property
    def has_verdicts(self) -> bool:
        """Whether a target was asked for."""
        return any(row.verdict for row in self.told.rows)

    @property
    def rows(self) -> list[tuple[PlanningRow, bool]]:
        """Each row, and whether a setting begins with it."""
        settings = ["", *(row.setting for row in self.told.rows)]
        return [
            (row, row.setting != before)
            for row, before in zip(self.told.rows, settings, strict=False)
        ]


class Latencies(msgspec.Struct, frozen=True):
    """Latencies in milliseconds, from the due moment."""

    p50: float
    p95: float
    p99: float
    p999: float
    max: float


class Threshold(msgspec.Struct, frozen=True):
    """A figure and its limit."""

    name: str
    limit: float
    value: float
    ok: bool
    sense: str = "at most"


class RequestFigures(msgspec.Struct, frozen=True):
    """One kind of request."""

    requests: int
    failures: int
    latency_ms: Latencies


class LoadJson(msgspec.Struct, frozen=True):
    """The JSON of `onecard load`."""

    profile: str
    rate_target_per_s: float
    rate_sent_per_s: float
    rate_done_per_s: float
    requests: int
    failures: int
    latency_ms: Latencies
    late_ms_p99: float
    by_request: dict[str, RequestFigures]
    thresholds: list[Threshold]
    duration_s: float | None = None
    failure_codes: dict[str, int] = {}


class LoadSeries(msgspec.Struct, frozen=True):
    """A load test over time, by second."""

    t_s: list[float]
    rate_per_s: list[float]
    latency_p50_ms: list[float]
    latency_p99_ms: list[float]


class LoadFigures(msgspec.Struct, frozen=True):
    """A load test as a report shows it."""

    json: LoadJson
    series: LoadSeries

    @property
    def ok(self) -> bool:
        """Whether every threshold holds."""
        return all(threshold.ok for threshold in self.json.thresholds)


def simulation_figures(outcome: SimulationFinished) -> SimulationFigures:
    """The figures of a simulation event.

    Raises `msgspec.ValidationError` with the path of what is wrong.
    """
    return SimulationFigures(
        msgspec.convert(outcome.result, SimulationJson),
        msgspec.convert(outcome.assumptions, list[Assumption]),
        TitledPicture(outcome.plot_title_zh, outcome.plot_title_en, outcome.plot_svg),
        outcome.pictures,
    )


def planning_figures(outcome: PlanningFinished) -> PlanningFigures:
    """The figures of settings that were tried.

    Raises `msgspec.ValidationError` with the path of what is wrong.
    """
    return PlanningFigures(
        outcome,
        msgspec.convert(outcome.result.get("call"), PlanningCall, strict=False),
        msgspec.convert(outcome.assumptions, list[Assumption]),
    )


def load_figures(outcome: LoadFinished) -> LoadFigures:
    """The figures of a load event.

    Raises `msgspec.ValidationError` with the path of what is wrong.
    """
    return LoadFigures(
        msgspec.convert(outcome.result, LoadJson),
        msgspec.convert(outcome.series, LoadSeries),
    )
