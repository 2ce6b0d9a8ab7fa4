"""Preview, settlement, payment and reversal of a visit: here, or asked of the holder's region.

Rules: a settlement posts what the fund and the personal account pay; the holder pays the rest at
the institution, to the fen, and gets a numbered receipt. A reversal gives all of it back, once, and
is on a receipt of its own if the first was issued. For a holder of another region the same steps
are asked of that region (`asks`), and `settled_there`, `refused_there` bring what it answered.
"""

from __future__ import annotations

from typing import Protocol

from card_platform.services.medical.benefits.model import Bill, Shares
from card_platform.services.medical.benefits.service import Benefits
from card_platform.services.medical.held_bills.refusals import BillOfDoubleStayIsRefused
from card_platform.services.medical.held_bills.standing import why_not_settled
from card_platform.services.medical.visits import prescriptions, receipts, store
from card_platform.services.medical.visits.model import (
    PrescriptionAction,
    Visit,
    VisitAction,
)
from card_platform.services.medical.visits.refusals import (
    BedDaysExceedStay,
    BillIsEmpty,
    CashDiffers,
    ReceiptIsNotIssued,
    VisitIsOfAnotherRegion,
)
from card_platform.services.medical.visits.service import Visits
from card_platform.settlement.ledger.accounts import operator_account
from card_platform.storage import Transaction
from card_platform.web.authentication import Caller


class OtherRegions(Protocol):
    """Brings bills and reversals to the region that insures; the answer comes later."""

    def ask_settlement(self, tx: Transaction, visit: Visit, bill: Bill, institution: str) -> None:
        """Ask for a settlement."""
        ...

    def ask_reversal(self, tx: Transaction, visit: Visit, day: str) -> None:
        """Ask for a reversal."""
        ...


