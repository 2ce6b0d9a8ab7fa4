"""The one stream of outcomes: what a run did, as typed events, one JSON object a line.

Rules: writers only append, readers only read; a reader ignores nothing silently (an unknown event
is an error, because both sides ship together); no personal data but that of made-up people. The
shapes are those of docs/interfaces.md, section 6.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

Result = Literal["passed", "failed", "skipped"]


class Named(msgspec.Struct, frozen=True):
    """A value with its name in both languages: a fact of a step, a field of an APDU."""

    name_zh: str
    name_en: str
    value: str


class Event(msgspec.Struct, frozen=True, tag_field="event", kw_only=True):
    """What every event has: the moment it was written (RFC 3339)."""

    at: str


class RunStarted(Event, frozen=True, tag="run_started", kw_only=True):
    """A run began, on this machine, with these parts."""

    run_id: str
    command: str
    host: dict[str, str]
    reader: str
    database: str
    versions: dict[str, str]


class ScenarioStarted(Event, frozen=True, tag="scenario_started", kw_only=True):
    """A scenario began."""

    scenario: str
    feature: str
    name_zh: str
    name_en: str
    tags: list[str]


class StepAnnounced(Event, frozen=True, tag="step_announced", kw_only=True):
    """Of a walk only: a step is about to begin, and waits to be let through."""

    scenario: str
    keyword: str
    text_zh: str
    text_en: str


class StepFinished(Event, frozen=True, tag="step_finished", kw_only=True):
    """A step ended; `duration_s` in seconds, `message` says why it failed."""

    scenario: str
    keyword: str
    text_zh: str
    text_en: str
    result: Result
    duration_s: float
    message: str = ""
    facts: list[Named] = []


class ApduExchanged(Event, frozen=True, tag="apdu_exchanged", kw_only=True):
    """A command went to a card and its response came back, decoded; bytes are hexadecimal."""

    scenario: str
    step: str
    phase: str
    reader: str
    sequence: int
    command: str
    response: str
    duration_s: float
    title_zh: str
    title_en: str
    fields: list[Named]
    status_zh: str
    status_en: str


class PlatformAnswered(Event, frozen=True, tag="platform_answered", kw_only=True):
    """Of a walk only: a platform answered somebody at a desk or a terminal.

    `path` is without its query; `code` and the sentences are those of a refusal.
    """

    scenario: str
    step: str
    method: str
    path: str
    status: int
    code: str = ""
    detail_zh: str = ""
    detail_en: str = ""


class ScenarioFinished(Event, frozen=True, tag="scenario_finished", kw_only=True):
    """A scenario ended."""

    scenario: str
    result: Result
    duration_s: float


class TitledPicture(msgspec.Struct, frozen=True):
    """A picture as one `<svg>` element, with its title in both languages."""

    title_zh: str
    title_en: str
    svg: str


class SimulationFinished(Event, frozen=True, tag="simulation_finished", kw_only=True):
    """A simulation ended.

    The JSON of `onecard sim run`, its series by station, its inputs, its plot with its title, and
    more pictures.
    """

    result: dict[str, Any]
    series: dict[str, dict[str, list[float]]]
    assumptions: list[dict[str, str]]
    plot_svg: str
    plot_title_zh: str = ""
    plot_title_en: str = ""
    pictures: list[TitledPicture] = []


class PlanningRow(msgspec.Struct, frozen=True):
    """A figure at one setting with its 95 % interval (none where runs were broken off, `stopped`),
    and what that says: of a condition holds, fails, undecided; of a change more, less, not shown.
    """

    setting: str
    figure: str
    runs: int
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    verdict: str = ""
    stopped_zh: str = ""
    stopped_en: str = ""


class PlanningFinished(Event, frozen=True, tag="planning_finished", kw_only=True):
    """Settings of a model were tried: the JSON of `onecard plan` or `onecard sim sweep`, the answer
    in one line, a row for each figure, the inputs, and the capacity curves.
    """

    result: dict[str, Any]
    model: str
    preset: str
    title_zh: str
    title_en: str
    answer_zh: str
    answer_en: str
    rows: list[PlanningRow]
    assumptions: list[dict[str, str]]
    pictures: list[TitledPicture] = []


class LoadFinished(Event, frozen=True, tag="load_finished", kw_only=True):
    """A load test ended: the JSON of `onecard load` and its series over time."""

    result: dict[str, Any]
    series: dict[str, list[float]]


class Note(Event, frozen=True, tag="note", kw_only=True):
    """Something the reader of the report should know: a part was missing, a fallback was used."""

    level: Literal["info", "warning"]
    text_zh: str
    text_en: str


class RunFinished(Event, frozen=True, tag="run_finished", kw_only=True):
    """The run ended."""

    result: Result
    duration_s: float


Outcome = (
    RunStarted
    | ScenarioStarted
    | StepAnnounced
    | StepFinished
    | ApduExchanged
    | PlatformAnswered
    | ScenarioFinished
    | SimulationFinished
    | PlanningFinished
    | LoadFinished
    | Note
    | RunFinished
)

_decoder = msgspec.json.Decoder(Outcome)
_encoder = msgspec.json.Encoder()


def now() -> str:
    """The present moment as events carry it."""
    return datetime.now(UTC).astimezone().isoformat(timespec="milliseconds")


def append(stream: Path, outcome: Outcome) -> None:
    """Append one event to the stream, in one write, so that readers never see half a line."""
    with stream.open("ab", buffering=0) as file:
        file.write(_encoder.encode(outcome) + b"\n")


def read_from(stream: Path, position: int) -> Iterator[tuple[Outcome, int]]:
    """The events of a growing stream from a position in bytes, each with the position after it."""
    if not stream.exists():
        return
    with stream.open("rb") as file:
        file.seek(position)
        for line in file:
            position += len(line)
            yield _decoder.decode(line), position


def read(stream: Path) -> Iterator[Outcome]:
    """The events of a stream in order.

    Raises `msgspec.ValidationError` (with the line number in a note) for a line that is no event.
    """
    with stream.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield _decoder.decode(line)
            except msgspec.MsgspecError as fault:
                fault.add_note(f"{stream}, line {number}")
                raise
