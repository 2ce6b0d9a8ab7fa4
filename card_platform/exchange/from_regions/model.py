"""A service another region took in and passed on, its life as a table, and its events.

Rules (CQ-11b, YD-7c, CQ-13a):
- What only a supervisor may do here waits for a supervisor here, wherever it was taken in; no
  message of another region does it.
- The card is judged when the service is granted, not when it came. What the rules refuse then is
  told to the supervisor, and the service goes on waiting.
- What was sent, with its evidence, is kept until it is decided, and no longer; whoever reads it is
  on record, and the holder sees that.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from card_platform.exchange.from_regions.refusals import ServiceFromRegionStateForbids
from card_platform.oversight.consent.reads import HolderRead, ReadOf
from card_platform.storage import Event
from card_platform.vocabulary.life_table import state_after


class DecisionState(StrEnum):
    """Where it is."""

    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"


class DecisionAction(StrEnum):
    """What a supervisor may do with it."""

    GRANT = "grant"
    REFUSE = "refuse"


S, A = DecisionState, DecisionAction
SERVICE_FROM_REGION_LIFE: dict[DecisionState, dict[DecisionAction, DecisionState]] = {
    S.WAITING: {A.GRANT: S.GRANTED, A.REFUSE: S.REFUSED},
    S.GRANTED: {},
    S.REFUSED: {},
}


def next_state(state: DecisionState, action: DecisionAction) -> DecisionState:
    """The state after the action.

    Raises:
        ServiceFromRegionStateForbids: the table has no such row.
    """
    return state_after(SERVICE_FROM_REGION_LIFE, state, action, ServiceFromRegionStateForbids)


@dataclass(frozen=True, slots=True)
class ServiceFromRegion:
    """One of them; moments are RFC 3339.

    Attributes:
        number: this region's own.
        region: which took it in.
        region_number: its number there.
        service: one of the ten.
        request: what was sent, as JSON; None once it is decided.
        reason: of the decision, in words.
    """

    number: str
    region: str
    region_number: str
    service: str
    card_id: str
    state: DecisionState
    taken_at: str
    request: str | None
    reason: str | None = None
    decided_at: str | None = None
    decided_by: str | None = None


class ServiceFromRegionChanged(Event, frozen=True, kw_only=True):
    """One came and waits, or was decided."""

    action: ClassVar[str] = "service-from-region"
    card_id: str
    number: str
    region: str
    service: str
    state: str

    @property
    def detail(self) -> str:
        """Which, what, whence, how it stands; the words of the decision stay out of it."""
        return f"{self.number}: {self.service} from {self.region}, {self.state}"


class ServiceFromRegionRead(HolderRead, frozen=True, kw_only=True):
    """A supervisor read what was sent."""

    action: ClassVar[str] = "read-service-from-region"
    number: str

    @property
    def detail(self) -> str:
        """Which."""
        return self.number

    @property
    def read(self) -> ReadOf:
        """What the holder sees."""
        purpose = "审核异地受理的业务 decide-service"
        return ReadOf(purpose, "request evidence", "issuance", reference=self.number)
