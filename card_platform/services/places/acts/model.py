"""An act of a holder on an offer: its lives as tables, who did it, and its event.

Rules (NM-17, NM-18, CQ-7b, NX-9d, YD-12):
- A booking takes a place of a slot and is paid at once; it is used within the slot, or cancelled
  before it opens, which gives place and money back.
- A booking nobody came for is missed once its slot is over: its place was kept and stays paid, it
  counts towards limits, and the place may give the money back. That is told by the clock whenever
  the act is looked at (`standing`); nothing is written.
- Who comes without a booking is served at once, where the slot of the moment has a place left.
- Attendance begins with coming and ends with leaving.
- Limits are a person's, whatever card or code is shown; those of a card of another region the
  card's.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar, Literal

import msgspec

from card_platform.services.places.acts.refusals import ActStateForbids
from card_platform.services.places.offers.terms import OfferKind
from card_platform.storage import Event
from card_platform.vocabulary.life_table import state_after

Pay = Literal["personal-money", "cash"]


class ActState(StrEnum):
    """Where an act is."""

    BOOKED = "booked"
    USED = "used"
    MISSED = "missed"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    PRESENT = "present"
    LEFT = "left"
    LENT = "lent"
    RETURNED = "returned"


class ActAction(StrEnum):
    """What may be done with an act; it lapses by itself, when the slot of a booking is over."""

    USE = "use"
    LAPSE = "lapse"
    CANCEL = "cancel"
    REFUND = "refund"
    LEAVE = "leave"
    RENEW = "renew"
    RETURN = "return"


_S, _A = ActState, ActAction
_Life = dict[ActState, dict[ActAction, ActState]]
TICKET_LIFE: _Life = {
    _S.BOOKED: {_A.USE: _S.USED, _A.CANCEL: _S.CANCELLED, _A.LAPSE: _S.MISSED},
    _S.USED: {_A.REFUND: _S.REFUNDED},
    _S.MISSED: {_A.REFUND: _S.REFUNDED},
    _S.CANCELLED: {},
    _S.REFUNDED: {},
}
ATTENDANCE_LIFE: _Life = {_S.PRESENT: {_A.LEAVE: _S.LEFT}, _S.LEFT: {}}
LOAN_LIFE: _Life = {_S.LENT: {_A.RENEW: _S.LENT, _A.RETURN: _S.RETURNED}, _S.RETURNED: {}}
_LIVES: Mapping[OfferKind, _Life] = {
    "lending": LOAN_LIFE,
    "entry": TICKET_LIFE,
    "session": TICKET_LIFE,
    "meal": TICKET_LIFE,
    "purchase": TICKET_LIFE,
    "attendance": ATTENDANCE_LIFE,
}
UNDONE = (ActState.CANCELLED, ActState.REFUNDED)
"""What counts towards no limit."""


class Visitor(msgspec.Struct, frozen=True):
    """Who comes.

    Attributes:
        holder: what limits are kept by: the person's id, or region and card number.
        card_id, person_id: None for a card of another region.
        means: by which it was shown.
        may_pay: an identity code shows who somebody is, and pays nothing.
        agreement: under which a card of another region has resident terms here.
        certificates: a terminal read them on a card of another region.
    """

    holder: str
    region: str
    card_number: str
    means: str
    card_id: str | None = None
    person_id: str | None = None
    may_pay: bool = True
    agreement: str | None = None
    certificates: tuple[str, ...] = ()


class Act(msgspec.Struct, frozen=True):
    """One act.

    Attributes:
        day: on which it counts; of a booking that of its slot.
        opens: of the slot, HH:MM; None without slots.
        payer: of the subsidy, an account of the ledger.
        pay: how the holder's part was paid; None where there was nothing to pay.
        copy, due_on, renewals, returned_in: of a loan; the last is the region that took it back.
    """

    act_id: str
    offer_id: str
    kind: OfferKind
    holder: str
    region: str
    card_number: str
    card_id: str | None
    means: str
    agreement: str | None
    state: ActState
    day: str
    begun_at: str
    by: str
    opens: str | None = None
    listed_fen: int = 0
    concession: str | None = None
    percent: int = 0
    subsidy_fen: int = 0
    payer: str | None = None
    charged_fen: int = 0
    pay: Pay | None = None
    copy: str | None = None
    due_on: str | None = None
    renewals: int = 0
    ended_at: str | None = None
    returned_in: str | None = None

    def after(self, action: ActAction) -> ActState:
        """The state after the action. Raises ActStateForbids: the table has no such row."""
        return state_after(_LIVES[self.kind], self.state, action, ActStateForbids)


class OfferUsed(Event, frozen=True, kw_only=True):
    """A holder did something on an offer."""

    action: ClassVar[str] = "use-offer"
    act_id: str
    offer_id: str
    step: str

    @property
    def detail(self) -> str:
        """The step, the act, the offer: not what was borrowed or eaten."""
        return f"{self.step} {self.act_id} on {self.offer_id}"
