"""HTTP routes of acts at the terminals of a site, and of the places left."""

from __future__ import annotations

from datetime import date

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, JSONBody

from card_platform.errors import Refusal
from card_platform.exchange.refusals import EVERY_QUESTION, NoAgreementCovers
from card_platform.issuance.ecards.refusals import CODE_REFUSALS
from card_platform.services.identity.refusals import CARD_REFUSALS
from card_platform.services.places.acts import refusals, store
from card_platform.services.places.acts.elsewhere import Elsewhere
from card_platform.services.places.acts.model import Visitor
from card_platform.services.places.acts.service import Acts
from card_platform.services.places.acts.shapes import (
    ActAnswer,
    ActStepBody,
    BookingBody,
    ShownBody,
    SlotAnswer,
    SlotsAnswer,
    UseBody,
    act_answer,
)
from card_platform.services.places.offers import refusals as offer_refusals
from card_platform.settlement.ledger.refusals import (
    AccountIsClosed,
    AccountIsFrozen,
    BalanceIsInsufficient,
)
from card_platform.storage import Transaction
from card_platform.web import ANYONE, Caller, Desk, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("places")
_TERMINAL = ("terminal",)
_OFFER = "/v1/offers/{offer_id:str}"
SERVED = (
    offer_refusals.OfferIsUnknown,
    offer_refusals.OfferIsNotOpen,
    offer_refusals.OfferItemIsNotServed,
    refusals.OfferKindDiffers,
)
COMING: tuple[type[Refusal], ...] = (*SERVED, *CARD_REFUSALS.values(), *CODE_REFUSALS.values())
FROM_ELSEWHERE: tuple[type[Refusal], ...] = (NoAgreementCovers, *EVERY_QUESTION)
MONEY = (AccountIsClosed, AccountIsFrozen)
BOOKING = (
    refusals.SlotIsUnknown,
    refusals.BookingDayIsOut,
    refusals.SlotIsBooked,
    refusals.SlotIsFull,
    refusals.LimitIsReached,
    refusals.BillIsMissing,
    BalanceIsInsufficient,
    *MONEY,
)


class Reception:
    """Finds out who comes: a holder of this region in the transaction, of another before it."""

    def __init__(self, desk: Desk, acts: Acts, elsewhere: Elsewhere) -> None:
        self._desk = desk
        self._acts = acts
        self._elsewhere = elsewhere

    async def from_elsewhere(
        self, offer_id: str, data: ShownBody, caller: Caller
    ) -> Visitor | None:
        """The holder of a card of another region; None where the card is this region's.

        Raises:
            The refusals of `Offers.at` and of `Elsewhere.find`.
        """
        if data.region is None or data.region == self._acts.visitors.region:
            return None
        offer = await self._desk.consult(lambda tx: self._acts.offers.at(tx, offer_id, caller))
        certificates = tuple(data.certificates)
        return await self._elsewhere.find(data.region, offer.field, data.shown(), certificates)

    def here(
        self, tx: Transaction, found: Visitor | None, data: ShownBody, caller: Caller
    ) -> Visitor:
        """Whoever was found elsewhere, or shows a card of this region. Raises as `find`."""
        return found or self._acts.visitors.find(tx, data.shown(), caller.name)


def act_routes(desk: Desk, acts: Acts, reception: Reception) -> list[HTTPRouteHandler]:
    """The routes of this context at terminals."""

    @_ROUTES.creates(
        f"{_OFFER}/bookings", _TERMINAL, "预约 · Book a slot", *COMING, *FROM_ELSEWHERE, *BOOKING,
        refusals.PersonalMoneyIsElsewhere,
    )  # fmt: skip
    async def book(
        request: ApiRequest, offer_id: FromPath[str], data: JSONBody[BookingBody]
    ) -> Response[ActAnswer]:
        caller, wish = request.user, data.wish()
        data.shown()
        found = await reception.from_elsewhere(offer_id, data, caller)

        def work(tx: Transaction) -> ActAnswer:
            offer = acts.offers.at(tx, offer_id, caller)
            visitor = reception.here(tx, found, data, caller)
            return act_answer(acts.book(tx, offer, visitor, wish, caller.name))

        return await desk.perform(request, work, 201)

    @_ROUTES.creates(
        f"{_OFFER}/uses", _TERMINAL,
        "入馆入园、用餐、服务、消费、签到 · Come: enter, eat, be cared for, buy",
        *COMING, *FROM_ELSEWHERE, refusals.SlotIsUnknown, refusals.SlotIsFull,
        refusals.LimitIsReached, refusals.VisitorIsPresent, refusals.BillIsMissing,
        refusals.PersonalMoneyIsElsewhere, BalanceIsInsufficient, *MONEY,
    )  # fmt: skip
    async def use(
        request: ApiRequest, offer_id: FromPath[str], data: JSONBody[UseBody]
    ) -> Response[ActAnswer]:
        caller, wish = request.user, data.wish()
        data.shown()
        found = await reception.from_elsewhere(offer_id, data, caller)

        def work(tx: Transaction) -> ActAnswer:
            offer = acts.offers.at(tx, offer_id, caller)
            visitor = reception.here(tx, found, data, caller)
            return act_answer(acts.use(tx, offer, visitor, wish, caller.name))

        return await desk.perform(request, work, 201)

    @_ROUTES.creates(
        "/v1/offer-acts/{act_id:str}/steps", _TERMINAL,
        "取消、退款、签退 · Cancel, give back, leave",
        refusals.ActIsUnknown, refusals.ActStateForbids, refusals.BookingHasBegun, *MONEY,
        status=200,
    )  # fmt: skip
    async def step(
        request: ApiRequest, act_id: FromPath[str], data: JSONBody[ActStepBody]
    ) -> Response[ActAnswer]:
        caller, action = request.user, data.step()

        def work(tx: Transaction) -> ActAnswer:
            return act_answer(acts.step(tx, act_id, action, data.reason, caller))

        return await desk.perform(request, work)

    @_ROUTES.reads(
        "/v1/offer-acts/{act_id:str}", _TERMINAL, "一次办理的现状 · How an act stands",
        refusals.ActIsUnknown,
    )  # fmt: skip
    async def look(request: ApiRequest, act_id: FromPath[str]) -> Response[ActAnswer]:
        caller = request.user
        return await desk.look_up(lambda tx: act_answer(acts.look(tx, act_id, caller)))

    @_ROUTES.reads(
        f"{_OFFER}/slots", ANYONE, "某日各时段余量 · Places left on a day",
        offer_refusals.OfferIsUnknown,
    )  # fmt: skip
    async def slots(offer_id: FromPath[str], day: FromQuery[date]) -> Response[SlotsAnswer]:
        def query(tx: Transaction) -> SlotsAnswer:
            offer = acts.offers.look(tx, offer_id)
            taken = store.taken_on(tx, offer_id, day.isoformat())
            told = [
                SlotAnswer(
                    each.opens, each.closes, each.places, each.places - taken.get(each.opens, 0)
                )
                for each in offer.terms.slots
            ]
            return SlotsAnswer(offer_id, day.isoformat(), told)

        return await desk.look_up(query)

    return [book, use, step, look, slots]
