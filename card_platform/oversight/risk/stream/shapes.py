"""Request and answer shapes of events, alerts and versions of the rules."""

from __future__ import annotations

from typing import Annotated

import msgspec

from card_platform.oversight.risk.history import Alert, HistoryEvent
from card_platform.oversight.risk.stream.intake import BATCH_MAX_BYTES, RefusedLine
from card_platform.oversight.risk.stream.model import BackTest, RuleVersion
from card_platform.vocabulary.exact_text import exactly
from card_platform.web.request_body import RequestBody

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
NumberName = Annotated[str, exactly(r"[a-z-]+\.[a-z_]+"), msgspec.Meta(max_length=64)]
RUN_MAX = 100_000_000
NumberValue = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]


class RiskEventsBody(RequestBody, frozen=True):
    """Events as NDJSON: each line one event (docs/interfaces.md, section 14)."""

    lines: Annotated[str, msgspec.Meta(min_length=1, max_length=BATCH_MAX_BYTES)]


class DetectionRun(RequestBody, frozen=True):
    """A run: over all that has come, or about so many events at most."""

    events_max: Annotated[int, msgspec.Meta(ge=1, le=RUN_MAX)] | None = None


class DetectionRunAnswer(msgspec.Struct, frozen=True):
    """How many events detection has looked at since the platform began, and whether more wait."""

    position: int
    more: bool


class RefusedRiskLine(msgspec.Struct, frozen=True):
    """A line that was not taken, counted from 1, and why."""

    line: int
    problem_zh: str
    problem_en: str


class RiskEventsAnswer(msgspec.Struct, frozen=True):
    """What became of a batch; `refused` are the lines that were not taken."""

    taken: int
    known: int
    refused: list[RefusedRiskLine]


class AlertsAnswer(msgspec.Struct, frozen=True):
    """A page of alerts, the latest first."""

    alerts: list[Alert]
    next: str | None


class AlertAnswer(msgspec.Struct, frozen=True):
    """An alert with the events it names."""

    alert: Alert
    events: list[HistoryEvent]


class ChangedNumber(RequestBody, frozen=True):
    """A number of the rules and its new value, in its unit."""

    name: NumberName
    value: NumberValue


class RuleVersionRequest(RequestBody, frozen=True):
    """Which numbers change, and why."""

    numbers: Annotated[list[ChangedNumber], msgspec.Meta(min_length=1, max_length=200)]
    reason: Text


class GoAhead(RequestBody, frozen=True):
    """No more is asked."""


class RuleVersionAnswer(msgspec.Struct, frozen=True):
    """A version of the rules; `numbers` are those it changes of the file as delivered."""

    version: int
    numbers: dict[str, int]
    reason: str
    state: str
    state_since: str
    proposed_by: str
    back_test: BackTest | None


class RuleVersionsAnswer(msgspec.Struct, frozen=True):
    """A page of versions, the latest first."""

    versions: list[RuleVersionAnswer]
    next: str | None


class RuleNumber(msgspec.Struct, frozen=True):
    """A number of the rules as it holds today."""

    name: str
    unit: str
    value: int
    reason: str


class RulesAnswer(msgspec.Struct, frozen=True):
    """The rules in force."""

    version: int
    numbers: list[RuleNumber]


def version_answer(version: RuleVersion) -> RuleVersionAnswer:
    """As it is told."""
    names = RuleVersionAnswer.__struct_fields__
    told = {name: getattr(version, name) for name in names} | {"state": version.state.value}
    return RuleVersionAnswer(**told)


def events_answer(taken: int, known: int, refused: list[RefusedLine]) -> RiskEventsAnswer:
    """What became of a batch."""
    lines = [RefusedRiskLine(each.line, each.zh, each.en) for each in refused]
    return RiskEventsAnswer(taken, known, lines)
