"""Holding the bills of two stays that overlap, examining them, deciding on each, telling of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec

from card_platform.services.medical.benefits import store as benefit_store
from card_platform.services.medical.held_bills import store
from card_platform.services.medical.held_bills.model import (
    HeldBill,
    HeldBillAction,
    HeldBillChanged,
    HeldBillState,
    KnownStay,
)
from card_platform.services.medical.held_bills.refusals import (
    HeldBillDecisionIsOnesOwn,
    HeldBillIsUnknown,
)
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of


class PlacesOfTreatment(Protocol):
    """The institutions whose bills are held, here and in other regions."""

    def tell(self, tx: Transaction, held: HeldBill, by: str) -> None:
        """Tell that a bill was released, refused or cleared, in the transaction that does it."""
        ...


class HeldBills:
    """The bills of double stays of one region's holders, wherever they were treated."""

    def __init__(self, clock: Clock, places: PlacesOfTreatment) -> None:
        self._clock = clock
        self._places = places

    def hold(
        self, tx: Transaction, card_id: str, one: KnownStay, other: KnownStay, by: str
    ) -> None:
        """Hold the bills of two stays that overlap; what is settled stays, and what is on record,
        but for a bill that was cleared.
        """
        for stay, beside in ((one, other), (other, one)):
            known = store.of_bill(tx, stay.bill)
            is_cleared = known is not None and known.state is HeldBillState.CLEARED
            if benefit_store.is_settled(tx, stay.bill) or (known and not is_cleared):
                continue
            held = HeldBill(
                held_id=known.held_id if known else new_identifier("held-bill"),
                bill=stay.bill,
                card_id=card_id,
                region=stay.region,
                admitted_on=stay.admitted_on,
                other_bill=beside.bill,
                other_region=beside.region,
                state=HeldBillState.HELD,
                held_at=moment_of(self._clock.now()),
            )
            if known:
                store.save(tx, held)
            else:
                store.add(tx, held)
            self._record(tx, held, HeldBillAction.HOLD.value, by)

    def look_again(self, tx: Transaction, stays: Sequence[KnownStay], by: str) -> list[HeldBill]:
        """The end of a stay of a holder has become known: `stays` are all of that holder. A bill
        whose stay overlaps none of the others is cleared; nobody need decide on it. Answers these.
        """
        by_bill = {each.bill: each for each in stays}
        found = []
        for held in store.undecided(tx, list(by_bill)):
            own = by_bill[held.bill]
            others = [each for each in stays if each.bill != own.bill and own.may_overlap(each)]
            if held.other_bill in {each.bill for each in others}:
                continue
            if others:
                beside = others[0]
                moved = msgspec.structs.replace(
                    held, other_bill=beside.bill, other_region=beside.region
                )
                store.save(tx, moved)
                self._record(tx, moved, HeldBillAction.HOLD.value, by)
                continue
            cleared = msgspec.structs.replace(held, state=held.after(HeldBillAction.CLEAR))
            store.save(tx, cleared)
            self._record(tx, cleared, HeldBillAction.CLEAR.value, by)
            self._places.tell(tx, cleared, by)
            found.append(cleared)
        return found

    def examine(self, tx: Transaction, held_id: str, finding: str, by: str) -> HeldBill:
        """Put on record what the papers of both hospitals say; again replaces what was said.

        Raises:
            HeldBillIsUnknown, HeldBillStateForbids.
        """
        held = self._held(tx, held_id)
        state = held.after(HeldBillAction.EXAMINE)
        examined = msgspec.structs.replace(held, state=state, examined_by=by, finding=finding)
        store.save(tx, examined)
        self._record(tx, examined, HeldBillAction.EXAMINE.value, by)
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
        """Release a bill, to be settled when it is asked for again, or refuse it for good. The
        place of treatment is told.

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
        self._record(tx, decided, decision, by)
        self._places.tell(tx, decided, by)
        return decided

    def _held(self, tx: Transaction, held_id: str) -> HeldBill:
        found = store.find_to_change(tx, held_id)
        if found is None:
            raise HeldBillIsUnknown
        return found

    def _record(self, tx: Transaction, held: HeldBill, step: str, by: str) -> None:
        at = moment_of(self._clock.now())
        told = {"held_id": held.held_id, "bill": held.bill, "step": step}
        tx.emit(HeldBillChanged(at=at, by=by, card_id=held.card_id, **told))
