"""Holding the bills of two stays that overlap, examining them, deciding on each."""

from __future__ import annotations

from typing import Literal

import msgspec

from card_platform.services.medical.benefits import store as benefit_store
from card_platform.services.medical.held_bills import store
from card_platform.services.medical.held_bills.model import (
    HeldBill,
    HeldBillAction,
    HeldBillChanged,
    HeldBillState,
    OverlappingStay,
)
from card_platform.services.medical.held_bills.refusals import (
    HeldBillDecisionIsOnesOwn,
    HeldBillIsUnknown,
)
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of


class HeldBills:
    """The bills of double stays of one region's holders, wherever they were treated."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def hold(
        self, tx: Transaction, card_id: str, one: OverlappingStay, other: OverlappingStay, by: str
    ) -> None:
        """Hold the bills of two stays that overlap; what is settled or on record already stays."""
        for stay, beside in ((one, other), (other, one)):
            if benefit_store.is_settled(tx, stay.bill):
                continue
            held = HeldBill(
                held_id=new_identifier("held-bill"),
                bill=stay.bill,
                card_id=card_id,
                region=stay.region,
                admitted_on=stay.admitted_on,
                other_bill=beside.bill,
                other_region=beside.region,
                state=HeldBillState.HELD,
                held_at=moment_of(self._clock.now()),
            )
            if store.add(tx, held):
                self._tell(tx, held, "hold", by)

    def examine(self, tx: Transaction, held_id: str, finding: str, by: str) -> HeldBill:
        """Put on record what the papers of both hospitals say; again replaces what was said.

        Raises:
            HeldBillIsUnknown, HeldBillStateForbids.
        """
        held = self._held(tx, held_id)
        state = held.after(HeldBillAction.EXAMINE)
        examined = msgspec.structs.replace(held, state=state, examined_by=by, finding=finding)
        store.save(tx, examined)
        self._tell(tx, examined, HeldBillAction.EXAMINE.value, by)
        return examined

    def decide(
        self,
        tx: Transaction,
        held_id: str,
        decision: Literal["release", "refuse"],
        *,
        reason: str,
        by: str,
    ) -> HeldBill:
        """Release a bill, to be settled when it is asked for again, or refuse it for good.

        Raises:
            HeldBillIsUnknown, HeldBillStateForbids, HeldBillDecisionIsOnesOwn.
        """
        held = self._held(tx, held_id)
        state = held.after(HeldBillAction(decision))
        if held.examined_by == by:
            raise HeldBillDecisionIsOnesOwn
        at = moment_of(self._clock.now())
        decided = msgspec.structs.replace(
            held, state=state, decided_by=by, decided_at=at, reason=reason
        )
        store.save(tx, decided)
        self._tell(tx, decided, decision, by)
        return decided

    def _held(self, tx: Transaction, held_id: str) -> HeldBill:
        found = store.find_to_change(tx, held_id)
        if found is None:
            raise HeldBillIsUnknown
        return found

    def _tell(self, tx: Transaction, held: HeldBill, step: str, by: str) -> None:
        at = moment_of(self._clock.now())
        told = {"held_id": held.held_id, "bill": held.bill, "step": step}
        tx.emit(HeldBillChanged(at=at, by=by, card_id=held.card_id, **told))
