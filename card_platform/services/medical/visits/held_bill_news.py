"""What the place of treatment learns of a bill that was held for a double stay.

Rules (YD-13, SC-n): the region that insures tells it, of its own institutions at once, of others by
message, once. The visit then says what follows: held no longer, it may be asked for again; decided
against, it is never settled. A visit that waits for an answer is left as it is; where that answer
was given before the decision, the decision counts.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from card_platform.services.medical.held_bills.model import HeldBill, HeldBillState
from card_platform.services.medical.held_bills.refusals import (
    BillIsHeld,
    BillOfDoubleStayIsRefused,
)
from card_platform.services.medical.visits import store
from card_platform.services.medical.visits.model import Visit, VisitAction, VisitState
from card_platform.services.medical.visits.refusals import VisitIsUnknown
from card_platform.services.medical.visits.service import Visits
from card_platform.services.medical.visits.stays import OtherStays
from card_platform.storage import Transaction

Decision = Literal["release", "refuse"]
Problem = tuple[str, str, str]
"""Code, and the sentence in Chinese and English."""
RELEASED: Final[Problem] = (
    "medical-bill-released",
    "该次住院的费用不再暂缓，可以再次申请结算。",
    "The bill of this stay is held no longer; it may be asked for again.",
)
_HEARD: Final = {"release": "hear-release", "refuse": "hear-refusal"}
"""Steps in the history of the visit."""


class HeldBillNews:
    """Tells the institutions of one region, and other regions of theirs."""

    def __init__(self, visits: Visits, others: OtherStays) -> None:
        self._visits = visits
        self._others = others

    def tell(self, tx: Transaction, held: HeldBill, by: str) -> None:
        """Tell that a bill was released, refused or cleared."""
        if held.region != self._visits.region:
            self._others.tell_decision(tx, held)
            return
        visit = store.find(tx, held.bill, to_change=True)
        assert visit is not None  # noqa: S101 - none is ever removed
        if held.state is HeldBillState.CLEARED and visit.problem_code is None:
            return  # nobody was told that it was held
        self.hear(tx, visit, decision_on(held), held.other_region, by)

    def hear(
        self, tx: Transaction, visit: Visit, decision: Decision, other_region: str, by: str
    ) -> Visit:
        """What became of the bill of a visit, which is held."""
        heard = visit
        if _waits_to_be_asked(visit):
            heard = _bear(visit, _problem_of(decision, other_region))
            store.save(tx, heard)
        step = _HEARD[decision]
        self._visits.record(tx, heard, step, before=visit.state, by=by, reason=other_region)
        return heard

    def find(self, tx: Transaction, visit_id: str, region: str) -> Visit:
        """A visit of a holder of that region, locked. Raises VisitIsUnknown."""
        visit = store.find(tx, visit_id, to_change=True)
        if visit is None or visit.card_id is not None or visit.region != region:
            raise VisitIsUnknown
        return visit


def decision_on(held: HeldBill) -> Decision:
    """What a place of treatment is told: cleared is as good as released."""
    return "refuse" if held.state is HeldBillState.REFUSED else "release"


def overtaken(tx: Transaction, visit: Visit, problem: Problem) -> Problem:
    """What counts of an answer that a bill is held: the decision, where it was heard since the bill
    was asked for, since the answer is then the older of the two.
    """
    if problem[0] != BillIsHeld.code:
        return problem
    for step in reversed(store.CHANGES.of(tx, visit.visit_id)):
        if step["action"] == VisitAction.ASK.value:
            break
        for decision, heard in _HEARD.items():
            if step["action"] == heard:
                return _problem_of(decision, step["reason"])
    return problem


def _waits_to_be_asked(visit: Visit) -> bool:
    if visit.state is VisitState.REFUSED:
        return visit.problem_code in {BillIsHeld.code, RELEASED[0]}
    return visit.state in {VisitState.ADMITTED, VisitState.DISCHARGED}


def _problem_of(decision: str, other_region: str) -> Problem:
    if decision == "release":
        return RELEASED
    refusal = BillOfDoubleStayIsRefused(region=other_region)
    return refusal.code, refusal.detail_zh, refusal.detail_en


def _bear(visit: Visit, problem: Problem) -> Visit:
    code, zh, en = problem
    return msgspec.structs.replace(visit, problem_code=code, problem_zh=zh, problem_en=en)
