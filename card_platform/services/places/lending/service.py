"""Readers, loans and renewals."""

from __future__ import annotations

from datetime import timedelta

from card_platform.services.places.acts import store as act_store
from card_platform.services.places.acts.model import Act, ActAction, ActState, Visitor
from card_platform.services.places.acts.refusals import OfferKindDiffers
from card_platform.services.places.acts.service import Acts
from card_platform.services.places.lending.refusals import (
    CopyIsLent,
    CopyIsNotLent,
    LoanIsOverdue,
    LoansAreAtTheirLimit,
    ReaderIsNotRegistered,
    ReaderIsRegistered,
    RenewalsAreUsedUp,
)
from card_platform.services.places.offers.model import Offer
from card_platform.services.places.offers.terms import LoanTerms
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock


class Lending:
    """The lending of one region's libraries."""

    def __init__(self, acts: Acts, clock: Clock) -> None:
        self.acts = acts
        self._clock = clock

    def register(self, tx: Transaction, offer: Offer, visitor: Visitor) -> str:
        """Make a holder a reader, by the card alone; since when.

        Raises:
            OfferKindDiffers, ReaderIsRegistered.
        """
        _loan_terms(offer)
        if act_store.hold_holder(tx, offer.offer_id, visitor.holder) is not None:
            raise ReaderIsRegistered
        at = self.acts.now()
        act_store.save_registration(tx, offer.offer_id, visitor.holder, at)
        return at

    def lend(self, tx: Transaction, offer: Offer, visitor: Visitor, copy: str, by: str) -> Act:
        """Lend a copy.

        Raises:
            OfferKindDiffers, ReaderIsNotRegistered, LoanIsOverdue, LoansAreAtTheirLimit,
            CopyIsLent.
        """
        terms = _loan_terms(offer)
        if act_store.hold_holder(tx, offer.offer_id, visitor.holder) is None:
            raise ReaderIsNotRegistered
        lent = act_store.in_state(tx, offer.offer_id, visitor.holder, ActState.LENT)
        today = self._clock.now().date()
        for each in lent:
            _require_in_time(each, today.isoformat())
        if len(lent) >= terms.copies_max:
            raise LoansAreAtTheirLimit(limit=terms.copies_max)
        loan = Act(
            act_id=new_identifier("act"),
            offer_id=offer.offer_id,
            kind=offer.kind,
            holder=visitor.holder,
            region=visitor.region,
            card_number=visitor.card_number,
            card_id=visitor.card_id,
            means=visitor.means,
            agreement=visitor.agreement,
            state=ActState.LENT,
            day=today.isoformat(),
            begun_at=self.acts.now(),
            by=by,
            copy=copy,
            due_on=(today + timedelta(days=terms.days)).isoformat(),
        )
        if not act_store.add(tx, loan):
            raise CopyIsLent(copy=copy)
        self.acts.record(tx, loan, "lend", before=None, by=by)
        return loan

    def renew(self, tx: Transaction, offer: Offer, visitor: Visitor, copy: str, by: str) -> Act:
        """Lend a copy for longer, from today, to the reader who has it.

        Raises:
            OfferKindDiffers, CopyIsNotLent, LoanIsOverdue, RenewalsAreUsedUp.
        """
        terms = _loan_terms(offer)
        loan = act_store.find_lent(tx, copy)
        if loan is None or (loan.offer_id, loan.holder) != (offer.offer_id, visitor.holder):
            raise CopyIsNotLent(copy=copy)
        today = self._clock.now().date()
        _require_in_time(loan, today.isoformat())
        if loan.renewals >= terms.renewals_max:
            raise RenewalsAreUsedUp(limit=terms.renewals_max)
        due_on = (today + timedelta(days=terms.days)).isoformat()
        more = loan.renewals + 1
        return self.acts.move(tx, loan, ActAction.RENEW, by, due_on=due_on, renewals=more)

    def take_back(self, tx: Transaction, copy: str, region: str, by: str) -> Act:
        """End the loan of a copy that came back in a region. Raises CopyIsNotLent."""
        loan = act_store.find_lent(tx, copy)
        if loan is None:
            raise CopyIsNotLent(copy=copy)
        at = self.acts.now()
        return self.acts.move(tx, loan, ActAction.RETURN, by, ended_at=at, returned_in=region)


def _loan_terms(offer: Offer) -> LoanTerms:
    if offer.terms.loan is None:
        raise OfferKindDiffers(kind=offer.kind)
    return offer.terms.loan


def _require_in_time(loan: Act, today: str) -> None:
    if loan.due_on is not None and loan.due_on < today:
        raise LoanIsOverdue(copy=loan.copy or "-", due=loan.due_on)
