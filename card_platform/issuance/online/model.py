"""An application made online, its life as a table, and its events.

Rules:
- Anybody may apply online; form, document, entitlement and mandate are judged at once, by the rules
  of every application. Nobody has seen the person yet, so a clerk decides; the card that is granted
  is handed over to its holder with the document in hand, as any other.
- It has a number and a secret, by which the applicant follows it up to the card's arrival.
- What the form says is kept until it is decided, and no longer; staff who read it are on record.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from card_platform.issuance.online.refusals import OnlineApplicationStateForbids
from card_platform.storage import Event
from card_platform.vocabulary.life_table import state_after


class OnlineState(StrEnum):
    """Where it is."""

    FILED = "filed"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class OnlineAction(StrEnum):
    """What may be done with it."""

    GRANT = "grant"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


S, A = OnlineState, OnlineAction
ONLINE_APPLICATION_LIFE: dict[OnlineState, dict[OnlineAction, OnlineState]] = {
    S.FILED: {A.GRANT: S.GRANTED, A.REFUSE: S.REFUSED, A.WITHDRAW: S.WITHDRAWN},
    S.GRANTED: {},
    S.REFUSED: {},
    S.WITHDRAWN: {},
}


def next_state(state: OnlineState, action: OnlineAction) -> OnlineState:
    """The state after the action.

    Raises:
        OnlineApplicationStateForbids: the table has no such row.
    """
    return state_after(ONLINE_APPLICATION_LIFE, state, action, OnlineApplicationStateForbids)


@dataclass(frozen=True, slots=True)
class OnlineApplication:
    """One of them; moments are RFC 3339.

    Attributes:
        content: what was sent, as JSON; None once it is decided.
        due_at: by when it is to be decided: the time limit of the region's guide.
        reason: of the decision.
        card_id: the card that was granted.
    """

    number: str
    state: OnlineState
    state_since: str
    filed_at: str
    due_at: str
    collection_site: str
    content: str | None
    reason: str | None = None
    card_id: str | None = None
    decided_by: str | None = None


class OnlineApplicationChanged(Event, frozen=True, kw_only=True):
    """One was filed, read by staff, or decided; who applies stays out of it."""

    action: ClassVar[str] = "online-application"
    card_id: str | None = None
    number: str
    step: str

    @property
    def detail(self) -> str:
        """Which, what."""
        return f"{self.number}: {self.step}"
