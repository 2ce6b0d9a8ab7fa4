"""Request and answer shapes of emergencies."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from card_platform.oversight.risk.emergencies.model import Emergency
from card_platform.web.request_body import RequestBody

Word = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class AlarmRequest(RequestBody, frozen=True):
    """What about, and why."""

    kind: Word
    reason: Text


class StepRequest(RequestBody, frozen=True):
    """The next step, and what was done."""

    action: Literal["assess", "contain", "restore", "review", "stand_down"]
    done: Text


class EmergencyStep(msgspec.Struct, frozen=True):
    """A step that was taken."""

    action: str
    after: str
    done: str | None
    at: str
    by: str


class EmergencyAnswer(msgspec.Struct, frozen=True):
    """An emergency; `steps` are all that were taken."""

    emergency_id: str
    kind: str
    reason: str
    state: str
    state_since: str
    raised_at: str
    steps: list[EmergencyStep]


class EmergencySummary(msgspec.Struct, frozen=True):
    """An emergency in a list."""

    emergency_id: str
    kind: str
    reason: str
    state: str
    state_since: str
    raised_at: str


class EmergenciesAnswer(msgspec.Struct, frozen=True):
    """A page of emergencies, the latest first."""

    emergencies: list[EmergencySummary]
    next: str | None


def summary(emergency: Emergency) -> EmergencySummary:
    """As a list tells it."""
    fields = EmergencySummary.__struct_fields__
    return EmergencySummary(**{name: getattr(emergency, name) for name in fields})
