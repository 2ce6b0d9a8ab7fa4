"""Bringing bills, withdrawing them, giving money back: a utility's side."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from card_platform.regions import RegionPolicy
from card_platform.regions.utility_policy import Utility
from card_platform.services.bills import store
from card_platform.services.bills.model import (
    Bill,
    BillAction,
    BillChanged,
    BillContent,
    BillState,
)
from card_platform.services.bills.refusals import (
    BillIsUnknown,
    UtilityIsAnothers,
    UtilityIsUnknown,
)
from card_platform.services.personal_money import PersonalMoney
from card_platform.storage import Transaction
from card_platform.vocabulary.faults import Fault
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.authentication import Caller
from card_platform.web.request_body import RequestIsMalformed

_SHOWN_MAX = 40
"""Longest piece of a faulty value shown back, in characters."""


class Bills:
    """The bills of one region's utilities."""

    def __init__(self, policy: RegionPolicy, money: PersonalMoney, clock: Clock) -> None:
        self._policy = policy
        self.money = money
        self._clock = clock

    def utility(self, code: str) -> Utility:
        """The utility of that code. Raises UtilityIsUnknown."""
        found = self._policy.utility(code)
        if found is None:
            raise UtilityIsUnknown(utility=code)
        return found

    def own_utility(self, code: str, caller: Caller) -> Utility:
        """The utility, for its own people: a system that signed in must be the utility's.

        Raises:
            UtilityIsUnknown, UtilityIsAnothers.
        """
        found = self.utility(code)
        if caller.institution and caller.institution != found.name_zh:
            raise UtilityIsAnothers(utility=found.name_zh)
        return found

    def bring(
        self, tx: Transaction, code: str, brought: Sequence[BillContent], caller: Caller
    ) -> list[Bill]:
        """Take bills in, all or none; one that is here already is told as it stands.

        Raises:
            UtilityIsUnknown, UtilityIsAnothers.
            RequestIsMalformed: with every fault of every bill.
        """
        utility = self.own_utility(code, caller)
        faults = _faults(utility, brought)
        places = {each.number: place for place, each in enumerate(brought)}
        found: dict[str, Bill] = {}
        for each in sorted(brought, key=lambda one: one.number):  # so that no two lists deadlock
            bill = self._take_in(tx, utility, each, caller.name)
            found[each.number] = bill
            if bill.content != each:
                place = f"bills[{places[each.number]}].number"
                faults.append(Fault(place, each.number, "a number of no other bill"))
        if faults:
            raise RequestIsMalformed(faults)
        return [found[each.number] for each in brought]

    def change(  # noqa: PLR0917 - the parts of one step
        self,
        tx: Transaction,
        code: str,
        number: str,
        action: BillAction,
        reason: str,
        caller: Caller,
    ) -> Bill:
        """Withdraw a bill, or give back what was paid for it, to whoever paid.

        Raises:
            UtilityIsUnknown, UtilityIsAnothers, BillIsUnknown, BillStateForbids, AccountIsFrozen,
            AccountIsClosed.
        """
        utility = self.own_utility(code, caller)
        bill = store.find(tx, utility.code, number, to_change=True)
        if bill is None:
            raise BillIsUnknown
        card_id = None
        changed = msgspec.structs.replace(bill, state=bill.after(action))
        if action is BillAction.REFUND:
            payment = store.find_payment(tx, bill.payment_id or "")
            assert payment is not None  # noqa: S101 - no bill is paid without one
            paid_fen, back = bill.amount_fen + bill.late_fee_fen, f"bill-back:{bill.bill_id}"
            holder, card_id = payment.person_id, payment.card_id
            self.money.give_back(tx, back, holder, utility.code, paid_fen, caller.name)
        store.save(tx, changed)
        self.record(tx, changed, action.value, bill.state, caller.name, reason, card_id)
        return changed

    def record(  # noqa: PLR0917 - the parts of one step
        self,
        tx: Transaction,
        bill: Bill,
        step: str,
        before: BillState | None,
        by: str,
        reason: str | None = None,
        card_id: str | None = None,
    ) -> None:
        """Leave the step in the bill's history and tell of it."""
        at = moment_of(self._clock.now())
        store.CHANGES.add(
            tx,
            bill.bill_id,
            action=step,
            before=before.value if before else None,
            after=bill.state.value,
            reason=reason,
            at=at,
            by=by,
        )
        told = BillChanged(
            at=at, by=by, card_id=card_id, bill_id=bill.bill_id, utility=bill.utility, step=step
        )
        tx.emit(told)

    def _take_in(self, tx: Transaction, utility: Utility, content: BillContent, by: str) -> Bill:
        bill = Bill(
            bill_id=new_identifier("bill"),
            utility=utility.code,
            state=BillState.ISSUED,
            issued_at=moment_of(self._clock.now()),
            by=by,
            **msgspec.structs.asdict(content),
        )
        if store.add(tx, bill):
            self.record(tx, bill, "issue", None, by)
            return bill
        present = store.find(tx, utility.code, content.number)
        assert present is not None  # noqa: S101 - its number is there
        return present


def _faults(utility: Utility, brought: Sequence[BillContent]) -> list[Fault]:
    """What is wrong with bills by themselves."""
    faults, numbers = [], set()
    for place, each in enumerate(brought):
        if each.number in numbers:
            faults.append(Fault(f"bills[{place}].number", each.number, "each number once"))
        numbers.add(each.number)
        if not utility.has_account(each.account):
            shown, wanted = each.account[:_SHOWN_MAX], utility.account_pattern
            check = f", its last digit by {utility.account_check}" if utility.account_check else ""
            faults.append(Fault(f"bills[{place}].account", shown, wanted + check))
    return faults
