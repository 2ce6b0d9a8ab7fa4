"""A bill that is held because its stay overlaps another: its life as a table, and its events.

Rules (YD-13, SC-n, NM-23d): nobody lies in two hospitals, so of two bills one is wrong, or a day.
- Both are held in the region that insures, which knows both; what was settled before stays so.
- Somebody examines: which stay it was, from the papers of both hospitals. A supervisor who did not
  examine decides. Released, the bill is settled when it is asked for again; refused, it never is.
- A stay whose end is told late overlaps whatever began since. Once its end is known and they do not
  overlap, nobody need decide: the bill is cleared, and held again if another stay overlaps it.
- The place of treatment is told when a bill is held no longer, or is refused.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

import msgspec

from card_platform.services.medical.held_bills.refusals import HeldBillStateForbids
from card_platform.storage import Event
from card_platform.vocabulary.life_table import state_after


class HeldBillState(StrEnum):
    """Where a held bill is."""

    HELD = "held"
    EXAMINED = "examined"
    RELEASED = "released"
    REFUSED = "refused"
    CLEARED = "cleared"


class HeldBillAction(StrEnum):
    """What may be done with a held bill."""

    EXAMINE = "examine"
    RELEASE = "release"
    REFUSE = "refuse"
    CLEAR = "clear"
    HOLD = "hold"


_S, _A = HeldBillState, HeldBillAction
HELD_BILL_LIFE: dict[HeldBillState, dict[HeldBillAction, HeldBillState]] = {
    _S.HELD: {_A.EXAMINE: _S.EXAMINED, _A.CLEAR: _S.CLEARED},
    _S.EXAMINED: {
        _A.EXAMINE: _S.EXAMINED,
        _A.RELEASE: _S.RELEASED,
        _A.REFUSE: _S.REFUSED,
        _A.CLEAR: _S.CLEARED,
    },
    _S.RELEASED: {},
    _S.REFUSED: {},
    _S.CLEARED: {_A.HOLD: _S.HELD},
}
SETTLED_WHEN_ASKED = frozenset({_S.RELEASED, _S.CLEARED})
"""States in which nothing stands against the bill."""


class KnownStay(msgspec.Struct, frozen=True):
    """A stay of a holder, as the region that insures knows of it.

    Attributes:
        bill: the reference its bill is settled under.
        region: where the hospital is.
        ended_on: None while it is not known to have ended.
    """

    bill: str
    region: str
    admitted_on: str
    ended_on: str | None = None

    def is_open_after(self, day: str) -> bool:
        """Whether it had not ended by that day, as far as is known."""
        return self.ended_on is None or self.ended_on > day

    def may_overlap(self, other: KnownStay) -> bool:
        """Whether the days leave room for both to have been at once; who moves from one hospital to
        another does not, and of two that began on one day nobody can say.
        """
        if self.admitted_on == other.admitted_on:
            return True
        first, second = sorted((self, other), key=lambda each: each.admitted_on)
        return first.is_open_after(second.admitted_on)


class HeldBill(msgspec.Struct, frozen=True):
    """The bill of a stay that overlaps another.

    Attributes:
        bill: the reference it is settled under; `region` is where the hospital is.
        other_bill: the bill of the stay it overlaps, in `other_region`.
        finding: what the papers of both hospitals say.
        reason: of the decision.
    """

    held_id: str
    bill: str
    card_id: str
    region: str
    admitted_on: str
    other_bill: str
    other_region: str
    state: HeldBillState
    held_at: str
    examined_by: str | None = None
    finding: str | None = None
    decided_by: str | None = None
    decided_at: str | None = None
    reason: str | None = None

    def after(self, action: HeldBillAction) -> HeldBillState:
        """The state after the action. Raises HeldBillStateForbids: the table has no such row."""
        return state_after(HELD_BILL_LIFE, self.state, action, HeldBillStateForbids)


class HeldBillChanged(Event, frozen=True, kw_only=True):
    """The bill of a double stay was held, examined or decided on."""

    action: ClassVar[str] = "change-held-bill"
    held_id: str
    bill: str
    step: str

    @property
    def detail(self) -> str:
        """The step and the bill."""
        return f"{self.step} {self.held_id}: {self.bill}"
