"""Booking, coming, cancelling, giving back, leaving: one path for every kind of offer.

A holder's row on the offer, or an act, is held first, then the place of the slot, then money moves:
so the last place is sold once, limits hold when two requests race, and no two wait for each other.
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from card_platform.issuance.application import IdentityDocument
from card_platform.issuance.ecards.refusals import CODE_REFUSALS
from card_platform.services.places.acts import store
from card_platform.services.places.acts.model import (
    Act,
    ActAction,
    ActState,
    OfferUsed,
    Pay,
    Visitor,
)
from card_platform.services.places.acts.payment import Payment
from card_platform.services.places.acts.refusals import (
    ActIsUnknown,
    BillIsMissing,
    BookingDayIsOut,
    BookingHasBegun,
    LimitIsReached,
    OfferKindDiffers,
    SlotIsBooked,
    SlotIsFull,
    SlotIsUnknown,
    VisitorIsPresent,
)
from card_platform.services.places.acts.standing import as_it_stands
from card_platform.services.places.acts.visitors import Visitors
from card_platform.services.places.offers.model import Offer
from card_platform.services.places.offers.service import Offers
from card_platform.services.places.offers.terms import OfferSlot, Price, price_of
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.authentication import Caller

_TICKETS = ("entry", "session", "meal", "purchase")
_HHMM = slice(11, 16)
"""Where a stored moment has its time of the day."""


class Wish(msgspec.Struct, frozen=True):
    """What is wanted: `day` and `opens` of a booking, `bill_fen` where the bill says the price."""

    pay: Pay
    day: date | None = None
    opens: str | None = None
    bill_fen: int | None = None


class Acts:
    """The acts on one region's offers."""

    def __init__(self, offers: Offers, visitors: Visitors, payment: Payment, clock: Clock) -> None:
        self.offers = offers
        self.visitors = visitors
        self.payment = payment
        self._clock = clock

    def book(self, tx: Transaction, offer: Offer, visitor: Visitor, wish: Wish, by: str) -> Act:
        """Take a place of a slot, and pay.

        Raises:
            OfferKindDiffers, SlotIsUnknown, BookingDayIsOut, SlotIsBooked, and as `_begin`.
        """
        if offer.kind not in _TICKETS:
            raise OfferKindDiffers(kind=offer.kind)
        slot = offer.terms.slot(wish.opens or "")
        if slot is None or wish.day is None:
            raise SlotIsUnknown(opens=wish.opens or "-")
        day = wish.day.isoformat()
        self._require_bookable(offer, wish.day, slot)
        store.hold_holder(tx, offer.offer_id, visitor.holder)
        booked = store.booked_of(tx, offer.offer_id, visitor.holder, day)
        if any(each.opens == slot.opens for each in booked):
            raise SlotIsBooked(day=day, opens=slot.opens)
        return self._begin(tx, offer, visitor, wish, ActState.BOOKED, day, slot, by)

    def use(self, tx: Transaction, offer: Offer, visitor: Visitor, wish: Wish, by: str) -> Act:
        """Come: on the booking of this moment, else at once.

        Raises:
            OfferKindDiffers, VisitorIsPresent, SlotIsUnknown, and as `_begin`.
        """
        if offer.kind == "lending":
            raise OfferKindDiffers(kind=offer.kind)
        store.hold_holder(tx, offer.offer_id, visitor.holder)
        now = self.now()
        today, time = now[:10], now[_HHMM]
        slot = offer.terms.slot_at(time)
        for booked in store.booked_of(tx, offer.offer_id, visitor.holder, today):
            if slot is not None and booked.opens == slot.opens:
                return self.move(tx, booked, ActAction.USE, by, means=visitor.means)
        if offer.kind == "attendance":
            if store.in_state(tx, offer.offer_id, visitor.holder, ActState.PRESENT):
                raise VisitorIsPresent
            return self._begin(tx, offer, visitor, wish, ActState.PRESENT, today, slot, by)
        if offer.terms.slots and slot is None:
            raise SlotIsUnknown(opens=time)
        return self._begin(tx, offer, visitor, wish, ActState.USED, today, slot, by)

    def look(self, tx: Transaction, act_id: str, caller: Caller) -> Act:
        """An act on an offer of the terminal's site. Raises ActIsUnknown."""
        act = store.find(tx, act_id)
        if act is None:
            raise ActIsUnknown
        self._offer_here(tx, act, caller)
        return as_it_stands(tx, act, self.now())

    def step(
        self, tx: Transaction, act_id: str, action: ActAction, reason: str, caller: Caller
    ) -> Act:
        """Cancel, give back or leave, at a terminal of the site.

        Raises:
            ActIsUnknown, ActStateForbids, BookingHasBegun, and as `Payment.give_back`.
        """
        act = self._held(tx, act_id)
        offer = self._offer_here(tx, act, caller)
        return self._end(tx, act, offer, action, caller.name, reason)

    def cancel_from_home(
        self,
        tx: Transaction,
        card_id: str,
        act_id: str,
        document: IdentityDocument | None,
        caller: Caller,
    ) -> Act:
        """Cancel a booking for its holder. Raises as `step`, and as `Visitors.card_of`."""
        self.visitors.card_of(tx, card_id, document, caller)
        act = self._held(tx, act_id)
        if act.card_id != card_id:
            raise ActIsUnknown
        offer = self.offers.look(tx, act.offer_id)
        return self._end(tx, act, offer, ActAction.CANCEL, caller.name, None)

    def move(
        self, tx: Transaction, act: Act, action: ActAction, by: str, **changed: str | int | None
    ) -> Act:
        """Take a step with an act that is held. Raises ActStateForbids."""
        reason = changed.pop("reason", None)
        moved = msgspec.structs.replace(act, state=act.after(action), **changed)
        store.save(tx, moved)
        told = reason if isinstance(reason, str) else None
        self.record(tx, moved, action.value, before=act.state, by=by, reason=told)
        return moved

    def record(
        self,
        tx: Transaction,
        act: Act,
        step: str,
        *,
        before: ActState | None,
        by: str,
        reason: str | None = None,
    ) -> None:
        """Leave the step in the history and tell of it."""
        at = self.now()
        store.CHANGES.add(
            tx,
            act.act_id,
            action=step,
            before=before.value if before else None,
            after=act.state.value,
            reason=reason,
            at=at,
            by=by,
        )
        card_id, offer_id = act.card_id, act.offer_id
        tx.emit(
            OfferUsed(
                at=at, by=by, card_id=card_id, act_id=act.act_id, offer_id=offer_id, step=step
            )
        )

    def now(self) -> str:
        """This moment."""
        return moment_of(self._clock.now())

    def _begin(  # noqa: PLR0917 - the parts of one act
        self,
        tx: Transaction,
        offer: Offer,
        visitor: Visitor,
        wish: Wish,
        state: ActState,
        day: str,
        slot: OfferSlot | None,
        by: str,
    ) -> Act:
        """Begin an act; the holder is held.

        Raises:
            LimitIsReached, SlotIsFull, BillIsMissing, CodeRefusal, and as `Payment.pay`.
        """
        self._require_within_limits(tx, offer, visitor, day)
        if slot is not None and not store.take_place(
            tx, offer.offer_id, day, slot.opens, slot.places
        ):
            raise SlotIsFull(day=day, opens=slot.opens)
        price = self._price(tx, offer, visitor, wish.bill_fen, day, by)
        pay = wish.pay if price.charged_fen else None
        if pay == "personal-money" and not visitor.may_pay:
            raise CODE_REFUSALS["code-purpose-differs"]
        subsidy = offer.terms.subsidy
        act = Act(
            act_id=new_identifier("act"),
            offer_id=offer.offer_id,
            kind=offer.kind,
            holder=visitor.holder,
            region=visitor.region,
            card_number=visitor.card_number,
            card_id=visitor.card_id,
            means=visitor.means,
            agreement=visitor.agreement,
            state=state,
            day=day,
            begun_at=self.now(),
            by=by,
            opens=slot.opens if slot else None,
            payer=subsidy.payer if subsidy and price.subsidy_fen else None,
            pay=pay,
            **msgspec.structs.asdict(price),
        )
        store.add(tx, act)
        self.payment.pay(tx, act, offer, by)
        self.record(tx, act, "book" if state is ActState.BOOKED else "use", before=None, by=by)
        return act

    def _price(  # noqa: PLR0917 - the parts of a price
        self,
        tx: Transaction,
        offer: Offer,
        visitor: Visitor,
        bill_fen: int | None,
        day: str,
        by: str,
    ) -> Price:
        """What an act of that day costs this visitor. Raises BillIsMissing."""
        fixed_fen = offer.terms.card_price_fen
        if (fixed_fen is None) == (bill_fen is None):
            raise BillIsMissing
        listed_fen = fixed_fen if fixed_fen is not None else bill_fen or 0
        claims = self.visitors.claims(tx, visitor, offer, by) if listed_fen else []
        subsidy = offer.terms.subsidy
        if subsidy is not None:
            age = self.visitors.age_of(tx, visitor, date.fromisoformat(day))
            had = store.count_of(tx, offer.offer_id, visitor.holder, day, subsidised=True)
            too_young = subsidy.from_age is not None and (age is None or age < subsidy.from_age)
            if too_young or (subsidy.daily_max is not None and had >= subsidy.daily_max):
                subsidy = None
        return price_of(listed_fen, claims, subsidy)

    def _end(  # noqa: PLR0917 - the parts of one step
        self,
        tx: Transaction,
        act: Act,
        offer: Offer,
        action: ActAction,
        by: str,
        reason: str | None,
    ) -> Act:
        if action is ActAction.CANCEL and act.state is ActState.BOOKED:
            now = self.now()
            if (act.day, act.opens or "") <= (now[:10], now[_HHMM]):
                raise BookingHasBegun(day=act.day, opens=act.opens or "-")
        moved = self.move(tx, act, action, by, reason=reason, ended_at=self.now())
        if action is not ActAction.LEAVE:
            if act.opens is not None:
                store.give_place_back(tx, act)
            self.payment.give_back(tx, act, offer, by)
        return moved

    def _held(self, tx: Transaction, act_id: str) -> Act:
        act = store.find(tx, act_id, to_change=True)
        if act is None:
            raise ActIsUnknown
        return as_it_stands(tx, act, self.now())

    def _offer_here(self, tx: Transaction, act: Act, caller: Caller) -> Offer:
        offer = self.offers.look(tx, act.offer_id)
        if offer.site_id != caller.site:
            raise ActIsUnknown
        return offer

    def _require_bookable(self, offer: Offer, day: date, slot: OfferSlot) -> None:
        now = self._clock.now()
        latest = now.date() + timedelta(days=offer.terms.ahead_days)
        time = moment_of(now)[_HHMM]
        is_over = (day, slot.closes) <= (now.date(), time)
        if is_over or day > latest:
            ahead = offer.terms.ahead_days
            raise BookingDayIsOut(day=day.isoformat(), opens=slot.opens, ahead=ahead)

    def _require_within_limits(
        self, tx: Transaction, offer: Offer, visitor: Visitor, day: str
    ) -> None:
        terms = offer.terms
        limits = ((terms.daily_max, day, day), (terms.yearly_max, day[:4], f"{day[:4]}-"))
        for most, period, begins_with in limits:
            if most is None:
                continue
            had = store.count_of(tx, offer.offer_id, visitor.holder, begins_with)
            if had >= most:
                raise LimitIsReached(period=period, limit=most)
