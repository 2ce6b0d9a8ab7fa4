"""The life of an emergency as a table.

Rules (NX-14b, YD-18):
- Many alerts of one kind within a window raise an alarm, once while its emergency is open; forged
  cards need fewer. An operator may raise one by hand, as after a leak.
- It is assessed, contained, operations are restored, and it is reviewed: in this order, each step
  with what was done. A false alarm is stood down, with why.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from card_platform.oversight.risk.emergencies.refusals import EmergencyStateForbids
from card_platform.storage import Event
from card_platform.vocabulary.life_table import state_after


class EmergencyState(StrEnum):
    """How far it was worked through."""

    ALARMED = "alarmed"
    ASSESSED = "assessed"
    CONTAINED = "contained"
    RESTORED = "restored"
    CLOSED = "closed"
    STOOD_DOWN = "stood_down"


class EmergencyAction(StrEnum):
    """A step."""

    ASSESS = "assess"
    CONTAIN = "contain"
    RESTORE = "restore"
    REVIEW = "review"
    STAND_DOWN = "stand_down"


S, A = EmergencyState, EmergencyAction
EMERGENCY_LIFE: dict[EmergencyState, dict[EmergencyAction, EmergencyState]] = {
    S.ALARMED: {A.ASSESS: S.ASSESSED, A.STAND_DOWN: S.STOOD_DOWN},
    S.ASSESSED: {A.CONTAIN: S.CONTAINED, A.STAND_DOWN: S.STOOD_DOWN},
    S.CONTAINED: {A.RESTORE: S.RESTORED},
    S.RESTORED: {A.REVIEW: S.CLOSED},
    S.CLOSED: {},
    S.STOOD_DOWN: {},
}
ENDED = (S.CLOSED, S.STOOD_DOWN)


def next_state(state: EmergencyState, action: EmergencyAction) -> EmergencyState:
    """The state after the action. Raises EmergencyStateForbids."""
    return state_after(EMERGENCY_LIFE, state, action, EmergencyStateForbids)


@dataclass(frozen=True, slots=True)
class Emergency:
    """One emergency: what about, why it was raised, how far it is; moments are RFC 3339."""

    emergency_id: str
    kind: str
    reason: str
    state: EmergencyState
    state_since: str
    raised_at: str


class EmergencyChanged(Event, frozen=True, kw_only=True):
    """An alarm was raised, or its emergency took a step."""

    action: ClassVar[str] = "change-emergency"
    card_id: None = None
    emergency_id: str
    kind: str
    step: str
    after: str

    @property
    def detail(self) -> str:
        """Which, what about, step, state."""
        return f"{self.emergency_id} ({self.kind}): {self.step} -> {self.after}"