class Billing:
    """The money of visits."""

    def __init__(self, visits: Visits, benefits: Benefits, others: OtherRegions) -> None:
        self._visits = visits
        self._benefits = benefits
        self._others = others

    def bill_of(self, tx: Transaction, visit: Visit) -> Bill:
        """What is to be settled, today.

        Raises:
            BillIsEmpty, BedDaysExceedStay.
        """
        lines = store.lines_of(tx, visit.visit_id)
        if not lines:
            raise BillIsEmpty
        kinds = {each.code: each.kind for each in self._visits.rules.items}
        charged = sum(each.quantity for each in lines if kinds.get(each.code) == "bed-day")
        if charged > (visit.days or 0):
            raise BedDaysExceedStay(charged=charged, stayed=visit.days or 0)
        return Bill(
            reference=visit.visit_id,
            benefit=visit.benefit,
            level=visit.level,
            lines=lines,
            day=self._visits.today().isoformat(),
            payee=operator_account(visit.operator),
        )

    def preview(self, tx: Transaction, visit_id: str, caller: Caller) -> Shares:
        """What a settlement would come to now, for a holder of this region; nothing is written.

        Raises:
            VisitIsUnknown, VisitIsOfAnotherRegion, VisitStateForbids, BillIsEmpty,
            BedDaysExceedStay, and as `Benefits.settle`.
        """
        visit, bill = self.to_settle(tx, visit_id, caller)
        if visit.card_id is None:
            raise VisitIsOfAnotherRegion(region=visit.region)
        return self._benefits.preview(tx, visit.card_id, bill)

    def to_settle(self, tx: Transaction, visit_id: str, caller: Caller) -> tuple[Visit, Bill]:
        """A visit that could be settled now, and its bill. Raises as `preview`."""
        visit = self._visits.look(tx, visit_id, caller)
        visit.after(VisitAction.SETTLE if visit.card_id else VisitAction.ASK)
        return visit, self.bill_of(tx, visit)

    def settle(self, tx: Transaction, visit_id: str, caller: Caller) -> Visit:
        """Settle the visit, or ask the holder's region to; one of two stays that overlap which was
        decided against is refused, for good.

        Raises:
            VisitStateForbids, VisitIsUnknown, BillIsEmpty, BedDaysExceedStay,
            PrescriptionStateForbids, PrescriptionHasExpired, the refusals of `Institutions.at`,
            and as `Benefits.settle`.
        """
        visit = self._visits.held(tx, visit_id, caller)
        action = VisitAction.SETTLE if visit.card_id else VisitAction.ASK
        visit.after(action)
        bill = self.bill_of(tx, visit)
        refusal = why_not_settled(tx, bill.reference)
        if isinstance(refusal, BillOfDoubleStayIsRefused):
            problem = (refusal.code, refusal.detail_zh, refusal.detail_en)
            return self._refuse(tx, visit, problem, caller.name)
        prescriptions.change(tx, visit, PrescriptionAction.DISPENSE, bill.day)
        if visit.card_id is None:
            asked = self._visits.move(
                tx,
                visit,
                action,
                caller.name,
                settled_on=bill.day,
                problem_code=None,
                problem_zh=None,
                problem_en=None,
            )
            name = self._visits.place_of(tx, visit).name_zh
            self._others.ask_settlement(tx, asked, bill, name)
            return asked
        shares = self._benefits.settle(tx, visit.card_id, bill, caller.name).shares
        return self._visits.move(
            tx,
            visit,
            action,
            caller.name,
            settled=shares,
            settled_on=bill.day,
            problem_code=None,
            problem_zh=None,
            problem_en=None,
        )

    def settled_there(self, tx: Transaction, visit: Visit, shares: Shares, by: str) -> Visit:
        """The holder's region has settled what was asked; the visit is held."""
        return self._visits.move(tx, visit, VisitAction.SETTLE, by, settled=shares)

    def refused_there(
        self, tx: Transaction, visit: Visit, problem: tuple[str, str, str], by: str
    ) -> Visit:
        """It has refused: code, and the sentence in Chinese and English; the visit is held."""
        prescriptions.change(tx, visit, PrescriptionAction.RETURN, self._visits.now()[:10])
        return self._refuse(tx, visit, problem, by)

    def pay(self, tx: Transaction, visit_id: str, cash_fen: int, caller: Caller) -> Visit:
        """The holder pays what was left, and gets a receipt.

        Raises:
            VisitStateForbids, VisitIsUnknown, CashDiffers, the refusals of `Institutions.at`.
        """
        visit = self._visits.held(tx, visit_id, caller)
        visit.after(VisitAction.PAY)
        assert visit.settled is not None  # noqa: S101 - only a settled one is paid
        if cash_fen != visit.settled.cash_fen:
            raise CashDiffers(due_fen=visit.settled.cash_fen, paid_fen=cash_fen)
        paid = self._visits.move(tx, visit, VisitAction.PAY, caller.name)
        self._issue(tx, paid)
        return paid

    def reverse(self, tx: Transaction, visit_id: str, reason: str, caller: Caller) -> Visit:
        """Take the settlement back, whole, or ask the holder's region to.

        Raises:
            VisitStateForbids, VisitIsUnknown, the refusals of `Institutions.at`.
        """
        visit = self._visits.held(tx, visit_id, caller)
        day = self._visits.today().isoformat()
        if visit.card_id is None:
            asked = self._visits.move(
                tx, visit, VisitAction.ASK_REVERSAL, caller.name, reason=reason
            )
            self._others.ask_reversal(tx, asked, day)
            return asked
        visit.after(VisitAction.REVERSE)
        self._benefits.reverse(tx, visit.visit_id, day, caller.name)
        return self._undo(tx, visit, caller.name, reason)

    def reversed_there(self, tx: Transaction, visit: Visit, by: str) -> Visit:
        """The holder's region has taken the settlement back; the visit is held."""
        return self._undo(tx, visit, by, None)

    def kept_there(self, tx: Transaction, visit: Visit, code: str, by: str) -> Visit:
        """It has refused to; the visit is held."""
        return self._visits.move(tx, visit, VisitAction.KEEP, by, reason=code)

    def receipt(self, tx: Transaction, visit_id: str, caller: Caller) -> list[receipts.Receipt]:
        """The receipts of a visit: the payment's, and that of its reversal.

        Raises:
            VisitIsUnknown, ReceiptIsNotIssued.
        """
        self._visits.look(tx, visit_id, caller)
        found = receipts.of_visit(tx, visit_id)
        if not found:
            raise ReceiptIsNotIssued
        return found

    def _refuse(
        self, tx: Transaction, visit: Visit, problem: tuple[str, str, str], by: str
    ) -> Visit:
        code, zh, en = problem
        return self._visits.move(
            tx,
            visit,
            VisitAction.REFUSE,
            by,
            reason=code,
            settled_on=None,
            problem_code=code,
            problem_zh=zh,
            problem_en=en,
        )

    def _undo(self, tx: Transaction, visit: Visit, by: str, reason: str | None) -> Visit:
        prescriptions.change(tx, visit, PrescriptionAction.RETURN, self._visits.now()[:10])
        undone = self._visits.move(tx, visit, VisitAction.REVERSE, by, reason=reason)
        issued = receipts.of_visit(tx, visit.visit_id)
        if issued:
            self._issue(tx, undone, reverses=issued[-1].number)
        return undone

    def _issue(self, tx: Transaction, visit: Visit, reverses: str | None = None) -> None:
        receipts.issue(
            tx,
            visit,
            region=self._visits.region,
            institution=self._visits.place_of(tx, visit).name_zh,
            at=self._visits.now(),
            reverses=reverses,
        )
