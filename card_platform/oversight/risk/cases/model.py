"""The lives of a case about a holder's card and of an entry of the credit file, as tables.

Rules (NM-23a, NM-24, CQ-24a, CQ-26, NX-17b, NX-17c, YD-21):
- Detection opens a case, with its alert as evidence; an inspector may open one by hand. An alert
  is no finding: a person decides.
- Confirmed, it enters the credit file at once, and the holder is told, with the deadline of an
  appeal. While the appeal is open the entry says so; overturned, it is removed.
- Where another answers for what happened (a copied purse, a lost card in a stranger's hand, an
  account somebody else changed), the case ends without entry, and the holder is told so.
- Who a case was assigned to decides it, and is not who opened it by hand. Neither who confirmed
  nor who froze the card decides the appeal.
- A case is decided, and an appeal too, within the days of the region's pack; what waits longer is
  told as overdue, once, until it is decided.
- A freeze for a case ends with it where no violation was found, or the decision was undone.
- An entry ends by itself after the years of the region's pack.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from card_platform.oversight.consent.reads import HolderRead, ReadOf
from card_platform.oversight.risk.cases.refusals import RiskCaseStateForbids
from card_platform.storage import Event
from card_platform.vocabulary.life_table import state_after


class RiskCaseState(StrEnum):
    """Where a case is."""

    OPENED = "opened"
    IN_HAND = "in_hand"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    ANOTHER_ANSWERS = "another_answers"
    APPEALED = "appealed"
    UPHELD = "upheld"
    OVERTURNED = "overturned"
    FINAL = "final"


class RiskCaseAction(StrEnum):
    """What may be done with it."""

    ASSIGN = "assign"
    CONFIRM = "confirm"
    DISMISS = "dismiss"
    BLAME_ANOTHER = "blame_another"
    APPEAL = "appeal"
    UPHOLD = "uphold"
    OVERTURN = "overturn"
    BECOME_FINAL = "become_final"


S, A = RiskCaseState, RiskCaseAction
RISK_CASE_LIFE: dict[RiskCaseState, dict[RiskCaseAction, RiskCaseState]] = {
    S.OPENED: {A.ASSIGN: S.IN_HAND},
    S.IN_HAND: {
        A.ASSIGN: S.IN_HAND,
        A.CONFIRM: S.CONFIRMED,
        A.BLAME_ANOTHER: S.ANOTHER_ANSWERS,
        A.DISMISS: S.DISMISSED,
    },
    S.CONFIRMED: {A.APPEAL: S.APPEALED, A.BECOME_FINAL: S.FINAL},
    S.APPEALED: {A.UPHOLD: S.UPHELD, A.OVERTURN: S.OVERTURNED},
    S.DISMISSED: {},
    S.ANOTHER_ANSWERS: {},
    S.UPHELD: {},
    S.OVERTURNED: {},
    S.FINAL: {},
}
OPEN = (S.OPENED, S.IN_HAND)
"""States in which the card may be frozen for the case."""
WAITS = (*OPEN, S.APPEALED)
"""States in which somebody is to decide."""


class CreditState(StrEnum):
    """Where an entry of the credit file is."""

    ENTERED = "entered"
    CONTESTED = "contested"
    REMOVED = "removed"
    EXPIRED = "expired"


class CreditAction(StrEnum):
    """What may happen to it."""

    CONTEST = "contest"
    UPHOLD = "uphold"
    REMOVE = "remove"
    EXPIRE = "expire"


C, B = CreditState, CreditAction
CREDIT_ENTRY_LIFE: dict[CreditState, dict[CreditAction, CreditState]] = {
    C.ENTERED: {B.CONTEST: C.CONTESTED, B.EXPIRE: C.EXPIRED},
    C.CONTESTED: {B.UPHOLD: C.ENTERED, B.REMOVE: C.REMOVED, B.EXPIRE: C.EXPIRED},
    C.REMOVED: {},
    C.EXPIRED: {},
}
SHOWN = (C.ENTERED, C.CONTESTED)
"""States in which an entry is told."""


def next_state(state: RiskCaseState, action: RiskCaseAction) -> RiskCaseState:
    """The state after the action. Raises RiskCaseStateForbids."""
    return state_after(RISK_CASE_LIFE, state, action, RiskCaseStateForbids)


def next_credit_state(state: CreditState, action: CreditAction) -> CreditState:
    """The state after the action. Raises RiskCaseStateForbids."""
    return state_after(CREDIT_ENTRY_LIFE, state, action, RiskCaseStateForbids)


@dataclass(frozen=True, slots=True)
class RiskCase:
    """One case. `subject` is what the alert is about; moments are RFC 3339.

    Attributes:
        card_id: the holder's card where the subject is one, or one card is concerned.
        opened_by: who opened it by hand; None where an alert did.
        frozen: 1 while the card is frozen for the case.
        frozen_by: who froze it, also after the freeze was lifted.
        due_at: until when the case or its appeal is to be decided; None where nothing waits.
        overdue_since: when that was found to have passed; None once it is decided.
        referred_to: the case against an institution that was opened of it.
    """

    case_id: str
    typology: str
    alert_id: str | None
    subject_kind: str
    subject: str
    card_id: str | None
    facts: str
    state: RiskCaseState
    state_since: str
    opened_at: str
    opened_by: str | None = None
    assigned_to: str | None = None
    frozen: int = 0
    frozen_by: str | None = None
    due_at: str | None = None
    overdue_since: str | None = None
    decision: str | None = None
    decided_by: str | None = None
    notice: str | None = None
    appeal_until: str | None = None
    appeal: str | None = None
    appeal_decision: str | None = None
    referred_to: str | None = None


@dataclass(frozen=True, slots=True)
class CreditEntry:
    """One entry of a person's credit file."""

    entry_id: str
    person_id: str
    case_id: str
    conduct: str
    article: str
    state: CreditState
    state_since: str
    entered_at: str
    expires_at: str


class RiskCaseChanged(Event, frozen=True, kw_only=True):
    """A case took a step; facts and texts stay out of the audit."""

    action: ClassVar[str] = "change-risk-case"
    case_id: str
    typology: str
    step: str
    after: str

    @property
    def detail(self) -> str:
        """Case, typology, step, state."""
        return f"{self.case_id} ({self.typology}): {self.step} -> {self.after}"


class CreditFileChanged(Event, frozen=True, kw_only=True):
    """An entry was made, contested, removed, or it expired."""

    action: ClassVar[str] = "change-credit-file"
    entry_id: str
    after: str

    @property
    def detail(self) -> str:
        """Which, and where it stands."""
        return f"{self.entry_id} -> {self.after}"


class CreditFileRead(HolderRead, frozen=True, kw_only=True):
    """Somebody read a credit file, or was refused to."""

    action: ClassVar[str] = "read-credit-file"
    told: ReadOf

    @property
    def detail(self) -> str:
        """For what, by which basis."""
        return f"{self.told.purpose}, {self.told.basis}: {self.told.refusal or 'told'}"

    @property
    def read(self) -> ReadOf:
        """What the holder sees in the access log."""
        return self.told
