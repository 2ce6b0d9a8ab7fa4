"""The life of a matter as a table, and its events.

Rules:
- A matter is taken in by card or code, has a number, a state and the deadline of its kind. What its
  kind decides at once is granted or refused as it is taken in.
- The deadline stands still while the holder has been asked for something more.
- The region that issued the card decides. What was taken in elsewhere waits there as passed on, and
  hears the decision.
- Overdue is no state: a matter that is late must still be decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from card_platform.oversight.consent import HolderRead, ReadOf
from card_platform.services.employment.refusals import MatterStateForbids
from card_platform.storage import Event
from card_platform.vocabulary.life_table import state_after


class MatterState(StrEnum):
    """Where it is."""

    IN_HAND = "in_hand"
    SUPPLEMENT_ASKED = "supplement_asked"
    PASSED_ON = "passed_on"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class MatterAction(StrEnum):
    """What may be done with it."""

    ASK = "ask"
    SUPPLEMENT = "supplement"
    GRANT = "grant"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


S, A = MatterState, MatterAction
MATTER_LIFE: dict[MatterState, dict[MatterAction, MatterState]] = {
    S.IN_HAND: {
        A.ASK: S.SUPPLEMENT_ASKED,
        A.GRANT: S.GRANTED,
        A.REFUSE: S.REFUSED,
        A.WITHDRAW: S.WITHDRAWN,
    },
    S.SUPPLEMENT_ASKED: {
        A.SUPPLEMENT: S.IN_HAND,
        A.REFUSE: S.REFUSED,
        A.WITHDRAW: S.WITHDRAWN,
    },
    S.PASSED_ON: {A.GRANT: S.GRANTED, A.REFUSE: S.REFUSED, A.WITHDRAW: S.WITHDRAWN},
    S.GRANTED: {},
    S.REFUSED: {},
    S.WITHDRAWN: {},
}
ENDS = frozenset({S.GRANTED, S.REFUSED, S.WITHDRAWN})


def next_state(state: MatterState, action: MatterAction) -> MatterState:
    """The state after the action. Raises MatterStateForbids where the table has no such row."""
    return state_after(MATTER_LIFE, state, action, MatterStateForbids)


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter.

    Attributes:
        means: `card` or `code`.
        card_region: the region that decides.
        facts: what the holder stated, as JSON.
        state_since, filed_at, due_at: RFC 3339; none is due while another region has not said.
        text: what was decided, asked or refused, for the holder.
        told: enrolments told with the decision, as JSON.
        origin, origin_number: the region that took it in, and its number there.
        number_there: the number in the region that decides, for one that was passed on.
    """

    number: str
    kind: str
    person_id: str | None
    card_id: str | None
    means: str
    card_region: str
    facts: str
    state: MatterState
    state_since: str
    filed_at: str
    due_at: str | None
    overdue_since: str | None = None
    text: str | None = None
    told: str | None = None
    origin: str | None = None
    origin_number: str | None = None
    number_there: str | None = None


class MatterChanged(Event, frozen=True, kw_only=True):
    """A matter was taken in, took a step, or fell overdue; facts and answers stay out of it."""

    action: ClassVar[str] = "employment-matter"
    number: str
    kind: str
    step: str
    after: str

    @property
    def detail(self) -> str:
        """Number, kind, step, state."""
        return f"{self.number} {self.kind}: {self.step} -> {self.after}"


class EnrolmentsTold(HolderRead, frozen=True, kw_only=True):
    """The holder's insurance was told, at the holder's own request or to the holder."""

    action: ClassVar[str] = "tell-insurance"
    purpose: str
    reference: str

    @property
    def detail(self) -> str:
        """Which matter."""
        return f"{self.purpose}: {self.reference}"

    @property
    def read(self) -> ReadOf:
        """What the holder sees."""
        return ReadOf(self.purpose, "insurance_enrolments", "holder", reference=self.reference)
